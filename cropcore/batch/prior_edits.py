"""Edits made before a batch (orientation, straighten angle, crops), which it respects."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.geometry.crop_json import angle_in, crop_in, crop_out, turn_in, turn_out
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import Photo, close_pixels, net_pixels

PERSON = "person"
"""Who proposed a crop of the person's own, in place of a method."""


@dataclass(frozen=True, slots=True)
class PriorEdits:
    """How a photo lies, and the person's own crops of it with their aspects, in their order.

    ``orientation`` turns the upright photo, in which everything else lies; suggestions are for the
    photo straightened by ``angle`` degrees, and a crop has its own angle.
    """

    orientation: Orientation = UPRIGHT
    angle: float = 0.0
    crops: tuple[tuple[Aspect, Crop], ...] = ()

    def oriented(self, photo: Photo) -> Photo:
        """A photo as read from its file, as the person turned it."""
        return photo if self.orientation == UPRIGHT else photo.turned(self.orientation)

    def seen(self, photo: Photo, close: bool = False) -> NDArray[np.uint8]:
        """The pixels for the engine of a photo that lies as it should; ``close`` ones to measure in.

        Raises:
            PhotoError: it cannot be decoded.
        """
        return (close_pixels if close else net_pixels)(photo, self.angle)

    def in_canvas(self, photo: Photo, found: Suggestions) -> Suggestions:
        """What was suggested for the pixels :meth:`seen`, as crops of the photo."""
        if not self.angle:
            return found
        return StraightView.of(photo.width, photo.height, self.angle).in_canvas(found)

    def own(self, aspect: Aspect, or_turned: bool = False) -> Suggestions | None:
        """The person's own crops of an aspect, if there are any, in place of suggestions.

        With ``or_turned`` those of the turned aspect will do as well.
        """
        if or_turned and not any(_same(own, aspect) for own, _ in self.crops):
            aspect = aspect.swapped()
        crops = [crop for own, crop in self.crops if _same(own, aspect)]
        if not crops:
            return None
        ranked = (Candidate(n, crop, None, 0.0, PERSON) for n, crop in enumerate(crops, 1))
        return Suggestions(aspect, PERSON, 1.0, tuple(ranked))

    def digest(self, preset: str, own: Suggestions | None) -> str:
        """The ``preset``'s digest and with it all of this that bears on a job, as one digest."""
        angle = self.angle if own is None else 0.0
        if self.orientation == UPRIGHT and not angle and own is None:
            return preset
        turn = turn_out(self.orientation)
        crops = [crop_out(c.crop) for c in own.candidates] if own else []
        text = json.dumps([preset, turn, angle, crops])
        return hashlib.sha256(text.encode()).hexdigest()

    def to_values(self) -> dict[str, Any]:
        """What JSON can hold of it."""
        return {
            "orientation": turn_out(self.orientation),
            "angle": self.angle,
            "crops": [[str(aspect), crop_out(crop)] for aspect, crop in self.crops],
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> PriorEdits:
        """Read what :meth:`to_values` returns.

        Raises:
            ValueError, KeyError, TypeError, AspectError: it is nothing of the kind.
        """
        return cls(
            turn_in(values["orientation"]),
            angle_in(values["angle"]),
            tuple((Aspect.parse(text), crop_in(crop)) for text, crop in values["crops"]),
        )


def _same(own: Aspect, wanted: Aspect) -> bool:
    """Whether two aspects are one, be they written otherwise: 4:5 and 8:10."""
    if own.kind == wanted.kind == "ratio":
        return math.isclose(own.width / own.height, wanted.width / wanted.height, rel_tol=1e-6)
    return own.kind == wanted.kind
