"""Probability distribution over crops, from window scores: ranking, confidence, diversity.

The scores of a set of windows become a distribution over the crop that a person would choose,
``p(w) ~ exp(s(w) / T)``. From it come the crop with the highest expected IoU, a diverse ranked list,
the expected IoU of any crop, and a confidence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import Boxes, area, as_boxes, fit_to_ratio, iou_matrix

SUPPORT = 320
"""Windows that carry the distribution; the rest of some thousand has next to no mass."""

SMOOTHING = 0.15
"""Reach, in 1 - IoU, over which a window of the support is drawn to the mean of its neighbours.

It is a third of that for the crops to choose from, which stay near single windows.
"""

NO_CHANCE = 1e-9
"""Times less probable than the likeliest window: of no weight."""

SAME = 0.985
"""Two crops that overlap more than this are one."""

DIVERSITY = 0.7
"""How much an overlap with a crop already suggested counts against one."""


@dataclass(frozen=True, eq=False, slots=True)
class WindowDistribution:
    """A distribution over the crop that a person would choose.

    The windows come from a grid, on which nobody's crop lies: a grid window would agree with itself
    as no person's crop does. So each is drawn to the weighted mean of its neighbours, which takes
    the grid out of the expected IoU (measured: 0.735 -> 0.747 for the first crop of gaic).

    Attributes:
        boxes: (N, 4) smoothed windows, most probable first.
        weights: (N,) probabilities, sum 1.
        choices: (M, 4) crops worth suggesting: the mean box, and means close to single windows.
        ratio: the pixel ratio of all windows, or None where they differ.
        photo_ratio: width over height of the photo.
    """

    boxes: Boxes
    weights: NDArray[np.float64]
    choices: Boxes
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
        choices: int = 160,
    ) -> WindowDistribution:
        """Softmax of ``scores`` (N,) over ``boxes`` (N, 4), cut to the strongest ``SUPPORT``.

        Equal scores keep the order of the boxes.
        """
        logits = np.asarray(scores, np.float64) / temperature
        order = np.argsort(-logits, kind="stable")[:SUPPORT]
        weights = np.exp(logits[order] - logits[order[0]])
        # Improbable windows have no weight in the means; those offered as choices are moved all the
        # same.
        heard = int((weights > NO_CHANCE).sum())
        order = order[: max(heard, choices)]
        strongest, weights = boxes[order], weights[:heard] / weights[:heard].sum()
        mean = (weights @ strongest[:heard])[None]
        far = (iou_matrix(strongest, strongest[:heard]) - 1) / SMOOTHING
        near = np.exp(far.astype(np.float32))  # which is exact enough and much faster
        nearer = near[:choices]
        # A third of the reach is the third power, which spares an exponential.
        offered = _drawn(nearer * nearer * nearer, weights, strongest)
        smoothed = _drawn(near[:heard], weights, strongest)
        offered = np.concatenate([mean, offered])
        if ratio is not None:
            offered = fit_to_ratio(offered, ratio, photo_ratio)
            smoothed = fit_to_ratio(smoothed, ratio, photo_ratio)
        return cls(smoothed, weights, offered, ratio, photo_ratio)

    def expected_iou(self, crops: ArrayLike) -> NDArray[np.float64]:
        """Expected IoU of crops (M, 4) with the person's choice: (M,) in [0, 1]."""
        return iou_matrix(as_boxes(crops), self.boxes) @ self.weights


def _drawn(near: NDArray[np.float64], weights: NDArray[np.float64], boxes: Boxes) -> Boxes:
    """Means (N, 4) of the first boxes (M, 4), by their weights (M,) and nearness (N, M)."""
    pull = near * weights
    return np.asarray(pull @ boxes[: len(weights)] / pull.sum(axis=1, keepdims=True))


def diverse_order(
    crops: Boxes, merits: NDArray[np.float64], k: int, weight: float = DIVERSITY
) -> NDArray[np.int64]:
    """Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): indices of up to ``k`` crops.

    The first is the one of highest merit. Each further one maximises its merit less ``weight`` times
    the largest IoU, above one half, with a crop already taken; no two overlap by ``SAME`` or more.
    The result is sorted by merit.

    Args:
        crops: (N, 4).
        merits: (N,), about in [0, 1].
        k: how many at most.
        weight: what an overlap costs.
    """
    if len(crops) == 0:
        return np.zeros(0, np.int64)
    overlap = iou_matrix(crops, crops)
    taken: list[int] = []
    nearest = np.zeros(len(crops))
    left = np.ones(len(crops), bool)
    while len(taken) < k and left.any():
        cost = weight * np.clip(nearest - 0.5, 0.0, None) * 2
        best = int(np.argmax(np.where(left, merits - cost, -np.inf)))
        taken.append(best)
        nearest = np.maximum(nearest, overlap[best])
        left &= overlap[best] < SAME
        left[best] = False
    chosen = np.array(taken)
    return chosen[np.argsort(-merits[chosen], kind="stable")]


def within_tightness(boxes: Boxes, tightness: float) -> NDArray[np.bool_]:
    """Which windows (N, 4) suit a wish between loose (0) and tight (1); 0.5 admits all.

    A loose wish asks for a least area, a tight one for a greatest, as a share of the largest window.
    """
    surface = area(boxes) / area(boxes).max()
    request = float(np.clip(tightness, 0.0, 1.0)) * 2 - 1
    if request < 0:
        return np.asarray(surface >= -request * 0.8 - 1e-9)
    limit = max(1 - request * 0.65, float(surface.min()))
    return np.asarray(surface <= limit + 1e-9)
