"""Writes the accepted crops of a review in a worker thread, with progress and cancel."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.export.write_thread import WriteThread
from app.i18n.engine_messages import translated
from app.runtime.workers import StopOrder, register_worker
from app.widgets.controls import plain_tip
from app.widgets.notices import NoticeStack
from app.widgets.work_notices import WorkNotices
from cropcore.batch.preset import Preset
from cropcore.batch.review import AcceptedCrop, WriteOutcome, write_accepted

Wrote = Callable[[AcceptedCrop], object]
"""Is told of an accepted crop that is in a file now."""


Offer = Callable[[Sequence[AcceptedCrop]], object]
"""Offers to do something else with accepted crops that were written."""


class AcceptedExporter(QObject):
    """Writes one set of accepted crops after the other and tells of it in notices.

    Signals: ``finished`` (number of files of the set that ended).
    """

    finished = Signal(int)

    def __init__(self, notices: NoticeStack) -> None:
        super().__init__(notices)
        register_worker(self, "accepted crops", StopOrder.JOBS)
        self._notices = notices
        self._queue: deque[tuple[AcceptedWriter, Wrote]] = deque()
        self._wrote: Wrote = lambda accepted: None
        self._job: AcceptedWriter | None = None
        self._told = WorkNotices(notices, self)
        self._written: list[Path] = []
        self._done = 0
        self._stopped = False
        self._offer: Offer | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

    def set_offer(self, offer: Offer) -> None:
        """Tell who writes accepted crops for other editors; asked for in the notice of the result."""
        self._offer = offer

    def write(
        self, accepted: Sequence[AcceptedCrop], preset: Preset, folder: Path, wrote: Wrote
    ) -> None:
        """Write these crops, after those that are being written; ``wrote`` is told of each."""
        if accepted and not self._stopped:
            self._queue.append((AcceptedWriter(accepted, preset, folder, self), wrote))
            self._next()

    def holds_close(self) -> bool:
        """Whether the window should stay, because files are still being written.

        The first time a notice says so; to ask again while it is there means to stop.
        """
        text = self.tr("Accepted crops are still being written. Close again to stop.")
        return self.is_running and self._told.holds_close(text)

    def stop(self) -> None:
        """Cancel, wait for the file that is being written, and begin no other."""
        self._stopped = True
        self._queue.clear()
        if self._job is not None:
            self._job.end()

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        self._written, self._done = [], 0
        job, self._wrote = self._queue.popleft()
        job.told.connect(self._take)
        job.broke.connect(self._told.fail)
        job.finished.connect(self._finish)
        self._job = job
        self._told.begin(self._say_progress(), job.cancel)
        job.start(AcceptedWriter.Priority.LowPriority)

    def _take(self, outcome: WriteOutcome) -> None:
        self._done += 1
        if outcome.exported is not None:
            self._written.append(outcome.exported.path)
            self._wrote(outcome.accepted)
        elif outcome.error is not None:
            self._told.fail(translated(outcome.error))
        if self._job is not None:
            self._told.show_progress(self._say_progress(), self._done, len(self._job.accepted))

    def _say_progress(self) -> str:
        total = len(self._job.accepted) if self._job is not None else 0
        shown = min(self._done + 1, total)
        return self.tr("Writing {0} of {1} accepted crops").format(shown, total)

    def _finish(self) -> None:
        job, self._job = self._job, None
        self._told.end(len(self._written))
        if job is not None:
            self._tell_result(job)
            job.deleteLater()
        self.finished.emit(len(self._written))
        self._next()
        if self._job is None:
            self._told.close_question()

    def _tell_result(self, job: AcceptedWriter) -> None:
        count, folder = len(self._written), job.folder
        if count:
            text = self.tr("{0} accepted crops written to {1}").format(count, folder.name)
            if count == 1:
                text = self.tr("Written {0} to {1}").format(self._written[0].name, folder.name)
            if job.was_cancelled:
                text += ". " + self.tr("The rest was cancelled.")
            notice = self._notices.add(text)
            notice.add_button(self.tr("Show"), lambda: _show(folder)).setToolTip(
                plain_tip(str(folder))
            )
            if (offer := self._offer) is not None:
                accepted = job.accepted
                button = notice.add_button(self.tr("Other editors …"), lambda: offer(accepted))
                button.setToolTip(
                    self.tr("Write these crops for Lightroom, darktable, RawTherapee")
                )
        elif job.was_cancelled:
            self._notices.add(self.tr("Cancelled; nothing was written."))


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


log = logging.getLogger(__name__)


class AcceptedWriter(WriteThread):
    """Writes crops one after the other; a failure never stops the rest.

    Signals: ``told`` (WriteOutcome), ``broke`` (a text: something that no outcome tells). ``cancel`` ends
    it after the file in work.
    """

    told = Signal(WriteOutcome)
    broke = Signal(str)

    def __init__(
        self, accepted: Sequence[AcceptedCrop], preset: Preset, folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.accepted = tuple(accepted)
        self.preset = preset
        self.folder = folder

    def run(self) -> None:
        """The thread's work."""
        try:
            for outcome in write_accepted(self.accepted, self.preset, self.folder, self.control):
                self.signals.send(self.told, outcome)
        except Exception as error:  # The person must hear of the end in any case.
            log.exception("Cannot write accepted crops to %s", self.folder)
            self.signals.send(self.broke, str(error))
