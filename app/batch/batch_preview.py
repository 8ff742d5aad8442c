"""Looks up in a worker thread which photos a batch has and how their files will be named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.batch.file_name_preview import (
    FileNamePreview,
    NamedPhoto,
    file_name_previews,
    named_photo,
)
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.errors import CropsightError
from cropcore.files.photo_scan import gather

log = logging.getLogger(__name__)

SHOWN = 6
"""How many names are shown; so many photos are looked into for them."""

_LOOK_EVERY = 64
_FACTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class PhotoListPreview:
    """The photos of a batch in their order, files of folders that are none, raw files that cannot be read
    here, and what is wrong.
    """  # fmt: skip

    photos: tuple[Path, ...] = ()
    left_out: int = 0
    raw_left_out: int = 0
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class FileNamesPreview:
    """The first names, one that had to be numbered, and how many there are of each kind.

    Where not ``sure``, a name further on may still turn out to be taken.
    """

    first: tuple[FileNamePreview, ...] = ()
    numbered_one: FileNamePreview | None = None
    total: int = 0
    numbered: int = 0
    there: int = 0
    sure: bool = True
    wrong: str = ""


class BatchPreview(QObject):
    """Looks ahead on a thread of its own; a later question takes the place of an earlier one.

    Signals: ``gathered`` (PhotoListPreview), ``named`` (FileNamesPreview).
    """

    gathered = Signal(PhotoListPreview)
    named = Signal(FileNamesPreview)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        register_worker(self, "batch preview", StopOrder.READERS)
        self._signals = ThreadSignals(self)
        self._hand = ThreadPoolExecutor(1, "ahead")
        self._asked = {"gather": 0, "name": 0}
        self._facts: dict[Path, NamedPhoto | None] = {}
        self._stopped = False

    def gather(self, paths: Sequence[Path], folder: Path) -> None:
        """Find the photos of files and folders for a batch into ``folder``."""
        self._ask("gather", partial(self._gather, tuple(paths), folder))

    def name(
        self,
        preset: Preset,
        photos: Sequence[Path],
        folder: Path,
        prior_edits: Mapping[Path, PriorEdits] | None = None,
    ) -> None:
        """Find the names that a batch will give."""
        self._ask("name", partial(self._name, preset, tuple(photos), folder, prior_edits or {}))

    def stop(self) -> None:
        """Drop what was asked and wait."""
        self._stopped = True
        self._asked = dict.fromkeys(self._asked, -1)
        end_pool(self._hand)

    def _ask(self, kind: str, work: Callable[[int], None]) -> None:
        if not self._stopped:
            self._asked[kind] += 1
            self._hand.submit(self._guarded, kind, self._asked[kind], work)

    def _guarded(self, kind: str, number: int, work: Callable[[int], None]) -> None:
        if number != self._asked[kind]:
            return
        try:
            work(number)
        except Exception:  # It is only a look ahead: the batch itself will say what is wrong.
            log.exception("Cannot look ahead")

    def _gather(self, paths: tuple[Path, ...], folder: Path, number: int) -> None:
        try:
            found = gather(paths, folder)
        except CropsightError as error:
            preview = PhotoListPreview(wrong=translated(error))
        else:
            wrong = translated(found.failures[0]) if found.failures and not found.photos else ""
            preview = PhotoListPreview(
                tuple(found.photos), found.left_out, found.raw_left_out, wrong
            )
        if number == self._asked["gather"]:
            self._signals.send(self.gathered, preview)

    def _name(
        self,
        preset: Preset,
        photos: tuple[Path, ...],
        folder: Path,
        prior_edits: Mapping[Path, PriorEdits],
        number: int,
    ) -> None:
        first: list[FileNamePreview] = []
        example: FileNamePreview | None = None
        total = numbered = there = 0
        sure = True
        try:
            for preview in file_name_previews(preset, photos, folder, self._known, prior_edits):
                if total % _LOOK_EVERY == 0 and number != self._asked["name"]:
                    return
                if len(first) < SHOWN:
                    first.append(preview)
                elif preview.fate == "numbered" and example is None and preview.sure:
                    example = preview
                total += 1
                numbered += preview.fate == "numbered" and preview.sure
                there += preview.fate == "there"
                sure = sure and preview.sure
        except CropsightError as error:
            names = FileNamesPreview(wrong=translated(error))
        else:
            names = FileNamesPreview(tuple(first), example, total, numbered, there, sure)
        if number == self._asked["name"]:
            self._signals.send(self.named, names)

    def _known(self, place: int, path: Path) -> NamedPhoto | None:
        """Facts of the first photos; to read all of them would take as long as a batch."""
        if place >= SHOWN:
            return None
        if path not in self._facts:
            if len(self._facts) >= _FACTS_KEPT:
                self._facts.clear()
            self._facts[path] = named_photo(path)
        return self._facts[path]
