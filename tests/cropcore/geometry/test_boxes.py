import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cropcore.errors import GeometryError
from cropcore.geometry import boxes as geometry
from cropcore.geometry.boxes import WHOLE
from tests.cropcore.helpers.rotated import inside_rotated

fractions = st.floats(0, 1)
ratios = st.floats(0.01, 100)
sides = st.integers(1, 9000)


@st.composite
def boxes(draw: st.DrawFn, smallest: float = 0.001) -> np.ndarray:
    """A box of positive size inside the photo."""
    width, height = draw(st.floats(smallest, 1)), draw(st.floats(smallest, 1))
    x, y = draw(fractions) * (1 - width), draw(fractions) * (1 - height)
    return geometry.clip([x, y, x + width, y + height])


any_boxes = st.lists(st.floats(-2, 3), min_size=4, max_size=4).map(np.array)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([0, 0, 1, 1], [0, 0, 1, 1], 1.0),
        ([0, 0, 0.5, 1], [0.5, 0, 1, 1], 0.0),
        ([0, 0, 0.5, 1], [0, 0, 1, 1], 0.5),
        ([0, 0, 0.6, 1], [0.4, 0, 1, 1], 0.2),
        ([0, 0, 0.5, 0.5], [0.25, 0.25, 0.75, 0.75], 1 / 7),
        ([0.3, 0.3, 0.3, 0.3], [0.3, 0.3, 0.3, 0.3], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [0, 0, 1, 1], 0.0),
        ([0.7, 0.7, 0.2, 0.2], [0, 0, 1, 1], 0.0),
    ],
)
def test_iou_by_hand(a: list[float], b: list[float], expected: float) -> None:
    assert geometry.iou(a, b) == pytest.approx(expected)


@given(any_boxes, any_boxes)
def test_iou_is_symmetric_and_bounded(a: np.ndarray, b: np.ndarray) -> None:
    overlap = geometry.iou(a, b)
    assert overlap == geometry.iou(b, a)
    assert 0 <= overlap <= 1 + 1e-12


@given(boxes())
def test_a_box_overlaps_itself_entirely(box: np.ndarray) -> None:
    assert geometry.iou(box, box) == pytest.approx(1)


def test_iou_matrix_holds_every_pair() -> None:
    rng = np.random.default_rng(0)
    low = rng.uniform(0, 0.5, (7, 2))
    some = np.concatenate([low, low + rng.uniform(0.1, 0.5, (7, 2))], axis=1)
    matrix = geometry.iou_matrix(some[:3], some[3:])
    assert matrix.shape == (3, 4)
    for i in range(3):
        for j in range(4):
            assert matrix[i, j] == geometry.iou(some[i], some[3 + j])


def test_displacement_is_the_mean_shift_of_the_sides() -> None:
    assert geometry.displacement([0, 0, 1, 1], [0.1, 0, 0.9, 0.8]) == pytest.approx(0.1)


def test_area_and_centre_and_ratio() -> None:
    box = [0.1, 0.2, 0.5, 0.4]
    assert geometry.area(box) == pytest.approx(0.08)
    assert geometry.centre(box) == pytest.approx([0.3, 0.3])
    assert geometry.ratio_of(box, 1.5) == pytest.approx(3.0)
    assert geometry.area([0.5, 0.5, 0.1, 0.1]) == 0


@pytest.mark.parametrize("bad", [3.0, [0, 0, 1], [[0, 0, 1, 1, 1]], [0, 0, math.nan, 1]])
def test_what_is_no_box_is_refused(bad: object) -> None:
    with pytest.raises(GeometryError, match="four"):
        geometry.as_boxes(bad)  # type: ignore[arg-type]


@given(any_boxes)
def test_shift_inside_keeps_the_size_and_stays_inside_where_it_fits(box: np.ndarray) -> None:
    moved = geometry.shift_inside(box)
    size = box[2:] - box[:2]
    assert moved[2:] - moved[:2] == pytest.approx(size, abs=1e-9)
    for axis in (0, 1):
        if 0 <= size[axis] <= 1:
            assert moved[axis] >= -1e-9
            assert moved[axis + 2] <= 1 + 1e-9
        elif size[axis] > 1:
            assert moved[axis] + moved[axis + 2] == pytest.approx(1)


@given(boxes())
def test_shift_inside_leaves_what_is_inside(box: np.ndarray) -> None:
    assert geometry.shift_inside(box) == pytest.approx(box, abs=1e-12)


@given(boxes(), ratios, ratios)
def test_a_refitted_box_has_the_ratio_and_is_inside(
    box: np.ndarray, ratio: float, photo_ratio: float
) -> None:
    fitted = geometry.fit_to_ratio(box, ratio, photo_ratio)
    assert geometry.contains(WHOLE, fitted, tolerance=0)
    size = fitted[2:] - fitted[:2]
    assert size[0] * photo_ratio == pytest.approx(size[1] * ratio, rel=1e-6, abs=1e-9)
    assert geometry.area(fitted) <= geometry.area(box) + 1e-12


@given(boxes(), ratios, ratios)
def test_a_refitted_box_keeps_its_area_and_place_where_there_is_room(
    box: np.ndarray, ratio: float, photo_ratio: float
) -> None:
    relative = ratio / photo_ratio
    surface, middle = geometry.area(box), geometry.centre(box)
    size = np.array([math.sqrt(surface * relative), math.sqrt(surface / relative)])
    assume((size <= 1).all())
    fitted = geometry.fit_to_ratio(box, ratio, photo_ratio)
    assert geometry.area(fitted) == pytest.approx(surface)
    fits = (middle - size / 2 >= 0) & (middle + size / 2 <= 1)
    moved = geometry.centre(fitted)
    assert moved[fits] == pytest.approx(middle[fits])
    # Where there is no room it goes no further than to the border.
    at_border = np.minimum(fitted[:2], 1 - fitted[2:])
    assert (fits | (at_border < 1e-9)).all()


@given(boxes(0.01), ratios, ratios)
def test_refitting_twice_changes_nothing_more(
    box: np.ndarray, ratio: float, photo_ratio: float
) -> None:
    once = geometry.fit_to_ratio(box, ratio, photo_ratio)
    assert geometry.fit_to_ratio(once, ratio, photo_ratio) == pytest.approx(once, abs=1e-9)


def test_refitting_works_on_many_boxes() -> None:
    many = np.array([[[0, 0, 1, 1], [0.2, 0.2, 0.6, 0.9]]], float)
    fitted = geometry.fit_to_ratio(many, 0.8, 1.5)
    assert fitted.shape == (1, 2, 4)
    for i in range(2):
        assert fitted[0, i] == pytest.approx(geometry.fit_to_ratio(many[0, i], 0.8, 1.5))


@pytest.mark.parametrize("ratio", [0, -1, math.nan, math.inf])
def test_an_impossible_ratio_is_refused(ratio: float) -> None:
    for call in (
        lambda: geometry.fit_to_ratio(WHOLE, ratio, 1.5),
        lambda: geometry.largest_with_ratio(ratio, 1.5),
        lambda: geometry.to_pixels(WHOLE, 30, 20, ratio),
    ):
        with pytest.raises(GeometryError, match="positive number"):
            call()


@given(ratios, ratios, fractions, fractions)
def test_the_largest_box_fills_one_side_near_the_wanted_centre(
    ratio: float, photo_ratio: float, x: float, y: float
) -> None:
    box = geometry.largest_with_ratio(ratio, photo_ratio, (x, y))
    assert geometry.contains(WHOLE, box, tolerance=0)
    size = box[2:] - box[:2]
    assert size.max() == pytest.approx(1)
    assert size[0] * photo_ratio == pytest.approx(size[1] * ratio, rel=1e-6)
    nearest = np.clip([x, y], size / 2, 1 - size / 2)
    assert geometry.centre(box) == pytest.approx(nearest, abs=1e-9)


@given(boxes(), boxes())
def test_mirroring_twice_is_nothing_and_keeps_overlaps(a: np.ndarray, b: np.ndarray) -> None:
    flip = geometry.flip_horizontal
    assert flip(flip(a)) == pytest.approx(a)
    assert geometry.iou(flip(a), flip(b)) == pytest.approx(geometry.iou(a, b), abs=1e-9)
    assert flip(a)[[1, 3]] == pytest.approx(a[[1, 3]])


def test_contains_broadcasts() -> None:
    outer = np.array([[0, 0, 1, 1], [0, 0, 0.5, 0.5]])
    inner = np.array([[0.1, 0.1, 0.4, 0.4], [0.4, 0.4, 0.6, 0.6], [0, 0, 0.5, 0.5]])
    found = geometry.contains(outer[:, None], inner[None])
    assert found.tolist() == [[True, True, True], [True, False, True]]


@given(sides, sides)
def test_the_whole_photo_is_all_its_pixels(width: int, height: int) -> None:
    assert geometry.to_pixels(WHOLE, width, height) == (0, 0, width, height)
    assert geometry.to_pixels(WHOLE, width, height, width / height) == (0, 0, width, height)


@given(boxes(0.0001), sides, sides)
def test_pixels_are_inside_and_near(box: np.ndarray, width: int, height: int) -> None:
    left, top, right, bottom = geometry.to_pixels(box, width, height)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    exact = box * [width, height, width, height]
    assert np.abs(np.array([left, top, right, bottom]) - exact).max() <= 1 + 1e-6


@given(boxes(0.0001), sides, sides, ratios)
def test_pixels_of_a_ratio_are_inside_and_within_a_pixel_of_it(
    box: np.ndarray, width: int, height: int, ratio: float
) -> None:
    fitted = geometry.fit_to_ratio(box, ratio, width / height)
    left, top, right, bottom = geometry.to_pixels(fitted, width, height, ratio)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    w, h = right - left, bottom - top
    assert abs(w - ratio * h) < 1 or abs(h - w / ratio) < 1
    # It is the box that was asked for, give or take the rounding.
    exact = fitted * [width, height, width, height]
    assert np.abs(np.array([left, top, right, bottom]) - exact).max() < 2


@pytest.mark.parametrize(
    ("box", "size", "ratio", "expected"),
    [
        (WHOLE, (1, 1), 1.0, (0, 0, 1, 1)),
        (WHOLE, (1, 1), 100.0, (0, 0, 1, 1)),
        ((0, 0, 1e-9, 1e-9), (1, 5000), None, (0, 0, 1, 1)),
        ((1, 1, 1, 1), (40, 30), None, (39, 29, 40, 30)),
        ((0.25, 0, 0.75, 1), (6000, 3000), 1.0, (1500, 0, 4500, 3000)),
        ((0, 0, 0.8, 1), (1080, 1080), 0.8, (0, 0, 864, 1080)),
        ((-0.5, -0.5, 2, 2), (40, 30), None, (0, 0, 40, 30)),
        (WHOLE, (103, 50), 2.0, (2, 0, 102, 50)),  # the photo has a few columns too many for 2:1
        (WHOLE, (50, 103), 0.5, (0, 2, 50, 102)),
        (WHOLE, (101, 50), 2.0, (0, 0, 101, 50)),  # within a pixel of 2:1 as it is
        (WHOLE, (50, 101), 0.5, (0, 0, 50, 101)),
        (WHOLE, (3, 1), 1.2, (1, 0, 2, 1)),  # one pixel is enough
        (WHOLE, (1, 3), 1 / 1.2, (0, 1, 1, 2)),
    ],
)
def test_pixels_by_hand(
    box: tuple[float, ...],
    size: tuple[int, int],
    ratio: float | None,
    expected: tuple[int, int, int, int],
) -> None:
    assert geometry.to_pixels(box, *size, ratio) == expected


def test_pixels_are_computed_for_one_box() -> None:
    with pytest.raises(GeometryError, match="one box"):
        geometry.to_pixels([WHOLE, WHOLE], 10, 10)


@given(st.data(), sides, sides)
def test_pixel_boxes_survive_the_way_through_fractions(
    data: st.DataObject, width: int, height: int
) -> None:
    left = data.draw(st.integers(0, width - 1))
    top = data.draw(st.integers(0, height - 1))
    right = data.draw(st.integers(left + 1, width))
    bottom = data.draw(st.integers(top + 1, height))
    pixels = (left, top, right, bottom)
    fractional = geometry.from_pixels(pixels, width, height)
    assert geometry.to_pixels(fractional, width, height) == pixels


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (0, (400, 300)),
        (90, (300, 400)),
        (180, (400, 300)),
        (-90, (300, 400)),
        (45, (700 / math.sqrt(2), 700 / math.sqrt(2))),
    ],
)
def test_the_canvas_of_a_turned_photo(angle: float, expected: tuple[float, float]) -> None:
    assert geometry.rotated_size(400, 300, angle) == pytest.approx(expected)


@given(st.floats(1, 5000), st.floats(1, 5000), st.floats(-45, 45))
def test_turning_left_needs_the_canvas_of_turning_right(w: float, h: float, angle: float) -> None:
    wide, high = geometry.rotated_size(w, h, angle)
    assert (wide, high) == pytest.approx(geometry.rotated_size(w, h, -angle))
    assert wide >= w * math.cos(math.radians(angle)) - 1e-6
    assert wide * high >= w * h - 1e-6


@given(st.floats(100, 5000), st.floats(100, 5000), st.floats(-45, 45), boxes(0.01))
def test_a_box_shows_no_empty_corner_exactly_where_its_corners_are_on_the_photo(
    width: float, height: float, angle: float, box: np.ndarray
) -> None:
    canvas_w, canvas_h = geometry.rotated_size(width, height, angle)
    turned = math.radians(angle)
    # The photo's corners on the canvas, turned clockwise; its four sides as half-planes.
    corners = [
        np.array(
            [
                canvas_w / 2 + x * math.cos(turned) - y * math.sin(turned),
                canvas_h / 2 + x * math.sin(turned) + y * math.cos(turned),
            ]
        )
        for x, y in (
            (-width / 2, -height / 2),
            (width / 2, -height / 2),
            (width / 2, height / 2),
            (-width / 2, height / 2),
        )
    ]
    reach = math.inf
    for x, y in ((box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])):
        point = np.array([x * canvas_w, y * canvas_h])
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
            side, to_point = b - a, point - a
            reach = min(
                reach,
                (side[0] * to_point[1] - side[1] * to_point[0]) / math.hypot(*side),
            )
    assume(abs(reach) > 1e-4)
    assert inside_rotated(box, width, height, angle) == (reach > 0)


def test_turning_clockwise_uncovers_the_corners_of_the_canvas() -> None:
    assert inside_rotated(WHOLE, 400, 300, 0)
    assert not inside_rotated(WHOLE, 400, 300, 3)
    assert inside_rotated((0.4, 0.4, 0.6, 0.6), 400, 300, 3)
    # A little turn to the right lifts the left end and lowers the right end of the photo.
    assert inside_rotated((0.063, 0.005, 0.068, 0.015), 400, 300, 5)
    assert not inside_rotated((0.932, 0.005, 0.937, 0.015), 400, 300, 5)
