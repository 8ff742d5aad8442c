import math

import numpy as np
import pytest

from cropcore.evaluation import statistics


def test_interval_of_a_mean_is_that_of_the_normal_law() -> None:
    values = np.random.default_rng(1).normal(0.7, 0.1, 400)
    low, high = statistics.bootstrap_mean(values)
    half = 1.96 * values.std() / 20
    assert low == pytest.approx(values.mean() - half, abs=0.002)
    assert high == pytest.approx(values.mean() + half, abs=0.002)


def test_intervals_repeat_and_follow_the_seed() -> None:
    values = np.random.default_rng(1).random(50)
    assert statistics.bootstrap_mean(values) == statistics.bootstrap_mean(values)
    assert statistics.bootstrap_mean(values) != statistics.bootstrap_mean(values, seed=1)


def test_photos_are_drawn_and_not_their_pairs() -> None:
    # Ten pairs of a photo are all right or all wrong: far less sure than 500 single pairs.
    right = np.array([10.0, 0.0] * 25)
    together = statistics.bootstrap_mean(right, np.full(50, 10))
    apart = statistics.bootstrap_mean(np.repeat([1.0, 0.0], 250))
    assert (together[1] - together[0]) > 2.5 * (apart[1] - apart[0])
    assert together[0] < 0.5 < together[1]


def test_a_constant_has_no_width_and_nothing_has_no_interval() -> None:
    assert statistics.bootstrap_mean(np.full(20, 0.4)) == pytest.approx((0.4, 0.4))
    assert all(math.isnan(v) for v in statistics.bootstrap_mean([]))


def test_statistic_gets_how_often_each_photo_counts() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0])
    low, high = statistics.bootstrap_statistic(lambda w: float(w @ values / w.sum()), 4)
    assert 0.0 <= low < 1.5 < high <= 3.0


def test_paired_differences_are_surer_than_unpaired() -> None:
    rng = np.random.default_rng(5)
    easy = rng.random(200)
    gap = statistics.paired_difference(easy + 0.01, easy)
    assert gap.value == pytest.approx(0.01)
    assert gap.low == pytest.approx(0.01)
    assert gap.high == pytest.approx(0.01)
    pairs = statistics.paired_difference([6.0, 8.0], [5.0, 5.0], [10, 10])
    assert pairs.value == pytest.approx(0.2)


def test_reliability_by_hand() -> None:
    curve = statistics.reliability([0.9, 0.92, 0.1, 1.0], [0.8, 0.84, 0.1, 0.8], bins=10)
    assert curve.counts.tolist() == [1, 3]
    assert curve.promised == pytest.approx([0.1, 0.94])
    assert curve.observed == pytest.approx([0.1, 0.8133333])
    assert curve.error == pytest.approx((0.94 - 0.8133333) * 3 / 4)


def test_selective_risk_keeps_the_surest_first() -> None:
    curve = statistics.selective_risk([0.9, 0.1, 0.5, 0.7], [0.0, 1.0, 0.5, 0.1], points=4)
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk == pytest.approx([0.0, 0.05, 0.2, 0.4])
    assert curve.area == pytest.approx((0.0 + 0.05 + 0.2 + 0.4) / 4)


def test_equal_confidence_cannot_select() -> None:
    curve = statistics.selective_risk([0.5] * 4, [0.0, 1.0, 0.0, 1.0], points=4)
    assert curve.risk == pytest.approx([0.5] * 4)


def test_group_error_is_that_of_ten_equal_groups() -> None:
    rng = np.random.default_rng(2)
    promised, observed = rng.random(100), rng.random(100)
    order = sorted(range(100), key=lambda i: promised[i])
    gaps = []
    for start in range(0, 100, 10):
        group = order[start : start + 10]
        gaps.append(abs(sum(promised[i] - observed[i] for i in group) / 10))
    assert statistics.group_error(promised, observed) == pytest.approx(sum(gaps) / 10)
    # Errors of both signs within a group cancel, those of different groups do not.
    assert statistics.group_error([0.5, 0.5], [0.4, 0.6], groups=1) == pytest.approx(0.0)
    assert statistics.group_error([0.4, 0.6], [0.5, 0.5], groups=2) == pytest.approx(0.1)
    assert math.isnan(statistics.group_error([], []))


def test_roc_area_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(4)
    values, positive = rng.integers(0, 6, 60), rng.random(60) < 0.4
    told = [
        1.0 if a > b else 0.5 if a == b else 0.0
        for a in values[positive]
        for b in values[~positive]
    ]
    assert statistics.roc_area(values, positive) == pytest.approx(sum(told) / len(told))
    assert math.isnan(statistics.roc_area([0.1, 0.2], [True, True]))
