"""Exports in a worker thread: crops in hand, and crops that the engine still has to find."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QThread, Signal

from app.document import OpenPhoto, Question
from app.engine_thread import Answer, Ask
from app.outbox import Outbox
from app.ownership import Owner
from app.refit import centred, refit
from cropcore.aspect import Aspect
from cropcore.crop import Crop
from cropcore.errors import CropsightError, ExportError
from cropcore.export import Exported, export_crop
from cropcore.options import ExportOptions
from cropcore.photo import Photo

log = logging.getLogger(__name__)

_CANCEL_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ExportTask:
    """One file to write. Without a ``crop`` the best one for ``question`` is asked for first."""

    key: int
    photo: Photo
    crop: Crop | None
    aspect: Aspect
    rank: int
    question: Question


class BatchEngine(Protocol):
    """The part of :class:`app.engine_thread.EngineThread` that an export uses."""

    def ask_in_background(self, ask: Ask, /) -> Future[Answer]:
        """Ask for batch work."""


def plan(
    photos: Sequence[OpenPhoto], aspects: Sequence[Aspect] | None = None
) -> tuple[ExportTask, ...]:
    """What to write for some photos in some aspects; without aspects, each photo in its own.

    A person's own crop is refitted to other aspects; a proposed crop is used for its own aspect;
    everything else is left to the engine. Photos that were not read yet are passed over.
    """
    tasks = []
    for photo in photos:
        if photo.photo is None:
            continue
        edit = photo.edit
        for aspect in aspects or (edit.aspect,):
            same = aspect == edit.aspect
            if edit.owner is Owner.MINE:
                crop = edit.crop if same else refit(edit.crop, aspect, photo.width, photo.height)
            elif edit.owner is Owner.PROPOSED and same:
                crop = edit.crop
            else:
                crop = None
            question = Question(aspect, edit.tightness, edit.method, edit.protect)
            tasks.append(ExportTask(photo.key, photo.photo, crop, aspect, 1, question))
    return tuple(tasks)


class ExportJob(QThread):
    """Writes files one after the other.

    Signals: ``progress`` (done, total), ``wrote`` (ExportTask, Crop, Exported), ``failed`` (text).
    A failure never stops the rest. ``cancel`` ends it after the file in work.
    """

    progress = Signal(int, int)
    wrote = Signal(object, object, object)
    failed = Signal(str)

    def __init__(
        self,
        tasks: Sequence[ExportTask],
        options: ExportOptions,
        engine: BatchEngine,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.tasks = tuple(tasks)
        self.options = options
        self._engine = engine
        self._outbox = Outbox(self)
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self._cancelled.set()

    @property
    def was_cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._cancelled.is_set()

    def run(self) -> None:
        """The thread's work."""
        for done, task in enumerate(self.tasks):
            if self.was_cancelled:
                return
            self._outbox.send(self.progress, done, len(self.tasks))
            try:
                crop = task.crop if task.crop is not None else self._best(task)
                if crop is None:
                    return
                written: Exported = export_crop(
                    task.photo, crop, task.aspect, self.options, task.rank
                )
            except CropsightError as error:
                self._outbox.send(self.failed, str(error))
            except Exception as error:  # One bad file must not take the others along.
                log.exception("Cannot export %s", task.photo.path)
                reason = ExportError(
                    task.photo.path, f"cannot be exported ({error}).", "Try another format."
                )
                self._outbox.send(self.failed, str(reason))
            else:
                self._outbox.send(self.wrote, task, crop, written)
        self._outbox.send(self.progress, len(self.tasks), len(self.tasks))

    def _best(self, task: ExportTask) -> Crop | None:
        """The engine's first crop; the largest centred one without engine; None when cancelled."""
        future = self._engine.ask_in_background(
            Ask(0, task.key, 0, task.photo, task.question, True, None, None, 1)
        )
        while not self.was_cancelled:
            try:
                answer = future.result(timeout=_CANCEL_LOOK_SECONDS)
            except NotYet:
                continue
            except CancelledError:
                return None
            found = answer.suggestions.candidates if answer.suggestions else ()
            if found:
                return found[0].crop
            return centred(task.aspect, task.photo.width, task.photo.height)
        future.cancel()
        return None


def ranked(
    photo: OpenPhoto, crops: Sequence[tuple[int, Crop]], aspect: Aspect
) -> tuple[ExportTask, ...]:
    """Tasks for several crops of one photo, each with its rank in the file's name."""
    if photo.photo is None:
        return ()
    question = photo.edit.question
    return tuple(
        ExportTask(photo.key, photo.photo, crop, aspect, rank, question) for rank, crop in crops
    )
