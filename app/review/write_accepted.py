"""Writes the accepted crops of a review in a worker thread, with progress and cancel."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_thread, register_worker
from app.widgets.notices import Notice, NoticeStack, Severity
from cropcore.batch.preset import Preset
from cropcore.batch.review import AcceptedCrop, WriteOutcome, write_accepted
from cropcore.job_control import JobControl

Wrote = Callable[[AcceptedCrop], object]
"""Is told of an accepted crop that is in a file now."""

_NAMED = 3


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
        self._notice: Notice | None = None
        self._close_notice: Notice | None = None
        self._written: list[Path] = []
        self._errors: list[str] = []
        self._stopped = False

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

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
        if self._job is None or self._close_notice is not None:
            return False
        self._close_notice = self._notices.add(
            self.tr("Accepted crops are still being written. Close again to stop.")
        )
        self._close_notice.closed.connect(self._forget_close_notice)
        return True

    def stop(self) -> None:
        """Cancel, wait for the file that is being written, and begin no other."""
        self._stopped = True
        self._queue.clear()
        if self._job is not None:
            self._job.end()

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        self._written, self._errors = [], []
        job, self._wrote = self._queue.popleft()
        job.told.connect(self._told)
        job.broke.connect(self._errors.append)
        job.finished.connect(self._finish)
        self._job = job
        self._notice = self._notices.add(self._say_progress())
        self._notice.keep()
        self._notice.closed.connect(self._forget_notice)
        self._notice.add_button(self.tr("Cancel"), job.cancel)
        job.start(AcceptedWriter.Priority.LowPriority)

    def _told(self, outcome: WriteOutcome) -> None:
        if outcome.exported is not None:
            self._written.append(outcome.exported.path)
            self._wrote(outcome.accepted)
        elif outcome.error is not None:
            self._errors.append(translated(outcome.error))
        if self._notice is not None and self._job is not None:
            self._notice.set_text(self._say_progress())
            done = len(self._written) + len(self._errors)
            self._notice.set_progress(done, len(self._job.accepted))

    def _say_progress(self) -> str:
        total = len(self._job.accepted) if self._job is not None else 0
        shown = min(len(self._written) + len(self._errors) + 1, total)
        return self.tr("Writing {0} of {1} accepted crops").format(shown, total)

    def _finish(self) -> None:
        job, self._job = self._job, None
        if self._notice is not None:
            self._notice.close_notice()
        if job is not None:
            self._tell_errors()
            self._tell_result(job)
            job.deleteLater()
        self.finished.emit(len(self._written))
        self._next()
        if self._job is None and self._close_notice is not None:
            self._close_notice.close_notice()

    def _tell_errors(self) -> None:
        for text in self._errors[:_NAMED]:
            self._notices.add(text, Severity.ERROR)
        if rest := self._errors[_NAMED:]:
            names = "\n".join(rest[:20])
            text = self.tr("{0} more could not be written.").format(len(rest))
            self._notices.add(text, Severity.ERROR).setToolTip(names)

    def _tell_result(self, job: AcceptedWriter) -> None:
        count, folder = len(self._written), job.folder
        if count:
            text = self.tr("{0} accepted crops written to {1}").format(count, folder.name)
            if count == 1:
                text = self.tr("Written {0} to {1}").format(self._written[0].name, folder.name)
            if job.was_cancelled:
                text += ". " + self.tr("The rest was cancelled.")
            notice = self._notices.add(text)
            notice.add_button(self.tr("Show"), lambda: _show(folder)).setToolTip(str(folder))
        elif job.was_cancelled:
            self._notices.add(self.tr("Cancelled; nothing was written."))

    def _forget_notice(self) -> None:
        """The person closed the notice: the writing goes on without it."""
        self._notice = None

    def _forget_close_notice(self) -> None:
        """Its time is over, or the person closed it: closing is asked about again."""
        self._close_notice = None


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


log = logging.getLogger(__name__)


class AcceptedWriter(QThread):
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
        self._control = JobControl()
        self._signals = ThreadSignals(self)
        # Connected first: queued signals are delivered before other receivers of ``finished`` run.
        self.finished.connect(self._signals.deliver)

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self._control.cancel()

    def end(self) -> None:
        """Stop after the file that is being written, and tell of all that were."""
        self.cancel()
        end_thread(self)
        self._signals.deliver()

    @property
    def was_cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._control.cancelled

    def run(self) -> None:
        """The thread's work."""
        try:
            for outcome in write_accepted(self.accepted, self.preset, self.folder, self._control):
                self._signals.send(self.told, outcome)
        except Exception as error:  # The person must hear of the end in any case.
            log.exception("Cannot write accepted crops to %s", self.folder)
            self._signals.send(self.broke, str(error))
