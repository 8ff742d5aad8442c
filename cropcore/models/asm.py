"""asm: Composition and Saliency Aware Aesthetic Score Map (Tu, Niu, Zhao, Cheng, Zhang; AAAI 2020).

A fully convolutional map holds, for every place of the photo, one score per composition partition.
A crop's score is the mean over its places of the score of the partition they fall into (Eq. 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.composition import pattern_cells
from cropcore.models.crop_batch import GeometryPrior
from cropcore.models.region_ops import axis_coverage, pool_cells
from cropcore.models.trunks import TRUNKS

CIRCLES_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class AsmConfig:
    """Settings of the head; the defaults are the paper's.

    Attributes:
        pattern: composition pattern, one of ``composition.PATTERNS``.
        width: channels of a hidden layer before the map; 0 is the paper's single 1x1 convolution.
        prior: add a learnt preference for sizes and shapes to a crop's score (not in the paper, in
            which a mean over the crop cannot tell a small one from a large one).
        trunk: the trunk whose features it stands on, one of ``trunks.TRUNKS``.
    """

    pattern: str = "cross_rectangle"
    width: int = 0
    prior: bool = False
    trunk: str = "mobilenet_v2"


class AsmHead(nn.Module):
    """The aesthetic score map from joined encoder features."""

    def __init__(self, config: AsmConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or AsmConfig()
        joined = TRUNKS[c.trunk].joined
        partitions = int(pattern_cells(c.pattern).max()) + 1
        layers: list[nn.Module] = []
        if c.width:
            layers += [nn.Conv2d(joined, c.width, 1), nn.ReLU(inplace=True)]
            layers += [nn.Conv2d(c.width, c.width, 3, padding=1), nn.ReLU(inplace=True)]
        self.project = nn.Sequential(*layers, nn.Conv2d(c.width or joined, partitions, 1))
        self.prior = GeometryPrior() if c.prior else None

    def score(
        self, score_map: Tensor, boxes: Tensor, photo_ratio: Tensor, circles: bool = False
    ) -> Tensor:
        """Scores (B, N) of boxes (B, N, 4): Eq. 1 (Eq. 9 for circles), plus the prior if any."""
        pool = circle_scores if circles else crop_scores
        scores = pool(score_map, boxes, self.config.pattern)
        return scores if self.prior is None else scores + self.prior(boxes, photo_ratio)

    def forward(self, joined: Tensor) -> Tensor:
        """Score map M (B, L, 2h, 2w) from features (B, 448, h, w), one channel per partition.

        The projection and the bilinear upsampling commute, so the map is projected first.
        """
        low = self.project(joined)
        return F.interpolate(low, scale_factor=2, mode="bilinear", align_corners=False)


def crop_scores(score_map: Tensor, boxes: Tensor, pattern: str) -> Tensor:
    """Composition-aware pooling, Eq. 1: scores (B, N) of boxes (B, N, 4) on maps (B, L, H, W).

    The crop is cut into the pattern's cells; each cell's mean is exact for fractional borders. All
    cells have the same area, so the mean over cells is the mean over the crop (Eq. 2).
    """
    means = cell_means(score_map, boxes, pattern)
    return means.mean(dim=(-2, -1))


def cell_means(score_map: Tensor, boxes: Tensor, pattern: str) -> Tensor:
    """Mean of each cell's own partition channel: (B, N, rows, columns)."""
    cells = pattern_cells(pattern)
    rows, columns = cells.shape
    h, w = score_map.shape[-2:]
    by_row = _cell_weights(boxes[..., 1], boxes[..., 3], rows, h)
    by_column = _cell_weights(boxes[..., 0], boxes[..., 2], columns, w)
    pooled = pool_cells(score_map, by_row, by_column)
    index = torch.tensor(cells.ravel(), device=score_map.device)
    place = torch.arange(rows * columns, device=score_map.device)
    return pooled.flatten(-2)[..., index, place].unflatten(-1, (rows, columns))


def circle_scores(score_map: Tensor, boxes: Tensor, pattern: str, bands: int = 4) -> Tensor:
    """Eq. 9: the mean of phi_k over the inscribed circle of each box (B, N, 4): (B, N).

    Partitions are those of the box, whose inscribed circle (an ellipse in fractions of the photo) is
    cut into ``bands`` horizontal bands per row of cells; each band is as wide as the circle is on
    average there. Means over cells are exact for fractional borders.
    """
    # A few crops at a time stay in the processor's cache, which is five times as fast.
    parts = boxes.split(CIRCLES_AT_ONCE, dim=1)
    made = [circle_scores_of_few(score_map, part, pattern, bands) for part in parts]
    return torch.cat(made, dim=1)


def circle_scores_of_few(score_map: Tensor, boxes: Tensor, pattern: str, bands: int = 4) -> Tensor:
    """The same of few boxes, all at once."""
    cells = pattern_cells(pattern)
    rows, columns = cells.shape
    h, w = score_map.shape[-2:]
    by_band = _cell_weights(boxes[..., 1], boxes[..., 3], rows * bands, h)
    edges = torch.arange(rows * bands + 1, device=boxes.device, dtype=boxes.dtype)
    edges = edges / (rows * bands) * 2 - 1
    # Integral of the half chord sqrt(1 - t^2) over each band, as a mean.
    area = (edges * (1 - edges**2).clamp_min(0).sqrt() + edges.clamp(-1, 1).asin()) / 2
    half = (area[1:] - area[:-1]) / (edges[1:] - edges[:-1])
    cell_edges = torch.arange(columns + 1, device=boxes.device, dtype=boxes.dtype) / columns
    left = torch.maximum(cell_edges[None, :-1], (0.5 - half / 2)[:, None])
    right = torch.minimum(cell_edges[None, 1:], (0.5 + half / 2)[:, None])
    right = torch.maximum(left, right)
    x1 = boxes[..., 0, None, None]
    width = (boxes[..., 2] - boxes[..., 0])[..., None, None]
    covered = axis_coverage(x1 + width * left, x1 + width * right, w)
    chord = covered / (width[..., None] * w).clamp_min(1e-9)
    total = (right - left).sum()
    channel = torch.from_numpy(np.repeat(cells, bands, axis=0)).to(score_map.device)
    scores = []
    for maps, weights, spans in zip(score_map, by_band, chord, strict=True):
        lines = (weights @ maps.permute(1, 0, 2).reshape(h, -1)).unflatten(-1, (-1, w))
        picked = lines[:, torch.arange(rows * bands, device=maps.device)[:, None], channel]
        scores.append((picked * spans).sum(dim=(-3, -2, -1)) / total)
    return torch.stack(scores)


def partition_scores(score_map: Tensor, boxes: Tensor, pattern: str) -> Tensor:
    """Mean score of each composition partition of each crop: (B, N, L)."""
    means = cell_means(score_map, boxes, pattern).flatten(-2)
    cells = torch.tensor(pattern_cells(pattern).ravel(), device=means.device)
    member = F.one_hot(cells).to(means.dtype)
    return means @ (member / member.sum(dim=0))


def _cell_weights(low: Tensor, high: Tensor, cells: int, length: int) -> Tensor:
    """Weights (..., cells, length): the share of each cell that lies on each pixel."""
    steps = torch.arange(cells + 1, device=low.device, dtype=low.dtype) / cells
    edges = low[..., None] + (high - low)[..., None] * steps
    covered = axis_coverage(edges[..., :-1], edges[..., 1:], length)
    return covered / covered.sum(dim=-1, keepdim=True).clamp_min(1e-9)


def theta(score_map: Tensor) -> tuple[Tensor, Tensor]:
    """theta_avg (Eq. 5) and theta_std (Eq. 6), each (B, H, W).

    The ranking loss leaves one free offset per photo, so theta_avg is given relative to its mean
    over the photo.
    """
    average = score_map.mean(dim=1)
    spread = score_map.std(dim=1, correction=0)
    return average - average.mean(dim=(-2, -1), keepdim=True), spread


def ranking_loss(
    scores: Tensor, better: Tensor, worse: Tensor, count: Tensor | None = None
) -> Tensor:
    """Eq. 4 as a mean over the pairs R: hinge on scores (N,) at index tensors ``better``, ``worse``.

    ``count`` is the number of pairs, where there are more than these; 0 for no pair.
    """
    every = scores.new_tensor(len(better)) if count is None else count
    return torch.relu(1 + scores[worse] - scores[better]).sum() / every.clamp_min(1)


def saliency_loss(score_map: Tensor, saliency: Tensor) -> Tensor:
    """Eq. 7 of each photo, (B,): mean over places of (1 - s) theta_std / mean(theta_std).

    ``saliency`` s is (B, 1, h, w) in [0, 1].
    """
    spread = (score_map.var(dim=1, correction=0) + 1e-12).sqrt()
    s = F.interpolate(saliency, spread.shape[-2:], mode="bilinear", align_corners=False)[:, 0]
    relative = spread / spread.mean(dim=(-2, -1), keepdim=True).clamp_min(1e-9)
    return ((1 - s) * relative).mean(dim=(-2, -1))
