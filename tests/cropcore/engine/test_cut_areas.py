"""What crops cut, and how their scores fall for it."""

import numpy as np
import pytest

from cropcore.engine.cut_areas import CutAreas
from cropcore.engine.window_search import CropRequest

HEAD = (0.4, 0.1, 0.6, 0.3)
AREA = (0.1, 0.6, 0.2, 0.9)
WHOLE, HALF_HEAD, NO_AREA = [0.0, 0.0, 1.0, 1.0], [0.0, 0.2, 1.0, 1.0], [0.15, 0.0, 1.0, 1.0]


def cuts(circles: bool = False) -> CutAreas:
    return CutAreas((HEAD,), (), (AREA,), CropRequest(None, 1.5, circles))


def test_what_is_cut_is_named() -> None:
    boxes = np.array([WHOLE, HALF_HEAD, NO_AREA, (0.5, 0.2, 1.0, 1.0), (0.0, 0.105, 1.0, 1.0)])
    # The last one takes less than the 3 % that a head may lose.
    assert cuts().kinds(boxes) == [(), ("head",), ("protected",), ("head", "protected"), ()]
    assert cuts().kinds(boxes[:0]) == []


def test_a_circle_cuts_what_lies_in_the_corners_of_its_square() -> None:
    square = np.array([(0.0, 0.0, 2 / 3, 1.0)])
    corner = ((0.0, 0.0, 0.1, 0.1),)
    assert cuts().kinds(square) == [()]
    assert CutAreas(corner, (), (), CropRequest(None, 1.5)).kinds(square) == [()]
    disc = CutAreas(corner, (), (), CropRequest(None, 1.5, circles=True))
    assert disc.kinds(square) == [("head",)]


def test_scores_fall_below_the_best_that_cuts_nothing() -> None:
    boxes = np.array([WHOLE, HALF_HEAD, NO_AREA])
    found = cuts().lowered(np.array([60.0, 90.0, 80.0]), boxes, 60.0)
    assert found[0] == 60.0
    assert (found[1:] < 60.0).all()


def test_scores_fall_too_where_nothing_is_whole() -> None:
    boxes = np.array([HALF_HEAD])
    assert cuts().lowered(np.array([80.0]), boxes, 0.0)[0] == pytest.approx(80 - 12.5)
    assert cuts().lowered(np.array([3.0]), boxes, 0.0)[0] == 0.0
