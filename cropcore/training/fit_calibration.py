"""Fits the calibration constants on out-of-fold scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize, minimize_scalar

from cropcore.engine.calibration import Calibration, Curve, lead
from cropcore.engine.choose_crops import WINDOWS
from cropcore.engine.crop_distribution import WindowDistribution
from cropcore.engine.diverse_candidates import FLATTER, SET, crop_set
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.evaluation.annotations import Labels
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, as_boxes, iou, ratio_of

TEMPERATURES = (0.25, 0.32, 0.4, 0.5, 0.63, 0.79, 1.0)
"""Temperatures tried, in units of the one under which people's crops are most likely."""
TARGET_SPREAD = 0.06
NEAR = 0.7
KNOTS = 12


@dataclass(frozen=True, eq=False, slots=True)
class ScoredWindows:
    """Scores of all windows of one photo for one wish, and the person's crop.

    ``ahead`` is the :func:`~cropcore.engine.calibration.lead` of the method's scores; where only the best
    windows were scored by a refining method, that of the scores before.
    """

    best: Boxes
    boxes: Boxes
    scores: NDArray[np.float32]
    ratio: float | None
    photo_ratio: float
    ahead: float

    def distribution(self, temperature: float) -> WindowDistribution:
        """The distribution over windows at a temperature."""
        return WindowDistribution.from_scores(
            self.boxes, self.scores, temperature, self.ratio, self.photo_ratio
        )


def observe(engine: CropEngine, scene: Scene, labels: Labels, method: str) -> list[ScoredWindows]:
    """A photo with the ratio free, and with the person's ratio given."""
    assert labels.best_crop is not None
    best = as_boxes(labels.best_crop)
    given = float(ratio_of(best, scene.photo_ratio))
    seen = []
    for aspect, ratio in ((Aspect("free"), None), (Aspect("ratio", given, 1.0), given)):
        boxes, scores = engine.window_scores(scene, aspect, method)
        known = scores.astype(np.float32)
        seen.append(ScoredWindows(best, boxes, known, ratio, scene.photo_ratio, lead(known)))
    return seen


def fit_decoding(observations: Sequence[ScoredWindows], cut: float = 4.0) -> Calibration:
    """Temperatures of the highest mean IoU, then the calibration curves.

    ``cut`` is the cost of cut gaze that the observed scores include already; it is passed on.
    """
    free = [o for o in observations if o.ratio is None]
    given = [o for o in observations if o.ratio is not None]
    found = Calibration(free=_temperature(free), ratio=_temperature(given), cut=cut)
    return replace(found, **_curves(found, free, "free"), **_curves(found, given, "ratio"))


def _curves(
    decoding: Calibration, observations: Sequence[ScoredWindows], kind: str
) -> dict[str, Any]:
    """The calibration curves of one kind of question.

    The first crop counts as much as all others of the set: it is the best of many estimates, and such
    promise too much.
    """
    expected, actual, weights, signs, near = [], [], [], [], []
    for seen in observations:
        temperature = decoding.temperature(seen.ratio)
        chances = seen.distribution(temperature)
        offered = np.concatenate([chances.choices, _likeliest(seen)])
        hopes = chances.expected_iou(offered)
        first = int(np.argmax(hopes[: len(chances.choices)]))
        flat = WindowDistribution.from_scores(
            seen.boxes, seen.scores, FLATTER * temperature, seen.ratio, seen.photo_ratio
        )
        shown = crop_set(offered, first, flat.boxes, flat.weights, SET)
        overlap = iou(offered[shown], seen.best)
        expected.append(hopes[shown])
        actual.append(overlap)
        weights.append(np.where(np.arange(len(shown)) == 0, SET - 1.0, 1.0))
        signs.append((hopes[first], seen.ahead / temperature))
        near.append(overlap[0] >= NEAR)
    scores = monotone_curve(
        np.concatenate(expected), np.concatenate(actual), np.concatenate(weights)
    )
    confidence = logistic_curve(np.array(signs), np.array(near))
    return {f"{kind}_scores": scores, f"{kind}_confidence": confidence}


def _likeliest(seen: ScoredWindows) -> Boxes:
    return seen.boxes[np.argsort(-seen.scores, kind="stable")[:WINDOWS]]


def as_record(decoding: Calibration) -> dict[str, Any]:
    """The constants as a weights record keeps them."""
    return asdict(decoding)


def _temperature(observations: Sequence[ScoredWindows]) -> float:
    """The temperature with the highest mean IoU of the first crop, among some about the likeliest.

    Methods score on scales of their own, from votes to shares of overlap.
    """
    likeliest = likeliest_temperature(observations)

    def quality(temperature: float) -> float:
        return float(np.mean([_reached(seen, temperature) for seen in observations]))

    return max((round(likeliest * t, 5) for t in TEMPERATURES), key=quality)


def likeliest_temperature(observations: Sequence[ScoredWindows]) -> float:
    """The temperature under which windows near the person's crops are most likely.

    Cross-entropy of the softmax over all windows to softmax(IoU with the person's crop / 0.06).
    """
    known = []
    for seen in observations:
        overlap = iou(seen.boxes, seen.best)
        target = np.exp((overlap - overlap.max()) / TARGET_SPREAD)
        scores = seen.scores.astype(np.float64)
        known.append((scores - scores.max(), target / target.sum()))

    def cost(log_temperature: float) -> float:
        total = 0.0
        for scores, target in known:
            logits = scores / np.exp(log_temperature)
            total += float(np.log(np.exp(logits).sum()) - target @ logits)
        return total / len(known)

    found = minimize_scalar(cost, bounds=(np.log(1e-3), np.log(10.0)), method="bounded")
    return float(np.exp(found.x))


# Cached, because the fits of all folds need the same values of each photo.
@cache
def _reached(seen: ScoredWindows, temperature: float) -> float:
    """IoU of the first crop with the person's."""
    chances = seen.distribution(temperature)
    crop = chances.choices[int(np.argmax(chances.expected_iou(chances.choices)))]
    return float(iou(crop, seen.best))


def monotone_curve(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    weights: NDArray[np.float64] | None = None,
    knots: int = KNOTS,
) -> Curve:
    """A rising piecewise linear curve through the means of bins of equal weight, from (0, 0).

    Bins that fall are pooled with their neighbours (isotonic regression). Beyond the last bin, where
    nothing was seen, the curve rises as its argument does.
    """
    w = np.ones(len(x)) if weights is None else weights
    order = np.argsort(x, kind="stable")
    upto = np.cumsum(w[order])
    ends = np.searchsorted(upto, upto[-1] * np.arange(1, knots) / knots)
    bins = [part for part in np.split(order, np.unique(ends)) if len(part)]
    at = np.array([np.average(x[part], weights=w[part]) for part in bins])
    to = np.array([np.average(y[part], weights=w[part]) for part in bins])
    mass = np.array([w[part].sum() for part in bins])
    level = isotonic_regression(to, weights=mass)
    starts = level.blocks[:-1]
    total = np.add.reduceat(mass, starts)
    pooled = zip(np.add.reduceat(at * mass, starts) / total, level.x[starts], strict=True)
    inner = [(float(a), float(b)) for a, b in pooled if 0 < a < 1 and 0 < b < 1]
    last = inner[-1] if inner else (0.0, 0.0)
    return (
        (0.0, *(round(a, 5) for a, _ in inner), 1.0),
        (0.0, *(round(b, 5) for _, b in inner), round(min(1.0, last[1] + 1 - last[0]), 5)),
    )


def logistic_curve(x: NDArray[np.float64], hit: NDArray[np.bool_]) -> tuple[float, ...]:
    """Bias and slopes (D + 1,) on signs (N, D) of the likeliest logistic curve, weakly penalised (L2)."""

    def cost(v: NDArray[np.float64]) -> float:
        z = v[0] + x @ v[1:]
        return float(np.logaddexp(0, np.where(hit, -z, z)).mean() + 1e-6 * (v**2).sum())

    found = minimize(cost, np.zeros(x.shape[1] + 1)).x
    return tuple(round(float(value), 4) for value in found)
