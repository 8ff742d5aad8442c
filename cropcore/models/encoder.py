"""The shared convolutional trunk: MobileNetV2 to feature levels, one pass per photo.

All heads stand on this one encoder (Sandler et al., CVPR 2018). The nineteen
layers of the sfrc paper are ``features[0..18]``; the mars paper's "c4_6" is the output of
``features[12]``; gaic and sfrc use strides 8, 16 and 32. Weights that follow a paper may stand on
another trunk (:mod:`cropcore.models.trunks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.models.input_size import MEAN, STD, input_size
from cropcore.models.mobilenet import FoldedLayer
from cropcore.models.trunks import TRUNKS, trunk_layers

LAYERS = TRUNKS["mobilenet_v2"].layers
LEVEL_CHANNELS = TRUNKS["mobilenet_v2"].channels
LAYER_MAP_SIZE = 64
FROZEN_LAYERS = TRUNKS["mobilenet_v2"].frozen
"""Layers below this index keep their ImageNet weights; fine-tuning starts at stride 8."""


@dataclass(frozen=True, eq=False, slots=True)
class Levels:
    """What one encoder pass leaves for the heads; H and W are the net input's sides.

    Attributes:
        s8: (B, 32, H/8, W/8), output of ``features[6]``.
        s16_mid: (B, 96, H/16, W/16), output of ``features[12]``.
        s16: (B, 96, H/16, W/16), output of ``features[13]``.
        s32: (B, 320, H/32, W/32), output of ``features[17]``.
        layer_maps: (B, 19, 64, 64), the channel maximum of every layer, or None where not wanted.

    Channels and layers are MobileNetV2's; those of other trunks are in :data:`TRUNKS`.
    """

    s8: Tensor
    s16_mid: Tensor
    s16: Tensor
    s32: Tensor
    layer_maps: Tensor | None

    def joined(self) -> Tensor:
        """Strides 8, 16 and 32 brought to stride 16 and concatenated: (B, 448, H/16, W/16)."""
        size = self.s16.shape[-2:]
        fine = F.interpolate(self.s8, size, mode="bilinear", align_corners=False, antialias=True)
        coarse = F.interpolate(self.s32, size, mode="bilinear", align_corners=False)
        return torch.cat([fine, self.s16, coarse], dim=1)


JOINED_CHANNELS = TRUNKS["mobilenet_v2"].joined


def to_input(pixels: NDArray[np.uint8], sides: InputSides = PRODUCT) -> Tensor:
    """Normalise sRGB pixels (h, w, 3) uint8 to the net input (1, 3, H, W) float32 on the CPU."""
    return net_input(torch.from_numpy(np.require(pixels, requirements=["C", "W"])), sides)


def net_input(pixels: Tensor, sides: InputSides = PRODUCT) -> Tensor:
    """The net input (1, 3, H, W) float32 of sRGB pixels (h, w, 3) uint8, where they are."""
    width, height = input_size(pixels.shape[1], pixels.shape[0], sides)
    x = pixels.permute(2, 0, 1)[None].float()
    if x.shape[-2:] != (height, width):
        x = F.interpolate(x, (height, width), mode="bilinear", align_corners=False, antialias=True)
    mean, std = _normal(pixels.device)
    return (x - mean) / std


@lru_cache
def _normal(device: torch.device) -> tuple[Tensor, Tensor]:
    """Mean and deviation of colours 0-255, (1, 3, 1, 1) each: sent once to a device, not each time."""
    with torch.inference_mode(False):
        mean, std = (torch.tensor(v, device=device).view(1, 3, 1, 1) * 255 for v in (MEAN, STD))
    return mean, std


class Encoder(nn.Module):
    """A trunk without its classifier: MobileNetV2, or another of :data:`TRUNKS`."""

    def __init__(self, trunk: str = "mobilenet_v2") -> None:
        super().__init__()
        self.trunk = trunk
        self.facts = TRUNKS[trunk]
        self.features = trunk_layers(trunk)

    def forward(self, x: Tensor, layer_maps: bool = True) -> Levels:
        """Encode net inputs (B, 3, H, W), sides multiples of 32."""
        return self.forward_top(self.forward_bottom(x, layer_maps))

    def forward_bottom(self, x: Tensor, layer_maps: bool = True) -> tuple[Tensor, Tensor | None]:
        """The layers that are never fine-tuned: stride-8 features and their layer maps."""
        maps = []
        for layer in self.features[: self.facts.frozen]:
            x = layer(x)
            if layer_maps:
                maps.append(_channel_max(x))
        return x, torch.cat(maps, dim=1) if layer_maps else None

    def forward_top(self, bottom: tuple[Tensor, Tensor | None]) -> Levels:
        """The remaining layers, from what :meth:`forward_bottom` gave."""
        x, low_maps = bottom
        levels = {"s8": x}
        maps = [] if low_maps is None else [low_maps]
        facts = self.facts
        for index in range(facts.frozen, facts.layers):
            if index > facts.last and low_maps is None:
                break
            x = self.features[index](x)
            if low_maps is not None:
                maps.append(_channel_max(x))
            levels.update(dict.fromkeys(facts.levels.get(index, ()), x))
        return Levels(**levels, layer_maps=torch.cat(maps, dim=1) if maps else None)


class FoldedEncoder:
    """A trained MobileNetV2 for inference: what ``Encoder`` gives, to rounding, in half the time.

    ``dtype`` is that of its weights; inputs have the same, or autocast brings them to it.
    """

    def __init__(self, encoder: Encoder, dtype: torch.dtype = torch.float32) -> None:
        self._layers = [FoldedLayer(layer, dtype) for layer in encoder.features]

    def __call__(self, x: Tensor, layer_maps: bool = True) -> Levels:
        """Encode net inputs (B, 3, H, W), channels last, sides multiples of 32."""
        levels: dict[str, Tensor] = {}
        maps = []
        for index, layer in enumerate(self._layers):
            if index == LAYERS - 1 and not layer_maps:
                break
            x = layer(x)
            if layer_maps:
                maps.append(_channel_max(x))
            levels.update(dict.fromkeys(TRUNKS["mobilenet_v2"].levels.get(index, ()), x))
        return Levels(**levels, layer_maps=torch.cat(maps, dim=1) if maps else None)


def _channel_max(x: Tensor) -> Tensor:
    if x.is_cpu and x.shape[1] % 32 and x.is_contiguous(memory_format=torch.channels_last):
        # torch takes the maximum of channels that lie side by side number by number, unless they are
        # a multiple of 32. Halves are compared several numbers at once; odd ones overlap.
        half = (x.shape[1] + 1) // 2
        x = torch.maximum(x[:, :half], x[:, -half:]).contiguous()
    strongest = x.amax(dim=1, keepdim=True)
    side = (LAYER_MAP_SIZE, LAYER_MAP_SIZE)
    return F.interpolate(strongest, side, mode="bilinear", align_corners=False)
