"""Maps as pictures: in colour alone, and over the grey photo.

Both draw the map's ``low``-``high`` range as 0-1; values beyond are drawn as its ends. The colours
are OpenCV's inferno, which grows evenly lighter and reads well in grey and with colour blindness.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.crop import Map

Pixels = NDArray[np.uint8]

_CLEAR_BELOW = 0.3
_MOST = 0.7


def unit(map: Map) -> NDArray[np.float32]:
    """The map's values brought to 0-1, (h, w) float32; what is not finite becomes 0."""
    span = max(map.high - map.low, 1e-12)
    values = np.nan_to_num((map.values - map.low) / span, nan=0.0, posinf=1.0, neginf=0.0)
    return np.clip(values, 0.0, 1.0).astype(np.float32)


def coloured(map: Map, width: int, height: int) -> Pixels:
    """The map alone, uint8 sRGB (height, width, 3), enlarged smoothly."""
    return _colours(_resized(map, width, height))


def overlay(map: Map, photo: Pixels) -> Pixels:
    """The map over the greyed photo, uint8 sRGB of the photo's size (h, w, 3).

    Values below 0.3 are clear; from there on the map's share grows evenly to 0.7 at 1.
    """
    height, width = photo.shape[:2]
    values = _resized(map, width, height)
    share = np.clip((values - _CLEAR_BELOW) / (1 - _CLEAR_BELOW), 0.0, 1.0) * _MOST
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
    mixed = grey * (1 - share[..., None]) + _colours(values) * share[..., None]
    return np.rint(mixed).astype(np.uint8)


def _resized(map: Map, width: int, height: int) -> NDArray[np.float32]:
    values = cv2.resize(unit(map), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(values, np.float32)


def _colours(values: NDArray[np.float32]) -> Pixels:
    levels = np.rint(values * 255).astype(np.uint8)
    return np.asarray(
        cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    )
