"""What a photo says of its colours outside an ICC profile: CICP, gAMA and cHRM, Adobe RGB by DCF.

Each is turned into an ICC profile, so that everything behind the decoder knows one description of
colours. For HDR (PQ and HLG) the profile shows the photo in standard range; the code points are kept
beside it, for files that can hold them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from cropcore.images.item_properties import item_properties
from cropcore.images.matrix_profile import (
    ADOBE_RGB,
    BT709_CURVE,
    SRGB,
    SRGB_CURVE,
    Curve,
    Primaries,
    Sampled,
    gamma,
    grey_profile,
    rgb_profile,
)
from cropcore.images.photo_file import PNG_CICP

_PQ, _HLG = 16, 18
_REFERENCE_WHITE = 203.0
"""Luminance of diffuse white in HDR, cd/m2 (ITU-R BT.2408)."""
_KNEE = 0.75
_EXIF_IFD, _INTEROP_IFD, _INTEROP_INDEX = 0x8769, 0xA005, 1

_PRIMARIES = {
    1: SRGB,
    4: Primaries((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), (0.310, 0.316)),
    5: Primaries((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    8: Primaries((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), (0.310, 0.316)),
    9: Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    22: Primaries((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
_CURVES: dict[int, Curve] = {
    1: BT709_CURVE,
    4: gamma(2.2),
    5: gamma(2.8),
    6: BT709_CURVE,
    8: gamma(1.0),
    11: BT709_CURVE,
    13: SRGB_CURVE,
    14: BT709_CURVE,
    15: BT709_CURVE,
    17: gamma(2.6),
}
_NAMES = {1: "BT.709", 9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
# Of a photo in the primaries of sRGB, programs take the curve of television for that of sRGB.
_AS_SRGB = {1, 2, 6, 13, 14, 15}
_NEAR_GAMMA, _NEAR_CHROMATICITY = 0.02, 0.005


@dataclass(frozen=True, slots=True)
class Cicp:
    """Code points of ITU-T H.273: primaries, transfer, matrix (0 is RGB), full or limited range."""

    primaries: int
    transfer: int
    matrix: int = 0
    full_range: bool = True

    @property
    def is_hdr(self) -> bool:
        """Whether the transfer is PQ or HLG."""
        return self.transfer in (_PQ, _HLG)

    @property
    def hdr_name(self) -> str:
        """PQ or HLG, as a person knows it; empty for standard range."""
        return {_PQ: "PQ", _HLG: "HLG"}.get(self.transfer, "")


@dataclass(frozen=True, slots=True)
class Colours:
    """How to understand a photo's numbers: an ICC profile (None is sRGB), and code points of HDR."""

    icc: bytes | None = None
    hdr: Cicp | None = None


def colours_of(image: Image.Image) -> Colours:
    """The colours of an image from ``photo_file.opened``; no pixel is decoded.

    Code points win over an ICC profile where they say HDR, and in a PNG always (PNG, third edition);
    an ICC profile wins over everything else.
    """
    own = image.info.get("icc_profile") or None
    cicp = _cicp(image)
    if cicp is not None and cicp.is_hdr:
        return Colours(_profile(cicp), cicp)
    if own is not None and not (image.format == "PNG" and cicp is not None):
        return Colours(own)
    if cicp is not None:
        return Colours(_profile(cicp))
    if image.format == "PNG":
        return Colours(_by_gamma(image))
    if image.format in ("JPEG", "MPO") and image.mode == "RGB" and _is_adobe_rgb(image):
        return Colours(rgb_profile("Adobe RGB (1998) compatible", ADOBE_RGB, gamma(563 / 256)))
    return Colours()


def _cicp(image: Image.Image) -> Cicp | None:
    if image.mode in ("L", "LA", "1", "P") and image.format != "PNG":
        return None
    if image.format == "PNG":
        numbers = image.info.get(PNG_CICP)
        points = (*numbers[:3], bool(numbers[3])) if numbers else None
    elif image.format == "HEIF":
        points = _of_heif(image.info.get("nclx_profile"))
    elif image.format == "AVIF":
        points = item_properties(_file(image)).cicp
    else:
        return None
    return None if points is None else Cicp(*points)


def _of_heif(profile: Any) -> tuple[int, int, int, bool] | None:
    if not isinstance(profile, dict):
        return None
    names = ("color_primaries", "transfer_characteristics", "matrix_coefficients")
    primaries, transfer, matrix = (int(profile.get(name, 2)) for name in names)
    return primaries, transfer, matrix, bool(profile.get("full_range_flag", 1))


def _file(image: Image.Image) -> io.BufferedIOBase:
    return image.fp  # type: ignore[attr-defined]


@lru_cache(maxsize=32)
def _profile(cicp: Cicp) -> bytes | None:
    """The profile of code points; None for sRGB, and for what is unspecified or unknown."""
    primaries = _PRIMARIES.get(cicp.primaries, SRGB)
    name = _NAMES.get(cicp.primaries, f"primaries {cicp.primaries}")
    if cicp.is_hdr:
        return rgb_profile(f"{name} {cicp.hdr_name}", primaries, _standard_range(cicp.transfer))
    if primaries == SRGB and cicp.transfer in _AS_SRGB:
        return None
    curve = _CURVES.get(cicp.transfer, SRGB_CURVE)
    if cicp.transfer in (13, 2):
        return rgb_profile(name, primaries, curve)
    return rgb_profile(f"{name}, transfer {cicp.transfer}", primaries, curve)


@lru_cache(maxsize=2)
def _standard_range(transfer: int) -> Sampled:
    """The curve that shows PQ or HLG in standard range.

    Up to three quarters of diffuse white light stays as it is; what is brighter rolls off towards
    white, without a bound at which it clips.
    """
    signal = np.linspace(0, 1, 4096)
    light = (_pq_light(signal) if transfer == _PQ else _hlg_light(signal)) / _REFERENCE_WHITE
    above = np.maximum(light - _KNEE, 0) / (1 - _KNEE)
    shown = np.where(light < _KNEE, light, _KNEE + (1 - _KNEE) * (1 - np.exp(-above)))
    return Sampled(tuple(float(v) for v in shown))


def _pq_light(signal: Any) -> Any:
    """Display light in cd/m2 of a PQ signal (SMPTE ST 2084)."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    power = signal ** (1 / m2)
    return 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1)


def _hlg_light(signal: Any) -> Any:
    """Display light in cd/m2 of an HLG signal on a display of 1000 cd/m2 (ITU-R BT.2100)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return 1000 * scene**1.2


def _by_gamma(image: Image.Image) -> bytes | None:
    """The profile of a PNG's gAMA and cHRM; None where they say sRGB or nothing.

    A cHRM without gAMA is not heeded, as browsers do not.
    """
    info = image.info
    exponent = info.get("gamma")
    if "srgb" in info or not isinstance(exponent, float) or not 0.05 <= exponent <= 5:
        return None
    numbers = info.get("chromaticity")
    primaries = SRGB
    if isinstance(numbers, tuple) and len(numbers) == 8:
        white, red, green, blue = (
            (float(numbers[i]), float(numbers[i + 1])) for i in range(0, 8, 2)
        )
        primaries = Primaries(red, green, blue, white)
    usual = abs(exponent * 2.2 - 1) < _NEAR_GAMMA
    if usual and _near(primaries, SRGB):
        return None
    curve = SRGB_CURVE if usual else gamma(1 / exponent)
    if image.mode in ("1", "L", "LA") or image.mode.startswith("I;16"):
        return None if usual else grey_profile(f"Grey, gamma {1 / exponent:.3g}", curve)
    return rgb_profile(f"RGB, gamma {1 / exponent:.3g}", primaries, curve)


def _near(one: Primaries, other: Primaries) -> bool:
    pairs = zip(
        (one.red, one.green, one.blue, one.white),
        (other.red, other.green, other.blue, other.white),
        strict=True,
    )
    return all(abs(a - b) < _NEAR_CHROMATICITY for p, q in pairs for a, b in zip(p, q, strict=True))


def _is_adobe_rgb(image: Image.Image) -> bool:
    """Whether the EXIF interoperability index says Adobe RGB (DCF 2.0, ``R03``)."""
    try:
        exif = image.getexif()
        link = exif.get_ifd(_EXIF_IFD).get(_INTEROP_IFD)
        if not isinstance(link, int):
            return False
        index = exif.get_ifd(_INTEROP_IFD).get(_INTEROP_INDEX, "")
    except Exception:  # a damaged EXIF block tells no colours
        return False
    return str(index).strip("\0 ") == "R03"
