"""Fields for what a file keeps of its photo: coefficients, quality, date; shared by export and batch."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.widgets.controls import column
from cropcore.images.lossless_jpeg import cuts_lossless

_JPEG = ("keep", "jpeg")


class KeepFields(QWidget):
    """Three switches, by the names of the fields in options and presets.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lossless = _switch(self.tr("Cut JPEGs without loss"))
        self.lossless.setToolTip(
            self.tr(
                "Wherever that can be: not straightened, not resized, no circle. The crop moves onto the "
                "grid of the JPEG, which is shown while you drag."
            )
            if cuts_lossless()
            else self.tr("Needs the library libturbojpeg")
        )
        self.source_quality = _switch(self.tr("Quality as the photo's"))
        self.source_quality.setToolTip(
            self.tr("A JPEG of a JPEG gets its quantisation tables, in place of the number")
        )
        self.keep_date = _switch(self.tr("Keep the photo's date"))
        self.keep_date.setToolTip(
            self.tr("The file's time of change, and when the photo was taken whatever else is kept")
        )
        layout = column(self, 4)
        for box in (self.lossless, self.source_quality, self.keep_date):
            layout.addWidget(box)
            box.toggled.connect(lambda _: self.changed.emit())

    def values(self) -> dict[str, bool]:
        """The fields as they stand."""
        return {
            "lossless": self.lossless.isChecked(),
            "source_quality": self.source_quality.isChecked(),
            "keep_date": self.keep_date.isChecked(),
        }

    def show_values(self, lossless: bool, source_quality: bool, keep_date: bool) -> None:
        """Show other values without announcing them."""
        blocked = self.blockSignals(True)
        self.lossless.setChecked(lossless)
        self.source_quality.setChecked(source_quality)
        self.keep_date.setChecked(keep_date)
        self.blockSignals(blocked)

    def show_format(self, file_format: str) -> None:
        """What there is to choose in a format; what is chosen stays."""
        jpeg = file_format in _JPEG
        self.lossless.setEnabled(jpeg and cuts_lossless())
        self.source_quality.setEnabled(jpeg)


def _switch(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box
