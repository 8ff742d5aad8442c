"""sfrc: Image Cropping with Spatial-aware Feature and Rank Consistency
(Wang, Niu, Zhang, Zhang; CVPR 2023).

A crop is described by what its region and the rest of the photo hold (RoI and RoD), and by where it
lies among the aesthetic elements that the encoder's layers light up. One branch scores crops, the
other says which of two is better.

Where the text is silent: the widths of the two convolutions, of the score branch and of the
attention's bottleneck are ours, chosen so that everything has the paper's 7.10 M parameters; ReLU
follows every layer but the last of a branch; the two-way classifier's outputs are read as one
logit, their difference; the crop mask counts partly covered cells by the share covered.

The first 5x5 convolution is linear in the maps and the mask: the maps' part is computed once per
photo. A mask is the outer product of its rows' and columns' coverage, so that its part is a product
of three thin matrices; it is built for the four places of each 2x2 cell, and their maximum is the
pooling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import torch
from torch import Tensor, nn

from cropcore.models.crop_batch import GEOMETRY_FACTS, geometry_facts
from cropcore.models.encoder import LAYER_MAP_SIZE, Levels
from cropcore.models.gaic import GAZE_FACTS, gaze_facts
from cropcore.models.region_ops import axis_coverage, rod_align, roi_align
from cropcore.models.trunks import TRUNKS

KERNEL = 5
_CROPS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class SfrcConfig:
    """Sizes and switches of the head; the defaults are the paper's (7.10 M with the whole trunk).

    Attributes:
        channels: channels after the 1x1 reduction of the joined features.
        bins: side of the pooled regions.
        hidden: width of the first of the region's two layers.
        region: length of the region feature.
        spatial: length of the spatial-aware feature.
        first_width: channels of the first 5x5 convolution.
        second_width: channels of the second.
        squeeze: width of the attention's bottleneck.
        score_hidden: width of the score branch's hidden layer; 0 does without one.
        spatial_aware: use the spatial-aware feature at all (SAF in table 4).
        aggregate: keep the layers' maps apart or average them (Agg in table 5).
        attention: weigh the layers by channel attention (Att in table 5).
        mask: show the crop mask beside the maps (CM in table 5).
        pair_hidden: width of a hidden layer of the classifier; 0 is the paper's single layer, which
            can only compare one number of each crop.
        standardise: bring every layer's map to mean 0 and deviation 1 (not in the paper).
        geometry: also show the crop's plain numbers to both branches (not in the paper).
        gaze: also show where people look, as one more map and as facts (not in the paper).
        dropout: of regions, hidden layers and both features (not in the paper).
        trunk: the trunk whose features it stands on, one of ``trunks.TRUNKS``.
    """

    channels: int = 32
    bins: int = 9
    hidden: int = 768
    region: int = 256
    spatial: int = 256
    first_width: int = 16
    second_width: int = 8
    squeeze: int = 8
    score_hidden: int = 256
    spatial_aware: bool = True
    aggregate: Literal["concat", "average"] = "concat"
    attention: bool = True
    mask: bool = True
    pair_hidden: int = 0
    standardise: bool = False
    geometry: bool = False
    gaze: bool = False
    dropout: float = 0.0
    trunk: str = "mobilenet_v2"

    @property
    def feature_length(self) -> int:
        """Length of the crop feature F_rs."""
        spatial = self.spatial if self.spatial_aware else 0
        facts = (GEOMETRY_FACTS if self.geometry else 0) + (GAZE_FACTS if self.gaze else 0)
        return self.region + spatial + facts


BASIC = SfrcConfig(spatial_aware=False, region=128, score_hidden=0)
"""The paper's "basic" network, which is that of gaic (5.91 M): region features alone."""


@dataclass(frozen=True, eq=False, slots=True)
class SfrcPrepared:
    """What all crops of a photo share.

    Attributes:
        reduced: (B, channels, h, w), the features that regions are pooled from.
        shared: (B, 2, 2, first_width, 32, 32), the maps' part of the first convolution at the four
            places of every 2x2 cell, or None.
        attention: (B, maps) in [0, 1], how much each layer counts, lowest layer first; or None.
        gaze: (B, 1, h, w) density, or None.
    """

    reduced: Tensor
    shared: Tensor | None
    attention: Tensor | None
    gaze: Tensor | None


class SpatialFeature(nn.Module):
    """The spatial-aware feature: attended layer maps and the crop mask through a small encoder."""

    def __init__(self, config: SfrcConfig) -> None:
        super().__init__()
        self.config = c = config
        maps = TRUNKS[c.trunk].layers + int(c.gaze)
        self.squeeze = nn.Linear(maps, c.squeeze) if c.attention else None
        self.excite = nn.Linear(c.squeeze, maps) if c.attention else None
        self.maps = maps if c.aggregate == "concat" else 1
        pad = KERNEL // 2
        self.first = nn.Conv2d(self.maps + int(c.mask), c.first_width, KERNEL, padding=pad)
        self.second = nn.Conv2d(c.first_width, c.second_width, KERNEL, padding=pad)
        self.out = nn.Linear(c.second_width * (LAYER_MAP_SIZE // 4) ** 2, c.spatial)
        _start(self.first, self.second, self.out)

    def attend(self, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Aggregated maps (B, maps or 1, 64, 64) and attention (B, maps), of (B, maps, 64, 64)."""
        attention = maps.new_ones(maps.shape[:2])
        if self.squeeze is not None and self.excite is not None:
            code = torch.relu(self.squeeze(maps.mean(dim=(2, 3))))
            attention = self.excite(code).sigmoid()
        if self.config.standardise:
            spread, mean = torch.std_mean(maps, dim=(2, 3), keepdim=True)
            maps = (maps - mean) / (spread + 1e-5)
        weighted = maps * attention[..., None, None]
        if self.config.aggregate == "average":
            weighted = weighted.mean(dim=1, keepdim=True)
        return weighted, attention

    def share(self, aggregated: Tensor) -> Tensor:
        """The maps' part of the first convolution, as :class:`SfrcPrepared` keeps it."""
        weight = self.first.weight[:, : self.maps]
        x = nn.functional.conv2d(aggregated, weight, self.first.bias, padding=KERNEL // 2)
        cells = x.unflatten(3, (-1, 2)).unflatten(2, (-1, 2))
        return cells.permute(0, 3, 5, 1, 2, 4).contiguous()

    def forward(self, shared: Tensor, boxes: Tensor) -> Tensor:
        """Features (B, N, spatial) of boxes (B, N, 4)."""
        if not self.config.mask:
            return self._finish(shared.amax(dim=(1, 2)))[:, None].expand(-1, boxes.shape[1], -1)
        parts = boxes.split(_CROPS_AT_ONCE, dim=1)
        return torch.cat([self.of_few(shared, part) for part in parts], dim=1)

    def of_few(self, shared: Tensor, boxes: Tensor) -> Tensor:
        """The same of few boxes, all at once, where the mask is shown."""
        pooled = self._pooled(shared, boxes)
        return self._finish(pooled.flatten(0, 1)).unflatten(0, boxes.shape[:2])

    def _pooled(self, shared: Tensor, boxes: Tensor) -> Tensor:
        """The first convolution of maps and mask, pooled: (B, N, first_width, 32, 32)."""
        rows = neighbourhoods(boxes[..., 1], boxes[..., 3])
        columns = neighbourhoods(boxes[..., 0], boxes[..., 2]).transpose(-1, -2)
        left = rows[:, :, None] @ self.first.weight[:, -1]

        def at(i: int, j: int) -> Tensor:
            mask = left[..., i::2, :].flatten(2, 3) @ columns[..., j::2]
            return mask.unflatten(2, (left.shape[2], -1)) + shared[:, None, i, j]

        return reduce(torch.maximum, (at(i, j) for i in (0, 1) for j in (0, 1)))

    def _finish(self, pooled: Tensor) -> Tensor:
        """From the pooled first convolution (K, first_width, 32, 32) to features (K, spatial).

        Pooling before the ReLU gives the same as after it.
        """
        x = nn.functional.max_pool2d(self.second(torch.relu(pooled)), 2)
        return torch.relu(self.out(torch.relu(x).flatten(1)))


class SfrcHead(nn.Module):
    """Scores crops and compares pairs of them."""

    def __init__(self, config: SfrcConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or SfrcConfig()
        self.reduce = nn.Conv2d(TRUNKS[c.trunk].joined, c.channels, 1)
        self.large_kernel = nn.Linear(2 * c.channels * c.bins * c.bins, c.hidden)
        self.region = nn.Linear(c.hidden, c.region)
        self.spatial = SpatialFeature(c) if c.spatial_aware else None
        hidden = nn.Linear(c.feature_length, c.score_hidden) if c.score_hidden else None
        self.score_hidden = hidden
        self.score_out = nn.Linear(c.score_hidden or c.feature_length, 1)
        self.pair = nn.Linear(2 * c.feature_length, c.pair_hidden or 2)
        self.pair_out = nn.Linear(c.pair_hidden, 2) if c.pair_hidden else None
        self.dropout = nn.Dropout(c.dropout)
        _start(self.large_kernel, self.region, *([hidden] if hidden is not None else []))

    def prepare(self, levels: Levels, gaze: Tensor | None = None) -> SfrcPrepared:
        """Everything that does not depend on the crop, once per photo.

        ``gaze`` is a density (B, 1, h, w) whose mean is 1, wanted where the config says so.

        Raises:
            ValueError: the layer maps or the gaze that the config asks for are missing.
        """
        if self.config.gaze and gaze is None:
            raise ValueError("This sfrc head also looks at a gaze map.")
        reduced = self.reduce(levels.joined())
        kept = gaze.to(reduced.dtype) if self.config.gaze and gaze is not None else None
        if self.spatial is None:
            return SfrcPrepared(reduced, None, None, kept)
        if levels.layer_maps is None:
            raise ValueError("The spatial-aware feature needs the encoder's layer maps.")
        maps = levels.layer_maps.to(reduced.dtype)
        if kept is not None:
            side = (LAYER_MAP_SIZE, LAYER_MAP_SIZE)
            seen = nn.functional.interpolate(kept, side, mode="bilinear", align_corners=False)
            maps = torch.cat([maps, seen], dim=1)
        aggregated, attention = self.spatial.attend(maps)
        return SfrcPrepared(reduced, self.spatial.share(aggregated), attention, kept)

    def crop_features(self, prepared: SfrcPrepared, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """Crop features F_rs (B, N, feature_length) of boxes (B, N, 4).

        ``photo_ratio`` (B,) is width over height; only the geometry facts look at it.
        """
        bins = self.config.bins
        regions = torch.cat(
            [roi_align(prepared.reduced, boxes, bins), rod_align(prepared.reduced, boxes, bins)],
            dim=2,
        )
        x = self.large_kernel(self.dropout(regions.flatten(2)))
        spatial, facts = None, []
        if self.spatial is not None and prepared.shared is not None:
            spatial = self.spatial(prepared.shared, boxes)
        if self.config.geometry:
            facts.append(geometry_facts(boxes, photo_ratio))
        if prepared.gaze is not None:
            facts.append(gaze_facts(prepared.gaze, boxes))
        return self.joined(x, spatial, facts)

    def joined(self, regions: Tensor, spatial: Tensor | None, facts: Sequence[Tensor]) -> Tensor:
        """Crop features from what the large kernel gave (..., hidden), the spatial feature, facts."""
        x = self.dropout(torch.relu(regions))
        features = [self.dropout(torch.relu(self.region(x)))]
        if spatial is not None:
            features.append(self.dropout(spatial))
        return torch.cat([*features, *(fact.to(x.dtype) for fact in facts)], dim=-1)

    def score(self, features: Tensor) -> Tensor:
        """Scores (...) of crop features (..., feature_length)."""
        x = features if self.score_hidden is None else torch.relu(self.score_hidden(features))
        return self.score_out(self.dropout(x)).squeeze(-1)

    def pair_logits(self, first: Tensor, second: Tensor) -> Tensor:
        """Logits (...) that ``first`` is better than ``second``, each (..., feature_length).

        The leading axes broadcast; the layer over the two joined features is the sum of its halves.
        """
        of_first, of_second = self.pair.weight.chunk(2, dim=1)
        x = nn.functional.linear(first, of_first, self.pair.bias)
        x = x + nn.functional.linear(second, of_second)
        if self.pair_out is not None:
            x = self.pair_out(torch.relu(x))
        return x[..., 0] - x[..., 1]

    def pair_matrix(self, features: Tensor) -> Tensor:
        """Logits (B, N, N) that crop i is better than j, from features (B, N, feature_length)."""
        return self.pair_logits(features[:, :, None], features[:, None])

    def forward(self, prepared: SfrcPrepared, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """Scores (B, N) of boxes (B, N, 4); ``photo_ratio`` (B,) is width over height."""
        return self.score(self.crop_features(prepared, boxes, photo_ratio))


def _start(*layers: nn.Linear | nn.Conv2d) -> None:
    """Start layers that a ReLU follows so that both features keep the scale of what they see."""
    for layer in layers:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")


def neighbourhoods(low: Tensor, high: Tensor) -> Tensor:
    """Coverage of each of 64 cells and its neighbours in the kernel's reach: (..., 64, 5)."""
    covered = axis_coverage(low, high, LAYER_MAP_SIZE)
    return nn.functional.pad(covered, (KERNEL // 2, KERNEL // 2)).unfold(-1, KERNEL, 1)
