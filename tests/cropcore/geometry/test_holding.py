"""Which areas a crop can hold, and crops that are moved until they do."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cropcore.geometry.boxes import area, contains, ratio_of
from cropcore.geometry.holding import (
    can_hold,
    held_together,
    holds,
    moved_to_hold,
    share_inside,
)
from cropcore.geometry.windows import ratio_windows

seeds = st.integers(0, 100_000)
shapes = st.sampled_from([None, 0.5, 0.8, 1.0, 1.6, 2.4])
photos = st.sampled_from([0.6, 1.0, 1.5])


def areas(seed: int, count: int, largest: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.03, largest, (count, 2))
    low = rng.uniform(0, 1, (count, 2)) * (1 - size)
    return np.concatenate([low, low + size], axis=1)


def crops(seed: int, ratio: float | None, photo_ratio: float, count: int = 12) -> np.ndarray:
    if ratio is None:
        return areas(seed + 7, count, 0.9)
    every = ratio_windows(ratio, photo_ratio)
    return every[np.random.default_rng(seed).integers(0, len(every), count)]


def corners_in_disc(box: np.ndarray, held: np.ndarray, photo_ratio: float) -> bool:
    """By the plain definition, in heights of the photo."""
    x, y = (box[0] + box[2]) / 2 * photo_ratio, (box[1] + box[3]) / 2
    radius = (box[3] - box[1]) / 2
    points = [(a, b) for a in held[[0, 2]] for b in held[[1, 3]]]
    return all(np.hypot(a * photo_ratio - x, b - y) <= radius + 1e-9 for a, b in points)


@given(seeds, photos)
def test_a_circle_holds_what_lies_in_its_disc(seed: int, photo_ratio: float) -> None:
    boxes, held = crops(seed, 1.0, photo_ratio), areas(seed, 3)
    found = holds(boxes, held, photo_ratio, circle=True)
    expected = [[corners_in_disc(b, a, photo_ratio) for a in held] for b in boxes]
    assert found.tolist() == expected


@given(seeds, shapes, photos)
def test_moved_crops_hold_what_can_be_held(
    seed: int, ratio: float | None, photo_ratio: float
) -> None:
    held = areas(seed, 2, 0.3)
    boxes = crops(seed, ratio, photo_ratio)
    moved = moved_to_hold(boxes, held, ratio, photo_ratio)
    assert contains((0, 0, 1, 1), moved, 1e-12).all()
    if ratio is not None:
        assert ratio_of(moved, photo_ratio) == pytest.approx(np.full(len(moved), ratio), rel=1e-6)
    if can_hold(held, ratio, photo_ratio):
        assert holds(moved, held, photo_ratio).all()
        already = holds(boxes, held, photo_ratio).all(axis=1)
        assert moved[already] == pytest.approx(boxes[already])
    assert (area(moved) >= area(boxes) - 1e-9).all()


@example(2264, 1.0)
@given(seeds, photos)
def test_moved_circles_hold_what_can_be_held(seed: int, photo_ratio: float) -> None:
    held = areas(seed, 1, 0.35)
    boxes = crops(seed, 1.0, photo_ratio)
    moved = moved_to_hold(boxes, held, None, photo_ratio, circle=True)
    assert contains((0, 0, 1, 1), moved, 1e-12).all()
    assert ratio_of(moved, photo_ratio) == pytest.approx(np.ones(len(moved)), rel=1e-6)
    if can_hold(held, None, photo_ratio, circle=True):
        assert holds(moved, held, photo_ratio, circle=True).all(axis=1).all()


@given(seeds, st.sampled_from([0.5, 0.8, 1.0, 1.6, 2.4]), photos)
def test_what_a_grid_of_windows_can_hold_is_known(
    seed: int, ratio: float, photo_ratio: float
) -> None:
    held = areas(seed, 2, 0.5)
    for circle in (False, True):
        windows = ratio_windows(1.0 if circle else ratio, photo_ratio, positions=25)
        if holds(windows, held, photo_ratio, circle).all(axis=1).any():
            assert can_hold(held, None if circle else ratio, photo_ratio, circle)


@given(seeds, st.sampled_from([0.5, 1.0, 2.4]), photos)
def test_as_many_as_possible_are_kept(seed: int, ratio: float, photo_ratio: float) -> None:
    held = areas(seed, 4, 0.35)
    kept = held_together(held, ratio, photo_ratio)
    assert can_hold(held[kept], ratio, photo_ratio)
    for count in range(int(kept.sum()) + 1, 5):
        for group in combinations(range(4), count):
            assert not can_hold(held[list(group)], ratio, photo_ratio)
    for group in combinations(range(4), int(kept.sum())):
        if can_hold(held[list(group)], ratio, photo_ratio):
            assert area(held[list(group)]).sum() <= area(held[kept]).sum() + 1e-9


@given(seeds)
def test_many_areas_are_taken_in_turn(seed: int) -> None:
    held = areas(seed, 14, 0.2)
    kept = held_together(held, 0.5, 1.5)
    assert can_hold(held[kept], 0.5, 1.5)
    one_fits = any(can_hold(a[None], 0.5, 1.5) for a in held)
    assert kept.any() == one_fits


@given(seeds)
def test_shares_inside(seed: int) -> None:
    boxes, held = areas(seed, 3, 0.9), areas(seed + 1, 4)
    found = share_inside(boxes, held)
    assume(len(boxes))
    for i, b in enumerate(boxes):
        for j, a in enumerate(held):
            width = max(min(b[2], a[2]) - max(b[0], a[0]), 0)
            height = max(min(b[3], a[3]) - max(b[1], a[1]), 0)
            assert found[i, j] == pytest.approx(width * height / float(area(a)))


@pytest.mark.parametrize("photo_ratio", [0.6, 1.0, 1.5])
@pytest.mark.parametrize("high", [0.1, 0.2, 0.35])
def test_a_moved_circle_is_no_larger_than_it_must_be(high: float, photo_ratio: float) -> None:
    wide = high / photo_ratio
    circle = np.array([[0.3, 0.35, 0.3 + wide, 0.35 + high]])
    held = np.array([[0.45, 0.45, 0.45 + 0.1 / photo_ratio, 0.55]])
    moved = moved_to_hold(circle, held, 1.0, photo_ratio, circle=True)[0]
    needed = np.hypot(0.1, 0.1)  # the diameter around a square of a tenth
    assert moved[3] - moved[1] == pytest.approx(max(high, needed), rel=1e-6)
    assert holds(moved[None], held, photo_ratio, circle=True).all()
