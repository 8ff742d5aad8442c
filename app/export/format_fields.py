"""Fields of a file format (type, metadata, circle colour), shared by export and batch."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor, QStandardItemModel
from PySide6.QtWidgets import QColorDialog, QToolButton

from app.style import theme
from app.widgets.controls import ComboBox
from cropcore.export.options import FORMATS, ExportOptions
from cropcore.images.photo_file import reads_heif


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


def metadata_box() -> ComboBox:
    """What of a photo's metadata goes into its files, by the names in the options."""
    box = ComboBox(_tr("Metadata"))
    box.addItem(_tr("Keep all"), "all")
    box.addItem(_tr("Without location"), "no-location")
    box.addItem(_tr("Keep none"), "none")
    box.setToolTip(_tr("Camera, copyright and place; colour profiles stay"))
    return box


class CircleColour(QToolButton):
    """The colour around a circle, shown and chosen.

    Signals: ``chosen`` (red, green, blue, 0 to 255 each).
    """

    chosen = Signal(int, int, int)

    def __init__(self, width: int) -> None:
        super().__init__()
        self._colour = QColor(*ExportOptions().background)
        self.setFixedSize(width, theme.CONTROL_HEIGHT)
        self.setProperty("kind", "swatch")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(_tr("Colour around a circle where the format has no transparency"))
        self.setAccessibleName(_tr("Background of a circle"))
        self.clicked.connect(self._pick)

    @property
    def colour(self) -> tuple[int, int, int]:
        """Red, green and blue, 0 to 255."""
        return self._colour.red(), self._colour.green(), self._colour.blue()

    def show_colour(self, colour: tuple[int, int, int]) -> None:
        """Show a colour; nobody is told."""
        self._colour = QColor(*colour)
        self.setStyleSheet(f"background: {self._colour.name()};")
        self.setAccessibleDescription(self._colour.name())

    def _pick(self) -> None:
        chosen = QColorDialog.getColor(self._colour, self, _tr("Around a circle"))
        if chosen.isValid():
            self.show_colour((chosen.red(), chosen.green(), chosen.blue()))
            self.chosen.emit(*self.colour)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Formats", text)
