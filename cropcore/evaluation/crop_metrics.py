"""Metrics of crops and rankings (IoU, BDE, SRCC, Acc_K/N), as the papers define them.

Boxes are ``xyxy`` in [0, 1]. A *ranking* measure compares ``scores`` (N,), a method's own, with
``mos`` (N,), the mean opinion scores of the same crops of one photo; higher is better in both.
Everything here works on one photo, except :func:`average_precision`; a figure for many photos is
the mean of its photos (see :mod:`cropcore.evaluation.statistics` for intervals).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import area, as_boxes, centre, displacement, iou, iou_matrix

__all__ = [
    "PairVotes",
    "accuracy_k_of_n",
    "average_precision",
    "best_recalled",
    "centre_offset",
    "coverage",
    "displacement",
    "distinct",
    "iou",
    "match_detections",
    "near_duplicates",
    "nearest",
    "pair_agreement",
    "pairs_ranked",
    "pearson",
    "ranking_accuracy",
    "same_size",
    "spearman",
    "weighted_accuracy_k_of_n",
]

Floats = NDArray[np.float64]

ROUNDING = 1e-6
"""Means of opinions are rounded: a difference this much below a threshold reaches it."""

RECALL_LEVELS = np.linspace(0.0, 1.0, 101)


def centre_offset(
    a: ArrayLike, b: ArrayLike, width: float = 1.0, height: float = 1.0
) -> NDArray[np.float64]:
    """Distance of the centres of ``a`` (..., 4) and ``b`` (..., 4), shape (...).

    In pixels of a ``width`` x ``height`` photo (the "offset" that mars reports on FAT), or in
    fractions where no size is given.
    """
    gap = (centre(a) - centre(b)) * np.array([width, height])
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))


def nearest(crop: ArrayLike, people: ArrayLike) -> tuple[float, float]:
    """Highest IoU and lowest displacement of one ``crop`` (4,) against several people's (M, 4).

    The usual FLMS protocol; the two may come from different people's crops.
    """
    people = as_boxes(people)
    return float(iou(crop, people).max()), float(displacement(crop, people).min())


def coverage(crops: ArrayLike, people: ArrayLike) -> Floats:
    """For each of people's crops (M, 4) its highest IoU with any of ``crops`` (K, 4), shape (M,)."""
    return np.asarray(iou_matrix(crops, people).max(0))


def distinct(crops: ArrayLike, threshold: float = 0.8) -> int:
    """How many of ``crops`` (K, 4) differ from each other.

    They are those that remain when, in order, each whose IoU with a kept one is ``threshold`` or more is
    dropped.
    """
    overlap = iou_matrix(crops, crops)
    kept: list[int] = []
    for index, row in enumerate(overlap):
        if (row[kept] < threshold).all():
            kept.append(index)
    return len(kept)


def near_duplicates(crops: ArrayLike, threshold: float = 0.9) -> int:
    """How many of ``crops`` (K, 4) have an IoU above ``threshold`` with an earlier one."""
    return int((np.tril(iou_matrix(crops, crops), -1) > threshold).any(1).sum())


def pearson(a: ArrayLike, b: ArrayLike) -> float:
    """Pearson's correlation (PCC) of two (N,) arrays; NaN where either is constant.

    Raises:
        ValueError: the arrays are not equally long.
    """
    from scipy import stats  # here, because only the extra ``eval`` brings it

    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"Correlation needs two equally long rows, not {x.shape} and {y.shape}.")
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    with warnings.catch_warnings():
        # Scores that hardly differ order crops all the same.
        warnings.simplefilter("ignore", stats.NearConstantInputWarning)
        return float(stats.pearsonr(x, y).statistic)


def spearman(a: ArrayLike, b: ArrayLike) -> float:
    """Spearman's rank correlation (SRCC), ties by mean rank; NaN where either is constant."""
    from scipy import stats

    return pearson(stats.rankdata(a), stats.rankdata(b))


def _returned(scores: Floats, k: int) -> NDArray[np.intp]:
    # Equal scores keep the order of the file, as in the published code of gaic.
    return np.argsort(-scores, kind="stable")[:k]


def _rows(scores: ArrayLike, mos: ArrayLike, k: int, n: int) -> tuple[Floats, Floats]:
    s, m = np.asarray(scores, np.float64), np.asarray(mos, np.float64)
    if s.shape != m.shape or s.ndim != 1:
        raise ValueError(f"Scores and MOS differ in shape: {s.shape} and {m.shape}.")
    if not 1 <= k <= n <= len(m):
        raise ValueError(f"Acc K/N needs 1 <= K <= N <= crops, not {k}, {n}, {len(m)}.")
    return s, m


def accuracy_k_of_n(scores: ArrayLike, mos: ArrayLike, k: int, n: int) -> float:
    """Acc K/N of gaic: the share of the K best-scored crops that are among the N best by MOS.

    A crop whose MOS equals the N-th best counts as one of them. Needs at least N crops.
    """
    s, m = _rows(scores, mos, k, n)
    threshold = np.sort(m)[-n]
    return float((m[_returned(s, k)] >= threshold).mean())


def weighted_accuracy_k_of_n(
    scores: ArrayLike, mos: ArrayLike, k: int, n: int, beta: float = 1.0
) -> float:
    """The rank-weighted Acc K/N of gaic (TPAMI 2020), in [0, 1].

    The K returned crops are sorted by their rank r among all crops by MOS (1 is best; equal MOS
    keep the order of the file, as in the published code); the j-th of them weighs
    exp(-beta (r - j) / N) where r <= N and nothing beyond.
    """
    s, m = _rows(scores, mos, k, n)
    rank = np.empty(len(m), np.int64)
    rank[np.argsort(-m, kind="stable")] = np.arange(1, len(m) + 1)
    r = np.sort(rank[_returned(s, k)])
    weight = np.exp(-beta * (r - np.arange(1, k + 1)) / n)
    return float(np.where(r <= n, weight, 0.0).mean())


@dataclass(frozen=True)
class PairVotes:
    """``right`` of ``total`` pairs ranked as people did (half for equal scores)."""

    right: float
    total: int

    @property
    def share(self) -> float:
        """The share that is right; NaN of no pair."""
        return self.right / self.total if self.total else float("nan")


def ranking_accuracy(scores: ArrayLike, mos: ArrayLike, delta: float) -> float:
    """Share of crop pairs with MOS at least ``delta`` apart that the scores order alike (asm, Eq. 3).

    Equal scores count one half. NaN where no pair is that far apart.
    """
    return pairs_ranked(scores, mos, delta).share


def pairs_ranked(scores: ArrayLike, mos: ArrayLike, delta: float) -> PairVotes:
    """Count the pairs with MOS at least ``delta`` > 0 apart that the scores order alike (asm, Eq. 3)."""
    s, m = np.asarray(scores, np.float64), np.asarray(mos, np.float64)
    i, j = np.triu_indices(len(m), 1)
    gap = m[i] - m[j]
    told = np.abs(gap) >= delta - ROUNDING
    agreement = (np.sign(s[i] - s[j]) * np.sign(gap))[told] / 2 + 0.5
    return PairVotes(float(agreement.sum()), int(told.sum()))


def pair_agreement(
    score_a: ArrayLike, score_b: ArrayLike, votes_a: ArrayLike, votes_b: ArrayLike
) -> PairVotes:
    """Count the pairs (P,) whose better-scored crop is the one that most people chose.

    Pairs with as many votes on both sides have no majority and are left out.
    """
    said = np.sign(np.asarray(score_a, np.float64) - np.asarray(score_b, np.float64))
    voted = np.sign(np.asarray(votes_a, np.float64) - np.asarray(votes_b, np.float64))
    decided = voted != 0
    agreement = (said * voted)[decided] / 2 + 0.5
    return PairVotes(float(agreement.sum()), int(decided.sum()))


def same_size(a: ArrayLike, b: ArrayLike, tolerance: float = 0.01) -> NDArray[np.bool_]:
    """Whether the areas of two boxes (..., 4) differ by less than ``tolerance`` of the larger."""
    area_a, area_b = area(a), area(b)
    return np.asarray(np.abs(area_a - area_b) < tolerance * np.maximum(area_a, area_b))


def best_recalled(crops: ArrayLike, people: ArrayLike, mos: ArrayLike, threshold: float) -> bool:
    """Whether any of ``crops`` (N, 4) reaches IoU ``threshold`` with people's best crop.

    Eq. 7 of setpred (there "ACC 1/N"), given a method's N best crops. Crops that share the
    highest MOS are all best.
    """
    m = np.asarray(mos, np.float64)
    best = as_boxes(people)[m == m.max()]
    found = as_boxes(crops)
    return bool(len(found)) and bool(iou_matrix(found, best).max() >= threshold)


def match_detections(crops: ArrayLike, good: ArrayLike, threshold: float) -> NDArray[np.bool_]:
    """Which of ``crops`` (K, 4), best first, find a good crop (M, 4) of their own.

    As COCO does: each crop in turn takes the free good crop that it overlaps most, if their IoU
    is at least ``threshold``; a good crop is taken once.
    """
    found, wanted = as_boxes(np.reshape(crops, (-1, 4))), as_boxes(np.reshape(good, (-1, 4)))
    hit = np.zeros(len(found), bool)
    if not len(wanted) or not len(found):
        return hit
    overlap = iou_matrix(found, wanted)
    free = np.ones(len(wanted), bool)
    for row in range(len(found)):
        column = int(np.where(free, overlap[row], -1.0).argmax())
        if free[column] and overlap[row, column] >= threshold:
            hit[row], free[column] = True, False
    return hit


def average_precision(
    scores: ArrayLike,
    hits: ArrayLike,
    positives: float,
    weights: Sequence[float] | Floats | None = None,
) -> float:
    """AP over the crops of all photos together, by COCO's 101 recall levels (setpred, section 4.2).

    Args:
        scores: (D,) of all returned crops of all photos.
        hits: (D,) from :func:`match_detections`.
        positives: number of good crops in all photos.
        weights: (D,) how often each crop counts (bootstrap); once by default.

    Returns:
        AP in [0, 1]; NaN without any good crop.
    """
    if positives <= 0:
        return float("nan")
    s, h = np.asarray(scores, np.float64), np.asarray(hits, bool)
    w = np.ones(len(s)) if weights is None else np.asarray(weights, np.float64)
    order = np.argsort(-s, kind="stable")
    order = order[w[order] > 0]
    if not len(order):
        return 0.0
    true = np.cumsum(np.where(h, w, 0.0)[order])
    precision = true / np.cumsum(w[order])
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(true / positives, RECALL_LEVELS - 1e-12, side="left")
    reached = at < len(precision)
    return float(np.where(reached, precision[np.minimum(at, len(precision) - 1)], 0.0).mean())
