"""Shares of the gaze that lie inside a crop or along its borders.

A gaze map is (B, 1, h, w), not negative, over the whole photo; boxes are (B, N, 4).
"""

from __future__ import annotations

import torch
from torch import Tensor

from cropcore.ops import axis_coverage
from cropcore.spans import distinct

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


_MOST_PAIRS = 1 << 20
"""Pairs of a span of rows and a span of columns that are worked out whether wanted or not."""


def gaze_shares(gaze: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Shares inside many boxes (N, 4) of one photo, (N,), and cut by their borders, (N, 4).

    What :func:`gaze_inside` and :func:`gaze_on_borders` give, for ``gaze`` (1, 1, h, w): all spans of
    rows with all spans of columns in one product, where crops share them.
    """
    grid = gaze[0, 0] / gaze[0, 0].sum().clamp_min(1e-6)
    rows, row_of = distinct(boxes[:, 1], boxes[:, 3])
    columns, column_of = distinct(boxes[:, 0], boxes[:, 2])
    by_row = _with_strips(rows, grid.shape[0]) @ grid  # (3, D, w)
    by_column = _with_strips(columns, grid.shape[1])
    wanted = ((0, 0), (0, 1), (0, 2), (1, 0), (2, 0))  # itself; left, right; top, bottom
    if len(rows) * len(columns) <= max(_MOST_PAIRS // 9, len(boxes)):
        pairs = by_row.flatten(0, 1) @ by_column.flatten(0, 1).T
        places = torch.stack([row_of + r * len(rows) for r, _ in wanted])
        places = places * pairs.shape[1]
        places += torch.stack([column_of + c * len(columns) for _, c in wanted])
        inside, *borders = pairs.flatten()[places]
    else:
        by_row, by_column = by_row[:, row_of], by_column[:, column_of]
        inside, *borders = (torch.einsum("nw,nw->n", by_row[r], by_column[c]) for r, c in wanted)
    x1, y1, x2, y2 = boxes.unbind(-1)
    cuts = torch.stack([x1 > 0, x2 < 1, y1 > 0, y2 < 1], dim=-1)
    return inside, torch.stack(borders, dim=-1) * cuts


def _with_strips(spans: Tensor, cells: int) -> Tensor:
    """Coverage by spans (D, 2), by the strips about their near and their far ends: (3, D, cells)."""
    low, high = spans.unbind(-1)
    near = torch.stack([low, low - BAND, high - BAND]).clamp(0, 1)
    far = torch.stack([high, low + BAND, high + BAND]).clamp(0, 1)
    return axis_coverage(near, far, cells)
