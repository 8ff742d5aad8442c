"""Worker thread of one export: finds missing crops and hands all to the pipeline that writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby

from PySide6.QtCore import QObject, Signal

from app.document.nested_crops import fitted
from app.engine.messages import Answer, Ask, EngineClient
from app.export.export_plan import ExportTask
from app.export.write_thread import WriteThread
from app.i18n.engine_messages import translated
from cropcore.export.export import Exported, Pick
from cropcore.export.options import ExportOptions
from cropcore.export.write_queue import WriteQueue, WriteRequest
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import centred
from cropcore.images.photo import Photo

_CANCEL_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file in work, with its crop; ``suggested`` is False where the engine was asked in vain."""

    task: ExportTask
    crop: Crop
    suggested: bool = True


class ExportJob(WriteThread):
    """Writes the files of an export; a photo is decoded once for all of its files in a row.

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

    def run(self) -> None:
        """The thread's work."""
        done, total = 0, len(self.tasks)
        self.signals.send(self.progress, done, total)
        writer = WriteQueue[list[_Taken]](self.control, behind=True)
        with closing(writer.run(self._requests())) as events:
            for event in events:
                if event.state == "failed" and event.error is not None:
                    self.signals.send(self.failed, translated(event.error))
                if event.index is None or event.state == "cancelled":
                    continue
                if event.exported is not None:
                    self._tell_written(event.request.tag[event.index], event.exported)
                done += 1
                self.signals.send(self.progress, done, total)

    def _tell_written(self, taken: _Taken, exported: Exported) -> None:
        self.signals.send(self.wrote, taken.task, taken.crop, exported)
        if not taken.suggested:
            self.signals.send(self.unsuggested, taken.task.photo)

    def _requests(self) -> Iterator[WriteRequest[list[_Taken]]]:
        """The photos with their crops, each of which is noted when it is found."""
        numbered = enumerate(self.tasks, 1)
        for _, group in groupby(numbered, key=lambda pair: pair[1].key):
            tasks, found = list(group), list[_Taken]()
            yield WriteRequest(tasks[0][1].photo, self._picks(tasks, found), self.options, found)

    def _picks(
        self, tasks: Sequence[tuple[int, ExportTask]], found: list[_Taken]
    ) -> Iterator[Pick]:
        """The crops of a photo; on a writer's thread, which waits for the engine."""
        for n, task in tasks:
            taken = _Taken(task, task.crop) if task.crop is not None else self._best(task)
            if taken is None:
                return
            found.append(taken)
            yield Pick(taken.crop, task.aspect, task.rank, n)

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
