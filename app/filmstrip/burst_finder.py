"""Finds the bursts among the open photos in the background."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.document.document import Document
from app.filmstrip.model import FilmModel
from app.runtime.background import BackgroundWorker, single_shot
from app.runtime.workers import StopOrder
from cropcore.errors import CropsightError
from cropcore.images.bursts import WORKING_SIDE, Grey, bursts, seconds_of, small_picture
from cropcore.images.photo import grey_preview, read_photo
from cropcore.metadata.metadata import time_taken

_SETTLE_MS = 400
_READ_SIDE = WORKING_SIDE // 4


class BurstFinder(QObject):
    """While it is on, the frames of a burst are stacks of the filmstrip's model.

    Times are read of all photos, pictures of those alone that were taken soon after another, each once.
    """

    def __init__(self, document: Document, film: FilmModel) -> None:
        super().__init__(document)
        self._document = document
        self._film = film
        self._on = False
        self._worker = BackgroundWorker(self, "bursts", StopOrder.READERS)
        self._times: dict[Path, float | None] = {}  # these two belong to the worker's thread
        self._pictures: dict[Path, Grey | None] = {}
        self._settle = single_shot(self, _SETTLE_MS, self._look)
        document.photos_changed.connect(self._follow)

    def set_on(self, on: bool) -> None:
        """Look for bursts from now on; off: there are no stacks."""
        self._on = on
        if on:
            self._look()
        else:
            self._settle.stop()
            self._film.set_stacks(())

    def _follow(self) -> None:
        if self._on:
            self._settle.start()

    def _look(self) -> None:
        files = [(photo.key, photo.path) for photo in self._document.own.photos]
        self._worker.submit(partial(self._find, files), self._take)

    def _take(self, stacks: list[tuple[int, ...]]) -> None:
        if self._on:
            self._film.set_stacks(stacks)

    # In the background ------------------------------------------------------------------------

    def _find(self, files: Sequence[tuple[int, Path]]) -> list[tuple[int, ...]]:
        path_of = dict(files)
        times = []
        for key, path in files:
            if self._worker.is_stopped:
                return []
            if path not in self._times:
                self._times[path] = _seconds(path)
            times.append((key, self._times[path]))
        return bursts(times, lambda key: self._picture(path_of[key]))

    def _picture(self, path: Path) -> Grey | None:
        if path not in self._pictures:
            if self._worker.is_stopped:
                return None
            self._pictures[path] = _picture_of(path)
        return self._pictures[path]


def _seconds(path: Path) -> float | None:
    try:
        return seconds_of(time_taken(path))
    except (CropsightError, OSError):
        return None  # the reason is shown with the photo


def _picture_of(path: Path) -> Grey | None:
    try:
        return small_picture(grey_preview(read_photo(path), _READ_SIDE))
    except (CropsightError, OSError):
        return None
