"""The two-stage search of the asm paper (Tu et al., AAAI 2020, section 3.3)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cropcore.anchors import refine
from cropcore.geometry import Boxes


def two_stage_search(
    score: Callable[[Boxes], NDArray[np.float64]],
    coarse: Boxes,
    photo_ratio: float,
    ratio: float | None,
    top: int = 10,
) -> tuple[Boxes, NDArray[np.float64]]:
    """Score the ``coarse`` windows (N, 4), then boxes around the ``top`` best of them.

    The second stage varies centre, size and, where ``ratio`` is None, shape. Returns all boxes and
    their scores, best first; equal scores keep their order.
    """
    scores = score(coarse)
    best = np.argsort(-scores, kind="stable")[:top]
    fine = refine(coarse[best], photo_ratio, ratio)
    boxes = np.concatenate([coarse, fine])
    scores = np.concatenate([scores, score(fine)])
    order = np.argsort(-scores, kind="stable")
    return boxes[order], scores[order]
