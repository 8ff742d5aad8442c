"""Panel of what suggestions keep whole: persons' heads, which can be corrected, and text."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.i18n import plurals
from app.widgets.controls import ButtonRow, column, secondary, text_button
from app.widgets.keep_text_box import KeepTextBox


class HeadsPanel(QWidget):
    """What suggestions do with persons' heads, and which heads there are.

    Signals: ``keep_changed`` (whether they are kept whole), ``keep_text_changed`` (whether text is),
    ``shown_changed`` (whether heads are outlined on the photo), ``correcting_changed`` (whether clicks
    dismiss and drags draw heads).
    """

    keep_changed = Signal(bool)
    keep_text_changed = Signal(bool)
    shown_changed = Signal(bool)
    correcting_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.keep = QCheckBox(self.tr("Keep heads whole"))
        self.keep.setToolTip(
            self.tr("No suggestion cuts a person's head, wherever one of this ratio can hold it")
        )
        self.keep.clicked.connect(self.keep_changed)
        self.show_button = text_button(
            self.tr("Show heads"), self.tr("Outline on the photo the heads that were found (K)")
        )
        self.correct = text_button(
            self.tr("Correct"),
            self.tr("Click a wrong head to dismiss it, drag over a missed one (Shift+K)"),
        )
        for button, changed in (
            (self.show_button, self.shown_changed),
            (self.correct, self.correcting_changed),
        ):
            button.setCheckable(True)
            button.toggled.connect(changed)
        self.note = secondary()
        self.keep_text = KeepTextBox()
        self.keep_text.clicked.connect(self.keep_text_changed)
        layout = column(self)
        layout.addWidget(self.keep)
        layout.addWidget(ButtonRow(self.show_button, self.correct))
        layout.addWidget(self.note)
        layout.addWidget(self.keep_text)
        self.correct.toggled.connect(lambda _: self._show_note())
        self._count = 0
        self._show_note()

    def show_keep(self, heads: bool, text: bool) -> None:
        """What is kept whole."""
        self.keep.setChecked(heads)
        self.keep_text.setChecked(text)

    def show_count(self, count: int) -> None:
        """How many heads there are."""
        self._count = count
        self._show_note()

    def _show_note(self) -> None:
        if self.correct.isChecked():
            self.note.setText(self.tr("Click a wrong head, drag over a missed one."))
        elif self._count == 0:
            self.note.setText(self.tr("No heads found in this photo."))
        else:
            self.note.setText(plurals.heads_found(self._count))
