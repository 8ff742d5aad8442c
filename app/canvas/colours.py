"""The colours of a map: even steps of lightness from violet to amber, with alpha."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtGui import QColor

CLEAR_BELOW = 0.3
STRONGEST = 0.7
"""Alpha of the highest value; values below CLEAR_BELOW let the photo show unchanged."""

_ENTRIES = 256
_LIGHTNESS = (0.30, 0.89)
_HUE = (290.0, 449.0)
_CHROMA = (0.16, 0.26, 0.18)


@cache
def map_colour(value: float) -> QColor:
    """The opaque colour of a value in [0, 1]: OKLCh with lightness linear in the value."""
    low, high = _LIGHTNESS
    lightness = low + (high - low) * value
    hue = math.radians(_HUE[0] + (_HUE[1] - _HUE[0]) * value)
    first, middle, last = _CHROMA
    chroma = first * (1 - value) ** 2 + 2 * middle * value * (1 - value) + last * value**2
    return _within_gamut(lightness, chroma, hue)


@cache
def colour_table(opacity: float) -> tuple[int, ...]:
    """256 ARGB entries for an indexed image: clear below 0.3, then up to 0.7, times ``opacity``."""
    return tuple(_entry(index / (_ENTRIES - 1), opacity) for index in range(_ENTRIES))


def map_alpha(value: float) -> float:
    """Alpha of a value in [0, 1] at full opacity."""
    return STRONGEST * max(0.0, (value - CLEAR_BELOW) / (1 - CLEAR_BELOW))


def _entry(value: float, opacity: float) -> int:
    colour = QColor(map_colour(value))
    colour.setAlphaF(map_alpha(value) * opacity)
    return colour.rgba()


def _within_gamut(lightness: float, chroma: float, hue: float) -> QColor:
    """The most colourful sRGB colour up to ``chroma`` of this lightness and hue."""
    while True:
        rgb = _oklch_to_srgb(lightness, chroma, hue)
        if chroma <= 0 or all(0.0 <= c <= 1.0 for c in rgb):
            return QColor.fromRgbF(*(min(max(c, 0.0), 1.0) for c in rgb))
        chroma -= 0.005


def _oklch_to_srgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _gamma(red), _gamma(green), _gamma(blue)


def _gamma(linear: float) -> float:
    if linear <= 0.0031308:
        return 12.92 * linear
    return 1.055 * linear ** (1 / 2.4) - 0.055
