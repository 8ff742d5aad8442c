"""The methods behind one interface: prepare a photo once, then score any number of crops."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.engine.calibration import Calibration
from cropcore.engine.window_search import (
    CropRequest,
    Score,
    all_windows,
    best_first,
    promising_windows,
    two_stage_search,
)
from cropcore.errors import WeightsError
from cropcore.geometry.boxes import Boxes
from cropcore.geometry.windows import grid_anchors
from cropcore.models.asm import AsmConfig, AsmHead
from cropcore.models.asm_fast import AsmTable
from cropcore.models.crop_batch import CropBatch
from cropcore.models.encoder import Levels
from cropcore.models.gaic import GaicConfig, GaicHead, facts_of_shares
from cropcore.models.gaze_shares import gaze_shares
from cropcore.models.mars import MarsConfig, MarsHead
from cropcore.models.mars_decode import best_window, median_window
from cropcore.models.mars_fast import AreaMaps
from cropcore.models.region_layer import Regions, RegionWeights
from cropcore.models.setpred import SetpredConfig, SetpredHead, ValidCrops
from cropcore.models.sfrc import SfrcConfig, SfrcHead, SfrcPrepared
from cropcore.models.sfrc_fast import SpatialTable
from cropcore.models.weights import WeightsRecord, load_weights, read_record

ExactMask = Callable[[Tensor], Tensor]
"""From rough scores (N,) to which crops (N,) must have exact ones."""

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
    def score(self, prepared: Any, crops: CropBatch, circles: bool) -> Tensor:
        """Scores (N,)."""

    def screened(self, prepared: Any, crops: CropBatch, circles: bool, wanted: ExactMask) -> Tensor:
        """Scores (N,), which may be rough for those that are not wanted."""
        return self.score(prepared, crops, circles)

    def propose(self, prepared: Any, request: CropRequest) -> Boxes:
        """Crops of its own (N, 4), none with most methods; tightness and protection do not count."""
        return np.zeros((0, 4))

    def scored_windows(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) that suggestions start from, and their scores (N,), given by ``score``."""
        return all_windows(request, score)

    def best(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The crops (N, 4) as the method's paper finds them, best first, and their scores (N,)."""
        return two_stage_search(score, request.windows, request.photo_ratio, request.ratio)


class _AmongAnchors(Method):
    """A method whose paper scores grid anchors."""

    def best(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Among grid anchors, where any ratio is allowed."""
        if request.ratio is not None:
            return super().best(prepared, request, score)
        return best_first(request.among(grid_anchors(request.photo_ratio)), score)


@dataclass(frozen=True, eq=False, slots=True)
class GaicPrepared:
    """What all crops of a photo share for gaic: its regions, and the gaze (1, 1, h, w) if wanted."""

    regions: Regions
    gaze: Tensor | None


class Gaic(_AmongAnchors):
    """Grid anchor based image cropping; a circle counts as its square."""

    name = "gaic"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: GaicHead = GaicHead(GaicConfig(**config))

    @cached_property
    def _weights(self) -> RegionWeights:
        return RegionWeights.of(self.head.large_kernel, self.head.config.bins)

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> GaicPrepared:
        """Reduced features with the gaze as one more channel, as regions."""
        joined = levels.joined()
        seen = _resized(gaze, joined) if self.head.config.gaze else None
        return GaicPrepared(Regions(self.head.prepare(joined, seen), self._weights), seen)

    def score(self, prepared: GaicPrepared, crops: CropBatch, circles: bool) -> Tensor:
        """Scores (N,)."""
        facts = _facts(self.head.config.geometry, prepared.gaze, crops)
        return self.head.judge(prepared.regions(crops), facts)

    def screened(
        self, prepared: GaicPrepared, crops: CropBatch, circles: bool, wanted: ExactMask
    ) -> Tensor:
        """Scores (N,), by a sketch of the first layer for those not wanted."""
        facts = _facts(self.head.config.geometry, prepared.gaze, crops)
        pooled, outside = prepared.regions.pooled(crops), prepared.regions.outside(crops)
        scores = self.head.judge(prepared.regions.sketched(pooled).add_(outside), facts)
        which = wanted(scores)
        exact = prepared.regions.exact(pooled[which]).add_(outside[which])
        scores[which] = self.head.judge(exact, [fact[which] for fact in facts])
        return scores


class Asm(Method):
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    name = "asm"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: AsmHead = AsmHead(AsmConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> AsmTable:
        """The score map (1, L, H, W), and its sums."""
        return AsmTable(self.head(levels.joined()), self.head.config.pattern)

    def score(self, prepared: AsmTable, crops: CropBatch, circles: bool) -> Tensor:
        """Scores (N,)."""
        if circles:
            boxes, photo_ratio = crops.boxes[None], crops.photo_ratio
            return self.head.score(prepared.score_map, boxes, photo_ratio, circles)[0]
        scores, prior = prepared.scores(crops), self.head.prior
        return scores if prior is None else scores + prior.of_facts(crops.facts)


@dataclass(frozen=True, eq=False, slots=True)
class SfrcScene:
    """What all crops of a photo share for sfrc: its regions, and its spatial part if any."""

    prepared: SfrcPrepared
    regions: Regions
    spatial: SpatialTable | None


class Sfrc(_AmongAnchors):
    """Spatial-aware feature and rank consistency; a circle counts as its square."""

    name = "sfrc"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: SfrcHead = SfrcHead(SfrcConfig(**config))

    @cached_property
    def _weights(self) -> RegionWeights:
        return RegionWeights.of(self.head.large_kernel, self.head.config.bins)

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> SfrcScene:
        """Reduced features as regions, and the maps' part of the first convolution."""
        prepared = self.head.prepare(levels, _resized(gaze, levels.s16))
        spatial = None
        if self.head.spatial is not None and prepared.shared is not None:
            spatial = SpatialTable(self.head.spatial, prepared.shared)
        return SfrcScene(prepared, Regions(prepared.reduced, self._weights), spatial)

    def score(self, prepared: SfrcScene, crops: CropBatch, circles: bool) -> Tensor:
        """Scores (N,)."""
        seen = prepared.regions(crops)
        spatial = None if prepared.spatial is None else prepared.spatial.features(crops.boxes)
        facts = _facts(self.head.config.geometry, prepared.prepared.gaze, crops)
        return self.head.score(self.head.joined(seen, spatial, facts))

    def scored_windows(
        self, prepared: Any, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Some hundred windows, for a crop takes it most of a millisecond."""
        return promising_windows(request, score)


class Mars(Method):
    """The area map generated for a crop's own ratio; a circle counts as its square."""

    name = "mars"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: MarsHead = MarsHead(MarsConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> AreaMaps:
        """Everything that does not depend on the ratio."""
        return AreaMaps(self.head, self.head.prepare(levels))

    def score(self, prepared: AreaMaps, crops: CropBatch, circles: bool) -> Tensor:
        """Soft IoU (N,) with the area map of their ratio, in [0, 1]."""
        return prepared.scores(crops.boxes, crops.photo_ratio)

    def area_map(self, prepared: AreaMaps, ratio: float) -> NDArray[np.float32]:
        """The area map (h, w) in [0, 1] of one pixel ratio."""
        device = next(self.head.parameters()).device
        wanted = torch.tensor([ratio], dtype=torch.float32, device=device)
        return np.asarray(prepared(wanted)[0].float().cpu().numpy())

    def propose(self, prepared: AreaMaps, request: CropRequest) -> Boxes:
        """Of a given ratio the window that suits its area map best."""
        if request.ratio is None:
            return super().propose(prepared, request)
        area_map = self.area_map(prepared, request.ratio)
        return best_window(area_map, request.ratio, request.photo_ratio)[None]

    def scored_windows(
        self, prepared: AreaMaps, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All windows, and its own one."""
        boxes = request.among(np.concatenate([request.windows, self.propose(prepared, request)]))
        return boxes, score(boxes)

    def best(
        self, prepared: AreaMaps, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Of a given ratio the one crop of section 3.4: medians of what passes the threshold."""
        if request.ratio is None:
            return best_first(request.windows, score)
        area_map = self.area_map(prepared, request.ratio)
        box = median_window(area_map, request.ratio, request.photo_ratio)[None]
        return box, score(box)


class Setpred(Method):
    """Cropping as set prediction: crops of its own, each with its validity; a circle as its square."""

    name = "setpred"

    def __init__(self, config: dict[str, Any]) -> None:
        self.head: SetpredHead = SetpredHead(SetpredConfig(**config))

    def prepare(self, levels: Levels, gaze: Tensor, photo_ratio: Tensor) -> ValidCrops:
        """Its crops of the photo, best first."""
        return ValidCrops.of_photo(self.head(levels, photo_ratio))

    def score(self, prepared: ValidCrops, crops: CropBatch, circles: bool) -> Tensor:
        """The largest validity x IoU over its crops, (N,) in [0, 1]."""
        return torch.from_numpy(prepared.score(crops.boxes.double().cpu().numpy()))

    def propose(self, prepared: ValidCrops, request: CropRequest) -> Boxes:
        """Its crops, fitted to the wanted ratio."""
        return prepared.fitted(request.ratio, request.photo_ratio).boxes

    def scored_windows(
        self, prepared: ValidCrops, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """Its own crops alone."""
        boxes = request.among(self.propose(prepared, request))
        return boxes, score(boxes)

    def best(
        self, prepared: ValidCrops, request: CropRequest, score: Score
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The valid ones that differ from one another."""
        chosen = prepared.fitted(request.ratio, request.photo_ratio).select()
        return chosen.boxes, chosen.validity


_KINDS: dict[str, type[Any]] = {kind.name: kind for kind in (Gaic, Asm, Sfrc, Mars, Setpred)}


def _resized(gaze: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(gaze, like.shape[-2:], mode="area")


def _facts(geometry: bool, gaze: Tensor | None, crops: CropBatch) -> list[Tensor]:
    """Facts (N, any) of crops: of their geometry, and of the gaze (1, 1, h, w) if any."""
    facts = [crops.facts] if geometry else []
    if gaze is not None:
        facts.append(facts_of_shares(*gaze_shares(gaze, crops), crops.boxes))
    return facts


def build(name: str, config: dict[str, Any]) -> Method:
    """An untrained method from the settings of its weights record."""
    if name not in _KINDS:
        raise ValueError(f"{name!r} is no method.")
    made: Method = _KINDS[name](config)
    return made


def load_method(
    name: str, folder: Path, device: torch.device
) -> tuple[Method, Calibration, WeightsRecord]:
    """A trained method, its constants and its record.

    Raises:
        WeightsError: the files are missing, altered or do not fit.
    """
    record = read_record(name, folder)
    try:
        method, calibration = build(name, record.config), Calibration.from_record(record.decoding)
    except (TypeError, ValueError) as error:
        raise WeightsError(
            "{name}.json does not suit this version ({reason}). Update or reinstall Cropsight.",
            name=name,
            reason=str(error),
        ) from error
    load_weights(method.head, record, folder)
    method.head.eval().to(device)
    return method, calibration, record


def crop_batch(boxes: Boxes, photo_ratio: float, device: torch.device) -> CropBatch:
    """Boxes (N, 4) of a photo as the methods take them."""
    tensor = torch.from_numpy(np.array(boxes, dtype=np.float32)).to(device)
    return CropBatch(tensor, torch.tensor([photo_ratio], dtype=torch.float32, device=device))


def score_boxes(
    method: Method,
    prepared: Any,
    crops: CropBatch,
    circles: bool,
    wanted: Callable[[NDArray[np.float64]], NDArray[np.bool_]] | None = None,
) -> NDArray[np.float64]:
    """Scores (N,) of crops, in chunks; with ``wanted``, rough ones where it says no."""
    if len(crops) == 0:
        return np.zeros(0)
    if wanted is not None:

        def chosen(rough: Tensor) -> Tensor:
            return torch.from_numpy(wanted(rough.double().cpu().numpy())).to(rough.device)

        scores = method.screened(prepared, crops, circles, chosen)
        return np.asarray(scores.double().cpu().numpy())
    parts = [
        method.score(prepared, part, circles).double().cpu().numpy() for part in crops.parts(CHUNK)
    ]
    return np.concatenate(parts)
