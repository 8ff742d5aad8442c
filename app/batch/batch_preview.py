"""Looks up in a worker thread which photos a batch has and how their files will be named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.i18n.engine_messages import translated
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
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
        self._worker = BackgroundWorker(self, "batch preview", StopOrder.READERS)
        self._asked = {"gather": 0, "name": 0}
        self._facts: dict[Path, NamedPhoto | None] = {}

    def gather(self, paths: Sequence[Path], folder: Path, pairs: bool = True) -> None:
        """Find the photos of files and folders for a batch into ``folder``.

        ``pairs`` as in :class:`cropcore.files.photo_scan.PhotoWalk`.
        """
        self._ask("gather", partial(self._gather, tuple(paths), folder, pairs))

    def name(
        self,
        preset: Preset,
        photos: Sequence[Path],
        folder: Path,
        prior_edits: Mapping[Path, PriorEdits] | None = None,
    ) -> None:
        """Find the names that a batch will give."""
        self._ask("name", partial(self._name, preset, tuple(photos), folder, prior_edits or {}))

    def _ask(self, kind: str, work: Callable[[int], None]) -> None:
        self._asked[kind] += 1
        self._worker.submit(partial(self._work, kind, self._asked[kind], work))

    def _work(self, kind: str, number: int, work: Callable[[int], None]) -> None:
        if self._is_wanted(kind, number):
            work(number)

    def _is_wanted(self, kind: str, number: int) -> bool:
        """Whether nothing else was asked since."""
        return number == self._asked[kind] and not self._worker.is_stopped

    def _gather(self, paths: tuple[Path, ...], folder: Path, pairs: bool, number: int) -> None:
        try:
            found = gather(paths, folder, pairs)
        except CropsightError as error:
            preview = PhotoListPreview(wrong=translated(error))
        else:
            wrong = translated(found.failures[0]) if found.failures and not found.photos else ""
            preview = PhotoListPreview(
                tuple(found.photos), found.left_out, found.raw_left_out, wrong
            )
        if self._is_wanted("gather", number):
            self._worker.send(self.gathered, preview)

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
                if total % _LOOK_EVERY == 0 and not self._is_wanted("name", number):
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
        if self._is_wanted("name", number):
            self._worker.send(self.named, names)

    def _known(self, place: int, path: Path) -> NamedPhoto | None:
        """Facts of the first photos; to read all of them would take as long as a batch."""
        if place >= SHOWN:
            return None
        if path not in self._facts:
            if len(self._facts) >= _FACTS_KEPT:
                self._facts.clear()
            self._facts[path] = named_photo(path)
        return self._facts[path]
