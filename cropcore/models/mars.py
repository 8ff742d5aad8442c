"""mars: Learning to Learn Cropping Models for Different Aspect Ratio Requirements
(Li, Zhang, Huang; CVPR 2020).

Two layers of the network are generated from the wanted ratio: a matrix that turns the photo's
global feature into one for this ratio (ARS-FTM), and the pixel-wise predictor of the crop's area
(ARS-PWP).

Where the text is silent: generated layers have no bias of their own; ReLU stands between the
deconvolutions and not before the predictor; all deconvolutions have as many channels going in as
coming out, so that another number than the features' needs one more linear layer (table 6 then holds,
with 6.15 M where it has 6.2); the interpolation is clamped at the ends of the table; generators start so
that what they generate has the variance of an ordinary layer.

A new ratio costs next to nothing, by three exact identities. The global feature is folded into the
generator of the ARS-FTM, whose output is linear in both. A 2x2 deconvolution of stride 2 sees each
place alone, so the first one of (features + f_ars) is that of the features, done once, plus four
vectors. The last one and the generated predictor are one linear map of four outputs a place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

from cropcore.models.encoder import Levels
from cropcore.models.region_ops import axis_coverage
from cropcore.models.trunks import TRUNKS

FEATURES = TRUNKS["mobilenet_v2"].mars_channels
PLACE_FACTS = 5
_RATIOS_AT_ONCE = 32
_CROPS_AT_ONCE = 512
_RATIO_STEPS = 10_000


@dataclass(frozen=True, slots=True)
class MarsConfig:
    """Sizes and switches of the head; the defaults are the paper's (5.6 M with ``features[:13]``).

    Attributes:
        embeddings: rows of the ratio table, an odd number.
        widest: the table spans [1 / widest, widest], evenly in log space.
        dimension: length of an embedding and width of the meta-learner's layers.
        layers: fully connected layers between embedding and generators.
        ratio_input: what the meta-learner sees: the interpolated embedding, the nearest one, or the
            ratio's value itself (the rows of the paper's table 4, in reverse).
        transform: generate the ARS-FTM; without it f_ars is f_ara.
        predictor: generate the ARS-PWP; without it the predictor is learnt once for all ratios.
        upsampling: deconvolutions, each doubling the side; 2 gives a quarter of the net input.
        channels: channels of every deconvolution; where the features have others, a 1x1 convolution
            brings them to it first.
        activate_last: ReLU after the last deconvolution too; a new ratio then costs far more.
        joined: stand on strides 8, 16 and 32, mixed by two layers, instead of c4_6 (not in the
            paper).
        place: show every place where it lies and the shape of the photo (not in the paper).
        smooth_start: neighbouring ratios start with neighbouring embeddings (not in the paper).
        trunk: the trunk whose features it stands on, one of ``trunks.TRUNKS``.
    """

    embeddings: int = 101
    widest: float = 2.0
    dimension: int = 512
    layers: int = 1
    ratio_input: Literal["interpolated", "nearest", "value"] = "interpolated"
    transform: bool = True
    predictor: bool = True
    upsampling: int = 2
    channels: int = 96
    activate_last: bool = False
    joined: bool = False
    place: bool = False
    smooth_start: bool = False
    trunk: str = "mobilenet_v2"

    @property
    def features(self) -> int:
        """Channels of the features that f_ars is added to."""
        return TRUNKS[self.trunk].mars_channels

    def __post_init__(self) -> None:
        if self.embeddings < 3 or self.embeddings % 2 == 0:
            raise ValueError(f"The ratio table has an odd number of rows, not {self.embeddings}.")
        if self.widest <= 1:
            raise ValueError(f"The widest ratio of the table exceeds 1, unlike {self.widest}.")


SHIPPED = MarsConfig(embeddings=201, widest=4.0, joined=True, place=True, smooth_start=True)
"""The product's settings: the paper's log step on [1/4, 4], as 15.7 % of crops pass 2:1."""


class RatioEmbedding(nn.Module):
    """Embeddings of ratios: a trainable table, read by interpolation in log space (Eq. 7)."""

    def __init__(self, config: MarsConfig) -> None:
        super().__init__()
        self.nearest = config.ratio_input == "nearest"
        self.log_widest = math.log(config.widest)
        self.step = 2 * self.log_widest / (config.embeddings - 1)
        table = torch.randn(config.embeddings, config.dimension)
        if config.smooth_start:
            # Random Fourier features: unit variance, and alike within about half an octave.
            log_ratios = torch.linspace(-self.log_widest, self.log_widest, config.embeddings)
            waves = torch.randn(config.dimension) * 2
            phases = torch.rand(config.dimension) * 2 * math.pi
            table = math.sqrt(2) * torch.cos(log_ratios[:, None] * waves + phases)
        self.table = nn.Parameter(table)

    def forward(self, ratio: Tensor) -> Tensor:
        """Embeddings (..., dimension) of pixel ratios (...); beyond the table, its ends."""
        place = (ratio.log() + self.log_widest) / self.step
        place = place.clamp(0, len(self.table) - 1)
        if self.nearest:
            return self.table[place.round().long()]
        lower = place.floor().clamp_max(len(self.table) - 2)
        share = (place - lower)[..., None]
        index = lower.long()
        return self.table[index] * (1 - share) + self.table[index + 1] * share


class MetaLearner(nn.Module):
    """From a ratio to generated parameters: a shared code and two linear outputs (Eq. 5, Eq. 6)."""

    def __init__(self, config: MarsConfig, predictor_width: int) -> None:
        super().__init__()
        by_value = config.ratio_input == "value"
        self.embedding = None if by_value else RatioEmbedding(config)
        width = 1 if by_value else config.dimension
        layers: list[nn.Module] = []
        for _ in range(config.layers):
            linear = nn.Linear(width, config.dimension)
            nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
            nn.init.zeros_(linear.bias)
            layers += [linear, nn.ReLU()]
            width = config.dimension
        self.layers = nn.Sequential(*layers)
        features = config.features
        self.to_transform = _generator(width, features, features) if config.transform else None
        self.to_predictor = _generator(width, predictor_width, 1) if config.predictor else None

    def forward(self, ratio: Tensor) -> Tensor:
        """Codes (..., D) of pixel ratios (...), from which the parameters are generated."""
        seen = ratio[..., None] if self.embedding is None else self.embedding(ratio)
        return self.layers(seen)


@dataclass(frozen=True, eq=False, slots=True)
class MarsPrepared:
    """What all ratios of a photo share.

    Attributes:
        base: features (B, C, h, w), after the first deconvolution where there is one.
        offset: (B, 96), the part of f_ars that no ratio changes.
        turn: (B, 96, D) or None; f_ars of a code is ``turn @ code + offset``.
    """

    base: Tensor
    offset: Tensor
    turn: Tensor | None

    def photo(self, i: int) -> MarsPrepared:
        """The part of photo ``i`` alone, as a batch of one."""
        turn = None if self.turn is None else self.turn[i : i + 1]
        return MarsPrepared(self.base[i : i + 1], self.offset[i : i + 1], turn)


class MarsHead(nn.Module):
    """Predicts the area of the crop for any ratio; ``meta`` holds the two meta-learners."""

    def __init__(self, config: MarsConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or MarsConfig()
        trunk = TRUNKS[c.trunk]
        self.mix = _mixer(trunk.joined, c.features) if c.joined else None
        self.narrow = None
        if not c.joined and trunk.channels["s16_mid"] != c.features:
            self.narrow = nn.Conv2d(trunk.channels["s16_mid"], c.features, 1)
        self.place = nn.Conv2d(PLACE_FACTS, c.features, 1, bias=False) if c.place else None
        if self.place is not None:
            nn.init.zeros_(self.place.weight)
        width = c.channels if c.upsampling else c.features
        self.widen = nn.Conv2d(c.features, width, 1) if width != c.features else None
        widths = [width] * (1 + c.upsampling)
        self.deconvolutions = nn.ModuleList(
            _deconvolution(a, b, after_relu=i > 0) for i, (a, b) in enumerate(pairwise(widths))
        )
        self.meta = MetaLearner(c, widths[-1]) if c.transform or c.predictor else None
        self.fixed_predictor = None
        if not c.predictor:
            self.fixed_predictor = nn.Parameter(torch.randn(widths[-1]) / math.sqrt(widths[-1]))

    def prepare(self, levels: Levels) -> MarsPrepared:
        """Everything that does not depend on the ratio, once per photo."""
        x = levels.s16_mid if self.mix is None else self.mix(levels.joined())
        if self.narrow is not None:
            x = self.narrow(x)
        if self.place is not None:
            x = x + self.place(place_facts(x))
        f_ara = x.mean(dim=(2, 3))
        base = x if self.widen is None else self.widen(x)
        if len(self.deconvolutions):
            base = self.deconvolutions[0](base)
        generator = None if self.meta is None else self.meta.to_transform
        if generator is None:
            return MarsPrepared(base, f_ara, None)
        features = self.config.features
        turn = f_ara @ generator.weight.view(features, features, -1)
        offset = f_ara @ generator.bias.view(features, features).T
        return MarsPrepared(base, offset, turn.transpose(0, 1))

    def area_logits(self, prepared: MarsPrepared, ratio: Tensor) -> Tensor:
        """Area maps before the sigmoid (B, R, H/4, W/4) for R pixel ratios (B, R) of each photo."""
        if not torch.is_grad_enabled() and ratio.shape[1] > _RATIOS_AT_ONCE:
            parts = ratio.split(_RATIOS_AT_ONCE, dim=1)
            return torch.cat([self.area_logits(prepared, part) for part in parts], dim=1)
        code = None if self.meta is None else self.meta(ratio.to(prepared.base.dtype))
        f_ars = self.for_ratios(prepared, code, ratio.shape[1])
        logits = self._decode(self._raise(prepared.base, f_ars), self.predictor(code, ratio))
        return logits.unflatten(0, ratio.shape)

    def for_ratios(self, prepared: MarsPrepared, code: Tensor | None, count: int) -> Tensor:
        """f_ars (B, R, 96): the photo's feature for each of ``count`` ratios of codes (B, R, D)."""
        f_ars = prepared.offset[:, None].expand(-1, count, -1)
        if prepared.turn is not None and code is not None:
            f_ars = f_ars + code @ prepared.turn.transpose(1, 2)
        return f_ars

    def area_map(self, prepared: MarsPrepared, ratio: Tensor) -> Tensor:
        """Area maps (B, R, H/4, W/4) in [0, 1] for ratios (B, R): how surely a place is kept."""
        return self.area_logits(prepared, ratio).sigmoid()

    def score(self, prepared: MarsPrepared, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """Soft IoU (B, N) of boxes (B, N, 4) with the area map of each box's own ratio.

        ``photo_ratio`` (B,) is width over height. Ratios within 0.01 % of each other share a map.
        """
        size = boxes[..., 2:] - boxes[..., :2]
        logs = (size[..., 0] / size[..., 1] * photo_ratio[:, None]).log()
        scores = []
        for i, steps in enumerate((logs * _RATIO_STEPS).round()):
            ratios, which = steps.unique(return_inverse=True)
            maps = self.area_map(prepared.photo(i), (ratios / _RATIO_STEPS).exp()[None])[0]
            parts = zip(which.split(_CROPS_AT_ONCE), boxes[i].split(_CROPS_AT_ONCE), strict=True)
            scores.append(torch.cat([soft_iou(maps[w], b[:, None])[:, 0] for w, b in parts]))
        return torch.stack(scores)

    def _raise(self, base: Tensor, f_ars: Tensor) -> Tensor:
        """The first deconvolution of features + f_ars from that of features: (B*R, C, h, w)."""
        if not len(self.deconvolutions):
            return (base[:, None] + f_ars[..., None, None]).flatten(0, 1)
        f_ars = self.widened(f_ars)
        weight: Tensor = self.deconvolutions[0].get_parameter("weight")
        shift = (f_ars @ weight.flatten(1)).unflatten(-1, (weight.shape[1], 1, 2, 1, 2))
        cells = base.unflatten(3, (-1, 2)).unflatten(2, (-1, 2))[:, None]
        return (cells + shift).flatten(0, 1).flatten(4, 5).flatten(2, 3)

    def widened(self, f_ars: Tensor) -> Tensor:
        """The part of f_ars (..., features) in what the first deconvolution sees: (..., channels)."""
        return f_ars if self.widen is None else f_ars @ self.widen.weight.flatten(1).T

    def predictor(self, code: Tensor | None, ratio: Tensor) -> Tensor:
        """Weights of the pixel-wise predictor, (B*R, C)."""
        if self.meta is not None and self.meta.to_predictor is not None:
            return self.meta.to_predictor(code).flatten(0, 1)
        assert self.fixed_predictor is not None
        return self.fixed_predictor.expand(ratio.numel(), -1)

    def _decode(self, x: Tensor, predictor: Tensor) -> Tensor:
        """The remaining deconvolutions and the predictor: (K, C, h, w), (K, C) -> (K, H, W)."""
        count = len(self.deconvolutions)
        for i in range(1, count):
            x = torch.relu(x)
            if i == count - 1 and not self.config.activate_last:
                return _deconvolve_and_predict(x, self.deconvolutions[i], predictor)
            x = self.deconvolutions[i](x)
        if count and self.config.activate_last:
            x = torch.relu(x)
        return (predictor[:, None] @ x.flatten(2)).view(len(x), *x.shape[2:])


def place_facts(like: Tensor) -> Tensor:
    """Where each place of (B, C, h, w) lies, and the photo's shape: (B, 5, h, w) about one wide."""
    h, w = like.shape[-2:]
    y = ((torch.arange(h, device=like.device) + 0.5) / h * 2 - 1).to(like.dtype)[:, None]
    x = ((torch.arange(w, device=like.device) + 0.5) / w * 2 - 1).to(like.dtype)[None]
    # By tensors, as an exported graph keeps the shape free.
    wide, high = (torch.ones(side, device=like.device).sum() for side in (w, h))
    shape = (2 * (wide / high).log()).to(like.dtype)[None, None]
    facts = [fact.expand(h, w) for fact in (x, y, x * x, y * y, shape)]
    return torch.stack(facts).expand(len(like), -1, -1, -1)


def _generator(width: int, fan_in: int, outputs: int) -> nn.Linear:
    """A layer that generates ``outputs`` rows of ``fan_in`` weights of variance 1 / fan_in each."""
    layer = nn.Linear(width, fan_in * outputs)
    nn.init.normal_(layer.weight, std=1 / math.sqrt(width * fan_in))
    nn.init.zeros_(layer.bias)
    return layer


def _deconvolution(inputs: int, outputs: int, after_relu: bool) -> nn.ConvTranspose2d:
    layer = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
    # The default divides by the inputs of a convolution, four times as many as each output sees.
    nn.init.normal_(layer.weight, std=math.sqrt((2 if after_relu else 1) / inputs))
    nn.init.zeros_(layer.get_parameter("bias"))
    return layer


def _mixer(joined: int, features: int) -> nn.Sequential:
    first = nn.Conv2d(joined, features, 1)
    second = nn.Conv2d(features, features, 3, padding=1)
    for layer in (first, second):
        nn.init.kaiming_normal_(layer.weight)
    return nn.Sequential(first, nn.ReLU(inplace=True), second)


def _deconvolve_and_predict(x: Tensor, layer: nn.Module, predictor: Tensor) -> Tensor:
    weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
    four = torch.einsum("ko,iorc->krci", predictor, weight).flatten(1, 2)
    values = four @ x.flatten(2) + (predictor @ bias)[:, None, None]
    return nn.functional.pixel_shuffle(values.unflatten(-1, x.shape[2:]), 2)[:, 0]


def soft_iou(maps: Tensor, boxes: Tensor) -> Tensor:
    """IoU (B, N) of boxes (B, N, 4) with area maps (B, h, w): sum inside over (box + map - inside).

    Equals the ordinary IoU where a map is a box mask of whole pixels; a crop's fractional borders
    count exactly.
    """
    h, w = maps.shape[-2:]
    rows = axis_coverage(boxes[..., 1], boxes[..., 3], h)
    columns = axis_coverage(boxes[..., 0], boxes[..., 2], w)
    inside = ((rows @ maps) * columns).sum(-1)
    union = rows.sum(-1) * columns.sum(-1) + maps.sum(dim=(-2, -1))[..., None] - inside
    return inside / union.clamp_min(1e-6)
