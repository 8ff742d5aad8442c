"""Preferences page: each change is applied at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.editor.overlay_panels import guide_titles
from app.settings import Settings
from app.style import theme
from app.widgets.controls import (
    ComboBox,
    ElidedLabel,
    caption,
    plain_label,
    row,
    secondary,
    text_button,
)
from app.widgets.overlay_page import OverlayPage
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.offered_ratios import common_aspects, further_aspects

_LABEL_WIDTH, _CONTROL_WIDTH = 160, 240


class PreferencesPage(OverlayPage):
    """Shows the settings and changes them.

    ``languages`` are codes with the languages' own names.

    Signals: ``changed`` (name of the setting), ``folder_wanted`` (show where decisions are kept),
    ``clear_wanted`` (the cache of small pictures), ``reset_wanted``.
    """

    changed = Signal(str)
    folder_wanted = Signal()
    clear_wanted = Signal()
    reset_wanted = Signal()

    def __init__(
        self, over: QWidget, settings: Settings, languages: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(over, self.tr("Preferences"), QSize(620, 720))
        self._settings = settings
        self._filling = False
        content = QWidget()
        content.setObjectName("panelContent")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(theme.GAP_L)
        self._build_look(languages)
        self._build_photos()
        self._build_decisions()
        self._build_export()
        self._build_engine()
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.body.addWidget(scroll, 1)
        self.reset_button = text_button(
            self.tr("Reset to defaults"),
            self.tr("All preferences on this page as they were at first"),
        )
        self.reset_button.clicked.connect(self.reset_wanted)
        note = secondary(self.tr("Every change holds at once."))
        note.setWordWrap(False)
        self.body.addLayout(row(note, 1, self.reset_button))
        self.show_settings()

    def show_settings(self) -> None:
        """Show what the settings say now, without announcing it."""
        settings, options = self._settings, self._settings.export
        self._filling = True
        self.theme_box.choose(settings.mode)
        self.language_box.choose(settings.language)
        self.still_box.choose(settings.still)
        fixed = settings.fixed_aspect
        self.aspect_box.choose("" if fixed is None else str(fixed))
        self.guide_box.choose(settings.guide)
        self.always_box.setChecked(settings.guides_always)
        self.beside_box.choose(settings.sidecars_beside)
        self.foreign_box.setChecked(settings.read_foreign_crops)
        self.stars_box.setChecked(settings.foreign_stars)
        self.pair_box.setChecked(settings.pair_raw)
        self.restore_box.setChecked(settings.restore_session)
        self.advance_box.setChecked(settings.advance_after_reject)
        self.metadata_box.choose(options.metadata)
        self.device_box.choose(settings.device)
        own = options.folder is not None
        self.export_box.choose(own)
        self.export_folder.set_full_text(str(options.folder) if own else "")
        self.export_folder.setVisible(own)
        self._filling = False

    def show_decisions_folder(self, folder: Path | None) -> None:
        """Where decisions are kept; None: beside each photo."""
        self.folder.set_full_text(self.tr("Beside each photo") if folder is None else str(folder))
        self.show_folder.setVisible(folder is not None)

    def show_cache(self, text: str) -> None:
        """How large the cache of small pictures is."""
        self.cache.setText(text)

    # Groups ----------------------------------------------------------------------------------

    def _build_look(self, languages: Sequence[tuple[str, str]]) -> None:
        grid = self._group(self.tr("Appearance"))
        self.theme_box = self._choice(
            grid,
            self.tr("Theme"),
            (
                (self.tr("Like the system"), theme.Mode.SYSTEM),
                (self.tr("Dark"), theme.Mode.DARK),
                (self.tr("Light"), theme.Mode.LIGHT),
            ),
            "theme",
        )
        self.language_box = self._choice(
            grid,
            self.tr("Language"),
            ((self.tr("Like the system"), ""), *((title, code) for code, title in languages)),
            "language",
        )
        self.language_note = self._note(grid, self.tr("Holds from the next start on."))
        self.language_note.hide()
        self.still_box = self._choice(
            grid,
            self.tr("Motion"),
            ((self.tr("Like the system"), False), (self.tr("Always off"), True)),
            "still",
        )

    def _build_photos(self) -> None:
        grid = self._group(self.tr("New photos"))
        kinds = {
            "original": self.tr("Original ratio"),
            "free": self.tr("Free ratio"),
            "circle": self.tr("Circle"),
        }
        offered = (*common_aspects("crop"), *further_aspects("crop"))
        self.aspect_box = self._choice(
            grid,
            self.tr("Begin with"),
            (
                (self.tr("The ratio used last"), ""),
                *((kinds.get(name, name), name) for name in map(str, offered)),
            ),
            "fixed_aspect",
        )
        self.guide_box = self._choice(
            grid, self.tr("Guide"), [(t, n) for n, t in guide_titles().items()], "guide"
        )
        self.always_box = self._switch(grid, self.tr("Show it without a drag"), "guides_always")
        self.pair_box = self._switch(grid, self.tr("RAW and JPEG are one photo"), "pair_raw")
        self.pair_box.setToolTip(
            self.tr("In folders: the camera's JPEG or HEIC of a raw file is no photo of its own")
        )

    def _build_decisions(self) -> None:
        grid = self._group(self.tr("Your decisions"))
        self.beside_box = self._choice(
            grid,
            self.tr("Kept in"),
            ((self.tr("One folder for all"), False), (self.tr("Files beside the photos"), True)),
            "sidecars_beside",
        )
        self.folder = ElidedLabel()
        self.folder.setProperty("kind", "secondary")
        self.show_folder = text_button(self.tr("Show"), self.tr("Show the folder of decisions"))
        self.show_folder.clicked.connect(self.folder_wanted)
        self._line(grid, self.folder, self.show_folder)
        self.foreign_box = self._switch(
            grid,
            self.tr("Take over crops of other editors"),
            "read_foreign_crops",
        )
        self.foreign_box.setToolTip(
            self.tr(
                "Those of Lightroom, darktable and RawTherapee, where a photo has none of yours"
            )
        )
        self.advance_box = self._switch(
            grid, self.tr("Show the next photo after Reject"), "advance_after_reject"
        )
        self.stars_box = self._switch(
            grid, self.tr("Stars and rejections to and from XMP"), "foreign_stars"
        )
        self.restore_box = self._switch(
            grid, self.tr("Reopen the last photos at start"), "restore_session"
        )

    def _build_export(self) -> None:
        grid = self._group(self.tr("Export"))
        self.export_box = self._choice(
            grid,
            self.tr("Folder"),
            ((self.tr("Cropsight, beside the photo"), False), (self.tr("One of your own …"), True)),
            "export_folder",
        )
        self.export_folder = ElidedLabel()
        self.export_folder.setProperty("kind", "secondary")
        grid.addWidget(self.export_folder, grid.rowCount(), 1)
        self.metadata_box = self._choice(
            grid,
            self.tr("Metadata"),
            (
                (self.tr("Keep all"), "all"),
                (self.tr("Without location"), "no-location"),
                (self.tr("Keep none"), "none"),
            ),
            "metadata",
        )

    def _build_engine(self) -> None:
        grid = self._group(self.tr("Engine and storage"))
        self.device_box = self._choice(
            grid,
            self.tr("Compute on"),
            (
                (self.tr("What is fastest here"), "auto"),
                (self.tr("Processor (CPU)"), "cpu"),
                (self.tr("NVIDIA or AMD graphics (CUDA)"), "cuda"),
                (self.tr("Apple graphics (MPS)"), "mps"),
            ),
            "device",
        )
        self.device_note = self._note(grid, self.tr("Holds from the next start on."))
        self.device_note.hide()
        self.cache = plain_label()
        self.clear_button = text_button(
            self.tr("Clear"), self.tr("Delete the stored small pictures; they are made anew")
        )
        self.clear_button.clicked.connect(self.clear_wanted)
        self._line(grid, self.cache, self.clear_button, name=self.tr("Stored thumbnails"))

    # Parts -----------------------------------------------------------------------------------

    def _group(self, title: str) -> QGridLayout:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.GAP_L)
        grid.setVerticalSpacing(theme.GAP_S)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(caption(title), 0, 0, 1, 2)
        self._column.addWidget(box)
        return grid

    def _choice(
        self, grid: QGridLayout, name: str, choices: Iterable[tuple[str, object]], setting: str
    ) -> ComboBox:
        box = ComboBox(name)
        box.setMinimumWidth(_CONTROL_WIDTH)
        for text, data in choices:
            box.addItem(text, data)
        box.currentIndexChanged.connect(lambda _: self._change(setting, box.currentData()))
        label = plain_label(name)
        label.setBuddy(box)
        line = grid.rowCount()
        grid.addWidget(label, line, 0)
        grid.addWidget(box, line, 1)
        return box

    def _switch(self, grid: QGridLayout, text: str, setting: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.toggled.connect(lambda on: self._change(setting, on))
        grid.addWidget(box, grid.rowCount(), 1)
        return box

    def _note(self, grid: QGridLayout, text: str) -> QLabel:
        label = secondary(text)
        grid.addWidget(label, grid.rowCount(), 1)
        return label

    def _line(self, grid: QGridLayout, *widgets: QWidget, name: str = "") -> None:
        line = grid.rowCount()
        if name:
            grid.addWidget(plain_label(name), line, 0)
        inside = row(*widgets)
        inside.setStretch(0, 1)
        grid.addLayout(inside, line, 1)

    def _change(self, setting: str, value: object) -> None:
        if self._filling:
            return
        settings, options = self._settings, self._settings.export
        if setting == "export_folder":
            folder = self._pick_folder(options.folder) if value else None
            settings.export = replace(options, folder=folder)
            self.show_settings()
        elif setting == "metadata":
            settings.export = replace(options, metadata=value)  # type: ignore[arg-type]
        elif setting == "fixed_aspect":
            settings.fixed_aspect = Aspect.parse(str(value)) if value else None
        else:
            setattr(settings, "mode" if setting == "theme" else setting, value)
        self.language_note.setVisible(self.language_note.isVisible() or setting == "language")
        self.device_note.setVisible(self.device_note.isVisible() or setting == "device")
        self.changed.emit(setting)

    def _pick_folder(self, before: Path | None) -> Path | None:
        """The folder that the person picks; what was before where none is picked."""
        start = str(before or Path.home())
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Export to"), start)
        return Path(chosen) if chosen else before
