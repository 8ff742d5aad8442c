import numpy as np
import pytest

from cropcore.evaluation.head_metrics import can_hold, cuts
from cropcore.geometry.boxes import fit_to_ratio, largest_with_ratio, shift_inside


def plain_cut(crop: np.ndarray, head: np.ndarray) -> bool:
    wide = max(min(crop[2], head[2]) - max(crop[0], head[0]), 0.0)
    high = max(min(crop[3], head[3]) - max(crop[1], head[1]), 0.0)
    return bool(wide * high / ((head[2] - head[0]) * (head[3] - head[1])) < 0.97)


def some_heads(rng: np.random.Generator, count: int, largest: float) -> np.ndarray:
    size = rng.uniform(0.02, largest, (count, 2))
    low = rng.uniform(0, 1, (count, 2)) * (1 - size)
    return np.concatenate([low, low + size], axis=1)


def test_cuts_are_those_of_the_plain_rule() -> None:
    rng = np.random.default_rng(3)
    crops, heads = some_heads(rng, 40, 0.6), some_heads(rng, 30, 0.2)
    found = cuts(crops, heads)
    assert found.tolist() == [[plain_cut(crop, head) for head in heads] for crop in crops]
    assert 0 < found.sum() < found.size


def test_97_per_cent_of_a_head_are_enough() -> None:
    head = [0.5, 0.2, 0.7, 0.4]
    at_97, below = 0.7 - 0.03 * 0.2, 0.7 - 0.031 * 0.2
    assert cuts([[0, 0, at_97, 1], [0, 0, below, 1]], [head]).tolist() == [[False], [True]]


@pytest.mark.parametrize("ratio", [1.0, 0.8, 16 / 9, 9 / 16])
@pytest.mark.parametrize("photo_ratio", [1.5, 0.7, 16 / 9])
def test_what_a_ratio_can_hold_is_what_trying_finds(ratio: float, photo_ratio: float) -> None:
    rng = np.random.default_rng(7)
    size = np.diff(largest_with_ratio(ratio, photo_ratio).reshape(2, 2), axis=0)[0]
    # Crops of the ratio of every size, and the largest in steps of less than a head may lose.
    sides = rng.uniform(0, 1, (4000, 2))
    smaller = fit_to_ratio(np.concatenate([sides * 0.5, sides * 0.5 + 0.5], 1), ratio, photo_ratio)
    starts = np.linspace(0, 1, 4001)[:, None] * (1 - size)
    tried = np.concatenate([smaller, shift_inside(np.concatenate([starts, starts + size], 1))])
    answers = []
    for count in [1, 2, 4, 8] * 30:
        heads = some_heads(rng, count, float(rng.choice([0.3, 0.7])))
        holds = can_hold(heads, ratio, photo_ratio)
        answers.append(holds)
        found = bool((~cuts(tried, heads).any(1)).any())
        assert found == holds
    assert len(set(answers)) == (1 if ratio == photo_ratio else 2)


def test_a_head_as_wide_as_the_crop_may_lose_3_per_cent() -> None:
    # A square of a 2:1 photo is half as wide as the photo.
    assert can_hold([[0.2, 0.1, 0.2 + 0.5 / 0.97, 0.9]], 1.0, 2.0)
    assert not can_hold([[0.2, 0.1, 0.2 + 0.501 / 0.97, 0.9]], 1.0, 2.0)
    # Two heads share the loss: each may lose 3 % of its own width, to its own side.
    pair = [[0.1, 0.1, 0.2, 0.5], [0.5, 0.1, 0.606, 0.5]]
    assert can_hold(pair, 1.0, 2.0)
    assert not can_hold([pair[0], [0.5, 0.1, 0.607, 0.5]], 1.0, 2.0)


def test_any_ratio_holds_everything() -> None:
    assert can_hold([[0, 0, 0.1, 0.1], [0.9, 0.9, 1, 1]], None, 1.5)
