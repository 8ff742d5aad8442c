"""Panel of persons' heads: whether suggestions keep them whole."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.widgets.controls import column


class HeadsPanel(QWidget):
    """What suggestions do with persons' heads.

    Signals: ``keep_changed`` (whether they are kept whole).
    """

    keep_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.keep = QCheckBox(self.tr("Keep heads whole"))
        self.keep.setToolTip(
            self.tr("No suggestion cuts a person's head, wherever one of this ratio can hold it")
        )
        self.keep.clicked.connect(self.keep_changed)
        layout = column(self)
        layout.addWidget(self.keep)

    def show_keep(self, on: bool) -> None:
        """Whether they are kept whole."""
        self.keep.setChecked(on)
