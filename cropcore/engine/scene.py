"""Scene: a photo after the encoder pass, with cached results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.networks import EncodedPhoto
from cropcore.engine.window_search import CropRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import as_boxes
from cropcore.geometry.crop import Box
from cropcore.images.photo import Photo

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """Everything about a photo that any ratio, crop and map can reuse.

    Attributes:
        photo_width: pixels of the upright photo.
        photo_height: pixels of the upright photo.
        encoded: the output of the encoder pass.
        heads: persons' heads that were found, as boxes.
        photo: the photo's file; None where pixels were given.
        close: (h, w, 3), its pixels at a larger size than the encoder's, where such were given.
        memory: cached results, written by the engine alone.
    """

    photo_width: int
    photo_height: int
    encoded: EncodedPhoto
    heads: tuple[Box, ...] = ()
    photo: Photo | None = None
    close: NDArray[np.uint8] | None = None
    memory: dict[Any, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Scene({self.photo_width} x {self.photo_height})"

    @property
    def photo_ratio(self) -> float:
        """Width over height."""
        return self.photo_width / self.photo_height

    def request(
        self,
        aspect: Aspect,
        tightness: float = 0.5,
        protect: Sequence[Box] = (),
        heads: Sequence[Box] = (),
        texts: Sequence[Box] = (),
    ) -> CropRequest:
        """What an aspect, a tightness, protected areas, heads and texts to keep ask of this photo."""
        ratio = aspect.ratio_for(self.photo_width, self.photo_height)
        pixel = (1 / self.photo_width, 1 / self.photo_height)
        areas = tuple(_around(box, *pixel) for box in protect)
        return CropRequest(
            ratio,
            self.photo_ratio,
            aspect.is_circle,
            float(tightness),
            areas,
            tuple(heads),
            tuple(texts),
        )

    def recall(self, kind: Any, key: Any) -> Any:
        """What was remembered of this kind last, if it was for this key; else None."""
        known = self.memory.get(kind)
        return known[1] if known is not None and known[0] == key else None

    def remember(self, kind: Any, key: Any, answer: _T) -> _T:
        """Keep an answer, which is no None, in place of the last one of its kind, and return it."""
        self.memory[kind] = (key, answer)
        return answer


def _around(box: Box, width: float, height: float) -> Box:
    """A protected area with a pixel around it, so that whole pixels of a crop hold it too."""
    x1, y1, x2, y2 = (float(side) for side in as_boxes(box))
    return max(x1 - width, 0.0), max(y1 - height, 0.0), min(x2 + width, 1.0), min(y2 + height, 1.0)
