"""The canvas widget: mouse, wheel and key events, and the signals of edited crops."""

from __future__ import annotations

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

from app.canvas import crop_frame, protected_areas
from app.canvas.candidate_marks import pill_at
from app.canvas.canvas_state import ViewMode
from app.canvas.level_line_tool import LevelLineTool
from cropcore.geometry.crop import Candidate, Map
from cropcore.geometry.orientation import UPRIGHT, Orientation

__all__ = ["CropView", "ViewMode"]

_MODIFIERS: dict[int, Qt.KeyboardModifier] = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_NOWHERE = QPointF(-1, -1)


class CropView(LevelLineTool):
    """The canvas of the window.

    Signals:
        holding_changed: a button went down on the canvas (True) or came up again.
        candidate_hovered: rank of the pill under the pointer, or None.
        candidate_taken: rank of the pill that was clicked.
        map_hovered: the map's value (float) under the pointer, or None.
        result_requested: a double click.
    """

    holding_changed = Signal(bool)
    candidate_hovered = Signal(object)
    candidate_taken = Signal(int)
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
        self._button = Qt.MouseButton.NoButton
        self._pressed_pill: int | None = None
        self._waiting: tuple[Candidate, ...] | None = None
        self._space = False
        self._menu_due = True

    @property
    def is_holding(self) -> bool:
        """Whether a button is down on the canvas."""
        return self._button != Qt.MouseButton.NoButton

    def set_photo(
        self, image: QImage | None, width: int, height: int, turn: Orientation = UPRIGHT
    ) -> None:
        """Show another photo; a drag on the last one is cancelled."""
        self.cancel_drag()
        self._waiting = None
        self._set_hovered(None)
        super().set_photo(image, width, height, turn)
        self._hover_map(self._pointer)

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Show these suggestions, once no button is down and the pointer is on no pill."""
        if self.is_holding or self._hovered is not None:
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button and the place ask for."""
        event.accept()
        button, at = event.button(), event.position()
        self._menu_due = True
        if button == Qt.MouseButton.RightButton and self._in_hand:
            self._menu_due = False
            self.cancel_drag()
            return
        if not self._size[0] or self.is_holding:
            return
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._pans_by_left()):
            self._hold(button)
            self.begin_pan(at)
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left:
            self._hold(button)
            self._press(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the result, except on a pill, which takes clicks one by one."""
        on_pill = pill_at(self.pills(), event.position()) is not None
        tool = self._protect_mode or self._straightening
        if event.button() != Qt.MouseButton.LeftButton or on_pill or tool:
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
        elif self._line is not None:
            self._line_on(self._pointer)
            event.accept()
        elif self.is_panning:
            super().mouseMoveEvent(event)
        else:
            if not self.is_holding:
                self._hover(self._pointer)
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what was begun."""
        event.accept()
        self._pointer = event.position()
        if event.button() != self._button:
            return
        if self.is_panning:
            self.end_pan()
        elif self._gesture is not None:
            self._drag_on(event.modifiers())
            self._finish()
        elif self._line is not None:
            self._line_on(self._pointer)
            self._end_line()
        elif self._pressed_pill is not None:
            rank, self._pressed_pill = self._pressed_pill, None
            if pill_at(self.pills(), self._pointer) == rank:
                self.candidate_taken.emit(rank)
        self._hold(Qt.MouseButton.NoButton)
        self._hover(self._pointer)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Leave menus to the window, but none after a right click that cancelled a drag."""
        event.setAccepted(not self._menu_due)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._pointer = QPointF(_NOWHERE)
        if not self._in_hand:
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
            if self._in_hand or escapes or event.key() == Qt.Key.Key_Space:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels, Space pans, modifiers change the drag in progress."""
        key = event.key()
        if key == Qt.Key.Key_Escape and (self._in_hand or self._preview is not None):
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
        key = event.key()
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = False
                self._hover(self._pointer)
        elif key in _MODIFIERS and self._gesture is not None:
            self._keys &= ~_MODIFIERS[key]
            self._drag_on(event.modifiers() & ~_MODIFIERS[key])
        else:
            event.ignore()

    @property
    def _in_hand(self) -> bool:
        """Whether a crop, an area or a line is being dragged."""
        return self._gesture is not None or self._line is not None

    def _press(self, at: QPointF) -> None:
        if self._straightening:
            self._begin_line(at)
            return
        if self._protect_mode:
            self._press_protect(at)
            return
        self._pressed_pill = pill_at(self.pills(), at)
        if self._pressed_pill is None:
            self.set_candidates_visible(False)
            self._press_crop(at)

    def _hover(self, at: QPointF) -> None:
        """Show what is under the pointer and what a press would do."""
        editing = bool(self._size[0]) and self._mode is ViewMode.EDIT and not self.is_holding
        inside = QRectF(self.viewport().rect()).contains(at)
        on_pill = editing and inside and not self._protect_mode
        self._set_hovered(pill_at(self.pills(), at) if on_pill else None)
        self._hover_map(at)
        shape = Qt.CursorShape.ArrowCursor
        if self._pans_by_left():
            shape = Qt.CursorShape.OpenHandCursor
        elif self._hovered is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif editing and self._straightening:
            shape = Qt.CursorShape.CrossCursor
        elif editing and self._protect_mode:
            shape = self._protect_cursor(at)
        elif editing:
            handle, inside_crop = self._under(at)
            shape = Qt.CursorShape.SizeAllCursor if inside_crop else Qt.CursorShape.CrossCursor
            if handle is not None:
                shape = crop_frame.cursor_for(handle)
        self.viewport().setCursor(shape)

    def _protect_cursor(self, at: QPointF) -> Qt.CursorShape:
        hit = protected_areas.area_at([self.crop_rect(box) for box in self._protected], at)
        hovered = hit.index if hit is not None and hit.remove else None
        if hovered != self._protect_hovered:
            self._protect_hovered = hovered
            self._repaint()
        return Qt.CursorShape.CrossCursor if hit is None else hit.cursor

    def _hover_map(self, at: QPointF) -> None:
        value = None
        width, height = self._size
        if self._heatmap is not None and self._mode is ViewMode.EDIT and width:
            place = self.to_scene(at)
            left, top, right, bottom = self._pose.seen
            value = self._heatmap.value_at(
                (place.x() / width - left) / (right - left),
                (place.y() / height - top) / (bottom - top),
            )
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

    def _hold(self, button: Qt.MouseButton) -> None:
        held, self._button = self.is_holding, button
        if self.is_holding != held:
            self.holding_changed.emit(self.is_holding)

    def _show_waiting(self) -> None:
        if self._waiting is not None and not self.is_holding and self._hovered is None:
            waiting, self._waiting = self._waiting, None
            super().set_candidates(waiting)

    def _let_go(self) -> None:
        self.cancel_drag()
        self.end_pan()
        self._pressed_pill = None
        self._hold(Qt.MouseButton.NoButton)

    def _pans_by_left(self) -> bool:
        return bool(self._size[0]) and (self._space or self._mode is not ViewMode.EDIT)
