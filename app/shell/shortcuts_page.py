"""Page that lists the keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.style import theme
from app.widgets.overlay_page import OverlayPage


class ShortcutsPage(OverlayPage):
    """A page that lists keys and what they do.

    It is filled at first sight: so many labels would hold up the start.
    """

    def __init__(self, over: QWidget, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__(over, self.tr("Keys"), QSize(912, 640))
        self._keys = keys
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self.body.addWidget(self._scroll, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the list, if it is not there yet."""
        if self._scroll.widget() is None:
            self._scroll.setWidget(_listed(self._keys))
        super().showEvent(event)


def _listed(keys: Sequence[tuple[str, str]]) -> QWidget:
    """Keys and words in two columns of each."""
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
        for label in (name, what):
            label.setWordWrap(True)
        grid.addWidget(name, line, side)
        grid.addWidget(what, line, side + 1)
    for side, share in enumerate((4, 5, 3, 5)):
        grid.setColumnStretch(side, share)
    return content
