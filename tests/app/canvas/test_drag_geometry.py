"""The geometry of drags: what stays fixed, what is kept, and that nothing leaves the photo."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.canvas.drag_geometry import Bounds, Handle, dragged_ratio, draw, move, resize, same
from cropcore.geometry.crop import Box

PHOTO = Bounds(6000, 4000)
START: Box = (0.25, 0.25, 0.75, 0.70)
HIGH_UP: Box = (0.3, 0.1, 0.7, 0.5)
"""Nearer to the top, so that about its centre the height gives out first."""
SLACK = 1e-6

bounds = st.builds(
    Bounds,
    st.integers(1, 12_000).map(float),
    st.integers(1, 12_000).map(float),
    st.sampled_from([16.0, 120.0]),
)
distances = st.floats(-20_000, 20_000, allow_nan=False)
ratios = st.none() | st.floats(0.2, 5.0)
handles = st.sampled_from(list(Handle))


@st.composite
def boxes(draw_from: st.DrawFn) -> Box:
    """Boxes inside the photo, down to a hundredth of it."""
    wide, high = draw_from(st.floats(0.01, 1.0)), draw_from(st.floats(0.01, 1.0))
    x1, y1 = draw_from(st.floats(0, 1 - wide)), draw_from(st.floats(0, 1 - high))
    return x1, y1, x1 + wide, y1 + high


def pixels(box: Box, photo: Bounds = PHOTO) -> tuple[float, float, float, float]:
    return (
        box[0] * photo.width,
        box[1] * photo.height,
        box[2] * photo.width,
        box[3] * photo.height,
    )


def size(box: Box, photo: Bounds = PHOTO) -> tuple[float, float]:
    x1, y1, x2, y2 = pixels(box, photo)
    return x2 - x1, y2 - y1


def centre(box: Box, photo: Bounds = PHOTO) -> tuple[float, float]:
    x1, y1, x2, y2 = pixels(box, photo)
    return (x1 + x2) / 2, (y1 + y2) / 2


def assert_inside(box: Box) -> None:
    assert 0 <= box[0] < box[2] <= 1
    assert 0 <= box[1] < box[3] <= 1


def assert_ratio(box: Box, ratio: float, photo: Bounds = PHOTO) -> None:
    """The ratio within a pixel on either side."""
    wide, high = size(box, photo)
    assert abs(wide - high * ratio) < 1 or abs(high - wide / ratio) < 1


def assert_opposite_fixed(
    start: Box, end: Box, handle: Handle, about_centre: bool, photo: Bounds = PHOTO
) -> None:
    if about_centre:
        assert centre(end, photo) == pytest.approx(centre(start, photo), abs=0.01)
        return
    before, after = pixels(start, photo), pixels(end, photo)
    sx, sy = handle.value
    if sx:
        side = 0 if sx > 0 else 2
        assert after[side] == pytest.approx(before[side], abs=0.01)
    if sy:
        side = 1 if sy > 0 else 3
        assert after[side] == pytest.approx(before[side], abs=0.01)


@pytest.mark.parametrize("handle", Handle)
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("shift", [False, True])
@pytest.mark.parametrize("about_centre", [False, True])
@pytest.mark.parametrize("outwards", [True, False])
def test_eight_handles_far_past_the_border(
    handle: Handle, locked: bool, shift: bool, about_centre: bool, outwards: bool
) -> None:
    own = size(HIGH_UP)[0] / size(HIGH_UP)[1]
    lock = own if locked else None
    ratio = dragged_ratio(lock, own, shift)
    pull = 9000 if outwards else -9000
    sx, sy = handle.value
    end = resize(HIGH_UP, handle, sx * pull, sy * pull, PHOTO, ratio, about_centre)

    assert_inside(end)
    assert_opposite_fixed(HIGH_UP, end, handle, about_centre)
    assert (ratio is None) == (locked == shift)
    if ratio is not None:
        assert_ratio(end, ratio)
    assert min(size(end)) >= 16 - SLACK
    larger = (
        size(end) > size(HIGH_UP)
        if ratio is not None
        else max(e - s for e, s in zip(size(end), size(HIGH_UP), strict=True)) > 0
    )
    assert larger == outwards


def test_a_corner_pulled_past_the_border_stops_at_it() -> None:
    assert resize(START, Handle.BOTTOM_RIGHT, 5000, 5000, PHOTO) == pytest.approx(
        (0.25, 0.25, 1, 1)
    )
    assert resize(START, Handle.TOP_LEFT, -5000, 5000, PHOTO)[0] == 0


def test_a_free_edge_moves_one_side_only() -> None:
    end = resize(START, Handle.RIGHT, 300, 777, PHOTO)
    assert end == pytest.approx((0.25, 0.25, 0.80, 0.70))


def test_about_the_centre_both_sides_move() -> None:
    end = resize(START, Handle.LEFT, -300, 0, PHOTO, about_centre=True)
    assert end == pytest.approx((0.20, 0.25, 0.80, 0.70))


def test_a_locked_corner_follows_the_pointer_along_its_diagonal() -> None:
    end = resize((0.1, 0.1, 0.4, 0.4), Handle.BOTTOM_RIGHT, 300, 200, PHOTO, 1.5)
    assert pixels(end) == pytest.approx((600, 400, 2700, 1800))


def test_a_locked_edge_at_the_border_grows_to_the_side_with_room() -> None:
    at_top: Box = (0.25, 0.0, 0.50, 0.25)
    end = resize(at_top, Handle.RIGHT, 600, 0, PHOTO, 1.5)
    assert pixels(end) == pytest.approx((1500, 0, 3600, 1400))


@settings(max_examples=150)
@given(boxes(), handles, distances, distances, bounds, ratios, st.booleans())
def test_every_resize_stays_inside_and_keeps_what_it_must(
    start: Box,
    handle: Handle,
    dx: float,
    dy: float,
    photo: Bounds,
    ratio: float | None,
    about_centre: bool,
) -> None:
    if ratio is not None:
        # Locked drags start from crops that have the ratio already, as refitting made them.
        wide, high = size(start, photo)
        wide = min(wide, high * ratio)
        x1, y1, _, _ = start
        start = (x1, y1, x1 + wide / photo.width, y1 + wide / ratio / photo.height)
        assume(min(size(start, photo)) > 0.01)
    end = resize(start, handle, dx, dy, photo, ratio, about_centre)

    assert_inside(end)
    assert_opposite_fixed(start, end, handle, about_centre, photo)
    if ratio is not None:
        assert_ratio(end, ratio, photo)
    for before, after in zip(size(start, photo), size(end, photo), strict=True):
        assert after >= min(before, photo.minimum) - 0.01


@given(boxes(), distances, distances, bounds)
def test_moving_keeps_the_size_and_stays_inside(
    start: Box, dx: float, dy: float, photo: Bounds
) -> None:
    end = move(start, dx, dy, photo)
    assert_inside(end)
    assert size(end, photo) == pytest.approx(size(start, photo), abs=1e-6)


@given(boxes(), bounds)
def test_a_pointer_back_where_it_began_changes_nothing(start: Box, photo: Bounds) -> None:
    assert same(move(start, 0, 0, photo), start, photo)
    for handle in Handle:
        assert same(resize(start, handle, 0, 0, photo), start, photo)


@given(
    st.tuples(distances, distances),
    st.tuples(distances, distances),
    bounds,
    ratios,
    st.booleans(),
)
def test_every_new_box_is_inside_and_large_enough(
    anchor: tuple[float, float],
    to: tuple[float, float],
    photo: Bounds,
    ratio: float | None,
    about_centre: bool,
) -> None:
    end = draw(anchor, to, photo, ratio, about_centre)
    assert_inside(end)
    wide, high = size(end, photo)
    if ratio is not None:
        assert_ratio(end, ratio, photo)
        fits = min(photo.width, photo.height * ratio), min(photo.height, photo.width / ratio)
    else:
        fits = photo.width, photo.height
    assert wide >= min(photo.minimum, fits[0]) - SLACK
    assert high >= min(photo.minimum, fits[1]) - SLACK


@pytest.mark.parametrize(
    ("to", "ratio", "expected"),
    [
        ((2500, 1500), None, (1000, 1000, 2500, 1500)),
        ((500, 400), None, (500, 400, 1000, 1000)),
        ((2500, 1100), 1.0, (1000, 1000, 2500, 2500)),
        ((2500, 9000), 1.0, (1000, 1000, 4000, 4000)),
        ((-900, -900), 2.0, (0, 500, 1000, 1000)),
    ],
)
def test_a_new_box_grows_from_where_it_began(
    to: tuple[float, float], ratio: float | None, expected: tuple[float, ...]
) -> None:
    assert pixels(draw((1000, 1000), to, PHOTO, ratio)) == pytest.approx(expected)


def test_a_new_box_about_its_centre() -> None:
    end = draw((1000, 1000), (1500, 1200), PHOTO, about_centre=True)
    assert pixels(end) == pytest.approx((500, 800, 1500, 1200))


@pytest.mark.parametrize("angle", [0.0, 4.0])
@pytest.mark.parametrize("ratio", [None, 1.5])
def test_a_new_box_begun_near_a_side_without_room_grows_to_the_other_one(
    angle: float, ratio: float | None
) -> None:
    """The pointer leaves the photo sideways and goes up: the height follows it at any angle."""
    photo = Bounds.straightened(6000, 4000, angle)
    begun = photo.outline.nearest((2 * photo.width, 2500.0))
    end = draw((begun[0] - 5, begun[1]), (begun[0] + 900, begun[1] - 800), photo, ratio)
    assert size(end, photo)[1] == pytest.approx(800, abs=80)
    assert pixels(end, photo)[2] <= begun[0]


def test_a_new_box_begun_on_the_border_grows_inwards() -> None:
    assert_inside(draw((6000, 4000), (7000, 5000), PHOTO))
    assert pixels(draw((-50, -50), (300, 200), PHOTO)) == pytest.approx((0, 0, 300, 200))


@pytest.mark.parametrize(("wide", "high"), list(itertools.product((1, 5, 6000), repeat=2)))
def test_tiny_photos_still_have_crops(wide: int, high: int) -> None:
    photo = Bounds(wide, high)
    assert_inside(draw((0, 0), (wide, high), photo, 1.0))
    for handle in Handle:
        assert_inside(resize((0, 0, 1, 1), handle, -wide, -high, photo, wide / high))
