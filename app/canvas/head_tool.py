"""Head tool of the canvas: dismisses wrong heads by a click and draws missed ones."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from app.canvas.canvas_state import CanvasState
from app.canvas.drag import Drag, DragKind, Gesture
from app.canvas.heads import head_at
from app.canvas.paint_context import PaintContext
from app.canvas.view_geometry import ViewGeometry


class HeadTool(QObject):
    """What the left button does while heads are corrected.

    Signals:
        dismissed: the head (Box) that was clicked.
        drawn: the box (Box) of a missed head.
    """

    dismissed = Signal(tuple)
    drawn = Signal(tuple)

    def __init__(self, state: CanvasState, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._geometry = geometry
        self._drag = Drag(geometry, self)
        self._drag.moved.connect(state.draw_head)

    @property
    def is_busy(self) -> bool:
        """Whether a press has not ended."""
        return self._drag.is_held

    def press(self, at: QPointF) -> None:
        """On a head, or on a place for a new one."""
        self._drag.begin(Gesture(DragKind.DRAW, self._geometry.view.to_scene(at), QPointF(at)))

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Draw on."""
        self._drag.move(at, keys)
        if self._drag.is_under_way:
            self._state.hover_head(None)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """A head was drawn, or one was clicked."""
        if not self._drag.is_held:
            return
        self._drag.move(at, keys)
        ended = self._drag.end()
        self._state.draw_head(None)
        if ended is not None:
            self.drawn.emit(ended[1])
        elif (index := self._at(at)) is not None:
            self.dismissed.emit(self._state.heads[index])

    def cancel(self) -> None:
        """Nothing was drawn."""
        self._drag.end()
        self._state.draw_head(None)

    def takes_double_click(self, at: QPointF) -> bool:
        """All of them."""
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """Mark the head at a place; the cursor for a click on it, or for drawing."""
        index = self._at(at)
        self._state.hover_head(index)
        cross, hand = Qt.CursorShape.CrossCursor, Qt.CursorShape.PointingHandCursor
        return cross if index is None else hand

    def leave(self) -> None:
        """No head is under the pointer."""
        self._state.hover_head(None)

    def paint(self, context: PaintContext) -> None:
        """Nothing: heads are painted with the photo, also while the tool is not in hand."""

    def _at(self, at: QPointF) -> int | None:
        return head_at([self._geometry.rect(box) for box in self._state.heads], at)
