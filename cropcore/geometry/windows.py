"""Windows to score: the grid anchors of the gaic paper, and windows of any aspect."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes, area, clip, from_centre, ratio_of, shift_inside

MIN_AREA = 0.1
"""Smallest share of the photo that the product suggests."""

FREE_RATIOS = (0.25, 4.0)

MOST_PLACES = 97
"""Most windows of one size along a panorama; bounds the time of scoring them."""


def grid_anchors(
    photo_ratio: float,
    rows: int = 12,
    columns: int = 12,
    corner_rows: int = 4,
    corner_columns: int = 4,
    min_area: float = 0.5,
    ratios: tuple[float, float] = (0.5, 2.0),
) -> Boxes:
    """Grid anchors of Zeng et al. (CVPR 2019): (N, 4), in a fixed order.

    The photo is cut into ``rows`` x ``columns`` bins; the top-left corner is the centre of one of the
    ``corner_rows`` x ``corner_columns`` first bins, the bottom-right corner that of one of the last.
    Crops below ``min_area`` of the photo or with a pixel ratio outside ``ratios`` are left out.
    """
    top = (np.arange(corner_rows) + 0.5) / rows
    left = (np.arange(corner_columns) + 0.5) / columns
    y1, x1, y2, x2 = np.meshgrid(top, left, 1 - top[::-1], 1 - left[::-1], indexing="ij")
    boxes = np.stack([x1, y1, x2, y2], axis=-1).reshape(-1, 4)
    shape = ratio_of(boxes, photo_ratio)
    keep = (area(boxes) >= min_area - 1e-9) & (shape >= ratios[0]) & (shape <= ratios[1])
    return boxes[keep]


@lru_cache(maxsize=64)
def free_windows(photo_ratio: float, steps: int = 12) -> Boxes:
    """All boxes (N, 4) with corners on a ``steps`` x ``steps`` grid, of sensible size and ratio.

    The array is read-only, because it is shared.
    """
    low, high = np.triu_indices(steps + 1, 1)
    spans = np.stack([low, high], axis=-1) / steps
    index_y, index_x = np.meshgrid(np.arange(len(spans)), np.arange(len(spans)), indexing="ij")
    x, y = spans[index_x.ravel()], spans[index_y.ravel()]
    boxes = np.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], axis=-1)
    shape = ratio_of(boxes, photo_ratio)
    allowed = (shape >= FREE_RATIOS[0] - 1e-9) & (shape <= FREE_RATIOS[1] + 1e-9)
    allowed |= area(boxes) == 1.0
    boxes = boxes[allowed & (area(boxes) >= MIN_AREA)]
    boxes.setflags(write=False)
    return boxes


@lru_cache(maxsize=256)
def ratio_windows(ratio: float, photo_ratio: float, scales: int = 12, positions: int = 9) -> Boxes:
    """Windows (N, 4) of one pixel ratio: ``scales`` sizes, and a grid of places for each.

    Sizes go in equal steps of side length from the largest box that fits down to ``MIN_AREA`` of the
    photo (or half the largest side, where that is smaller). Along an axis on which a size leaves
    room there are up to ``positions`` places, fewer where they would lie closer than 1/48. On a
    panorama, where these would leave gaps, there is a place every half window, ``MOST_PLACES`` at
    most. The array is read-only, because it is shared.
    """
    relative = ratio / photo_ratio
    largest = np.array([min(1.0, relative), min(1.0, 1.0 / relative)])
    smallest = min(np.sqrt(MIN_AREA / largest.prod()), 0.5)
    boxes = []
    for scale in np.linspace(1.0, smallest, scales):
        width, height = (largest * scale).tolist()
        xs, ys = _places(width, positions), _places(height, positions)
        found = np.empty((len(ys), len(xs), 4))
        found[..., 0], found[..., 1] = xs, ys[:, None]
        found[..., 2], found[..., 3] = xs + width, (ys + height)[:, None]
        boxes.append(found.reshape(-1, 4))
    windows = clip(np.concatenate(boxes))
    windows.setflags(write=False)
    return windows


def _places(size: float, positions: int) -> NDArray[np.float64]:
    """Where windows of ``size`` begin along an axis, evenly; odd many, so that the centre is one."""
    room = 1.0 - size
    count = min(max(math.floor(room * 24) * 2 + 1, 1), positions)
    if count > 1 and room > (count - 1) * size:
        count = min(math.ceil(room / size) * 2 + 1, MOST_PLACES)
    if count == 1:
        return np.array([room / 2])
    places = np.arange(count, dtype=np.float64) * (room / (count - 1))
    places[-1] = room
    return places


def windows(ratio: float | None, photo_ratio: float) -> Boxes:
    """The product's windows for a pixel ratio, or for any ratio where it is None."""
    return free_windows(photo_ratio) if ratio is None else ratio_windows(ratio, photo_ratio)


def refine(boxes: Boxes, photo_ratio: float, ratio: float | None, step: float = 1 / 48) -> Boxes:
    """Second stage of the asm search: boxes around each given one, shape (N * M, 4).

    Centre, size and (where ``ratio`` is None) shape vary by about ``step`` of the photo.
    """
    shifts = np.array([-step, 0.0, step])
    scales = np.array([0.94, 1.0, 1.06])
    shapes = np.array([0.94, 1.0, 1.06]) if ratio is None else np.array([1.0])
    dx, dy, scale, shape = (
        g.ravel() for g in np.meshgrid(shifts, shifts, scales, shapes, indexing="ij")
    )
    size = (boxes[:, 2:] - boxes[:, :2])[:, None] * np.stack(
        [scale * np.sqrt(shape), scale / np.sqrt(shape)], axis=-1
    )
    middle = ((boxes[:, 2:] + boxes[:, :2]) / 2)[:, None] + np.stack([dx, dy], axis=-1)
    fits = (size <= 1.0 + 1e-9).all(axis=-1)
    around = shift_inside(from_centre(middle, size))[fits]
    return np.unique(np.round(clip(around), 9), axis=0)
