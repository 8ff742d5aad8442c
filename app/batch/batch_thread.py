"""Worker thread that runs one batch: decodes, asks the engine, writes files."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QThread, Signal

from app.batch.background_engine import BackgroundEngine, StoppedError
from app.batch.batch_order import BatchOrder, BatchRecords
from app.engine.messages import EngineClient
from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import end_thread
from cropcore.batch.batch import Batch
from cropcore.batch.jobs import PhotoOutcome
from cropcore.batch.journal import NAME as JOURNAL
from cropcore.batch.report import Report
from cropcore.batch.set_aside_journal import resumed_journal, set_aside
from cropcore.errors import CropsightError, ExportError, FileError, system_reason
from cropcore.files.own_files import NotOwnError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.crop_json import crop_in
from cropcore.job_control import InteractivePriority, JobControl, Progress

log = logging.getLogger(__name__)

_TOLD_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class JobFailure:
    """A photo that came to nothing, wholly or for one aspect: it failed, or was skipped."""

    path: Path
    reason: str
    kind: Literal["failed", "skipped"]


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is: jobs done of all, photos per second, and the seconds that are left."""

    done: int
    total: int
    photos_per_second: float | None = None
    seconds_left: float | None = None

    @classmethod
    def of(cls, progress: Progress, aspects: int) -> BatchProgress:
        """From the progress of the core, which counts jobs."""
        speed = progress.per_second
        return cls(
            progress.done,
            progress.total,
            None if speed is None else speed / aspects,
            progress.seconds_left,
        )


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch: files written now and there already, and why it ended early if it did.

    ``given_up`` tells that the person cancelled it, ``stopped`` that the program is about to end. ``crops``
    are the first crop of each photo with its aspect.
    """

    order: BatchOrder
    written: int = 0
    there: int = 0
    report: Path | None = None
    given_up: bool = False
    stopped: bool = False
    error: str = ""
    crops: tuple[tuple[Path, Crop, Aspect], ...] = ()


class BackgroundThread(QThread):
    """A thread that can be paused and cancelled, gives way step by step, and tells how it gets on.

    Signals: ``progressed`` (BatchProgress), ``job_failed`` (JobFailure), ``ended`` (BatchResult or
    SearchResult, last and only once).
    """

    progressed = Signal(BatchProgress)
    job_failed = Signal(JobFailure)
    ended = Signal(object)

    def __init__(
        self,
        order: BatchOrder,
        parent: QObject | None = None,
        priority: InteractivePriority | None = None,
    ) -> None:
        super().__init__(parent)
        self.order = order
        self.control = JobControl(priority)
        self.signals = ThreadSignals(self)
        # Connected first: queued signals are delivered before other receivers of ``finished`` run.
        self.finished.connect(self.signals.deliver)
        self._told_at = 0.0  # of run() alone
        self._given_up = False  # set on the GUI thread, read by run() once the control is cancelled

    def give_up(self) -> None:
        """Cancel, because the person wants no more of it."""
        self._given_up = True
        self.control.cancel()

    def stop(self) -> None:
        """Cancel, because the program ends, and wait for the files in hand."""
        self.control.cancel()
        end_thread(self)

    @property
    def given_up(self) -> bool:
        """Whether the person cancelled it."""
        return self._given_up

    def tell(self, so_far: BatchProgress) -> None:
        """Tell of progress, now and then; on the run's own thread."""
        now = time.monotonic()
        if now - self._told_at >= _TOLD_EVERY_SECONDS or so_far.done == so_far.total:
            self._told_at = now
            self.signals.send(self.progressed, so_far)

    def fail(self, path: Path, error: CropsightError) -> None:
        """Name a photo that failed."""
        if not isinstance(error, StoppedError):
            said = error.reason_and_remedy if isinstance(error, FileError) else error
            text = translated(said)
            self.signals.send(self.job_failed, JobFailure(path, text, "failed"))


class BatchThread(BackgroundThread):
    """Writes a batch's files; ``ended`` carries a :class:`BatchResult`.

    The batch's record is there before anything is written, and gone once there is nothing to resume.
    Jobs that were finished at an earlier time are left as they are.
    """

    def __init__(
        self,
        order: BatchOrder,
        engine: EngineClient,
        records: BatchRecords,
        record: Path | None = None,
        parent: QObject | None = None,
        priority: InteractivePriority | None = None,
    ) -> None:
        super().__init__(order, parent, priority)
        self._engine = BackgroundEngine(engine, self.control)
        self._records = records
        self._record = record
        self._written = self._there = 0
        self._crops: list[tuple[Path, Crop, Aspect]] = []
        self._speed: float | None = None

    def run(self) -> None:
        """The thread's work."""
        report: Path | None = None
        error = ""
        try:
            with self._records.begun(self.order, self._record) as record:
                self._record = record
                report = self._work()
        except CropsightError as e:
            error = translated(e)
        except TimeoutError:
            error = self.tr("Another window is at work on this batch.")
        except NotOwnError as e:
            error = translated(ExportError(e.filename, e.reason, "Remove it, then try again."))
        except Exception as e:  # The window must hear of the end in any case.
            log.exception("The batch %s failed", self.order.preset.name)
            error = self.tr("The batch stopped ({0}).").format(e)
        stopped = self.control.cancelled and not self.given_up
        if self._record is not None and not (stopped or error):
            self._records.forget(self._record)
        end = BatchResult(
            self.order,
            self._written,
            self._there,
            report,
            self.given_up,
            stopped,
            error,
            tuple(self._crops),
        )
        self.signals.send(self.ended, end)

    @property
    def record(self) -> Path | None:
        """Where its record is, once it was begun."""
        return self._record

    def _work(self) -> Path | None:
        order = self.order
        fresh = not (order.folder / JOURNAL).exists()
        _make_folder(order.folder)
        try:
            return self._write()
        finally:
            if self.given_up and fresh:
                set_aside(order.folder)

    def _write(self) -> Path | None:
        order = self.order
        report = Report(order.preset, order.folder) if order.report else None
        with resumed_journal(order.folder) as journal:
            batch = Batch(
                order.preset,
                order.photos,
                order.folder,
                journal,
                resume=True,
                pixels=order.report,
                control=self.control,
                progress=self._progress,
                spare=1,
                prior_edits=order.prior_edits,
            )
            with closing(batch.run(self._engine)) as outcomes:
                for outcome in outcomes:
                    self._take(outcome)
                    if report is not None:
                        report.add(outcome)
        if report is None or self.control.cancelled:
            return None
        return report.write(self._speed)

    def _progress(self, progress: Progress, _: Path) -> None:
        self._speed = progress.per_second
        self.tell(BatchProgress.of(progress, len(self.order.preset.aspects)))

    def _take(self, outcome: PhotoOutcome) -> None:
        first = next((job for job in outcome.jobs if job.result["candidates"]), None)
        if first is not None:
            best = first.result["candidates"][0]
            crop = crop_in([best["box"], best["shape"], best["angle"]])
            self._crops.append((outcome.path, crop, first.aspect))
        for job in outcome.jobs:
            files = len(job.result["candidates"])
            if job.state == "skipped":
                self.signals.send(self.job_failed, JobFailure(outcome.path, job.reason, "skipped"))
            elif job.state == "resumed":
                self._there += files
            else:
                self._written += files
        if outcome.error is not None:
            self.fail(outcome.path, outcome.error)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            folder,
            "cannot be a folder ({reason}).",
            "Choose another folder.",
            reason=system_reason(error),
        ) from error
