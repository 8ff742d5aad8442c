"""Where a crop came from that another program made; it holds until the person changes the crop."""

from __future__ import annotations

from dataclasses import dataclass

from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import Orientation
from cropcore.interop.foreign_crop import SOURCES, Source

IMPORTED = "imported"
"""What was done to a crop that came from another program; the program's name follows."""
_APPROXIMATE = "approximate"
_ROUNDED = 1e-9


@dataclass(frozen=True, slots=True)
class ForeignMark:
    """A ``crop`` of the photo turned by ``orientation``, the program it is from, and whether it is exact."""

    crop: Crop
    orientation: Orientation
    source: Source
    approximate: bool = False

    @classmethod
    def of_change(cls, what: str, crop: Crop, orientation: Orientation) -> ForeignMark | None:
        """The mark of a crop whose last change is ``what``; None where that was no import."""
        words = what.split()
        if len(words) < 2 or words[0] != IMPORTED:
            return None
        source = next((name for name in SOURCES if name == words[1]), None)
        return source and cls(crop, orientation, source, _APPROXIMATE in words[2:])

    def holds(self, crop: Crop, orientation: Orientation) -> bool:
        """Whether this is still the crop, in a photo that may have been turned meanwhile."""
        there = self.orientation.inverse.then(orientation).crop(self.crop)
        sides = zip((*there.box, there.angle), (*crop.box, crop.angle), strict=True)
        return there.shape == crop.shape and all(abs(a - b) < _ROUNDED for a, b in sides)


def import_change(source: Source, approximate: bool) -> str:
    """What is listed as done to a crop that is taken over."""
    return f"{IMPORTED} {source} {_APPROXIMATE}" if approximate else f"{IMPORTED} {source}"


def is_import(what: str) -> bool:
    """Whether a change was the taking over of a crop."""
    return what.partition(" ")[0] == IMPORTED
