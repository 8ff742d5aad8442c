"""Calibration: fitted constants from scores to probabilities and expected IoU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """Constants of a method, fitted on out-of-fold scores.

    Attributes:
        way: suggest the crops of highest expected IoU, or those that the method's paper finds. Only
            the first has calibrated scores.
        free: softmax temperature where any ratio is allowed.
        ratio: softmax temperature where the ratio is given.
        cut: what it costs, in score, to cut through all of the gaze with the borders; chosen, not
            fitted: the overlap with people's crops hardly tells 1 from 6, but pairs do (asm).
        scores: calibration of expected IoU: two equally long tuples of knots, (from, to) in [0, 1].
        confidence: bias and slope of a logistic curve on the expected IoU of the first crop, giving
            the probability that its IoU with the person's crop is at least 0.7.
    """

    way: Literal["expected_iou", "paper"] = "expected_iou"
    free: float = 1.0
    ratio: float = 1.0
    cut: float = 4.0
    scores: tuple[tuple[float, ...], tuple[float, ...]] = ((0.0, 1.0), (0.0, 1.0))
    confidence: tuple[float, float] = (-7.0, 10.0)

    @classmethod
    def from_record(cls, values: dict[str, Any]) -> Calibration:
        """Read the ``decoding`` part of a weights record; absent constants keep their defaults."""
        kept = dict(values)
        if "scores" in kept:
            low, high = kept["scores"]
            kept["scores"] = (tuple(low), tuple(high))
        if "confidence" in kept:
            kept["confidence"] = tuple(kept["confidence"])
        return cls(**kept)

    def temperature(self, ratio: float | None) -> float:
        """The softmax temperature for a wanted ratio."""
        return self.free if ratio is None else self.ratio

    def calibrated(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores 0-100 from expected IoU (N,)."""
        return 100 * np.interp(expected, *self.scores)

    def trust(self, expected: float) -> float:
        """Probability in [0, 1] that a first crop of this expected IoU is near the person's."""
        bias, slope = self.confidence
        return float(1 / (1 + np.exp(-(bias + slope * expected))))
