"""The cropping engine: encode a photo once, then suggest, score and explain crops of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cropcore.engine.cascade import Terms
from cropcore.engine.crop_distribution import SAME, SUPPORT
from cropcore.engine.crop_ideas import ideas
from cropcore.engine.cut_areas import CutAreas
from cropcore.engine.device import device_title, pass_for, pick_device
from cropcore.engine.encoder_pass import EncodedPixels, EncoderPass
from cropcore.engine.load_weights import LoadedWeights, load_folder
from cropcore.engine.maps import explanation, map_names, map_of
from cropcore.engine.nested_crops import PLACED
from cropcore.engine.scene import Scene
from cropcore.engine.scorer import Scorer
from cropcore.engine.set_decoding import MOVED, SURVIVES, crop_set, slots
from cropcore.engine.window_search import CropRequest
from cropcore.errors import CropsightError, QuestionError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE, Boxes, area, as_boxes, fit_to_ratio, iou
from cropcore.geometry.crop import (
    Box,
    Candidate,
    Crop,
    Explanation,
    Map,
    Nested,
    Shape,
    Suggestions,
)
from cropcore.images.photo import Photo, net_pixels

HOLD = 0.03
"""By how much expected IoU another crop must be better to push aside the one shown before."""

ROOMY = 64
"""Crops, the best with all that is cut from them later, among which a set is decided then."""

WINDOWS, QUICK_WINDOWS = 192, 32
"""Grid windows that a set may take besides smoothed crops: at rest, and while a slider moves."""

PAPER_TEMPERATURE = 0.15
"""Of the softmax over merits in [0, 1] where a method finds its crops as its paper does."""


class CropEngine:
    """Loads the trained methods and answers with crops, scores and maps.

    One engine belongs to one thread at a time. It is deterministic: equal questions about equal
    photos get equal answers, and ties go to the earlier window.
    """

    def __init__(
        self,
        weights: LoadedWeights,
        device: torch.device,
        device_note: str = "",
        encoder_pass: EncoderPass | None = None,
    ) -> None:
        """``encoder_pass`` is by default the one that suits the device."""
        layer_maps = "sfrc" in weights.methods
        self._pass = encoder_pass or pass_for(
            weights.encoder, weights.saliency, device, layer_maps, weights.heads
        )
        self._scorer = Scorer(weights.methods, weights.cascade, device)
        self.device = device_title(device)
        self.device_note = device_note
        self.methods = self._scorer.names
        self.map_names = map_names(weights.methods)
        self.weights_sha256 = weights.sha256

    @classmethod
    def load(cls, device: str = "auto", weights_dir: Path | None = None) -> CropEngine:
        """Load the shipped weights, or those of another folder, which may lack some methods.

        The cascade is there where all methods are, and a rule to join them.

        Raises:
            WeightsError: a file is missing, altered or was trained on another encoder.
            DeviceError: the wanted device is not on this machine.
        """
        target, note = pick_device(device)
        return cls(load_folder(weights_dir, target), target, note)

    @torch.inference_mode()
    def encode(
        self, photo: Photo | NDArray[np.uint8], pixels: NDArray[np.uint8] | None = None
    ) -> Scene:
        """One encoder pass over a photo, or over upright sRGB pixels (h, w, 3) uint8.

        ``pixels`` are the photo's :func:`~cropcore.images.photo.net_pixels` where they are decoded already.

        Raises:
            PhotoError: the photo cannot be read.
        """
        if not isinstance(photo, Photo):
            return self._scene(photo.shape[1], photo.shape[0], self._pass([photo])[0])
        return self.encode_all([photo], [net_pixels(photo) if pixels is None else pixels])[0]

    @property
    def at_once(self) -> int:
        """How many photos :meth:`encode_all` likes to get together: 1 on a CPU."""
        return self._pass.at_once

    @property
    def trouble(self) -> str:
        """What keeps the device from its best; empty while nothing does."""
        return self._pass.trouble

    @torch.inference_mode()
    def encode_all(
        self, photos: Sequence[Photo], pixels: Sequence[NDArray[np.uint8]]
    ) -> list[Scene]:
        """As :meth:`encode` for several photos and their net pixels, faster on a graphics card."""
        pairs = zip(photos, self._pass(pixels), strict=True)
        return [self._scene(photo.width, photo.height, encoded) for photo, encoded in pairs]

    @staticmethod
    def _scene(width: int, height: int, encoded: EncodedPixels) -> Scene:
        heads = encoded.heads.boxes.tolist() if encoded.heads is not None else []
        return Scene(width, height, encoded.levels, encoded.gaze, tuple(map(tuple, heads)))

    @torch.inference_mode()
    def suggest(
        self,
        scene: Scene,
        aspect: Aspect,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
        refine: bool = True,
        near: Box | None = None,
        also: Sequence[Aspect] = (),
        heads: Sequence[Box] | None = None,
        before: Sequence[Box] = (),
    ) -> Suggestions:
        """``k`` crops of an aspect: the best one, then those that add most to the ones before them.

        Args:
            scene: from :meth:`encode`.
            aspect: the wanted shape. Where it allows the whole photo, that is among the ten.
            k: how many, at least 1; the first of ten that are decided together. Fewer come back where
                the photo leaves no room for more that differ.
            method: one of ``methods``, or ``default``.
            tightness: 0 keeps most of the photo, 1 little of it, 0.5 is no preference.
            protect: areas that no suggestion may cut, by its disc if it is a circle; where not all fit
                into one crop, suggestions hold as many of them whole as they can.
            refine: let the cascade ask sfrc too; without it the answer is quick, and raw scores are
                those of the quick rule, which :meth:`score` does not give.
            near: a crop shown before: of crops about equally good the one near it comes first.
            also: shapes that are to be cut from the crop later. The first is then the best with all
                of these, and the candidates hold the best crop of each.
            heads: persons' heads that no suggestion may cut, the largest and as many as fit; those
                that were found where it is None, none to be kept where it is empty.
            before: candidates shown before, in their order: crops that are like one of them stand in
                its place again, but for the first.

        Raises:
            QuestionError: ``k`` is less than 1, or ``tightness`` no number from 0 to 1.
            GeometryError: an area to protect is no box.
            CropsightError: no method of that name, or a shape to be cut later is ``free``.
        """
        if k < 1:
            raise QuestionError(f"At least 1 crop can be asked for, not {k}.")
        name = self._name(method)
        kept = scene.heads if heads is None else tuple(heads)
        # First, so that the memory of the scene is about the aspect itself afterwards.
        nested_search = self._scorer.nested_search(scene, aspect, also, name, protect, kept)
        calibration, request = (
            self._scorer.calibration(name),
            scene.request(aspect, tightness, protect, kept),
        )
        cuts = CutAreas(kept, tuple(protect), request)
        if calibration.way != "expected_iou":
            found = self._as_in_paper(scene, aspect, request, k, name, cuts)
            return found if nested_search is None else nested_search.filled(found)
        chances = self._scorer.distribution(scene, request, name, refine)
        choices = chances.choices
        if nested_search is not None:
            largest = 1.0 if tightness <= 0.5 else float(area(choices).max())
            choices = nested_search.more(choices, chances, largest)
        choices = _held(request, choices)
        leaves_whole = tightness <= 0.5 and _admits_whole(scene, aspect)
        if leaves_whole:
            choices = np.concatenate([choices[iou(choices, WHOLE) < SAME], [WHOLE]])
        expected = chances.expected_iou(choices)
        held = np.zeros(len(choices)) if near is None else HOLD * _overlap(choices, near, request)
        merits = held + (
            expected if nested_search is None else nested_search.joint(expected, choices)
        )
        first = int(np.argmax(merits))
        if nested_search is not None:
            # What is cut later is placed exactly for so many, that the first does not depend on k.
            leading = np.argsort(-merits, kind="stable")[:PLACED]
            exact = held[leading] + nested_search.joint(expected[leading], choices[leading], None)
            first = int(leading[np.argmax(exact)])
        windows, weights = self._scorer.set_windows(scene, request, name, refine)
        if nested_search is not None:
            # The others leave room for what is cut later too.
            roomy = np.argsort(-merits, kind="stable")[:ROOMY]
            roomy = np.union1d(roomy, [first, *([len(choices) - 1] if leaves_whole else [])])
            choices, first = choices[roomy], int(np.searchsorted(roomy, first))
        offered = choices
        if nested_search is None:
            likely = np.argsort(-weights, kind="stable")[: WINDOWS if refine else QUICK_WINDOWS]
            own = windows[likely]
            offered = np.concatenate([choices, own[request.holding(own)]])
        whole = [len(choices) - 1] if leaves_whole else []
        order = crop_set(offered, first, windows, weights, k, kept=whole)
        boxes = offered[order]
        boxes = boxes[slots(boxes, _refitted(before, request), SURVIVES if refine else MOVED)]
        expected = chances.expected_iou(boxes)
        shown = calibration.calibrated(expected)
        shown = cuts.lowered(shown, boxes, float(shown[cuts.none(boxes)].max(initial=0.0)))
        trust = calibration.trust(float(expected[0]))
        raw, proposers = self._scorer.opinions(scene, boxes, name, request, refine)
        candidates = _candidates(boxes, aspect, proposers, raw, shown)
        found = Suggestions(aspect, name, trust, _told(scene, boxes, candidates, cuts))
        return found if nested_search is None else nested_search.filled(found)

    @torch.inference_mode()
    def nested(
        self,
        scene: Scene,
        crop: Crop,
        aspect: Aspect,
        also: Sequence[Aspect],
        method: str = "default",
        protect: Sequence[Box] = (),
    ) -> tuple[Nested, ...]:
        """The best crops of other shapes inside a crop of an aspect; none of the aspect's own shape.

        Raises:
            CropsightError: no method of that name, or a shape is ``free``.
        """
        nested_search = self._scorer.nested_search(scene, aspect, also, self._name(method), protect)
        if nested_search is None:
            return ()
        return replace(nested_search, disc=crop.shape == "circle").best_inside(
            as_boxes([crop.box])
        )[0]

    @torch.inference_mode()
    def score(
        self, scene: Scene, crops: Sequence[Crop], method: str = "default"
    ) -> NDArray[np.float64]:
        """The method's own score of each crop, (N,), comparable within a photo only.

        For gaic, asm and sfrc it is less the cost of the gaze that the crop's borders cut. mars gives
        the soft IoU with the area map of the crop's ratio, setpred the largest validity x IoU over its
        crops, the cascade a weighted sum of all.
        """
        name = self._name(method)
        scores = np.zeros(len(crops))
        for circles in (False, True):
            index = [i for i, crop in enumerate(crops) if (crop.shape == "circle") == circles]
            if index:
                boxes = as_boxes([crops[i].box for i in index])
                crop_batch = self._scorer.crop_batch(scene, boxes)
                scores[index] = self._scorer.raw_scores(scene, crop_batch, name, circles)
        return scores

    @torch.inference_mode()
    def window_scores(
        self, scene: Scene, aspect: Aspect, method: str = "default"
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All crops (N, 4) that suggestions of an aspect start from, and their raw scores (N,)."""
        return self._scorer.scored_windows(
            scene, scene.request(aspect), self._name(method), refine=True, exact=True
        )

    @torch.inference_mode()
    def proposals(self, scene: Scene, aspect: Aspect) -> Boxes:
        """The crops (N, 4) of an aspect that the cascade looks at."""
        return self._scorer.proposals(scene, scene.request(aspect))

    @torch.inference_mode()
    def terms(self, scene: Scene, boxes: Boxes, names: Sequence[str]) -> Terms:
        """What terms of the cascade, methods or ``cut``, say of boxes (N, 4): (N,) each."""
        crop_batch = self._scorer.crop_batch(scene, boxes)
        return {name: self._scorer.term(scene, name, crop_batch, circles=False) for name in names}

    @torch.inference_mode()
    def calibrated(
        self,
        scene: Scene,
        crops: Sequence[Crop],
        aspect: Aspect,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
        refine: bool = True,
        heads: Sequence[Box] | None = None,
    ) -> NDArray[np.float64]:
        """Scores 0-100 of crops, (N,): expected IoU, in per cent, with what a person would choose.

        They are on the same scale as the candidates that :meth:`suggest` gives for the same wishes: a
        crop that cuts a head or a protected area stays below the best that cuts nothing.

        Raises:
            QuestionError: ``tightness`` is no number from 0 to 1.
            CropsightError: no method of that name.
        """
        if not crops:
            return np.zeros(0)
        name = self._name(method)
        kept = scene.heads if heads is None else tuple(heads)
        request = scene.request(aspect, tightness, protect, kept)
        chances, calibration = (
            self._scorer.distribution(scene, request, name, refine),
            self._scorer.calibration(name),
        )
        boxes = as_boxes([crop.box for crop in crops])
        shown = calibration.calibrated(chances.expected_iou(boxes))
        whole = _held(request, chances.choices)
        best = calibration.calibrated(chances.expected_iou(whole)).max()
        return CutAreas(kept, tuple(protect), request).lowered(shown, boxes, float(best))

    @torch.inference_mode()
    def maps(
        self, scene: Scene, aspect: Aspect, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps by name, all of ``map_names`` where ``names`` is None; ``area`` is that of the aspect.

        Raises:
            CropsightError: no map of that name.
        """
        made = {}
        for name in self.map_names if names is None else names:
            if name not in self.map_names:
                raise CropsightError(
                    f"There is no map {name!r}; choose from {', '.join(self.map_names)}."
                )
            made[name] = map_of(self._scorer, scene, name, aspect)
        return made

    @torch.inference_mode()
    def explain(
        self, scene: Scene, crop: Crop, aspect: Aspect, candidates: Sequence[Crop] = ()
    ) -> Explanation:
        """Why a crop is as good as it is, beside other candidates of its aspect.

        Raises:
            CropsightError: the weights have no asm, whose map explains crops.
        """
        others = [other for other in candidates if other != crop]
        scores = {name: self.score(scene, [crop, *others], name) for name in self.methods}
        return explanation(self._scorer, scene, crop, scores)

    def _as_in_paper(
        self, scene: Scene, aspect: Aspect, request: CropRequest, k: int, name: str, cuts: CutAreas
    ) -> Suggestions:
        """Suggestions by the best scores, found as the method's paper does."""
        boxes, scores = self._scorer.best(scene, request, name)
        kept = request.holding(boxes)
        if kept.any():
            boxes, scores = boxes[kept], scores[kept]
        boxes, scores = boxes[:SUPPORT], scores[:SUPPORT]
        merits = (scores - scores[-1]) / max(scores[0] - scores[-1], 1e-12)
        weights = np.exp((merits - 1) / PAPER_TEMPERATURE)
        order = crop_set(boxes, 0, boxes, weights / weights.sum(), k)
        found = _candidates(boxes[order], aspect, [name] * len(order), scores[order], None)
        return Suggestions(aspect, name, 0.0, _told(scene, boxes[order], found, cuts))

    def _name(self, method: str) -> str:
        if method == "default":
            return self.methods[0]
        if method not in self.methods:
            raise CropsightError(
                f"There is no method {method!r}; choose from {', '.join(self.methods)}."
            )
        return method


def _held(request: CropRequest, boxes: Boxes) -> Boxes:
    """Boxes (N, 4) moved until they hold what is to be held; as they are where none can."""
    moved = request.moved(boxes)
    whole = request.holding(moved)
    return moved[whole] if whole.any() else boxes


def _subject(scene: Scene, heads: Sequence[Box]) -> tuple[float, float]:
    """Where what matters in a photo lies: its largest head, or else the middle of the gaze."""
    if heads:
        x1, y1, x2, y2 = max(heads, key=lambda h: (h[2] - h[0]) * (h[3] - h[1]))
        return (x1 + x2) / 2, (y1 + y2) / 2

    def middle() -> tuple[float, float]:
        # What is looked at most counts, not the whole field around it.
        gaze = scene.gaze[0, 0].double().cpu().numpy()
        strong = np.where(gaze >= np.quantile(gaze, 0.9), gaze, 0.0)
        rows = (np.arange(len(gaze)) + 0.5) / len(gaze)
        columns = (np.arange(gaze.shape[1]) + 0.5) / gaze.shape[1]
        total = strong.sum()
        return float(strong.sum(0) @ columns / total), float(strong.sum(1) @ rows / total)

    return scene.remembered("subject", None, middle)


def _told(
    scene: Scene, boxes: Boxes, candidates: tuple[Candidate, ...], cuts: CutAreas
) -> tuple[Candidate, ...]:
    """The candidates, each with its idea and with what it cuts."""
    labels = ideas(boxes, _subject(scene, cuts.heads))
    return tuple(
        replace(candidate, idea=label, cuts=cuts.kinds(candidate.crop.box))
        for candidate, label in zip(candidates, labels, strict=True)
    )


def _admits_whole(scene: Scene, aspect: Aspect) -> bool:
    """Whether the whole photo has the wanted shape, but for the rounding of its sides."""
    ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
    if aspect.is_circle or ratio is None:
        return not aspect.is_circle
    rounding = min(1 / min(scene.photo_width, scene.photo_height), 0.01)
    return abs(ratio / scene.photo_ratio - 1) < rounding


def _overlap(boxes: Boxes, near: Box, request: CropRequest) -> NDArray[np.float64]:
    """IoU (N,) of boxes (N, 4) with a crop shown before, brought to the wanted ratio."""
    return np.asarray(iou(boxes, _refitted([near], request)))


def _refitted(boxes: Sequence[Box], request: CropRequest) -> Boxes:
    """Crops shown before, (N, 4), brought to the wanted ratio."""
    shown = as_boxes(np.reshape(boxes, (-1, 4)))
    if request.ratio is not None and len(shown):
        shown = fit_to_ratio(shown, request.ratio, request.photo_ratio)
    return shown


def _candidates(
    boxes: Boxes,
    aspect: Aspect,
    proposers: Sequence[str],
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
            proposed_by=proposers[i],
        )
        for i, box in enumerate(boxes)
    )


def _box(box: NDArray[np.float64]) -> Box:
    x1, y1, x2, y2 = (float(v) for v in box)
    return x1, y1, x2, y2
