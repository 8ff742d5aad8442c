"""Exports in their thread: one decoding for each photo, failures, cancel."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.document.document import Edit
from app.engine.messages import Answer, Ask
from app.export.export_job import ExportJob
from app.export.export_plan import ExportTask
from cropcore.errors import CropsightError
from cropcore.export import export
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo, read_photo
from tests.app.helpers.gui import write_photo

SQUARE = Aspect.parse("1:1")


class SilentEngine:
    """Has no suggestions."""

    def ask_in_background(self, ask: Ask) -> Future[Answer]:
        answer: Future[Answer] = Future()
        answer.set_result(Answer(ask, error=CropsightError("none")))
        return answer


@pytest.fixture
def photos(tmp_path: Path) -> list[Photo]:
    return [read_photo(write_photo(tmp_path / f"{n}.jpg", 300, 200)) for n in "ab"]


def task(key: int, photo: Photo, rank: int, crop: Crop | None) -> ExportTask:
    return ExportTask(key, photo, crop, SQUARE, rank, Edit(aspect=SQUARE).question)


def box(rank: int) -> Crop:
    return Crop((0.1 * rank, 0.0, 0.1 * rank + 2 / 3 * 0.6, 0.6))


@pytest.fixture
def run(qtbot: Any) -> Callable[..., ExportJob]:
    def run(tasks: list[ExportTask], options: ExportOptions | None = None) -> ExportJob:
        job = ExportJob(tasks, options or ExportOptions(), SilentEngine())
        job.heard = {"wrote": [], "unsuggested": [], "failed": [], "progress": []}
        job.wrote.connect(lambda *values: job.heard["wrote"].append(values))
        job.unsuggested.connect(job.heard["unsuggested"].append)
        job.failed.connect(lambda text: job.heard["failed"].append(text))
        job.progress.connect(lambda *values: job.heard["progress"].append(values))
        with qtbot.waitSignal(job.finished):
            job.start()
        job.wait()
        job.signals.deliver()
        return job

    return run


def test_a_photo_is_decoded_once_for_all_its_crops(
    run: Callable[..., ExportJob], photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[Path] = []
    decode = export.decode
    monkeypatch.setattr(export, "decode", lambda photo: decoded.append(photo.path) or decode(photo))
    tasks = [task(k, photo, rank, box(rank)) for k, photo in enumerate(photos) for rank in (1, 2)]
    job = run([*tasks, task(1, photos[1], 3, None)])
    assert sorted(decoded) == [photos[0].path, photos[1].path]
    assert [t.rank for t, _, _ in job.heard["wrote"]] == [1, 2, 1, 2, 3]
    names = [written.path.name for _, _, written in job.heard["wrote"]]
    assert names == ["a_1x1_1.jpg", "a_1x1_2.jpg", "b_1x1_1.jpg", "b_1x1_2.jpg", "b_1x1_3.jpg"]
    assert [crop for _, crop, _ in job.heard["wrote"]][:2] == [box(1), box(2)]
    assert job.heard["progress"] == [(n, 5) for n in range(6)]


def test_files_are_counted_across_photos(
    run: Callable[..., ExportJob], photos: list[Photo]
) -> None:
    tasks = [task(k, photo, 1, box(1)) for k, photo in enumerate(photos)]
    job = run(tasks, ExportOptions(template="{name}-{n}"))
    assert [w.path.stem for _, _, w in job.heard["wrote"]] == ["a-1", "b-2"]


def test_a_lost_photo_is_named_once_and_the_rest_is_written(
    run: Callable[..., ExportJob], photos: list[Photo]
) -> None:
    photos[0].path.unlink()
    tasks = [task(k, photo, rank, box(rank)) for k, photo in enumerate(photos) for rank in (1, 2)]
    job = run(tasks)
    assert [text.split()[0] for text in job.heard["failed"]] == ["a.jpg"]
    assert [t.photo.path for t, _, _ in job.heard["wrote"]] == [photos[1].path] * 2
    assert job.heard["progress"][-1] == (4, 4)


def test_one_crop_that_fails_does_not_stop_the_next(
    run: Callable[..., ExportJob], photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = export._written

    def fail_second(folder: Path, stem: str, suffix: str, data: bytes, tidy: bool) -> Path:
        if stem.endswith("_2"):
            raise export.ExportError(folder / stem, "the disk is full.", "Make room.")
        return written(folder, stem, suffix, data, tidy)

    monkeypatch.setattr(export, "_written", fail_second)
    job = run([task(0, photos[0], rank, box(rank)) for rank in (1, 2, 3)])
    assert [t.rank for t, _, _ in job.heard["wrote"]] == [1, 3]
    assert len(job.heard["failed"]) == 1


def test_cancel_ends_after_the_file_in_work(
    run: Callable[..., ExportJob], photos: list[Photo], monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [task(0, photos[0], rank, box(rank)) for rank in (1, 2, 3)]
    cancelled: list[ExportJob] = []
    start = ExportJob.start

    def start_and_remember(job: ExportJob) -> None:
        cancelled.append(job)
        start(job)

    written = export._written

    def cancel_in_first(folder: Path, stem: str, suffix: str, data: bytes, tidy: bool) -> Path:
        cancelled[0].cancel()
        return written(folder, stem, suffix, data, tidy)

    monkeypatch.setattr(ExportJob, "start", start_and_remember)
    monkeypatch.setattr(export, "_written", cancel_in_first)
    job = run(tasks)
    assert [t.rank for t, _, _ in job.heard["wrote"]] == [1]
    assert job.was_cancelled
    assert not job.heard["failed"]


def test_without_suggestions_the_largest_centred_crop_is_written(
    run: Callable[..., ExportJob], photos: list[Photo]
) -> None:
    question = replace(Edit(aspect=SQUARE).question, tightness=0.2)
    job = run([ExportTask(0, photos[0], None, SQUARE, 1, question)])
    ((_, _, written),) = job.heard["wrote"]
    assert (written.width, written.height) == (200, 200)
    assert job.heard["unsuggested"] == [photos[0]]


def test_a_crop_in_hand_needs_no_suggestion(
    run: Callable[..., ExportJob], photos: list[Photo]
) -> None:
    assert run([task(0, photos[0], 1, box(1))]).heard["unsuggested"] == []
