"""Camera Raw's crop (Lightroom, Camera Raw, Bridge), to and from a crop of the photo.

Its fractions are of the stored pixels, before the orientation is applied. With an angle, (left, top)
and (right, bottom) are two opposite corners of a frame that is turned in the photo about its own
centre, clockwise where the angle is positive; our crop is a box in the photo turned the other way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cropcore.geometry.boxes import WHOLE, clip, rotated_size
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.crop_json import MOST_DEGREES
from cropcore.geometry.orientation import Orientation
from cropcore.geometry.straighten import fit_inside, without_empty_corners

_SMALLEST = 1e-4
"""A frame of less than this share of the photo's sides is no crop that a person made."""
_SAME = 2e-6
"""Frames that differ by no more are one, written with six digits."""


@dataclass(frozen=True, slots=True)
class CameraRawCrop:
    """The crop as it stands in XMP: fractions of the stored pixels, and degrees."""

    left: float
    top: float
    right: float
    bottom: float
    angle: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut away."""
        sides = np.abs(np.subtract((self.left, self.top, self.right, self.bottom), WHOLE))
        return bool(sides.max() <= _SAME) and abs(self.angle) <= _SAME

    def is_same(self, other: CameraRawCrop) -> bool:
        """Whether both are one crop, give or take the last digit."""
        pairs = zip(self._numbers(), other._numbers(), strict=True)
        return all(abs(a - b) <= _SAME for a, b in pairs)

    def _numbers(self) -> tuple[float, float, float, float, float]:
        return self.left, self.top, self.right, self.bottom, self.angle


def to_camera_raw(crop: Crop, width: int, height: int, orientation: Orientation) -> CameraRawCrop:
    """The values of a crop of an upright photo.

    Args:
        crop: of the photo as it is shown; of a circle it is the square around it.
        width, height: of the photo as it is shown, in pixels.
        orientation: what makes the stored pixels that photo: the file's, and then the person's.
    """
    crop = without_empty_corners(crop, width, height)
    if orientation.swaps_sides:
        width, height = height, width
    stored = orientation.inverse.crop(crop)
    angle = -stored.angle
    canvas = rotated_size(width, height, angle)
    x1, y1, x2, y2 = stored.box
    middle = ((x1 + x2) / 2 - 0.5) * canvas[0], ((y1 + y2) / 2 - 0.5) * canvas[1]
    x, y = _turned(*middle, angle)
    dx, dy = _turned((x2 - x1) * canvas[0] / 2, (y2 - y1) * canvas[1] / 2, angle)
    return CameraRawCrop(
        (x - dx) / width + 0.5,
        (y - dy) / height + 0.5,
        (x + dx) / width + 0.5,
        (y + dy) / height + 0.5,
        angle + 0.0,
    )


def from_camera_raw(
    values: CameraRawCrop, width: int, height: int, orientation: Orientation
) -> tuple[Crop, bool] | None:
    """The crop that is meant, and whether it had to be set right.

    Sides in the wrong order are exchanged, and what reaches over the photo's edge is cut off or
    shifted inside; None where nothing is left or the numbers mean no crop.

    Args:
        values: as they stand in XMP.
        width, height: of the photo as ``orientation`` shows it, in pixels.
        orientation: what makes the stored pixels that photo.
    """
    numbers = (values.left, values.top, values.right, values.bottom, values.angle)
    if not all(map(math.isfinite, numbers)) or abs(values.angle) > MOST_DEGREES:
        return None
    if orientation.swaps_sides:
        width, height = height, width
    angle = values.angle
    dx, dy = (values.right - values.left) * width, (values.bottom - values.top) * height
    wide, high = _turned(dx, dy, -angle)
    x = ((values.left + values.right) / 2 - 0.5) * width
    y = ((values.top + values.bottom) / 2 - 0.5) * height
    x, y = _turned(x, y, -angle)
    canvas = rotated_size(width, height, angle)
    right = abs(wide) / canvas[0] / 2, abs(high) / canvas[1] / 2
    if min(right) < _SMALLEST / 2:
        return None
    middle = x / canvas[0] + 0.5, y / canvas[1] + 0.5
    drawn: Box = (
        middle[0] - right[0],
        middle[1] - right[1],
        middle[0] + right[0],
        middle[1] + right[1],
    )
    fitted = _inside(drawn, width, height, -angle)
    if fitted is None:
        return None
    moved = np.abs(np.subtract(fitted, drawn)).reshape(2, 2) * canvas
    mended = wide < 0 or high < 0 or bool(moved.max() > 1)
    return orientation.crop(Crop(fitted, "rect", -angle + 0.0)), mended


def _inside(box: Box, width: int, height: int, angle: float) -> Box | None:
    """A box without what lies over the photo's edge, None where nothing lies inside."""
    if angle:
        if box[0] >= 1 or box[1] >= 1 or box[2] <= 0 or box[3] <= 0:
            return None
        x1, y1, x2, y2 = fit_inside(box, width, height, angle).tolist()
    else:
        x1, y1, x2, y2 = clip(box).tolist()
    return None if x2 - x1 < _SMALLEST or y2 - y1 < _SMALLEST else (x1, y1, x2, y2)


def _turned(x: float, y: float, degrees: float) -> tuple[float, float]:
    """A vector turned clockwise, y pointing down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return x * cos - y * sin, x * sin + y * cos
