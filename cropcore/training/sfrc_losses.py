"""The losses of the sfrc paper (Wang, Niu, Zhang, Zhang; CVPR 2023), section 3."""

from __future__ import annotations

import torch
from torch import Tensor, nn

PAIR_MARGIN = 0.5
"""eta: labels that differ by less make no pair."""

PAIRS = 256
"""P: pairs of one photo that are compared."""

DELTA = 0.1
"""Margin of the rank consistency, Eq. 6."""


def regression_loss(scores: Tensor, targets: Tensor, known: Tensor | None = None) -> Tensor:
    """Eq. 1: mean smooth L1 of scores (B, N) from targets (B, N), over the ``known`` ones only."""
    each = nn.functional.smooth_l1_loss(scores, targets, reduction="none")
    if known is None:
        return each.mean()
    return (each * known).sum() / known.sum().clamp_min(1)


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
    if len(logits) == 0:
        return logits.sum()
    return nn.functional.binary_cross_entropy_with_logits(logits, shares)


def consistency_loss(
    scores: Tensor, pair_logits: Tensor, delta: float = DELTA, relative: bool = True
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
    return torch.relu(delta + sign * (scores[:, second] - scores[:, first])).mean()
