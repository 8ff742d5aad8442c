"""Batches whose engine gets several photos at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cropcore.batch.batch import Batch
from cropcore.batch.engine_groups import GroupEngine, Groups
from cropcore.batch.jobs import BatchPhoto, PhotoOutcome
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset
from cropcore.errors import DeviceError, PhotoError
from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import read_photo
from tests.cropcore.conftest import EngineDouble

PRESET = Preset("Test", (Aspect.parse("4:5"),), format="png")


class Gathering(EngineDouble):
    """Likes photos together; fails on groups that hold a photo of the name ``poison``."""

    at_once = 4

    def __init__(self, poison: str = "") -> None:
        super().__init__()
        self.groups: list[list[str]] = []
        self._poison = poison

    def encode_all(self, photos: Sequence[Any], pixels: Sequence[Any]) -> list[Any]:
        assert all(isinstance(p, np.ndarray) for p in pixels)
        names = [photo.path.name for photo in photos]
        self.groups.append(names)
        if self._poison in names:
            raise DeviceError("The graphics card has no memory left.")
        return [self.encode(photo) for photo in photos]

    def encode(self, photo: Any, pixels: Any = None) -> Any:
        if photo.path.name == self._poison:
            raise PhotoError(photo.path, "is too much for it.")
        return super().encode(photo, pixels)


@pytest.fixture
def paths(make_photo, tmp_path: Path) -> list[Path]:
    return [make_photo(f"{i:02}.jpg", size=(40 + i, 30), folder=tmp_path / "in") for i in range(12)]


def run(engine: Any, paths: list[Path], out: Path, **more: Any) -> Any:
    out.mkdir()
    return Batch(PRESET, paths, out, Journal(out), **more).run(engine)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.png"))}


def names(outcomes: Sequence[PhotoOutcome]) -> list[str]:
    return [outcome.path.name for outcome in outcomes]


def decoded(paths: Sequence[Path]) -> deque[Future[BatchPhoto]]:
    """Photos that wait for the engine, all of them decoded."""
    ahead: deque[Future[BatchPhoto]] = deque()
    for place, path in enumerate(paths):
        work, future = BatchPhoto(place, path), Future[BatchPhoto]()
        if path.exists():
            work.photo, work.pixels = read_photo(path), np.zeros((2, 2, 3), np.uint8)
        else:
            work.error = PhotoError(path, "is missing.")
        future.set_result(work)
        ahead.append(future)
    return ahead


def test_photos_that_are_decoded_go_to_the_engine_together(paths) -> None:
    engine = Gathering()
    paths[1].unlink()
    groups, ahead = Groups(engine), decoded(paths[:6])
    found = [groups.next_ones(ahead), groups.next_ones(ahead)]
    assert [[work.place for work, _ in group] for group in found] == [[0, 1, 2, 3], [4, 5]]
    assert engine.groups == [["00.jpg", "02.jpg", "03.jpg"], ["04.jpg", "05.jpg"]]
    widths = [scene and scene.photo_width for group in found for _, scene in group]
    assert widths == [40, None, 42, 43, 44, 45]


def test_nobody_waits_for_photos_that_are_still_being_decoded(paths) -> None:
    engine = Gathering()
    ahead = decoded(paths[:2])
    ahead.insert(1, Future())
    ((work, scene),) = Groups(engine).next_ones(ahead)
    assert (work.place, scene, len(ahead)) == (0, None, 2)
    assert engine.groups == []


def test_an_engine_that_takes_photos_in_turn_gets_each_alone(paths) -> None:
    groups, ahead = Groups(EngineDouble()), decoded(paths[:3])
    assert groups.more == 0
    assert [len(groups.next_ones(ahead)) for _ in range(3)] == [1, 1, 1]


def test_groups_are_written_as_photos_in_turn_are(paths, tmp_path) -> None:
    engine = Gathering()
    assert isinstance(engine, GroupEngine)
    together = list(run(engine, paths, tmp_path / "together"))
    alone = list(run(EngineDouble(), paths, tmp_path / "alone"))
    assert names(together) == names(alone) == [path.name for path in paths]
    assert sorted(engine.encoded) == names(together)
    assert len(written(tmp_path / "alone")) == 12
    assert written(tmp_path / "together") == written(tmp_path / "alone")


def test_where_a_group_fails_each_photo_is_tried_alone(paths, tmp_path) -> None:
    engine = Gathering(poison="01.jpg")
    done = list(run(engine, paths[:4], tmp_path / "out"))
    assert names(done) == [path.name for path in paths[:4]]
    assert [outcome.error is not None for outcome in done] == [False, True, False, False]
    assert "too much" in str(done[1].error)
    assert len(written(tmp_path / "out")) == 3
