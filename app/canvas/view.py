"""The canvas as a person handles it: drags, hovers, clicks and keys."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QWidget

from app.canvas import drag, frame, protect
from app.canvas.candidates import pill_at
from app.canvas.drag import Bounds
from app.canvas.gesture import Act, Gesture
from app.canvas.surface import CanvasSurface, ViewMode
from app.ownership import Owner
from cropcore.crop import Box, Candidate, Crop, Map

__all__ = ["CropView", "ViewMode"]

_SMALLEST_ON_SCREEN = 20.0
_MODIFIERS = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_CENTRED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class CropView(CanvasSurface):
    """The canvas of the window.

    A drag shows its own crop from its first move to its release; what is set meanwhile by
    ``set_crop`` is not shown, because nothing may move a crop under the person's hand.

    Signals:
        holding_changed: a button went down on the canvas (True) or the last one came up.
        drag_started: a drag passed its threshold; ``crop_edited`` or ``drag_cancelled`` follows.
        crop_dragging: the crop (Crop) at every move of a drag.
        crop_edited: crop before (None for a newly drawn one), crop after, and what was done.
        drag_cancelled: the drag ended without a change; the crop before it is drawn again.
        candidate_hovered: rank of the pill under the pointer, or None.
        candidate_taken: rank of the pill that was clicked.
        protect_edited: all protected areas (tuple of boxes) after one was changed.
        map_hovered: the map's value (float) under the pointer, or None.
        result_requested: a double click.
    """

    holding_changed = Signal(bool)
    drag_started = Signal()
    crop_dragging = Signal(object)
    crop_edited = Signal(object, object, str)
    drag_cancelled = Signal()
    candidate_hovered = Signal(object)
    candidate_taken = Signal(int)
    protect_edited = Signal(object)
    map_hovered = Signal(object)
    result_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Photo and crop"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Files dropped here are the window's.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self._gesture: Gesture | None = None
        self._crop_before: Crop | None = None
        self._protected_before: tuple[Box, ...] = ()
        self._pressed_pill: int | None = None
        self._waiting: tuple[Candidate, ...] | None = None
        self._pointer = QPointF(-1, -1)
        self._keys = _NO_MODIFIER
        self._space = False
        self._holding = False
        self._menu_due = True

    @property
    def is_holding(self) -> bool:
        """Whether a button is down on the canvas."""
        return self._holding

    @property
    def is_dragging(self) -> bool:
        """Whether a drag has passed its threshold and not ended."""
        return self._gesture is not None and self._gesture.under_way

    def set_photo(self, image: QImage | None, width: int, height: int) -> None:
        """Show another photo; a drag on the last one is cancelled."""
        self.cancel_drag()
        self._waiting = None
        self._set_hovered(None)
        super().set_photo(image, width, height)

    def set_crop(self, crop: Crop | None, owner: Owner) -> None:
        """Draw ``crop``, unless a drag has one in hand."""
        if not self.is_dragging:
            super().set_crop(crop, owner)

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Show these suggestions, once no button is down and the pointer is on no pill."""
        if self._holding or self._hovered is not None:
            self._waiting = tuple(candidates)
            return
        super().set_candidates(candidates)

    def set_map(self, shown: Map | None, opacity: float = 0.6) -> None:
        """Lay a map over the greyed photo; the value under the pointer follows."""
        super().set_map(shown, opacity)
        self._hover_map(self._pointer)

    def set_view_mode(self, mode: ViewMode) -> None:
        """Show the photo for editing, as it was, or the result; a drag is cancelled."""
        if mode is not self.view_mode:
            self.cancel_drag()
            super().set_view_mode(mode)
            self._hover(self._pointer)

    def set_protect_mode(self, on: bool) -> None:
        """Let drags draw, move and resize protected areas; a drag is cancelled."""
        self.cancel_drag()
        super().set_protect_mode(on)
        self._hover(self._pointer)

    def cancel_drag(self) -> None:
        """Give up the drag in progress, if any: everything is as before it."""
        gesture, self._gesture = self._gesture, None
        self._pressed_pill = None
        if gesture is not None and gesture.under_way:
            self._dragging = False
            self._crop = self._crop_before
            self._protected = self._protected_before
            self._repaint()
            self.drag_cancelled.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button and the place ask for."""
        event.accept()
        button, at = event.button(), event.position()
        self._menu_due = True
        if button == Qt.MouseButton.RightButton and self._gesture is not None:
            self._menu_due = False
            self.cancel_drag()
            return
        if not self._size[0] or self._gesture is not None or self.is_panning:
            return
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._pans_by_left()):
            self._set_holding(True)
            self.begin_pan(at)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left:
            self._set_holding(True)
            self._press(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the result, except on a pill, which takes clicks one by one."""
        on_pill = pill_at(self.pills(), event.position()) is not None
        if event.button() != Qt.MouseButton.LeftButton or on_pill or self._protect_mode:
            self.mousePressEvent(event)
            return
        event.accept()
        if self._size[0]:
            self.result_requested.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with what was begun, or show what a press here would do."""
        self._pointer = event.position()
        if self._gesture is not None:
            self._drag_on(event.modifiers())
            event.accept()
        elif self.is_panning:
            super().mouseMoveEvent(event)
        else:
            self._hover(self._pointer)
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        event.accept()
        self._pointer = event.position()
        if event.button() == Qt.MouseButton.RightButton:
            return
        if self.is_panning:
            self.end_pan()
        elif event.button() == Qt.MouseButton.LeftButton and self._gesture is not None:
            self._drag_on(event.modifiers())
            self._finish()
        elif self._pressed_pill is not None:
            rank, self._pressed_pill = self._pressed_pill, None
            if pill_at(self.pills(), self._pointer) == rank:
                self.candidate_taken.emit(rank)
        self._set_holding(False)
        self._hover(self._pointer)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave menus to the window, but none after a right click that cancelled a drag."""
        event.setAccepted(not self._menu_due)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._pointer = QPointF(-1, -1)
        if self._gesture is None:
            self._set_hovered(None)
            self._hover_map(self._pointer)

    def hideEvent(self, event: QHideEvent) -> None:
        """A release would not arrive any more."""
        self._let_go()
        super().hideEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus to those who came by keyboard."""
        super().focusInEvent(event)
        by_key = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._focus_shown = event.reason() in by_key
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Forget which keys were held."""
        super().focusOutEvent(event)
        self._focus_shown, self._space, self._keys = False, False, _NO_MODIFIER
        self._repaint()

    def event(self, event: QEvent) -> bool:
        """During a drag no shortcut acts; Esc and Space are the canvas's where it uses them."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            escapes = event.key() == Qt.Key.Key_Escape and self._preview is not None
            if self._gesture is not None or escapes or event.key() == Qt.Key.Key_Space:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Space pans, modifiers change the drag in progress."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and (self._gesture is not None or self._preview is not None):
            self.cancel_drag()
            self.preview_candidate(None)
        elif key == Qt.Key.Key_Space:
            self._space = True
            self._hover(self._pointer)
        elif key in _MODIFIERS and self._gesture is not None:
            self._keys |= _MODIFIERS[key]
            self._drag_on(event.modifiers())
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The other half of :meth:`keyPressEvent`."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = False
                self._hover(self._pointer)
        elif key in _MODIFIERS and self._gesture is not None:
            self._keys &= ~_MODIFIERS[key]
            self._drag_on(event.modifiers() & ~_MODIFIERS[key])
        else:
            event.ignore()

    def _press(self, at: QPointF) -> None:
        if self._protect_mode:
            self._press_protect(at)
            return
        self._pressed_pill = pill_at(self.pills(), at)
        if self._pressed_pill is None:
            self.set_candidates_visible(False)
            self._gesture = self._crop_gesture(at)

    def _crop_gesture(self, at: QPointF) -> Gesture:
        """What a press at ``at`` does to the crop."""
        handle, inside = self._under(at)
        crop = self._crop
        circle = self._circle or (crop is not None and crop.shape == "circle" and inside)
        width, height = self._size
        gesture = Gesture(
            act=Act.DRAW,
            pressed_at=self.to_scene(at),
            pressed_on=QPointF(at),
            start=crop.box if crop is not None else None,
            lock=1.0 if circle else self._ratio,
            current_ratio=self._pixel_ratio(crop.box) if crop is not None else width / height,
            may_invert=not circle,
        )
        if handle is not None:
            gesture.act, gesture.handle = Act.RESIZE, handle
        elif inside:
            gesture.act = Act.MOVE
        return gesture

    def _under(self, at: QPointF) -> tuple[drag.Handle | None, bool]:
        """The crop's handle at ``at``, and whether a press there concerns the crop at all."""
        crop = self._crop
        if crop is None or self._owner is Owner.WHOLE:
            return None, False
        rect = self.crop_rect(crop.box)
        handle = frame.handle_at(rect, at)
        # A crop of the whole photo has nowhere to go: a drag inside it draws.
        whole = drag.same(crop.box, (0.0, 0.0, 1.0, 1.0), self._bounds())
        return handle, handle is not None or (rect.contains(at) and not whole)

    def _press_protect(self, at: QPointF) -> None:
        gesture = Gesture(
            Act.DRAW, self.to_scene(at), QPointF(at), None, None, 1.0, may_invert=False
        )
        hit = protect.area_at([self.crop_rect(box) for box in self._protected], at)
        if hit is not None and hit.remove:
            self._protected = (*self._protected[: hit.index], *self._protected[hit.index + 1 :])
            self._protect_hovered = None
            self._repaint()
            self.protect_edited.emit(self._protected)
            return
        if hit is not None:
            gesture.start = self._protected[hit.index]
            gesture.protected, gesture.handle = hit.index, hit.handle
            gesture.act = Act.MOVE if hit.handle is None else Act.RESIZE
        self._gesture = gesture

    def _drag_on(self, modifiers: Qt.KeyboardModifier) -> None:
        """Bring the drag to where the pointer is now."""
        gesture = self._gesture
        if gesture is None:
            return
        if not gesture.under_way:
            if not gesture.begins(self._pointer):
                return
            gesture.under_way = True
            self._crop_before, self._protected_before = self._crop, self._protected
            self._dragging = not self._protect_mode
            self.drag_started.emit()
        held = modifiers | self._keys
        box = gesture.box_at(
            self.to_scene(self._pointer),
            self._bounds(),
            bool(held & Qt.KeyboardModifier.ShiftModifier),
            bool(held & _CENTRED),
        )
        if self._protect_mode:
            before, index = self._protected_before, gesture.protected
            kept = before if index is None else before[:index] + before[index + 1 :]
            self._protected = (*kept, box)
        else:
            self._crop = self._reshaped(gesture, box)
            self.crop_dragging.emit(self._crop)
        self._repaint()

    def _reshaped(self, gesture: Gesture, box: Box) -> Crop:
        crop = self._crop_before or Crop()
        if gesture.act is Act.DRAW:
            return dataclasses.replace(crop, box=box, shape="circle" if self._circle else "rect")
        return dataclasses.replace(crop, box=box)

    def _finish(self) -> None:
        """The button came up: report the drag, once, if it changed anything."""
        gesture = self._gesture
        assert gesture is not None
        if not gesture.under_way:
            self._gesture = None
            return
        after = self._protected[-1] if self._protect_mode else self._crop.box  # type: ignore[union-attr]
        start = None if gesture.act is Act.DRAW else gesture.start
        if start is not None and drag.same(start, after, self._bounds()):
            self.cancel_drag()
            return
        self._gesture, self._dragging, self._keys = None, False, _NO_MODIFIER
        self._repaint()
        if self._protect_mode:
            self.protect_edited.emit(self._protected)
            return
        self._owner = Owner.MINE
        names = {
            Act.MOVE: self.tr("Move crop"),
            Act.RESIZE: self.tr("Resize crop"),
            Act.DRAW: self.tr("New crop"),
        }
        before = None if gesture.act is Act.DRAW else self._crop_before
        self.crop_edited.emit(before, self._crop, names[gesture.act])

    def _hover(self, at: QPointF) -> None:
        """Show what is under the pointer and what a press would do."""
        editing = bool(self._size[0]) and self._mode is ViewMode.EDIT and not self._holding
        inside = QRectF(self.viewport().rect()).contains(at)
        on_pill = editing and inside and not self._protect_mode
        self._set_hovered(pill_at(self.pills(), at) if on_pill else None)
        self._hover_map(at)
        shape = Qt.CursorShape.ArrowCursor
        if self._pans_by_left():
            shape = Qt.CursorShape.OpenHandCursor
        elif self._hovered is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif editing and self._protect_mode:
            shape = self._protect_cursor(at)
        elif editing:
            handle, inside_crop = self._under(at)
            shape = Qt.CursorShape.SizeAllCursor if inside_crop else Qt.CursorShape.CrossCursor
            if handle is not None:
                shape = frame.cursor_for(handle)
        self.viewport().setCursor(shape)

    def _protect_cursor(self, at: QPointF) -> Qt.CursorShape:
        hit = protect.area_at([self.crop_rect(box) for box in self._protected], at)
        hovered = hit.index if hit is not None and hit.remove else None
        if hovered != self._protect_hovered:
            self._protect_hovered = hovered
            self._repaint()
        return Qt.CursorShape.CrossCursor if hit is None else hit.cursor

    def _hover_map(self, at: QPointF) -> None:
        value = None
        if self._heatmap is not None and self._mode is ViewMode.EDIT:
            place = self.to_scene(at)
            width, height = self._size
            value = self._heatmap.value_at(place.x() / width, place.y() / height)
        if value is not None or self._map_value is not None:
            self._map_value = value
            self.map_hovered.emit(value)
            self._repaint()

    def _set_hovered(self, rank: int | None) -> None:
        if rank != self._hovered:
            self._hovered = rank
            self.candidate_hovered.emit(rank)
            self._repaint()
        self._show_waiting()

    def _set_holding(self, on: bool) -> None:
        if on != self._holding:
            self._holding = on
            self.holding_changed.emit(on)

    def _show_waiting(self) -> None:
        if self._waiting is not None and not self._holding and self._hovered is None:
            waiting, self._waiting = self._waiting, None
            super().set_candidates(waiting)

    def _let_go(self) -> None:
        self.cancel_drag()
        self.end_pan()
        self._set_holding(False)

    def _pans_by_left(self) -> bool:
        return bool(self._size[0]) and (self._space or self._mode is not ViewMode.EDIT)

    def _pixel_ratio(self, box: Box) -> float:
        width, height = self._size
        return (box[2] - box[0]) * width / ((box[3] - box[1]) * height)

    def _bounds(self) -> Bounds:
        scale = self.viewportTransform().m11()
        smallest = max(drag.MINIMUM, _SMALLEST_ON_SCREEN / scale)
        return Bounds(*self._size, smallest)
