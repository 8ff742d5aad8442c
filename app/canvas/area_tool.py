"""Area tool of the canvas: draws, moves, resizes and removes protected areas."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from app.canvas import protected_areas
from app.canvas.canvas_state import CanvasState
from app.canvas.drag import Drag, DragKind, Gesture
from app.canvas.paint_context import PaintContext
from app.canvas.view_geometry import ViewGeometry
from cropcore.geometry.crop import Box


class AreaTool(QObject):
    """What the left button does to the protected areas.

    Signals:
        drag_started: a drag passed its threshold; ``edited`` or ``drag_cancelled`` follows.
        edited: all protected areas (tuple of boxes) after one was changed.
        drag_cancelled: the drag ended without a change.
    """

    drag_started = Signal()
    edited = Signal(tuple)
    drag_cancelled = Signal()

    def __init__(self, state: CanvasState, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._geometry = geometry
        self._drag = Drag(geometry, self)
        self._drag.started.connect(self._begin)
        self._drag.moved.connect(self._show)
        self._before: tuple[Box, ...] = ()
        self._others: tuple[Box, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Whether a press on an area has not ended."""
        return self._drag.is_held

    def press(self, at: QPointF) -> None:
        """On the x of an area, on an area, or on a place for a new one."""
        boxes, hit = self._state.protected, self._hit(at)
        others = boxes if hit is None else boxes[: hit.index] + boxes[hit.index + 1 :]
        if hit is not None and hit.remove:
            self._state.set_protected(others)
            self.edited.emit(others)
            return
        self._others = others
        gesture = Gesture(DragKind.DRAW, self._geometry.view.to_scene(at), QPointF(at))
        if hit is not None:
            act = DragKind.MOVE if hit.handle is None else DragKind.RESIZE
            gesture = Gesture(
                act, gesture.pressed_at, gesture.pressed_on, boxes[hit.index], handle=hit.handle
            )
        self._drag.begin(gesture)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Go on with the drag."""
        self._drag.move(at, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Report the drag, once, if it changed anything."""
        self._drag.move(at, keys)
        ended = self._drag.end()
        if ended is None:
            return
        _, _, is_changed = ended
        if is_changed:
            self.edited.emit(self._state.protected)
        else:
            self._put_back()

    def cancel(self) -> None:
        """Draw the areas as they were before the drag."""
        if self._drag.end() is not None:
            self._put_back()

    def takes_double_click(self, at: QPointF) -> bool:
        """All of them."""
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """Mark the x at a place; the cursor for it, or for what of an area is there."""
        hit = self._hit(at)
        self._state.hover_protected(hit.index if hit is not None and hit.remove else None)
        return Qt.CursorShape.CrossCursor if hit is None else hit.cursor

    def leave(self) -> None:
        """No x is under the pointer."""
        self._state.hover_protected(None)

    def paint(self, context: PaintContext) -> None:
        """Nothing: areas are painted with the photo, also while the tool is not in hand."""

    def _hit(self, at: QPointF) -> protected_areas.AreaHit | None:
        return protected_areas.area_at([self._geometry.rect(b) for b in self._state.protected], at)

    def _begin(self) -> None:
        self._before = self._state.protected
        self.drag_started.emit()

    def _show(self, box: Box) -> None:
        self._state.set_protected((*self._others, box))

    def _put_back(self) -> None:
        self._state.set_protected(self._before)
        self.drag_cancelled.emit()
