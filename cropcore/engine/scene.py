"""A photo after one encoder pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from cropcore.engine.window_search import CropRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box
from cropcore.models.encoder import Levels

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """Everything about a photo that any ratio, crop and map can reuse.

    Attributes:
        photo_width: pixels of the upright photo.
        photo_height: pixels of the upright photo.
        levels: what the encoder left.
        gaze: (1, 1, h, w), where people look, as a density of mean 1.
        memory: what was worked out for it so far; the engine's own.
    """

    photo_width: int
    photo_height: int
    levels: Levels
    gaze: Tensor
    memory: dict[Any, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Scene({self.photo_width} x {self.photo_height})"

    @property
    def photo_ratio(self) -> float:
        """Width over height."""
        return self.photo_width / self.photo_height

    def wish(
        self, aspect: Aspect, tightness: float = 0.5, protect: Sequence[Box] = ()
    ) -> CropRequest:
        """What an aspect, a tightness and protected areas ask of this photo."""
        ratio = aspect.ratio_for(self.photo_width, self.photo_height)
        kept = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in protect)
        return CropRequest(ratio, self.photo_ratio, aspect.is_circle, float(tightness), kept)

    def remembered(self, kind: Any, key: Any, work: Callable[[], _T]) -> _T:
        """What ``work`` gives; of each kind the answer to the last key is kept."""
        known = self.memory.get(kind)
        if known is None or known[0] != key:
            known = self.memory[kind] = (key, work())
        answer: _T = known[1]
        return answer
