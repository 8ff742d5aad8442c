"""A batch whose photos are done by workers: hands out groups, notes what is finished, goes on after losses.

Memory does not grow with the number of photos: they are read from a listing, few groups are on their
way at once, and the journal is compact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from cropcore.batch.jobs import JobOutcome, PhotoOutcome
from cropcore.batch.journal import JournalEntry
from cropcore.batch.preset import Preset
from cropcore.batch.result_json import with_outputs
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.listing import Listing
from cropcore.cluster.photo_work import PhotoDone, PhotoTask
from cropcore.cluster.sources import Listed
from cropcore.cluster.targets import Target
from cropcore.cluster.url_system import is_url
from cropcore.cluster.workers import Finished, Tasks, Workers
from cropcore.errors import ClusterError, CropsightError
from cropcore.job_control import Progress, ProgressMeter
from cropcore.messages import Message

GROUP = 8
"""Photos that a worker gets at once."""

_GROUPS_EACH = 4
_TOLD_EVERY = 1000

Trial = Literal["group", "single", "alone"]
"""How a photo is tried: with others; after its group's worker died by itself, while workers do others;
and after that worker died too, while nobody does anything else, so that it is known what killed it."""


@dataclass(slots=True)
class _Waiting:
    """Groups that are to be done again."""

    groups: deque[Tasks] = field(default_factory=deque)
    singles: deque[Tasks] = field(default_factory=deque)
    alone: deque[Tasks] = field(default_factory=deque)


class ClusterBatch:
    """A preset, listed photos, and the target that their crops go to.

    With ``resume`` jobs that the journal knows as finished are not done again; with ``tell_resumed``
    photos all of whose jobs were finished have an outcome as well, which takes time and memory for
    whoever keeps it. ``warn`` is told of workers that died or were refused.
    """

    def __init__(
        self,
        preset: Preset,
        listing: Listing,
        target: Target,
        journal: CompactJournal,
        resume: bool = False,
        tell_resumed: bool = False,
        progress: Callable[[Progress, str], None] | None = None,
        warn: Callable[[str], None] | None = None,
        group: int = GROUP,
    ) -> None:
        self._preset, self._digest = preset, preset.digest
        self._listing, self._target, self._journal = listing, target, journal
        self._resume, self._tell_resumed = resume, tell_resumed
        self._progress = progress or (lambda progress, photo: None)
        self._warn = warn or (lambda text: None)
        self._most = group
        self._pace = ProgressMeter(len(listing) * len(preset.aspects))
        self._trials: dict[Tasks, Trial] = {}
        self._waiting = _Waiting()
        self._known: deque[PhotoOutcome] = deque()
        self._all_handed_out = False
        self._resumed: dict[int, tuple[JobOutcome, ...]] = {}
        self.untold = 0
        """Jobs that were finished before, and are in no outcome."""

    def run(self, workers: Workers) -> Generator[PhotoOutcome, None, None]:
        """Do all jobs; outcomes come as photos are finished, each once its jobs are noted.

        When the generator is closed or interrupted, photos that workers are at are finished and noted.

        Raises:
            ClusterError: there are no workers any more.
            ExportError: the journal cannot be written to.
        """
        self._pace = ProgressMeter(len(self._listing) * len(self._preset.aspects))
        new = self._groups(self._most_at_once(workers))
        whole, failed = False, False
        try:
            while True:
                while len(self._trials) < workers.room() and self._hand_out(workers, new):
                    pass
                while self._known:
                    yield self._known.popleft()
                if not self._trials:
                    if not self._all_handed_out:
                        continue
                    whole = True
                    return
                # All are noted before the first is told, so that an interruption loses none.
                for outcome in [o for f in workers.wait() for o in self._take(f)]:
                    failed = failed or outcome.error is not None
                    self._progress(self._pace.progress(), outcome.photo)
                    yield outcome
        finally:
            if not whole:
                for finished in workers.stop():
                    for done in finished.done:
                        self._note(done)
            elif not failed:
                self._target.forget()

    def is_finished(self) -> bool:
        """Whether the journal knows all jobs as finished, so that no worker is needed."""
        jobs = len(self._listing) * len(self._preset.aspects)
        return jobs <= len(self._journal) and all(
            self._journal.is_finished(task.key(self._preset, self._digest, i).digest)
            for place, listed in enumerate(self._listing)
            for task in (self._whole(place, listed),)
            for i in task.aspects
        )

    def _whole(self, place: int, listed: Listed) -> PhotoTask:
        return PhotoTask(place, *listed, tuple(range(len(self._preset.aspects))))

    def _most_at_once(self, workers: Workers) -> int:
        """Photos of a group: fewer where there would be too few groups for all workers."""
        return max(1, min(self._most, len(self._listing) // (_GROUPS_EACH * workers.room())))

    def _hand_out(self, workers: Workers, new: Iterator[Tasks]) -> bool:
        """Submit the next group, if there is one that may go now."""
        waiting = self._waiting
        trial: Trial = "group"
        if waiting.singles:
            tasks, trial = waiting.singles.popleft(), "single"
        elif waiting.groups:
            tasks = waiting.groups.popleft()
        elif (following := next(new, None)) is not None:
            tasks = following
        elif waiting.alone and not self._trials:
            tasks, trial = waiting.alone.popleft(), "alone"
        else:
            self._all_handed_out = not waiting.alone
            return False
        if not tasks:
            return False
        workers.submit(tasks)
        self._trials[tasks] = trial
        return True

    def _groups(self, most: int) -> Iterator[Tasks]:
        """Groups of photos with jobs that are not finished; an empty one lets what is known be told."""
        group: list[PhotoTask] = []
        for place, listed in enumerate(self._listing):
            task = self._task(place, listed)
            if task is None:
                if place % _TOLD_EVERY == 0:
                    self._progress(self._pace.progress(), listed.photo)
                if len(self._known) >= _TOLD_EVERY:
                    yield ()
                continue
            group.append(task)
            if len(group) == most:
                yield tuple(group)
                group = []
        if group:
            yield tuple(group)

    def _task(self, place: int, listed: Listed) -> PhotoTask | None:
        """What is to be done of a photo; None where nothing is."""
        task = self._whole(place, listed)
        every = task.aspects
        if not self._resume:
            return task
        keys = [task.key(self._preset, self._digest, i).digest for i in every]
        left = tuple(i for i in every if not self._journal.is_finished(keys[i]))
        if len(left) == len(every):
            return task
        known = len(every) - len(left)
        if left or self._tell_resumed:
            entries = [(i, self._journal.finished(keys[i])) for i in every if i not in left]
            jobs = tuple(self._told(i, e, "resumed") for i, e in entries if e is not None)
            if left:
                self._resumed[place] = jobs
                return PhotoTask(place, *listed, left)
            size = next((e for _, e in entries if e is not None), None)
            width, height = (size.width, size.height) if size else (0, 0)
            self._known.append(_outcome(task.photo, width, height, jobs))
        else:
            self.untold += known
        self._pace.count(known, known)
        return None

    def _take(self, finished: Finished) -> Iterable[PhotoOutcome]:
        """What is known of a group's photos; those of which nothing is are tried again."""
        trial = self._trials.pop(finished.tasks)
        outcomes = [self._noted(done) for done in finished.done]
        done = {d.task.place for d in finished.done}
        left = tuple(task for task in finished.tasks if task.place not in done)
        if left:
            outcomes += self._again(left, trial, finished)
        return outcomes

    def _again(self, left: Tasks, trial: Trial, finished: Finished) -> Sequence[PhotoOutcome]:
        match finished.trouble:
            case "refused":
                self._warn(f"{finished.reason} The worker is used no more.")
                places = {"group": self._waiting.groups, "single": self._waiting.singles}
                places.get(trial, self._waiting.alone).append(left)
                return ()
            case "died":
                self._warn("A worker died; what it held is done by others.")
                if trial != "alone":
                    again = self._waiting.singles if trial == "group" else self._waiting.alone
                    again.extend((task,) for task in left)
                    return ()
                told = Message("Workers died on it three times. Look at it, or leave it out.")
            case "failed":
                if len(finished.tasks) > 1:
                    self._waiting.singles.extend((task,) for task in left)
                    return ()
                told = Message("The worker failed on it ({reason}).", reason=finished.reason)
            case _:  # it was stopped before
                return ()
        return [self._noted(PhotoDone(task, error=ClusterError(told))) for task in left]

    def _noted(self, done: PhotoDone) -> PhotoOutcome:
        self._note(done)
        task = done.task
        jobs = [*self._resumed.pop(task.place, ())]
        before = len(jobs)
        jobs += [
            self._told(i, entry, "skipped" if entry.skipped else "made")
            for i, entry in done.entries
        ]
        self._pace.count(len(self._preset.aspects), before)
        order = [aspect.slug for aspect in self._preset.aspects]
        jobs.sort(key=lambda job: order.index(job.aspect.slug))
        return _outcome(
            task.photo, done.width, done.height, tuple(jobs), done.error, done.notes, done
        )

    def _note(self, done: PhotoDone) -> None:
        for i, entry in done.entries:
            self._journal.add(done.task.key(self._preset, self._digest, i), entry)

    def _told(
        self, aspect: int, entry: JournalEntry, state: Literal["made", "resumed", "skipped"]
    ) -> JobOutcome:
        outputs = [self._target.whole(name) for name, _ in entry.files]
        return JobOutcome(
            self._preset.aspects[aspect],
            "skipped" if entry.skipped else state,
            with_outputs(entry.result, outputs),
            entry.skipped,
        )


def _outcome(
    photo: str,
    width: int,
    height: int,
    jobs: tuple[JobOutcome, ...],
    error: CropsightError | None = None,
    notes: tuple[str, ...] = (),
    done: PhotoDone | None = None,
) -> PhotoOutcome:
    url = photo if is_url(photo) else ""
    path = Path(PurePosixPath(photo).name) if url else Path(photo)
    pixels = done.pixels if done else None
    return PhotoOutcome(path, width, height, jobs, error, notes, pixels, url)
