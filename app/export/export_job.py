"""Worker thread of one export: finds missing crops, decodes photos, writes files."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, replace
from itertools import groupby

from PySide6.QtCore import QObject, QThread, Signal

from app.document.nested_crops import fitted
from app.engine.messages import Answer, Ask, EngineClient
from app.export.export_plan import ExportTask
from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import end_thread
from cropcore.errors import CropsightError, DecodeStoppedError, ExportError
from cropcore.export.export import Exported, Pick, export_crops
from cropcore.export.options import ExportOptions
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import centred
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo
from cropcore.process import LARGE_PIXELS, give_back

log = logging.getLogger(__name__)

_CANCEL_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file in work, with its crop; ``suggested`` is False where the engine was asked in vain."""

    task: ExportTask
    crop: Crop
    suggested: bool = True


class ExportJob(QThread):
    """Writes files one after the other; a photo is decoded once for all of its files in a row.

    Signals: ``progress`` (done, total), ``wrote`` (ExportTask, Crop, Exported), ``unsuggested``
    (Photo, after ``wrote``: its crop is only the largest centred one, because the engine had none),
    ``failed`` (text). A failure never stops the rest. ``cancel`` ends it after the file in work.
    """

    progress = Signal(int, int)
    wrote = Signal(ExportTask, Crop, Exported)
    unsuggested = Signal(Photo)
    failed = Signal(str)

    def __init__(
        self,
        tasks: Sequence[ExportTask],
        options: ExportOptions,
        engine: EngineClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tasks = tuple(tasks)
        self.options = options
        self._engine = engine
        self._signals = ThreadSignals(self)
        # Before anybody else hears of the end, which Qt tells by a way of its own.
        self.finished.connect(self._signals.deliver)
        self._cancelled = threading.Event()
        self._begun = 0

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self._cancelled.set()

    def end(self) -> None:
        """Stop after the file that is being written, and tell of all that were."""
        self.cancel()
        end_thread(self)
        self._signals.deliver()

    @property
    def was_cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._cancelled.is_set()

    def run(self) -> None:
        """The thread's work."""
        give_up_when(self._cancelled.is_set)
        for _, tasks in groupby(self.tasks, key=lambda task: task.key):
            waiting = deque(tasks)
            while waiting and not self.was_cancelled:
                self._write(waiting)
        if not self.was_cancelled:
            self._signals.send(self.progress, len(self.tasks), len(self.tasks))

    def _write(self, waiting: deque[ExportTask]) -> None:
        """Write one photo's files until one fails; what was tried is taken from ``waiting``."""
        photo = waiting[0].photo
        taken: list[_Taken] = []
        try:
            for written in export_crops(photo, self._picks(waiting, taken), self.options):
                last = taken[-1]
                self._signals.send(self.wrote, last.task, last.crop, written)
                if not last.suggested:
                    self._signals.send(self.unsuggested, photo)
        except DecodeStoppedError:
            pass  # it was cancelled
        except CropsightError as error:
            self._signals.send(self.failed, translated(error))
        except Exception as error:  # One bad file must not take the others along.
            log.exception("Cannot export %s", photo.path)
            reason = ExportError(
                photo.path,
                "cannot be exported ({reason}).",
                "Try another format.",
                reason=str(error),
            )
            self._signals.send(self.failed, translated(reason))
        if photo.width * photo.height > LARGE_PIXELS:
            give_back()
        if not taken:
            # The photo itself cannot be read, and so none of its crops can be written.
            self._begun += len(waiting)
            waiting.clear()

    def _picks(self, waiting: deque[ExportTask], taken: list[_Taken]) -> Iterator[Pick]:
        """The next crops of a photo, each found when the one before it is on the disk."""
        while waiting and not self.was_cancelled:
            self._signals.send(self.progress, self._begun, len(self.tasks))
            task = waiting.popleft()
            self._begun += 1
            found = _Taken(task, task.crop) if task.crop is not None else self._best(task)
            if found is None:
                return
            taken.append(found)
            yield Pick(found.crop, task.aspect, task.rank, self._begun)

    def _best(self, task: ExportTask) -> _Taken | None:
        """The engine's first crop; the largest centred one without engine; None when cancelled."""
        outer = task.outer if task.inside else None
        ask = Ask(0, task.key, 0, task.photo, replace(task.question, k=1), outer is None, outer)
        future = self._engine.ask_in_background(ask)
        while not self.was_cancelled:
            try:
                answer = future.result(timeout=_CANCEL_LOOK_SECONDS)
            except NotYet:
                continue
            except CancelledError:
                return None
            return _taken(task, answer)
        future.cancel()
        return None


def _taken(task: ExportTask, answer: Answer) -> _Taken:
    """What the engine found for a task, or by geometry alone where it found nothing."""
    size, angle = (task.photo.width, task.photo.height), task.question.angle
    best = answer.suggestions.candidates[0] if answer.suggestions else None
    if not task.inside:
        if best is not None:
            return _Taken(task, best.crop)
        return _Taken(task, centred(task.aspect, *size, angle), suggested=False)
    for one in answer.nested if best is None else best.nested:
        if one.aspect == task.aspect:
            return _Taken(task, one.crop)
    outer = task.outer or (best and best.crop) or centred(task.question.aspect, *size, angle)
    crop = fitted(outer, [task.aspect], {}, *size)[task.aspect]
    return _Taken(task, crop, suggested=False)
