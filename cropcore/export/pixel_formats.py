"""Converts a crop's pixels to what a file format holds: circle mask, alpha, background, colour mode."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.export.encoders import HDR_FORMATS, MODES
from cropcore.images import colour_profile
from cropcore.images.render import Pixels
from cropcore.images.sixteen_bit import WHITE, Pixels16
from cropcore.messages import Message


class ConvertedPixels(NamedTuple):
    """Pixels fit for a format, the profile they are in, and notes for the person."""

    pixels: Pixels
    icc: bytes | None
    notes: tuple[Message, ...] = ()


def finish(
    pixels: Pixels,
    icc: bytes | None,
    file_format: str,
    circle: bool,
    background: tuple[int, int, int],
    hdr: bool = False,
) -> ConvertedPixels:
    """Finish pixels for a format (Pillow's name); 16-bit arrays go to PNG, TIFF and HEIF alone.

    Pixels in ``hdr`` become sRGB where the format can neither say PQ nor hold a profile of 16 bits.
    Outside a circle all is transparent, or ``background`` (sRGB) where the format has no alpha.
    """
    if hdr and file_format in HDR_FORMATS:
        icc = None  # the code points describe the colours
    if isinstance(pixels, Image.Image):
        if hdr and file_format not in (*HDR_FORMATS, "TIFF"):
            pixels, icc = colour_profile.to_srgb(pixels, icc), None
        return _finish_image(pixels, icc, file_format, circle, background)
    if circle:
        pixels = _circled_16_bit(pixels)
    if file_format == "TIFF" and pixels.shape[2] == 2:
        # Hardly a program reads 16-bit grey with alpha from a TIFF.
        pixels = np.ascontiguousarray(pixels[..., [0, 0, 0, 1]])
        icc = None if icc and colour_profile.space(icc) == "GRAY" else icc
    return ConvertedPixels(pixels, icc)


def circle_coverage(width: int, height: int) -> NDArray[np.float32]:
    """How much of each pixel lies in the inscribed ellipse, (height, width), 0 to 1."""
    radius = np.float32(min(width, height) / 2)
    x = (np.arange(width, dtype=np.float32) + 0.5) / np.float32(width) * 2 - 1
    y = (np.arange(height, dtype=np.float32) + 0.5) / np.float32(height) * 2 - 1
    distance = np.sqrt(x[None] ** 2 + y[:, None] ** 2) * radius
    return np.clip(radius - distance + np.float32(0.5), 0, 1)


def _finish_image(
    image: Image.Image,
    icc: bytes | None,
    file_format: str,
    circle: bool,
    background: tuple[int, int, int],
) -> ConvertedPixels:
    modes = MODES[file_format]
    notes: tuple[Message, ...] = ()
    if image.mode == "CMYK" and (circle or "CMYK" not in modes):
        image, icc = colour_profile.to_srgb(image, icc), None
        notes = (Message("Converted from CMYK to sRGB."),)
    if circle:
        image = _circled(image)
    if image.mode in ("LA", "RGBA") and "RGBA" not in modes:
        if image.mode == "LA" and len(set(background)) > 1:
            image, icc = _in_colour(image, icc)
        image = _over(image, colour_profile.from_srgb(background, image.mode[:-1], icc))
    if image.mode not in modes:
        image, icc = _in_colour(image, icc)
    return ConvertedPixels(image, icc, notes)


def _circled(image: Image.Image) -> Image.Image:
    image = image if image.mode in ("LA", "RGBA") else image.convert(image.mode + "A")
    alpha = np.asarray(image.getchannel("A"), np.float32) * circle_coverage(*image.size)
    image.putalpha(Image.fromarray(np.rint(alpha).astype(np.uint8)))
    return image


def _circled_16_bit(pixels: Pixels16) -> Pixels16:
    height, width, channels = pixels.shape
    alpha = circle_coverage(width, height)
    if channels in (2, 4):
        alpha *= pixels[..., -1] / np.float32(WHITE)
        pixels = pixels[..., :-1]
    return np.dstack([pixels, np.rint(alpha * WHITE).astype(np.uint16)])


def _over(image: Image.Image, behind: tuple[int, ...]) -> Image.Image:
    mode = image.mode[:-1]
    plain = Image.new(mode, image.size, behind if len(behind) > 1 else behind[0])
    plain.paste(image.convert(mode), mask=image.getchannel("A"))
    return plain


def _in_colour(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    """A grey image as RGB, with its alpha, and the profile that then holds."""
    if icc and colour_profile.space(icc) == "GRAY":
        return colour_profile.to_srgb(image, icc), None
    return image.convert("RGBA" if image.mode == "LA" else "RGB"), icc
