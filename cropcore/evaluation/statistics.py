"""Statistics of evaluations: bootstrap intervals, paired differences, reliability, AUC, selective risk.

The photo is the unit that is drawn again; several pairs of one photo stay together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]

RESAMPLES = 2000


@lru_cache(maxsize=4)
def _draws(photos: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each photo is drawn in each resample, (resamples, photos); read-only, as it is shared."""
    drawn = np.random.default_rng(seed).multinomial(
        photos, np.full(photos, 1 / photos), size=resamples
    )
    drawn.setflags(write=False)
    return drawn


def _interval(values: Floats, confidence: float) -> Interval:
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    tail = (1 - confidence) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def bootstrap_mean(
    totals: ArrayLike,
    counts: ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Percentile interval of sum(totals) / sum(counts) when photos are drawn again.

    Args:
        totals: (N,) per photo: its value, or the sum of its values.
        counts: (N,) how many values each photo gives; one each by default.
    """
    t = np.asarray(totals, np.float64)
    c = np.ones_like(t) if counts is None else np.asarray(counts, np.float64)
    if not len(t):
        return float("nan"), float("nan")
    draws = _draws(len(t), resamples, seed)
    below = draws @ c
    means = np.divide(draws @ t, below, out=np.full(resamples, np.nan), where=below > 0)
    return _interval(means, confidence)


def bootstrap_statistic(
    statistic: Callable[[NDArray[np.int64]], float],
    photos: int,
    confidence: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> Interval:
    """Interval of any figure: ``statistic`` gets how often each photo counts, (photos,)."""
    if photos < 1:
        return float("nan"), float("nan")
    values = [statistic(row) for row in _draws(photos, resamples, seed)]
    return _interval(np.asarray(values, np.float64), confidence)


@dataclass(frozen=True)
class Difference:
    """By how much one method exceeds another on the same photos, with its 95 % interval."""

    value: float
    low: float
    high: float


def paired_difference(
    a: ArrayLike, b: ArrayLike, counts: ArrayLike | None = None, seed: int = 0
) -> Difference:
    """Mean of ``a - b`` over the same photos: (N,) totals each, with the counts they share."""
    gap = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    c = np.ones_like(gap) if counts is None else np.asarray(counts, np.float64)
    if not c.sum() > 0:
        return Difference(float("nan"), float("nan"), float("nan"))
    return Difference(float(gap.sum() / c.sum()), *bootstrap_mean(gap, c, seed=seed))


@dataclass(frozen=True, eq=False)
class Reliability:
    """What was promised against what came, per bin: (B,) each; empty bins are left out.

    ``error`` is the expected calibration error: the mean gap, weighed by the bins' counts.
    """

    promised: Floats
    observed: Floats
    counts: NDArray[np.int64]
    error: float


def reliability(promised: ArrayLike, observed: ArrayLike, bins: int = 10) -> Reliability:
    """Compare promised with observed values, (N,) each in [0, 1], in bins of equal width."""
    p, o = np.asarray(promised, np.float64), np.asarray(observed, np.float64)
    which = np.clip((p * bins).astype(np.int64), 0, bins - 1)
    counts = np.bincount(which, minlength=bins)
    used = counts > 0
    mean_p = np.bincount(which, p, bins)[used] / counts[used]
    mean_o = np.bincount(which, o, bins)[used] / counts[used]
    error = float((np.abs(mean_p - mean_o) * counts[used]).sum() / max(len(p), 1))
    return Reliability(mean_p, mean_o, counts[used], error)


def group_error(promised: ArrayLike, observed: ArrayLike, groups: int = 10) -> float:
    """Mean absolute gap of promised and observed values, (N,) each, over groups of equal count.

    A group holds the values whose promises are next to each other; sizes differ by one at most, and
    fewer values than groups stand alone.
    """
    p, o = np.asarray(promised, np.float64), np.asarray(observed, np.float64)
    gaps = np.array_split((p - o)[np.argsort(p, kind="stable")], max(min(groups, len(p)), 1))
    return float(np.mean([abs(gap.mean()) if len(gap) else np.nan for gap in gaps]))


def roc_area(values: ArrayLike, positive: ArrayLike) -> float:
    """AUC: the chance that a positive has the higher of two ``values`` (N,); equal ones count half.

    NaN where all are positive or none is.
    """
    from scipy.stats import rankdata  # here, because only the extra ``eval`` brings it

    which = np.asarray(positive, bool)
    yes, no = int(which.sum()), int((~which).sum())
    if not yes or not no:
        return float("nan")
    return float((rankdata(values)[which].sum() - yes * (yes + 1) / 2) / (yes * no))


@dataclass(frozen=True, eq=False)
class SelectiveRisk:
    """Mean loss of the surest photos, (C,), at each share kept, (C,); ``area`` is their mean."""

    coverage: Floats
    risk: Floats
    area: float


def selective_risk(confidence: ArrayLike, losses: ArrayLike, points: int = 20) -> SelectiveRisk:
    """Loss that remains when only the surest share of the photos is kept.

    Photos of equal confidence cannot be told apart: each stands for their mean loss.

    Args:
        confidence: (N,), higher is surer.
        losses: (N,), such as 1 - IoU.
    """
    c, loss = np.asarray(confidence, np.float64), np.asarray(losses, np.float64)
    if not len(c):
        return SelectiveRisk(np.zeros(0), np.zeros(0), float("nan"))
    _, group, counts = np.unique(-c, return_inverse=True, return_counts=True)
    shared = (np.bincount(group, loss) / counts)[group]
    running = np.cumsum(shared[np.argsort(group, kind="stable")]) / np.arange(1, len(c) + 1)
    coverage = np.arange(1, points + 1) / points
    kept = np.clip(np.ceil(coverage * len(c) - 1e-9).astype(int), 1, len(c))
    return SelectiveRisk(coverage, running[kept - 1], float(running.mean()))
