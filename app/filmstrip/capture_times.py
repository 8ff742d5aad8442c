"""Reads capture times in the background when photos are sorted by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.document.document import Document
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from cropcore.errors import PhotoError
from cropcore.metadata.metadata import time_taken

_PORTION = 200


class CaptureTimes(QObject):
    """Reads them for photos that have none yet; ``arrange`` is called when they are all there."""

    def __init__(self, document: Document, arrange: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._arrange = arrange
        self._worker = BackgroundWorker(self, "capture times", StopOrder.READERS)
        self._asked: set[int] = set()

    def read(self) -> None:
        """Read those of all photos that were not read before."""
        photos = [p for p in self._document.own.photos if p.key not in self._asked]
        if not photos:
            return
        self._asked.update(photo.key for photo in photos)
        files = [(photo.key, photo.path) for photo in photos]
        for start in range(0, len(files), _PORTION):
            self._worker.submit(partial(self._read, files[start : start + _PORTION]), self._take)
        self._worker.submit(lambda: None, lambda _: self._arrange())

    def _read(self, files: Sequence[tuple[int, Path]]) -> list[tuple[int, str]]:
        found = []
        for key, path in files:
            if self._worker.is_stopped:
                break
            try:
                found.append((key, time_taken(path)))
            except PhotoError:
                continue  # the reason is shown with the photo
        return found

    def _take(self, found: Sequence[tuple[int, str]]) -> None:
        for key, text in found:
            photo = self._document.find(key)
            if photo is not None:
                photo.taken = text
