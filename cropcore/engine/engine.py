"""The cropping engine: encode a photo once, then suggest, score and explain crops of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.arguments import as_count, as_scene, as_several
from cropcore.engine.cascade import Terms
from cropcore.engine.choose_crops import held_choices, suggested
from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.cut_areas import CutAreas
from cropcore.engine.load_networks import load_networks
from cropcore.engine.maps import explanation, map_names, map_of
from cropcore.engine.match_crops import matched, pattern_of
from cropcore.engine.networks import EncodedPhoto, Networks
from cropcore.engine.scene import Scene
from cropcore.engine.scorer import Scorer
from cropcore.engine.suggest_many import answers
from cropcore.engine.text_detector import TextDetector
from cropcore.engine.weights_folder import SALIENCY, WeightsFolder, read_folder
from cropcore.engine.window_search import CropRequest
from cropcore.errors import CropsightError, QuestionError
from cropcore.geometry.aspect import Aspect, as_aspect
from cropcore.geometry.boxes import Boxes, as_boxes
from cropcore.geometry.crop import (
    Box,
    Crop,
    Explanation,
    Map,
    Nested,
    Suggestions,
)
from cropcore.geometry.given_crops import CropLike, as_crops
from cropcore.geometry.match import MatchPattern, match_pattern
from cropcore.images.given_image import ImageLike, NetImage, net_image
from cropcore.images.photo import Photo, as_net_pixels, net_pixels, read_photo, text_pixels
from cropcore.messages import NOTHING, Message


class CropEngine:
    """Loads the trained methods and answers with crops, scores and maps.

    One engine belongs to one thread at a time. It is deterministic: equal questions about equal
    photos get equal answers, and ties go to the earlier window.
    """

    def __init__(
        self, networks: Networks, folder: WeightsFolder, device_note: Message = NOTHING
    ) -> None:
        """``networks`` are those of the folder."""
        self._networks = networks
        self._scorer = Scorer(networks, folder.calibrations, folder.cascade)
        self._text_detector: TextDetector | None = None
        self.device = networks.device
        self.device_note = device_note
        self.methods = self._scorer.names
        self.map_names = map_names(folder.methods, SALIENCY in folder.records)
        self._sides = folder.sides
        self.weights_sha256 = folder.sha256

    @classmethod
    def load(cls, device: str = "auto", weights_dir: str | Path | None = None) -> CropEngine:
        """Load the shipped weights, or those of another folder, which may lack some methods.

        The cascade is there where all methods are, and a rule to join them. ``device`` is ``auto``
        (a graphics card where there is one), ``cpu``, ``cuda``, a certain card such as ``cuda:1``, or
        ``mps``.

        Raises:
            WeightsError: a file is missing, altered or was trained on another encoder.
            DeviceError: the wanted device is not on this machine.
        """
        folder = read_folder(None if weights_dir is None else Path(weights_dir))
        networks, note = load_networks(folder, str(device))
        return cls(networks, folder, note)

    def __repr__(self) -> str:
        return f"CropEngine({self.device}: {', '.join(self.methods)})"

    def encode(self, image: ImageLike, pixels: NDArray[np.uint8] | None = None) -> Scene:
        """One encoder pass over an image; what is transparent lies over white.

        Args:
            image: a path or photo, or a Pillow image of any mode, turned upright and brought to sRGB;
                or an upright sRGB array (h, w) or (h, w, 1|3|4) of uint8, uint16 or floats in [0, 1].
            pixels: a photo's :func:`~cropcore.images.photo.net_pixels` where they are decoded already, or
                its :func:`~cropcore.images.photo.close_pixels`.

        Raises:
            PhotoError: the photo cannot be read.
            ImageError: it is no image, or its size, shape or values are not what is wanted.
        """
        if isinstance(image, str | os.PathLike):
            image = read_photo(image)  # type: ignore[arg-type]
        if isinstance(image, Photo):
            seen = net_pixels(image, sides=self._sides) if pixels is None else pixels
            return self.encode_all([image], [seen])[0]
        given = net_image(image, self._sides)
        return self.encode_all([given], [given.pixels])[0]

    @property
    def at_once(self) -> int:
        """How many photos :meth:`encode_all` likes to get together: 1 on a CPU."""
        return self._networks.at_once

    @property
    def trouble(self) -> str:
        """What keeps the device from its best; empty while nothing does."""
        return self._networks.trouble

    def encode_all(
        self, photos: Sequence[Photo | NetImage], pixels: Sequence[NDArray[np.uint8]]
    ) -> list[Scene]:
        """As :meth:`encode` for several photos and their net or close pixels, faster on a graphics card."""
        small = [as_net_pixels(one) for one in pixels]
        close = [one if one is not net else None for one, net in zip(pixels, small, strict=True)]
        encoded = self._networks.encode(small)
        return [self._scene(*one) for one in zip(photos, encoded, close, strict=True)]

    @staticmethod
    def _scene(
        photo: Photo | NetImage, encoded: EncodedPhoto, close: NDArray[np.uint8] | None
    ) -> Scene:
        heads = encoded.heads.boxes.tolist() if encoded.heads is not None else []
        file = photo if isinstance(photo, Photo) else None
        boxes = tuple(map(tuple, heads))
        return Scene(photo.width, photo.height, encoded, boxes, file, close)

    @staticmethod
    def heads(scene: Scene) -> tuple[Box, ...]:
        """Persons' heads that were found in an encoded photo."""
        return as_scene(scene).heads

    def find_text(self, scene: Scene, angle: float = 0.0) -> tuple[Box, ...]:
        """Pieces of text in the photo of a scene, as boxes, the largest first; looked for once a scene.

        Needs the extra ``text``. ``angle`` is by how many degrees the scene's photo is straightened.

        Raises:
            CropsightError: the extra is not installed.
            QuestionError: the scene is of an image that was given as pixels.
            PhotoError: the photo cannot be read.
        """
        known: tuple[Box, ...] | None = as_scene(scene).recall("texts", None)
        if known is not None:
            return known
        if scene.photo is None:
            raise QuestionError("Text can be found in photos of files only, not in pixels.")
        if self._text_detector is None:
            self._text_detector = TextDetector.load()
        found = self._text_detector.find(text_pixels(scene.photo, angle))
        return scene.remember("texts", None, found)

    def _texts(self, scene: Scene, question: CropQuestion) -> tuple[Box, ...]:
        """The pieces of text that no crop may cut."""
        return self.find_text(scene, question.angle) if question.keep_text else ()

    def suggest(
        self,
        scene: Scene,
        aspect: Aspect | str,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
        refine: bool = True,
        near: Box | None = None,
        also: Sequence[Aspect | str] = (),
        before: Sequence[Box] = (),
        heads: Sequence[Box] | None = None,
        keep_text: bool = False,
    ) -> Suggestions:
        """``k`` crops of an aspect: the best one, then those that add most to the ones before them.

        Args:
            scene: from :meth:`encode`.
            aspect: the wanted shape, or its text, such as ``4:5``. Where it allows the whole photo, that
                is among the ten.
            k: how many, at least 1; the first of ten that are decided together. Fewer come back where
                the photo leaves no room for more that differ.
            method: one of ``methods``, or ``default``; or a :class:`~cropcore.geometry.match.MatchPattern`'s
                ``method``, for the one crop in which the subject lies as in the pattern. Where the photo
                has no such subject, the answer is that of the default with the doubt ``missing``.
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
            keep_text: no suggestion may cut a piece of text, of those that :meth:`find_text` finds
                the largest and as many as fit.

        Raises:
            AspectError: the text names no aspect.
            QuestionError: ``k`` is less than 1, or ``tightness`` no number from 0 to 1; or it is no scene.
            GeometryError: an area to protect is no box.
            CropsightError: no method of that name, or a shape to be cut later is ``free``.
        """
        question = CropQuestion(
            aspect=as_aspect(aspect),
            tightness=tightness,
            method=method,
            protect=tuple(protect),
            also=tuple(as_aspect(shape) for shape in also),
            heads=None if heads is None else tuple(heads),
            keep_text=keep_text,
            k=k,
            refine=refine,
            near=near,
            before=tuple(before),
        )
        return self.answer(scene, question)

    def answer(self, scene: Scene, question: CropQuestion) -> Suggestions:
        """As :meth:`suggest`, whose arguments the question holds as one value.

        Raises:
            QuestionError, GeometryError, CropsightError: as :meth:`suggest`.
        """
        scene, pattern = as_scene(scene), match_pattern(question.method)
        if pattern is not None:
            found = matched(self._networks, scene, pattern, question)
            if found is not None:
                return found
            other = self.answer(scene, replace(question, method="default"))
            return replace(other, method=question.method, confidence=0.0, doubts=("missing",))
        asked = replace(question, method=self._name(question.method), k=as_count(question.k))
        return suggested(self._scorer, scene, asked, self._texts(scene, asked))

    def pattern(
        self, scene: Scene, crop: Crop, angle: float = 0.0, heads: Sequence[Box] | None = None
    ) -> MatchPattern:
        """How a crop lies about its subject, for other photos to be cropped alike.

        Args:
            scene: from :meth:`encode` of a path or a photo.
            crop: its box in what was encoded.
            angle: by which the photo was straightened before, in degrees clockwise.
            heads: persons' heads; those that were found where it is None.

        Raises:
            QuestionError: the crop has no head and no single object.
            PhotoError: the photo cannot be read.
        """
        scene = as_scene(scene)
        known = scene.heads if heads is None else heads
        return pattern_of(self._networks, scene, crop, angle, known)

    @overload
    def suggest_many(
        self,
        images: Iterable[ImageLike],
        aspect: Aspect | str,
        k: int = ...,
        method: str = ...,
        tightness: float = ...,
        errors: Literal["raise"] = ...,
    ) -> Iterator[Suggestions]: ...

    @overload
    def suggest_many(
        self,
        images: Iterable[ImageLike],
        aspect: Aspect | str,
        k: int = ...,
        method: str = ...,
        tightness: float = ...,
        *,
        errors: Literal["return"],
    ) -> Iterator[Suggestions | CropsightError]: ...

    def suggest_many(
        self,
        images: Iterable[ImageLike],
        aspect: Aspect | str,
        k: int = 10,
        method: str = "default",
        tightness: float = 0.5,
        errors: Literal["raise", "return"] = "raise",
    ) -> Iterator[Suggestions | CropsightError]:
        """As :meth:`suggest` for many images, in their order: decoded ahead by threads.

        ``images`` are those of :meth:`encode`, and may be without end: a few are held at a time. On a
        graphics card several are encoded together. Where an image cannot be used, its error is raised
        when its turn comes; with ``errors="return"`` it stands in the place of the answer, and those
        behind it follow.

        Raises:
            AspectError, QuestionError, CropsightError: as :meth:`suggest`, at once.
        """
        if errors not in ("raise", "return"):
            raise QuestionError("errors is 'raise' or 'return', not {errors!r}.", errors=errors)
        CropRequest(None, 1.0, tightness=tightness)
        wanted, count, name = as_aspect(aspect), as_count(k), self._name(method)
        found = answers(
            self,
            as_several(images),
            lambda scene: self.suggest(scene, wanted, count, name, tightness),
        )
        return found if errors == "return" else _raising(found)

    def nested(self, scene: Scene, crop: Crop, question: CropQuestion) -> tuple[Nested, ...]:
        """The best crops, one of each shape of ``question.also``, inside a crop of its aspect.

        There is none of the aspect's own shape.

        Raises:
            CropsightError: no method of that name, or a shape is ``free``.
        """
        nested_search = self._scorer.nested_search(
            scene,
            question.aspect,
            question.also,
            self._name(question.method),
            question.protect,
            question.kept_heads(scene.heads),
            self._texts(scene, question),
        )
        if nested_search is None:
            return ()
        return replace(nested_search, disc=crop.shape == "circle").best_inside(
            as_boxes([crop.box])
        )[0]

    def score(
        self, scene: Scene, crops: Iterable[CropLike], method: str = "default"
    ) -> NDArray[np.float64]:
        """The method's own score of each crop, (N,), comparable within a photo only.

        ``crops`` are a list of crops, candidates or boxes, or boxes (N, 4); fractions, no pixels.

        For gaic, asm and sfrc it is less the cost of the gaze that the crop's borders cut. mars gives
        the soft IoU with the area map of the crop's ratio, setpred the largest validity x IoU over its
        crops, the cascade a weighted sum of all.

        Raises:
            GeometryError: a crop has no area, or is in pixels.
            CropsightError: no method of that name.
        """
        scene, crops, name = as_scene(scene), as_crops(crops), self._name(method)
        scores = np.zeros(len(crops))
        for circles in (False, True):
            index = [i for i, crop in enumerate(crops) if (crop.shape == "circle") == circles]
            if index:
                boxes = as_boxes([crops[i].box for i in index])
                placed = self._scorer.crops(scene, boxes)
                scores[index] = self._scorer.raw_scores(scene, placed, name, circles)
        return scores

    def window_scores(
        self, scene: Scene, aspect: Aspect, method: str = "default"
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """All crops (N, 4) that suggestions of an aspect start from, and their raw scores (N,)."""
        return self._scorer.scored_windows(
            scene, scene.request(aspect), self._name(method), refine=True, exact=True
        )

    def ranked(
        self, scene: Scene, aspect: Aspect, k: int, method: str = "default"
    ) -> tuple[Boxes, NDArray[np.float64]]:
        """The first ``k`` crops (K, 4) that measures of several crops count, and their scores (K,).

        Of weights that follow a paper they are the paper's ranking, alike or not, with raw scores; of
        others the suggestions.
        """
        name = self._name(method)
        if self._scorer.calibration(name).way == "paper":
            boxes, scores = self._scorer.ranked(scene, scene.request(aspect), name)
            return boxes[:k], scores[:k]
        found = self.suggest(scene, aspect, k, name).candidates
        shown = [c.raw_score if c.score is None else c.score for c in found]
        return as_boxes([c.crop.box for c in found]), np.array(shown, np.float64)

    def proposals(self, scene: Scene, aspect: Aspect) -> Boxes:
        """The crops (N, 4) of an aspect that the cascade looks at."""
        return self._scorer.proposals(scene, scene.request(aspect))

    def terms(self, scene: Scene, boxes: Boxes, names: Sequence[str]) -> Terms:
        """What terms of the cascade, methods or ``cut``, say of boxes (N, 4): (N,) each."""
        placed = self._scorer.crops(scene, boxes)
        return {name: self._scorer.term(scene, name, placed, circles=False) for name in names}

    def calibrated(
        self, scene: Scene, crops: Sequence[Crop], question: CropQuestion
    ) -> NDArray[np.float64]:
        """Scores 0-100 of crops, (N,): expected IoU, in per cent, with what a person would choose.

        They are on the same scale as the candidates that answer the question: a crop that cuts a head,
        a text or a protected area stays below the best that cuts nothing.

        Raises:
            QuestionError: ``tightness`` is no number from 0 to 1.
            CropsightError: no method of that name.
        """
        if not crops:
            return np.zeros(0)
        name = self._name(question.method)
        heads = question.kept_heads(scene.heads)
        texts = self._texts(scene, question)
        request = scene.request(question.aspect, question.tightness, question.protect, heads, texts)
        chances, calibration = (
            self._scorer.distribution(scene, request, name, question.refine),
            self._scorer.calibration(name),
        )
        boxes = as_boxes([crop.box for crop in crops])
        shown = calibration.calibrated(chances.expected_iou(boxes), request.ratio)
        whole = held_choices(request, chances.choices)
        best = calibration.calibrated(chances.expected_iou(whole), request.ratio).max()
        return CutAreas(heads, texts, question.protect, request).lowered(shown, boxes, float(best))

    def maps(
        self, scene: Scene, aspect: Aspect | str, names: Sequence[str] | None = None
    ) -> dict[str, Map]:
        """Maps by name, all of ``map_names`` where ``names`` is None; ``area`` is that of the aspect.

        Raises:
            CropsightError: no map of that name.
        """
        scene, aspect, made = as_scene(scene), as_aspect(aspect), {}
        for name in self.map_names if names is None else names:
            if name not in self.map_names:
                raise CropsightError(
                    "There is no map {name!r}; choose from {choices}.",
                    name=name,
                    choices=", ".join(self.map_names),
                )
            made[name] = map_of(self._scorer, scene, name, aspect)
        return made

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

    def _name(self, method: str) -> str:
        if method == "default":
            return self.methods[0]
        if method not in self.methods:
            raise CropsightError(
                "There is no method {method!r}; choose from {choices}.",
                method=method,
                choices=", ".join(self.methods),
            )
        return method


def _raising(found: Iterator[Suggestions | CropsightError]) -> Iterator[Suggestions]:
    """What was found, until the first error, which is raised."""
    for one in found:
        if isinstance(one, CropsightError):
            raise one
        yield one
