"""Fits the calibration constants on out-of-fold scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from cropcore.engine.calibration import Calibration
from cropcore.engine.crop_distribution import WindowDistribution, diverse_order
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
    """Scores of all windows of one photo for one wish, and the person's crop."""

    best: Boxes
    boxes: Boxes
    scores: NDArray[np.float32]
    ratio: float | None
    photo_ratio: float

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
        seen.append(ScoredWindows(best, boxes, scores.astype(np.float32), ratio, scene.photo_ratio))
    return seen


def fit_decoding(observations: Sequence[ScoredWindows], cut: float = 4.0) -> Calibration:
    """Temperatures of the highest mean IoU, then the calibration curves.

    ``cut`` is the cost of cut gaze that the observed scores include already; it is passed on.
    """
    free = [o for o in observations if o.ratio is None]
    given = [o for o in observations if o.ratio is not None]
    found = Calibration(free=_temperature(free), ratio=_temperature(given), cut=cut)
    expected, actual, first_expected, first_actual = [], [], [], []
    for seen in observations:
        chances = seen.distribution(found.temperature(seen.ratio))
        choices = chances.choices
        hopes = chances.expected_iou(choices)
        shown = diverse_order(choices, hopes, 10)
        overlap = iou(choices[shown], seen.best)
        expected.append(hopes[shown])
        actual.append(overlap)
        first_expected.append(hopes[shown[0]])
        first_actual.append(overlap[0])
    scores = monotone_curve(np.concatenate(expected), np.concatenate(actual))
    near = np.array(first_actual) >= NEAR
    confidence = logistic_curve(np.array(first_expected), near)
    return replace(found, scores=scores, confidence=confidence)


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
    x: NDArray[np.float64], y: NDArray[np.float64], knots: int = KNOTS
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A rising piecewise linear curve through the means of equally filled bins, from (0, 0).

    Bins that fall are pooled with their neighbours (pool adjacent violators). Beyond the last bin,
    where nothing was seen, the curve rises as its argument does.
    """
    order = np.argsort(x, kind="stable")
    blocks = [
        [float(x[part].mean()), float(y[part].mean()), float(len(part))]
        for part in np.array_split(order, min(knots, len(x)))
    ]
    pooled: list[list[float]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and pooled[-1][1] <= pooled[-2][1]:
            (x1, y1, n1), (x2, y2, n2) = pooled.pop(), pooled.pop()
            n = n1 + n2
            pooled.append([(x1 * n1 + x2 * n2) / n, (y1 * n1 + y2 * n2) / n, n])
    inner = [(a, b) for a, b, _ in pooled if 0 < a < 1 and 0 < b < 1]
    last = inner[-1] if inner else (0.0, 0.0)
    at = (0.0, *(round(a, 5) for a, _ in inner), 1.0)
    to = (0.0, *(round(b, 5) for _, b in inner), round(min(1.0, last[1] + 1 - last[0]), 5))
    return at, to


def logistic_curve(x: NDArray[np.float64], hit: NDArray[np.bool_]) -> tuple[float, float]:
    """Bias and slope of the logistic curve of greatest likelihood, with a weak L2 penalty."""

    def cost(v: NDArray[np.float64]) -> float:
        z = v[0] + v[1] * x
        return float(np.logaddexp(0, np.where(hit, -z, z)).mean() + 1e-6 * (v**2).sum())

    bias, slope = minimize(cost, np.zeros(2)).x
    return round(float(bias), 4), round(float(slope), 4)
