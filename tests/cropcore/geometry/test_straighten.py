"""Crops of a straightened photo: inside it, as large as can be, as near as can be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cropcore.errors import GeometryError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.boxes import WHOLE, rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import (
    StraightView,
    angle_of_line,
    fit_inside,
    largest_inside,
    with_angle,
    without_empty_corners,
)
from tests.cropcore.helpers.rotated import inside_rotated

sides = st.floats(50, 9000)
angles = st.floats(-45, 45)
ratios = st.floats(0.05, 20)
places = st.tuples(st.floats(0, 1), st.floats(0, 1))


@st.composite
def boxes(draw: st.DrawFn) -> np.ndarray:
    width, height = draw(st.floats(0.02, 1)), draw(st.floats(0.02, 1))
    x, y = draw(st.floats(-0.2, 1.2)), draw(st.floats(-0.2, 1.2))
    return geometry.from_centre((x, y), (width, height))


def grown(box: np.ndarray, by: float) -> np.ndarray:
    return geometry.from_centre(geometry.centre(box), (box[2:] - box[:2]) * by)


def pixel_size(box: np.ndarray, width: float, height: float, angle: float) -> np.ndarray:
    return (box[2:] - box[:2]) * rotated_size(width, height, angle)


@given(ratios, sides, sides, angles, places)
def test_the_largest_is_inside_touches_and_has_the_ratio(
    ratio: float, width: float, height: float, angle: float, at: tuple[float, float]
) -> None:
    box = largest_inside(ratio, width, height, angle, at)
    assert inside_rotated(box, width, height, angle)
    wide, high = pixel_size(box, width, height, angle)
    assert wide == pytest.approx(high * ratio, rel=1e-9)
    assert not inside_rotated(grown(box, 1.001), width, height, angle)
    # Nowhere else is there room for a larger one: at the centre there is least in the way.
    middle = largest_inside(ratio, width, height, angle)
    assert geometry.area(box) == pytest.approx(geometry.area(middle))
    assert not inside_rotated(grown(middle, 1.001), width, height, angle)


@given(ratios, sides, sides, places)
def test_without_a_turn_it_is_the_plain_one(
    ratio: float, width: float, height: float, at: tuple[float, float]
) -> None:
    expected = geometry.largest_with_ratio(ratio, width / height, at)
    assert largest_inside(ratio, width, height, 0.0, at) == pytest.approx(expected, abs=1e-9)


@given(st.floats(0.2, 5), sides, st.floats(0, 1), st.floats(0, 1))
def test_less_is_left_the_further_a_photo_is_turned(
    ratio: float, height: float, one: float, other: float
) -> None:
    """Until the crop's diagonal lies along a side of the photo: then the corners leave it again."""
    width = ratio * height
    furthest = math.degrees(math.atan(min(ratio, 1 / ratio)))
    less, more = sorted((one * furthest, other * furthest))

    def left(angle: float) -> float:
        box = largest_inside(ratio, width, height, angle)
        return float(pixel_size(box, width, height, angle)[0])

    assert left(more) <= left(less) * (1 + 1e-9)
    assert left(-less) == pytest.approx(left(less))


@given(boxes(), sides, sides, angles, st.none() | ratios)
def test_a_fitted_box_is_inside_and_no_smaller_than_it_must(
    box: np.ndarray, width: float, height: float, angle: float, ratio: float | None
) -> None:
    fitted = fit_inside(box, width, height, angle, ratio)
    assert inside_rotated(fitted, width, height, angle)
    before, after = (pixel_size(b, width, height, angle) for b in (box, fitted))
    if ratio is None:
        ratio = before[0] / before[1]
    assert after[0] == pytest.approx(after[1] * ratio, rel=1e-9)
    largest = pixel_size(largest_inside(ratio, width, height, angle), width, height, angle)
    assert after.prod() == pytest.approx(min(before.prod(), largest.prod()), rel=1e-9)
    again = fit_inside(fitted, width, height, angle, ratio)
    assert again == pytest.approx(fitted, abs=1e-12)


@given(boxes(), sides, sides, angles, st.floats(0, 2 * math.pi), st.floats(0.01, 0.99))
def test_no_nearer_place_would_do(
    box: np.ndarray, width: float, height: float, angle: float, way: float, share: float
) -> None:
    fitted = fit_inside(box, width, height, angle)
    canvas = rotated_size(width, height, angle)
    moved = (geometry.centre(fitted) - geometry.centre(box)) * canvas
    far = math.hypot(*moved)
    assume(far > 1e-3 * width)
    offset = np.array([math.cos(way), math.sin(way)]) * far * share * 0.999
    nearer = geometry.from_centre(geometry.centre(box) + offset / canvas, fitted[2:] - fitted[:2])
    slack = 1e-6 * max(width, height)
    assert not inside_rotated(nearer, width - slack, height - slack, angle)


@given(boxes(), sides, sides, angles)
def test_what_is_inside_stays_to_the_last_bit(
    box: np.ndarray, width: float, height: float, angle: float
) -> None:
    box = grown(fit_inside(box, width, height, angle), 0.99)
    assert np.array_equal(fit_inside(box, width, height, angle), box)
    crop = Crop(tuple(box.tolist()), angle=angle)
    assert without_empty_corners(crop, width, height) == crop


@given(boxes(), sides, sides)
def test_without_a_turn_fitting_is_shifting(box: np.ndarray, width: float, height: float) -> None:
    expected = geometry.shift_inside(box)
    assert fit_inside(box, width, height, 0.0) == pytest.approx(expected, abs=1e-9)
    ratio = float(geometry.ratio_of(box, width / height)) * 1.7
    expected = geometry.fit_to_ratio(box, ratio, width / height)
    assert fit_inside(box, width, height, 0.0, ratio) == pytest.approx(expected, abs=1e-9)


def test_many_boxes_at_once() -> None:
    many = np.array([[WHOLE, (0.4, 0.4, 0.6, 0.6)], [(0, 0, 0.2, 0.2), (0.9, 0.1, 1.3, 0.3)]])
    fitted = fit_inside(many, 600, 400, 7, 1.5)
    for i in np.ndindex(2, 2):
        assert fitted[i] == pytest.approx(fit_inside(many[i], 600, 400, 7, 1.5))


@pytest.mark.parametrize("ratio", [0, -1, math.nan, math.inf])
def test_an_impossible_ratio_is_refused(ratio: float) -> None:
    for call in (
        lambda: largest_inside(ratio, 30, 20, 1),
        lambda: fit_inside(WHOLE, 30, 20, 1, ratio),
    ):
        with pytest.raises(GeometryError, match="positive number"):
            call()


@given(st.floats(0.3, 0.7), st.floats(0.3, 0.7), angles, angles)
def test_straightening_turns_about_the_photo_s_centre_and_keeps_the_spot(
    x: float, y: float, first: float, second: float
) -> None:
    """A small crop far from the edges shows the same spot, at the same size, and comes back."""
    box = geometry.from_centre((x, y), (0.02, 0.02))
    crop = with_angle(Crop(tuple(box.tolist())), 600, 400, first)
    assume(inside_rotated(grown(np.array(crop.box), 1.5), 600, 400, first))
    there = with_angle(crop, 600, 400, second)
    back = with_angle(there, 600, 400, first)
    assert back.angle == first
    assert back.box == pytest.approx(crop.box, abs=1e-9)
    assert with_angle(crop, 600, 400, first) == crop


def test_clockwise_moves_what_is_right_down() -> None:
    crop = Crop(tuple(geometry.from_centre((0.8, 0.5), (0.1, 0.1)).tolist()))
    x, y = geometry.centre(with_angle(crop, 600, 400, 10).box)
    assert y > 0.5
    assert x < 0.8


def test_the_whole_photo_becomes_the_largest_crop() -> None:
    turned = with_angle(Crop(), 600, 400, 3)
    expected = largest_inside(1.5, 600, 400, 3)
    assert turned.box == pytest.approx(expected, abs=1e-12)
    assert without_empty_corners(Crop(angle=3), 600, 400).box != WHOLE
    assert without_empty_corners(Crop(angle=360), 600, 400) == Crop(angle=360)


@pytest.mark.parametrize(
    ("end", "angle"),
    [
        ((10, 0), 0), ((-10, 0), 0), ((0, 10), 0), ((0, -10), 0),
        ((10, 1), -math.degrees(math.atan(0.1))), ((10, -1), math.degrees(math.atan(0.1))),
        ((-10, -1), -math.degrees(math.atan(0.1))), ((1, 10), math.degrees(math.atan(0.1))),
        ((-1, 10), -math.degrees(math.atan(0.1))), ((10, 10), 45), ((10, -10), 45),
        ((-10, 10), 45), ((-10, -10), 45),
    ],
)  # fmt: skip
def test_a_line_becomes_level_or_plumb(end: tuple[float, float], angle: float) -> None:
    found = angle_of_line((3, 4), (3 + end[0], 4 + end[1]))
    assert found == pytest.approx(angle)
    assert math.copysign(1, found) > 0 or found < 0


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_a_turned_line_lies_along_an_axis(x: float, y: float) -> None:
    assume(math.hypot(x, y) > 1e-3)
    angle = angle_of_line((0, 0), (x, y))
    assert -45 < angle <= 45
    a = math.radians(angle)
    turned = x * math.cos(a) - y * math.sin(a), x * math.sin(a) + y * math.cos(a)
    assert min(abs(turned[0]), abs(turned[1])) <= 1e-9 * math.hypot(x, y)


def test_a_point_is_no_line() -> None:
    for end in ((1, 1), (math.nan, 2)):
        with pytest.raises(GeometryError, match="longer"):
            angle_of_line((1, 1), end)


@given(sides, sides, angles, boxes())
def test_boxes_of_the_view_come_back(
    width: float, height: float, angle: float, box: np.ndarray
) -> None:
    view = StraightView.of(width, height, angle)
    assert view.from_canvas(view.to_canvas(box)) == pytest.approx(box, abs=1e-12)
    assert view.to_canvas(WHOLE) == pytest.approx(view.box, abs=1e-15)
    assert view.width / view.height == pytest.approx(width / height)
    inside = geometry.clip(box)
    assert inside_rotated(view.to_canvas(inside), width, height, angle)
    # A ratio in the view is the same ratio on the canvas.
    assume((inside[2:] - inside[:2]).min() > 1e-3)
    canvas = rotated_size(width, height, angle)
    expected = geometry.ratio_of(inside, width / height)
    assert geometry.ratio_of(view.to_canvas(inside), canvas[0] / canvas[1]) == pytest.approx(
        expected
    )


def test_the_view_of_a_photo_that_is_level_is_the_photo() -> None:
    assert StraightView.of(600, 400, 0) == StraightView(0, WHOLE, 600, 400)
