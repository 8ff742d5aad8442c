"""Buttons of notices, found by their text."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from app.shell.main_window import MainWindow

_LOOK_MS = 10


def button_in_notice(window: MainWindow, text: str) -> QPushButton | None:
    """The newest button of this text; None where no notice has one."""
    buttons = (b for n in window.parts.notices.notices for b in n.findChildren(QPushButton))
    return next((b for b in reversed(list(buttons)) if b.text() == text), None)


def click_once_offered(window: MainWindow, text: str) -> None:
    """Click the button of this text as soon as a notice has one."""
    timer = QTimer(window)

    def look() -> None:
        if (button := button_in_notice(window, text)) is not None:
            timer.stop()
            button.click()

    timer.timeout.connect(look)
    timer.start(_LOOK_MS)
