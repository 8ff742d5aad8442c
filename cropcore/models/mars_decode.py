"""Decoding of the mars head's area maps: IoU with a crop, section 3.4, search for a crop."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes, clip, from_centre, shift_inside
from cropcore.geometry.windows import MIN_AREA, ratio_windows

THRESHOLD = 0.4


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
        self._height, self._width = area_map.shape
        table = cv2.integral(np.ascontiguousarray(area_map), sdepth=cv2.CV_64F)
        self._total = float(table[-1, -1])
        # One more row and column, so that the table can be read at its very end too.
        self._table = np.pad(table, ((0, 1), (0, 1)), mode="edge").ravel()

    def soft_iou(self, boxes: Boxes) -> NDArray[np.float64]:
        """Soft IoU (N,) in [0, 1] of boxes (N, 4)."""
        scale = np.array([self._width, self._height, self._width, self._height], np.float64)
        at = np.clip(boxes, 0.0, 1.0) * scale
        first = at.astype(np.int64)
        share = at - first
        stride = self._width + 2
        x, y = first[:, 0::2], first[:, 1::2] * stride
        place = y[:, :, None] + x[:, None]  # (N, 2 of y, 2 of x)
        across, down = share[:, None, 0::2], share[:, 1::2, None]
        left, right = self._table[place], self._table[place + 1]
        upper = left + (right - left) * across
        left, right = self._table[place + stride], self._table[place + stride + 1]
        lower = left + (right - left) * across
        sums = upper + (lower - upper) * down
        inside = sums[:, 1, 1] - sums[:, 0, 1] - sums[:, 1, 0] + sums[:, 0, 0]
        size = at[:, 2:] - at[:, :2]
        union = size[:, 0] * size[:, 1] + self._total - inside
        return np.asarray(inside / np.maximum(union, 1e-9))

    def best(self, ratio: float, photo_ratio: float) -> tuple[Boxes, float]:
        """The window (4,) of a pixel ratio with the largest soft IoU, and that IoU.

        The product's windows come first, then ever smaller moves and changes of size of the best.
        """
        windows = ratio_windows(ratio, photo_ratio)
        values = self.soft_iou(windows)
        best = int(np.argmax(values))
        box, value = windows[best], float(values[best])
        for step in (1 / 32, 1 / 64, 1 / 128, 1 / 256):
            for _ in range(3):
                around = _neighbours(box, step)
                values = self.soft_iou(around)
                best = int(np.argmax(values))
                if values[best] <= value:
                    break
                box, value = around[best], float(values[best])
        return np.array(box), value


def best_window(area_map: NDArray[np.float32], ratio: float, photo_ratio: float) -> Boxes:
    """The window (4,) of a pixel ratio with the largest soft IoU with the map (h, w).

    On the map itself the best borders mostly fall on those of pixels; so it is first refined
    fourfold, bilinearly, and the crop moves evenly as the map changes.
    """
    h, w = area_map.shape
    fine = cv2.resize(area_map, (w * 4, h * 4), interpolation=cv2.INTER_LINEAR)
    return WindowSearch(np.asarray(fine, np.float32)).best(ratio, photo_ratio)[0]


_MOVES = np.array([-1.0, 0.0, 1.0])
_SHIFTS = np.stack(np.meshgrid(_MOVES, _MOVES, _MOVES, indexing="ij"), axis=-1).reshape(-1, 3)


def _neighbours(box: Boxes, step: float) -> Boxes:
    """Boxes (M, 4) of the same ratio about one (4,), itself among them, none too small to suggest."""
    most = 1 / (box[2:] - box[:2]).max()
    size = (box[2:] - box[:2]) * np.minimum(1 + 2 * step * _SHIFTS[:, 2:], most)
    low = (box[:2] + box[2:]) / 2 + step * _SHIFTS[:, :2] - size / 2
    low = np.clip(low, 0.0, np.maximum(1.0 - size, 0.0))
    around = np.concatenate([low, np.minimum(low + size, 1.0)], axis=1)
    least = min(MIN_AREA, float((box[2:] - box[:2]).prod())) - 1e-9
    return around[size[:, 0] * size[:, 1] >= least]
