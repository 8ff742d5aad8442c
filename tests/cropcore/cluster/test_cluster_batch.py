"""What the client of a cluster does with what its workers do, or do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cropcore.batch.jobs import PhotoOutcome
from cropcore.batch.journal import NAME
from cropcore.batch.preset import Preset
from cropcore.cluster.cluster_batch import ClusterBatch
from cropcore.cluster.compact_journal import CompactJournal
from cropcore.cluster.listing import Listing
from cropcore.cluster.photo_work import PhotoWork, WorkOrder
from cropcore.cluster.targets import JOBS, FolderTarget
from cropcore.cluster.workers import Finished, OwnProcess, Tasks
from cropcore.geometry.aspect import Aspect
from tests.cropcore.conftest import EngineDouble

PRESET = Preset("two", (Aspect.parse("4:5"), Aspect.parse("1:1")))


class Deck:
    """Workers that do groups in this thread, the last first, and come to grief as they are told to."""

    def __init__(self, out: Path, grief: Callable[[Tasks], str] = lambda tasks: "") -> None:
        self._work = PhotoWork(WorkOrder(PRESET, out), EngineDouble())
        self._grief = grief
        self._groups: list[Tasks] = []
        self.given: list[list[str]] = []
        """Names of photos of each group that was submitted."""
        self.most = 0
        self.stopped = False

    def room(self) -> int:
        return 3

    def submit(self, tasks: Tasks) -> None:
        self._groups.append(tasks)
        self.given.append([Path(task.photo).stem for task in tasks])
        self.most = max(self.most, len(self._groups))

    def wait(self) -> list[Finished]:
        tasks = self._groups.pop()
        match self._grief(tasks):
            case "":
                return [Finished(tasks, tuple(self._work.do(tasks)))]
            case "told too late":
                self._work.do(tasks)
                return [Finished(tasks, trouble="died")]
            case trouble:
                return [Finished(tasks, trouble=trouble, reason="As told.")]  # type: ignore[arg-type]

    def stop(self) -> list[Finished]:
        self.stopped = True
        return [Finished(tasks, tuple(self._work.do(tasks[:1]))) for tasks in self._groups]


@pytest.fixture
def photos(make_photo, tmp_path: Path) -> Path:
    for n in range(30):
        make_photo(f"{n:02}.jpg", folder=tmp_path / "photos")
    (tmp_path / "out").mkdir()
    return tmp_path / "photos"


def batch_of(photos: Path, resume: bool = False, **more: object) -> ClusterBatch:
    out = photos.parent / "out"
    target = FolderTarget(out)
    return ClusterBatch(
        PRESET,
        Listing.of([photos], out),
        target,
        CompactJournal(out, target.sizes() if resume else None),
        resume=resume,
        **more,  # type: ignore[arg-type]
    )


def crops(photos: Path) -> list[str]:
    return sorted(p.name for p in (photos.parent / "out").glob("[!.]*"))


def wanted(*left_out: str) -> list[str]:
    names = [f"{n:02}" for n in range(30) if f"{n:02}" not in left_out]
    return sorted(f"{name}_{aspect}_1.jpg" for name in names for aspect in ("4x5", "1x1"))


def noted(photos: Path) -> list[str]:
    lines = (photos.parent / "out" / NAME).read_text().splitlines()
    return sorted(name for line in lines for name, _ in json.loads(line)["files"])


def failed(outcomes: list[PhotoOutcome]) -> dict[str, str]:
    return {o.path.stem: str(o.error) for o in outcomes if o.error}


def test_every_photo_is_done_once_and_few_groups_are_on_their_way(photos: Path) -> None:
    workers = Deck(photos.parent / "out")
    outcomes = list(batch_of(photos, group=4).run(workers))
    assert sorted(o.path.stem for o in outcomes) == [f"{n:02}" for n in range(30)]
    assert crops(photos) == noted(photos) == wanted()
    assert workers.most == 3
    assert all(len(group) <= 4 for group in workers.given)
    assert not (photos.parent / "out" / JOBS).exists()


def test_what_a_dead_worker_published_before_it_could_tell_is_there_once(photos: Path) -> None:
    once = {"03", "17"}

    def grief(tasks: Tasks) -> str:
        mine = {Path(task.photo).stem for task in tasks} & once
        once.difference_update(mine)
        return "told too late" if mine else ""

    told: list[str] = []
    outcomes = list(batch_of(photos, warn=told.append).run(Deck(photos.parent / "out", grief)))
    assert failed(outcomes) == {}
    assert crops(photos) == noted(photos) == wanted()
    assert set(told) == {"A worker died; what it held is done by others."}


def test_a_photo_that_kills_workers_is_found_out_alone(photos: Path) -> None:
    alone: list[bool] = []

    def grief(tasks: Tasks) -> str:
        killer = any(Path(task.photo).stem == "11" for task in tasks)
        alone.append(killer and not workers._groups and len(tasks) == 1)
        return "died" if killer else ""

    workers = Deck(photos.parent / "out", grief)
    outcomes = list(batch_of(photos).run(workers))
    assert list(failed(outcomes)) == ["11"]
    assert "died on it three times" in failed(outcomes)["11"]
    assert crops(photos) == noted(photos) == wanted("11")
    assert sum("11" in group for group in workers.given) == 3
    assert alone[-1]


def test_innocent_photos_are_not_blamed_for_their_neighbours(photos: Path) -> None:
    """A worker takes with it what it has in hand, and what lies behind that."""
    deaths = 0

    def grief(tasks: Tasks) -> str:
        nonlocal deaths
        beside = any(Path(t.photo).stem == "11" for group in workers._groups for t in group)
        killer = any(Path(task.photo).stem == "11" for task in tasks)
        deaths += killer
        return "died" if killer or (beside and deaths < 3) else ""

    workers = Deck(photos.parent / "out", grief)
    assert list(failed(list(batch_of(photos).run(workers)))) == ["11"]
    assert crops(photos) == wanted("11")


def test_an_error_that_nobody_expected_stays_with_its_photo(photos: Path) -> None:
    def grief(tasks: Tasks) -> str:
        return "failed" if any(Path(task.photo).stem == "05" for task in tasks) else ""

    outcomes = list(batch_of(photos).run(Deck(photos.parent / "out", grief)))
    assert failed(outcomes) == {"05": "The worker failed on it (As told.)."}
    assert crops(photos) == wanted("05")


def test_what_a_refused_worker_was_given_is_done_by_others(photos: Path) -> None:
    refusals = iter(["refused", "refused"])
    told: list[str] = []
    workers = Deck(photos.parent / "out", lambda tasks: next(refusals, ""))
    outcomes = list(batch_of(photos, warn=told.append).run(workers))
    assert failed(outcomes) == {}
    assert crops(photos) == wanted()
    assert told == ["As told. The worker is used no more."] * 2


@pytest.mark.parametrize("after", [0, 5, 25])
def test_a_stopped_batch_notes_what_is_finished_and_goes_on(photos: Path, after: int) -> None:
    workers = Deck(photos.parent / "out")
    run = batch_of(photos).run(workers)
    for _ in range(after + 1):
        next(run)
    run.close()
    assert workers.stopped
    assert crops(photos) == noted(photos)
    assert len(crops(photos)) < len(wanted())
    begun = crops(photos)
    outcomes = list(
        batch_of(photos, resume=True, tell_resumed=True).run(Deck(photos.parent / "out"))
    )
    states = [job.state for outcome in outcomes for job in outcome.jobs]
    assert states.count("resumed") == len(begun)
    assert crops(photos) == noted(photos) == wanted()
    again = batch_of(photos, resume=True)
    assert again.is_finished()
    assert list(again.run(Deck(photos.parent / "out"))) == []
    assert again.untold == len(wanted())


def test_a_job_that_is_missing_is_done_and_told_with_the_others(photos: Path) -> None:
    list(batch_of(photos).run(Deck(photos.parent / "out")))
    (photos.parent / "out" / "07_1x1_1.jpg").unlink()
    (outcome,) = batch_of(photos, resume=True).run(Deck(photos.parent / "out"))
    told = [(str(job.aspect), job.state, len(job.result["candidates"])) for job in outcome.jobs]
    assert told == [("4:5", "resumed", 1), ("1:1", "made", 1)]
    assert crops(photos) == wanted()


def test_unreadable_photos_are_named_and_the_rest_goes_on(photos: Path) -> None:
    (photos / "03.jpg").write_bytes(b"no photo")
    (photos / "04.jpg").write_bytes((photos / "05.jpg").read_bytes()[:200])
    with OwnProcess(
        lambda: PhotoWork(WorkOrder(PRESET, photos.parent / "out"), EngineDouble())
    ) as own:
        outcomes = list(batch_of(photos).run(own))
    assert sorted(failed(outcomes)) == ["03", "04"]
    assert crops(photos) == wanted("03", "04")


def test_this_process_finishes_what_it_has_begun_when_it_is_stopped(photos: Path) -> None:
    with OwnProcess(
        lambda: PhotoWork(WorkOrder(PRESET, photos.parent / "out"), EngineDouble())
    ) as own:
        run = batch_of(photos, group=4).run(own)
        next(run)
        run.close()
    assert crops(photos) == noted(photos)
    assert len(crops(photos)) < len(wanted())
