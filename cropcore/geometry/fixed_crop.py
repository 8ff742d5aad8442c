"""A crop given by numbers, or centred, that is applied to any photo without asking the engine."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from cropcore.errors import GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import as_boxes, fit_to_ratio, from_pixels
from cropcore.geometry.crop import Box, Candidate, Crop, Suggestions
from cropcore.geometry.crop_json import MOST_DEGREES
from cropcore.geometry.straighten import fit_inside, largest_inside
from cropcore.messages import Message

CENTRE = "centre"
BOX = "box"

_WANTED = Message(
    "A crop is four numbers x1,y1,x2,y2 with x1 < x2 and y1 < y2, as fractions of the upright photo "
    "(0.1,0.2,0.9,0.8) or as its pixels (100px,200px,900px,800px)."
)
_SLACK = 1e-3
_NARROWEST = 1e-6


@dataclass(frozen=True, slots=True)
class FixedCrop:
    """A box of the upright photo, in fractions or ``pixels``; None is the largest centred one.

    With an ``angle`` (degrees clockwise) the box lies in the straightened photo's canvas.
    """

    box: Box | None = None
    pixels: bool = False
    angle: float = 0.0

    @classmethod
    def parse(cls, text: str) -> FixedCrop:
        """Read ``centre``, or four numbers, each with ``px`` or none of them.

        Raises:
            GeometryError: it is neither.
        """
        text = text.strip()
        if text.lower() in (CENTRE, "center"):
            return cls()
        parts = [part for part in re.split(r"[,;\s]+", text) if part]
        pixels = all(part.lower().endswith("px") for part in parts)
        try:
            numbers = [float(part[:-2] if pixels else part) for part in parts]
            x1, y1, x2, y2 = numbers
        except ValueError:
            raise GeometryError(
                "{text!r} is no crop. {wanted}", text=text, wanted=_WANTED
            ) from None
        if not all(map(math.isfinite, numbers)) or x2 - x1 < _NARROWEST or y2 - y1 < _NARROWEST:
            raise GeometryError("{text!r} is no crop. {wanted}", text=text, wanted=_WANTED)
        most = math.inf if pixels else 1 + _SLACK
        if min(numbers) < -_SLACK or max(numbers) > most:
            raise GeometryError("{text!r} is beyond the photo. {wanted}", text=text, wanted=_WANTED)
        return cls((x1, y1, x2, y2), pixels)

    def __post_init__(self) -> None:
        if not abs(self.angle) <= MOST_DEGREES:
            raise GeometryError(
                "A photo is straightened by at most {most} degrees, not {angle}.",
                most=MOST_DEGREES,
                angle=self.angle,
            )

    def __str__(self) -> str:
        if self.box is None:
            return CENTRE
        unit = "px" if self.pixels else ""
        return ",".join(f"{side:.10g}{unit}" for side in self.box)

    @property
    def name(self) -> str:
        """What proposed it, in place of a method."""
        return CENTRE if self.box is None else BOX

    def crop(self, width: int, height: int, aspect: Aspect) -> Crop:
        """The crop of an upright photo; a ratio is fitted as near to the box as can be.

        Raises:
            GeometryError: pixels lie beyond this photo.
        """
        ratio = aspect.ratio_for(width, height)
        if self.box is None:
            wanted = ratio or width / height
            box = largest_inside(wanted, width, height, self.angle)
        elif self.angle:
            box = fit_inside(self._fractions(width, height), width, height, self.angle, ratio)
        else:
            box = as_boxes(self._fractions(width, height))
            box = box if ratio is None else fit_to_ratio(box, ratio, width / height)
        x1, y1, x2, y2 = box.tolist()
        return Crop((x1, y1, x2, y2), "circle" if aspect.is_circle else "rect", self.angle)

    def suggestions(self, width: int, height: int, aspect: Aspect) -> Suggestions:
        """It alone, in the place of what the engine would suggest.

        Raises:
            GeometryError: pixels lie beyond this photo.
        """
        crop = self.crop(width, height, aspect)
        return Suggestions(aspect, self.name, 1.0, (Candidate(1, crop, None, 0.0, self.name),))

    def _fractions(self, width: int, height: int) -> Box:
        assert self.box is not None
        if not self.pixels:
            x1, y1, x2, y2 = (min(max(side, 0.0), 1.0) for side in self.box)
            return x1, y1, x2, y2
        if self.box[2] > width or self.box[3] > height:
            raise GeometryError(
                "{crop} is beyond the photo, which has {width} x {height} pixels.",
                crop=str(self),
                width=width,
                height=height,
            )
        x1, y1, x2, y2 = from_pixels(self.box, width, height).tolist()
        return x1, y1, x2, y2
