"""The choice of a file format, the same wherever files are written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStandardItemModel

from app.panels.controls import ComboBox
from cropcore.options import FORMATS
from cropcore.photo_file import reads_heif


def format_box() -> ComboBox:
    """A list of formats by their names in the options; one that is not installed cannot be chosen."""
    box = ComboBox(_tr("Format"))
    box.addItem(_tr("As the photo"), "keep")
    for name, (_, suffix) in FORMATS.items():
        box.addItem(f"{name.upper()} ({suffix})", name)
    if not reads_heif():
        model = box.model()
        assert isinstance(model, QStandardItemModel)
        heic = model.item(box.findData("heic"))
        heic.setEnabled(False)
        heic.setToolTip(_tr("HEIC needs the package pillow-heif."))
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("Formats", text)
