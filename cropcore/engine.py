"""The cropping engine: encode a photo once, then suggest, score and explain crops of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cropcore.anchors import grid_anchors, windows
from cropcore.aspect import Aspect
from cropcore.crop import Box, Candidate, Crop, Map, Shape, Suggestions
from cropcore.decode import (
    SAME,
    SUPPORT,
    WindowDistribution,
    diverse_order,
    keeping,
    within_tightness,
)
from cropcore.device import device_title, pick_device
from cropcore.encoder import Encoder, Levels, to_input
from cropcore.errors import CropsightError, WeightsError
from cropcore.gaze import gaze_on_borders
from cropcore.geometry import WHOLE, Boxes, as_boxes, iou
from cropcore.heads.asm import theta
from cropcore.heads.saliency import SaliencyHead, density
from cropcore.methods import Decoding, Method, load_method, score_boxes
from cropcore.photo import Photo, net_pixels
from cropcore.search import two_stage_search
from cropcore.weights import load_weights, read_record, shipped_folder

METHODS = ("gaic", "asm")
MAPS = ("saliency", "content", "sensitivity")


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """A photo after one encoder pass: everything that any ratio, crop and map can reuse.

    Attributes:
        photo_width: pixels of the upright photo.
        photo_height: pixels of the upright photo.
    """

    photo_width: int
    photo_height: int
    levels: Levels
    gaze: Tensor
    memory: dict[Any, Any] = field(default_factory=dict)

    @property
    def photo_ratio(self) -> float:
        """Width over height."""
        return self.photo_width / self.photo_height


class CropEngine:
    """Loads the trained methods and answers with crops, scores and maps.

    One engine belongs to one thread at a time. It is deterministic: equal questions about equal
    photos get equal answers, and ties go to the earlier window.
    """

    def __init__(
        self,
        encoder: Encoder,
        saliency: SaliencyHead,
        methods: dict[str, tuple[Method, Decoding]],
        device: torch.device,
        device_note: str = "",
        weights_sha256: dict[str, str] | None = None,
    ) -> None:
        self._device = device
        self._encoder = encoder.eval().to(device).to(memory_format=torch.channels_last)
        self._saliency = saliency.eval().to(device)
        self._methods = methods
        self.device = device_title(device)
        self.device_note = device_note
        self.methods = tuple(methods)
        self.map_names = MAPS if "asm" in methods else MAPS[:1]
        self.weights_sha256 = weights_sha256 or {}

    @classmethod
    def load(cls, device: str = "auto", weights_dir: Path | None = None) -> CropEngine:
        """Load the shipped weights, or those of another folder.

        Raises:
            WeightsError: a file is missing, altered or was trained on another encoder.
            DeviceError: the wanted device is not on this machine.
        """
        target, note = pick_device(device)
        folder = weights_dir or shipped_folder()
        encoder, saliency = Encoder(), SaliencyHead()
        digests = {}
        for module, name in ((encoder, "encoder"), (saliency, "saliency")):
            record = read_record(name, folder)
            load_weights(module, record, folder)
            digests[name] = record.sha256
            _check_encoder(name, record.encoder_sha256, digests["encoder"])
        methods: dict[str, tuple[Method, Decoding]] = {}
        for name in METHODS:
            method, decoding, record = load_method(name, folder, target)
            _check_encoder(name, record.encoder_sha256, digests["encoder"])
            digests[name] = record.sha256
            methods[name] = (method, decoding)
        return cls(encoder, saliency, methods, target, note, digests)

    @torch.inference_mode()
    def encode(self, photo: Photo | NDArray[np.uint8]) -> Scene:
        """One encoder pass over a photo, or over upright sRGB pixels (h, w, 3) uint8.

        Raises:
            PhotoError: the photo cannot be read.
        """
        if isinstance(photo, Photo):
            pixels, width, height = net_pixels(photo), photo.width, photo.height
        else:
            pixels, height, width = photo, photo.shape[0], photo.shape[1]
        x = to_input(pixels).to(self._device, memory_format=torch.channels_last)
        levels = self._encoder(x, layer_maps=False)
        return Scene(width, height, levels, density(self._saliency(levels)))

    @torch.inference_mode()
    def suggest(
        self,
        scene: Scene,
        aspect: Aspect,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> Suggestions:
        """The best ``k`` crops of an aspect, best first, no two alike.

        Args:
            scene: from :meth:`encode`.
            aspect: the wanted shape. Where it allows the whole photo, that is one of the candidates.
            k: how many, at least 1; fewer come back where the photo leaves no room for more.
            method: one of ``methods``, or ``default``.
            tightness: 0 keeps most of the photo, 1 little of it, 0.5 is no preference.
            protect: areas that no suggestion may cut; where that is impossible, suggestions keep as
                many of them whole as they can.
        """
        name = self._name(method)
        _, decoding = self._methods[name]
        protected = as_boxes(np.reshape(protect, (-1, 4)))
        if decoding.way != "expected_iou":
            return self._best_scores(scene, aspect, k, name, tightness, protected)
        chances = self._distribution(scene, aspect, name, tightness, protect)
        choices = chances.choices[keeping(chances.choices, protected)]
        leaves_whole = tightness <= 0.5 and _admits_whole(scene, aspect)
        if leaves_whole:
            choices = np.concatenate([choices[iou(choices, WHOLE) < SAME], [WHOLE]])
        expected = chances.expected_iou(choices)
        order = diverse_order(choices, expected, k)
        if leaves_whole and len(choices) - 1 not in order and k > 1:
            order = np.append(order[: k - 1], len(choices) - 1)
            order = order[np.argsort(-expected[order], kind="stable")]
        raw = self._raw_scores(scene, choices[order], name, aspect.is_circle)
        shown = decoding.calibrated(expected[order])
        trust = decoding.trust(float(expected[order[0]]))
        return Suggestions(
            aspect, name, trust, _candidates(choices[order], aspect, name, raw, shown)
        )

    @torch.inference_mode()
    def score(
        self, scene: Scene, crops: Sequence[Crop], method: str = "default"
    ) -> NDArray[np.float64]:
        """The method's own score of each crop, less the cost of the gaze that its borders cut: (N,).

        Comparable within a photo only.
        """
        name = self._name(method)
        scores = np.zeros(len(crops))
        for circles in (False, True):
            index = [i for i, crop in enumerate(crops) if (crop.shape == "circle") == circles]
            if index:
                boxes = as_boxes([crops[i].box for i in index])
                scores[index] = self._raw_scores(scene, boxes, name, circles)
        return scores

    @torch.inference_mode()
    def window_scores(
        self, scene: Scene, aspect: Aspect, method: str = "default"
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All windows (N, 4) that suggestions of an aspect start from, and their raw scores (N,)."""
        ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
        name = self._name(method)
        key = ("windows", name, ratio, aspect.is_circle)
        if scene.memory.get("windows", (None,))[0] != key:
            boxes = windows(ratio, scene.photo_ratio)
            scores = self._raw_scores(scene, boxes, name, aspect.is_circle)
            scene.memory["windows"] = (key, boxes, scores)
        return scene.memory["windows"][1:]

    @torch.inference_mode()
    def calibrated(
        self,
        scene: Scene,
        crops: Sequence[Crop],
        aspect: Aspect,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
    ) -> NDArray[np.float64]:
        """Scores 0-100 of crops, (N,): expected IoU, in per cent, with what a person would choose.

        They are on the same scale as the candidates that :meth:`suggest` gives for the same wishes.
        """
        if not crops:
            return np.zeros(0)
        name = self._name(method)
        chances = self._distribution(scene, aspect, name, tightness, protect)
        expected = chances.expected_iou([crop.box for crop in crops])
        return self._methods[name][1].calibrated(expected)

    @torch.inference_mode()
    def maps(
        self, scene: Scene, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps by name, all of ``map_names`` where ``names`` is None.

        Raises:
            CropsightError: no map of that name.
        """
        made = {}
        for name in self.map_names if names is None else names:
            if name not in self.map_names:
                raise CropsightError(
                    f"There is no map {name!r}; choose from {', '.join(self.map_names)}."
                )
            made[name] = self._map(scene, name)
        return made

    def _best_scores(
        self,
        scene: Scene,
        aspect: Aspect,
        k: int,
        name: str,
        tightness: float,
        protected: Boxes,
    ) -> Suggestions:
        """Suggestions as the papers decode: by the best scores."""
        ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)

        def score(boxes: Boxes) -> NDArray[np.float64]:
            return self._raw_scores(scene, boxes, name, aspect.is_circle)

        anchors = self._methods[name][1].way == "grid_anchors" and ratio is None
        coarse = grid_anchors(scene.photo_ratio) if anchors else windows(ratio, scene.photo_ratio)
        coarse = coarse[within_tightness(coarse, tightness)]
        coarse = coarse[keeping(coarse, protected)]
        if anchors:
            scores = score(coarse)
            order = np.argsort(-scores, kind="stable")
            boxes, scores = coarse[order], scores[order]
        else:
            boxes, scores = two_stage_search(score, coarse, scene.photo_ratio, ratio)
        kept = keeping(boxes, protected)
        boxes, scores = boxes[kept][:SUPPORT], scores[kept][:SUPPORT]
        merits = (scores - scores[-1]) / max(scores[0] - scores[-1], 1e-12)
        order = diverse_order(boxes, merits, k)
        return Suggestions(
            aspect, name, 0.0, _candidates(boxes[order], aspect, name, scores[order], None)
        )

    def _map(self, scene: Scene, name: str) -> Map:
        if name == "saliency":
            values = F.interpolate(scene.gaze, scale_factor=2, mode="bilinear")[0, 0]
            # A single eye can hold thirty times the even gaze: its peak would leave all else dark.
            high = max(float(values.flatten().quantile(0.99)), 1.0)
            title, meaning = "Saliency", "Where people look; 1 is an even gaze over the photo"
            return Map(name, values.float().cpu().numpy(), 0.0, high, title, meaning)
        average, spread = theta(self._prepared(scene, "asm"))
        if name == "content":
            values, title = average[0], "Content"
            meaning = "What a crop gains by keeping this place; 0 is the mean of the photo"
            low = float(values.min())
        else:
            values, title = spread[0], "Sensitivity"
            meaning = "How much it matters where in the crop this place comes to lie"
            low = 0.0
        return Map(name, values.float().cpu().numpy(), low, float(values.max()), title, meaning)

    def _name(self, method: str) -> str:
        if method == "default":
            return self.methods[0]
        if method not in self._methods:
            raise CropsightError(
                f"There is no method {method!r}; choose from {', '.join(self.methods)}."
            )
        return method

    def _prepared(self, scene: Scene, name: str) -> Any:
        key = ("prepared", name)
        if key not in scene.memory:
            scene.memory[key] = self._methods[name][0].prepare(scene.levels, scene.gaze)
        return scene.memory[key]

    def _raw_scores(
        self, scene: Scene, boxes: Boxes, name: str, circles: bool
    ) -> NDArray[np.float64]:
        method, decoding = self._methods[name]
        prepared = self._prepared(scene, name)
        scores = score_boxes(method, prepared, boxes, scene.photo_ratio, circles, self._device)
        return scores - decoding.cut * self._gaze_cut(scene, boxes) if decoding.cut else scores

    def _gaze_cut(self, scene: Scene, boxes: Boxes) -> NDArray[np.float64]:
        """How much of what people look at the borders of boxes (N, 4) cut through: (N,) in [0, 1]."""
        tensor = torch.from_numpy(np.array(boxes, np.float32)).to(self._device)[None]
        return gaze_on_borders(scene.gaze, tensor)[0].sum(dim=-1).double().cpu().numpy()

    def _distribution(
        self,
        scene: Scene,
        aspect: Aspect,
        name: str,
        tightness: float,
        protect: Sequence[Box],
    ) -> WindowDistribution:
        ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
        key = ("chances", name, ratio, aspect.is_circle, tightness, tuple(protect))
        if scene.memory.get("chances", (None,))[0] == key:
            return scene.memory["chances"][1]
        boxes, scores = self.window_scores(scene, aspect, name)
        wanted = within_tightness(boxes, tightness)
        wanted[wanted] = keeping(boxes[wanted], as_boxes(np.reshape(protect, (-1, 4))))
        boxes, scores = boxes[wanted], scores[wanted]
        temperature = self._methods[name][1].temperature(ratio)
        chances = WindowDistribution.from_scores(
            boxes, scores, temperature, ratio, scene.photo_ratio
        )
        scene.memory["chances"] = (key, chances)
        return chances


def _check_encoder(name: str, wanted: str | None, found: str) -> None:
    if wanted is not None and wanted != found:
        raise WeightsError(
            f"The {name} weights were trained on another encoder. Reinstall Cropsight to get a "
            "matching set."
        )


def _admits_whole(scene: Scene, aspect: Aspect) -> bool:
    """Whether the whole photo has the wanted shape, but for the rounding of its sides."""
    ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
    if aspect.is_circle or ratio is None:
        return not aspect.is_circle
    rounding = min(1 / min(scene.photo_width, scene.photo_height), 0.01)
    return abs(ratio / scene.photo_ratio - 1) < rounding


def _candidates(
    boxes: Boxes,
    aspect: Aspect,
    name: str,
    raw: NDArray[np.float64],
    shown: NDArray[np.float64] | None,
) -> tuple[Candidate, ...]:
    shape: Shape = "circle" if aspect.is_circle else "rect"
    return tuple(
        Candidate(
            rank=i + 1,
            crop=Crop(_box(box), shape),
            score=None if shown is None else float(shown[i]),
            raw_score=float(raw[i]),
            proposed_by=name,
        )
        for i, box in enumerate(boxes)
    )


def _box(box: NDArray[np.float64]) -> Box:
    x1, y1, x2, y2 = (float(v) for v in box)
    return x1, y1, x2, y2
