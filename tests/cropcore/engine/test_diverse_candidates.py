"""Sets of candidates: greedy against every set, order, distance, and cutting from ten."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cropcore.engine.diverse_candidates import ALIKE, SET, crop_set, set_value, slots
from cropcore.geometry.boxes import iou_matrix

seeds = st.integers(0, 100_000)


def boxes(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 0.5, (count, 2))
    return np.concatenate([low, low + rng.uniform(0.15, 0.5, (count, 2))], axis=1)


def weights_of(count: int, seed: int) -> np.ndarray:
    weights = np.random.default_rng(seed + 1).exponential(1, count)
    return weights / weights.sum()


@given(seeds)
@settings(max_examples=20)
def test_greedy_is_near_the_best_of_all_sets(seed: int) -> None:
    crops, windows, weights = boxes(9, seed), boxes(25, seed + 2), weights_of(25, seed)
    apart = iou_matrix(crops, crops) <= ALIKE
    for k in (2, 3, 4):
        found = crop_set(crops, 0, windows, weights, k)
        value = set_value(crops[found], windows, weights)
        every = [
            set_value(crops[[0, *rest]], windows, weights)
            for rest in combinations(range(1, 9), k - 1)
            if all(apart[a, b] for a, b in combinations([0, *rest], 2))
        ]
        if every and len(found) == k:
            # Of what can be gained over the first alone.
            alone = set_value(crops[[0]], windows, weights)
            assert value - alone >= (1 - 1 / np.e) * (max(every) - alone) - 1e-6


@given(seeds)
@settings(max_examples=8)
def test_ten_of_ten_are_as_good_as_any_exchange_can_make_them(seed: int) -> None:
    crops, windows, weights = boxes(40, seed), boxes(60, seed + 2), weights_of(60, seed)
    found = crop_set(crops, 3, windows, weights, SET)
    plain = [3]
    while len(plain) < len(found):
        left = [i for i in range(40) if all(iou_matrix(crops[[i]], crops[plain])[0] <= ALIKE)]
        plain.append(max(left, key=lambda i: set_value(crops[[*plain, i]], windows, weights)))
    value = set_value(crops[found], windows, weights)
    assert value >= set_value(crops[plain], windows, weights) - 1e-6


@given(seeds, st.integers(1, 14))
def test_no_two_are_alike_and_fewer_are_the_first_of_ten(seed: int, k: int) -> None:
    crops, windows, weights = boxes(60, seed), boxes(50, seed + 2), weights_of(50, seed)
    found = crop_set(crops, 5, windows, weights, k)
    assert found[0] == 5
    assert len(found) <= k
    assert len(set(found.tolist())) == len(found)
    overlap = iou_matrix(crops[found], crops[found])
    assert (overlap[~np.eye(len(found), dtype=bool)] <= ALIKE).all()
    if k <= SET:
        ten = crop_set(crops, 5, windows, weights, SET)
        assert found.tolist() == ten[: len(found)].tolist()


@given(seeds)
def test_each_adds_less_than_the_one_before(seed: int) -> None:
    crops, windows, weights = boxes(50, seed), boxes(50, seed + 2), weights_of(50, seed)
    found = crop_set(crops, 0, windows, weights, SET)
    values = [set_value(crops[found[: i + 1]], windows, weights) for i in range(len(found))]
    gains = np.diff(values)
    assert (gains >= -1e-9).all()
    assert (np.diff(gains) <= 1e-6).all()


def test_what_is_like_another_is_left_out() -> None:
    crops = np.array([[0, 0, 0.5, 0.5], [0, 0, 0.51, 0.5], [0.5, 0.5, 1, 1], [0, 0.6, 0.2, 0.9]])
    windows = np.array([[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]])
    found = crop_set(crops, 0, windows, np.array([0.7, 0.3]), 10)
    assert found.tolist() == [0, 2, 3]
    assert set_value(crops[found], windows, np.array([0.7, 0.3])) == pytest.approx(1.0)


@given(seeds, st.sampled_from([0.5, 0.8]))
def test_candidates_take_the_places_of_those_they_are_like(seed: int, least: float) -> None:
    before, rng = boxes(10, seed), np.random.default_rng(seed)
    new = np.clip(before + rng.normal(0, 0.03, before.shape), 0, 1)[rng.permutation(10)]
    order = slots(new, before, least)
    assert sorted(order.tolist()) == list(range(10))
    assert order[0] == 0
    overlap = iou_matrix(new, before)
    placed = [overlap[new_one, place] for place, new_one in enumerate(order)]
    # A candidate that stands elsewhere has no free place that it is like.
    for place in range(1, 10):
        for other in range(1, 10):
            if overlap[order[place], other] >= least:
                assert max(placed[place], placed[other]) >= overlap[order[place], other] - 1e-9


def test_without_earlier_candidates_the_order_stays() -> None:
    assert slots(boxes(5, 0), np.zeros((0, 4)), 0.5).tolist() == [0, 1, 2, 3, 4]
