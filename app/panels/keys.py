"""The list of keys, over the canvas, closed by any click or Esc."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app import theme
from app.panels.controls import icon_button, row


class KeyList(QFrame):
    """A sheet that lies over a widget and lists keys and what they do."""

    def __init__(self, over: QWidget, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(over)
        self.setObjectName("keyList")
        self.setAccessibleName(self.tr("List of keys"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._over = over
        title = QLabel(self.tr("Keys"))
        title.setProperty("kind", "title")
        close = icon_button("close", self.tr("Close (Esc)"))
        close.clicked.connect(self.hide)
        content = QWidget()
        content.setObjectName("panelContent")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(theme.GAP_L)
        grid.setVerticalSpacing(5)
        half = (len(keys) + 1) // 2
        for place, (key, text) in enumerate(keys):
            line, side = place % half, place // half * 2
            name, what = QLabel(key), QLabel(text)
            name.setProperty("kind", "key")
            name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            what.setProperty("kind", "plain")
            grid.addWidget(name, line, side)
            grid.addWidget(what, line, side + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 20)
        layout.setSpacing(theme.GAP_M)
        layout.addLayout(row(title, 1, close))
        layout.addWidget(scroll, 1)
        over.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show or hide."""
        self.setVisible(self.isHidden())
        if self.isVisible():
            self._arrange()
            self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what happens to the widgets that are watched."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def _arrange(self) -> None:
        room = self._over.rect().adjusted(16, 16, -16, -16)
        size = self.sizeHint().expandedTo(room.size() * 0.0)
        wide, high = min(760, room.width()), min(max(size.height(), 560), room.height())
        self.resize(wide, high)
        self.move(room.center() - self.rect().center())
        self.raise_()
