"""From scores of windows to crops: one distribution, and what follows from it.

The scores of a set of windows become a distribution over the crop that a person would choose,
``p(w) ~ exp(s(w) / T)``. From it come the crop with the highest expected IoU, a diverse ranked list,
the expected IoU of any crop, and a confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry import Boxes, area, as_boxes, contains, fit_to_ratio, iou_matrix

SUPPORT = 320
"""Windows that carry the distribution; the rest of some thousand has next to no mass."""


@dataclass(frozen=True, eq=False, slots=True)
class WindowDistribution:
    """A distribution over the crop that a person would choose.

    Attributes:
        boxes: (N, 4) windows, most probable first.
        weights: (N,) probabilities, sum 1.
        ratio: the pixel ratio of all windows, or None where they differ.
        photo_ratio: width over height of the photo.
    """

    boxes: Boxes
    weights: NDArray[np.float64]
    ratio: float | None
    photo_ratio: float

    @classmethod
    def from_scores(
        cls,
        boxes: Boxes,
        scores: ArrayLike,
        temperature: float,
        ratio: float | None,
        photo_ratio: float,
    ) -> WindowDistribution:
        """Softmax of ``scores`` (N,) over ``boxes`` (N, 4), cut to the strongest ``SUPPORT``.

        Equal scores keep the order of the boxes.
        """
        logits = np.asarray(scores, np.float64) / temperature
        order = np.argsort(-logits, kind="stable")[:SUPPORT]
        weights = np.exp(logits[order] - logits[order[0]])
        return cls(boxes[order], weights / weights.sum(), ratio, photo_ratio)

    def expected_iou(self, crops: ArrayLike) -> NDArray[np.float64]:
        """Expected IoU of crops (M, 4) with the person's choice: (M,) in [0, 1]."""
        return iou_matrix(as_boxes(crops), self.boxes) @ self.weights

    def mean_box(self) -> Boxes:
        """The mean box (4,), refitted to the ratio where there is one."""
        mean = self.weights @ self.boxes
        if self.ratio is None:
            return mean
        return fit_to_ratio(mean, self.ratio, self.photo_ratio)

    def choices(self, count: int = 160) -> Boxes:
        """Crops worth suggesting (M, 4): the mean box, and the most probable windows."""
        return np.concatenate([self.mean_box()[None], self.boxes[:count]])


def diverse_order(
    crops: Boxes, merits: NDArray[np.float64], k: int, weight: float = 0.25
) -> NDArray[np.int64]:
    """Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): indices of up to ``k`` crops.

    The first is the one of highest merit. Each further one maximises its merit less ``weight`` times
    the largest IoU, above one half, with a crop already taken. The result is sorted by merit.
    """
    if len(crops) == 0:
        return np.zeros(0, np.int64)
    overlap = np.clip(iou_matrix(crops, crops) - 0.5, 0.0, None) * 2
    taken = [int(np.argmax(merits))]
    nearest = overlap[taken[0]].copy()
    open_ = np.ones(len(crops), bool)
    open_[taken[0]] = False
    while len(taken) < min(k, len(crops)):
        value = np.where(open_, merits - weight * nearest, -np.inf)
        best = int(np.argmax(value))
        taken.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, overlap[best])
    chosen = np.array(taken)
    return chosen[np.argsort(-merits[chosen], kind="stable")]


def keeping(boxes: Boxes, protect: Boxes) -> NDArray[np.bool_]:
    """Which windows (N, 4) contain every protected box (P, 4); all where none can."""
    if len(protect) == 0:
        return np.ones(len(boxes), bool)
    kept = contains(boxes[:, None], protect[None]).sum(axis=1)
    return np.asarray(kept == kept.max())


def within_tightness(boxes: Boxes, tightness: float) -> NDArray[np.bool_]:
    """Which windows (N, 4) suit a wish between loose (0) and tight (1); 0.5 admits all.

    A loose wish asks for a least area, a tight one for a greatest, as a share of the largest window.
    """
    surface = area(boxes) / area(boxes).max()
    wish = float(np.clip(tightness, 0.0, 1.0)) * 2 - 1
    if wish < 0:
        return np.asarray(surface >= -wish * 0.8 - 1e-9)
    limit = max(1 - wish * 0.65, float(surface.min()))
    return np.asarray(surface <= limit + 1e-9)
