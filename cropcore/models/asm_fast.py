"""Composition-aware pooling (Eq. 1 of asm) of many crops of one photo, read from one table.

The sum over a cell is four readings of a summed-area table of its partition. Over all cells of a crop
these are readings at the lattice of the cells' corners, and the tables of all partitions that meet in
a corner add up to one table for it. So a crop is a reading along rows, once for each distinct span of
rows, and one along columns.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.models.asm import crop_scores, pattern_cells
from cropcore.models.crop_batch import CropBatch, readings

_LEAST_SIDE = 0.1
"""Crops thinner than this are pooled plainly: differences of sums would be too coarse for them."""


class AsmTable:
    """Scores of crops on one score map."""

    def __init__(self, score_map: Tensor, pattern: str) -> None:
        """``score_map`` is (1, L, H, W)."""
        self.score_map = score_map
        self._pattern = pattern
        cells = pattern_cells(pattern)
        self._rows, self._columns = cells.shape
        _, partitions, self._height, self._width = score_map.shape
        self._mean = score_map.mean()
        corners = np.zeros((self._rows + 1, self._columns + 1, partitions))
        i, j = np.indices(cells.shape)
        for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
            np.add.at(corners, (i + down, j + right, cells), 1 if down == right else -1)
        sums = score_map.new_zeros(
            partitions, self._height + 1, self._width + 1, dtype=torch.float64
        )
        # Sums about the mean stay small, and their differences exact.
        centred = (score_map[0] - self._mean).double()
        sums[:, 1:, 1:] = centred.cumsum(1).cumsum(2)
        lattice = torch.from_numpy(corners).to(sums).flatten(0, 1) @ sums.flatten(1)
        lattice = lattice.float().view(self._rows + 1, self._columns + 1, *sums.shape[1:])
        self._table = lattice.transpose(1, 2).flatten(2).flatten(0, 1).contiguous()

    def scores(self, crops: CropBatch) -> Tensor:
        """Scores (N,), as ``crop_scores`` gives them."""
        boxes = crops.boxes
        size = boxes[:, 2:] - boxes[:, :2]
        thin = size.amin(dim=1) < _LEAST_SIDE
        if bool(thin.any()):
            scores = boxes.new_empty(len(boxes))
            scores[thin] = crop_scores(self.score_map, boxes[thin][None], self._pattern)[0]
            scores[~thin] = self.scores(CropBatch(boxes[~thin], crops.photo_ratio))
            return scores
        (rows, row_of), (columns, column_of) = crops.rows, crops.columns
        index, share = self._edges(rows, self._rows, self._height)
        by_row = F.embedding_bag(index, self._table, mode="sum", per_sample_weights=share)
        index, share = self._edges(columns, self._columns, self._width)
        entries = index[column_of] + (row_of * by_row.shape[1])[:, None]
        sums = (by_row.flatten()[entries] * share[column_of]).sum(dim=1)
        return sums / (size.prod(dim=1) * (self._height * self._width)) + self._mean

    @staticmethod
    def _edges(spans: Tensor, cells: int, length: int) -> tuple[Tensor, Tensor]:
        """Readings (D, 2 * (cells + 1)) at the edges of the cells of each span (D, 2)."""
        steps = torch.arange(cells + 1, device=spans.device, dtype=spans.dtype) / cells
        places = spans[:, :1] + (spans[:, 1:] - spans[:, :1]) * steps
        index, share = readings(places, length)
        offset = torch.arange(cells + 1, device=spans.device) * (length + 1)
        return (index + offset[:, None]).flatten(1), share.flatten(1)
