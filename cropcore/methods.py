"""The methods as the engine uses them: prepare a photo once, then score any number of crops."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.anchors import grid_anchors
from cropcore.decode import Decoding
from cropcore.encoder import Levels
from cropcore.errors import WeightsError
from cropcore.geometry import Boxes
from cropcore.heads.asm import AsmConfig, AsmHead
from cropcore.heads.gaic import GaicConfig, GaicHead
from cropcore.heads.mars import MarsConfig, MarsHead, MarsPrepared
from cropcore.heads.mars_decode import best_window, median_window
from cropcore.heads.setpred import SetpredConfig, SetpredHead, ValidCrops
from cropcore.heads.sfrc import SfrcConfig, SfrcHead, SfrcPrepared
from cropcore.search import ranked, two_stage_search
from cropcore.survey import Score, Wish, all_windows, promising_windows
from cropcore.weights import WeightsRecord, load_weights, read_record

CHUNK = 1024
"""Crops scored at once, which bounds the memory of any number of them."""


class Method(ABC):
    """One way to score crops; ``head`` holds its trained layers."""

    name: str
    head: nn.Module

    @abstractmethod
    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> Any:
        """What all crops of a photo share.

        ``gaze`` is a density (1, 1, h, w) of mean 1, ``photo_ratio`` (1,) width over height.
        """

    @abstractmethod
    def score(self, prepared: Any, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""

    def propose(self, prepared: Any, wish: Wish) -> Boxes:
        """Crops of its own (N, 4), none with most methods; tightness and protection do not count."""
        return np.zeros((0, 4))

    def survey(self, prepared: Any, wish: Wish, score: Score) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) that suggestions start from, and their scores (N,), given by ``score``."""
        return all_windows(wish, score)

    def best(self, prepared: Any, wish: Wish, score: Score) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) as the method's paper finds them, best first, and their scores (N,)."""
        return two_stage_search(score, wish.windows, wish.photo_ratio, wish.ratio)


class _AmongAnchors(Method):
    """A method whose paper scores grid anchors."""

    def best(self, prepared: Any, wish: Wish, score: Score) -> tuple[Boxes, NDArray[np.float64]]:
        """Among grid anchors, where any ratio is allowed."""
        if wish.ratio is not None:
            return super().best(prepared, wish, score)
        return ranked(wish.among(grid_anchors(wish.photo_ratio)), score)


class Gaic(_AmongAnchors):
    """Grid anchor based image cropping; a circle counts as its square."""

    name = "gaic"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: GaicHead = GaicHead(GaicConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> Tensor:
        """Reduced features (1, C, h, w), with the gaze as one more channel."""
        joined = levels.joined()
        if not self.head.config.gaze:
            return self.head.prepare(joined)
        return self.head.prepare(joined, _resized(gaze, joined))

    def score(self, prepared: Tensor, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""
        return self.head(prepared, boxes, photo_ratio)


class Asm(Method):
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    name = "asm"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: AsmHead = AsmHead(AsmConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> Tensor:
        """The score map (1, L, H, W)."""
        return self.head(levels.joined())

    def score(self, prepared: Tensor, boxes: Tensor, photo_ratio: Tensor, circles: bool) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""
        return self.head.score(prepared, boxes, photo_ratio, circles)


class Sfrc(_AmongAnchors):
    """Spatial-aware feature and rank consistency; a circle counts as its square."""

    name = "sfrc"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: SfrcHead = SfrcHead(SfrcConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> SfrcPrepared:
        """Reduced features and the maps' part of the first convolution."""
        return self.head.prepare(levels, _resized(gaze, levels.s16))

    def score(
        self, prepared: SfrcPrepared, boxes: Tensor, photo_ratio: Tensor, circles: bool
    ) -> Tensor:
        """Scores (1, N) of boxes (1, N, 4)."""
        return self.head(prepared, boxes, photo_ratio)

    def survey(self, prepared: Any, wish: Wish, score: Score) -> tuple[Boxes, NDArray[np.float64]]:
        """Some hundred windows, for a crop takes it most of a millisecond."""
        return promising_windows(wish, score)


class Mars(Method):
    """The area map generated for a crop's own ratio; a circle counts as its square."""

    name = "mars"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: MarsHead = MarsHead(MarsConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> MarsPrepared:
        """Everything that does not depend on the ratio."""
        return self.head.prepare(levels)

    def score(
        self, prepared: MarsPrepared, boxes: Tensor, photo_ratio: Tensor, circles: bool
    ) -> Tensor:
        """Soft IoU (1, N) of boxes (1, N, 4) with the area map of their ratio, in [0, 1]."""
        return self.head.score(prepared, boxes, photo_ratio)

    def area_map(self, prepared: MarsPrepared, ratio: float) -> NDArray[np.float32]:
        """The area map (h, w) in [0, 1] of one pixel ratio."""
        wanted = torch.tensor([[ratio]], device=prepared.base.device)
        return np.asarray(self.head.area_map(prepared, wanted)[0, 0].float().cpu().numpy())

    def propose(self, prepared: MarsPrepared, wish: Wish) -> Boxes:
        """Of a given ratio the window that suits its area map best."""
        if wish.ratio is None:
            return super().propose(prepared, wish)
        area_map = self.area_map(prepared, wish.ratio)
        return best_window(area_map, wish.ratio, wish.photo_ratio)[0][None]

    def survey(
        self, prepared: MarsPrepared, wish: Wish, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All windows, and its own one."""
        boxes = wish.among(np.concatenate([wish.windows, self.propose(prepared, wish)]))
        return boxes, score(boxes)

    def best(
        self, prepared: MarsPrepared, wish: Wish, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Of a given ratio the one crop of section 3.4: medians of what passes the threshold."""
        if wish.ratio is None:
            return ranked(wish.windows, score)
        area_map = self.area_map(prepared, wish.ratio)
        box = median_window(area_map, wish.ratio, wish.photo_ratio)[None]
        return box, score(box)


class Setpred(Method):
    """Cropping as set prediction: crops of its own, each with its validity; a circle as its square."""

    name = "setpred"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: SetpredHead = SetpredHead(SetpredConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> ValidCrops:
        """Its crops of the photo, best first."""
        return ValidCrops.of_photo(self.head(levels, photo_ratio))

    def score(
        self, prepared: ValidCrops, boxes: Tensor, photo_ratio: Tensor, circles: bool
    ) -> Tensor:
        """The largest validity x IoU over its crops, (1, N) in [0, 1], of boxes (1, N, 4)."""
        return torch.from_numpy(prepared.score(boxes[0].double().cpu().numpy()))[None]

    def propose(self, prepared: ValidCrops, wish: Wish) -> Boxes:
        """Its crops, fitted to the wanted ratio."""
        return prepared.fitted(wish.ratio, wish.photo_ratio).boxes

    def survey(
        self, prepared: ValidCrops, wish: Wish, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Its own crops alone."""
        boxes = wish.among(self.propose(prepared, wish))
        return boxes, score(boxes)

    def best(
        self, prepared: ValidCrops, wish: Wish, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The valid ones that differ from one another."""
        chosen = prepared.fitted(wish.ratio, wish.photo_ratio).select()
        return chosen.boxes, chosen.validity


_KINDS: dict[str, type[Any]] = {kind.name: kind for kind in (Gaic, Asm, Sfrc, Mars, Setpred)}


def _resized(gaze: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(gaze, like.shape[-2:], mode="area")


def build(name: str, config: dict[str, Any]) -> Method:
    """An untrained method from the settings of its weights record."""
    if name not in _KINDS:
        raise ValueError(f"{name!r} is no method.")
    made: Method = _KINDS[name](config)
    return made


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
