"""Makes the same step on many photos, a few in each round of the event loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.open_photo import OpenPhoto
from app.document.undo import StepGroup

_SLICE = 0.004
"""Seconds of computing in one round."""


class StepsInSlices(QObject):
    """Steps that belong together, on more photos than one round of the event loop has time for.

    A few photos are done at once. Where the last step is undone before all are made, the others are left.
    Signals: ``finished`` (all are made).
    """

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: Iterator[OpenPhoto] = iter(())
        self._step: Callable[[OpenPhoto, StepGroup], None] = lambda photo, group: None
        self._group = StepGroup()
        self._last: OpenPhoto | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def begin(
        self, photos: Iterable[OpenPhoto], step: Callable[[OpenPhoto, StepGroup], None]
    ) -> None:
        """Make ``step`` on each photo, all of one group; what an earlier call has left is done first."""
        while self._timer.isActive():
            self._go_on()
        self._left, self._step, self._group, self._last = iter(photos), step, StepGroup(), None
        self._timer.start()
        self._go_on()

    def _go_on(self) -> None:
        if self._last is not None and not self._group.is_next(self._last, forwards=False):
            self._timer.stop()
            return
        begun = time.thread_time()
        for photo in self._left:
            made = len(self._group.keys)
            self._step(photo, self._group)
            if len(self._group.keys) > made:
                self._last = photo
            if time.thread_time() - begun >= _SLICE:
                return
        self._timer.stop()
        self.finished.emit()
