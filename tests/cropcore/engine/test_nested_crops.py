"""Crops that survive being cut again: inside, exact in ratio, and better together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.errors import CropsightError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Nested
from cropcore.geometry.nested import fit_within, grown, later_shapes
from tests.cropcore.helpers.untrained import photo

FREE, ORIGINAL, CIRCLE, SQUARE, TALL, WIDE = (
    Aspect.parse(text) for text in ("free", "original", "circle", "1:1", "4:5", "16:9")
)
LATER = (SQUARE, WIDE, CIRCLE)

ratios = st.floats(0.2, 5.0)
shares = st.floats(0.0, 1.0)


@st.composite
def boxes(draw: st.DrawFn) -> np.ndarray:
    """A box of at least a twentieth of the photo each way."""
    sides = [draw(st.floats(0.05, 1.0)) for _ in range(2)]
    low = [draw(shares) * (1 - side) for side in sides]
    return np.array([*low, low[0] + sides[0], low[1] + sides[1]])


def disc_of(box: np.ndarray, photo_ratio: float) -> tuple[np.ndarray, float]:
    """Middle and radius of the circle in a box, in heights of the photo."""
    middle = geometry.centre(box) * (photo_ratio, 1)
    return middle, (box[3] - box[1]) / 2


@given(boxes(), boxes(), ratios)
def test_what_is_fitted_lies_inside_and_keeps_its_ratio(
    inner: np.ndarray, outer: np.ndarray, photo_ratio: float
) -> None:
    fitted = fit_within(inner, outer, photo_ratio)
    assert geometry.contains(outer, fitted, tolerance=0)
    assert geometry.ratio_of(fitted, photo_ratio) == pytest.approx(
        geometry.ratio_of(inner, photo_ratio), rel=1e-9
    )
    assert geometry.area(fitted) <= geometry.area(inner) + 1e-12
    if geometry.contains(outer, inner, tolerance=0):
        assert (fitted == inner).all()
    # Shrunk no more than it has to be: it fills the outer one where it does not keep its size.
    size, room = fitted[2:] - fitted[:2], outer[2:] - outer[:2]
    assert (
        geometry.area(fitted) == pytest.approx(geometry.area(inner)) or np.isclose(size, room).any()
    )


@given(boxes(), boxes(), ratios, ratios, st.booleans())
def test_in_a_circle_no_corner_is_outside(
    inner: np.ndarray, outer: np.ndarray, photo_ratio: float, ratio: float, circle: bool
) -> None:
    disc = geometry.fit_to_ratio(outer, 1.0, photo_ratio)
    wanted = geometry.fit_to_ratio(inner, 1.0 if circle else ratio, photo_ratio)
    fitted = fit_within(wanted, disc, photo_ratio, disc=True, circle=circle)
    assert geometry.ratio_of(fitted, photo_ratio) == pytest.approx(
        1.0 if circle else ratio, rel=1e-6
    )
    middle, radius = disc_of(disc, photo_ratio)
    if circle:
        own, own_radius = disc_of(fitted, photo_ratio)
        assert np.hypot(*(own - middle)) + own_radius <= radius + 1e-9
    else:
        corners = fitted[[[0, 1], [2, 1], [2, 3], [0, 3]]] * (photo_ratio, 1)
        assert np.hypot(*(corners - middle).T).max() <= radius + 1e-9


@given(boxes(), boxes(), ratios, ratios)
def test_a_grown_crop_keeps_its_ratio_and_holds_what_fits(
    outer: np.ndarray, held: np.ndarray, photo_ratio: float, ratio: float
) -> None:
    wide = grown(outer, held, photo_ratio, ratio)
    assert geometry.contains(geometry.WHOLE, wide, tolerance=0)
    assert geometry.ratio_of(wide, photo_ratio) == pytest.approx(ratio, rel=1e-6)
    largest = geometry.area(geometry.largest_with_ratio(ratio, photo_ratio))
    if geometry.area(wide) < largest * (1 - 1e-9):
        assert geometry.contains(wide, np.stack([outer, held])).all()
    assert geometry.contains(grown(outer, held, photo_ratio, None), held)


def test_the_crop_s_own_shape_is_no_later_shape() -> None:
    assert later_shapes(TALL, [SQUARE, TALL, SQUARE], 300, 200) == [SQUARE]
    assert later_shapes(ORIGINAL, [Aspect.parse("3:2")], 300, 200) == []
    assert later_shapes(SQUARE, [CIRCLE], 300, 200) == [CIRCLE]
    assert later_shapes(FREE, [SQUARE], 300, 200) == [SQUARE]
    with pytest.raises(CropsightError, match="a ratio or a circle"):
        later_shapes(TALL, [FREE], 300, 200)


@pytest.fixture(scope="module")
def engine(weights: Path) -> CropEngine:
    return CropEngine.load("cpu", weights)


@pytest.fixture(scope="module")
def scene(engine: CropEngine) -> Scene:
    return engine.encode(photo(300, 200))


def later_score(nested: Sequence[Nested]) -> float:
    return float(np.mean([n.score for n in nested]))


def assert_nested(candidate: Candidate, aspect: Aspect, also: list[Aspect], scene: Scene) -> None:
    size = scene.photo_width, scene.photo_height
    outer = np.array(candidate.crop.box)
    assert [n.aspect for n in candidate.nested] == also
    for nested in candidate.nested:
        box = np.array(nested.crop.box)
        assert geometry.contains(outer, box)
        assert nested.crop.shape == ("circle" if nested.aspect.is_circle else "rect")
        assert 0 <= nested.score <= 100
        ratio = nested.aspect.ratio_for(*size)
        assert ratio is not None
        left, top, right, bottom = geometry.to_pixels(box, *size, ratio)
        assert abs((right - left) - (bottom - top) * ratio) <= max(1.0, ratio)
        if aspect.is_circle and not nested.aspect.is_circle:
            middle, radius = disc_of(outer, scene.photo_ratio)
            corners = box[[[0, 1], [2, 1], [2, 3], [0, 3]]] * (scene.photo_ratio, 1)
            assert np.hypot(*(corners - middle).T).max() <= radius + 1e-9


@pytest.mark.parametrize("outer", [FREE, ORIGINAL, CIRCLE, TALL], ids=str)
def test_every_candidate_holds_a_crop_of_each_shape(
    engine: CropEngine, scene: Scene, outer: Aspect
) -> None:
    found = engine.suggest(scene, outer, also=LATER)
    assert [c.rank for c in found.candidates] == list(range(1, len(found.candidates) + 1))
    assert len(found.candidates) >= 5
    for candidate in found.candidates:
        later = [a for a in LATER if a != outer]
        assert_nested(candidate, outer, later, scene)
    joint = [np.mean([c.score or 0, later_score(c.nested)]) for c in found.candidates]
    assert joint[0] == max(joint)


def test_the_first_does_not_depend_on_how_many_are_asked_for(
    engine: CropEngine, scene: Scene
) -> None:
    ten = engine.suggest(scene, TALL, also=LATER).candidates
    for k in (1, 3):
        fewer = engine.suggest(scene, TALL, k=k, also=LATER).candidates
        assert [(c.rank, c.crop) for c in fewer] == [(c.rank, c.crop) for c in ten[:k]]


def test_only_the_own_shape_later_is_the_plain_suggestion(engine: CropEngine, scene: Scene) -> None:
    for aspect in (TALL, CIRCLE):
        assert engine.suggest(scene, aspect, also=[aspect]) == engine.suggest(scene, aspect)
    same = Aspect.parse("8:10")
    assert engine.suggest(scene, TALL, also=[same]) == engine.suggest(scene, TALL)


def test_equal_questions_get_equal_answers_and_leave_no_trace(
    engine: CropEngine, scene: Scene
) -> None:
    plain = engine.suggest(scene, TALL)
    first = engine.suggest(scene, TALL, also=LATER)
    engine.suggest(scene, ORIGINAL, also=(TALL,), protect=[(0.4, 0.4, 0.5, 0.5)])
    assert engine.suggest(scene, TALL, also=LATER) == first
    assert engine.suggest(scene, TALL) == plain
    again = engine.encode(photo(300, 200))
    assert engine.suggest(again, TALL, also=LATER) == first


def test_later_crops_of_a_crop_in_hand(engine: CropEngine, scene: Scene) -> None:
    found = engine.suggest(scene, TALL, also=LATER).candidates[0]
    assert engine.nested(scene, found.crop, CropQuestion(TALL, also=LATER)) == found.nested
    drawn = Crop((0.05, 0.5, 0.3, 0.95))
    nested = engine.nested(scene, drawn, CropQuestion(FREE, also=(SQUARE, WIDE)))
    assert_nested(replace(found, crop=drawn, nested=nested), FREE, [SQUARE, WIDE], scene)
    assert engine.nested(scene, drawn, CropQuestion(FREE)) == ()


def test_protected_areas_stay_whole_in_the_later_crops(engine: CropEngine, scene: Scene) -> None:
    area = (0.62, 0.1, 0.72, 0.3)
    for candidate in engine.suggest(scene, TALL, also=(SQUARE,), protect=[area]).candidates:
        assert geometry.contains(candidate.crop.box, area)
        assert geometry.contains(candidate.nested[0].crop.box, area)


def test_tight_crops_stay_tight(engine: CropEngine, scene: Scene) -> None:
    tight = engine.suggest(scene, TALL, tightness=1.0, also=LATER)
    largest = geometry.area(geometry.largest_with_ratio(0.8, scene.photo_ratio))
    assert all(geometry.area(c.crop.box) < 0.5 * largest for c in tight.candidates)


@pytest.fixture(scope="module")
def shipped() -> CropEngine:
    return CropEngine.load("cpu")


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea", "rocket"])
@pytest.mark.parametrize(
    ("outer", "also"),
    [(FREE, (TALL, WIDE)), (TALL, (SQUARE, WIDE)), (Aspect.parse("3:2"), (SQUARE, TALL))],
    ids=["free", "4:5", "3:2"],
)
def test_on_real_photos_the_joint_best_serves_the_later_crops_no_worse(
    shipped: CropEngine, name: str, outer: Aspect, also: tuple[Aspect, ...]
) -> None:
    scene = shipped.encode(np.asarray(getattr(data, name)(), np.uint8))
    plain = shipped.suggest(scene, outer).candidates[0]
    first = shipped.suggest(scene, outer, also=also).candidates[0]
    later = later_score(shipped.nested(scene, plain.crop, CropQuestion(outer, also=also)))
    joint = later_score(first.nested)
    own, plain_own = first.score or 0.0, plain.score or 0.0
    assert joint >= later - 1e-6
    assert own + joint >= plain_own + later - 1e-6


def test_a_crop_that_is_cut_again_leaves_room_for_it(shipped: CropEngine) -> None:
    """The rocket's best free crop is too narrow for a banner; the best with a banner is not."""
    scene = shipped.encode(np.asarray(data.rocket(), np.uint8))
    plain = shipped.suggest(scene, FREE).candidates[0]
    first = shipped.suggest(scene, FREE, also=(TALL, WIDE)).candidates[0]
    won = later_score(first.nested) - later_score(
        shipped.nested(scene, plain.crop, CropQuestion(FREE, also=(TALL, WIDE)))
    )
    assert won > 1.0
    assert first.crop != plain.crop
