"""Searches for the crop of the best score, as the papers make them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes
from cropcore.geometry.windows import refine


def two_stage_search(
    score: Callable[[Boxes], NDArray[np.float64]],
    coarse: Boxes,
    photo_ratio: float,
    ratio: float | None,
    top: int = 10,
) -> tuple[Boxes, NDArray[np.float64]]:
    """The search of the asm paper (Tu et al., AAAI 2020, section 3.3).

    Scores the ``coarse`` windows (N, 4), then boxes around the ``top`` best of them.

    The second stage varies centre, size and, where ``ratio`` is None, shape. Returns all boxes and
    their scores, best first; equal scores keep their order.
    """
    scores = score(coarse)
    best = np.argsort(-scores, kind="stable")[:top]
    fine = refine(coarse[best], photo_ratio, ratio)
    return _in_order(np.concatenate([coarse, fine]), np.concatenate([scores, score(fine)]))


def ranked(
    boxes: Boxes, score: Callable[[Boxes], NDArray[np.float64]]
) -> tuple[Boxes, NDArray[np.float64]]:
    """Boxes (N, 4) and their scores (N,), best first; equal scores keep their order."""
    return _in_order(boxes, score(boxes))


def _in_order(boxes: Boxes, scores: NDArray[np.float64]) -> tuple[Boxes, NDArray[np.float64]]:
    order = np.argsort(-scores, kind="stable")
    return boxes[order], scores[order]
