"""Starts, pauses, cancels and resumes batches, and shows their progress and results."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.batch.batch_order import BatchOrder, BatchRecords, UnfinishedBatch
from app.batch.batch_thread import (
    BackgroundThread,
    BatchProgress,
    BatchResult,
    BatchThread,
    JobFailure,
)
from app.batch.failure_list import FailureList, FailureModel
from app.batch.progress_bar import BatchProgressBar
from app.batch.search_thread import SearchResult, SearchThread
from app.engine.messages import EngineClient
from app.i18n import plurals
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder, register_worker
from app.widgets.controls import plain_tip
from app.widgets.notices import Notice, NoticeStack, Severity
from app.widgets.work_notices import WorkNotices
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.files.user_dirs import move_old_data
from cropcore.job_control import InteractivePriority

KeepReview = Callable[[list[FoundCrop], Preset, Path], Callable[[], object]]
"""Takes the crops that were found, the preset and the folder; what it returns shows them."""


OfferCrops = Callable[[BatchResult], object]
"""Offers to write the crops of a batch for other editors."""


class RunningBatch(QObject):
    """Runs one batch at a time, yielding to whoever claims ``priority``, and tells of it in a bar.

    Signals: ``running_changed`` (whether a batch is at work), ``ended`` (BatchResult or SearchResult).
    """

    running_changed = Signal(bool)
    ended = Signal(object)

    def __init__(
        self,
        engine: EngineClient,
        notices: NoticeStack,
        records: Path,
        window: QWidget,
        priority: InteractivePriority,
    ) -> None:
        super().__init__(window)
        register_worker(self, "batch", StopOrder.JOBS)
        self._window = window
        self._engine = engine
        self._notices = notices
        self._records = BatchRecords(records)
        self._priority = priority
        self._worker = BackgroundWorker(self, "batch records", StopOrder.RECORDS)
        self._run: BackgroundThread | None = None
        self._told = WorkNotices(notices, self)
        self._stopped = False
        self.failures = FailureModel(self)
        self._failure_list: FailureList | None = None
        self._keep_review: KeepReview | None = None
        self._offer_crops: OfferCrops | None = None
        self._ready: tuple[str, Callable[[], object]] | None = None
        self.bar = BatchProgressBar()
        self.bar.pause.connect(self._pause)
        self.bar.cancel.connect(self.cancel)
        self.bar.failures.connect(self.show_failures)
        self.bar.closed.connect(self.bar.hide)

    @property
    def is_running(self) -> bool:
        """Whether a batch is at work."""
        return self._run is not None

    def set_review(self, keep: KeepReview) -> None:
        """Tell who keeps what was found, and shows it to the person."""
        self._keep_review = keep

    def set_offer(self, offer: OfferCrops) -> None:
        """Tell who writes the crops of a finished batch for other editors; a button of the bar asks for it."""
        self._offer_crops = offer

    def start(self, order: BatchOrder, record: Path | None = None) -> bool:
        """Begin a batch, or go on with the one of a ``record``; False while another is at work."""
        if self._run is not None or self._stopped:
            return False
        self.failures.clear()
        if order.review:
            run: BackgroundThread = SearchThread(order, self._engine, self, self._priority)
            text = self.tr("Looking for crops …")
        else:
            run = BatchThread(order, self._engine, self._records, record, self, self._priority)
            text = self.tr("Starting …")
        run.progressed.connect(self._progressed)
        run.job_failed.connect(self._add_failure)
        run.ended.connect(self._end)
        self._run = run
        self._put_ready_aside()
        self.bar.begin(order.preset.name, text)
        run.start(BackgroundThread.Priority.LowPriority)
        self.running_changed.emit(True)
        return True

    def cancel(self) -> None:
        """End the batch after the files in hand; it is not offered again."""
        if self._run is not None:
            self._run.give_up()
            self.bar.show_stopping(self.tr("Finishing the files in hand …"))

    def show_failures(self) -> None:
        """List the photos that came to nothing."""
        if self._failure_list is None:
            self._failure_list = FailureList(self.failures, self._window)
        self._failure_list.show()
        self._failure_list.raise_()
        self._failure_list.activateWindow()

    def look_for_unfinished(self) -> None:
        """Offer to go on with batches that a crash or a quit left behind."""
        self._worker.submit(self._look, self._offer_all)

    def holds_close(self) -> bool:
        """Whether the window should stay, because a batch is at work.

        The first time a notice says so; to ask again while it is there means to stop the batch, which
        is offered again at the next start.
        """
        text = self.tr(
            "A batch is running. Close again to stop it; the next start offers the rest."
        )
        if isinstance(self._run, SearchThread):
            text = self.tr("Crops are being found for a review. Close again to give them up.")
        return self.is_running and self._told.holds_close(text)

    def stop(self) -> None:
        """Stop after the files in hand and wait for them."""
        self._stopped = True
        if self._failure_list is not None:
            self._failure_list.hide()
        if self._run is not None:
            self._run.stop()

    # The run ---------------------------------------------------------------------------------

    def _pause(self, on: bool) -> None:
        if self._run is None:
            return
        if on:
            self._run.control.pause()
            self.bar.text.set_full_text(self.tr("Paused"))
        else:
            self._run.control.go_on()
            self.bar.text.set_full_text(self.tr("Going on …"))

    def _progressed(self, so_far: BatchProgress) -> None:
        if self._run is None or self._run.control.cancelled:
            return
        if self._run.control.paused:
            text = self.tr("Paused at {0} of {1}").format(so_far.done, so_far.total)
        else:
            text = self._say(so_far)
        self.bar.show_progress(so_far, text)

    def _say(self, so_far: BatchProgress) -> str:
        words = [self.tr("{0} of {1}").format(so_far.done, so_far.total)]
        if so_far.photos_per_second is not None:
            speed = f"{so_far.photos_per_second:.1f}"
            words.append(self.tr("{0} photos a second").format(speed))
        if so_far.seconds_left is not None and so_far.done < so_far.total:
            words.append(self._say_left(so_far.seconds_left))
        return "   ·   ".join(words)

    def _say_left(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("less than a minute left")
        minutes = round(seconds / 60)
        if minutes < 60:
            return self.tr("about {0} min left").format(minutes)
        return self.tr("about {0} h {1} min left").format(minutes // 60, minutes % 60)

    def _add_failure(self, failure: JobFailure) -> None:
        self.failures.add(failure)
        self.bar.show_failures(self.failures.failed, self.failures.skipped)

    def _end(self, end: BatchResult | SearchResult) -> None:
        run, self._run = self._run, None
        if isinstance(end, SearchResult):
            self._found(end)
        else:
            self._tell(end, run.record if isinstance(run, BatchThread) else None)
        if run is not None:
            run.finished.connect(run.deleteLater)
            if run.isFinished():
                run.deleteLater()
        self._told.close_question()
        self.running_changed.emit(False)
        self.ended.emit(end)

    def _tell(self, end: BatchResult, record: Path | None) -> None:
        words = [plurals.files_written(end.written)]
        if end.there:
            words.append(self.tr("{0} were there already").format(end.there))
        if end.given_up:
            words.append(self.tr("the rest was cancelled"))
        text = "   ·   ".join(words)
        self.bar.end(end.error or text)
        if end.error:
            again = partial(self.start, end.order, record)
            self.bar.offer(self.tr("Try again"), again)
        if end.report is not None:
            report = partial(_open, end.report)
            self.bar.offer(self.tr("Open report"), report, str(end.report))
        if end.written or end.there:
            folder = partial(_open, end.order.folder)
            self.bar.offer(self.tr("Show folder"), folder, str(end.order.folder))
        if end.crops and self._offer_crops is not None:
            tip = self.tr("Write these crops for Lightroom, darktable, RawTherapee")
            self.bar.offer(self.tr("Other editors …"), partial(self._offer_crops, end), tip)

    def _found(self, end: SearchResult) -> None:
        if end.error:
            self.bar.end(end.error)
        elif end.given_up:
            self.bar.hide()
        elif not end.found:
            self.bar.end(self.tr("No crops were found."))
        elif self._keep_review is not None:
            preset, text = end.order.preset, plurals.crops_ready(len(end.found))
            show = self._keep_review(list(end.found), preset, end.order.folder)
            self._ready = f"{preset.name}: {text}", show
            self.bar.end(text)
            self.bar.offer(self.tr("Review"), self._review)

    @property
    def has_ready(self) -> bool:
        """Whether crops were found for a review that nobody has looked at yet."""
        return self._ready is not None

    def open_ready(self) -> bool:
        """Show the review that is ready; False where none is."""
        if not self.has_ready:
            return False
        self._review()
        return True

    def _review(self) -> None:
        ready, self._ready = self._ready, None
        self.bar.hide()
        if ready is not None:
            ready[1]()

    def _put_ready_aside(self) -> None:
        """Another batch takes the bar: what was found and not looked at goes to a notice."""
        ready, self._ready = self._ready, None
        if ready is not None:
            text, show = ready
            notice = self._notices.add(text)
            notice.keep()
            notice.add_button(self.tr("Review"), show).clicked.connect(notice.close_notice)

    # What was left behind --------------------------------------------------------------------

    def _look(self) -> list[UnfinishedBatch]:
        move_old_data()
        return self._records.unfinished()

    def _offer_all(self, left: list[UnfinishedBatch]) -> None:
        for unfinished in left:
            self._offer(unfinished)

    def _offer(self, left: UnfinishedBatch) -> None:
        text = plurals.unfinished(len(left.order.photos), left.order.preset.name)
        notice = self._notices.add(text, Severity.INFO)
        notice.keep()
        notice.setToolTip(plain_tip(str(left.order.folder)))
        notice.add_button(self.tr("Resume"), partial(self._resume, left, notice))
        notice.add_button(self.tr("Discard"), partial(self._discard, left, notice))

    def _resume(self, left: UnfinishedBatch, notice: Notice) -> None:
        if self.start(left.order, left.record):
            notice.close_notice()
        elif self._run is not None:
            self._notices.add(self.tr("Another batch is at work; this one can go on after it."))

    def _discard(self, left: UnfinishedBatch, notice: Notice) -> None:
        self._worker.submit(partial(self._records.forget, left.record))
        notice.close_notice()


def _open(path: Path) -> None:
    """Show a file or folder with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
