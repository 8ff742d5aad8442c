"""Places and boxes of a straightened photo's canvas, against the photo turned back by plain trigonometry."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.straight_outline import HalfPlane, Outline, Point, project

WIDTH, HEIGHT = 300.0, 200.0
angles = st.floats(-40, 40)
places = st.tuples(st.floats(-100, 500), st.floats(-100, 500))


def beyond(at: Point, angle: float) -> float:
    """How far a place of the canvas lies outside the photo, by its distance in the photo's own axes."""
    wide, high = rotated_size(WIDTH, HEIGHT, angle)
    x, y = at[0] - wide / 2, at[1] - high / 2
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    u, v = x * cos + y * sin, -x * sin + y * cos
    return math.hypot(max(abs(u) - WIDTH / 2, 0), max(abs(v) - HEIGHT / 2, 0))


@given(places, angles)
def test_the_nearest_place_is_on_the_photo_and_as_near_as_its_edge(at: Point, angle: float) -> None:
    found = Outline.of(WIDTH, HEIGHT, angle).nearest(at)
    assert beyond(found, angle) < 1e-5
    assert math.dist(found, at) == pytest.approx(beyond(at, angle), abs=1e-5)


@given(st.tuples(st.floats(-200, 200), st.floats(-200, 200)), angles)
def test_a_box_goes_as_far_as_its_corners_stay_inside(by: Point, angle: float) -> None:
    outline = Outline.of(WIDTH, HEIGHT, angle)
    wide, high = rotated_size(WIDTH, HEIGHT, angle)
    start = wide / 2 - 20, high / 2 - 10, wide / 2 + 20, high / 2 + 10
    wanted = start[0] + by[0], start[1] + by[1], start[2] + by[0], start[3] + by[1]
    x1, y1, x2, y2 = outline.toward(start, wanted)
    corners = [(x1, y1), (x2, y1), (x1, y2), (x2, y2)]
    farthest = max(beyond(corner, angle) for corner in corners)
    assert farthest < 1e-6
    if (x1, y1, x2, y2) != pytest.approx(wanted):
        more = 0.01 * by[0] / math.hypot(*by), 0.01 * by[1] / math.hypot(*by)
        assert max(beyond((x + more[0], y + more[1]), angle) for x, y in corners) > 0


def test_limits_that_leave_nothing_have_no_nearest_place() -> None:
    apart = HalfPlane(1.0, 0.0, 1.0), HalfPlane(-1.0, 0.0, -2.0)
    assert project((0.0, 0.0), apart) is None
    assert project((5.0, 3.0), apart[:1]) == (1.0, 3.0)
