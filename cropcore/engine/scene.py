"""Scene: a photo after the encoder pass, with cached results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cropcore.engine.networks import EncodedPhoto
from cropcore.engine.window_search import CropRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import as_boxes
from cropcore.geometry.crop import Box

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """Everything about a photo that any ratio, crop and map can reuse.

    Attributes:
        photo_width: pixels of the upright photo.
        photo_height: pixels of the upright photo.
        encoded: the output of the encoder pass.
        heads: persons' heads that were found, as boxes.
        memory: cached results, written by the engine alone.
    """

    photo_width: int
    photo_height: int
    encoded: EncodedPhoto
    heads: tuple[Box, ...] = ()
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
    ) -> CropRequest:
        """What an aspect, a tightness, protected areas and heads to keep ask of this photo."""
        ratio = aspect.ratio_for(self.photo_width, self.photo_height)
        pixel = (1 / self.photo_width, 1 / self.photo_height)
        areas = tuple(_around(box, *pixel) for box in protect)
        return CropRequest(
            ratio, self.photo_ratio, aspect.is_circle, float(tightness), areas, tuple(heads)
        )

    def remembered(self, kind: Any, key: Any, work: Callable[[], _T]) -> _T:
        """The result of ``work`` for ``key``; of each kind the last result is cached."""
        known = self.memory.get(kind)
        if known is None or known[0] != key:
            known = self.memory[kind] = (key, work())
        answer: _T = known[1]
        return answer


def _around(box: Box, width: float, height: float) -> Box:
    """A protected area with a pixel around it, so that whole pixels of a crop hold it too."""
    x1, y1, x2, y2 = (float(side) for side in as_boxes(box))
    return max(x1 - width, 0.0), max(y1 - height, 0.0), min(x2 + width, 1.0), min(y2 + height, 1.0)
