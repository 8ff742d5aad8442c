"""What the engine asks of trained networks, whatever computes them: torch, or ONNX graphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes
from cropcore.models.detected_heads import DetectedHeads

Pixels = NDArray[np.uint8]
Scores = NDArray[np.floating]

CHUNK = 1024
"""Crops scored at once, which bounds the memory of any number of them."""

Wanted = Callable[[Scores], NDArray[np.bool_]]
"""From rough scores (N,) to which crops (N,) must have exact ones."""


@dataclass(frozen=True, eq=False, slots=True)
class EncodedPhoto:
    """What one encoder pass leaves of a photo.

    Attributes:
        features: what the networks themselves make more of; theirs alone.
        gaze: (h, w) float32, where people look, as a density of mean 1; None without a gaze head.
        layer_maps: (L, 64, 64) float32, the channel maximum of every layer; None where not wanted.
        heads: persons' heads; None where no detector was loaded.
    """

    features: Any
    gaze: NDArray[np.float32] | None
    layer_maps: NDArray[np.float32] | None
    heads: DetectedHeads | None


class MethodNetwork(Protocol):
    """The network of one method."""

    def prepare(self, photo: EncodedPhoto, photo_ratio: float) -> Any:
        """What all crops of a photo share."""

    def score(self, prepared: Any, crops: Any, circles: bool) -> Scores:
        """Scores (N,) of crops, which come from ``Networks.crops``."""

    def screened(self, prepared: Any, crops: Any, circles: bool, wanted: Wanted) -> Scores:
        """Scores (N,), which may be rough for those that are not wanted."""


class AsmNetwork(MethodNetwork, Protocol):
    """That of asm."""

    @property
    def pattern(self) -> str:
        """Its composition pattern."""

    def score_map(self, prepared: Any) -> NDArray[np.float32]:
        """The aesthetic score map (L, H, W)."""


class SfrcNetwork(MethodNetwork, Protocol):
    """That of sfrc."""

    def attention(self, prepared: Any) -> NDArray[np.float32] | None:
        """How much each layer counts, (M,), the encoder's first; None where it looks at none."""


class MarsNetwork(MethodNetwork, Protocol):
    """That of mars."""

    def area_map(self, prepared: Any, ratio: float) -> NDArray[np.float32]:
        """The area map (h, w) in [0, 1] of one pixel ratio."""


class Networks(Protocol):
    """All networks of one folder of weights; one thread at a time."""

    device: str
    """For a person, such as ``CPU``."""

    methods: Mapping[str, MethodNetwork]
    """Those of the methods, by name; what setpred prepares are ``ValidCrops``."""

    @property
    def at_once(self) -> int:
        """How many photos :meth:`encode` likes to get together; more is right too."""

    @property
    def trouble(self) -> str:
        """What keeps the device from its best; empty while nothing does."""

    def encode(self, pixels: Sequence[Pixels]) -> list[EncodedPhoto]:
        """One encoder pass over photos' upright sRGB pixels (h, w, 3)."""

    def crops(self, boxes: Boxes, photo_ratio: float) -> Any:
        """Boxes (N, 4) as the networks take them: once for all that is asked of them."""

    def gaze_shares(self, photo: EncodedPhoto, crops: Any) -> tuple[Scores, Scores]:
        """Shares of gaze inside crops, (N,), and cut by their borders, (N, 4).

        Raises:
            WeightsError: there is no gaze head.
        """
