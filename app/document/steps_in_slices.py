"""Makes the same step on many photos, a few in each round of the event loop."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.open_photo import OpenPhoto
from app.document.undo import StepGroup

_SLICE = 0.004
"""Seconds of computing in one round."""

Step = Callable[[OpenPhoto, StepGroup], None]


class StepsInSlices(QObject):
    """Steps that belong together, on more photos than one round of the event loop has time for.

    A few photos are done at once. Where the steps are undone before all are made, the others are left.
    Signals: ``finished`` (all are made).
    """

    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: deque[tuple[OpenPhoto, Step, StepGroup]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def begin(self, photos: Iterable[OpenPhoto], step: Step) -> None:
        """Make ``step`` on each photo, all of one group, after what an earlier call has left."""
        group = StepGroup()
        self._left.extend((photo, step, group) for photo in photos)
        self._timer.start()
        self._go_on()

    def _go_on(self) -> None:
        begun = time.thread_time()
        while self._left:
            photo, step, group = self._left.popleft()
            if group.is_undone:
                continue
            step(photo, group)
            if time.thread_time() - begun >= _SLICE:
                return
        self._timer.stop()
        self.finished.emit()
