"""A crop as records hold it: a list of its box, shape and angle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from cropcore.crop import Crop


def crop_out(crop: Crop) -> list[Any]:
    """What JSON can hold of a crop."""
    return [list(crop.box), crop.shape, crop.angle]


def crop_in(values: Sequence[Any]) -> Crop:
    """Read what :func:`crop_out` returns.

    Raises:
        ValueError, TypeError: it is no crop.
    """
    (x1, y1, x2, y2), shape, angle = values
    if shape not in ("rect", "circle"):
        raise ValueError(f"{shape!r} is no shape")
    crop = Crop((float(x1), float(y1), float(x2), float(y2)), shape, float(angle))
    if not all(map(math.isfinite, (*crop.box, crop.angle))):
        raise ValueError(f"{values!r} is no crop")
    return crop
