"""Crops and orientations as JSON lists, and checks of the numbers in sidecars, journals and records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cropcore.errors import DataError
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.orientation import Orientation

MOST_DEGREES = 45.0
"""By how much a photo is straightened at most, either way."""
_BEYOND = 1e-3
"""How far a number may lie outside its range: rounding errors of turning a photo back and forth."""
_NARROWEST = 1e-6


def crop_out(crop: Crop) -> list[Any]:
    """A crop as a list for JSON: [box, shape, angle]."""
    return [list(crop.box), crop.shape, crop.angle]


def crop_in(values: Sequence[Any]) -> Crop:
    """Read what :func:`crop_out` returns.

    Raises:
        ValueError, TypeError: it is no crop; DataError where a value is wrong.
    """
    box, shape, angle = values
    if shape not in ("rect", "circle"):
        raise DataError("{shape!r} is no shape", shape=str(shape))
    return Crop(box_in(box), shape, angle_in(angle))


def turn_out(turn: Orientation) -> list[Any]:
    """An orientation as a list for JSON: [rotation, mirrored]."""
    return [turn.rotation, turn.mirrored]


def turn_in(values: Sequence[Any]) -> Orientation:
    """Read what :func:`turn_out` returns.

    Raises:
        ValueError, TypeError: it is no orientation.
    """
    rotation, mirrored = values
    return Orientation(rotation, bool(mirrored))


def box_in(values: object) -> Box:
    """The box of a crop: it lies in the photo and has an area.

    Raises:
        DataError: it does not.
    """
    x1, y1, x2, y2 = box = area_in(values)
    if x2 - x1 < _NARROWEST or y2 - y1 < _NARROWEST:
        raise DataError("a crop has an area")
    return box


def area_in(values: object) -> Box:
    """A box that lies in the photo; of what was cut at the border there may be nothing left.

    Raises:
        DataError: it is none.
    """
    if not isinstance(values, list | tuple) or len(values) != 4:
        raise DataError("a box is a list of four numbers")
    x1, y1, x2, y2 = (number_in(side, 0.0, 1.0) for side in values)
    if x2 < x1 or y2 < y1:
        raise DataError("the sides of a box are in the wrong order")
    return x1, y1, x2, y2


def angle_in(value: object) -> float:
    """The angle of a crop in degrees.

    Raises:
        DataError: no photo is straightened by it.
    """
    return number_in(value, -MOST_DEGREES, MOST_DEGREES)


def number_in(value: object, least: float = -1e12, most: float = 1e12) -> float:
    """A number from ``least`` to ``most``, or beyond them by no more than was rounded.

    Raises:
        DataError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DataError("it is no number")
    # Compared before the conversion: an int may be too large for a float.
    if not least - _BEYOND <= value <= most + _BEYOND:
        raise DataError("it is no number from {least:g} to {most:g}", least=least, most=most)
    return float(value)


def whole_in(value: object, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``.

    Raises:
        DataError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise DataError("it is no whole number from {least} to {most}", least=least, most=most)
    return value
