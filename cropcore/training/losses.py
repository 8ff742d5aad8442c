"""What the heads are taught, as pure functions of tensors."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from cropcore.models.asm import ranking_loss


def vote_loss(better: Tensor, worse: Tensor, share: Tensor, weight: Tensor) -> Tensor:
    """Cross-entropy between the share of people who prefer the first crop and sigmoid(s1 - s2).

    All arguments have shape (B, P); ``share`` is in [0, 1] and ``weight`` 0 leaves a pair out.
    """
    losses = F.binary_cross_entropy_with_logits(better - worse, share, reduction="none")
    return (losses * weight).sum() / weight.sum().clamp_min(1)


def choice_loss(scores: Tensor, overlap: Tensor, spread: float, weight: Tensor) -> Tensor:
    """Listwise cross-entropy of softmax(scores) to softmax(overlap / spread).

    ``scores`` and ``overlap`` (IoU with the person's crop) are (B, N); ``weight`` (B,) is 0 for
    photos without a person's crop.
    """
    target = F.softmax(overlap / spread, dim=-1)
    losses = -(target * F.log_softmax(scores, dim=-1)).sum(dim=-1)
    return (losses * weight).sum() / weight.sum().clamp_min(1)


def huber_loss(scores: Tensor, opinions: Tensor, weight: Tensor, delta: float = 1.0) -> Tensor:
    """The gaic paper's loss on z-scored opinions; all of shape (B, N), ``weight`` 0 leaves one out."""
    losses = F.huber_loss(scores, opinions, reduction="none", delta=delta)
    return (losses * weight).sum() / weight.sum().clamp_min(1)


def hinge_loss(scores: Tensor, opinions: Tensor, gap: float, weight: Tensor) -> Tensor:
    """The asm paper's ranking loss over all pairs whose opinions differ by ``gap`` (Eq. 3 and 4).

    Shapes (B, N); the mean over the pairs of all photos, 0 where there is none.
    """
    ahead = opinions[:, :, None] - opinions[:, None, :]
    pairs = (ahead >= gap) & (weight[:, :, None] * weight[:, None, :] > 0)
    photo, better, worse = pairs.nonzero(as_tuple=True)
    if len(photo) == 0:
        return scores.sum() * 0
    first = photo * scores.shape[1]
    return ranking_loss(scores.flatten(), first + better, first + worse)


def gaze_loss(logits: Tensor, fixations: Tensor) -> Tensor:
    """Cross-entropy of softmax over places to the density of fixations, (B, 1, h, w) and (B, h, w)."""
    return -(fixations.flatten(1) * F.log_softmax(logits.flatten(1).float(), dim=-1)).sum(-1).mean()
