import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cropcore.engine.calibration import Calibration, lead
from cropcore.engine.crop_distribution import (
    DIVERSITY,
    SMOOTHING,
    SUPPORT,
    WindowDistribution,
    diverse_order,
    within_tightness,
)
from cropcore.geometry import boxes as geometry
from cropcore.geometry.windows import free_windows, ratio_windows

seeds = st.integers(0, 10_000)


def some_boxes(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 0.5, (count, 2))
    return np.concatenate([low, low + rng.uniform(0.1, 0.5, (count, 2))], axis=1)


def distribution(count: int = 40, seed: int = 0, temperature: float = 0.5) -> WindowDistribution:
    rng = np.random.default_rng(seed)
    boxes = some_boxes(count, seed)
    return WindowDistribution.from_scores(boxes, rng.normal(0, 1, count), temperature, None, 1.5)


def apart_boxes(count: int) -> np.ndarray:
    """Boxes side by side, so far apart in overlap that none draws another."""
    edges = np.linspace(0, 1, count + 1)
    return np.array([[a, 0.0, b, 1.0] for a, b in itertools.pairwise(edges)])


def test_the_distribution_is_the_softmax_of_the_scores() -> None:
    scores = np.array([1.0, 3.0, 2.0, 1.0])
    found = WindowDistribution.from_scores(apart_boxes(4), scores, 0.5, None, 1.5)
    expected = np.exp(scores / 0.5) / np.exp(scores / 0.5).sum()
    # Most probable first; the earlier of equal ones first.
    assert found.weights == pytest.approx(expected[[1, 2, 0, 3]])
    nearest = geometry.iou_matrix(found.boxes, apart_boxes(4)).argmax(axis=1)
    assert nearest[0] == 1


def test_windows_are_drawn_to_their_neighbours_by_weight_and_overlap() -> None:
    boxes = np.array([[0, 0, 0.5, 1], [0, 0, 0.6, 1], [0.5, 0, 1, 1]])
    weights = np.array([0.5, 0.3, 0.2])
    found = WindowDistribution.from_scores(boxes, np.log(weights), 1.0, None, 1.5)
    for reach, drawn in ((SMOOTHING, found.boxes), (SMOOTHING / 3, found.choices[1:])):
        for i in range(3):
            pull = [
                weights[j] * np.exp(-(1 - geometry.iou(boxes[i], boxes[j])) / reach)
                for j in range(3)
            ]
            expected = sum(p * box for p, box in zip(pull, boxes, strict=True)) / sum(pull)
            assert drawn[i] == pytest.approx(expected)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.2])
def test_what_is_drawn_keeps_the_ratio_and_stays_inside(ratio: float) -> None:
    boxes = ratio_windows(ratio, 1.5)
    scores = np.random.default_rng(0).normal(0, 1, len(boxes))
    found = WindowDistribution.from_scores(boxes, scores, 0.3, ratio, 1.5)
    for drawn in (found.boxes, found.choices):
        assert geometry.contains(geometry.WHOLE, drawn, tolerance=0).all()
        assert geometry.ratio_of(drawn, 1.5) == pytest.approx(np.full(len(drawn), ratio))


@pytest.mark.parametrize("scale", [1.0, 1e5, -1e5])
def test_large_scores_do_not_overflow(scale: float) -> None:
    scores = np.linspace(-1, 1, 40) * scale
    found = WindowDistribution.from_scores(some_boxes(40), scores, 0.2, None, 1.5)
    assert np.isfinite(found.weights).all()
    assert found.weights.sum() == pytest.approx(1)


def test_only_the_strongest_windows_carry_the_distribution() -> None:
    boxes = free_windows(1.5)
    scores = np.random.default_rng(0).normal(0, 1, len(boxes))
    found = WindowDistribution.from_scores(boxes, scores, 0.3, None, 1.5)
    assert len(found.boxes) == SUPPORT
    strongest = np.sort(scores)[::-1][:SUPPORT]
    assert np.log(found.weights / found.weights[0]) == pytest.approx(
        (strongest - strongest[0]) / 0.3
    )


def test_expected_iou_is_the_plain_sum() -> None:
    chances = distribution()
    crops = some_boxes(7, seed=1)
    expected = [
        sum(
            p * geometry.iou(crop, box)
            for p, box in zip(chances.weights, chances.boxes, strict=True)
        )
        for crop in crops
    ]
    assert chances.expected_iou(crops) == pytest.approx(expected)


@given(seeds)
@settings(max_examples=30)
def test_expected_iou_is_a_share_and_certainty_is_one(seed: int) -> None:
    chances = distribution(seed=seed)
    found = chances.expected_iou(some_boxes(20, seed + 1))
    assert (found >= 0).all()
    assert (found <= 1 + 1e-9).all()
    sure = distribution(seed=seed, temperature=1e-4)
    assert sure.expected_iou(sure.boxes[:1])[0] == pytest.approx(1, abs=1e-2)


def test_choices_begin_with_the_mean_box() -> None:
    boxes = np.array([[0, 0, 0.4, 0.4], [0.4, 0.4, 1, 1]])
    scores = np.log([0.75, 0.25])
    free = WindowDistribution.from_scores(boxes, scores, 1.0, None, 1.5)
    assert free.choices.shape == (3, 4)
    assert free.choices[0] == pytest.approx([0.1, 0.1, 0.55, 0.55])
    fixed = WindowDistribution.from_scores(boxes, scores, 1.0, 0.8, 1.5)
    assert geometry.ratio_of(fixed.choices[0], 1.5) == pytest.approx(0.8)
    assert geometry.centre(fixed.choices[0]) == pytest.approx([0.325, 0.325])


def test_as_many_choices_as_wanted() -> None:
    boxes = free_windows(1.5)
    found = WindowDistribution.from_scores(boxes, np.zeros(len(boxes)), 1.0, None, 1.5, choices=20)
    assert found.choices.shape == (21, 4)


@given(seeds, st.integers(1, 15))
@settings(max_examples=40)
def test_diverse_order_gives_distinct_crops_best_first(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    crops, merits = some_boxes(12, seed), rng.uniform(0, 1, 12)
    order = diverse_order(crops, merits, k)
    assert len(order) == min(k, 12)  # none of these are the same
    assert len(set(order.tolist())) == len(order)
    assert order[0] == merits.argmax()
    assert (np.diff(merits[order]) <= 0).all()


@given(seeds)
@settings(max_examples=30)
def test_diverse_order_takes_what_adds_most(seed: int) -> None:
    """A plain reading of maximal marginal relevance."""
    rng = np.random.default_rng(seed)
    crops, merits = some_boxes(15, seed), rng.uniform(0, 1, 15)
    taken = [int(merits.argmax())]
    while len(taken) < 6:
        gains = [
            -np.inf
            if i in taken
            else merits[i]
            - DIVERSITY
            * max(max(0.0, float(geometry.iou(crops[i], crops[t])) - 0.5) * 2 for t in taken)
            for i in range(15)
        ]
        taken.append(int(np.argmax(gains)))
    assert set(diverse_order(crops, merits, 6).tolist()) == set(taken)


def test_without_a_wish_for_diversity_it_is_plain_sorting() -> None:
    crops = some_boxes(10)
    merits = np.array([0.5, 0.5, 0.9, 0.1, 0.5, 0.2, 0.3, 0.8, 0.7, 0.6])
    assert diverse_order(crops, merits, 10, weight=0).tolist() == [2, 7, 8, 9, 0, 1, 4, 6, 5, 3]


def test_a_copy_of_the_best_gives_way_to_something_else() -> None:
    crops = np.array([[0, 0, 0.8, 0.8], [0, 0, 0.81, 0.8], [0.4, 0.4, 1, 1]])
    merits = np.array([0.8, 0.79, 0.6])
    assert diverse_order(crops, merits, 2).tolist() == [0, 2]


def test_two_that_are_the_same_are_one() -> None:
    crops = np.array([[0, 0, 0.8, 0.8], [0, 0, 0.8, 0.801], [0, 0, 0.8, 0.8], [0.5, 0.5, 1, 1]])
    merits = np.array([0.8, 0.79, 0.8, 0.1])
    assert diverse_order(crops, merits, 4).tolist() == [0, 3]
    assert diverse_order(crops, merits, 4, weight=0).tolist() == [0, 3]


def test_nothing_to_order() -> None:
    assert diverse_order(np.zeros((0, 4)), np.zeros(0), 5).tolist() == []


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.3, 1.0, 1.5, 3.0]))
def test_a_stronger_wish_leaves_less_choice(a: float, b: float, photo_ratio: float) -> None:
    boxes = ratio_windows(1.0, photo_ratio)
    weak, strong = sorted((a, b), key=lambda t: abs(t - 0.5))
    if (weak - 0.5) * (strong - 0.5) < 0:
        weak = 1 - weak
    few, many = within_tightness(boxes, strong), within_tightness(boxes, weak)
    assert few.any()
    assert (many | ~few).all()


def test_tightness_admits_large_or_small_windows() -> None:
    boxes = free_windows(1.5)
    surface = geometry.area(boxes)
    assert within_tightness(boxes, 0.5).all()
    assert surface[within_tightness(boxes, 0.0)].min() >= 0.8 - 1e-6
    assert surface[within_tightness(boxes, 1.0)].max() <= 0.35 + 1e-6
    least = [surface[within_tightness(boxes, t)].min() for t in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)]
    most = [surface[within_tightness(boxes, t)].max() for t in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)]
    assert least == sorted(least, reverse=True)
    assert most == sorted(most, reverse=True)
    assert (within_tightness(boxes, -3) == within_tightness(boxes, 0)).all()
    assert (within_tightness(boxes, 9) == within_tightness(boxes, 1)).all()


def test_one_window_is_always_left() -> None:
    alone = np.array([geometry.WHOLE])
    for request in (0.0, 0.5, 1.0):
        assert within_tightness(alone, request).tolist() == [True]


def test_calibrated_scores_follow_the_curve_of_their_kind() -> None:
    decoding = Calibration(
        free_scores=((0.0, 0.5, 1.0), (0.0, 0.8, 1.0)), ratio_scores=((0.0, 1.0), (0.0, 0.9))
    )
    expected = np.array([0, 0.25, 0.5, 0.75, 1])
    assert decoding.calibrated(expected, None).tolist() == pytest.approx([0, 40, 80, 90, 100])
    assert decoding.calibrated(expected, 1.5).tolist() == pytest.approx((90 * expected).tolist())


def test_trust_rises_with_the_expected_overlap_and_the_lead() -> None:
    decoding = Calibration(free_confidence=(-5.0, 10.0, 0.5), ratio_confidence=(0.0, 1.0, 0.0))
    assert decoding.trust(0.5, 0.0, None) == pytest.approx(0.5)
    assert 0 < decoding.trust(0.0, 0, None) < decoding.trust(0.7, 0, None)
    assert decoding.trust(0.7, 0, None) < decoding.trust(0.7, 2, None) < 1
    assert decoding.trust(0.0, 9.0, 1.5) == pytest.approx(0.5)


def test_the_lead_is_that_over_the_last_window_of_the_support() -> None:
    scores = np.random.default_rng(0).permutation(np.arange(1000.0))
    assert lead(scores) == SUPPORT - 1
    assert lead(scores[:5]) == np.ptp(scores[:5])
    assert lead(np.ones(400)) == 0.0
    assert lead(np.zeros(0)) == 0.0


def test_constants_survive_their_record() -> None:
    decoding = Calibration(
        free=0.3,
        ratio=0.4,
        free_scores=((0.0, 1.0), (0.0, 0.9)),
        ratio_confidence=(-2.0, 3.0, 0.1),
    )
    record = {
        "free": 0.3,
        "ratio": 0.4,
        "free_scores": [[0.0, 1.0], [0.0, 0.9]],
        "ratio_confidence": [-2.0, 3.0, 0.1],
    }
    assert Calibration.from_record(record) == decoding
    assert Calibration.from_record({}) == Calibration()
    assert decoding.temperature(None) == 0.3
    assert decoding.temperature(1.5) == 0.4
