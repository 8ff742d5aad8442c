"""Fast linear layer over the pooled inside (RoI) and outside (RoD) of many crops of one photo.

It gives what ``layer(cat([roi_align, rod_align]))`` gives, to rounding, with a fraction of the work:

- The outside is the photo's total less the inside, on a fixed grid. The layer is applied to every
  sample of that grid once per photo, and summed into a table; a crop then reads sixteen entries.
- Rows are pooled once for each distinct span of rows.
- Where only the best of many crops count, a sketch of the layer by its strongest directions tells
  which these are.

No gradients: training uses the plain operations.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.crop_batch import CropBatch, readings
from cropcore.models.region_ops import axis_samples, axis_weights, bilinear_weights, pool_cells

SKETCHED = 32
"""Directions of the layer that make its sketch; gaic's scores then err by a tenth of their spread."""

_CROPS_PER_SPAN = 3
"""From this on, one product for each span of rows is faster than one for each crop."""

_CROPS_AT_ONCE = 32
"""Fewer stay in the processor's cache."""


@dataclass(frozen=True, eq=False, slots=True)
class RegionWeights:
    """The layer's weights in the order in which regions are made.

    Attributes:
        inside: (bins * bins * C, K), columns before rows before channels.
        outside: (bins * bins, C, K).
        bias: (K,).
        sketch: (bins * bins * C, R) and (R, K), whose product is nearest to ``inside``.
        bins: side of the pooled regions.
    """

    inside: Tensor
    outside: Tensor
    bias: Tensor
    sketch: tuple[Tensor, Tensor]
    bins: int

    @classmethod
    def of(cls, layer: nn.Linear, bins: int) -> RegionWeights:
        """Those of a layer over (RoI, RoD), each (C, bins, bins), flattened together."""
        weight = layer.weight.detach()
        inside, outside = weight.unflatten(1, (2, -1, bins, bins)).unbind(1)
        inside = inside.permute(3, 2, 1, 0).flatten(0, 2).contiguous()
        strongest = torch.linalg.eigh(inside.T @ inside).eigenvectors[:, -SKETCHED:]
        return cls(
            inside,
            outside.permute(2, 3, 1, 0).flatten(0, 1).contiguous(),
            layer.bias.detach(),
            (inside @ strongest, strongest.T.contiguous()),
            bins,
        )


class Regions:
    """One photo's features, ready for the layer."""

    def __init__(self, features: Tensor, weights: RegionWeights) -> None:
        """``features`` are (1, C, h, w) float32 over the whole photo."""
        self._weights = weights
        self._height, self._width = features.shape[-2:]
        self._channels = features.shape[1]
        self._by_place = features[0].permute(1, 2, 0).reshape(self._height, -1).contiguous()
        self._table = self._outside_table(features)

    def __call__(self, crops: CropBatch) -> Tensor:
        """The layer's outputs (N, K)."""
        return self.exact(self.pooled(crops)).add_(self.outside(crops))

    def exact(self, pooled: Tensor) -> Tensor:
        """The inside's part of the outputs, (N, K), with the bias."""
        return torch.addmm(self._weights.bias, pooled, self._weights.inside)

    def sketched(self, pooled: Tensor) -> Tensor:
        """Nearly the same for less work."""
        narrow, wide = self._weights.sketch
        return torch.addmm(self._weights.bias, pooled @ narrow, wide)

    def pooled(self, crops: CropBatch) -> Tensor:
        """Insides (N, bins * bins * C) in the order of the weights."""
        bins = self._weights.bins
        (spans, row_of), (across, column_of) = crops.rows, crops.columns
        rows = axis_weights(spans[:, 0], spans[:, 1], bins, self._height)
        columns = axis_weights(across[:, 0], across[:, 1], bins, self._width)[column_of]
        if spans.device.type != "cpu":
            return torch.bmm(columns, self._by_row(rows)[row_of]).flatten(1)
        made = columns.new_empty(len(crops), bins, bins * self._channels)
        # Windows come row by row: those of one span in turn are one product, all others one each.
        runs, counts = torch.unique_consecutive(row_of, return_counts=True)
        shared = counts >= _CROPS_PER_SPAN
        alone = (~shared).repeat_interleave(counts).nonzero()[:, 0]
        for part in alone.split(_CROPS_AT_ONCE):
            made[part] = torch.bmm(columns[part], self._by_row(rows[row_of[part]]))
        starts = (counts.cumsum(0) - counts)[shared].tolist()
        by_row = self._by_row(rows[runs[shared]])
        for row, start, count in zip(by_row, starts, counts[shared].tolist(), strict=True):
            together = slice(start, start + count)
            torch.mm(columns[together].flatten(0, 1), row, out=made[together].flatten(0, 1))
        return made.flatten(1)

    def _by_row(self, rows: Tensor) -> Tensor:
        """Rows pooled by weights (D, bins, H): (D, W, bins * C)."""
        pooled = (rows.flatten(0, 1) @ self._by_place).unflatten(1, (self._width, -1))
        return pooled.unflatten(0, rows.shape[:2]).transpose(1, 2).flatten(2)

    def _outside_table(self, features: Tensor) -> Tensor:
        """Sums (grid + 1, grid + 1, K) of the layer's outside part over the fixed grid."""
        bins, grid = self._weights.bins, self._weights.bins * 2
        whole = features.new_tensor([[0.0, 1.0]])
        ends = axis_samples(whole[..., 0], whole[..., 1], bins, 2)[None]
        rows = bilinear_weights(ends, self._height)
        columns = bilinear_weights(ends, self._width)
        samples = pool_cells(features, rows, columns)[0, 0]
        cells = samples.unflatten(2, (bins, 2)).unflatten(1, (bins, 2)).permute(1, 3, 2, 4, 0)
        made = torch.bmm(cells.reshape(bins * bins, 4, -1), self._weights.outside) / 4
        placed = made.view(bins, bins, 2, 2, -1).transpose(1, 2).reshape(grid, grid, -1)
        table = placed.new_zeros(grid + 1, grid + 1, placed.shape[-1])
        table[1:, 1:] = placed.cumsum(0).cumsum(1)
        return table

    def outside(self, crops: CropBatch) -> Tensor:
        """The outside's part (N, K): the total less what lies inside."""
        side = self._table.shape[0]
        index, share = readings(crops.boxes, side - 1)
        # The sum inside: entries at the far ends less those at the near ones.
        sign = share.new_tensor([-1.0, -1.0, 1.0, 1.0])
        x, y = index[:, 0::2].flatten(1), index[:, 1::2].flatten(1)
        wx, wy = share[:, 0::2].flatten(1) * sign, share[:, 1::2].flatten(1) * sign
        entries = (y[:, :, None] * side + x[:, None]).flatten(1)
        weights = (-wy[:, :, None] * wx[:, None]).flatten(1)
        flat = self._table.flatten(0, 1)
        return F.embedding_bag(entries, flat, mode="sum", per_sample_weights=weights).add_(flat[-1])
