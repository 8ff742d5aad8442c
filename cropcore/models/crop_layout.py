"""Crops of one photo, sorted out for fast scoring: distinct spans, and crops that share their rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Spans = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Distinct spans (D, 2), and which of them is each crop's: (N,)."""

_TOGETHER = (1, 2, 4, 8)


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """Crops in pieces of equally many that share their span of rows; the last ones are filled up.

    Attributes:
        row: (P,), the span of rows of each piece.
        columns: (P, Q), the spans of columns of its crops.
        place: (N,), where in ``columns``, flattened, each crop stands.
    """

    row: NDArray[np.int64]
    columns: NDArray[np.int64]
    place: NDArray[np.int64]


class CropLayout:
    """Crops of one photo.

    Attributes:
        boxes: (N, 4) float32, xyxy in [0, 1]; never written again.
        photo_ratio: width over height of the photo.
    """

    def __init__(self, boxes: NDArray[np.floating], photo_ratio: float) -> None:
        self.boxes = np.array(boxes, np.float32)
        self.photo_ratio = photo_ratio

    def __len__(self) -> int:
        return len(self.boxes)

    def parts(self, size: int) -> list[CropLayout]:
        """The same crops, in order, at most ``size`` at a time."""
        if len(self) <= size:
            return [self]
        starts = range(0, len(self), size)
        return [CropLayout(self.boxes[a : a + size], self.photo_ratio) for a in starts]

    def chosen(self, which: NDArray[np.bool_]) -> CropLayout:
        """Those of the crops for which ``which`` (N,) holds."""
        return CropLayout(self.boxes[which], self.photo_ratio)

    @cached_property
    def rows(self) -> Spans:
        """Distinct spans of rows, and which of them is each crop's."""
        return distinct(self.boxes[:, 1], self.boxes[:, 3])

    @cached_property
    def columns(self) -> Spans:
        """Distinct spans of columns, and which of them is each crop's."""
        return distinct(self.boxes[:, 0], self.boxes[:, 2])

    @cached_property
    def pieces(self) -> Pieces:
        """The crops in pieces, of a size that suits how many share their rows."""
        spans, row_of = self.rows
        counts = np.bincount(row_of, minlength=len(spans))
        # A piece costs about two crops, one that fills up costs one.
        size = min(_TOGETHER, key=lambda q: int((-(-counts // q)).sum()) * (q + 2))
        order = np.argsort(row_of, kind="stable")
        first = np.cumsum(counts) - counts
        wide = -(-counts // size)
        begin = (np.cumsum(wide) - wide) * size
        sorted_rows = row_of[order]
        place = np.empty(len(self), np.int64)
        place[order] = begin[sorted_rows] + np.arange(len(self)) - first[sorted_rows]
        columns = np.zeros(int(wide.sum()) * size, np.int64)
        columns[place] = self.columns[1]
        return Pieces(np.repeat(np.arange(len(spans)), wide), columns.reshape(-1, size), place)


def distinct(low: NDArray[np.float32], high: NDArray[np.float32]) -> Spans:
    """Distinct spans (D, 2) among ``low`` and ``high`` (N,), and which each one is: (N,)."""
    pairs = np.stack([low, high], axis=-1).astype(np.float32)
    values, index = np.unique(pairs.view(np.int64)[:, 0], return_inverse=True)
    return values[:, None].view(np.float32), index.astype(np.int64)
