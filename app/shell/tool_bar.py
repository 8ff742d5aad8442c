"""The tool bar above the canvas: buttons of actions, file name and photo count."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
)

from app.actions import Actions
from app.style import theme
from app.widgets.controls import ElidedLabel, plain_label

_WITH_TEXT = ("open", "fit", "actual", "before", "result", "masked", "straighten")


class ToolBar(QFrame):
    """The row of buttons above the canvas, with the name of the photo at its right."""

    def __init__(self, actions: Actions, recent: QMenu) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.name = ElidedLabel()
        self.name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.count = plain_label()
        self.count.setProperty("kind", "secondary")
        self.progress = plain_label()
        self.progress.setProperty("kind", "secondary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 12, 0)
        layout.setSpacing(2)
        self.buttons = {}
        groups = (
            ("open",),
            ("contact_sheet",),
            ("undo", "redo"),
            ("fit", "actual"),
            ("before", "result", "masked"),
            ("straighten",),
        )
        for place, group in enumerate(groups):
            if place:
                layout.addWidget(_bar())
            for name in group:
                button = _tool(actions[name], name in _WITH_TEXT)
                self.buttons[name] = button
                layout.addWidget(button)
                if name == "open":
                    layout.addWidget(self._recent_button(recent))
        layout.addStretch(1)
        layout.addWidget(self.name, 4)
        layout.addSpacing(8)
        layout.addWidget(self.count)
        layout.addSpacing(8)
        layout.addWidget(self.progress)

    def set_compact(self, on: bool) -> None:
        """Icons alone where the window is small."""
        self.setFixedHeight(36 if on else 40)
        for name in _WITH_TEXT:
            self.buttons[name].setToolButtonStyle(
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if on
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )

    def _recent_button(self, recent: QMenu) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "icon")
        theme.set_icon(button, "chevron-down")
        button.setFixedSize(theme.HIT_SIZE, theme.CONTROL_HEIGHT)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(recent)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(recent.title())
        button.setAccessibleName(recent.title())
        return button


def _tool(action: QAction, with_text: bool) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMinimumSize(theme.CONTROL_HEIGHT + 4, theme.CONTROL_HEIGHT)
    button.setMaximumHeight(theme.CONTROL_HEIGHT)
    button.setAccessibleName(action.text())
    if with_text:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def _bar() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "separator")
    line.setFixedSize(1, 20)
    box = QFrame()
    inside = QHBoxLayout(box)
    inside.setContentsMargins(5, 0, 5, 0)
    inside.addWidget(line)
    return box
