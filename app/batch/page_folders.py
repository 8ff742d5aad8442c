"""Fields of the batch page for the source of the photos and the output folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from app.settings import BatchPageState
from app.style import theme
from app.widgets.controls import (
    ComboBox,
    ElidedLabel,
    caption,
    column,
    icon_button,
    row,
    secondary,
    text_button,
)
from cropcore.batch.preset import Preset


class PhotoFields(QWidget):
    """Which photos.

    Signals: ``changed``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self.source = ComboBox(self.tr("Photos"))
        for text, data in (
            (self.tr("Open photos"), "open"),
            (self.tr("Selected photos"), "selected"),
            (self.tr("A folder"), "folder"),
        ):
            self.source.addItem(text, data)
        self.source.currentIndexChanged.connect(lambda _: self._source_changed())
        self._path = ElidedLabel()
        self.choose = text_button(self.tr("Choose …"), self.tr("Choose the folder of the photos"))
        self.choose.clicked.connect(self.pick)
        self._line = QWidget()
        line = row(self._path, self.choose)
        line.setStretch(0, 1)
        column(self._line).addLayout(line)
        self.count = secondary()
        layout = column(self)
        layout.addWidget(caption(self.tr("Photos")))
        layout.addWidget(self.source)
        layout.addWidget(self._line)
        layout.addWidget(self.count)
        self._show()

    @property
    def folder(self) -> Path | None:
        """The folder of the photos, where one is chosen."""
        return self._folder

    def show_counts(self, opened: int, selected: int) -> None:
        """How many there are to choose from."""
        self.source.setItemText(0, self.tr("Open photos ({0})").format(opened))
        self.source.setItemText(1, self.tr("Selected photos ({0})").format(selected))

    def restore(self, state: BatchPageState) -> None:
        """What was chosen last."""
        self._folder = state.folder
        self.source.choose(state.source)
        self._show()

    def show_found(self, text: str, wrong: bool) -> None:
        """What was found, or what is wrong."""
        self.count.setText(text)
        kind = "warning" if wrong else "secondary"
        if self.count.property("kind") != kind:
            self.count.setProperty("kind", kind)
            theme.restyle(self.count)

    def pick(self) -> None:
        """Ask for the folder."""
        start = str(self._folder or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Photos from"), start):
            self.set_folder(Path(chosen))

    def set_folder(self, folder: Path) -> None:
        """Take the photos of a folder."""
        self._folder = folder
        self.source.choose("folder")
        self._show()
        self.changed.emit()

    def _source_changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self._line.setVisible(self.source.currentData() == "folder")
        self._path.set_full_text(str(self._folder) if self._folder else self.tr("None chosen yet"))


class OutputFields(QWidget):
    """Where the files go, and what else is wanted.

    Signals: ``changed``, ``preset_changed`` (what of it belongs to the preset).
    """

    changed = Signal()
    preset_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: Path | None = None
        self._path = ElidedLabel()
        self.choose = text_button(self.tr("Choose …"), self.tr("Choose the folder of the files"))
        self.choose.clicked.connect(self._pick)
        self.reset = icon_button("reset", self.tr("Beside the photos again"))
        self.reset.clicked.connect(lambda: self.set_folder(None))
        self.wrong_label = secondary()
        self.wrong_label.setProperty("kind", "warning")
        self.wrong_label.hide()
        self.beside = QCheckBox(self.tr("Beside each photo"))
        self.beside.setToolTip(
            self.tr(
                "Into a folder Cropsight beside each photo; only a report goes to the folder above"
            )
        )
        self.beside.toggled.connect(lambda _: self.preset_changed.emit())
        self.report = QCheckBox(self.tr("Report with thumbnails"))
        self.report.setToolTip(
            self.tr("One page that shows each crop on its photo, and JSON, in the same folder")
        )
        self.review = QCheckBox(self.tr("Review before writing"))
        self.review.setToolTip(self.tr("Look at the crops first; only accepted ones are written"))
        for box in (self.report, self.review):
            box.toggled.connect(lambda _: self._ticked())
        line = row(self._path, self.choose, self.reset)
        line.setStretch(0, 1)
        layout = column(self)
        layout.addWidget(caption(self.tr("Folder")))
        layout.addLayout(line)
        layout.addWidget(self.wrong_label)
        layout.addWidget(self.beside)
        layout.addSpacing(theme.GAP_XS)
        layout.addWidget(self.report)
        layout.addWidget(self.review)

    @property
    def chosen(self) -> Path | None:
        """The folder that was chosen; None for one beside the photos."""
        return self._chosen

    @property
    def wrong(self) -> str:
        """What is wrong with the folder."""
        return self.wrong_label.text()

    def restore(self, state: BatchPageState) -> None:
        """What was chosen last."""
        self._chosen = state.out
        for box, on in ((self.report, state.report), (self.review, state.review)):
            blocked = box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(blocked)
        self.report.setEnabled(not self.review.isChecked())

    def show_folder(self, folder: Path | None, wrong: str) -> None:
        """Where the files will go, and what is wrong with that."""
        self._path.set_full_text(str(folder) if folder else self.tr("Beside the photos"))
        self.reset.setVisible(self._chosen is not None)
        self.wrong_label.setText(wrong)
        self.wrong_label.setVisible(bool(wrong))

    def show_preset(self, preset: Preset) -> None:
        """Show what a preset says."""
        self.beside.setChecked(preset.beside_photos)

    def values(self) -> dict[str, object]:
        """The fields of a preset."""
        return {"beside_photos": self.beside.isChecked()}

    def set_folder(self, folder: Path | None) -> None:
        """Choose a folder, or the one beside the photos."""
        self._chosen = folder
        self.changed.emit()

    def _ticked(self) -> None:
        self.report.setEnabled(not self.review.isChecked())
        self.changed.emit()

    def _pick(self) -> None:
        start = str(self._chosen or Path.home())
        if chosen := QFileDialog.getExistingDirectory(self, self.tr("Write to"), start):
            self.set_folder(Path(chosen))
