"""Hands mouse and key events of the canvas to the tool in hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from app.canvas.canvas_state import CanvasState, ToolKind
from app.canvas.tools import NOWHERE, CanvasTool, Cursor, PanTool

_MODIFIERS: dict[int, Qt.KeyboardModifier] = {
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
}
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_NO_BUTTON = Qt.MouseButton.NoButton


class ToolInput(QObject):
    """Which tool has the mouse, and where the pointer is.

    The left button belongs to the tool of ``state``; the middle one pans, as the left one does with
    Space held or where nothing can be edited.

    Args:
        set_cursor: shows a cursor over the canvas.

    Signals:
        holding_changed: a button went down on the canvas (True) or came up again.
        hovered: the pointer moved with no button down, or what is under it may have changed.
    """

    holding_changed = Signal(bool)
    hovered = Signal()

    def __init__(
        self,
        state: CanvasState,
        tools: Mapping[ToolKind, CanvasTool],
        pan: PanTool,
        set_cursor: Callable[[Cursor], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._tools = tools
        self._pan = pan
        self._set_cursor = set_cursor
        self._held: CanvasTool | None = None
        self._button = _NO_BUTTON
        self._keys = _NO_MODIFIER
        self._space = False
        self.pointer = QPointF(NOWHERE)

    @property
    def is_holding(self) -> bool:
        """Whether a button is down on the canvas."""
        return self._held is not None

    @property
    def is_busy(self) -> bool:
        """Whether a tool has something in hand that :meth:`cancel` would give up."""
        return self._held is not None and self._held.is_busy

    def cancel(self) -> None:
        """Give up what is in hand; the button may still be down."""
        if self._held is not None:
            self._held.cancel()

    def let_go(self) -> None:
        """The canvas is hidden: a release would not arrive any more."""
        self.cancel()
        self._hold(_NO_BUTTON, None)

    def press(self, event: QMouseEvent) -> bool:
        """A button went down; False where it only cancelled what was in hand."""
        button, at = event.button(), event.position()
        if button == Qt.MouseButton.RightButton and self.is_busy:
            self.cancel()
            return False
        tool = self._tool_for(button)
        if tool is not None and not self.is_holding:
            self._keys = _NO_MODIFIER
            self._hold(button, tool)
            tool.press(at)
        return True

    def takes_double_click(self, event: QMouseEvent) -> bool:
        """Whether a double click is a press to the tool."""
        tool = self._tool_for(event.button())
        left = event.button() == Qt.MouseButton.LeftButton
        return not left or (tool is not None and tool.takes_double_click(event.position()))

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved."""
        self.pointer = event.position()
        if self._held is not None:
            self._held.move(self.pointer, event.modifiers() | self._keys)
        else:
            self.hover()

    def release(self, event: QMouseEvent) -> None:
        """A button came up."""
        self.pointer = event.position()
        if self._held is None or event.button() != self._button:
            return
        self._held.release(self.pointer, event.modifiers() | self._keys)
        self._hold(_NO_BUTTON, None)
        self.hover()

    def leave(self) -> None:
        """The pointer is not on the canvas any more."""
        self.pointer = QPointF(NOWHERE)
        if not self.is_busy:
            self._mark_none_but(None)
            self.hovered.emit()

    def key(self, event: QKeyEvent, down: bool) -> bool:
        """A key went down or came up; False where it is none of the tools'."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            if down or not event.isAutoRepeat():
                self._space = down
                self.hover()
            return True
        if key not in _MODIFIERS or self._held is None or not self.is_busy:
            return False
        changed = _MODIFIERS[key]
        self._keys = self._keys | changed if down else self._keys & ~changed
        others = event.modifiers() if down else event.modifiers() & ~changed
        self._held.move(self.pointer, others | self._keys)
        return True

    def forget_keys(self) -> None:
        """The canvas lost the focus: releases of keys would not arrive."""
        self._space, self._keys = False, _NO_MODIFIER

    def hover(self) -> None:
        """Show what is under the pointer, and by the cursor what a press would do."""
        if not self.is_holding:
            tool = self._tool_for(Qt.MouseButton.LeftButton)
            self._mark_none_but(tool)
            arrow = Qt.CursorShape.ArrowCursor
            self._set_cursor(arrow if tool is None else tool.cursor(self.pointer))
        self.hovered.emit()

    def _tool_for(self, button: Qt.MouseButton) -> CanvasTool | None:
        left = button == Qt.MouseButton.LeftButton
        if not self._state.has_photo or not (left or button == Qt.MouseButton.MiddleButton):
            return None
        if left and self._state.is_editing and not self._space:
            return self._tools[self._state.tool]
        return self._pan

    def _mark_none_but(self, tool: CanvasTool | None) -> None:
        for other in self._tools.values():
            if other is not tool:
                other.leave()

    def _hold(self, button: Qt.MouseButton, tool: CanvasTool | None) -> None:
        was, self._button, self._held = self.is_holding, button, tool
        if self.is_holding != was:
            self.holding_changed.emit(self.is_holding)
