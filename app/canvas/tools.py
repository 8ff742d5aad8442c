"""What the tools of the canvas have in common, and the one that pans."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from app.canvas.paint_context import PaintContext
from app.canvas.zoom_view import ZoomView

Cursor = Qt.CursorShape | QCursor
NOWHERE = QPointF(-1, -1)
"""A pointer that is not on the canvas."""


class CanvasTool(Protocol):
    """A tool that takes the left button on the photo. Places are those of the viewport.

    Between ``press`` and ``release`` all moves are its own; ``cancel`` ends without a change what a
    press began, and the release that follows does nothing.
    """

    @property
    def is_busy(self) -> bool:
        """Whether something is in hand that ``cancel`` would give up."""

    def press(self, at: QPointF) -> None:
        """The button went down."""

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The pointer moved with the button down, or the keys held with it changed."""

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The button came up."""

    def cancel(self) -> None:
        """Give up what is in hand, if anything: all is as before the press."""

    def takes_double_click(self, at: QPointF) -> bool:
        """Whether a double click there is two clicks for the tool."""

    def cursor(self, at: QPointF) -> Cursor:
        """The pointer is at a place with no button down: mark what is there; the cursor for it."""

    def leave(self) -> None:
        """The pointer left the photo, or another tool has it now: nothing is marked any more."""

    def paint(self, context: PaintContext) -> None:
        """Paint what belongs to the tool alone, over all else on the photo."""


class PanTool:
    """Moves the photo in the view."""

    def __init__(self, view: ZoomView) -> None:
        self._view = view

    @property
    def is_busy(self) -> bool:
        """A pan gives up nothing."""
        return False

    def press(self, at: QPointF) -> None:
        """Take hold of the photo."""
        self._view.begin_pan(at)
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The photo follows."""
        self._view.pan_to(at)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Leave it where it is."""
        self._view.end_pan()

    def cancel(self) -> None:
        """Leave it where it is."""
        self._view.end_pan()

    def takes_double_click(self, at: QPointF) -> bool:
        """None."""
        return False

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """A hand."""
        return Qt.CursorShape.OpenHandCursor

    def leave(self) -> None:
        """Nothing is marked."""

    def paint(self, context: PaintContext) -> None:
        """Nothing is painted."""
