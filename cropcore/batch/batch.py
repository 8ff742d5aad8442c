"""Batches: many photos, one preset. Decodes ahead, asks the engine, writes files in parallel.

The engine works on the thread that runs the batch. Photos are written in their order, so that names
and results are the same in every run. One bad photo is a named failure, and the rest goes on.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from cropcore.batch import result_json
from cropcore.batch.engine_groups import BatchEngine, Groups
from cropcore.batch.jobs import BatchPhoto, Job, JobOutcome, PhotoOutcome, question_of
from cropcore.batch.journal import JobKey, Journal, JournalEntry, noted_name
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.errors import CropsightError, ExportError, told_by_photo
from cropcore.export.export import Pick
from cropcore.export.write_queue import WORKERS, WriteEvent, WriteQueue, WriteRequest
from cropcore.files.atomic_write import sweep
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo, net_pixels
from cropcore.job_control import JobControl, Progress, ProgressMeter
from cropcore.process import step_back

IN_FLIGHT = 8
"""The most photos between the opening of their file and the writing of their last crop; more where the
engine takes several at once."""

AHEAD = 3
"""How many of them are decoded for the engine before it asks for them."""

DECODERS = max(2, min(8, (os.cpu_count() or 2) // 2))
"""Threads that decode for the engine."""


class Batch:
    """A preset, photos in order, and the folder that their crops go to.

    ``prior_edits`` tells of photos what the person did to them before. Own crops are kept where the preset
    says so.

    With ``resume`` jobs that the journal knows as finished are not done again. With ``pixels`` each
    outcome carries the photo's small pixels, for a report. ``spare`` threads fewer work at each stage,
    and those behind all others, for whoever uses the machine meanwhile.
    """

    def __init__(
        self,
        preset: Preset,
        photos: Sequence[Path],
        folder: Path,
        journal: Journal,
        resume: bool = False,
        pixels: bool = False,
        control: JobControl | None = None,
        progress: Callable[[Progress, Path], None] | None = None,
        spare: int = 0,
        prior_edits: Mapping[Path, PriorEdits] | None = None,
    ) -> None:
        self._preset = preset
        self._digest = preset.digest
        self._photos = photos
        self._options = preset.options(folder)
        self._folder = folder
        self._prior_edits = prior_edits or {}
        self._journal = journal
        self._resume = resume
        self._pixels = pixels
        self._control = control or JobControl()
        self._progress = progress or (lambda progress, path: None)
        self._decoders = max(1, DECODERS - spare)
        self._exporters = max(1, WORKERS - spare)
        self._behind = spare > 0
        self._abandoned = False
        self._begun: datetime | None = None

    def run(self, engine: BatchEngine) -> Generator[PhotoOutcome, None, None]:
        """Do all jobs; outcomes come in the order of the photos, as soon as they are final.

        The engine works only while the next outcome is asked for. A cancelled batch ends early: files
        that are being written are finished, and photos of which nothing was done have no outcome.
        """
        sweep(self._folder)
        with suppress(ExportError):  # the first job that cannot be noted tells
            self._begun = self._journal.begin(self._digest, self._resume)
        pace = ProgressMeter(len(self._photos) * len(self._preset.aspects))
        groups = Groups(engine)
        writer = WriteQueue[BatchPhoto](
            self._control,
            in_turn=self._note,
            rest=pace.rest,
            workers=self._exporters,
            in_flight=IN_FLIGHT + groups.more,
            behind=self._behind,
        )
        with (
            closing(self._requests(engine, groups, writer)) as requests,
            closing(writer.run(requests)) as events,
        ):
            try:
                for event in events:
                    work = event.request.tag
                    if event.state == "failed" and work.error is None:
                        work.error = event.error
                    if event.state != "ended":
                        continue
                    outcome = work.outcome()
                    pace.count(
                        len(self._preset.aspects), sum(j.state == "resumed" for j in outcome.jobs)
                    )
                    self._progress(pace.progress(), outcome.path)
                    if outcome.jobs or outcome.error:
                        yield outcome
                with suppress(ExportError):  # every job is noted
                    self._journal.end(self._digest)
            finally:
                self._abandoned = True

    def is_finished(self) -> bool:
        """Whether the journal knows all jobs as finished, so that no engine is needed."""
        return self._resume and all(
            job.known is not None
            for place, path in enumerate(self._photos)
            for job in self._jobs(place, path)
        )

    def _requests(
        self, engine: BatchEngine, groups: Groups, writer: WriteQueue[BatchPhoto]
    ) -> Generator[WriteRequest[BatchPhoto], None, None]:
        """Every photo with its crops, in order; some photos are decoded ahead of the engine."""
        places = iter(range(len(self._photos)))
        ahead: deque[Future[BatchPhoto]] = deque()
        with ThreadPoolExecutor(self._decoders, "decode", self._settle_in) as decoders:
            try:
                while True:
                    while len(ahead) < AHEAD + groups.more and (
                        len(ahead) + writer.in_flight < IN_FLIGHT + groups.more
                    ):
                        place = next(places, None)
                        if place is None:
                            break
                        ahead.append(decoders.submit(self._begin, place))
                    if not ahead:
                        return  # the writer asks only while it has room: there are no more photos
                    for work, scene in groups.next_ones(ahead):
                        self._answer(engine, work, scene)
                        yield WriteRequest(work.photo, self._picks(work), self._options, work)
            finally:
                for begun in ahead:
                    begun.cancel()

    def _settle_in(self) -> None:
        """On each of the threads, first of all."""
        give_up_when(lambda: self._stopped)
        if self._behind:
            step_back()

    @property
    def _stopped(self) -> bool:
        return self._abandoned or self._control.cancelled

    def _begin(self, place: int) -> BatchPhoto:
        """On a decoder's thread: which jobs there are, and the pixels that the engine wants."""
        path = self._photos[place]
        work = BatchPhoto(place, path, self._prior_edits.get(path, PriorEdits()))
        try:
            work.jobs = self._jobs(place, path)
            if self._pixels or not work.known:
                self._control.give_way()
                work.photo = work.prior_edits.oriented(self._preset.read_photo(path))
                for job in work.jobs:
                    job.turn(work.photo, self._preset)
                self._apply_fixed(work, work.photo)
                self._decode(work, work.photo)
        except CropsightError as error:
            work.error = None if work.known else error
        return work

    def _apply_fixed(self, work: BatchPhoto, photo: Photo) -> None:
        """The crop that the preset's method means, where the person has none of the aspect."""
        if (fixed := self._preset.fixed_crop) is not None:
            for job in work.jobs:
                job.own = job.own or fixed.suggestions(photo.width, photo.height, job.aspect)

    def _decode(self, work: BatchPhoto, photo: Photo) -> None:
        """The pixels that somebody will look at."""
        if work.needs_engine:
            work.pixels = work.prior_edits.seen(photo, close=self._preset.pattern is not None)
        if self._pixels:
            other = (
                work.pixels is None or work.prior_edits.angle or self._preset.pattern is not None
            )
            work.small = net_pixels(photo) if other else work.pixels

    def _jobs(self, place: int, path: Path) -> list[Job]:
        jobs, prior_edits = [], self._prior_edits.get(path, PriorEdits())
        for i, aspect in enumerate(self._preset.aspects):
            # Before the photo is read: if it changes meanwhile, the next run does it again.
            keeps, turns = self._preset.keep_own_crops, self._preset.turn_ratios
            own = prior_edits.own(aspect, turns) if keeps else None
            key = JobKey.of(path, prior_edits.digest(self._digest, own), aspect.slug)
            known = self._journal.finished(key) if self._resume else None
            jobs.append(Job(place * len(self._preset.aspects) + i, aspect, key, known, own))
        return jobs

    def _answer(self, engine: BatchEngine, work: BatchPhoto, scene: Any) -> None:
        """On the engine's thread: the crops of each job that is not finished yet.

        ``scene`` is what ``encode`` gives, None where that is still to be asked.
        """
        preset, photo = self._preset, work.photo
        if not work.asks or photo is None:
            return
        try:
            with told_by_photo():
                if scene is None and work.needs_engine:
                    scene = engine.encode(photo, work.pixels)
                for job in work.jobs:
                    if job.known is not None:
                        continue
                    job.suggestions = job.own or work.prior_edits.in_canvas(
                        photo,
                        engine.answer(scene, question_of(preset, job.aspect)),
                    )
                    job.choose(photo, preset)
        except CropsightError as error:
            work.error = error
        work.pixels = None

    def _picks(self, work: BatchPhoto) -> list[Pick]:
        """The crops of all jobs that are to be done."""
        work.following.extend(work.jobs)
        if work.error is not None:
            return []
        picks, folder = [], self._preset.folder_of(work.path)
        for job in work.jobs:
            known = self._journal.others(job.key) if self._resume else None
            picks += [
                Pick(
                    c.crop,
                    job.aspect,
                    c.rank,
                    job.place + 1,
                    self._preset.size_of(job.aspect),
                    folder,
                    known=known,
                    made=self._begun,
                )
                for c in job.chosen
            ]
            work.owners += [job] * len(job.chosen)
        return picks

    def _note(self, event: WriteEvent[BatchPhoto]) -> None:
        """On the writing thread, in the order of photos and crops: note each job that is finished."""
        work = event.request.tag
        if event.index is not None:
            job = work.owners[event.index]
            job.told += 1
            if event.exported is not None:
                job.written.append(event.exported)
        if event.state in ("written", "ended"):
            self._note_finished(work, last=event.state == "ended")

    def _note_finished(self, work: BatchPhoto, last: bool) -> None:
        """Note the next jobs, in their order, until one has files to come."""
        while work.following and (last or work.following[0].is_told):
            job = work.following.popleft()
            if self._stopped and not job.written:
                continue
            if job.known is not None:
                work.finished.append(self._resumed(job, job.known))
            elif work.photo is not None and job.is_complete:
                work.finished.append(self._made(job, work.photo))

    def _made(self, job: Job, photo: Photo) -> JobOutcome:
        assert job.suggestions is not None
        result = result_json.result(photo, job.suggestions, job.chosen)
        result_json.with_cuts(result, [done.pixels for done in job.written])
        files = tuple((noted_name(done.path, self._folder), done.file_size) for done in job.written)
        self._journal.add(
            job.key, JournalEntry(photo.width, photo.height, result, files, job.skipped)
        )
        state: Literal["made", "skipped"] = "skipped" if job.skipped else "made"
        paths = [done.path for done in job.written]
        return JobOutcome(job.aspect, state, result_json.with_outputs(result, paths), job.skipped)

    def _resumed(self, job: Job, known: JournalEntry) -> JobOutcome:
        paths = [self._folder / name for name, _ in known.files]
        result = result_json.with_outputs(known.result, paths)
        return JobOutcome(
            job.aspect, "skipped" if known.skipped else "resumed", result, known.skipped
        )
