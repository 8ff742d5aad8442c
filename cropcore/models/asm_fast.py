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

from cropcore.models.asm import crop_scores
from cropcore.models.composition import pattern_cells
from cropcore.models.crop_batch import CropBatch, hats, readings

LEAST_SIDE = 0.1
"""Crops thinner than this are pooled plainly: differences of sums would be too coarse for them."""


class AsmTable:
    """Scores of crops on one score map."""

    def __init__(self, pattern: str, score_map: Tensor, table: Tensor, mean: Tensor) -> None:
        """``score_map`` is (1, L, H, W); ``table`` and ``mean`` are of it."""
        self._pattern = pattern
        self.score_map, self.table, self.mean = score_map, table, mean
        self._rows, self._columns = pattern_cells(pattern).shape

    @classmethod
    def of(cls, score_map: Tensor, pattern: str) -> AsmTable:
        """The table of a score map (1, L, H, W)."""
        cells = pattern_cells(pattern)
        rows, columns = cells.shape
        _, partitions, height, width = score_map.shape
        corners = np.zeros((rows + 1, columns + 1, partitions))
        i, j = np.indices(cells.shape)
        for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
            np.add.at(corners, (i + down, j + right, cells), 1 if down == right else -1)
        mean = score_map.mean()
        # Sums about the mean stay small, and their differences exact.
        centred = (score_map[0] - mean).double()
        sums = F.pad(centred.cumsum(1).cumsum(2), (1, 0, 1, 0))
        lattice = torch.from_numpy(corners).to(sums).flatten(0, 1) @ sums.flatten(1)
        lattice = lattice.float().view(rows + 1, columns + 1, height + 1, width + 1)
        table = lattice.transpose(1, 2).flatten(2).flatten(0, 1).contiguous()
        return cls(pattern, score_map, table, mean)

    def scores(self, crops: CropBatch) -> Tensor:
        """Scores (N,), as ``crop_scores`` gives them."""
        boxes = crops.boxes
        thin = (boxes[:, 2:] - boxes[:, :2]).amin(dim=1) < LEAST_SIDE
        if bool(thin.any()):
            scores = boxes.new_empty(len(boxes))
            scores[thin] = crop_scores(self.score_map, boxes[thin][None], self._pattern)[0]
            if not bool(thin.all()):
                scores[~thin] = self.read(CropBatch(boxes[~thin], crops.photo_ratio))
            return scores
        return self.read(crops)

    def read(self, crops: CropBatch) -> Tensor:
        """The same (N,) from the table alone, for crops that are not thin."""
        height, width = self.score_map.shape[-2:]
        (rows, row_of), (columns, column_of) = crops.rows, crops.columns
        by_row = hats(_edges(rows, self._rows), height).flatten(1) @ self.table
        index, share = readings(_edges(columns, self._columns), width)
        offset = torch.arange(self._columns + 1, device=index.device) * (width + 1)
        index = (index + offset[:, None]).flatten(1)
        entries = index[column_of] + (row_of * by_row.shape[1])[:, None]
        sums = (by_row.flatten()[entries] * share.flatten(1)[column_of]).sum(dim=1)
        size = crops.boxes[:, 2:] - crops.boxes[:, :2]
        return sums / (size[:, 0] * size[:, 1] * (height * width)) + self.mean


def _edges(spans: Tensor, cells: int) -> Tensor:
    """Places (D, cells + 1) of the edges of the cells of each span (D, 2)."""
    steps = torch.arange(cells + 1, device=spans.device, dtype=spans.dtype) / cells
    return spans[:, :1] + (spans[:, 1:] - spans[:, :1]) * steps
