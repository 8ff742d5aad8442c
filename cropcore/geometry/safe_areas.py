"""Places that crops are made for, with their ratio and the part that nothing covers there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box

PlaceName = Literal["story", "banner", "avatar"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place: the ratio of its pictures, and which part of them is seen whole (fractions of the picture).

    Over the rest lie buttons, a person's picture, or the mask of a circle.
    """

    name: PlaceName
    aspect: Aspect
    safe: Box
    shape: Literal["rect", "circle"] = "rect"

    def suits(self, aspect: Aspect) -> bool:
        """Whether crops of an aspect are for it."""
        return aspect == self.aspect or (self.shape == "circle" and aspect.is_circle)


PLACES: dict[str, Place] = {
    place.name: place
    for place in (
        # 250 of 1920 pixels at the top and 340 at the bottom lie under names and buttons.
        Place("story", Aspect.parse("9:16"), (0.0, 250 / 1920, 1.0, 1 - 340 / 1920)),
        # The lower left of a 3:1 header lies under the profile's picture; phones cut the sides.
        Place("banner", Aspect.parse("3:1"), (0.1, 0.08, 0.9, 0.72)),
        Place("avatar", Aspect.parse("1:1"), (0.0, 0.0, 1.0, 1.0), "circle"),
    )
}
"""By their names, in the order in which they are offered."""
