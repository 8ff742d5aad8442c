"""ICC colour profiles: conversion of pixels to sRGB, and of single colours back."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

# Relative colorimetric with black point compensation: what browsers and editors show.
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION

# What Pillow raises for a profile that is damaged or for another kind of colours.
_BAD_PROFILE = (ImageCms.PyCMSError, OSError, ValueError)

_Profile = ImageCms.core.CmsProfile | ImageCms.ImageCmsProfile


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """Convert an L, LA, RGB, RGBA or CMYK image with a profile to sRGB.

    The result is RGB, or RGBA where the image has alpha; the alpha is kept as it is. Without a
    profile, with a damaged one, or with one for another kind of colours, values are taken as sRGB.
    """
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    flat = image.convert(image.mode[:-1]) if alpha is not None else image
    colours = (
        _between(flat, icc, ImageCms.createProfile("sRGB"), "RGB")
        if icc and not is_srgb(icc)
        else None
    )
    if colours is None:
        colours = flat.convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    return colours


def lab_to_srgb(image: Image.Image) -> Image.Image:
    """Convert a CIELAB image to RGB."""
    srgb = ImageCms.createProfile("sRGB")
    return _between(image, ImageCms.createProfile("LAB"), srgb, "RGB") or image.convert("RGB")


def from_srgb(colour: tuple[int, int, int], mode: str, icc: bytes | None) -> tuple[int, ...]:
    """One sRGB colour (0-255 each) in a profile's colours: 1, 3 or 4 values for L, RGB or CMYK."""
    pixel = Image.new("RGB", (1, 1), colour)
    converted = None
    if icc and not is_srgb(icc):
        converted = _between(pixel, ImageCms.createProfile("sRGB"), icc, mode)
    return tuple((converted or pixel.convert(mode)).tobytes())


def is_srgb(icc: bytes) -> bool:
    """Whether a profile is one of the usual sRGB ones, by its description."""
    try:
        return ImageCms.getProfileDescription(_opened(icc)).strip().lower().startswith("srgb")
    except _BAD_PROFILE:
        return False


def space(icc: bytes) -> str:
    """The kind of colours a profile is for: RGB, GRAY, CMYK, Lab, or an empty text if damaged."""
    return icc[16:20].decode("ascii", "replace").strip() if len(icc) >= 128 else ""


def _between(
    image: Image.Image, source: _Profile | bytes, target: _Profile | bytes, mode: str
) -> Image.Image | None:
    """The converted image, or None where a profile is damaged or for another kind of colours."""
    try:
        return ImageCms.profileToProfile(
            image, _opened(source), _opened(target), _INTENT, mode, flags=_FLAGS
        )
    except _BAD_PROFILE:
        return None


def _opened(profile: _Profile | bytes) -> _Profile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile)) if isinstance(profile, bytes) else profile
