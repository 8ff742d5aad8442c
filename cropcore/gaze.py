"""Shares of the gaze that lie inside a crop or along its borders.

A gaze map is (B, 1, h, w), not negative, over the whole photo; boxes are (B, N, 4).
"""

from __future__ import annotations

import torch
from torch import Tensor

from cropcore.ops import axis_coverage

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
