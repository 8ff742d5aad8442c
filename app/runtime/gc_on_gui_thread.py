"""Runs Python's garbage collector on the GUI thread only.

Python collects cyclic garbage on whichever thread happens to allocate. A widget or another QObject
that is freed on a worker thread brings the program down, so the automatic collection is switched
off and a timer collects where Qt's objects live.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 1000
_GROWTH = 1.25


class GuiCollector(QObject):
    """Collects by Python's own thresholds, checked once a second.

    While the engine loads, :meth:`rest` pauses it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._oldest = 0
        self._counted_at = 0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.setInterval(_EVERY_MS)
        self._timer.start()

    def rest(self) -> None:
        """Collect nothing until :meth:`go_on`."""
        self._timer.stop()

    @Slot()
    def go_on(self) -> None:
        """Collect again, with all present objects frozen (``gc.freeze``), most of which stay.

        Otherwise a full collection would visit all of torch's objects while the window waits.
        """
        gc.freeze()
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that has grown past its threshold.

        All objects are visited, as by Python itself, only once a quarter more of them are old: with
        thousands of open photos that takes longer than a frame. Counting them takes a while as well, and is
        done as seldom as Python would collect them.
        """
        counts = gc.get_count()
        if counts[2] < self._counted_at:  # somebody else collected them
            self._counted_at = 0
        if counts[2] > self._counted_at + self._thresholds[2]:
            self._counted_at = counts[2]
            if len(gc.get_objects(2)) >= _GROWTH * self._oldest:
                gc.collect(2)
                self._oldest, self._counted_at = len(gc.get_objects(2)), 0
                return
        for generation in (1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
