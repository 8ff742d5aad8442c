"""Shares of a saliency map that lie inside a crop or along its borders.

A gaze map is (B, 1, h, w), not negative, over the whole photo; boxes are (B, N, 4).
"""

from __future__ import annotations

import torch
from torch import Tensor

from cropcore.models.crop_batch import CropBatch
from cropcore.models.region_ops import axis_coverage

BAND = 0.04
"""Half the width of the strip along a border, as a share of the photo's side."""


def gaze_inside(gaze: Tensor, boxes: Tensor) -> Tensor:
    """Share of the gaze inside each box, (B, N) in [0, 1]; exact for fractional borders."""
    grid = gaze[:, 0] / gaze[:, 0].sum(dim=(-2, -1), keepdim=True).clamp_min(1e-6)
    rows = axis_coverage(boxes[..., 1].clamp(0, 1), boxes[..., 3].clamp(0, 1), grid.shape[-2])
    columns = axis_coverage(boxes[..., 0].clamp(0, 1), boxes[..., 2].clamp(0, 1), grid.shape[-1])
    return ((rows @ grid) * columns).sum(-1)


def gaze_on_borders(gaze: Tensor, boxes: Tensor) -> Tensor:
    """Share of the gaze that each border cuts: left, right, top, bottom, (B, N, 4) in [0, 1].

    A border that is the photo's own cuts nothing.
    """
    x1, y1, x2, y2 = boxes.unbind(-1)
    strips = (
        (torch.stack([x1 - BAND, y1, x1 + BAND, y2], dim=-1), x1 > 0),
        (torch.stack([x2 - BAND, y1, x2 + BAND, y2], dim=-1), x2 < 1),
        (torch.stack([x1, y1 - BAND, x2, y1 + BAND], dim=-1), y1 > 0),
        (torch.stack([x1, y2 - BAND, x2, y2 + BAND], dim=-1), y2 < 1),
    )
    return torch.stack([gaze_inside(gaze, strip) * cuts for strip, cuts in strips], dim=-1)


def gaze_shares(gaze: Tensor, crops: CropBatch) -> tuple[Tensor, Tensor]:
    """Shares inside many crops of one photo, (N,), and cut by their borders, (N, 4).

    What :func:`gaze_inside` and :func:`gaze_on_borders` give, for ``gaze`` (1, 1, h, w): rows are
    summed once for each distinct span.
    """
    grid = gaze[0, 0] / gaze[0, 0].sum().clamp_min(1e-6)
    (rows, row_of), (columns, column_of) = crops.rows, crops.columns
    by_row = _with_strips(rows, grid.shape[0]) @ grid  # (3, D, w)
    by_column = _with_strips(columns, grid.shape[1])
    by_row, by_column = by_row[:, row_of], by_column[:, column_of]  # (3, N, w)
    inside = (by_row[0] * by_column[0]).sum(dim=-1)
    sides = (by_row[:1] * by_column[1:]).sum(dim=-1)
    ends = (by_row[1:] * by_column[:1]).sum(dim=-1)
    borders = torch.cat([sides, ends]).T  # left, right, top, bottom
    x1, y1, x2, y2 = crops.boxes.unbind(-1)
    cuts = torch.stack([x1 > 0, x2 < 1, y1 > 0, y2 < 1], dim=-1)
    return inside, borders * cuts


def _with_strips(spans: Tensor, cells: int) -> Tensor:
    """Coverage by spans (D, 2), by the strips about their near and their far ends: (3, D, cells)."""
    low, high = spans.unbind(-1)
    near = torch.stack([low, low - BAND, high - BAND]).clamp(0, 1)
    far = torch.stack([high, low + BAND, high + BAND]).clamp(0, 1)
    return axis_coverage(near, far, cells)
