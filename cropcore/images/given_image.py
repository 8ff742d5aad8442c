"""Images as programs hold them (files, Pillow images, arrays): checked, and as the encoder sees them."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from cropcore.errors import ImageError
from cropcore.files.limits import MAX_PIXELS
from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.images.photo import (
    Photo,
    Pixels,
    net_pixels,
    on_white,
    plain_image,
    read_photo,
    resized,
)
from cropcore.images.photo_file import orientation
from cropcore.images.sixteen_bit import WHITE, Pixels16

ImageLike = str | os.PathLike[str] | Photo | Image.Image | NDArray[Any]
"""A file's path, a photo, a Pillow image of any mode, or an array as :func:`checked_array` wants it."""

_ONE_BY_ONE = threading.Lock()


@dataclass(frozen=True, eq=False, slots=True)
class NetImage:
    """An image at the encoder's size, upright sRGB; ``width`` and ``height`` are its own."""

    width: int
    height: int
    pixels: Pixels


def net_image(image: ImageLike, sides: InputSides = PRODUCT) -> NetImage:
    """Bring an image to what the encoder sees, as :func:`~cropcore.images.photo.net_pixels` does.

    Raises:
        PhotoError: the file cannot be read.
        ImageError: it is no image, or its size, shape or values are not what is wanted.
    """
    if isinstance(image, str | os.PathLike):
        image = read_photo(image)  # type: ignore[arg-type]
    if isinstance(image, Photo):
        return NetImage(image.width, image.height, net_pixels(image, sides=sides))
    if isinstance(image, Image.Image):
        image = upright(image)
        plain, icc = eight_bit_image(image), profile_of(image)
    else:
        plain, icc = Image.fromarray(_squeezed(eight_bit(checked_array(image)))), None
    size = sides.decoded(plain.width, plain.height)
    return NetImage(plain.width, plain.height, on_white(resized(plain, size), icc))


def upright(image: Image.Image) -> Image.Image:
    """A Pillow image, decoded, turned as its EXIF orientation asks for; itself where it asks for nothing.

    Raises:
        ImageError: it is empty or too large, or cannot be decoded.
    """
    _check_size(image.width, image.height)
    try:
        with _ONE_BY_ONE:  # the same image may be given several times, and loads itself only once
            image.load()
    except Exception as error:  # decoders raise anything on damaged data
        raise ImageError("The image cannot be decoded: {reason}.", reason=str(error)) from error
    return image if orientation(image) == 1 else ImageOps.exif_transpose(image)


def profile_of(image: Image.Image) -> bytes | None:
    """The colour profile of :func:`eight_bit_image`."""
    return None if image.mode == "LAB" else image.info.get("icc_profile") or None


def eight_bit_image(image: Image.Image) -> Image.Image:
    """A Pillow image as L, LA, RGB, RGBA or CMYK with 8 bits.

    Raises:
        ImageError: it holds integers beyond 16 bits, or floats beyond 0 to 1.
    """
    if image.mode in ("I", "F"):
        return Image.fromarray(eight_bit(values_of(image)))
    if image.mode == "HSV":
        return image.convert("RGB")
    return plain_image(image)


def values_of(image: Image.Image) -> NDArray[Any]:
    """The values of a Pillow image of mode I;16, I or F: uint16 or float32 (h, w).

    Raises:
        ImageError: they are beyond 16 bits, or beyond 0 to 1.
    """
    values = np.asarray(image)
    if image.mode == "F":
        return checked_array(values)
    if values.min() < 0 or values.max() > WHITE:
        raise ImageError("An image of whole numbers has values from 0 to 65535.")
    return values.astype(np.uint16)


def checked_array(image: Any) -> NDArray[Any]:
    """An array that is an image: (h, w) or (h, w, 1|3|4) of uint8, uint16, or floats in [0, 1].

    One channel is grey, three are sRGB, four are sRGB with straight alpha.

    Raises:
        ImageError: it is no array, or its shape, kind or values are others.
    """
    if not isinstance(image, np.ndarray):
        raise ImageError(
            "An image is a path, a Pillow image, a Photo or a NumPy array, not {kind}.",
            kind=type(image).__name__,
        )
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (1,), (3,), (4,)):
        raise ImageError(
            "An array has the shape (height, width), or (height, width, "
            "channels) with 1, 3 or 4 channels, not {shape}.",
            shape=str(image.shape),
        )
    _check_size(image.shape[1], image.shape[0])
    if image.dtype.kind == "f":
        low, high = image.min(), image.max()
        if np.isnan(low):
            raise ImageError("An array of floats has values from 0 to 1; this one holds NaN.")
        if low < 0 or high > 1:
            raise ImageError(
                "An array of floats has values from 0 to 1, not from {low:g} to {high:g}.",
                low=low,
                high=high,
            )
    elif image.dtype.kind != "u" or image.dtype.itemsize > 2:
        raise ImageError(
            "An array holds uint8, uint16 or floats from 0 to 1, not {dtype}.",
            dtype=str(image.dtype),
        )
    return image


def eight_bit(array: NDArray[Any]) -> Pixels:
    """A :func:`checked_array` as uint8, of the same shape."""
    if array.dtype.kind == "f":
        return np.rint(array.astype(np.float32) * 255).astype(np.uint8)
    return array if array.dtype.itemsize == 1 else (array >> 8).astype(np.uint8)


def sixteen_bit(array: NDArray[Any]) -> Pixels16:
    """A :func:`checked_array` of uint16 or floats as uint16 (h, w, channels)."""
    if array.dtype.kind == "f":
        array = np.rint(array.astype(np.float64) * WHITE)
    return np.atleast_3d(array.astype(np.uint16))


def _squeezed(array: Pixels) -> Pixels:
    """As Pillow wants one channel: (h, w)."""
    return array[..., 0] if array.shape[2:] == (1,) else array


def _check_size(width: int, height: int) -> None:
    if min(width, height) < 1:
        raise ImageError(
            "An image has pixels; this one is {width} x {height}.", width=width, height=height
        )
    if width * height > MAX_PIXELS:
        raise ImageError(
            "An image has at most {megapixels} megapixels, not {width} x {height} pixels.",
            megapixels=MAX_PIXELS // 10**6,
            width=width,
            height=height,
        )
