"""Spans of crops along an axis: many crops share few, and a table is read at their ends.

A product's windows are combinations: some hundred spans of rows with some hundred of columns make a
thousand crops. What depends on rows alone is worked out once for each distinct span.
"""

from __future__ import annotations

import torch
from torch import Tensor


def distinct(low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Distinct spans (D, 2) among float32 ``low`` and ``high`` (N,), and which each one is: (N,)."""
    pairs = torch.stack([low, high], dim=-1).contiguous()
    values, index = pairs.view(torch.int64)[:, 0].unique(return_inverse=True)
    return values[:, None].view(torch.float32), index


def readings(places: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """Where and how much to read of a table of ``cells + 1`` entries at places (...) in [0, 1].

    Returns indices and weights, (..., 2) each: linear interpolation between two entries. Places
    outside are brought to the border.
    """
    x = places.clamp(0, 1) * cells
    first = x.floor().clamp_max(cells - 1)
    share = x - first
    index = first.long()
    return torch.stack([index, index + 1], dim=-1), torch.stack([1 - share, share], dim=-1)
