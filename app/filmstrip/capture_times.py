"""Reads capture times in the background when photos are sorted by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.errors import PhotoError
from cropcore.metadata.metadata import time_taken

_PORTION = 200


class CaptureTimes(QObject):
    """Reads them for photos that have none yet; ``arrange`` is called when they are all there."""

    _time_read = Signal(object)
    _ended = Signal()

    def __init__(self, document: Document, arrange: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        register_worker(self, "capture times", StopOrder.READERS)
        self._document = document
        self._signals = ThreadSignals(self)
        self._pool = ThreadPoolExecutor(1, "times")
        self._asked: set[int] = set()
        self._stopped = False
        self._time_read.connect(self._take)
        self._ended.connect(arrange)

    def read(self) -> None:
        """Read those of all photos that were not read before."""
        photos = [p for p in self._document.own.photos if p.key not in self._asked]
        if photos and not self._stopped:
            self._asked.update(photo.key for photo in photos)
            self._pool.submit(self._read, [(photo.key, photo.path) for photo in photos])

    def stop(self) -> None:
        """Read no more, and wait for the file in work."""
        self._stopped = True
        end_pool(self._pool)

    def _read(self, files: Sequence[tuple[int, Path]]) -> None:
        for start in range(0, len(files), _PORTION):
            found = []
            for key, path in files[start : start + _PORTION]:
                if self._stopped:
                    return
                try:
                    found.append((key, time_taken(path)))
                except PhotoError:
                    continue  # the reason is shown with the photo
            self._signals.send(self._time_read, found)
        self._signals.send(self._ended)

    def _take(self, found: Sequence[tuple[int, str]]) -> None:
        for key, text in found:
            photo = self._document.find(key)
            if photo is not None:
                photo.taken = text
