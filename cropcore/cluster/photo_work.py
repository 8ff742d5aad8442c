"""What a worker does for a batch: fetches photos, asks the engine, publishes crops."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cropcore.batch import result_json
from cropcore.batch.engine_groups import BatchEngine, Groups
from cropcore.batch.jobs import BatchPhoto, Job, question_of
from cropcore.batch.journal import JobKey, JournalEntry
from cropcore.batch.preset import Preset
from cropcore.cluster.sources import fetched
from cropcore.cluster.targets import Target, target_of
from cropcore.cluster.url_system import in_words, is_url, opened_system
from cropcore.errors import CropsightError, ExportError, system_reason, told_by_photo
from cropcore.export.export import EncodedFile, PhotoSource, Pick
from cropcore.images.lossless_jpeg import PixelBox
from cropcore.images.photo import Photo, as_net_pixels, close_pixels, net_pixels

READERS = 2
WRITERS = 2
"""Threads of a worker; each writer holds one photo in full and one crop's file in memory."""


@dataclass(frozen=True, slots=True)
class PhotoTask:
    """A photo to crop: its place in the batch, its path or URL, size and time of change as they were
    listed, and which of the preset's aspects are wanted.
    """  # fmt: skip

    place: int
    photo: str
    size: int
    mtime_ns: int
    aspects: tuple[int, ...]

    def key(self, preset: Preset, digest: str, aspect: int) -> JobKey:
        """What the job for an aspect is known by; ``digest`` is the preset's."""
        slug = preset.aspects[aspect].slug
        return JobKey(self.photo, self.size, self.mtime_ns, digest, slug)


@dataclass(frozen=True, slots=True)
class PhotoDone:
    """What became of a photo: each finished job by its aspect's place in the preset, and what went
    wrong with the others. ``pixels`` are small ones, for a report.
    """  # fmt: skip

    task: PhotoTask
    width: int = 0
    height: int = 0
    entries: tuple[tuple[int, JournalEntry], ...] = ()
    error: CropsightError | None = None
    notes: tuple[str, ...] = ()
    pixels: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What a worker must know of a batch: the preset, the folder or URL that crops go to, and whether
    a report wants small pixels.
    """  # fmt: skip

    preset: Preset
    out: Path | str
    pixels: bool = False


class Work(Protocol):
    """Does groups of photos."""

    def do(self, tasks: Sequence[PhotoTask], stopped: Callable[[], bool] = ...) -> list[PhotoDone]:
        """What became of each photo; those not begun when it was ``stopped`` are missing."""


class PhotoWork:
    """A loaded engine that does groups of photos, one group at a time."""

    def __init__(self, order: WorkOrder, engine: BatchEngine) -> None:
        """Raises OptionError where the order's target cannot be used here."""
        self._preset, self._order, self._engine = order.preset, order, engine
        self._digest = order.preset.digest
        self._target: Target = target_of(order.out)
        self._options = order.preset.options(Path())

    def do(
        self, tasks: Sequence[PhotoTask], stopped: Callable[[], bool] = lambda: False
    ) -> list[PhotoDone]:
        """As :meth:`Work.do`: photos are read ahead, and crops written behind the engine."""
        places, groups = iter(range(len(tasks))), Groups(self._engine)
        ahead: deque[Future[BatchPhoto]] = deque()
        leaving: list[Future[PhotoDone]] = []
        with (
            tempfile.TemporaryDirectory(prefix="cropsight-", ignore_cleanup_errors=True) as folder,
            ThreadPoolExecutor(READERS, "read") as readers,
            ThreadPoolExecutor(WRITERS, "write") as writers,
        ):
            while True:
                while not stopped() and len(ahead) < READERS + groups.more:
                    place = next(places, None)
                    if place is None:
                        break
                    local = Path(folder) / str(place)
                    ahead.append(readers.submit(self._begin, place, tasks[place], local))
                if not ahead:
                    break
                for work, scene in groups.next_ones(ahead):
                    self._answer(work, scene)
                    leaving.append(writers.submit(self._finish, work, tasks[work.place]))
            return [done.result() for done in leaving]

    def _begin(self, place: int, task: PhotoTask, folder: Path) -> BatchPhoto:
        """Fetch and read a photo, and decode the pixels that the engine wants."""
        work = BatchPhoto(place, Path(task.photo))
        for i in task.aspects:
            key = task.key(self._preset, self._digest, i)
            number = task.place * len(self._preset.aspects) + i
            work.jobs.append(Job(number, self._preset.aspects[i], key))
        try:
            with _no_room(work.path):
                if is_url(task.photo):
                    folder.mkdir()
                    work.path = fetched(task.photo, folder, opened_system)
                    if task.mtime_ns >= 0:  # the date of a photo that tells none itself
                        os.utime(work.path, ns=(task.mtime_ns, task.mtime_ns))
                work.photo = self._preset.read_photo(work.path)
                for job in work.jobs:
                    job.turn(work.photo, self._preset)
                if (fixed := self._preset.fixed_crop) is not None:
                    for job in work.jobs:
                        job.own = fixed.suggestions(work.photo.width, work.photo.height, job.aspect)
                close = self._preset.pattern is not None
                if work.needs_engine or self._order.pixels:
                    work.pixels = (close_pixels if close else net_pixels)(work.photo)
            if self._order.pixels and work.pixels is not None:
                work.small = as_net_pixels(work.pixels)
        except CropsightError as error:
            work.error = error
        return work

    def _answer(self, work: BatchPhoto, scene: Any) -> None:
        """The crops of each job; ``scene`` is what ``encode`` gives where that is known already."""
        preset = self._preset
        if not work.asks or work.photo is None:
            return
        try:
            with told_by_photo():
                if scene is None and work.needs_engine:
                    scene = self._engine.encode(work.photo, work.pixels)
                for job in work.jobs:
                    job.suggestions = job.own or self._engine.answer(
                        scene, question_of(preset, job.aspect)
                    )
                    job.choose(work.photo, preset)
        except CropsightError as error:
            work.error = error
        work.pixels = None

    def _finish(self, work: BatchPhoto, task: PhotoTask) -> PhotoDone:
        """Make and publish the files."""
        photo, error = work.photo, work.error
        entries: list[tuple[int, JournalEntry]] = []
        notes = [str(note) for note in photo.notes] if photo else []
        if photo is not None and error is None:
            picks = [
                Pick(c.crop, job.aspect, c.rank, job.place + 1, self._preset.size_of(job.aspect))
                for job in work.jobs
                for c in job.chosen
            ]
            try:
                made = self._made(photo, picks)
                for i, job in zip(task.aspects, work.jobs, strict=True):
                    assert job.suggestions is not None
                    cuts: list[PixelBox | None] = []
                    files = tuple(
                        self._published(job, n, made, notes, cuts) for n in range(len(job.chosen))
                    )
                    result = result_json.result(photo, job.suggestions, job.chosen)
                    result_json.with_cuts(result, cuts)
                    entry = JournalEntry(photo.width, photo.height, result, files, job.skipped)
                    entries.append((i, entry))
            except CropsightError as e:
                error = e
        if is_url(task.photo):
            with suppress(OSError):
                work.path.unlink()  # the group's folder would fill the disk
        width, height = (photo.width, photo.height) if photo else (0, 0)
        return PhotoDone(task, width, height, tuple(entries), error, tuple(notes), work.small)

    def _made(self, photo: Photo, picks: Sequence[Pick]) -> Iterator[EncodedFile]:
        """The files of a photo, which is decoded once, if there are any."""
        source = PhotoSource.read(photo, self._options) if picks else None
        for pick in picks:
            assert source is not None
            yield source.encode(pick)

    def _published(
        self,
        job: Job,
        number: int,
        made: Iterator[EncodedFile],
        notes: list[str],
        cuts: list[PixelBox | None],
    ) -> tuple[str, int]:
        file = next(made)
        cuts.append(file.pixels)
        token = f"{job.key.digest.hex()}-{number}"
        try:
            name = self._target.publish(token, file.stem, file.suffix, file.data)
        except OSError as error:
            raise ExportError(
                Path(f"{file.stem}{file.suffix}"),
                "could not be written: {reason}",
                "Go on with --resume.",
                reason=in_words(self._target.place, error),
            ) from error
        place = self._target.whole(name)
        if not is_url(place):
            file.set_date(Path(place))
        notes += [f"{place}: {warning}" for warning in file.warnings]
        return name, len(file.data)


@contextmanager
def _no_room(path: Path) -> Iterator[None]:
    """Raises CropsightError where the folder for temporary files takes no more."""
    try:
        yield
    except OSError as error:
        raise ExportError(
            path,
            "could not be fetched: {reason}.",
            "Free some space.",
            reason=system_reason(error),
        ) from error
