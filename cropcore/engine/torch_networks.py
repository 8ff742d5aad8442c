"""The networks as torch computes them: on a graphics card, and where no graphs are there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.engine.encoder_pass import EncodedPixels, EncoderPass, PlainPass
from cropcore.engine.networks import CHUNK, EncodedPhoto, MethodNetwork, Pixels, Scores, Wanted
from cropcore.engine.weights_folder import ENCODER, HEADS, SALIENCY, WeightsFolder
from cropcore.errors import WeightsError
from cropcore.geometry.boxes import Boxes
from cropcore.models.asm import AsmConfig, AsmHead
from cropcore.models.asm_fast import AsmTable
from cropcore.models.crop_batch import CropBatch
from cropcore.models.crop_layout import CropLayout
from cropcore.models.encoder import Encoder
from cropcore.models.gaic import GaicConfig, GaicHead, facts_of_shares
from cropcore.models.gaze_shares import gaze_shares
from cropcore.models.head_detector import HeadDetector
from cropcore.models.mars import MarsConfig, MarsHead
from cropcore.models.mars_fast import AreaMaps
from cropcore.models.region_layer import Regions, RegionWeights
from cropcore.models.saliency import SaliencyHead
from cropcore.models.setpred import SetpredConfig, SetpredHead, valid_crops
from cropcore.models.sfrc import SfrcConfig, SfrcHead, SfrcPrepared
from cropcore.models.sfrc_fast import SpatialTable
from cropcore.models.valid_crops import ValidCrops
from cropcore.models.weights import WeightsRecord, load_weights


class TorchNetworks:
    """All networks of a folder of weights, on one device."""

    def __init__(
        self,
        folder: WeightsFolder,
        device: torch.device,
        encoder_pass: EncoderPass | None = None,
    ) -> None:
        """``encoder_pass`` is by default the one that suits the device.

        Raises:
            WeightsError: a file is missing or altered, or does not fit.
        """
        self._device = device
        self.device = device_title(device)
        self.methods: Mapping[str, MethodNetwork] = {
            name: _KINDS[name](loaded_head(folder.records[name], folder, device))
            for name in folder.methods
        }
        self._pass = encoder_pass or pass_for(*loaded_trunk(folder, device), folder, device)

    @property
    def at_once(self) -> int:
        """How many photos the encoder likes to get together: 1 on a CPU."""
        return self._pass.at_once

    @property
    def trouble(self) -> str:
        """What keeps the device from its best; empty while nothing does."""
        return self._pass.trouble

    @torch.inference_mode()
    def encode(self, pixels: Sequence[Pixels]) -> list[EncodedPhoto]:
        """One encoder pass."""
        return [_encoded(made) for made in self._pass(pixels)]

    def crops(self, boxes: Boxes, photo_ratio: float) -> CropBatch:
        """Boxes (N, 4) on the device."""
        return CropBatch.of(CropLayout(boxes, photo_ratio), self._device)

    @torch.inference_mode()
    def gaze_shares(self, photo: EncodedPhoto, crops: CropBatch) -> tuple[Scores, Scores]:
        """Shares of gaze inside crops, (N,), and cut by their borders, (N, 4).

        Raises:
            WeightsError: there is no gaze head.
        """
        if photo.features.gaze is None:
            raise WeightsError("These weights have no gaze head, which this looks at.")
        inside, borders = gaze_shares(photo.features.gaze, crops)
        return _numbers(inside), _numbers(borders)


def device_title(device: torch.device) -> str:
    """The device's name for a person, such as ``CPU`` or ``CUDA: NVIDIA RTX 4070``."""
    if device.type == "cuda":
        return f"CUDA: {torch.cuda.get_device_name(device)}"
    return {"cpu": "CPU", "mps": "Apple GPU"}[device.type]


def loaded_trunk(
    folder: WeightsFolder, device: torch.device
) -> tuple[Encoder, SaliencyHead | None, HeadDetector | None]:
    """The encoder, and saliency and the detector of heads where they are, in evaluation mode.

    Raises:
        WeightsError: a file is missing or altered, or does not fit.
    """
    encoder = Encoder(folder.trunk)
    saliency = SaliencyHead() if SALIENCY in folder.records else None
    heads = HeadDetector() if HEADS in folder.records else None
    parts: tuple[tuple[nn.Module | None, str], ...] = (
        (encoder, ENCODER), (saliency, SALIENCY), (heads, HEADS)
    )  # fmt: skip
    for module, name in parts:
        if module is not None:
            load_weights(module, folder.records[name], folder.path)
            module.eval().to(device)
    return encoder, saliency, heads


def pass_for(
    encoder: Encoder,
    saliency: SaliencyHead | None,
    heads: HeadDetector | None,
    folder: WeightsFolder,
    device: torch.device,
) -> EncoderPass:
    """The pass that suits a device and weights; modules are in evaluation mode and on the device."""
    if device.type != "cuda" or saliency is None or not folder.as_product:
        return PlainPass(encoder, saliency, device, folder.layer_maps, heads, folder.sides)
    # Imported here because nobody needs it on a CPU.
    from cropcore.engine.cuda_graphs import CudaCapture
    from cropcore.engine.cuda_pass import AcceleratedPass

    capture = CudaCapture(device)
    return AcceleratedPass(encoder, saliency, device, folder.layer_maps, capture, heads=heads)


def built_head(name: str, config: dict[str, Any]) -> nn.Module:
    """A method's untrained module from the settings of its weights record."""
    if name not in _HEADS:
        raise ValueError(f"{name!r} is no method.")
    head, settings = _HEADS[name]
    return head(settings(**config))


def loaded_head(record: WeightsRecord, folder: WeightsFolder, device: torch.device) -> nn.Module:
    """A method's trained module in evaluation mode.

    Raises:
        WeightsError: the file is missing or altered, or does not fit.
    """
    try:
        head = built_head(record.name, record.config)
    except (TypeError, ValueError) as error:
        raise WeightsError(
            "{name}.json does not suit this version ({reason}). Update or reinstall Cropsight.",
            name=record.name,
            reason=str(error),
        ) from error
    load_weights(head, record, folder.path)
    return head.eval().to(device)


def _encoded(made: EncodedPixels) -> EncodedPhoto:
    maps = made.levels.layer_maps
    return EncodedPhoto(
        made,
        None if made.gaze is None else _numbers(made.gaze[0, 0]),
        None if maps is None else _numbers(maps[0]),
        made.heads,
    )


def _numbers(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.float().cpu().numpy())


class _Network(ABC):
    """A method's module."""

    def __init__(self, head: Any) -> None:
        self.head = head

    @torch.inference_mode()
    def prepare(self, photo: EncodedPhoto, photo_ratio: float) -> Any:
        """What all crops of a photo share."""
        return self._prepared(photo.features, photo_ratio)

    @abstractmethod
    def score(self, prepared: Any, crops: CropBatch, circles: bool) -> Scores:
        """Scores (N,)."""

    def screened(self, prepared: Any, crops: CropBatch, circles: bool, wanted: Wanted) -> Scores:
        """Scores (N,): exact ones."""
        return self.score(prepared, crops, circles)

    @abstractmethod
    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> Any:
        """What all crops of a photo share."""


class _ScoresInChunks(_Network):
    """A method's module whose crops are scored in chunks."""

    @torch.inference_mode()
    def score(self, prepared: Any, crops: CropBatch, circles: bool) -> Scores:
        """Scores (N,)."""
        if len(crops) == 0:
            return np.zeros(0)
        parts = [_numbers(self._scored(prepared, part, circles)) for part in crops.parts(CHUNK)]
        return np.concatenate(parts)

    @abstractmethod
    def _scored(self, prepared: Any, crops: CropBatch, circles: bool) -> Tensor:
        """Scores (N,) of one chunk."""


@dataclass(frozen=True, eq=False, slots=True)
class GaicPrepared:
    """What all crops of a photo share for gaic: its regions, and the gaze (1, 1, h, w) if wanted."""

    regions: Regions
    gaze: Tensor | None


class TorchGaic(_ScoresInChunks):
    """Grid anchor based image cropping; a circle counts as its square."""

    head: GaicHead

    @cached_property
    def _weights(self) -> RegionWeights:
        return RegionWeights.of(self.head.large_kernel, self.head.config.bins).sketched()

    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> GaicPrepared:
        joined = made.levels.joined()
        seen = _gaze_for(self.head, made, joined)
        return GaicPrepared(Regions.of(self.head.prepare(joined, seen), self._weights), seen)

    def _scored(self, prepared: GaicPrepared, crops: CropBatch, circles: bool) -> Tensor:
        facts = _facts(self.head.config.geometry, prepared.gaze, crops)
        return self.head.judge(prepared.regions(crops), facts)

    @torch.inference_mode()
    def screened(
        self, prepared: GaicPrepared, crops: CropBatch, circles: bool, wanted: Wanted
    ) -> Scores:
        """Scores (N,), by a sketch of the first layer for those not wanted."""
        if len(crops) == 0:
            return np.zeros(0)
        facts = _facts(self.head.config.geometry, prepared.gaze, crops)
        scores = _numbers(self.head.judge(prepared.regions.sketched(crops), facts))
        which = np.flatnonzero(wanted(scores))
        index = torch.from_numpy(which).to(crops.boxes.device)
        scores[which] = self.score(
            prepared, CropBatch(crops.boxes[index], crops.photo_ratio), circles
        )
        return scores


class TorchAsm(_ScoresInChunks):
    """Composition and saliency aware score map; a circle is pooled over its disc."""

    head: AsmHead

    @property
    def pattern(self) -> str:
        """Its composition pattern."""
        return self.head.config.pattern

    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> AsmTable:
        return AsmTable.of(self.head(made.levels.joined()), self.pattern)

    def _scored(self, prepared: AsmTable, crops: CropBatch, circles: bool) -> Tensor:
        if circles:
            boxes, photo_ratio = crops.boxes[None], crops.photo_ratio
            return self.head.score(prepared.score_map, boxes, photo_ratio, circles)[0]
        scores, prior = prepared.scores(crops), self.head.prior
        return scores if prior is None else scores + prior.of_facts(crops.facts)

    def score_map(self, prepared: AsmTable) -> NDArray[np.float32]:
        """The aesthetic score map (L, H, W)."""
        return _numbers(prepared.score_map[0])


@dataclass(frozen=True, eq=False, slots=True)
class SfrcScene:
    """What all crops of a photo share for sfrc: its regions, and its spatial part if any."""

    prepared: SfrcPrepared
    regions: Regions
    spatial: SpatialTable | None


class TorchSfrc(_ScoresInChunks):
    """Spatial-aware feature and rank consistency; a circle counts as its square."""

    head: SfrcHead

    @cached_property
    def _weights(self) -> RegionWeights:
        return RegionWeights.of(self.head.large_kernel, self.head.config.bins)

    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> SfrcScene:
        gaze = _gaze_for(self.head, made, made.levels.s16)
        prepared = self.head.prepare(made.levels, gaze)
        spatial = None
        if self.head.spatial is not None and prepared.shared is not None:
            spatial = SpatialTable(self.head.spatial, prepared.shared)
        return SfrcScene(prepared, Regions.of(prepared.reduced, self._weights), spatial)

    def _scored(self, prepared: SfrcScene, crops: CropBatch, circles: bool) -> Tensor:
        seen = prepared.regions(crops)
        spatial = None if prepared.spatial is None else prepared.spatial.features(crops.boxes)
        facts = _facts(self.head.config.geometry, prepared.prepared.gaze, crops)
        return self.head.score(self.head.joined(seen, spatial, facts))

    def attention(self, prepared: SfrcScene) -> NDArray[np.float32] | None:
        """How much each layer counts, (M,); None where it looks at none."""
        found = prepared.prepared.attention
        return None if found is None else _numbers(found[0])


class TorchMars(_ScoresInChunks):
    """The area map generated for a crop's own ratio; a circle counts as its square."""

    head: MarsHead

    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> AreaMaps:
        return AreaMaps(self.head, self.head.prepare(made.levels))

    def _scored(self, prepared: AreaMaps, crops: CropBatch, circles: bool) -> Tensor:
        return prepared.scores(crops.boxes, crops.photo_ratio)

    @torch.inference_mode()
    def area_map(self, prepared: AreaMaps, ratio: float) -> NDArray[np.float32]:
        """The area map (h, w) in [0, 1] of one pixel ratio."""
        device = next(self.head.parameters()).device
        wanted = torch.tensor([ratio], dtype=torch.float32, device=device)
        return _numbers(prepared(wanted)[0])


class TorchSetpred(_Network):
    """Cropping as set prediction: crops of its own, each with its validity; a circle as its square."""

    head: SetpredHead

    def _prepared(self, made: EncodedPixels, photo_ratio: float) -> ValidCrops:
        ratio = torch.tensor([photo_ratio], dtype=torch.float32, device=made.levels.s32.device)
        return valid_crops(self.head(made.levels, ratio))

    def score(self, prepared: ValidCrops, crops: CropBatch, circles: bool) -> Scores:
        """The largest validity x IoU over its crops, (N,) in [0, 1]."""
        return prepared.score(crops.boxes.double().cpu().numpy())


_KINDS: dict[str, type[Any]] = {
    "gaic": TorchGaic,
    "asm": TorchAsm,
    "sfrc": TorchSfrc,
    "mars": TorchMars,
    "setpred": TorchSetpred,
}
_HEADS: dict[str, tuple[type[Any], type[Any]]] = {
    "gaic": (GaicHead, GaicConfig),
    "asm": (AsmHead, AsmConfig),
    "sfrc": (SfrcHead, SfrcConfig),
    "mars": (MarsHead, MarsConfig),
    "setpred": (SetpredHead, SetpredConfig),
}


def _gaze_for(head: GaicHead | SfrcHead, made: EncodedPixels, like: Tensor) -> Tensor | None:
    """The gaze at the size of ``like`` for a head that looks at it."""
    if not head.config.gaze or made.gaze is None:
        return None
    return F.interpolate(made.gaze, like.shape[-2:], mode="area")


def _facts(geometry: bool, gaze: Tensor | None, crops: CropBatch) -> list[Tensor]:
    """Facts (N, any) of crops: of their geometry, and of the gaze (1, 1, h, w) if any."""
    facts = [crops.facts] if geometry else []
    if gaze is not None:
        facts.append(facts_of_shares(*gaze_shares(gaze, crops), crops.boxes))
    return facts
