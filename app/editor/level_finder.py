"""Detects a photo's level angle in a worker thread."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from cropcore.images.level_detection import Level, found_level

log = logging.getLogger(__name__)

_KEPT = 500

PictureKey = tuple[int, tuple[int, int]]
"""A photo's key and the stamp of its file."""


class LevelFinder(QObject):
    """Remembers what it found for a photo's file, as it lies there.

    Signals: ``found`` (a photo was looked at; ask :meth:`level`).
    """

    found = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self, "level finder", StopOrder.READERS)
        self._known: OrderedDict[PictureKey, Level | None] = OrderedDict()
        self._asked: PictureKey | None = None

    def look(self, key: PictureKey, image: QImage) -> None:
        """Find the angle of a picture of 32 bits a pixel, unless it is known or being found."""
        if key not in self._known and key != self._asked:
            self._asked = key
            self._worker.submit(partial(_level_of, image), partial(self._take, key))

    def knows(self, key: PictureKey) -> bool:
        """Whether the photo was looked at."""
        return key in self._known

    def level(self, key: PictureKey) -> Level | None:
        """The angle, in tenths, and its certainty; None where nothing says it, or not looked yet."""
        return self._known.get(key)

    def _take(self, key: PictureKey, level: Level | None) -> None:
        self._known[key] = level
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.found.emit()


def _level_of(image: QImage) -> Level | None:
    """The turn, in tenths of degrees, that makes a picture level."""
    try:
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
        found = found_level(np.ascontiguousarray(rows[:, : image.width(), 2::-1]))
    except Exception:  # Nothing to level by is an answer that harms nobody.
        log.exception("No level was found")
        return None
    return None if found is None else found.in_tenths
