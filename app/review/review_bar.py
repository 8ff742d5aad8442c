"""Bar above the canvas during a review: progress, and the buttons of its decisions."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from app.style import theme
from app.widgets.controls import ElidedLabel, plain_label, text_button

_LINE = 2


class ReviewBar(QFrame):
    """Says how far the review is, and offers what can be decided.

    ``buttons`` trigger the actions whose keys do the same.
    """

    def __init__(self, actions: dict[str, QAction]) -> None:
        super().__init__()
        self.setObjectName("reviewBar")
        self.setAccessibleName(self.tr("Review"))
        self._decided, self._total = 0, 0
        self._marked: tuple[str, bool] = ("", False)
        self._mark = plain_label()
        self._mark.setFixedSize(theme.ICON_SIZE, theme.ICON_SIZE)
        self.place = plain_label()
        self.place.setProperty("kind", "strong")
        # Elided at the right: the ratio stands at the start.
        self.facts = ElidedLabel(cut=Qt.TextElideMode.ElideRight)
        self.facts.setProperty("kind", "secondary")
        words = (
            ("accept", self.tr("Accept"), self.tr("Accept the crop and go on"), "Enter"),
            ("next_candidate", self.tr("Next candidate"), self.tr("Take the next candidate"), "."),
            ("reject", self.tr("Reject"), self.tr("Reject the result and go on"), "Del"),
            ("export", self.tr("Write accepted"), self.tr("Write to new files"), "Ctrl+E"),
            ("review", self.tr("Leave"), self.tr("Leave the review"), "Ctrl+R"),
        )
        self.buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 8, _LINE)
        layout.setSpacing(theme.GAP_S)
        layout.addWidget(self._mark)
        layout.addWidget(self.place)
        layout.addSpacing(theme.GAP_XS)
        layout.addWidget(self.facts, 1)
        for name, text, tip, key in words:
            keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
            button = text_button(text, f"{tip} ({keys})")
            button.clicked.connect(actions[name].trigger)
            self.buttons[name] = button
            if name == "export":
                layout.addSpacing(theme.GAP_S)
            layout.addWidget(button)
        self.hide()

    def show_state(self, mark: str, place: str, facts: str, decided: int, total: int) -> None:
        """``mark`` is the icon of what was decided about the shown result, or nothing."""
        self._show_mark(mark)
        self.place.setText(place)
        self.facts.set_full_text(facts)
        self._decided, self._total = decided, total
        self.update()

    def set_compact(self, on: bool) -> None:
        """As high as the toolbar, with fewer words where the window is small."""
        self.setFixedHeight(36 if on else 40)
        self.buttons["export"].setText(self.tr("Write") if on else self.tr("Write accepted"))

    def _show_mark(self, mark: str) -> None:
        self._mark.setVisible(bool(mark))
        if mark and self._marked != (mark, theme.is_dark()):
            self._marked = (mark, theme.is_dark())
            colours = theme.current()
            colour = colours.error if mark == "reject" else colours.accent
            scale = self.devicePixelRatioF()
            self._mark.setPixmap(theme.pixmap(mark, colour, theme.ICON_SIZE, scale))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thin line along the bottom: how much is decided."""
        super().paintEvent(event)
        if not self._total:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().accent)
        wide = self.width() * self._decided / self._total
        painter.drawRect(QRectF(0, self.height() - _LINE, wide, _LINE))
        painter.end()
