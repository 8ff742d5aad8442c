"""Whether crops keep people's heads, and whether a crop of a given ratio could.

Boxes and heads are ``xyxy`` in [0, 1] of the photo.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import area, as_boxes, intersection, largest_with_ratio

WHOLE_HEAD = 0.97
"""The share of a head's area that must be inside, or the crop cuts it."""

_SLACK = 1e-9


def cuts(crops: ArrayLike, heads: ArrayLike) -> NDArray[np.bool_]:
    """Which of ``crops`` (K, 4) have less than 97 % of which head (H, 4) inside, shape (K, H)."""
    inside = intersection(as_boxes(crops)[:, None], as_boxes(heads)[None])
    return np.asarray(inside < (WHOLE_HEAD - _SLACK) * area(heads))


def can_hold(heads: ArrayLike, ratio: float | None, photo_ratio: float) -> bool:
    """Whether some crop inside the photo holds at least 97 % of every head (H, 4).

    Args:
        heads: (H, 4), inside the photo.
        ratio: width over height in pixels; None where any ratio will do.
        photo_ratio: width over height of the photo.
    """
    if ratio is None:
        return True
    # Any crop of the ratio lies in one of the largest, which can move along one axis only.
    size = largest_with_ratio(ratio, photo_ratio)
    size = size[2:] - size[:2]
    axis = int(size.argmin())
    low, high = as_boxes(heads)[:, axis], as_boxes(heads)[:, axis + 2]
    length = high - low
    if (WHOLE_HEAD * length > size[axis] + _SLACK).any():
        return False
    spare = (1 - WHOLE_HEAD) * length
    first = max(0.0, float((high - spare).max()) - size[axis])
    last = min(1.0 - size[axis], float((low + spare).min()))
    return bool(first <= last + _SLACK)
