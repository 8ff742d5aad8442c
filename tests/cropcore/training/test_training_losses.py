import math

import numpy as np
import pytest
import torch

from cropcore.training.fit_calibration import logistic_curve, monotone_curve
from cropcore.training.losses import choice_loss, gaze_loss, hinge_loss, huber_loss, vote_loss


def test_vote_loss_is_the_cross_entropy_of_the_votes() -> None:
    better, worse = torch.tensor([[1.0, 0.0, 9.0]]), torch.tensor([[0.0, 2.0, 0.0]])
    share, weight = torch.tensor([[0.8, 0.2, 0.0]]), torch.tensor([[1.0, 1.0, 0.0]])
    expected = 0.0
    for difference, p in ((1.0, 0.8), (-2.0, 0.2)):
        chance = 1 / (1 + math.exp(-difference))
        expected -= p * math.log(chance) + (1 - p) * math.log(1 - chance)
    assert vote_loss(better, worse, share, weight).item() == pytest.approx(expected / 2)
    assert vote_loss(better, worse, share, weight * 0).item() == 0


def test_vote_loss_is_least_where_the_odds_are_those_of_the_votes() -> None:
    share, one = torch.tensor([[0.8]]), torch.ones(1, 1)
    at = [
        vote_loss(torch.tensor([[math.log(4) + d]]), torch.zeros(1, 1), share, one).item()
        for d in (-0.1, 0.0, 0.1)
    ]
    assert at[1] == min(at)


def test_choice_loss_by_hand() -> None:
    scores = torch.tensor([[1.0, 2.0, 0.0], [5.0, 1.0, 1.0]])
    overlap = torch.tensor([[1.0, 0.9, 0.2], [0.1, 0.2, 0.3]])
    target = np.exp(np.array([1.0, 0.9, 0.2]) / 0.1)
    target /= target.sum()
    chance = np.exp([1.0, 2.0, 0.0])
    chance /= chance.sum()
    expected = -(target * np.log(chance)).sum()
    found = choice_loss(scores, overlap, 0.1, torch.tensor([1.0, 0.0]))
    assert found.item() == pytest.approx(expected, rel=1e-5)
    assert choice_loss(scores, overlap, 0.1, torch.zeros(2)).item() == 0


@pytest.mark.parametrize(
    ("error", "expected"), [(0.0, 0.0), (0.5, 0.125), (-1.0, 0.5), (3.0, 2.5), (-4.0, 3.5)]
)
def test_huber_loss_of_the_gaic_paper(error: float, expected: float) -> None:
    opinion = torch.tensor([[1.0, 7.0]])
    scores = opinion + torch.tensor([[error, 100.0]])
    weight = torch.tensor([[1.0, 0.0]])
    assert huber_loss(scores, opinion, weight).item() == pytest.approx(expected)


def test_hinge_loss_over_all_pairs_that_differ_enough() -> None:
    opinions = torch.tensor([[3.0, 1.0, 2.5, 0.0], [1.0, 0.0, 0.0, 0.0]])
    scores = torch.tensor([[0.2, 0.0, 0.5, 9.0], [0.0, 0.4, 0.0, 0.0]])
    weight = torch.tensor([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])
    total, pairs = 0.0, 0
    for b in range(2):
        for k in range(4):
            for t in range(4):
                known = weight[b, k] * weight[b, t] > 0
                if known and opinions[b, k] - opinions[b, t] >= 0.9:
                    total += max(0.0, 1 + float(scores[b, t] - scores[b, k]))
                    pairs += 1
    assert pairs == 3
    found = hinge_loss(scores, opinions, 0.9, weight)
    assert found.item() == pytest.approx(total / pairs)
    assert hinge_loss(scores, opinions, 50, weight).item() == 0


def test_gaze_loss_is_least_at_the_density_itself() -> None:
    density = torch.rand(2, 4, 5)
    density /= density.sum(dim=(1, 2), keepdim=True)
    at_best = gaze_loss(density.log()[:, None], density)
    entropy = -(density * density.log()).sum(dim=(1, 2)).mean()
    assert at_best.item() == pytest.approx(entropy.item(), rel=1e-5)
    for seed in range(3):
        noise = torch.randn(2, 1, 4, 5, generator=torch.Generator().manual_seed(seed))
        assert gaze_loss(density.log()[:, None] + noise, density) > at_best
    # A constant added to all places says nothing.
    assert gaze_loss(density.log()[:, None] + 3, density).item() == pytest.approx(at_best.item())


def test_a_monotone_curve_follows_what_rises_and_levels_what_falls() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0.2, 0.9, 4000)
    at, to = monotone_curve(x, np.clip(x**2 + rng.normal(0, 0.05, 4000), 0, 1))
    assert (at[0], to[0], at[-1]) == (0, 0, 1)
    # Nothing was seen beyond the last bin: the curve rises there as its argument does.
    assert to[-1] - to[-2] == pytest.approx(at[-1] - at[-2], abs=1e-4)
    assert list(at) == sorted(at)
    assert list(to) == sorted(to)
    inner = np.linspace(0.3, 0.8, 20)
    assert np.interp(inner, at, to) == pytest.approx(inner**2, abs=0.03)
    falling = monotone_curve(x, 1 - x)
    level = np.interp([0.3, 0.5, 0.8], *falling)
    assert (np.diff(level) >= 0).all()
    assert level[1] == pytest.approx(1 - x.mean(), abs=0.1)


def test_a_logistic_curve_finds_the_odds() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, 6000)
    hit = rng.random(6000) < 1 / (1 + np.exp(-(-3 + 6 * x)))
    nothing = rng.normal(size=6000)
    bias, slope, none = logistic_curve(np.stack([x, nothing], axis=1), hit)
    assert bias == pytest.approx(-3, abs=0.3)
    assert slope == pytest.approx(6, abs=0.5)
    assert none == pytest.approx(0, abs=0.15)


def test_what_weighs_more_draws_the_curve() -> None:
    x = np.linspace(0.4, 0.6, 1000)
    y, weights = np.tile([0.9, 0.5], 500), np.tile([9.0, 1.0], 500)
    for given, expected in ((None, 0.7), (weights, 0.86)):
        assert np.interp(0.5, *monotone_curve(x, y, given)) == pytest.approx(expected, abs=0.02)
