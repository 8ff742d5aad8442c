"""Page that lists the keyboard shortcuts, in groups, with a field to search them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSlider,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.shell.key_groups import KeyGroup
from app.style import theme
from app.widgets.controls import caption, plain_label
from app.widgets.overlay_page import OverlayPage

_ESCAPE = Qt.Key.Key_Escape
_SCROLLING = {
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}


class ShortcutsPage(OverlayPage):
    """A page that lists keys and what they do.

    It is filled at first sight: so many labels would hold up the start. The keys go to the field: what is
    typed is looked for, the arrows scroll the list, Esc empties the field, then closes the page.
    """

    def __init__(self, over: QWidget, groups: Sequence[KeyGroup]) -> None:
        super().__init__(over, self.tr("Keys"), QSize(960, 680))
        self._groups = groups
        self.sections: list[KeySection] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search keys and what they do"))
        self.field.setAccessibleName(self.tr("Search keys"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(280)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.begin_with(self.field)
        self.head.insertSpacing(1, theme.GAP_L)
        self.head.insertWidget(2, self.field)
        self.nothing = plain_label()
        self.nothing.setProperty("kind", "secondary")
        self.nothing.hide()
        self._content = QWidget()
        self._content.setObjectName("panelContent")
        across = QHBoxLayout(self._content)
        across.setContentsMargins(0, 0, theme.GAP_S, 0)
        across.setSpacing(theme.GAP_XL)
        self._columns = (QVBoxLayout(), QVBoxLayout())
        for column in self._columns:
            column.setSpacing(theme.GAP_L)
            across.addLayout(column, 1)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        self.body.addWidget(self.nothing)
        self.body.addWidget(self._scroll, 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the list, if it is not there yet; it begins whole."""
        if not self.sections:
            self.sections = [KeySection(group, self._content) for group in self._groups]
        self.field.clear()
        self._search("")
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that are not typed."""
        if watched is self.field and isinstance(event, QKeyEvent):
            return self._field_key(event)
        return super().eventFilter(watched, event)

    def _field_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if not (key in _SCROLLING or (key == _ESCAPE and self.field.text())):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and key == _ESCAPE:
            self.field.clear()
        elif event.type() == QEvent.Type.KeyPress:
            self._scroll.verticalScrollBar().triggerAction(_SCROLLING[key])
        return True

    def _search(self, text: str) -> None:
        """Show what has all the words of a text; the columns are about as long as one another."""
        words = text.split()
        counts = [section.show_found(words) for section in self.sections]
        for column in self._columns:
            while column.count():
                column.takeAt(0)
        listed = 0
        for section, count in zip(self.sections, counts, strict=True):
            if count:
                self._columns[int(listed * 2 >= sum(counts))].addWidget(section)
                listed += count
        for column in self._columns:
            column.addStretch(1)
        self.nothing.setText(self.tr("Nothing found for “{0}”.").format(text))
        self.nothing.setVisible(not listed)
        self._scroll.verticalScrollBar().setValue(0)


class KeySection(QWidget):
    """One group: its title, and keys beside what they do."""

    def __init__(self, group: KeyGroup, parent: QWidget) -> None:
        super().__init__(parent)
        self.group = group
        self.rows: list[tuple[QLabel, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_M)
        grid.setVerticalSpacing(5)
        grid.addWidget(caption(group.title), 0, 0, 1, 2)
        for line, (keys, text) in enumerate(group.keys, 1):
            name, what = plain_label(keys), plain_label(text)
            name.setProperty("kind", "key")
            what.setProperty("kind", "plain")
            for side, label in enumerate((name, what)):
                label.setWordWrap(True)
                grid.addWidget(label, line, side, Qt.AlignmentFlag.AlignTop)
            self.rows.append((name, what))
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 6)

    def show_found(self, words: Sequence[str]) -> int:
        """Show the rows that have all these words; how many those are. Without any it is hidden."""
        found = self.group.found(words)
        for place, row in enumerate(self.rows):
            for label in row:
                label.setVisible(place in found)
        self.setVisible(bool(found))
        return len(found)
