"""Makes ICC profiles (v4, matrix and curve) from primaries, white point and transfer curve.

For photos that describe their colours otherwise than by an ICC profile: CICP code points, gAMA and cHRM
of PNG, Adobe RGB by DCF. Numbers: ICC.1:2022 (layout, Bradford adaptation to D50) and ITU-T H.273
(code points, curves).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Chromaticity = tuple[float, float]

D65: Chromaticity = (0.3127, 0.3290)
_D50_XYZ = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_TABLE = 4096
_HEADER, _TAG_ENTRY = 128, 12


@dataclass(frozen=True, slots=True)
class Primaries:
    """CIE xy chromaticities of red, green, blue and white."""

    red: Chromaticity
    green: Chromaticity
    blue: Chromaticity
    white: Chromaticity = D65


SRGB = Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB = Primaries((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))


@dataclass(frozen=True, slots=True)
class Parametric:
    """``y = (a x + b) ** g`` from ``d`` on and ``y = c x`` below, x and y in [0, 1]."""

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0


@dataclass(frozen=True, slots=True)
class Sampled:
    """Values of y in [0, 1], ascending, at evenly spaced x from 0 to 1; at most 4096 of them."""

    values: tuple[float, ...]


Curve = Parametric | Sampled

SRGB_CURVE = Parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
BT709_CURVE = Parametric(1 / 0.45, 1 / 1.0993, 0.0993 / 1.0993, 1 / 4.5, 0.0812)


def gamma(exponent: float) -> Parametric:
    """The pure power curve ``y = x ** exponent``."""
    return Parametric(exponent)


@lru_cache(maxsize=32)
def rgb_profile(name: str, primaries: Primaries, curve: Curve) -> bytes | None:
    """A display profile for RGB; None where the primaries span no triangle around white."""
    columns = _columns(primaries)
    if columns is None:
        return None
    tags = {b"desc": _text(name), b"cprt": _text("No copyright"), b"wtpt": _xyz(_D50_XYZ)}
    tags[b"chad"] = _chad(primaries.white)
    for i, letter in enumerate((b"r", b"g", b"b")):
        tags[letter + b"XYZ"] = _xyz(columns[:, i])
        tags[letter + b"TRC"] = _curve(curve)
    return _assembled(b"RGB ", tags)


@lru_cache(maxsize=32)
def grey_profile(name: str, curve: Curve) -> bytes:
    """A display profile for grey."""
    tags = {b"desc": _text(name), b"cprt": _text("No copyright"), b"wtpt": _xyz(_D50_XYZ)}
    tags[b"kTRC"] = _curve(curve)
    return _assembled(b"GRAY", tags)


def _columns(primaries: Primaries) -> NDArray[np.float64] | None:
    """XYZ of red, green and blue as columns, adapted to D50; their sum is white."""
    corners = (primaries.red, primaries.green, primaries.blue, primaries.white)
    if not all(y > 1e-4 and np.isfinite(x) and np.isfinite(y) for x, y in corners):
        return None
    matrix = np.array([_to_xyz(c) for c in corners[:3]]).T
    if abs(np.linalg.det(matrix)) < 1e-3:
        return None
    shares = np.linalg.solve(matrix, _to_xyz(primaries.white))
    if (shares <= 0).any():
        return None
    return np.asarray(_adaptation(primaries.white) @ (matrix * shares))


def _to_xyz(chromaticity: Chromaticity) -> NDArray[np.float64]:
    x, y = chromaticity
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _adaptation(white: Chromaticity) -> NDArray[np.float64]:
    """The Bradford matrix from a white point to D50."""
    scale = (_BRADFORD @ _D50_XYZ) / (_BRADFORD @ _to_xyz(white))
    return np.asarray(np.linalg.inv(_BRADFORD) @ (scale[:, None] * _BRADFORD))


def _fixed(values: NDArray[np.float64]) -> bytes:
    return np.rint(values.ravel() * 65536).astype(">i4").tobytes()


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _chad(white: Chromaticity) -> bytes:
    return b"sf32\0\0\0\0" + _fixed(_adaptation(white))


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data


def _curve(curve: Curve) -> bytes:
    if isinstance(curve, Sampled):
        values = np.clip(np.array(curve.values[:_TABLE]), 0, 1)
        return (
            b"curv\0\0\0\0"
            + struct.pack(">I", len(values))
            + np.rint(values * 65535).astype(">u2").tobytes()
        )
    if curve == Parametric(curve.g):
        return b"para\0\0\0\0" + struct.pack(">HH", 0, 0) + _fixed(np.array([curve.g]))
    numbers = np.array([curve.g, curve.a, curve.b, curve.c, curve.d])
    return b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + _fixed(numbers)


def _assembled(colours: bytes, tags: dict[bytes, bytes]) -> bytes:
    start = _HEADER + 4 + _TAG_ENTRY * len(tags)
    table, body, places = b"", b"", dict[bytes, int]()
    for name, data in tags.items():
        if data not in places:  # the three curves of RGB are one
            places[data] = start + len(body)
            body += data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", places[data], len(data))
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI12s",
        *(start + len(body), b"\0\0\0\0", 0x04400000, b"mntr", colours, b"XYZ ", bytes(12)),
        *(b"acsp", b"\0\0\0\0", 0, 0, 0, 0, 0, _fixed(_D50_XYZ)),
    )
    return header.ljust(_HEADER, b"\0") + struct.pack(">I", len(tags)) + table + body
