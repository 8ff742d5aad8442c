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
    assert cuts().kinds(tuple(WHOLE)) == ()
    assert cuts().kinds(tuple(HALF_HEAD)) == ("head",)
    assert cuts().kinds(tuple(NO_AREA)) == ("protected",)
    assert cuts().kinds((0.5, 0.2, 1.0, 1.0)) == ("head", "protected")
    # A head may lose 3 %.
    assert cuts().kinds((0.0, 0.105, 1.0, 1.0)) == ()


def test_a_circle_cuts_what_lies_in_the_corners_of_its_square() -> None:
    square = (0.0, 0.0, 2 / 3, 1.0)
    assert cuts().kinds(square) == ()
    assert CutAreas(((0.0, 0.0, 0.1, 0.1),), (), (), CropRequest(None, 1.5)).kinds(square) == ()
    corner = CutAreas(((0.0, 0.0, 0.1, 0.1),), (), (), CropRequest(None, 1.5, circles=True))
    assert corner.kinds(square) == ("head",)


def test_scores_fall_below_the_best_that_cuts_nothing() -> None:
    boxes = np.array([WHOLE, HALF_HEAD, NO_AREA])
    found = cuts().lowered(np.array([60.0, 90.0, 80.0]), boxes, 60.0)
    assert found[0] == 60.0
    assert (found[1:] < 60.0).all()


def test_scores_fall_too_where_nothing_is_whole() -> None:
    boxes = np.array([HALF_HEAD])
    assert cuts().lowered(np.array([80.0]), boxes, 0.0)[0] == pytest.approx(80 - 12.5)
    assert cuts().lowered(np.array([3.0]), boxes, 0.0)[0] == 0.0
