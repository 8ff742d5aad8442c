"""Fast linear layer over the pooled inside (RoI) and outside (RoD) of many crops of one photo.

It gives what ``layer(cat([roi_align, rod_align]))`` gives, to rounding, with a fraction of the work:

- The outside is the photo's total less the inside, on a fixed grid. The layer is applied to every
  sample of that grid once per photo, and summed into a table, which a crop then reads.
- Rows are pooled once for each distinct span of rows, columns once for each piece of crops that share
  theirs.
- Where only the best of many crops count, a sketch of the layer by its strongest directions tells
  which these are.

No gradients: training uses the plain operations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.crop_batch import CropBatch, hats
from cropcore.models.region_ops import axis_samples, axis_weights, bilinear_weights, pool_cells

SKETCHED = 48
"""Directions of the layer that make its sketch; gaic's scores then err by a fiftieth of their spread."""


@dataclass(frozen=True, eq=False, slots=True)
class RegionWeights:
    """The layer's weights in the order in which regions are made.

    Attributes:
        inside: (bins * bins * C, K), columns before rows before channels.
        outside: (bins * bins, C, K).
        bias: (K,).
        sketch: ``inside`` in its strongest directions, (bins * bins * C, R), and these, (R, K); or None.
        bins: side of the pooled regions.
    """

    inside: Tensor
    outside: Tensor
    bias: Tensor
    sketch: tuple[Tensor, Tensor] | None
    bins: int

    @classmethod
    def of(cls, layer: nn.Linear, bins: int) -> RegionWeights:
        """Those of a layer over (RoI, RoD), each (C, bins, bins), flattened together; no sketch."""
        weight = layer.weight.detach()
        inside, outside = weight.unflatten(1, (2, -1, bins, bins)).unbind(1)
        inside = inside.permute(3, 2, 1, 0).flatten(0, 2).contiguous()
        outside = outside.permute(2, 3, 1, 0).flatten(0, 1).contiguous()
        return cls(inside, outside, layer.bias.detach(), None, bins)

    def sketched(self) -> RegionWeights:
        """The same with a sketch."""
        outside = self.outside.flatten(0, 1)
        together = self.inside.T @ self.inside + outside.T @ outside
        strongest = torch.linalg.eigh(together).eigenvectors[:, -SKETCHED:]
        return replace(self, sketch=(self.inside @ strongest, strongest.T.contiguous()))


class Regions:
    """One photo's features, ready for the layer."""

    def __init__(self, weights: RegionWeights, places: Tensor, table: Tensor) -> None:
        """``places`` are features (h, w, C) float32 over the photo, ``table`` is of their outside."""
        self._weights, self._places, self._table = weights, places, table

    @classmethod
    def of(cls, features: Tensor, weights: RegionWeights) -> Regions:
        """Those of features (1, C, h, w)."""
        places = features[0].permute(1, 2, 0).contiguous()
        return cls(weights, places, _outside_table(features, weights))

    @property
    def places(self) -> Tensor:
        """The features (h, w, C)."""
        return self._places

    @property
    def table(self) -> Tensor:
        """Sums (grid + 1, grid + 1, K) of the layer's outside part over the fixed grid."""
        return self._table

    def __call__(self, crops: CropBatch) -> Tensor:
        """The layer's outputs (N, K)."""
        place = crops.pieces[2]
        inside = torch.addmm(self._weights.bias, self.pooled(crops)[place], self._weights.inside)
        return inside + _outside(self._table, crops)[place]

    def sketched(self, crops: CropBatch) -> Tensor:
        """Nearly the same for less work, by weights that have a sketch."""
        assert self._weights.sketch is not None
        place, (narrow, wide) = crops.pieces[2], self._weights.sketch
        made = self.pooled(crops) @ narrow + _outside(self._table @ wide.T, crops)
        return torch.addmm(self._weights.bias, made[place], wide)

    def pooled(self, crops: CropBatch) -> Tensor:
        """Insides (P * Q, bins * bins * C) of pieces, in the order of the weights."""
        bins, (height, width, channels) = self._weights.bins, self._places.shape
        (spans, _), (across, _) = crops.rows, crops.columns
        row, columns, _ = crops.pieces
        by_row = axis_weights(spans[:, 0], spans[:, 1], bins, height)
        pooled = (by_row.flatten(0, 1) @ self._places.flatten(1)).view(-1, bins, width, channels)
        pooled = pooled.transpose(1, 2).flatten(2)  # (D, W, bins * C)
        by_column = axis_weights(across[:, 0], across[:, 1], bins, width)
        made = torch.bmm(by_column[columns].flatten(1, 2), pooled[row])
        return made.view(-1, bins * bins * channels)


def _outside(table: Tensor, crops: CropBatch) -> Tensor:
    """The outside's part (P * Q, K) of pieces, from a table (grid + 1, grid + 1, K): the total less
    what lies inside."""
    side, _, outputs = table.shape
    (spans, _), (across, _) = crops.rows, crops.columns
    row, columns, _ = crops.pieces
    by_row = _differences(spans, side - 1) @ table.flatten(1)
    by_row = by_row.view(-1, side, outputs)[row]
    inside = torch.bmm(_differences(across, side - 1)[columns], by_row)
    return table[-1, -1] - inside.flatten(0, 1)


def _differences(spans: Tensor, cells: int) -> Tensor:
    """Weights (D, cells + 1) that read from running sums what lies within spans (D, 2)."""
    return hats(spans[:, 1], cells) - hats(spans[:, 0], cells)


def _outside_table(features: Tensor, weights: RegionWeights) -> Tensor:
    """Sums (grid + 1, grid + 1, K) of the layer's outside part over the fixed grid."""
    bins, grid = weights.bins, weights.bins * 2
    whole = features.new_tensor([[0.0, 1.0]])
    ends = axis_samples(whole[..., 0], whole[..., 1], bins, 2)[None]
    rows = bilinear_weights(ends, features.shape[2])
    columns = bilinear_weights(ends, features.shape[3])
    samples = pool_cells(features, rows, columns)[0, 0]
    cells = samples.unflatten(2, (bins, 2)).unflatten(1, (bins, 2)).permute(1, 3, 2, 4, 0)
    made = torch.bmm(cells.reshape(bins * bins, 4, -1), weights.outside) / 4
    placed = made.view(bins, bins, 2, 2, -1).transpose(1, 2).reshape(grid, grid, -1)
    return F.pad(placed.cumsum(0).cumsum(1), (0, 0, 1, 0, 1, 0))
