"""Edits presets on the batch page: choose, change, save, rename, delete, import, export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.batch.preset_worker import PresetWorker
from cropcore.batch.preset import Preset
from cropcore.batch.preset_library import LibraryPreset, short_name

if TYPE_CHECKING:
    from app.batch.page import BatchPage


class PresetEditing(QObject):
    """Joins the page's preset widgets to the preset files.

    What a person changed in a preset is kept as a draft until it is saved or reverted, also while
    another preset is shown.

    Signals: ``listed`` (the page shows the presets as they are on the disk now), ``told`` (a text
    about what was done, or failed).
    """

    listed = Signal()
    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._page: BatchPage | None = None
        self._drafts: dict[Path, Preset] = {}
        self._worker = PresetWorker(self)
        self._worker.listed.connect(self._show_list)
        self._worker.told.connect(self.told)
        self._worker.failed.connect(self.told)

    def connect_page(self, page: BatchPage) -> None:
        """Take over the preset widgets of a page that was just built."""
        self._page = page
        page.chosen.connect(self._show_chosen)
        page.preset_changed.connect(self._keep_draft)
        page.head.revert.connect(self._revert)
        page.head.save.connect(self._save)
        page.head.save_as.connect(self._save_as)
        page.head.rename.connect(self._rename)
        page.head.delete.connect(self._delete)
        page.presets.import_wanted.connect(self._import)
        page.presets.export_wanted.connect(self._export)

    def look(self, shown: Path | None = None) -> None:
        """Read the presets and choose the one of the file ``shown``, else the one chosen before."""
        self._worker.look(shown)

    def show_state(self) -> None:
        """Offer what can be done with the preset as the fields say it now."""
        page = self._page
        if page is None or (saved := page.presets.current) is None:
            return
        preset = page.preset
        changed = preset is None or preset != saved.preset
        page.head.show_preset(saved, changed, page.presets.all)
        for button in (page.head.save_as_button, page.presets.export_button):
            button.setEnabled(preset is not None)
        page.head.save_button.setEnabled(changed and preset is not None)

    def _show_list(self, found: tuple[LibraryPreset, ...], shown: Path | None) -> None:
        if self._page is not None:
            self._page.presets.show_presets(found, shown)
            self.listed.emit()

    def _show_chosen(self, saved: LibraryPreset) -> None:
        """Another preset: as the person left it, or as it is saved."""
        if self._page is not None:
            self._page.show_preset(self._drafts.get(saved.path, saved.preset))

    def _keep_draft(self) -> None:
        if (pair := self._current()) is not None:
            saved, preset = pair
            self._drafts[saved.path] = preset
            if preset == saved.preset:
                del self._drafts[saved.path]

    def _revert(self) -> None:
        saved = self._page.presets.current if self._page is not None else None
        if saved is not None:
            self._drafts.pop(saved.path, None)
            self._show_chosen(saved)

    def _save(self) -> None:
        if (pair := self._current()) is not None and pair[0].own:
            self._drafts.pop(pair[0].path, None)
            self._worker.save_over(*pair)

    def _save_as(self, name: str) -> None:
        if (pair := self._current()) is not None:
            self._drafts.pop(pair[0].path, None)
            self._worker.save(replace(pair[1], name=name))

    def _rename(self, name: str) -> None:
        if (pair := self._current()) is not None and pair[0].own:
            self._worker.rename(pair[0], name)

    def _delete(self) -> None:
        if (pair := self._current()) is not None and pair[0].own:
            self._worker.delete(pair[0])

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._page, self.tr("Import a preset"), "", self.tr("Presets (*.json)")
        )
        if name:
            self._worker.take_in(Path(name))

    def _export(self) -> None:
        if (pair := self._current()) is None:
            return
        start = f"{short_name(pair[1].name)}.json"
        name, _ = QFileDialog.getSaveFileName(
            self._page, self.tr("Export the preset"), start, self.tr("Presets (*.json)")
        )
        if name:
            path = Path(name)
            self._worker.share(pair[1], path if path.suffix else path.with_suffix(".json"))

    def _current(self) -> tuple[LibraryPreset, Preset] | None:
        """The chosen preset as it is saved, and as the fields say it now."""
        page = self._page
        saved = page.presets.current if page is not None else None
        preset = page.preset if page is not None else None
        return (saved, preset) if saved is not None and preset is not None else None
