"""Detects a photo's level angle in a worker thread."""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.images.level_detection import suggested_angle

log = logging.getLogger(__name__)

_KEPT = 500

PictureKey = tuple[int, tuple[int, int]]
"""A photo's key and the stamp of its file."""


class LevelFinder(QObject):
    """Remembers what it found for a photo's file, as it lies there.

    Signals: ``found`` (a photo was looked at; ask :meth:`angle`).
    """

    found = Signal()
    _made = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        register_worker(self, "level finder", StopOrder.READERS)
        self._signals = ThreadSignals(self)
        self._pool = ThreadPoolExecutor(1, "level")
        self._known: OrderedDict[PictureKey, float | None] = OrderedDict()
        self._asked: PictureKey | None = None
        self._made.connect(self._take)

    def look(self, key: PictureKey, image: QImage) -> None:
        """Find the angle of a picture of 32 bits a pixel, unless it is known or being found."""
        if key not in self._known and key != self._asked:
            self._asked = key
            self._pool.submit(self._find, key, image)

    def knows(self, key: PictureKey) -> bool:
        """Whether the photo was looked at."""
        return key in self._known

    def angle(self, key: PictureKey) -> float | None:
        """Degrees clockwise, in tenths; None where there is nothing to level by, or not looked yet."""
        return self._known.get(key)

    def stop(self) -> None:
        """Wait for the thread."""
        end_pool(self._pool)

    def _find(self, key: PictureKey, image: QImage) -> None:
        angle = None
        try:
            rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
            found = suggested_angle(np.ascontiguousarray(rows[:, : image.width(), 2::-1]))
            angle = None if found is None else round(found, 1) + 0.0
        except Exception:  # Nothing to level by is an answer that harms nobody.
            log.exception("No level was found")
        self._signals.send(self._made, key, angle)

    def _take(self, key: PictureKey, angle: float | None) -> None:
        self._known[key] = angle
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.found.emit()
