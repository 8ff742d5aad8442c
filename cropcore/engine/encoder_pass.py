"""The encoder pass on torch: from resized photos to feature levels and saliency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from cropcore.engine.networks import Pixels
from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.models.detected_heads import DetectedHeads
from cropcore.models.encoder import Encoder, FoldedEncoder, Levels, to_input
from cropcore.models.head_detector import HeadDetector, find
from cropcore.models.saliency import SaliencyHead, density


@dataclass(frozen=True, eq=False, slots=True)
class EncodedPixels:
    """What a pass leaves of one photo.

    Attributes:
        levels: what the encoder left.
        gaze: (1, 1, h, w), where people look, as a density of mean 1; None without a gaze head.
        heads: persons' heads; None where no detector was loaded.
    """

    levels: Levels
    gaze: Tensor | None
    heads: DetectedHeads | None = None


class EncoderPass(Protocol):
    """Encodes photos' upright sRGB pixels (h, w, 3) uint8."""

    at_once: int
    """How many photos it likes to get together; more is right too."""

    @property
    def trouble(self) -> str:
        """What keeps it from its best; empty while nothing does."""

    def __call__(self, pixels: Sequence[Pixels]) -> list[EncodedPixels]:
        """What each photo gave, in their order."""


class PlainPass:
    """Photo by photo in float32: on a CPU several at once take no less time each."""

    at_once = 1
    trouble = ""

    def __init__(
        self,
        encoder: Encoder,
        saliency: SaliencyHead | None,
        device: torch.device,
        layer_maps: bool,
        heads: HeadDetector | None = None,
        sides: InputSides = PRODUCT,
    ) -> None:
        folds = encoder.trunk == "mobilenet_v2"
        self._encoder = FoldedEncoder(encoder) if folds else encoder
        # As the levels are, or its weights would be laid out anew for each photo.
        laid_out = torch.channels_last
        self._saliency = saliency.to(memory_format=laid_out) if saliency is not None else None
        self._sides = sides
        self._heads = heads.to(memory_format=torch.channels_last) if heads is not None else None
        self._device, self._layer_maps = device, layer_maps

    def __call__(self, pixels: Sequence[Pixels]) -> list[EncodedPixels]:
        """What each photo gave, in their order."""
        return [self._encoded(one) for one in pixels]

    def _encoded(self, pixels: Pixels) -> EncodedPixels:
        x = to_input(pixels, self._sides)
        x = x.to(self._device, memory_format=torch.channels_last)
        levels = self._encoder(x, self._layer_maps)
        heads = find(self._heads(levels))[0] if self._heads is not None else None
        gaze = density(self._saliency(levels)) if self._saliency is not None else None
        return EncodedPixels(levels, gaze, heads)
