"""Losses of setpred: matching (Eq. 1-2), losses (Eq. 3) and smooth labels (Eq. 4-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from cropcore.geometry.boxes import as_boxes, iou_matrix
from cropcore.models.setpred import CropSet, to_centred, to_corners
from cropcore.training.processes import summed

MOS_MEAN = 2.95
MOS_STD = 0.8
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class SetLossConfig:
    """Weights of the losses; the defaults are the paper's.

    Attributes:
        giou: lambda_iou of Eq. 3; the L1 loss has weight 1.
        focal: lambda_focal of Eq. 3.
        alpha: share of the positives in the focal loss.
        gamma: its focusing power.
        low: s_l of Eq. 4, the score up to which a crop is simply bad.
        high: s_u of Eq. 4, the score from which the label no longer grows.
        bound: mu of Eq. 4, the largest label of an unmatched crop; 0 leaves labels hard.
        neighbour: IoU above which an unmatched crop takes the score of a labelled one.
        distil: weight of the second term of Eq. 6, where a teacher is given.
    """

    giou: float = 0.4
    focal: float = 0.4
    alpha: float = 0.25
    gamma: float = 2.0
    low: float = 2.0
    high: float = 3.5
    bound: float = 0.5
    neighbour: float = 0.85
    distil: float = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class SetTargets:
    """What is known of one photo.

    Attributes:
        good: (M, 4) good crops, xyxy in [0, 1].
        weights: (M,) how much each one's place counts.
        scored: (S, 4) crops of known quality, for Eq. 4; may be empty.
        quality: (S,) their scores, on the scale of ``SetLossConfig.low`` and ``high``.
    """

    good: Tensor
    weights: Tensor
    scored: Tensor
    quality: Tensor

    @classmethod
    def of_crops(cls, good: ArrayLike) -> SetTargets:
        """Targets from good crops (M, 4) alone."""
        boxes = _boxes(good)
        return cls(boxes, torch.ones(len(boxes)), torch.zeros(0, 4), torch.zeros(0))

    @classmethod
    def of_mos(cls, crops: ArrayLike, mos: ArrayLike, above: float = 4.0) -> SetTargets:
        """The paper's targets: of crops (S, 4) with MOS (S,), those ``above`` are good.

        The bound is 4 on GAICD and 2 on CPC. Where no crop exceeds it, those of the highest MOS
        are good.
        """
        boxes, quality = _boxes(crops), torch.as_tensor(np.asarray(mos, np.float32))
        good = boxes[quality > above]
        if not len(good):
            good = boxes[quality == quality.max()]
        return cls(good, torch.ones(len(good)), boxes, quality)

    @classmethod
    def of_windows(
        cls,
        best: ArrayLike,
        windows: ArrayLike,
        probability: ArrayLike,
        share: float = 0.02,
        count: int = 9,
        overlap: float = 0.85,
        weight: float = 0.3,
    ) -> SetTargets:
        """Targets from a person's best crop (4,) and a distribution over windows (S, 4).

        Good are the best crop and up to ``count`` windows among the most probable ``share``, no two
        above IoU ``overlap``; the place of the windows counts ``weight``. Quality is the rank of
        each window's probability, spread like people's MOS (mean 2.95, deviation 0.8, in 1 to 5).
        """
        boxes, p = as_boxes(windows), np.asarray(probability, np.float64)
        order = np.argsort(-p, kind="stable")
        taken = as_boxes(best).reshape(1, 4)
        for i in order[: max(1, round(share * len(order)))]:
            if len(taken) > count:
                break
            if iou_matrix(boxes[i : i + 1], taken).max() <= overlap:
                taken = np.concatenate([taken, boxes[i : i + 1]])
        standing = torch.empty(len(p), dtype=torch.float64)
        standing[torch.from_numpy(order)] = 1 - (torch.arange(len(p)).double() + 0.5) / len(p)
        quality = (MOS_MEAN + MOS_STD * torch.special.ndtri(standing)).clamp(1, 5).float()
        weights = torch.full((len(taken),), weight)
        weights[0] = 1.0
        return cls(_boxes(taken), weights, _boxes(boxes), quality)

    def to(self, device: torch.device | str, dtype: torch.dtype = torch.float32) -> SetTargets:
        """The same on another device, in other numbers."""
        return SetTargets(
            *(x.to(device, dtype) for x in (self.good, self.weights, self.scored, self.quality))
        )


@dataclass(frozen=True, eq=False, slots=True)
class SetLosses:
    """Losses of one step, each a scalar before its weight, summed over the decoder layers.

    ``total`` is the weighted sum to be minimised.
    """

    total: Tensor
    l1: Tensor
    giou: Tensor
    focal: Tensor
    distil: Tensor


def generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """Generalised IoU (Rezatofighi et al., CVPR 2019), in (-1, 1], of boxes (..., 4), broadcast."""
    common, union = _areas(a, b)
    low, high = torch.minimum(a[..., :2], b[..., :2]), torch.maximum(a[..., 2:], b[..., 2:])
    hull = (high - low).prod(-1).clamp_min(_TINY)
    return common / union.clamp_min(_TINY) - (hull - union) / hull


def focal_loss(logits: Tensor, labels: Tensor, alpha: float = 0.25, gamma: float = 2.0) -> Tensor:
    """Focal loss of logits (...) for labels (...) in [0, 1], elementwise.

    ``a |y - p|^gamma BCE(p, y)`` with ``a`` going from 1 - alpha (bad) to alpha (good): for hard
    labels the loss of Lin et al. (ICCV 2017), for soft ones the form that vanishes at p = y.
    """
    distance = (labels - logits.sigmoid()).abs() ** gamma
    balance = alpha * labels + (1 - alpha) * (1 - labels)
    return balance * distance * F.binary_cross_entropy_with_logits(logits, labels, reduction="none")


@torch.no_grad()
def match_costs(
    centred: Tensor, logits: Tensor, good: Tensor, weights: Tensor, config: SetLossConfig
) -> Tensor:
    """What each pairing adds to the loss of Eq. 3: (N, M) for N crops and M good ones.

    The focal part is the change from "bad" to "good", because a crop left unmatched pays for "bad".
    So the assignment of the least cost is that of the least loss over all N pairs of Eq. 2.
    """
    l1 = (centred[:, None] - to_centred(good)[None]).abs().sum(-1)
    giou = 1 - generalised_iou(to_corners(centred)[:, None], good[None])
    change = _focal(logits, torch.ones_like(logits), config) - _focal(
        logits, torch.zeros_like(logits), config
    )
    return weights * (l1 + config.giou * giou) + config.focal * change[:, None]


def match(costs: Tensor) -> tuple[Tensor, Tensor]:
    """The cheapest one-to-one pairing (Eq. 2) by costs (N, M): indices of crops and of good ones.

    Both have min(N, M) entries.
    """
    rows, columns = linear_sum_assignment(costs.detach().float().cpu().numpy())
    return (
        torch.as_tensor(rows, dtype=torch.long, device=costs.device),
        torch.as_tensor(columns, dtype=torch.long, device=costs.device),
    )


def smooth_labels(quality: Tensor, config: SetLossConfig) -> Tensor:
    """Eq. 4: soft labels in [0, bound] from quality scores, same shape."""
    return config.bound * ((quality - config.low) / (config.high - config.low)).clamp(0, 1)


@torch.no_grad()
def validity_labels(
    boxes: Tensor, matched: Tensor, targets: SetTargets, config: SetLossConfig
) -> Tensor:
    """Labels (N,) of crops (N, 4): 1 for the ``matched`` indices, Eq. 4 for the others.

    An unmatched crop takes the quality of the labelled crop that it overlaps most, if their IoU is
    above ``config.neighbour``; otherwise its label is 0.
    """
    labels = boxes.new_zeros(len(boxes))
    if len(targets.scored) and config.bound > 0:
        common, union = _areas(boxes[:, None], targets.scored[None])
        overlap, nearest = (common / union.clamp_min(_TINY)).max(dim=1)
        soft = smooth_labels(targets.quality[nearest], config)
        labels = torch.where(overlap > config.neighbour, soft, labels)
    labels[matched] = 1.0
    return labels


def set_loss(
    layers: Sequence[CropSet],
    targets: Sequence[SetTargets],
    config: SetLossConfig | None = None,
    teacher: Sequence[CropSet] | None = None,
    counted: bool = True,
) -> SetLosses:
    """Eq. 3 under the best matching, for every decoder layer and photo of a batch.

    Args:
        layers: the head's answers for B photos, one per decoder layer.
        targets: B of them, on the same device.
        config: weights; the paper's by default.
        teacher: answers of the averaged model (Eq. 5) to the same photos, layer by layer: their
            validity becomes a second, soft label (Eq. 6).
        counted: whether these photos count, where several processes train.

    Returns:
        Sums over the batch divided by its number of matched crops, as conditional DETR does; those of
        all processes, where several train.
    """
    c = config or SetLossConfig()
    zero = layers[0].logits.sum() * 0
    l1, giou, focal, distil = zero, zero, zero, zero
    anchors = layers[0].logits.shape[1]
    matched = float(sum(min(anchors, len(t.good)) for t in targets) * counted)
    count = summed(layers[0].logits.new_tensor(matched)).clamp_min(1)
    for depth, crops in enumerate(layers):
        corners = to_corners(crops.centred)
        for i, known in enumerate(targets):
            centred, logits = crops.centred[i], crops.logits[i]
            costs = match_costs(centred, logits, known.good, known.weights, c)
            rows, columns = match(costs)
            good, weights = known.good[columns], known.weights[columns]
            near = (centred[rows] - to_centred(good)).abs().sum(-1)
            l1 = l1 + (weights * near).sum()
            giou = giou + (weights * (1 - generalised_iou(corners[i][rows], good))).sum()
            labels = validity_labels(corners[i].clamp(0, 1), rows, known, c)
            focal = focal + _focal(logits, labels, c).sum()
        if teacher is not None:
            soft = teacher[depth].validity.detach()
            distil = distil + _focal(crops.logits, soft, c).sum()
    l1, giou, focal, distil = (x * float(counted) / count for x in (l1, giou, focal, distil))
    total = l1 + c.giou * giou + c.focal * (focal + c.distil * distil)
    return SetLosses(total, l1, giou, focal, distil)


def _focal(logits: Tensor, labels: Tensor, config: SetLossConfig) -> Tensor:
    return focal_loss(logits, labels, config.alpha, config.gamma)


def _areas(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Areas of intersection and union of boxes (..., 4), broadcast."""
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    common = (high - low).clamp_min(0).prod(-1)
    return common, (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - common


def _boxes(values: ArrayLike) -> Tensor:
    return torch.from_numpy(as_boxes(np.reshape(values, (-1, 4))).astype(np.float32))
