"""A photo encoded by the engine, with coordinates mapped to the straightened photo's canvas.

The engine sees the ``StraightView`` of a straightened photo: an upright picture like any other. Boxes
of questions are converted to that view, and those of answers back to the canvas.
Maps stay where they are: they cover the view.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from app.document.heads import in_canvas
from app.engine.messages import Ask, Engine
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import area, clip
from cropcore.geometry.crop import Box, Crop, Explanation, Map, Nested, Suggestions
from cropcore.geometry.heads import NOTHING_CORRECTED
from cropcore.geometry.match import MatchPattern, match_pattern
from cropcore.geometry.refit import as_box
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import Photo, net_pixels

_HAIR = 1e-6


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """One encoded photo of ``size`` pixels; ``view`` is None where it is not straightened."""

    engine: Engine
    scene: Any
    view: StraightView | None
    size: tuple[int, int]

    @classmethod
    def of(
        cls,
        engine: Engine,
        photo: Photo,
        angle: float,
        pixels: NDArray[np.uint8] | None = None,
    ) -> Self:
        """Let the engine see a photo straightened by ``angle`` degrees; takes a moment.

        ``pixels`` are its ``net_pixels`` for that angle, where they are there already.

        Raises:
            PhotoError: the photo cannot be read.
        """
        view = StraightView.of(photo.width, photo.height, angle) if angle else None
        if view is not None and pixels is None:
            pixels = net_pixels(photo, angle)
        scene = engine.encode(photo) if pixels is None else engine.encode(photo, pixels)
        return cls(engine, scene, view, (photo.width, photo.height))

    @property
    def heads(self) -> tuple[Box, ...]:
        """The heads that were found, in the canvas."""
        found = self.engine.heads(self.scene)
        if self.view is None:
            return tuple(found)
        return tuple(as_box(clip(self.view.to_canvas(box))) for box in found)

    def suggest(self, question: CropQuestion) -> Suggestions:
        """The answer to a question whose boxes lie in the canvas, as crops of the canvas."""
        found = self.engine.answer(self.scene, self._seen_question(question))
        return found if self.view is None else self.view.in_canvas(found)

    def pattern(self, question: CropQuestion, crop: Crop) -> MatchPattern:
        """How a crop of the canvas lies about its subject.

        Raises:
            CropsightError: it has no subject.
        """
        seen = crop
        if self.view is not None:
            seen = replace(crop, box=as_box(self.view.from_canvas(crop.box)))
        return self.engine.pattern(
            self.scene, seen, question.angle, self._heads(replace(question, keep_heads=True))
        )

    def score(self, question: CropQuestion, crop: Crop) -> float | None:
        """The score of a crop of the canvas, 0 to 100; None where the method is not calibrated."""
        crops = [self._in_view(crop)]
        score = float(self.engine.calibrated(self.scene, crops, self._seen_question(question))[0])
        return score if math.isfinite(score) else None

    def nested(self, question: CropQuestion, crop: Crop) -> tuple[Nested, ...]:
        """What is to be cut later from a crop of the canvas, as crops of it too."""
        if not question.also:
            return ()
        found = self.engine.nested(self.scene, self._in_view(crop), self._seen_question(question))
        return found if self.view is None else self.view.nested(found)

    def map(self, aspect: Aspect, name: str) -> Map:
        """A map over the view."""
        return self.engine.maps(self.scene, aspect, [name])[name]

    def explain(self, ask: Ask, crop: Crop) -> Explanation:
        """Why a crop is as good as it is, told of the view: its box and its map lie there."""
        rivals = [self._in_view(rival) for rival in ask.rivals]
        return self.engine.explain(self.scene, self._in_view(crop), ask.question.aspect, rivals)

    def _seen_question(self, question: CropQuestion) -> CropQuestion:
        """The question as the engine can answer it: its boxes in the view, and one of its methods.

        Protected areas are those that the view holds. A method that this engine does not have, such as
        a remembered one, is replaced by the default.
        """
        matches = match_pattern(question.method) is not None
        known = matches or question.method in self.engine.methods
        protect = question.protect
        if self.view is not None:
            seen = (self._seen(box) for box in protect)
            protect = tuple(box for box in seen if area(box) > 0)
        return replace(
            question,
            method=question.method if known else "default",
            protect=protect,
            heads=self._heads(replace(question, keep_heads=True) if matches else question),
            near=None if question.near is None else self._seen(question.near),
            before=tuple(self._seen(box) for box in question.before),
        )

    def _heads(self, question: CropQuestion) -> tuple[Box, ...] | None:
        """Heads to keep whole, of the view; None leaves it to the engine to have found them."""
        if not question.keep_heads:
            return ()
        if question.head_corrections == NOTHING_CORRECTED:
            return None
        corrections = in_canvas(
            question.head_corrections, question.orientation, question.angle, self.size
        )
        kept = corrections.applied(self.heads)
        return tuple(box for box in map(self._seen, kept) if area(box) > 0)

    def _in_view(self, crop: Crop) -> Crop:
        if self.view is None:
            return crop
        x1, y1, x2, y2 = self._seen(crop.box)
        # A crop outside the view becomes a sliver at its border: the engine takes no empty boxes.
        x1, y1 = min(x1, 1 - _HAIR), min(y1, 1 - _HAIR)
        return Crop((x1, y1, max(x2, x1 + _HAIR), max(y2, y1 + _HAIR)), crop.shape)

    def _seen(self, box: Box) -> Box:
        """The part of a box of the canvas that the engine has seen."""
        if self.view is None:
            return box
        x1, y1, x2, y2 = clip(self.view.from_canvas(box)).tolist()
        return x1, y1, x2, y2
