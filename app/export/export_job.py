"""Worker thread of one export: finds missing crops and hands all to the pipeline that writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby

from PySide6.QtCore import QObject, Signal

from app.engine.messages import EngineClient
from app.export.best_crop import TakenCrop, taken_crop
from app.export.export_plan import ExportTask
from app.export.write_thread import WriteThread
from app.i18n.engine_messages import translated
from cropcore.export.export import Exported, Pick
from cropcore.export.options import ExportOptions
from cropcore.export.write_queue import WriteQueue, WriteRequest
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo


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
        writer = WriteQueue[list[TakenCrop]](self.control, behind=True)
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

    def _tell_written(self, taken: TakenCrop, exported: Exported) -> None:
        self.signals.send(self.wrote, taken.task, taken.crop, exported)
        if not taken.suggested:
            self.signals.send(self.unsuggested, taken.task.photo)

    def _requests(self) -> Iterator[WriteRequest[list[TakenCrop]]]:
        """The photos with their crops, each of which is noted when it is found."""
        numbered = enumerate(self.tasks, 1)
        for _, group in groupby(numbered, key=lambda pair: pair[1].key):
            tasks, found = list(group), list[TakenCrop]()
            yield WriteRequest(tasks[0][1].photo, self._picks(tasks, found), self.options, found)

    def _picks(
        self, tasks: Sequence[tuple[int, ExportTask]], found: list[TakenCrop]
    ) -> Iterator[Pick]:
        """The crops of a photo; on a writer's thread, which waits for the engine."""
        for n, task in tasks:
            taken = taken_crop(task, self._engine, lambda: self.was_cancelled)
            if taken is None:
                return
            found.append(taken)
            yield Pick(taken.crop, task.aspect, task.rank, n)
