"""Drags on a straightened photo: never an empty corner, and what is kept stays kept."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.canvas.drag_geometry import Bounds, Handle, draw, move, resize
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box
from cropcore.geometry.straight_outline import HalfPlane, Outline, project
from cropcore.geometry.straighten import fit_inside

SLACK = 1e-3
"""Pixels."""

angles = st.floats(0.05, 45.0).flatmap(lambda a: st.sampled_from([a, -a]))
sizes = st.tuples(st.integers(200, 9000), st.integers(200, 9000))
distances = st.floats(-12_000, 12_000)
ratios = st.none() | st.floats(0.3, 3.0)
sides = st.floats(0.0, 1.0)
around = st.floats(-0.2, 1.2)


def beyond(box: Box, bounds: Bounds) -> float:
    """By how many pixels a box reaches over the photo's edge."""
    corners = [(x * bounds.width, y * bounds.height) for x in box[::2] for y in box[1::2]]
    return max(side.over(*corner) for side in bounds.outline.sides for corner in corners)


def in_pixels(box: Box, bounds: Bounds) -> Box:
    w, h = bounds.width, bounds.height
    return box[0] * w, box[1] * h, box[2] * w, box[3] * h


@st.composite
def scenes(pick: st.DrawFn) -> tuple[Bounds, Box, float | None]:
    """A straightened photo, a crop on it, and the ratio that it has, where one is to be kept."""
    bounds = Bounds.straightened(*pick(sizes), pick(angles))
    ratio = pick(ratios)
    x, y = sorted([pick(sides), pick(sides)]), sorted([pick(sides), pick(sides)])
    box = x[0], y[0], x[1] + 0.01, y[1] + 0.01
    assert bounds.photo is not None
    fitted = fit_inside(box, *bounds.photo, bounds.angle, ratio).tolist()
    return bounds, tuple(fitted), ratio  # type: ignore[return-value]


@settings(max_examples=150, deadline=None)
@given(scenes(), st.sampled_from(list(Handle)), distances, distances, st.booleans())
def test_a_resize_stays_on_the_photo_and_keeps_what_lies_opposite(
    scene: tuple[Bounds, Box, float | None], handle: Handle, dx: float, dy: float, centred: bool
) -> None:
    bounds, start, ratio = scene
    end = resize(start, handle, dx, dy, bounds, ratio, centred)
    assert beyond(end, bounds) < SLACK
    x1, y1, x2, y2 = in_pixels(start, bounds)
    a1, b1, a2, b2 = in_pixels(end, bounds)
    assert a2 > a1
    assert b2 > b1
    if ratio is not None:
        assert a2 - a1 == pytest.approx((b2 - b1) * ratio, abs=SLACK)
    sx, sy = handle.value
    if centred:
        assert (a1 + a2, b1 + b2) == pytest.approx((x1 + x2, y1 + y2), abs=SLACK)
        return
    if sx:
        assert (a1 if sx > 0 else a2) == pytest.approx(x1 if sx > 0 else x2, abs=SLACK)
    elif ratio is None:
        assert (a1, a2) == pytest.approx((x1, x2), abs=SLACK)
    if sy:
        assert (b1 if sy > 0 else b2) == pytest.approx(y1 if sy > 0 else y2, abs=SLACK)
    elif ratio is None:
        assert (b1, b2) == pytest.approx((y1, y2), abs=SLACK)


@settings(max_examples=80, deadline=None)
@given(scenes(), distances, distances)
def test_a_move_keeps_the_size_and_stays_on_the_photo(
    scene: tuple[Bounds, Box, float | None], dx: float, dy: float
) -> None:
    bounds, start, _ = scene
    end = move(start, dx, dy, bounds)
    assert beyond(end, bounds) < SLACK
    before, after = in_pixels(start, bounds), in_pixels(end, bounds)
    assert after[2] - after[0] == pytest.approx(before[2] - before[0], abs=SLACK)
    assert after[3] - after[1] == pytest.approx(before[3] - before[1], abs=SLACK)


@settings(max_examples=120, deadline=None)
@given(sizes, angles, ratios, around, around, distances, distances, st.booleans())
def test_a_new_crop_stays_on_the_photo_and_begins_where_it_was_begun(
    size: tuple[int, int],
    angle: float,
    ratio: float | None,
    x: float,
    y: float,
    to_x: float,
    to_y: float,
    centred: bool,
) -> None:
    bounds = Bounds.straightened(*size, angle)
    x, y = x * bounds.width, y * bounds.height
    end = draw((x, y), (to_x, to_y), bounds, ratio, centred)
    assert beyond(end, bounds) < SLACK
    x1, y1, x2, y2 = in_pixels(end, bounds)
    if ratio is not None:
        assert x2 - x1 == pytest.approx((y2 - y1) * ratio, abs=SLACK)
    if max(side.over(x, y) for side in bounds.outline.sides) > -100:
        return  # too near to the edge for the smallest crop
    if centred:
        assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((x, y), abs=SLACK)
    else:
        assert min(abs(x - x1), abs(x - x2)) < SLACK
        assert min(abs(y - y1), abs(y - y2)) < SLACK


@pytest.mark.parametrize("angle", [3.0, -3.0, 20.0])
def test_within_the_photo_a_drag_is_what_it_is_without_an_angle(angle: float) -> None:
    bounds = Bounds.straightened(6000, 4000, angle)
    plain = Bounds(bounds.width, bounds.height)
    start = 0.4, 0.4, 0.6, 0.55
    for handle in Handle:
        for ratio in (None, 0.2 * bounds.width / (0.15 * bounds.height)):
            for centred in (False, True):
                args = start, handle, 100.0, 60.0
                wanted = resize(*args, plain, ratio, centred)
                assert resize(*args, bounds, ratio, centred) == pytest.approx(wanted, abs=1e-9)
    begun = (2000.0, 2000.0), (3000.0, 2600.0)
    for ratio in (None, 1.5):
        for centred in (False, True):
            wanted = draw(*begun, plain, ratio, centred)
            assert draw(*begun, bounds, ratio, centred) == pytest.approx(wanted, abs=1e-9)


def test_a_pulled_corner_slides_along_the_edge_of_the_photo() -> None:
    bounds = Bounds.straightened(6000, 4000, 10)
    start = 0.4, 0.4, 0.6, 0.55
    far = resize(start, Handle.BOTTOM_RIGHT, 9000, 300, bounds)
    farther = resize(start, Handle.BOTTOM_RIGHT, 9000, 900, bounds)
    assert beyond(far, bounds) == pytest.approx(0, abs=SLACK)
    assert farther[3] > far[3] + 0.01


@given(
    st.lists(st.tuples(st.floats(0, 2 * math.pi), st.floats(1, 50)), min_size=1, max_size=6),
    st.tuples(st.floats(-99, 99), st.floats(-99, 99)),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_no_allowed_place_is_nearer_than_the_projected_one(
    around: list[tuple[float, float]], at: tuple[float, float], other: tuple[float, float]
) -> None:
    limits = [HalfPlane(math.cos(turn), math.sin(turn), most) for turn, most in around]
    found = project(at, limits)
    assert found is not None
    assert all(limit.over(*found) < 1e-6 for limit in limits)
    if all(limit.over(*other) <= 0 for limit in limits):
        assert math.dist(found, at) <= math.dist(other, at) + 1e-6


def test_limits_without_any_place_have_no_nearest_one() -> None:
    assert project((0, 0), [HalfPlane(1, 0, -1), HalfPlane(-1, 0, -1)]) is None


@given(sizes, angles)
def test_the_outline_of_a_photo_touches_all_sides_of_its_canvas(
    size: tuple[int, int], angle: float
) -> None:
    wide, high = rotated_size(*size, angle)
    outline = Outline.of(*size, angle)
    for corner in ((-wide, -high), (2 * wide, -high), (-wide, 2 * high), (2 * wide, 2 * high)):
        x, y = outline.nearest(corner)
        assert -SLACK < x < wide + SLACK
        assert -SLACK < y < high + SLACK
    assert all(side.over(wide / 2, high / 2) < 0 for side in outline.sides)
