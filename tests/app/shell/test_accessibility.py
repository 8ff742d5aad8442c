"""What a screen reader is told: every control that takes the focus has a name; and Tab reaches them all."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from tests.app.helpers.gui import Desk


def controls(window: QWidget) -> list[QWidget]:
    """The visible widgets that take the focus, by Tab or a click."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
    ]


def test_every_control_has_a_name(quick: Desk) -> None:
    for section in quick.window.parts.side_panel.findChildren(QWidget):
        if hasattr(section, "set_open"):
            section.set_open(True)
    lacking = []
    for widget in controls(quick.window):
        told = QAccessible.queryAccessibleInterface(widget)
        assert told is not None
        name = told.text(QAccessible.Text.Name).strip()
        if not name:
            lacking.append(f"{type(widget).__name__} {widget.objectName()}")
    assert lacking == []


def test_tab_goes_through_all_that_takes_it_and_comes_back(quick: Desk) -> None:
    wanted = {
        widget
        for widget in controls(quick.window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    quick.window.parts.canvas.setFocus()
    reached: set[QWidget] = set()
    for _ in range(3 * len(wanted)):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in reached and focused is quick.window.parts.canvas:
            break
        reached.add(focused)
        quick.qtbot.keyClick(focused, Qt.Key.Key_Tab)
    missing = [f"{type(w).__name__} {w.accessibleName()!r}" for w in wanted - reached]
    assert missing == []
