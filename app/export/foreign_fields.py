"""Fields of the export page for what goes to other editors: image files or which sidecars, and how."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from app.widgets.controls import ComboBox, caption, column, secondary
from cropcore.interop.foreign_options import ForeignOptions

_IMAGES = "images"


class ForeignFields(QWidget):
    """Chooses between image files and files for other editors, and what holds for these.

    Signals: ``changed`` (ForeignOptions), ``target_changed``.
    """

    changed = Signal(ForeignOptions)
    target_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._options = ForeignOptions()
        self.target = ComboBox(self.tr("As what"))
        for text, data in (
            (self.tr("Image files"), _IMAGES),
            (self.tr("XMP for Lightroom, darktable"), "xmp"),
            (self.tr("pp3 for RawTherapee"), "pp3"),
            (self.tr("Copies for Lightroom"), "copies"),
        ):
            self.target.addItem(text, data)
        self.about = secondary()
        self.replace_box = _switch(self.tr("Replace crops made there"))
        self.replace_box.setToolTip(self.tr("Otherwise a crop that a sidecar holds is kept"))
        self.new_box = _switch(self.tr("New settings for raw files"))
        self.new_box.setToolTip(
            self.tr("RawTherapee then develops a raw file neutrally until you do it there")
        )
        self.stars_box = _switch(self.tr("Stars and rejections too"))
        layout = column(self, 4)
        layout.addWidget(caption(self.tr("As what")))
        for widget in (self.target, self.about, self.replace_box, self.new_box, self.stars_box):
            layout.addWidget(widget)
        self.target.currentIndexChanged.connect(lambda _: self._choose())
        self.replace_box.toggled.connect(lambda on: self._change(replace=on))
        self.new_box.toggled.connect(lambda on: self._change(new_pp3=on))
        self.stars_box.toggled.connect(lambda on: self._change(stars=on))
        self._show()

    @property
    def options(self) -> ForeignOptions:
        """The options as they stand."""
        return self._options

    @property
    def is_foreign(self) -> bool:
        """Whether files for other editors are chosen, not images."""
        return self.target.currentData() != _IMAGES

    def set_options(self, options: ForeignOptions) -> None:
        """Show other options without announcing them; whether images are chosen stays."""
        self._options = options
        for box, on in (
            (self.replace_box, options.replace),
            (self.new_box, options.new_pp3),
            (self.stars_box, options.stars),
        ):
            blocked = box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(blocked)
        if self.is_foreign:
            self.target.choose(options.kind)
        self._show()

    def choose_foreign(self) -> None:
        """Choose the kind of files for other editors that was used last."""
        if not self.is_foreign:
            self.target.setCurrentIndex(self.target.findData(self._options.kind))

    def _choose(self) -> None:
        if self.is_foreign:
            self._change(kind=self.target.currentData())
        self._show()
        self.target_changed.emit()

    def _change(self, **changes: object) -> None:
        changed = replace(self._options, **changes)  # type: ignore[arg-type]
        if changed != self._options:
            self._options = changed
            self.changed.emit(changed)

    def _show(self) -> None:
        kind = self.target.currentData()
        self.about.setText(
            {
                "xmp": self.tr(
                    "One sidecar beside each photo, with its crop; all else in it stays. Lightroom "
                    "reads those of raw files, darktable those of all photos that it has not "
                    "developed yet."
                ),
                "pp3": self.tr(
                    "RawTherapee's settings beside each photo, with its crop; all else in them stays."
                ),
                "copies": self.tr(
                    "Copies of JPEG, PNG, TIFF and DNG with the crop in their XMP, where Lightroom "
                    "reads it. Their pixels are the photo's own, byte for byte."
                ),
            }.get(kind, "")
        )
        self.about.setVisible(self.is_foreign)
        self.replace_box.setVisible(kind in ("xmp", "pp3"))
        self.new_box.setVisible(kind == "pp3")
        self.stars_box.setVisible(kind in ("xmp", "copies"))


def _switch(text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return box
