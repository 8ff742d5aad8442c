import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import KDTree

from cropcore.geometry import boxes
from cropcore.geometry.windows import (
    FREE_RATIOS,
    MIN_AREA,
    MOST_PLACES,
    free_windows,
    grid_anchors,
    ratio_windows,
    refine,
    windows,
)

SHAPES = (1 / 50, 1 / 10, 1 / 3, 0.5, 2 / 3, 1.0, 1.5, 16 / 9, 2.0, 3.0, 10.0, 50.0)
RATIOS = (0.01, 9 / 16, 0.8, 1.0, 1.5, 4.0, 100.0)


def plain_grid_anchors(
    photo_ratio: float, rows: int, columns: int, m: int, n: int, area: float
) -> list[tuple[float, float, float, float]]:
    """The paper's formulation, read aloud: bins, one corner in each corner region, two limits."""
    found = []
    for row in range(m):
        for column in range(n):
            for last_row in range(rows - m, rows):
                for last_column in range(columns - n, columns):
                    x1, y1 = (column + 0.5) / columns, (row + 0.5) / rows
                    x2, y2 = (last_column + 0.5) / columns, (last_row + 0.5) / rows
                    shape = (x2 - x1) / (y2 - y1) * photo_ratio
                    if (x2 - x1) * (y2 - y1) >= area - 1e-9 and 0.5 <= shape <= 2:
                        found.append((x1, y1, x2, y2))
    return found


@pytest.mark.parametrize("photo_ratio", [0.3, 0.51, 0.667, 1.0, 1.333, 1.501, 1.99, 3.1])
@pytest.mark.parametrize(
    ("rows", "columns", "m", "n", "area"), [(12, 12, 4, 4, 0.5), (10, 14, 3, 5, 0.4)]
)
def test_grid_anchors_are_those_of_the_paper(
    photo_ratio: float, rows: int, columns: int, m: int, n: int, area: float
) -> None:
    expected = plain_grid_anchors(photo_ratio, rows, columns, m, n, area)
    found = grid_anchors(photo_ratio, rows, columns, m, n, area)
    assert len(found) == len(expected)
    assert sorted(map(tuple, found.round(9))) == sorted(map(tuple, np.round(expected, 9)))


def test_a_usual_photo_has_about_ninety_grid_anchors() -> None:
    # The paper speaks of some ninety crops a photo.
    assert 80 <= len(grid_anchors(4 / 3)) <= 90
    assert len(grid_anchors(1.0)) == 90


@pytest.mark.parametrize("photo_ratio", SHAPES)
@pytest.mark.parametrize("ratio", RATIOS)
def test_windows_of_a_ratio(ratio: float, photo_ratio: float) -> None:
    found = ratio_windows(ratio, photo_ratio)
    assert boxes.contains(boxes.WHOLE, found, tolerance=0).all()
    assert boxes.ratio_of(found, photo_ratio) == pytest.approx(np.full(len(found), ratio))
    assert len(np.unique(found.round(9), axis=0)) == len(found)
    room = boxes.area(boxes.largest_with_ratio(ratio, photo_ratio))
    assert boxes.area(found).max() == pytest.approx(room)
    smallest = boxes.area(found).min()
    # Down to a tenth of the photo, or to half the sides of the largest where that is smaller.
    assert smallest == pytest.approx(min(MIN_AREA, room / 4))
    assert 100 <= len(found) <= 12 * 9 * MOST_PLACES


@pytest.mark.parametrize("photo_ratio", SHAPES)
@pytest.mark.parametrize("ratio", RATIOS)
def test_windows_of_a_ratio_lie_alike_on_the_mirrored_photo(
    ratio: float, photo_ratio: float
) -> None:
    found = ratio_windows(ratio, photo_ratio)
    mirrored = boxes.flip_horizontal(found)
    nearest, _ = KDTree(found).query(mirrored)
    assert nearest.max() < 1e-9


@pytest.mark.parametrize("axis", [0, 1], ids=["wide", "tall"])
@pytest.mark.parametrize("longer", [1.5, 5.0, 20.0])
def test_no_place_of_a_panorama_is_without_a_window(longer: float, axis: int) -> None:
    photo_ratio = longer if axis == 0 else 1 / longer
    found = ratio_windows(0.8, photo_ratio)
    assert len(found) < 11_000
    sizes = (found[:, axis + 2] - found[:, axis]).round(9)
    for size in np.unique(sizes):
        low = np.unique(found[sizes == size, axis].round(9))
        assert low[0] == pytest.approx(0)
        assert low[-1] + size == pytest.approx(1)
        assert len(low) == 1 or np.diff(low).max() <= size + 1e-9


def test_usual_photos_have_at_most_nine_places_along_an_axis() -> None:
    for photo_ratio in (2 / 3, 1.0, 1.5, 16 / 9):
        for ratio in (9 / 16, 0.8, 1.0, 1.5, 16 / 9):
            found = ratio_windows(ratio, photo_ratio)
            sizes = (found[:, 2] - found[:, 0]).round(9)
            assert max(len(np.unique(found[sizes == s, 0].round(9))) for s in sizes) <= 9


def test_windows_of_the_photo_s_own_ratio_begin_with_the_whole() -> None:
    found = ratio_windows(1.5, 1.5)
    assert found[0] == pytest.approx(boxes.WHOLE)


@pytest.mark.parametrize("photo_ratio", SHAPES)
def test_windows_of_any_ratio(photo_ratio: float) -> None:
    found = free_windows(photo_ratio)
    assert boxes.contains(boxes.WHOLE, found, tolerance=0).all()
    whole = (found == boxes.WHOLE).all(axis=1)
    assert whole.sum() == 1
    shapes = boxes.ratio_of(found[~whole], photo_ratio)
    assert (shapes >= FREE_RATIOS[0] - 1e-6).all()
    assert (shapes <= FREE_RATIOS[1] + 1e-6).all()
    assert (boxes.area(found) >= MIN_AREA - 1e-9).all()
    assert len(np.unique(found, axis=0)) == len(found)


def test_windows_of_any_ratio_are_all_of_the_grid_on_a_square() -> None:
    expected = {
        (x1, y1, x2, y2)
        for x1 in range(12)
        for x2 in range(x1 + 1, 13)
        for y1 in range(12)
        for y2 in range(y1 + 1, 13)
        if (x2 - x1) * (y2 - y1) >= 14.4 and 0.25 <= (x2 - x1) / (y2 - y1) <= 4
    }
    found = {tuple(int(v) for v in row) for row in (free_windows(1.0) * 12).round()}
    assert found == expected


@pytest.mark.parametrize("found", [free_windows(1.5), ratio_windows(0.8, 1.5)])
def test_windows_are_shared_and_cannot_be_written(found: np.ndarray) -> None:
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 0


def test_windows_chooses_by_the_ratio() -> None:
    assert windows(None, 1.5) is free_windows(1.5)
    assert windows(0.8, 1.5) is ratio_windows(0.8, 1.5)


@given(st.floats(0.01, 100), st.floats(0.02, 50))
@settings(max_examples=40)
def test_refined_boxes_are_inside_and_keep_the_ratio(ratio: float, photo_ratio: float) -> None:
    start = ratio_windows(ratio, photo_ratio)[[0, -1]]
    found = refine(start, photo_ratio, ratio)
    assert boxes.contains(boxes.WHOLE, found, tolerance=0).all()
    exact = boxes.area(found) > 1e-3
    shapes = boxes.ratio_of(found[exact], photo_ratio)
    assert shapes == pytest.approx(np.full(len(shapes), ratio), rel=1e-5)
    # The given boxes are among them.
    assert boxes.iou_matrix(start, found).max(axis=1) == pytest.approx([1, 1], abs=1e-5)


def test_refined_boxes_vary_place_size_and_shape() -> None:
    box = np.array([[0.3, 0.3, 0.7, 0.6]])
    fixed = refine(box, 1.5, 2.0)
    free = refine(box, 1.5, None)
    assert len(fixed) == 27
    assert len(free) == 81
    for found in (fixed, free):
        moved = boxes.centre(found) - boxes.centre(box)
        assert np.abs(moved).max() == pytest.approx(1 / 48)
        assert len(np.unique(moved.round(6), axis=0)) == 9
        assert np.unique((boxes.area(found) / boxes.area(box)).round(4)).tolist() == [
            pytest.approx(s, abs=1e-4) for s in (0.94**2, 1.0, 1.06**2)
        ]
    shapes = boxes.ratio_of(free, 1.5) / 2.0
    assert np.unique(shapes.round(4)).tolist() == [0.94, 1.0, 1.06]


def test_refining_the_whole_photo_stays_inside() -> None:
    found = refine(np.array([boxes.WHOLE]), 1.5, None)
    assert boxes.contains(boxes.WHOLE, found, tolerance=0).all()
    assert (found == boxes.WHOLE).all(axis=1).any()
