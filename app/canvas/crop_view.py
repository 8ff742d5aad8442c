"""The canvas widget: photo, crop and candidates, with tools that edit the crop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from app.canvas import other_crops
from app.canvas.area_tool import AreaTool
from app.canvas.candidate_marks import Pill
from app.canvas.canvas_state import CanvasState, ToolKind, ViewMode
from app.canvas.crop_tool import CropTool
from app.canvas.head_tool import HeadTool
from app.canvas.level_line_tool import LevelLineTool
from app.canvas.painter import CanvasPainter
from app.canvas.photo_layer import PhotoImage
from app.canvas.photo_pose import Pose
from app.canvas.tool_input import ToolInput
from app.canvas.tools import CanvasTool, PanTool
from app.canvas.view_geometry import ViewGeometry
from app.canvas.zoom_view import ZoomView
from app.document.edit import Owner
from app.document.shown_candidates import ShownCandidates
from app.runtime.accessibility import Painted, Role, provide_interface
from cropcore.geometry.crop import Box, Crop, Map
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.safe_areas import Place
from cropcore.images.lossless_jpeg import BlockGrid

__all__ = ["CropView", "ViewMode"]


class CropView(ZoomView):
    """The canvas of the window.

    What is shown is kept in a :class:`CanvasState` and painted by a :class:`CanvasPainter`; the mouse
    goes to the tool in hand. The view itself keeps zoom and place in step with the photo's pose.

    Signals:
        holding_changed: a button went down on the canvas (True) or came up again.
        drag_started: a drag passed its threshold; an edit or ``drag_cancelled`` follows.
        drag_cancelled: the drag ended without a change; all is drawn as before it.
        crop_dragging: the crop (Crop) at every move of a drag.
        crop_edited: crop before (Crop, None for a newly drawn one), crop after, and what was done.
        protect_edited: all protected areas (tuple of boxes) after one was changed.
        head_dismissed: the head (Box) that was clicked as wrong.
        head_drawn: a missed head (Box).
        line_drawn: the turn (degrees clockwise, float) that makes the drawn line level or plumb.
        turn_started: a drag outside a corner began to turn the photo.
        turned: the degrees clockwise (float) by which the photo is to be straightened, at every move.
        turn_ended: the button came up.
        turn_cancelled: the turn was given up; the angle before it is wanted again.
        candidate_hovered: rank (int) of the pill under the pointer, or None.
        candidate_taken: rank of the pill that was clicked.
        candidates_visible_changed: the marks of the candidates were switched on or off.
        map_hovered: the map's value (float) under the pointer, or None.
        result_requested: a double click.
        menu_wanted: a right click, or the menu key, at a place of the screen (QPoint).
    """

    holding_changed = Signal(bool)
    drag_started = Signal()
    drag_cancelled = Signal()
    crop_dragging = Signal(Crop)
    crop_edited = Signal(object, Crop, str)
    protect_edited = Signal(tuple)
    head_dismissed = Signal(tuple)
    head_drawn = Signal(tuple)
    line_drawn = Signal(float)
    turn_started = Signal()
    turned = Signal(float)
    turn_ended = Signal()
    turn_cancelled = Signal()
    candidate_hovered = Signal(object)
    candidate_taken = Signal(int)
    candidates_visible_changed = Signal(bool)
    map_hovered = Signal(object)
    result_requested = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Photo and crop"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Files dropped here are the window's.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.state = CanvasState(self)
        geometry = self._geometry = ViewGeometry(self, self.state)
        self._crop_tool = CropTool(self.state, geometry, self)
        self._area_tool = AreaTool(self.state, geometry, self)
        self._head_tool = HeadTool(self.state, geometry, self)
        self.level_tool = LevelLineTool(self.state, geometry, self)
        tools: dict[ToolKind, CanvasTool] = {
            ToolKind.LEVEL: self.level_tool,
            ToolKind.AREAS: self._area_tool,
            ToolKind.HEADS: self._head_tool,
            ToolKind.CROP: self._crop_tool,
        }
        self._painter = CanvasPainter(self.state, geometry, tools.values())
        self._input = ToolInput(self.state, tools, PanTool(self), self.viewport().setCursor, self)
        self._connect_parts()
        self._look_waits = False
        self._look_before: tuple[bool, float, QPointF] | None = None
        self._menu_due = True

    def _connect_parts(self) -> None:
        self.state.changed.connect(self.viewport().update)
        self.state.candidates_visible_changed.connect(self.candidates_visible_changed)
        self._input.holding_changed.connect(self.holding_changed)
        self._input.hovered.connect(self._follow_pointer)
        crop, area = self._crop_tool, self._area_tool
        for tool in (crop, area):
            tool.drag_started.connect(self.drag_started)
            tool.drag_cancelled.connect(self.drag_cancelled)
        crop.crop_dragging.connect(self.crop_dragging)
        crop.crop_edited.connect(self.crop_edited)
        crop.candidate_hovered.connect(self.candidate_hovered)
        crop.candidate_taken.connect(self.candidate_taken)
        area.edited.connect(self.protect_edited)
        self._head_tool.dismissed.connect(self.head_dismissed)
        self._head_tool.drawn.connect(self.head_drawn)
        self.level_tool.line_drawn.connect(self.line_drawn)
        crop.turn.started.connect(self.turn_started)
        crop.turn.turned.connect(self.turned)
        crop.turn.ended.connect(self.turn_ended)
        crop.turn.cancelled.connect(self.turn_cancelled)

    # What is shown ---------------------------------------------------------------------------

    @property
    def crop(self) -> Crop | None:
        """The crop that is drawn."""
        return self.state.crop

    @property
    def pose(self) -> Pose:
        """How the photo lies on the canvas; all boxes are fractions of that."""
        return self.state.pose

    @property
    def photo(self) -> PhotoImage:
        """The photo's pixels."""
        return self.state.photo

    @property
    def view_mode(self) -> ViewMode:
        """What of the photo is shown."""
        return self.state.mode

    @property
    def candidates_visible(self) -> bool:
        """Whether brackets and pills are shown."""
        return self.state.candidates_visible

    @property
    def straightening(self) -> bool:
        """Whether drags draw lines."""
        return self.state.is_on(ToolKind.LEVEL)

    @property
    def is_holding(self) -> bool:
        """Whether a button is down on the canvas."""
        return self._input.is_holding

    def pills(self) -> tuple[Pill, ...]:
        """The candidates' numbers that are shown, where they are in the viewport."""
        return self._geometry.pills()

    def crop_rect(self, box: Box) -> QRectF:
        """A box (fractions of the canvas) in the viewport."""
        return self._geometry.rect(box)

    def set_photo(
        self, image: QImage | None, width: int, height: int, turn: Orientation = UPRIGHT
    ) -> None:
        """Show another photo, fitted, and forget what belonged to the last one.

        ``image`` may be a smaller preview of the photo, which is ``width`` x ``height`` after
        ``turn``; None shows nothing. A drag on the last one is cancelled.
        """
        self._input.cancel()
        self._crop_tool.leave()
        self.state.set_photo(image, width, height, turn)
        self._look_before = None
        self._fit()
        self._follow_pointer()

    def set_photo_image(self, image: QImage) -> None:
        """Replace the pixels by sharper ones of the same photo; zoom and crop stay."""
        self.state.photo.sharpen(image)

    def set_turn(self, turn: Orientation, width: int, height: int) -> None:
        """Show the same photo after another turn, which makes it ``width`` x ``height``."""
        by = self.state.photo.turn.inverse.then(turn)
        if not self.state.has_photo or by == UPRIGHT:
            return
        spot, (wide, high) = self.saved_look()[2], self.pose.canvas
        x, y = spot.x() / wide, spot.y() / high
        self.state.set_turn(turn, width, height)
        x, y, _, _ = by.boxes((x, y, x, y)).tolist()
        wide, high = self.pose.canvas
        self.look_again(self._extent_of(self.pose), QPointF(x * wide, y * high))

    def hold_look(self, on: bool) -> None:
        """Keep the zoom while the angle changes; afterwards a fitted photo is fitted again."""
        self._look_waits = on
        self.level_tool.hold_grid(on)
        if not on and self.is_fitted:
            self.zoom_fit()

    def set_view_mode(self, mode: ViewMode) -> None:
        """Show the photo for editing, as it was, or the result; each result is fitted.

        A drag is cancelled.
        """
        before = self.view_mode
        if mode is before:
            return
        self._input.cancel()
        if before is ViewMode.EDIT:
            self._look_before = self.saved_look()
        edited = self.state.edited_pose
        self.state.set_mode(mode)
        if mode is ViewMode.RESULT:
            self._fit()
        else:
            self.set_extent(self._extent_of(self.pose))
            if self._look_before is not None:
                fitted, zoom, spot = self._look_before
                self.restore_look((fitted, zoom, self.pose.spot_of(edited, spot)))
        self._input.hover()

    def set_darkness(self, share: float) -> None:
        """Darken all but the crop, from 0 (as ever) to 1 (black); nothing marks the photo meanwhile."""
        self.state.set_darkness(share)
        self._input.hover()

    # Crop and candidates ---------------------------------------------------------------------

    def set_crop(self, crop: Crop | None, owner: Owner) -> None:
        """Draw ``crop``, and the photo straightened as it says; a first proposal fades in.

        While a drag has the crop in hand nothing happens; a press that has not moved yet is void.
        """
        if not self._crop_tool.void_press():
            return
        before = self.pose
        self.state.set_crop(crop, owner)
        if self.pose != before:
            turning = self.straightening or self._crop_tool.turn.is_under_way
            if turning and self.pose.angle != before.angle:
                self.level_tool.show_grid()
            # What was in the middle of the view stays there.
            spot = self.pose.spot_of(before, self.saved_look()[2])
            self.look_again(self._extent_of(self.pose), spot, refit=not self._look_waits)
        if self.view_mode is ViewMode.RESULT:
            self._fit()

    def set_ratio_lock(self, ratio: float | None) -> None:
        """Width / height in pixels that drags must keep; None for any."""
        self.state.set_ratio_lock(ratio)

    def set_circle(self, on: bool) -> None:
        """Whether drags make circles."""
        self.state.set_circle(on)

    def set_label(self, text: str) -> None:
        """The line under the crop."""
        self.state.set_label(text)
        self.setAccessibleDescription(text)

    def set_other_crops(self, crops: Sequence[Crop]) -> None:
        """Outline the photo's other crops."""
        self.state.set_other_crops(crops)

    def set_nested(self, guides: Sequence[other_crops.Guide]) -> None:
        """Draw these crops, each with its label, inside the crop in hand."""
        self.state.set_nested(guides)

    def set_trimmed(self, left: other_crops.Guide | None) -> None:
        """Mark what an export would cut from the crop; ``left`` is what it leaves and a label."""
        self.state.set_trimmed(left)

    def set_safe_area(self, place: tuple[str, Place] | None) -> None:
        """Mark what the place covers that the crop is for; with its name."""
        self.state.set_safe_area(place)

    def observe(self, shown: ShownCandidates) -> None:
        """Mark these candidates, and hold them under a pressed button and a pointer on a pill."""
        self.holding_changed.connect(lambda on: shown.hold("button on the canvas", on))
        self.candidate_hovered.connect(
            lambda rank: shown.hold("pointer on a pill", rank is not None)
        )
        self.state.observe(shown)

    def set_candidates_visible(self, on: bool) -> None:
        """Fade brackets and pills in or out."""
        self.state.set_candidates_visible(on)

    def preview_candidate(self, rank: int | None) -> None:
        """Outline a candidate and dim around it; nothing changes by it."""
        self.state.preview_candidate(rank)

    # Overlays and tools ----------------------------------------------------------------------

    def set_map(self, shown: Map | None, opacity: float = 0.6) -> None:
        """Lay a map over the greyed photo, or take it away; the value under the pointer follows."""
        self.state.set_map(shown, opacity)
        self._follow_pointer()

    def set_area(self, area: Map | None) -> None:
        """What the masked view darkens by; None leaves the photo as it is."""
        self.state.set_area(area)

    def set_blocks(self, blocks: BlockGrid | None) -> None:
        """Show the grid of a JPEG's blocks while the crop is dragged; None: it is not cut without loss."""
        self.state.set_blocks(blocks)

    def set_guide(self, name: str, turn: int = 0) -> None:
        """Choose one of ``guides.GUIDES``; ``turn`` turns the spiral."""
        self.state.set_guide(name, turn)

    def show_guide_awhile(self) -> None:
        """Draw the guide for a moment, without a drag."""
        self.state.show_guide_awhile()

    def set_guides_always(self, on: bool) -> None:
        """Draw guides at all times, not only during a drag."""
        self.state.set_guides_always(on)

    def set_protected(self, boxes: Sequence[Box]) -> None:
        """Draw these areas that no suggestion may cut."""
        self.state.set_protected(boxes)

    def set_protect_mode(self, on: bool) -> None:
        """Let drags draw, move and resize protected areas; a drag is cancelled."""
        self._switch(ToolKind.AREAS, on)

    def set_heads(self, boxes: Sequence[Box]) -> None:
        """Persons' heads, as far as they are known."""
        self.state.set_heads(boxes)
        self._input.hover()

    def set_heads_visible(self, on: bool) -> None:
        """Outline the heads."""
        self.state.set_heads_visible(on)

    def set_head_mode(self, on: bool) -> None:
        """Let clicks dismiss heads and drags draw missed ones; a drag is cancelled."""
        self._switch(ToolKind.HEADS, on)

    def set_straightening(self, on: bool) -> None:
        """Let drags draw lines to level by, or let them crop again; a drag is cancelled."""
        self._switch(ToolKind.LEVEL, on)
        if not on:
            self.level_tool.hide_grid()

    # Events ----------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Nothing: the photo is painted with everything else."""

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint everything, from the colour of the canvas up."""
        self._painter.paint(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button and the place ask for."""
        event.accept()
        self._menu_due = self._input.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the result, except where the tool takes clicks one by one."""
        if self._input.takes_double_click(event):
            self.mousePressEvent(event)
            return
        event.accept()
        if self.state.has_photo:
            self.result_requested.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun, or show what a press here would do."""
        event.accept()
        self._input.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        event.accept()
        self._input.release(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, but for none after a right click that cancelled a drag."""
        event.accept()
        if self._menu_due and self.state.has_photo:
            self.menu_wanted.emit(event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._input.leave()

    def hideEvent(self, event: QHideEvent) -> None:
        """A release would not arrive any more."""
        self._input.let_go()
        super().hideEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by keyboard."""
        super().focusInEvent(event)
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.state.show_focus(event.reason() in by_key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget which keys were held."""
        super().focusOutEvent(event)
        self._input.forget_keys()
        self.state.show_focus(False)

    def event(self, event: QEvent) -> bool:
        """During a drag no shortcut acts; Esc and Space are the canvas's where it uses them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            escapes = event.key() == Qt.Key.Key_Escape and self.state.preview is not None
            if self._input.is_busy or escapes or event.key() == Qt.Key.Key_Space:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Space pans, modifiers change the drag in progress."""
        if event.key() == Qt.Key.Key_Escape and (
            self._input.is_busy or self.state.preview is not None
        ):
            self._input.cancel()
            self.preview_candidate(None)
        elif not self._input.key(event, down=True):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The other half of :meth:`keyPressEvent`."""
        if not self._input.key(event, down=False):
            event.ignore()

    # Within ----------------------------------------------------------------------------------

    def _switch(self, tool: ToolKind, on: bool) -> None:
        self._input.cancel()
        self.state.set_tool(tool, on)
        self._input.hover()

    def _follow_pointer(self) -> None:
        """The map's value under the pointer."""
        value = None
        if self.state.heatmap is not None and self.state.is_editing:
            x, y = self._share_of_map(self._input.pointer)
            value = self.state.heatmap.value_at(x, y)
        if value is not None or self.state.map_value is not None:
            self.state.hover_map(value)
            self.map_hovered.emit(value)

    def _share_of_map(self, at: QPointF) -> tuple[float, float]:
        width, height = self.pose.canvas
        place = self.to_scene(at)
        left, top, right, bottom = self.pose.seen
        return (
            (place.x() / width - left) / (right - left),
            (place.y() / height - top) / (bottom - top),
        )

    def _fit(self) -> None:
        """Show the whole photo, or the whole result."""
        extent = self._extent_of(self.pose)
        if self.view_mode is ViewMode.RESULT and self.crop is not None:
            width, height = self.pose.canvas
            x1, y1, x2, y2 = self.crop.box
            extent = QRectF(x1 * width, y1 * height, (x2 - x1) * width, (y2 - y1) * height)
        self.set_extent(extent)
        self.zoom_fit()

    @staticmethod
    def _extent_of(pose: Pose) -> QRectF:
        return QRectF(0, 0, *pose.canvas)


provide_interface(CropView, lambda view: Painted(view, Role.Canvas))
