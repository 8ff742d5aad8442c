"""Reads and writes the records of reviews in a worker thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.batch.review_record import ReviewRecord, UnfinishedReview, Verdict, left_behind
from cropcore.files.user_dirs import move_old_data

log = logging.getLogger(__name__)


class ReviewRecords(QObject):
    """Keeps a record of each open review, by its number, so that a crash loses no decision.

    Where a record cannot be written the review goes on without. Signals: ``left`` (tuple of
    UnfinishedReview that nobody has open, the oldest first), ``read`` (UnfinishedReview, dict of
    FoundCrop by places, tuple of CropsightError).
    """

    left = Signal(tuple)
    read = Signal(UnfinishedReview, object, tuple)

    def __init__(self, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        register_worker(self, "review records", StopOrder.RECORDS)
        self._folder = folder
        self._signals = ThreadSignals(self)
        self._thread = ThreadPoolExecutor(1, "reviews")
        self._stopped = False
        # Attributes below are used by the worker thread alone.
        self._open: dict[int, ReviewRecord] = {}

    def begin(self, number: int, preset: Preset, folder: Path, found: Sequence[FoundCrop]) -> None:
        """Write the record of a new review."""

        def work() -> None:
            self._open[number] = ReviewRecord.begun(self._folder, preset, folder, found)

        self._do(work)

    def go_on(self, number: int, left: UnfinishedReview) -> None:
        """Open the record of a review that was left behind."""

        def work() -> None:
            self._open[number] = ReviewRecord(left.record)

        self._do(work)

    def note(self, number: int, verdict: Verdict) -> None:
        """Something else stands about a result now."""

        def work() -> None:
            if (record := self._open.get(number)) is not None:
                record.add([verdict])

        self._do(work)

    def finish(self, number: int) -> None:
        """The review is at its end: nothing of it needs to be kept."""

        def work() -> None:
            if (record := self._open.pop(number, None)) is not None:
                record.forget()

        self._do(work)

    def look(self) -> None:
        """Look for reviews that a crash or a quit left behind."""

        def work() -> None:
            move_old_data()
            self._signals.send(self.left, tuple(left_behind(self._folder)))

        self._do(work)

    def read_in(self, left: UnfinishedReview) -> None:
        """Read the photos of a review that was left behind."""

        def work() -> None:
            found, errors = left.found()
            self._signals.send(self.read, left, found, tuple(errors))

        self._do(work)

    def discard(self, left: UnfinishedReview) -> None:
        """Give up a review that was left behind."""
        self._do(lambda: ReviewRecord(left.record).forget())

    def stop(self) -> None:
        """Write what is to be written, and wait for it; others may have the records then."""

        def work() -> None:
            for record in self._open.values():
                record.close()

        self._do(work)
        self._stopped = True
        end_pool(self._thread, cancel=False)

    def _do(self, work: Callable[[], object]) -> None:
        if not self._stopped:
            self._thread.submit(self._guarded, work)

    @staticmethod
    def _guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except (OSError, TimeoutError) as error:
            log.warning("The record of a review: %s", error)
        except Exception:  # The thread must go on with the next task.
            log.exception("The record of a review")
