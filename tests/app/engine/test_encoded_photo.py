"""The engine sees a straightened photo upright, and what it says comes back to the canvas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.engine.engine_thread import EngineThread
from app.engine.messages import Answer, Ask
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import FLIP_HORIZONTAL, TURN_RIGHT, UPRIGHT, Orientation
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import Photo, net_pixels, read_photo
from tests.app.helpers.engine_double import EngineDouble, candidate_crops

SQUARE = Aspect.parse("1:1")


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 255, (40, 60, 3), np.uint8)).resize((600, 400)).save(
        tmp_path / "a.png"
    )
    return read_photo(tmp_path / "a.png")


@pytest.fixture
def double() -> EngineDouble:
    return EngineDouble(held=False)


@pytest.fixture
def thread(qapp: object, double: EngineDouble) -> Iterator[EngineThread]:
    thread = EngineThread(double.load)
    thread.start()
    yield thread
    thread.stop()


def ask(photo: Photo, angle: float = 0.0, turn: Orientation = UPRIGHT, **more: Any) -> Ask:
    question = CropQuestion(SQUARE, 0.5, "default", more.pop("protect", ()), angle, turn)
    return Ask(1, 7, 0, photo, question, **more)


def answer(thread: EngineThread, wanted: Ask) -> Answer:
    return thread.ask_aside(wanted).result(timeout=60)


def test_the_angle_reaches_the_engine_and_crops_come_back_to_the_canvas(
    thread: EngineThread, double: EngineDouble, photo: Photo
) -> None:
    found = answer(thread, ask(photo, 8.0)).suggestions
    assert found is not None
    _, seen = double.encoded[0]
    np.testing.assert_array_equal(seen, net_pixels(photo, 8.0))
    view = StraightView.of(600, 400, 8.0)
    for candidate, crop in zip(found.candidates, candidate_crops(SQUARE, photo), strict=True):
        assert candidate.crop.angle == 8
        np.testing.assert_allclose(candidate.crop.box, view.to_canvas(crop.box), atol=1e-12)


def test_the_whole_view_comes_back_as_the_largest_crop_without_empty_corners(
    thread: EngineThread, photo: Photo
) -> None:
    wanted = ask(photo, 8.0)
    wanted = replace(wanted, question=replace(wanted.question, aspect=Aspect("original")))
    found = answer(thread, wanted).suggestions
    assert found is not None
    assert found.candidates[-1].crop == Crop(StraightView.of(600, 400, 8.0).box, "rect", 8.0)


def test_without_an_angle_the_engine_decodes_the_photo_itself(
    thread: EngineThread, double: EngineDouble, photo: Photo
) -> None:
    found = answer(thread, ask(photo)).suggestions
    assert double.encoded == [(photo, None)]
    assert found is not None
    assert [c.crop for c in found.candidates] == list(candidate_crops(SQUARE, photo))


def test_each_angle_and_turn_is_encoded_once(
    thread: EngineThread, double: EngineDouble, photo: Photo
) -> None:
    turned, mirrored = photo.turned(TURN_RIGHT), photo.turned(FLIP_HORIZONTAL)
    asks = [
        ask(photo),
        ask(photo, 2.0),
        ask(turned, 2.0, TURN_RIGHT),
        ask(mirrored, 2.0, FLIP_HORIZONTAL),
    ]
    first = [answer(thread, wanted).suggestions for wanted in asks]
    again = [answer(thread, wanted).suggestions for wanted in asks]
    assert len(double.encoded) == 4
    assert len(double.asked) == 4
    assert [a is b for a, b in zip(first, again, strict=True)] == [True] * 4
    assert len({f.candidates[0].crop for f in first if f is not None}) == 3  # mirrored: same sizes


def test_another_file_in_the_place_is_encoded_anew_at_its_angle(
    thread: EngineThread, double: EngineDouble, photo: Photo
) -> None:
    answer(thread, ask(photo, 2.0))
    answer(thread, ask(replace(photo), 2.0))
    assert len(double.encoded) == 2
    assert len(double.asked) == 2


def test_crops_and_areas_are_brought_to_what_the_engine_saw(
    thread: EngineThread, double: EngineDouble, photo: Photo
) -> None:
    view = StraightView.of(600, 400, 8.0)
    half = tuple(view.to_canvas((0.25, 0.25, 0.75, 0.75)).tolist())
    crop = Crop(half, "rect", 8.0)  # type: ignore[arg-type]
    outside = (0.0, 0.0, 0.01, 0.01)
    wanted = ask(photo, 8.0, crop=crop, explain=crop, rivals=(crop,), protect=(half, outside))
    said = answer(thread, wanted)
    assert said.score == pytest.approx(25)
    explained, rivals = double.explained[0]
    np.testing.assert_allclose(explained.box, (0.25, 0.25, 0.75, 0.75), atol=1e-12)
    assert rivals == (explained,)
    assert said.explanation is not None
    assert said.explanation.crop == explained
    (protected,) = double.protected[0]
    np.testing.assert_allclose(protected, (0.25, 0.25, 0.75, 0.75), atol=1e-12)
