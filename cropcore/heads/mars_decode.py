"""Reading an area map of the mars head: its IoU with a crop, section 3.4, the product's search."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cropcore.anchors import MIN_AREA, ratio_windows
from cropcore.geometry import Boxes, area, clip, from_centre, shift_inside
from cropcore.ops import axis_coverage, box_sums, summed_area_table

THRESHOLD = 0.4


def soft_iou(maps: Tensor, boxes: Tensor) -> Tensor:
    """IoU (B, N) of boxes (B, N, 4) with area maps (B, h, w): sum inside over (box + map - inside).

    Equals the ordinary IoU where a map is a box mask of whole pixels; a crop's fractional borders
    count exactly.
    """
    h, w = maps.shape[-2:]
    rows = axis_coverage(boxes[..., 1], boxes[..., 3], h)
    columns = axis_coverage(boxes[..., 0], boxes[..., 2], w)
    inside = ((rows @ maps) * columns).sum(-1)
    union = rows.sum(-1) * columns.sum(-1) + maps.sum(dim=(-2, -1))[..., None] - inside
    return inside / union.clamp_min(1e-6)


def median_window(
    area_map: NDArray[np.float32], ratio: float, photo_ratio: float, threshold: float = THRESHOLD
) -> Boxes:
    """The crop (4,) of section 3.4: medians of what passes the threshold, cut to the ratio.

    Centre: the median place. Height and width: the median count over the columns and rows that have
    any; the one that is too long for the pixel ratio is shortened. Silent in the text: a crop that
    reaches out of the photo is shifted inside, and where nothing passes, half of the map's maximum
    is the threshold.

    Args:
        area_map: (h, w) in [0, 1], over the whole photo.
        ratio: wanted width over height in pixels.
        photo_ratio: width over height of the photo.
        threshold: what a place must reach to count.
    """
    passed = area_map >= threshold
    if not passed.any():
        passed = area_map >= area_map.max() / 2
    h, w = passed.shape
    ys, xs = np.nonzero(passed)
    by_column, by_row = passed.sum(axis=0), passed.sum(axis=1)
    height = float(np.median(by_column[by_column > 0])) / h
    width = float(np.median(by_row[by_row > 0])) / w
    relative = ratio / photo_ratio
    width, height = min(width, height * relative), min(height, width / relative)
    middle = ((np.median(xs) + 0.5) / w, (np.median(ys) + 0.5) / h)
    return clip(shift_inside(from_centre(middle, (width, height))))


class WindowSearch:
    """Soft IoU of any number of windows with one area map, by one summed-area table."""

    def __init__(self, area_map: NDArray[np.float32]) -> None:
        maps = torch.from_numpy(np.ascontiguousarray(area_map)).double()[None]
        self._table = summed_area_table(maps)
        self._pixels = float(area_map.size)
        self._total = float(self._table[0, -1, -1])

    def soft_iou(self, boxes: Boxes) -> NDArray[np.float64]:
        """Soft IoU (N,) in [0, 1] of boxes (N, 4)."""
        inside = box_sums(self._table, torch.from_numpy(np.array(boxes, np.float64)))[:, 0].numpy()
        union = area(boxes) * self._pixels + self._total - inside
        return np.asarray(inside / np.maximum(union, 1e-9))

    def best(self, ratio: float, photo_ratio: float) -> tuple[Boxes, float]:
        """The window (4,) of a pixel ratio with the largest soft IoU, and that IoU.

        The product's windows come first, then ever smaller moves and changes of size of the best.
        """
        windows = ratio_windows(ratio, photo_ratio)
        values = self.soft_iou(windows)
        best = int(np.argmax(values))
        box, value = windows[best], float(values[best])
        for step in np.repeat([1 / 32, 1 / 64, 1 / 128, 1 / 256], 3):
            around = _neighbours(box, step)
            values = self.soft_iou(around)
            best = int(np.argmax(values))
            if values[best] > value:
                box, value = around[best], float(values[best])
        return np.array(box), value


def best_window(
    area_map: NDArray[np.float32], ratio: float, photo_ratio: float
) -> tuple[Boxes, float]:
    """The window (4,) of a pixel ratio with the largest soft IoU, and its soft IoU with the map (h, w).

    On the map itself the best borders mostly fall on those of pixels; so it is first refined
    fourfold, bilinearly, and the crop moves evenly as the map changes.
    """
    h, w = area_map.shape
    fine = cv2.resize(area_map, (w * 4, h * 4), interpolation=cv2.INTER_LINEAR)
    box, _ = WindowSearch(np.asarray(fine, np.float32)).best(ratio, photo_ratio)
    return box, float(WindowSearch(area_map).soft_iou(box[None])[0])


def _neighbours(box: Boxes, step: float) -> Boxes:
    """Boxes (M, 4) of the same ratio about one (4,), itself among them, none too small to suggest."""
    moves = np.array([-step, 0.0, step])
    dx, dy, grow = (g.ravel() for g in np.meshgrid(moves, moves, 1 + 2 * moves, indexing="ij"))
    size = (box[2:] - box[:2]) * np.minimum(grow, 1 / (box[2:] - box[:2]).max())[:, None]
    middle = (box[:2] + box[2:]) / 2 + np.stack([dx, dy], axis=-1)
    around = clip(shift_inside(from_centre(middle, size)))
    return around[area(around) >= min(MIN_AREA, float(area(box))) - 1e-9]
