"""Colour map of overlays: perceptually even from violet to amber, with alpha."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

CLEAR_BELOW = 0.3
STRONGEST = 0.7
"""Alpha of the highest value; values below CLEAR_BELOW let the photo show unchanged."""

_ENTRIES = 256
_LIGHTNESS = (0.30, 0.89)
_HUE = (290.0, 449.0)
_CHROMA = (0.16, 0.26, 0.18)
_GAMUT_STEPS = 9

Floats = NDArray[np.float64]

# Oklab to the cone responses (cube roots), and those to linear sRGB; one column for each result.
_TO_CONES = np.array(
    [[1.0, 1.0, 1.0], [0.3963377774, -0.1055613458, -0.0894841775],
     [0.2158037573, -0.0638541728, -1.2914855480]]
)  # fmt: skip
_TO_LINEAR = np.array(
    [[4.0767416621, -1.2684380046, -0.0041960863], [-3.3077115913, 2.6097574011, -0.7034186147],
     [0.2309699292, -0.3413193965, 1.7076147010]]
)  # fmt: skip


def map_colour(value: float) -> QColor:
    """The opaque colour of a value in [0, 1]: OKLCh with lightness linear in the value."""
    red, green, blue = _palette()[round(value * (_ENTRIES - 1))].tolist()
    return QColor(red, green, blue)


@cache
def colour_table(opacity: float) -> tuple[int, ...]:
    """256 ARGB entries for an indexed image: clear below 0.3, then up to 0.7, times ``opacity``."""
    entries = enumerate(_palette().tolist())
    return tuple(
        round(map_alpha(index / (_ENTRIES - 1)) * opacity * 255) << 24
        | red << 16
        | green << 8
        | blue
        for index, (red, green, blue) in entries
    )


def map_alpha(value: float) -> float:
    """Alpha of a value in [0, 1] at full opacity."""
    return STRONGEST * max(0.0, (value - CLEAR_BELOW) / (1 - CLEAR_BELOW))


@cache
def _palette() -> NDArray[np.uint8]:
    """(256, 3) sRGB, each as colourful as its lightness and hue allow, up to the wanted chroma."""
    value = np.linspace(0.0, 1.0, _ENTRIES)
    lightness = _LIGHTNESS[0] + (_LIGHTNESS[1] - _LIGHTNESS[0]) * value
    hue = np.radians(_HUE[0] + (_HUE[1] - _HUE[0]) * value)
    first, middle, last = _CHROMA
    wanted = first * (1 - value) ** 2 + 2 * middle * value * (1 - value) + last * value**2
    low, high = np.zeros(_ENTRIES), wanted
    for _ in range(_GAMUT_STEPS):
        chroma = (low + high) / 2
        shown = _is_shown(_to_linear(lightness, chroma, hue))
        low, high = np.where(shown, chroma, low), np.where(shown, high, chroma)
    fits = _is_shown(_to_linear(lightness, wanted, hue))
    linear = np.clip(_to_linear(lightness, np.where(fits, wanted, low), hue), 0.0, 1.0)
    rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(rgb * 255).astype(np.uint8)


def _to_linear(lightness: Floats, chroma: Floats, hue: Floats) -> Floats:
    """OKLCh, each (n,), to linear sRGB (n, 3), which may lie beyond what a screen shows."""
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)
    result: Floats = (lab @ _TO_CONES) ** 3 @ _TO_LINEAR
    return result


def _is_shown(linear: Floats) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = np.all((linear >= 0.0) & (linear <= 1.0), axis=-1)
    return result
