import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from cropcore.evaluation import crop_metrics

whole_numbers = hnp.arrays(np.int64, st.integers(2, 30), elements=st.integers(0, 6))


def test_nearest_takes_the_best_of_several_peoples_crops() -> None:
    people = [[0.0, 0.0, 0.5, 1.0], [0.0, 0.0, 1.0, 1.0]]
    overlap, displacement = crop_metrics.nearest([0.0, 0.0, 0.8, 1.0], people)
    assert overlap == pytest.approx(0.8)
    assert displacement == pytest.approx(0.05)


def test_centre_offset_in_pixels() -> None:
    a, b = [0.0, 0.0, 0.5, 0.5], [0.03, 0.04, 0.53, 0.54]
    assert crop_metrics.centre_offset(a, b, 100, 100) == pytest.approx(5.0)
    assert crop_metrics.centre_offset(a, b, 200, 100) == pytest.approx(math.hypot(6, 4))
    assert crop_metrics.centre_offset(a, b) == pytest.approx(0.05)


@given(st.data())
def test_correlations_agree_with_scipy_with_ties(data: st.DataObject) -> None:
    a = data.draw(whole_numbers)
    b = data.draw(hnp.arrays(np.int64, len(a), elements=st.integers(0, 6)))
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        assert math.isnan(crop_metrics.pearson(a, b))
        assert math.isnan(crop_metrics.spearman(a, b))
        return
    assert crop_metrics.pearson(a, b) == pytest.approx(stats.pearsonr(a, b).statistic, abs=1e-9)
    assert crop_metrics.spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-9)


def test_correlation_of_tiny_and_huge_scores() -> None:
    a = np.array([1.0, 2.0, 3.0, 5.0])
    assert crop_metrics.pearson(a * 1e-200, a) == pytest.approx(1.0)
    assert crop_metrics.pearson(a * 1e150, -a) == pytest.approx(-1.0)


def test_correlation_of_unlike_lengths_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        crop_metrics.pearson([1.0, 2.0], [1.0, 2.0, 3.0])


MOS = [5.0, 4.0, 4.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("scores", "k", "n", "expected"),
    [
        ([6, 5, 4, 3, 2, 1], 2, 2, 1.0),
        # The third crop has the MOS of the second best, so it is among the two best.
        ([6, 1, 5, 2, 3, 4], 2, 2, 1.0),
        ([1, 2, 3, 4, 5, 6], 2, 2, 0.0),
        ([1, 6, 2, 5, 3, 4], 2, 3, 0.5),
        ([6, 1, 2, 5, 4, 3], 4, 5, 0.75),
    ],
)
def test_acc_k_of_n_by_hand(scores: list[int], k: int, n: int, expected: float) -> None:
    assert crop_metrics.accuracy_k_of_n(scores, MOS, k, n) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "k", "n", "expected"),
    [
        ([6, 5, 4, 3, 2, 1], 2, 2, 1.0),
        # Returned ranks 2 and 4, sorted; j = 1, 2; N = 4: weights exp(-1/4) and exp(-2/4).
        ([1, 5, 2, 6, 3, 4], 2, 4, (math.exp(-0.25) + math.exp(-0.5)) / 2),
        # Returned ranks 1 and 6; the second is beyond N = 5.
        ([6, 1, 2, 3, 4, 5], 2, 5, 0.5),
        ([1, 2, 3, 4, 5, 6], 1, 5, 0.0),
    ],
)
def test_weighted_acc_by_hand(scores: list[int], k: int, n: int, expected: float) -> None:
    assert crop_metrics.weighted_accuracy_k_of_n(scores, MOS, k, n) == pytest.approx(expected)


def published_weighted_acc(scores: Sequence[float], mos: Sequence[float], k: int, n: int) -> float:
    """The loop of the paper, one crop at a time."""
    by_mos = sorted(range(len(mos)), key=lambda i: mos[i], reverse=True)
    by_score = sorted(range(len(scores)), key=lambda i: scores[i], reverse=True)
    ranks = sorted(by_mos.index(crop) for crop in by_score[:k])
    return sum(math.exp(-(r - j) / n) for j, r in enumerate(ranks) if r < n) / k


@given(st.data())
def test_weighted_acc_agrees_with_the_plain_loop(data: st.DataObject) -> None:
    count = data.draw(st.integers(5, 20))
    values = st.lists(st.integers(0, 8), min_size=count, max_size=count)
    scores, mos = data.draw(values), data.draw(values)
    k = data.draw(st.integers(1, 4))
    result = crop_metrics.weighted_accuracy_k_of_n(scores, mos, k, 5)
    assert result == pytest.approx(published_weighted_acc(scores, mos, k, 5))
    assert result <= crop_metrics.accuracy_k_of_n(scores, mos, k, 5) + 1e-12


def test_acc_needs_enough_crops() -> None:
    with pytest.raises(ValueError, match="K <= N <= crops"):
        crop_metrics.accuracy_k_of_n([1, 2, 3], [1, 2, 3], 1, 5)


def test_ranking_accuracy_counts_only_distant_pairs() -> None:
    # Gaps: 0-1 2.0, 0-2 2.5, 1-2 0.5 (too small for delta 0.9).
    assert crop_metrics.ranking_accuracy([3, 2, 1], [4.5, 2.5, 2.0], 0.9) == 1.0
    assert crop_metrics.ranking_accuracy([2, 3, 1], [4.5, 2.5, 2.0], 0.9) == 0.5
    assert crop_metrics.ranking_accuracy([2, 2, 1], [4.5, 2.5, 2.0], 0.9) == 0.75
    assert math.isnan(crop_metrics.ranking_accuracy([2, 1], [3.0, 3.0], 0.9))
    # A difference of delta itself makes a pair (Eq. 3), whatever the rounding of means.
    assert crop_metrics.pairs_ranked([2, 1], [2.3, 2.0], 0.3).total == 1
    assert crop_metrics.pairs_ranked([2, 1], [2.29, 2.0], 0.3).total == 0


def test_pairs_follow_the_majority() -> None:
    votes = crop_metrics.pair_agreement(
        [1.0, 2.0, 3.0, 1.0], [2.0, 1.0, 3.0, 2.0], [1, 4, 5, 2], [4, 1, 0, 2]
    )
    assert votes.total == 3  # two against two is no majority
    assert votes.right == pytest.approx(2.5)  # equal scores are half right


def test_same_size_is_below_one_per_cent() -> None:
    a = [0.0, 0.0, 1.0, 0.5]
    assert crop_metrics.same_size(a, [0.0, 0.0, 0.5, 1.0])
    assert crop_metrics.same_size(a, [0.0, 0.0, 1.0, 0.496])
    assert not crop_metrics.same_size(a, [0.0, 0.0, 1.0, 0.495])


def test_best_recall_finds_any_of_the_best() -> None:
    people = [[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0]]
    mos = [4.5, 4.5, 3.0]
    assert crop_metrics.best_recalled([[0.5, 0.0, 1.0, 0.95]], people, mos, 0.9)
    assert not crop_metrics.best_recalled([[0.5, 0.0, 1.0, 0.85]], people, mos, 0.9)
    assert not crop_metrics.best_recalled([[0.0, 0.0, 1.0, 1.0]], people, mos, 0.85)
    assert not crop_metrics.best_recalled(np.zeros((0, 4)), people, mos, 0.85)


def test_a_good_crop_is_found_once() -> None:
    good = [[0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 1.0, 1.0]]
    crops = [[0.0, 0.0, 0.5, 0.95], [0.0, 0.0, 0.5, 1.0], [0.5, 0.0, 1.0, 1.0]]
    assert crop_metrics.match_detections(crops, good, 0.9).tolist() == [True, False, True]
    assert not crop_metrics.match_detections(crops, [], 0.9).any()


def test_average_precision_by_hand() -> None:
    # Two good crops, found at ranks 1 and 3: precision 1 up to recall 0.5 (51 of the 101 levels),
    # then 2/3 for the other 50.
    ap = crop_metrics.average_precision([0.9, 0.8, 0.7], [True, False, True], 2)
    assert ap == pytest.approx((51 * 1.0 + 50 * 2 / 3) / 101)
    # One of two found: nothing beyond recall 0.5.
    assert crop_metrics.average_precision([0.9], [True], 2) == pytest.approx(51 / 101)
    assert crop_metrics.average_precision([], [], 2) == 0.0
    assert math.isnan(crop_metrics.average_precision([0.9], [False], 0))


def plain_average_precision(scores: list[float], hits: list[bool], positives: int) -> float:
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    curve = []
    true = 0
    for rank, index in enumerate(order, 1):
        true += hits[index]
        curve.append((true / positives, true / rank))
    total = 0.0
    for step in range(101):
        total += max((p for r, p in curve if r >= step / 100 - 1e-12), default=0.0)
    return total / 101


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20), st.integers(0, 5)
)
def test_average_precision_agrees_with_the_plain_curve(
    found: list[tuple[float, bool]], missed: int
) -> None:
    scores, hits = [s for s, _ in found], [h for _, h in found]
    positives = max(sum(hits) + missed, 1)
    assert crop_metrics.average_precision(scores, hits, positives) == pytest.approx(
        plain_average_precision(scores, hits, positives)
    )


@given(st.data())
def test_weighted_average_precision_is_that_of_repeated_photos(data: st.DataObject) -> None:
    # Distinct scores: repeats then stand together, as a resampled photo's do.
    count = data.draw(st.integers(1, 8))
    scores = np.linspace(1, 0, count)
    hits = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    weights = np.array(data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)))
    kept = weights > 0
    assert crop_metrics.average_precision(scores, hits, 3, weights) == pytest.approx(
        crop_metrics.average_precision(scores[kept], hits[kept], 3)
    )


def some_sets(count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(11)
    sets = []
    for _ in range(count):
        low = rng.uniform(0, 0.25, (10, 2))
        sets.append(np.concatenate([low, rng.uniform(0.8, 1.0, (10, 2))], axis=1))
    return sets


def plain_iou(a: np.ndarray, b: np.ndarray) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    common = max(wide, 0.0) * max(high, 0.0)
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


def test_distinct_crops_are_those_of_the_plain_rule() -> None:
    counts = []
    for crops in some_sets(30):
        kept: list[np.ndarray] = []
        for crop in crops:
            if all(plain_iou(crop, other) < 0.8 for other in kept):
                kept.append(crop)
        counts.append(crop_metrics.distinct(crops))
        assert counts[-1] == len(kept)
    assert len(set(counts)) > 2


def test_a_crop_like_a_dropped_one_counts() -> None:
    # The second is like the first, the third like the second only.
    row = [(0.0, 0.0, 1.0, 0.5), (0.0, 0.05, 1.0, 0.55), (0.0, 0.1, 1.0, 0.6)]
    assert crop_metrics.distinct(row) == 2
    assert crop_metrics.distinct([row[0]] * 10) == 1


def test_near_duplicates_are_those_of_the_plain_rule() -> None:
    counts = []
    for crops in some_sets(30):
        crops = crops / 2 + np.array([0.0, 0.0, 0.5, 0.5])  # nearer to each other
        alike = [any(plain_iou(c, d) > 0.9 for d in crops[:i]) for i, c in enumerate(crops)]
        counts.append(crop_metrics.near_duplicates(crops))
        assert counts[-1] == sum(alike)
    assert len(set(counts)) > 2
    assert crop_metrics.near_duplicates([crops[0]] * 10) == 9


def test_coverage_is_the_best_for_each_person() -> None:
    crops, people = some_sets(2)
    expected = [max(plain_iou(crop, person) for crop in crops) for person in people]
    np.testing.assert_allclose(crop_metrics.coverage(crops, people), expected)
