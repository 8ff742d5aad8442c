"""Persons' heads: from the detector's maps to boxes with what belongs to a head around its face."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ABOVE, BESIDE, BELOW = 0.35, 0.15, 0.1
"""What a head has around its face: shares of the face's height, width and height."""
THRESHOLD = 0.3
MOST = 64
_SAME = 0.3
_LEAST_SIDE, _MOST_SIDE = 0.25, 160.0


@dataclass(frozen=True, eq=False, slots=True)
class DetectedHeads:
    """Heads of one photo, the surest first.

    Attributes:
        boxes: (N, 4) xyxy in fractions of the photo, in [0, 1].
        scores: (N,) in (0, 1].
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]


def head_boxes(faces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Heads (N, 4) of faces (N, 4), both xyxy in fractions; heads end where the photo does."""
    x1, y1, x2, y2 = np.reshape(faces, (-1, 4)).T
    w, h = x2 - x1, y2 - y1
    heads = np.stack([x1 - BESIDE * w, y1 - ABOVE * h, x2 + BESIDE * w, y2 + BELOW * h], axis=1)
    return np.clip(heads, 0, 1)


def decoded_faces(maps: NDArray[np.float32], threshold: float = THRESHOLD) -> DetectedHeads:
    """Bare faces, which may reach beyond the photo, from maps (5, h, w).

    These are the scores of centres, 0 but where one is largest among its neighbours, and what
    ``HeadDetector`` says of the faces' places and sizes.
    """
    _, height, width = maps.shape
    row, column = np.nonzero(maps[0] >= threshold)
    values = maps[:, row, column]
    order = np.argsort(-values[0], kind="stable")[:MOST]
    score, dx, dy, log_w, log_h = values[:, order]
    x = (column[order] + 0.5 + dx) / width
    y = (row[order] + 0.5 + dy) / height
    w = np.clip(np.exp(log_w), _LEAST_SIDE, _MOST_SIDE) / width
    h = np.clip(np.exp(log_h), _LEAST_SIDE, _MOST_SIDE) / height
    boxes = np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=1).astype(np.float32)
    kept = _distinct(boxes)
    return DetectedHeads(boxes[kept], score[kept])


def _distinct(boxes: NDArray[np.float32]) -> list[int]:
    """Indices of boxes, in their order, that overlap none before them by much."""
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    kept: list[int] = []
    for i, box in enumerate(boxes):
        low = np.maximum(boxes[kept, :2], box[:2])
        both = np.prod(np.clip(np.minimum(boxes[kept, 2:], box[2:]) - low, 0, None), axis=1)
        if (both < _SAME * (area[kept] + area[i] - both)).all():
            kept.append(i)
    return kept
