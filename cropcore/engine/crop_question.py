"""The question that the engine is asked: which crops of a photo, and how many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.heads import NOTHING_CORRECTED, HeadCorrections
from cropcore.geometry.orientation import UPRIGHT, Orientation

_ROUNDING = 1e-9
"""By how much boxes differ that were turned there and back."""


@dataclass(frozen=True, slots=True)
class CropQuestion:
    """What is asked about one photo.

    Two questions are equal where their answers are of the same kind: how many are wanted, how exactly
    and near to what is left out of the comparison. So an answer that is known can be looked up.

    Attributes:
        aspect: the wanted shape.
        tightness: 0 keeps most of the photo, 1 little of it, 0.5 is no preference.
        method: one of the engine's, or ``default``.
        protect: areas that no crop may cut, by its disc if it is a circle; where not all fit into one
            crop, as many as fit are held whole.
        angle: degrees by which the photo is straightened, in whose canvas boxes and crops lie. The
            engine gets its pixels straightened already and looks at this for text alone.
        orientation: how the photo is turned; as ``angle``, for whoever gives the pixels.
        also: shapes that are to be cut from the crop later.
        keep_heads: whether no crop may cut a person's head.
        head_corrections: what a person corrected of the heads found, in the upright file; for whoever
            gives the engine its ``heads``.
        heads: the heads to keep; those found in the photo where it is None, none where it is empty.
        keep_text: whether no crop may cut a piece of the text that was found in the photo.
        k: how many crops, at least 1.
        refine: whether the cascade asks sfrc too; without it the answer is quick.
        near: a crop shown before: of crops about equally good the one near it comes first.
        before: candidates shown before, in their order: crops like one of them stand in its place
            again, but for the first.
    """

    aspect: Aspect
    tightness: float = 0.5
    method: str = "default"
    protect: tuple[Box, ...] = ()
    angle: float = 0.0
    orientation: Orientation = UPRIGHT
    also: tuple[Aspect, ...] = ()
    keep_heads: bool = True
    head_corrections: HeadCorrections = NOTHING_CORRECTED
    heads: tuple[Box, ...] | None = None
    keep_text: bool = False
    k: int = field(default=10, compare=False)
    refine: bool = field(default=True, compare=False)
    near: Box | None = field(default=None, compare=False)
    before: tuple[Box, ...] = field(default=(), compare=False)

    def kept_heads(self, found: tuple[Box, ...]) -> tuple[Box, ...]:
        """The heads that no crop may cut, where ``found`` are those of the photo."""
        if not self.keep_heads:
            return ()
        return found if self.heads is None else self.heads

    def asks_the_same(self, other: CropQuestion) -> bool:
        """Whether the other question is this one, or becomes it where the photo is turned."""
        if self.orientation == other.orientation:
            return self == other
        by = other.orientation.inverse.then(self.orientation)
        turned = replace(
            other,
            aspect=other.aspect.swapped() if by.swaps_sides else other.aspect,
            protect=tuple(by.crop(Crop(box)).box for box in other.protect),
            angle=-other.angle if by.mirrored else other.angle,
            orientation=self.orientation,
        )
        near = len(turned.protect) == len(self.protect) and all(
            abs(mine - its) < _ROUNDING
            for one, two in zip(self.protect, turned.protect, strict=True)
            for mine, its in zip(one, two, strict=True)
        )
        return near and replace(turned, protect=self.protect, also=self.also) == self
