"""The eight EXIF orientations: composed, inverted, and applied to boxes and crops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cropcore.geometry.boxes import Boxes, as_boxes, flip_horizontal
from cropcore.geometry.crop import Crop

Rotation = Literal[0, 90, 180, 270]

_EXIF: dict[int, tuple[Rotation, bool]] = {
    1: (0, False),
    2: (0, True),
    3: (180, False),
    4: (180, True),
    5: (270, True),
    6: (90, False),
    7: (90, True),
    8: (270, False),
}
_NUMBER = {pair: number for number, pair in _EXIF.items()}


@dataclass(frozen=True, slots=True)
class Orientation:
    """What is done to a picture: mirrored left to right first, then turned clockwise.

    ``rotation`` is 0, 90, 180 or 270 degrees.
    """

    rotation: Rotation = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        # A float such as 90.0 is found in the table too, but cannot count turns.
        if not isinstance(self.rotation, int) or (self.rotation, self.mirrored) not in _NUMBER:
            raise ValueError(f"A photo is turned by 0, 90, 180 or 270 degrees: {self}.")

    @classmethod
    def of_exif(cls, number: int) -> Orientation:
        """The orientation that the EXIF value 1 to 8 asks for; any other value asks for nothing."""
        return cls(*_EXIF.get(number, _EXIF[1]))

    @property
    def exif(self) -> int:
        """The EXIF value, 1 to 8, that asks for this."""
        return _NUMBER[self.rotation, self.mirrored]

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height change places."""
        return self.rotation in (90, 270)

    @property
    def inverse(self) -> Orientation:
        """What brings the picture back."""
        return self if self.mirrored else _made(-self.rotation, False)

    def then(self, other: Orientation) -> Orientation:
        """This first, ``other`` afterwards, as one."""
        # A turn to the right, seen in the mirror, is one to the left.
        before = -self.rotation if other.mirrored else self.rotation
        return _made(before + other.rotation, self.mirrored != other.mirrored)

    def boxes(self, boxes: ArrayLike) -> Boxes:
        """Where boxes (..., 4) of the picture lie afterwards."""
        b = as_boxes(boxes)
        if self.mirrored:
            b = flip_horizontal(b)
        for _ in range(self.rotation // 90):
            x1, y1, x2, y2 = np.moveaxis(b, -1, 0)
            b = np.stack([1 - y2, x1, 1 - y1, x2], axis=-1)
        return b.copy()

    def crop(self, crop: Crop) -> Crop:
        """The crop that shows the same afterwards, straightened by as much."""
        x1, y1, x2, y2 = self.boxes(crop.box).tolist()
        angle = -crop.angle if self.mirrored and crop.angle else crop.angle
        return replace(crop, box=(x1, y1, x2, y2), angle=angle)


UPRIGHT = Orientation()
TURN_RIGHT = Orientation(90)
TURN_LEFT = Orientation(270)
FLIP_HORIZONTAL = Orientation(0, True)
FLIP_VERTICAL = Orientation(180, True)


def _made(rotation: int, mirrored: bool) -> Orientation:
    return Orientation(rotation % 360, mirrored)  # type: ignore[arg-type]
