"""Loss functions of the heads.

Each is a mean over something that is counted; where several processes train, over what all of them have.
A process then gets its own part of that mean, and the parts of all processes add up to it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.asm import ranking_loss
from cropcore.models.region_ops import axis_coverage
from cropcore.training.processes import summed

_ROUNDING = 1e-5
"""Scores are means and z-scored: a difference this much below delta reaches it."""


def vote_loss(better: Tensor, worse: Tensor, share: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy between the share of people who prefer the first crop and sigmoid(s1 - s2).

    All arguments have shape (B, P); ``share`` is in [0, 1] and ``weight`` 0 leaves a pair out.
    """
    losses = F.binary_cross_entropy_with_logits(better - worse, share, reduction="none")
    return (losses * weight).sum() / summed(weight.sum()).clamp_min(1)


def choice_loss(scores: Tensor, overlap: Tensor, spread: float, weight: Tensor) -> Tensor:
    """Listwise cross-entropy of softmax(scores) to softmax(overlap / spread).

    ``scores`` and ``overlap`` (IoU with the person's crop) are (B, N); ``weight`` (B,) is 0 for
    photos without a person's crop.
    """
    target = F.softmax(overlap / spread, dim=-1)
    losses = -(target * F.log_softmax(scores, dim=-1)).sum(dim=-1)
    return (losses * weight).sum() / summed(weight.sum()).clamp_min(1)


def huber_loss(scores: Tensor, opinions: Tensor, weight: Tensor, delta: float = 1.0) -> Tensor:
    """The gaic paper's loss on z-scored opinions; all of shape (B, N), ``weight`` 0 leaves one out."""
    losses = F.huber_loss(scores, opinions, reduction="none", delta=delta)
    return (losses * weight).sum() / summed(weight.sum()).clamp_min(1)


def hinge_loss(scores: Tensor, opinions: Tensor, gap: float, weight: Tensor) -> Tensor:
    """The asm paper's ranking loss over all pairs whose opinions differ by ``gap`` (Eq. 3 and 4).

    Shapes (B, N); the mean over the pairs of all photos, 0 where there is none.
    """
    ahead = opinions[:, :, None] - opinions[:, None, :]
    pairs = (ahead >= gap - _ROUNDING) & (weight[:, :, None] * weight[:, None, :] > 0)
    photo, better, worse = pairs.nonzero(as_tuple=True)
    first = photo * scores.shape[1]
    every = scores.new_tensor(len(photo))
    return ranking_loss(scores.flatten(), first + better, first + worse, summed(every))


def mean_over_photos(values: Tensor, counted: bool = True) -> Tensor:
    """The mean of values (B,) of photos; those that do not count are left out."""
    photos = values.new_tensor(float(len(values) * counted))
    return values.sum() * float(counted) / summed(photos).clamp_min(1)


def gaze_loss(logits: Tensor, fixations: Tensor, counted: bool = True) -> Tensor:
    """Cross-entropy of softmax over places to the density of fixations, (B, 1, h, w) and (B, h, w)."""
    each = -(fixations.flatten(1) * F.log_softmax(logits.flatten(1), dim=-1)).sum(-1)
    return mean_over_photos(each, counted)


PAIR_MARGIN = 0.5
"""eta: labels that differ by less make no pair."""

PAIRS = 256
"""P: pairs of one photo that are compared."""

DELTA = 0.1
"""Margin of the rank consistency, Eq. 6."""


def select_pairs(
    targets: Tensor,
    margin: float = PAIR_MARGIN,
    count: int = PAIRS,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Random pairs i < j of each photo whose targets (B, N) differ by more than ``margin``.

    Each photo gives ``count`` pairs at most; targets that are not finite take no part. The result
    holds indices (photo, i, j), (M, 3), on the CPU.
    """
    values = targets.detach().cpu()
    chosen = []
    for photo, labels in enumerate(values):
        distance = (labels[:, None] - labels[None]).abs().triu(diagonal=1)
        pairs = (distance.isfinite() & (distance > margin)).nonzero()
        kept = pairs[torch.randperm(len(pairs), generator=generator)[:count]]
        chosen.append(nn.functional.pad(kept, (1, 0), value=photo))
    return torch.cat(chosen)


def pair_targets(targets: Tensor, pairs: Tensor) -> Tensor:
    """Eq. 2: 1 where the first crop of a pair has the higher target (B, N), else 0: (M,)."""
    photo, first, second = pairs.to(targets.device).unbind(-1)
    return (targets[photo, first] > targets[photo, second]).to(targets.dtype)


def both_orders(pairs: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
    """Pairs (M, 3) with the share (M,) that prefers the first, and the same the other way round.

    People favour the second crop they are shown; both orders keep the classifier from learning it.
    """
    turned = pairs[:, [0, 2, 1]]
    return torch.cat([pairs, turned]), torch.cat([shares, 1 - shares])


def take_pairs(features: Tensor, pairs: Tensor) -> tuple[Tensor, Tensor]:
    """First and second crop features (M, D) of pairs (M, 3) of (photo, i, j) from (B, N, D)."""
    photo, first, second = pairs.to(features.device).unbind(-1)
    return features[photo, first], features[photo, second]


def classification_loss(logits: Tensor, shares: Tensor) -> Tensor:
    """Eq. 3: binary cross-entropy of pair logits (M,) with labels or vote shares; 0 for no pair."""
    losses = nn.functional.binary_cross_entropy_with_logits(logits, shares, reduction="none")
    return losses.sum() / summed(losses.new_tensor(float(len(losses)))).clamp_min(1)


def consistency_loss(
    scores: Tensor,
    pair_logits: Tensor,
    delta: float = DELTA,
    relative: bool = True,
    counted: bool = True,
) -> Tensor:
    """Eq. 5 and 6: scores (B, N) must order the pairs i < j as the classifier (B, N, N) does.

    No gradient runs through the classifier. ``relative``: scores and margin are measured in
    standard deviations of a photo's scores, held constant, so that the loss does not hang on their
    scale; the paper's form is ``relative=False``.
    """
    if relative:
        scores = scores / scores.detach().std(dim=1, keepdim=True).clamp_min(1e-6)
    n = scores.shape[1]
    first, second = torch.triu_indices(n, n, offset=1, device=scores.device)
    sign = pair_logits.detach()[:, first, second].sign()
    each = torch.relu(delta + sign * (scores[:, second] - scores[:, first])).mean(dim=1)
    return mean_over_photos(each, counted)


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
        weights = torch.ones_like(each)
    return (each * weights).sum() / summed(weights.sum()).clamp_min(1e-9)
