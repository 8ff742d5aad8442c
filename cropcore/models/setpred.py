"""setpred: image cropping as set prediction (Jia, Huang, Fu, He; CVPR 2022).

Ninety learnable anchors look at the whole photo through a conditional-DETR transformer (Meng et
al., ICCV 2021); each gives one crop and the probability that it is a good one (its validity).
Losses and matching live in :mod:`cropcore.training.setpred_losses`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.encoder import Levels
from cropcore.models.trunks import TRUNKS
from cropcore.models.valid_crops import ValidCrops

_TEMPERATURE = 10000.0
_PRIOR = 0.01


@dataclass(frozen=True, slots=True)
class SetpredConfig:
    """Sizes of the head; the defaults are the paper's, which follow conditional DETR.

    Attributes:
        width: channels of the transformer; a multiple of 4 and of ``heads``.
        heads: attention heads.
        encoder_layers: layers over the photo's cells.
        decoder_layers: layers over the anchors.
        feedforward: hidden width of each layer's feed-forward part.
        dropout: in every layer.
        anchors: learnable anchors, the number of crops.
        features: "s32", the trunk's last level, as in the paper; or "joined", strides 8 to 32 at
            stride 16, which on our small inputs gives as many cells as stride 32 on the paper's.
        photo_ratio: also tell the anchors the photo's shape (not in the paper); positions are
            fractions of the photo and do not show it.
        own_start: every anchor begins at a crop and with content of its own, so that it can learn at
            once how often crops like it are good (not in the paper, whose anchors all begin alike and
            need far more photos to part).
        trunk: the trunk whose features it stands on, one of ``trunks.TRUNKS``.
    """

    width: int = 256
    heads: int = 8
    encoder_layers: int = 6
    decoder_layers: int = 6
    feedforward: int = 2048
    dropout: float = 0.1
    anchors: int = 90
    features: Literal["s32", "joined"] = "s32"
    photo_ratio: bool = False
    own_start: bool = False
    trunk: str = "mobilenet_v2"


PAPER = SetpredConfig()
SHIPPED = SetpredConfig(
    width=128,
    encoder_layers=3,
    decoder_layers=3,
    feedforward=512,
    features="joined",
    photo_ratio=True,
    own_start=True,
)


@dataclass(frozen=True, eq=False, slots=True)
class CropSet:
    """What one decoder layer predicts, one crop per anchor.

    Attributes:
        centred: (B, N, 4), centre x, centre y, width, height in (0, 1); a crop may reach a little
            over the photo's border.
        logits: (B, N), the validity before the sigmoid.
    """

    centred: Tensor
    logits: Tensor

    @property
    def boxes(self) -> Tensor:
        """Crops (B, N, 4), xyxy, cut at the photo's border."""
        return to_corners(self.centred).clamp(0, 1)

    @property
    def validity(self) -> Tensor:
        """Probability (B, N) that each crop is a good one."""
        return self.logits.sigmoid()


def to_corners(centred: Tensor) -> Tensor:
    """Boxes (..., 4) from centre and size to xyxy."""
    middle, size = centred[..., :2], centred[..., 2:]
    return torch.cat([middle - size / 2, middle + size / 2], dim=-1)


def to_centred(boxes: Tensor) -> Tensor:
    """Boxes (..., 4) from xyxy to centre and size."""
    low, high = boxes[..., :2], boxes[..., 2:]
    return torch.cat([(low + high) / 2, high - low], dim=-1)


def sine_embedding(points: Tensor, width: int) -> Tensor:
    """Sines and cosines of points (..., 2), x and y in [0, 1] of the photo: (..., width).

    The first half speaks of y, the second of x, in wavelengths from one photo side upwards.
    """
    pairs = torch.arange(width // 4, device=points.device, dtype=points.dtype)
    angles = points[..., None] * (2 * math.pi) / _TEMPERATURE ** (pairs * 4 / width)
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
    return torch.cat([waves[..., 1, :], waves[..., 0, :]], dim=-1)


def cell_embedding(height: int, width: int, channels: int, like: Tensor) -> Tensor:
    """Sine embedding of the centres of ``height`` x ``width`` cells, by rows: (h * w, channels)."""
    y = (torch.arange(height, device=like.device, dtype=like.dtype) + 0.5) / height
    x = (torch.arange(width, device=like.device, dtype=like.dtype) + 0.5) / width
    points = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], dim=-1)
    return sine_embedding(points.flatten(0, 1), channels)


def attention(q: Tensor, k: Tensor, v: Tensor, heads: int, dropout: float = 0.0) -> Tensor:
    """Multi-head attention of q (B, N, e) over k (B, T, e), v (B, T, d): (B, N, d)."""
    q, k, v = (x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (q, k, v))
    mixed = F.scaled_dot_product_attention(q, k, v, dropout_p=dropout)
    return mixed.transpose(1, 2).flatten(-2)


def conditional_pair(content: Tensor, place: Tensor, heads: int) -> Tensor:
    """Content (..., d) and place (..., d) side by side within each head: (..., 2d).

    Attention between two such tensors adds what content says to what place says, and neither meets
    the other.
    """
    both = [x.unflatten(-1, (heads, -1)) for x in (content, place)]
    return torch.cat(both, dim=-1).flatten(-2)


class _FeedForward(nn.Module):
    def __init__(self, c: SetpredConfig) -> None:
        super().__init__()
        self.widen = nn.Linear(c.width, c.feedforward)
        self.narrow = nn.Linear(c.feedforward, c.width)
        self.norm = nn.LayerNorm(c.width)
        self.dropout = nn.Dropout(c.dropout)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.dropout(torch.relu(self.widen(x)))
        return self.norm(x + self.dropout(self.narrow(hidden)))


class _EncoderLayer(nn.Module):
    """Self-attention among the photo's cells."""

    def __init__(self, c: SetpredConfig) -> None:
        super().__init__()
        self.heads, self.rate = c.heads, c.dropout
        self.q, self.k, self.v, self.out = (nn.Linear(c.width, c.width) for _ in range(4))
        self.norm = nn.LayerNorm(c.width)
        self.dropout = nn.Dropout(c.dropout)
        self.feed = _FeedForward(c)

    def forward(self, cells: Tensor, place: Tensor) -> Tensor:
        placed = cells + place
        rate = self.rate if self.training else 0.0
        seen = attention(self.q(placed), self.k(placed), self.v(cells), self.heads, rate)
        return self.feed(self.norm(cells + self.dropout(self.out(seen))))


class _DecoderLayer(nn.Module):
    """Anchors exchange knowledge, then look at the cells by content and, apart, by place."""

    def __init__(self, c: SetpredConfig, first: bool) -> None:
        super().__init__()
        self.heads, self.rate = c.heads, c.dropout
        d = c.width
        self.own_q, self.own_k, self.own_v, self.own_out = (nn.Linear(d, d) for _ in range(4))
        self.own_q_anchor, self.own_k_anchor = nn.Linear(d, d), nn.Linear(d, d)
        self.q, self.k, self.v, self.out = (nn.Linear(d, d) for _ in range(4))
        self.q_place, self.k_place = nn.Linear(d, d), nn.Linear(d, d)
        # Before the first layer an anchor has no content, so its embedding stands in for it.
        self.q_anchor = nn.Linear(d, d) if first else None
        self.own_norm, self.norm = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout = nn.Dropout(c.dropout)
        self.feed = _FeedForward(c)

    def forward(
        self, content: Tensor, anchors: Tensor, place: Tensor, cells: Tensor, cell_place: Tensor
    ) -> Tensor:
        """New content (B, N, d) from content (B, N, d), anchors (N, d), and cells (B, T, d).

        ``place`` (B or 1, N, d) and ``cell_place`` (T, d) say where anchors look and cells lie.
        """
        rate = self.rate if self.training else 0.0
        q = self.own_q(content) + self.own_q_anchor(anchors)
        k = self.own_k(content) + self.own_k_anchor(anchors)
        told = attention(q, k, self.own_v(content), self.heads, rate)
        content = self.own_norm(content + self.dropout(self.own_out(told)))

        q, k, where = self.q(content), self.k(cells), self.k_place(cell_place).expand_as(cells)
        if self.q_anchor is not None:
            q, k = q + self.q_anchor(anchors), k + where
        q = conditional_pair(q, self.q_place(place).expand_as(q), self.heads)
        k = conditional_pair(k, where, self.heads)
        seen = attention(q, k, self.v(cells), self.heads, rate)
        return self.feed(self.norm(content + self.dropout(self.out(seen))))


def spread_crops(count: int) -> Tensor:
    """Crops (count, 4) of all places, at least half as wide and high as the photo, largest first.

    Their corners lie on a grid of six steps; where these hundred do not suffice they come again.
    """
    low, high = torch.triu_indices(7, 7, 3)
    spans = torch.stack([low, high], dim=-1) / 6
    y, x = torch.meshgrid(torch.arange(len(spans)), torch.arange(len(spans)), indexing="ij")
    x, y = spans[x.flatten()], spans[y.flatten()]
    boxes = torch.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], dim=-1)
    size = (boxes[:, 2:] - boxes[:, :2]).prod(dim=-1)
    order = size.sort(descending=True, stable=True).indices
    return boxes[order[torch.arange(count) % len(order)]]


def _logits(boxes: Tensor) -> Tensor:
    """Centre and size of boxes (N, 4), xyxy, before the sigmoid; whole sides are a little less."""
    return to_centred(boxes).clamp(0.03, 0.97).logit()


def _mlp(*widths: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += [nn.Linear(before, after), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers[:-1])


class SetpredHead(nn.Module):
    """Crops and their validity from encoder levels."""

    def __init__(self, config: SetpredConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or PAPER
        if c.width % 4 or c.width % c.heads:
            raise ValueError(f"Width {c.width} is no multiple of 4 and of {c.heads} heads.")
        trunk = TRUNKS[c.trunk]
        channels = trunk.channels["s32"] if c.features == "s32" else trunk.joined
        self.reduce = nn.Conv2d(channels, c.width, 1)
        self.encoder = nn.ModuleList(_EncoderLayer(c) for _ in range(c.encoder_layers))
        self.decoder = nn.ModuleList(_DecoderLayer(c, i == 0) for i in range(c.decoder_layers))
        self.anchors = nn.Embedding(c.anchors, c.width)
        self.ratio = nn.Linear(1, c.width) if c.photo_ratio else None
        self.reference = None if c.own_start else _mlp(c.width, c.width, 2)
        self.content = nn.Embedding(c.anchors, c.width) if c.own_start else None
        self.start = nn.Parameter(_logits(spread_crops(c.anchors))) if c.own_start else None
        self.place_scale = _mlp(c.width, c.width, c.width)
        self.norm = nn.LayerNorm(c.width)
        self.box = nn.Sequential(_mlp(c.width, c.width, c.width), nn.ReLU(), nn.Linear(c.width, 4))
        self.valid = nn.Linear(c.width, 1)
        for parameter in (*self.encoder.parameters(), *self.decoder.parameters()):
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
        # Every crop starts at its own, or at its anchor's reference point, half as wide and high.
        for parameter in self.box[-1].parameters():
            nn.init.zeros_(parameter)
        # Few crops are good: starting there keeps the focal loss from being swamped.
        nn.init.constant_(self.valid.bias, -math.log((1 - _PRIOR) / _PRIOR))

    def forward(self, levels: Levels, photo_ratio: Tensor | None = None) -> CropSet:
        """Crops of photos of one shape: (B, N, 4) and (B, N), N anchors.

        ``photo_ratio`` (B,) is width over height, wanted where the config says so.
        """
        return self.layers(levels, photo_ratio)[-1]

    def layers(self, levels: Levels, photo_ratio: Tensor | None = None) -> tuple[CropSet, ...]:
        """The crops after each decoder layer, the last one being the answer; training wants all."""
        features = self.reduce(levels.s32 if self.config.features == "s32" else levels.joined())
        cells = features.flatten(2).transpose(1, 2)
        height, width = features.shape[-2:]
        cell_place = cell_embedding(height, width, self.config.width, cells)
        for layer in self.encoder:
            cells = layer(cells, cell_place)

        anchors = self.anchors.weight
        start = self._start(anchors)
        point_place = sine_embedding(start[:, :2].sigmoid(), self.config.width)[None]
        content = self._blank(photo_ratio, cells)
        answers = []
        for index, layer in enumerate(self.decoder):
            place = point_place * self.place_scale(content) if index else point_place
            content = layer(content, anchors, place, cells, cell_place)
            answers.append(self._read(self.norm(content), start))
        return tuple(answers)

    def _start(self, anchors: Tensor) -> Tensor:
        """Where every crop starts, centre and size before the sigmoid: (N, 4)."""
        if self.start is not None:
            return self.start
        assert self.reference is not None
        return F.pad(self.reference(anchors), (0, 2))

    def _blank(self, photo_ratio: Tensor | None, cells: Tensor) -> Tensor:
        """What an anchor knows before it has seen the photo: (B, N, d)."""
        shape = (cells.shape[0], self.config.anchors, self.config.width)
        content = cells.new_zeros(shape)
        if self.content is not None:
            content = content + self.content.weight
        if self.ratio is None:
            return content
        if photo_ratio is None:
            raise ValueError("This setpred head also wants the photo's ratio.")
        return content + self.ratio(photo_ratio.to(cells.dtype).log()[:, None, None])

    def _read(self, content: Tensor, start: Tensor) -> CropSet:
        shift, validity = _widened(self.box(content)), _widened(self.valid(content))
        return CropSet((shift + _widened(start)).sigmoid(), validity.squeeze(-1))


def _widened(x: Tensor) -> Tensor:
    """Half precision as float32; float64 as it is."""
    return x if x.dtype == torch.float64 else x.float()


def valid_crops(crops: CropSet, index: int = 0) -> ValidCrops:
    """The crops of photo ``index`` of a batch, best first."""
    boxes, validity = crops.boxes[index], crops.validity[index]
    return ValidCrops.ranked(boxes.detach().cpu().numpy(), validity.detach().cpu().numpy())
