"""Targets and loss of the mars paper (Li, Zhang, Huang; CVPR 2020): Eq. 8 and masks to train on."""

from __future__ import annotations

from torch import Tensor, nn

from cropcore.models.region_ops import axis_coverage


def box_masks(boxes: Tensor, height: int, width: int) -> Tensor:
    """Targets (..., height, width) of boxes (..., 4): the share of each pixel that a box covers."""
    rows = axis_coverage(boxes[..., 1], boxes[..., 3], height)
    columns = axis_coverage(boxes[..., 0], boxes[..., 2], width)
    return rows[..., None] * columns[..., None, :]


def soft_masks(windows: Tensor, weights: Tensor, height: int, width: int) -> Tensor:
    """Expected mask (..., height, width) of windows (..., N, 4) with probabilities (..., N).

    This is sum_w q(w) 1_w; each mask is separable, so the sum is one matrix product.
    """
    rows = axis_coverage(windows[..., 1], windows[..., 3], height) * weights[..., None]
    return rows.transpose(-1, -2) @ axis_coverage(windows[..., 0], windows[..., 2], width)


def area_loss(logits: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
    """Eq. 8: binary cross-entropy of maps (..., h, w) with targets in [0, 1], mean over pixels.

    ``weights`` (...) of the maps make it a weighted mean over maps; it is 0 where all are 0.
    """
    each = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(
        dim=(-2, -1)
    )
    if weights is None:
        return each.mean()
    return (each * weights).sum() / weights.sum().clamp_min(1e-9)
