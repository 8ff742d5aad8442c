"""Calibration: fitted constants from scores to probabilities and expected IoU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.crop_distribution import SUPPORT

Curve = tuple[tuple[float, ...], tuple[float, ...]]
"""A piecewise linear curve: two equally long tuples of knots, (from, to) in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants of a method, fitted on out-of-fold scores; for each kind of question its own.

    Attributes:
        way: suggest the crops of highest expected IoU, or those that the method's paper finds. Only
            the first has calibrated scores.
        free: softmax temperature where any ratio is allowed.
        ratio: softmax temperature where the ratio is given.
        cut: what it costs, in score, to cut through all of the gaze with the borders; chosen, not
            fitted: the overlap with people's crops hardly tells 1 from 6, but pairs do (asm).
        free_scores: what crops of any ratio reached, by their expected IoU.
        ratio_scores: what crops of a given ratio reached.
        free_confidence: bias and slopes of a logistic curve that gives the probability that the first
            crop's IoU with the person's is at least 0.7: on its expected IoU, and on how many
            temperatures the best window is ahead of the last that carries the distribution.
        ratio_confidence: the same where the ratio is given.
    """

    way: Literal["expected_iou", "paper"] = "expected_iou"
    free: float = 1.0
    ratio: float = 1.0
    cut: float = 4.0
    free_scores: Curve = ((0.0, 1.0), (0.0, 1.0))
    ratio_scores: Curve = ((0.0, 1.0), (0.0, 1.0))
    free_confidence: tuple[float, float, float] = (-7.0, 10.0, 0.0)
    ratio_confidence: tuple[float, float, float] = (-7.0, 10.0, 0.0)

    @classmethod
    def from_record(cls, values: dict[str, Any]) -> Calibration:
        """Read the ``decoding`` part of a weights record; absent constants keep their defaults."""
        kept = dict(values)
        for kind in ("free", "ratio"):
            if f"{kind}_scores" in kept:
                low, high = kept[f"{kind}_scores"]
                kept[f"{kind}_scores"] = (tuple(low), tuple(high))
            if f"{kind}_confidence" in kept:
                kept[f"{kind}_confidence"] = tuple(kept[f"{kind}_confidence"])
        return cls(**kept)

    def temperature(self, ratio: float | None) -> float:
        """The softmax temperature for a wanted ratio, None for any."""
        return self.free if ratio is None else self.ratio

    def calibrated(self, expected: NDArray[np.float64], ratio: float | None) -> NDArray[np.float64]:
        """Scores 0-100 from the expected IoU (N,) of crops of a wanted ratio."""
        curve = self.free_scores if ratio is None else self.ratio_scores
        return 100 * np.interp(expected, *curve)

    def trust(self, expected: float, ahead: float, ratio: float | None) -> float:
        """Probability in [0, 1] that a first crop is near the person's.

        Args:
            expected: its expected IoU.
            ahead: from :func:`lead`, in units of the temperature.
            ratio: the wanted ratio.
        """
        bias, slope, by_lead = self.free_confidence if ratio is None else self.ratio_confidence
        return float(1 / (1 + np.exp(-(bias + slope * expected + by_lead * ahead))))


def lead(scores: NDArray[Any]) -> float:
    """How far the best of some windows' scores (N,) is ahead of the last of the strongest ``SUPPORT``.

    Small where many windows are about as good: the person's choice is then hard to foretell.
    """
    if len(scores) == 0:
        return 0.0
    last = max(len(scores) - SUPPORT, 0)
    return float(scores.max() - np.partition(scores, last)[last])
