import numpy as np
import pytest

from cropcore.engine.window_search import two_stage_search
from cropcore.geometry import boxes as geometry
from cropcore.geometry.boxes import Boxes
from cropcore.geometry.windows import free_windows, ratio_windows

AIM = np.array([0.213, 0.118, 0.747, 0.911])


def nearness(boxes: Boxes) -> np.ndarray:
    return np.asarray(geometry.iou(boxes, AIM))


@pytest.mark.parametrize("ratio", [None, 1.0])
def test_the_second_stage_comes_nearer_than_the_grid(ratio: float | None) -> None:
    coarse = free_windows(1.5) if ratio is None else ratio_windows(ratio, 1.5)
    boxes, scores = two_stage_search(nearness, coarse, 1.5, ratio)
    assert scores[0] > nearness(coarse).max()
    assert (np.diff(scores) <= 0).all()
    assert scores == pytest.approx(nearness(boxes))
    assert geometry.contains(geometry.WHOLE, boxes, tolerance=0).all()
    if ratio is not None:
        shapes = geometry.ratio_of(boxes, 1.5)
        assert shapes == pytest.approx(np.full(len(boxes), ratio), rel=1e-5)


def test_all_of_the_grid_is_scored_once_and_only_the_best_are_refined() -> None:
    asked: list[int] = []

    def score(boxes: Boxes) -> np.ndarray:
        asked.append(len(boxes))
        return nearness(boxes)

    coarse = ratio_windows(1.0, 1.5)
    boxes, _ = two_stage_search(score, coarse, 1.5, 1.0, top=2)
    assert asked[0] == len(coarse)
    assert 0 < asked[1] <= 2 * 27
    assert len(boxes) == sum(asked)


def test_equal_scores_keep_the_order_of_the_grid() -> None:
    coarse = ratio_windows(1.0, 1.5)
    boxes, _ = two_stage_search(lambda b: np.zeros(len(b)), coarse, 1.5, 1.0)
    assert (boxes[: len(coarse)] == coarse).all()
