"""Reads and writes preset files in a worker thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.i18n.engine_messages import translated
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from cropcore.batch import preset_library
from cropcore.batch.preset import Preset, read_preset
from cropcore.batch.preset_library import LibraryPreset
from cropcore.errors import CropsightError

log = logging.getLogger(__name__)


class PresetWorker(QObject):
    """Does one thing after the other and lists the presets after each.

    Signals: ``listed`` (tuple of LibraryPreset, the person's own first; Path of the one to show, or None),
    ``told`` (a text about what was done), ``failed`` (a text).
    """

    listed = Signal(tuple, object)
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self, "presets", StopOrder.RECORDS)

    def look(self, shown: Path | None = None) -> None:
        """Read the presets."""
        self._do(lambda: shown)

    def save(self, preset: Preset, replace_it: bool = False) -> None:
        """Keep a preset among the person's own."""
        self._do(lambda: preset_library.save_preset(preset, replace=replace_it))

    def save_over(self, saved: LibraryPreset, preset: Preset) -> None:
        """Put what a preset holds now into its file."""
        kept = replace(preset, name=saved.preset.name)
        self._do(lambda: preset_library.save_preset(kept, saved.path.parent, replace=True))

    def rename(self, saved: LibraryPreset, name: str) -> None:
        """Give one of the person's own another name."""
        self._do(lambda: preset_library.rename_preset(saved, name))

    def delete(self, saved: LibraryPreset) -> None:
        """Remove one of the person's own."""
        self._do(partial(self._delete, saved))

    def share(self, preset: Preset, path: Path) -> None:
        """Write a preset to a file for somebody else."""
        self._do(partial(self._share, preset, path))

    def take_in(self, path: Path) -> None:
        """Keep somebody else's preset among the person's own, under a name that is free."""
        self._do(partial(self._take_in, path))

    def _do(self, work: Callable[[], Path | None]) -> None:
        self._worker.submit(partial(self._guarded, work))

    def _guarded(self, work: Callable[[], Path | None]) -> None:
        shown: Path | None = None
        try:
            shown = work()
        except CropsightError as error:
            self._worker.send(self.failed, translated(error))
        except Exception as error:  # The person must hear of it in any case.
            log.exception("Presets")
            self._worker.send(self.failed, str(error))
        found, _ = preset_library.all_presets()
        self._worker.send(self.listed, tuple(found), shown)

    def _delete(self, saved: LibraryPreset) -> None:
        preset_library.delete_preset(saved)
        self._worker.send(self.told, self.tr("{0} was deleted.").format(saved.preset.name))

    def _share(self, preset: Preset, path: Path) -> Path | None:
        preset_library.write_preset(preset, path)
        self._worker.send(self.told, self.tr("Written to {0}.").format(path.name))
        return None

    def _take_in(self, path: Path) -> Path:
        preset = read_preset(path)
        taken = {s.path.stem for s in preset_library.all_presets()[0] if s.own}
        name, number = preset.name, 2
        while preset_library.short_name(name) in taken:
            name, number = f"{preset.name} ({number})", number + 1
        kept = preset_library.save_preset(replace(preset, name=name))
        self._worker.send(self.told, self.tr("{0} is among your presets now.").format(name))
        return kept
