"""Region operations shared by the heads, written as matrix products so that all crops go at once.

Boxes are tensors (B, N, 4), xyxy in [0, 1]; feature maps are (B, C, H, W) over the whole photo,
pixel centres at half-integers (``align_corners=False`` throughout).
"""

from __future__ import annotations

import torch
from torch import Tensor


def axis_samples(low: Tensor, high: Tensor, bins: int, per_bin: int) -> Tensor:
    """Sample positions of ``bins`` equal bins between ``low`` and ``high`` (..., ) -> (..., bins*per_bin)."""
    count = bins * per_bin
    steps = (torch.arange(count, device=low.device, dtype=low.dtype) + 0.5) / count
    return low[..., None] + (high - low)[..., None] * steps


def bilinear_weights(positions: Tensor, length: int) -> Tensor:
    """Linear interpolation weights of positions (...) in [0, 1] on ``length`` cells: (..., length).

    Positions outside the outermost cell centres take the outermost cell, as RoIAlign does.
    """
    x = (positions * length - 0.5).clamp(0, length - 1)
    cells = torch.arange(length, device=positions.device, dtype=positions.dtype)
    return (1 - (x[..., None] - cells).abs()).clamp_min(0)


def axis_weights(low: Tensor, high: Tensor, bins: int, length: int, per_bin: int = 2) -> Tensor:
    """Weights (..., bins, length) that average ``per_bin`` bilinear samples in each bin."""
    weights = bilinear_weights(axis_samples(low, high, bins, per_bin), length)
    return weights.unflatten(-2, (bins, per_bin)).mean(dim=-2)


def pool_cells(features: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Separable pooling: rows (B, N, i, H), columns (B, N, j, W), features (B, C, H, W) -> (B, N, C, i, j)."""
    b, n, i, h = rows.shape
    c, w = features.shape[1], features.shape[3]
    flat = features.transpose(1, 2).reshape(b, h, c * w)
    by_rows = rows.reshape(b, n * i, h) @ flat
    pooled = by_rows.reshape(b, n, i * c, w) @ columns.transpose(-1, -2)
    return pooled.reshape(b, n, i, c, columns.shape[2]).transpose(2, 3)


def roi_align(features: Tensor, boxes: Tensor, bins: int) -> Tensor:
    """RoIAlign (He et al., ICCV 2017) with two samples a bin and axis: (B, N, C, bins, bins).

    Equals ``torchvision.ops.roi_align(aligned=True, sampling_ratio=2)`` for boxes inside the photo.
    """
    h, w = features.shape[-2:]
    rows = axis_weights(boxes[..., 1], boxes[..., 3], bins, h)
    columns = axis_weights(boxes[..., 0], boxes[..., 2], bins, w)
    return pool_cells(features, rows, columns)


def axis_coverage(low: Tensor, high: Tensor, cells: int) -> Tensor:
    """Share of each of ``cells`` equal cells of [0, 1] that lies between ``low`` and ``high``: (..., cells)."""
    edges = torch.arange(cells + 1, device=low.device, dtype=low.dtype) / cells
    left = torch.maximum(low[..., None], edges[:-1])
    right = torch.minimum(high[..., None], edges[1:])
    return (right - left).clamp_min(0) * cells


def rod_align(features: Tensor, boxes: Tensor, bins: int) -> Tensor:
    """RoDAlign (Zeng et al., CVPR 2019): the whole photo with the crop set to zero, (B, N, C, bins, bins).

    A fixed grid of two samples a bin and axis covers the photo; each sample counts by the share of
    its cell that lies outside the crop, so the result moves continuously with the crop.
    """
    b, n = boxes.shape[:2]
    grid = bins * 2
    whole = boxes.new_tensor([[0.0, 1.0]]).expand(b, 2).unsqueeze(1)
    rows = bilinear_weights(axis_samples(whole[..., 0], whole[..., 1], bins, 2), features.shape[2])
    columns = bilinear_weights(
        axis_samples(whole[..., 0], whole[..., 1], bins, 2), features.shape[3]
    )
    samples = pool_cells(features, rows, columns)[:, 0]
    inside_y = axis_coverage(boxes[..., 1], boxes[..., 3], grid)
    inside_x = axis_coverage(boxes[..., 0], boxes[..., 2], grid)
    # Per bin: total minus inside, the inside part being separable in rows and columns.
    c = samples.shape[1]
    total = samples.reshape(b, 1, c, bins, 2, bins, 2).mean(dim=(4, 6))
    left = samples.reshape(b, c, bins, 2, grid)
    weighted = torch.einsum("bniu,bciuv->bnciv", inside_y.reshape(b, n, bins, 2), left)
    inside = (weighted.reshape(b, n, c, bins, bins, 2) * inside_x.reshape(b, n, 1, 1, bins, 2)).sum(
        -1
    )
    return total - inside / 4
