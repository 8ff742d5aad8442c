"""The export button at the foot of the side panel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.style import theme


class ExportButton(QWidget):
    """The one filled button of the window, with a menu for everything beyond a plain export.

    Signals: ``clicked``.
    """

    clicked = Signal()

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.main = QToolButton()
        self.main.setProperty("kind", "primary")
        self.main.setSizePolicy(
            self.main.sizePolicy().Policy.Expanding, self.main.sizePolicy().Policy.Fixed
        )
        self.main.setFixedHeight(36)
        self.main.setFocusPolicy(self.main.focusPolicy().TabFocus)
        self.main.clicked.connect(self.clicked)
        self.more = QToolButton()
        self.more.setProperty("kind", "primary-menu")
        self.more.setFixedSize(32, 36)
        self.more.setFocusPolicy(self.more.focusPolicy().TabFocus)
        self.more.setToolTip(self.tr("More ways to export"))
        self.more.setAccessibleName(self.tr("More ways to export"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addActions(list(actions))
        self.more.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.main, 1)
        layout.addWidget(self.more)
        self.follow_theme()

    def set_text(self, text: str) -> None:
        """What the button says: ``Export 4:5``."""
        self.main.setText(text)
        hint = self.tr("Export with the last settings (Ctrl+E)")
        self.main.setToolTip(f"{text}\n{hint}")
        self.main.setAccessibleName(text)

    def follow_theme(self) -> None:
        """Redraw the arrow in the colours of the theme."""
        self.more.setIcon(theme.pixmap("chevron-down", theme.current().on_accent, 16, 2.0))
