"""The crops of setpred with their validity: scores of any crop, suppression, fitting to a ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import Boxes, as_boxes, fit_to_ratio, iou, iou_matrix

THRESHOLD = 0.5
"""Validity from which a crop counts as good."""

SUPPRESSION = 0.85
"""IoU above which two crops look the same to people (the paper's epsilon)."""


@dataclass(frozen=True, eq=False, slots=True)
class ValidCrops:
    """The crops of one photo, best first.

    Attributes:
        boxes: (N, 4), xyxy in [0, 1].
        validity: (N,) in [0, 1], falling.
    """

    boxes: Boxes
    validity: NDArray[np.float64]

    @classmethod
    def ranked(cls, boxes: ArrayLike, validity: ArrayLike) -> ValidCrops:
        """Sort boxes (N, 4) by validity (N,); equal ones keep their order."""
        b, v = as_boxes(boxes), np.asarray(validity, np.float64)
        order = np.argsort(-v, kind="stable")
        return cls(b[order], v[order])

    def score(self, crops: ArrayLike) -> NDArray[np.float64]:
        """Score (M,) in [0, 1] of any crops (M, 4): the largest validity x IoU over this set."""
        return (iou_matrix(crops, self.boxes) * self.validity).max(axis=1)

    def select(self, threshold: float = THRESHOLD, overlap: float = SUPPRESSION) -> ValidCrops:
        """The good and different crops: validity from ``threshold``, no two above IoU ``overlap``.

        Where none reaches the threshold, the best one alone.
        """
        passing = np.flatnonzero(self.validity >= threshold)
        kept: list[int] = []
        for i in passing if len(passing) else [0]:
            if not kept or iou(self.boxes[i], self.boxes[kept]).max() <= overlap:
                kept.append(int(i))
        return ValidCrops(self.boxes[kept], self.validity[kept])

    def fitted(self, ratio: float | None, photo_ratio: float) -> ValidCrops:
        """Every crop refitted to a pixel ratio and ranked by its own score; itself where None.

        A crop whose shape must change much loses validity in proportion to the lost overlap.
        """
        if ratio is None:
            return self
        boxes = fit_to_ratio(self.boxes, ratio, photo_ratio)
        return ValidCrops.ranked(boxes, self.score(boxes))
