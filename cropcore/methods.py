"""The methods as the engine uses them: prepare a photo once, then score any number of crops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.encoder import Levels
from cropcore.errors import WeightsError
from cropcore.geometry import Boxes
from cropcore.heads.asm import AsmConfig, AsmHead
from cropcore.heads.gaic import GaicConfig, GaicHead
from cropcore.weights import WeightsRecord, load_weights, read_record

CHUNK = 1024
"""Crops scored at once, which bounds the memory of any number of them."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """Constants of a method, fitted on out-of-fold scores.

    Attributes:
        way: suggest the crops of highest expected IoU, or of the best score as the papers do: among
            grid anchors (gaic), or by a two-stage search (asm). Only the first has calibrated scores.
        free: softmax temperature where any ratio is allowed.
        ratio: softmax temperature where the ratio is given.
        cut: what it costs, in score, to cut through all of the gaze with the borders; chosen, not
            fitted: the overlap with people's crops hardly tells 1 from 6, but pairs do (asm).
        scores: calibration of expected IoU: two equally long tuples of knots, (from, to) in [0, 1].
        confidence: bias and slope of a logistic curve on the expected IoU of the first crop, giving
            the probability that its IoU with the person's crop is at least 0.7.
    """

    way: Literal["expected_iou", "grid_anchors", "two_stage"] = "expected_iou"
    free: float = 1.0
    ratio: float = 1.0
    cut: float = 4.0
    scores: tuple[tuple[float, ...], tuple[float, ...]] = ((0.0, 1.0), (0.0, 1.0))
    confidence: tuple[float, float] = (-7.0, 10.0)

    @classmethod
    def from_record(cls, values: dict[str, Any]) -> Decoding:
        """Read the ``decoding`` part of a weights record; absent constants keep their defaults."""
        kept = dict(values)
        if "scores" in kept:
            low, high = kept["scores"]
            kept["scores"] = (tuple(low), tuple(high))
        if "confidence" in kept:
            kept["confidence"] = tuple(kept["confidence"])
        return cls(**kept)

    def temperature(self, ratio: float | None) -> float:
        """The softmax temperature for a wanted ratio."""
        return self.free if ratio is None else self.ratio

    def calibrated(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores 0-100 from expected IoU (N,)."""
        return 100 * np.interp(expected, *self.scores)

    def trust(self, expected: float) -> float:
        """Probability in [0, 1] that a first crop of this expected IoU is near the person's."""
        bias, slope = self.confidence
        return float(1 / (1 + np.exp(-(bias + slope * expected))))


class Method(Protocol):
    """One way to score crops."""

    name: str

    @property
    def head(self) -> nn.Module:
        """The trained layers."""

    def prepare(self, levels: Levels, gaze: Tensor) -> Any:
        """What all crops of a photo share; ``gaze`` is a density (1, 1, h, w) of mean 1."""

    def score(self, prepared: Any, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""


class Gaic:
    """Grid anchor based image cropping; a circle counts as its square."""

    name = "gaic"

    def __init__(self, head: GaicHead) -> None:
        self.head: GaicHead = head

    def prepare(self, levels: Levels, gaze: Tensor) -> Tensor:
        """Reduced features (1, C, h, w), with the gaze as one more channel."""
        joined = levels.joined()
        if not self.head.config.gaze:
            return self.head.prepare(joined)
        return self.head.prepare(joined, F.interpolate(gaze, joined.shape[-2:], mode="area"))

    def score(self, prepared: Tensor, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""
        return self.head(prepared, boxes, photo_ratio)


class Asm:
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    name = "asm"

    def __init__(self, head: AsmHead) -> None:
        self.head = head

    def prepare(self, levels: Levels, gaze: Tensor) -> Tensor:
        """The score map (1, L, H, W)."""
        return self.head(levels.joined())

    def score(self, prepared: Tensor, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""
        return self.head.score(prepared, boxes, photo_ratio, circles)


def build(name: str, config: dict[str, Any]) -> Method:
    """An untrained method from the settings of its weights record."""
    if name == "gaic":
        return Gaic(GaicHead(GaicConfig(**config)))
    if name == "asm":
        return Asm(AsmHead(AsmConfig(**config)))
    raise ValueError(f"{name!r} is no method.")


def load_method(
    name: str, folder: Path, device: torch.device
) -> tuple[Method, Decoding, WeightsRecord]:
    """A trained method, its constants and its record.

    Raises:
        WeightsError: the files are missing, altered or do not fit.
    """
    record = read_record(name, folder)
    try:
        method, decoding = build(name, record.config), Decoding.from_record(record.decoding)
    except (TypeError, ValueError) as error:
        raise WeightsError(
            f"{name}.json does not suit this version ({error}). Update or reinstall Cropsight."
        ) from error
    load_weights(method.head, record, folder)
    method.head.eval().to(device)
    return method, decoding, record


def score_boxes(
    method: Method,
    prepared: Any,
    boxes: Boxes,
    photo_ratio: float,
    circles: bool,
    device: torch.device,
) -> NDArray[np.float64]:
    """Scores (N,) of boxes (N, 4), in chunks."""
    ratio = torch.tensor([photo_ratio], dtype=torch.float32, device=device)
    parts = []
    for start in range(0, len(boxes), CHUNK):
        chunk = np.ascontiguousarray(boxes[start : start + CHUNK], dtype=np.float32)
        tensor = torch.from_numpy(chunk).to(device)[None]
        parts.append(method.score(prepared, tensor, ratio, circles)[0].double().cpu().numpy())
    return np.concatenate(parts) if parts else np.zeros(0)
