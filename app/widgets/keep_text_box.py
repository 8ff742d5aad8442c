"""Check box for keeping text whole, which can be ticked where the extra that finds text is installed."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from cropcore.engine.text_network import text_network


class KeepTextBox(QCheckBox):
    """Whether crops keep pieces of text whole; without the extra its tooltip says what to install."""

    def __init__(self) -> None:
        super().__init__()
        self.setText(self.tr("Keep text whole"))
        installed = text_network() is not None
        self.setEnabled(installed)
        self.setToolTip(
            self.tr("No crop cuts a piece of text, wherever one of this ratio can hold it")
            if installed
            else self.tr("Finding text needs the package rapidocr: pip install 'cropsight[text]'")
        )
