"""Cut a crop out of an image in memory or in a file, into the kind of image that came in."""

from __future__ import annotations

import os
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.export.pixel_formats import finish
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.given_crops import CropLike, as_crop
from cropcore.images.given_image import (
    checked_array,
    eight_bit_image,
    profile_of,
    sixteen_bit,
    upright,
    values_of,
)
from cropcore.images.photo import Photo, decode, read_photo
from cropcore.images.render import Plan, plan, render
from cropcore.images.sixteen_bit import WHITE

_LEAST_RATIO, _MOST_RATIO = 0.01, 100.0
_NO_BACKGROUND = (0, 0, 0)


@overload
def cut(image: NDArray[Any], crop: CropLike) -> NDArray[Any]: ...


@overload
def cut(image: str | os.PathLike[str] | Photo | Image.Image, crop: CropLike) -> Image.Image: ...


def cut(
    image: str | os.PathLike[str] | Photo | Image.Image | NDArray[Any], crop: CropLike
) -> Image.Image | NDArray[Any]:
    """The pixels of a crop, at the image's own scale, as exports cut them.

    Files and Pillow images are turned upright first; colours stay in the image's own profile, which
    lies in ``info["icc_profile"]``. An angle straightens; it samples once. A circle has transparency
    around it: a grey Pillow image becomes LA, others RGBA, an array (h, w, 4). Everything else comes
    back in the mode, or in the dtype and with the channels, that it came in; Pillow knows no modes for
    what it would take to straighten or round a palette or a bitmap, which become colours or grey.

    Args:
        image: a path, photo or Pillow image, or an array as
            :func:`~cropcore.images.given_image.checked_array` wants it.
        crop: a candidate, a crop, or a box (x1, y1, x2, y2) in fractions of the upright image.

    Returns:
        A new Pillow image, or for an array a new array.

    Raises:
        PhotoError: the file cannot be read.
        ImageError: it is no image, or not one that can be used.
        GeometryError: the crop has no area, or is not in fractions.
    """
    wanted = as_crop(crop)
    if isinstance(image, str | os.PathLike):
        image = read_photo(image)  # type: ignore[arg-type]
    if isinstance(image, Photo):
        icc, image = image.icc, decode(image)
        image.info = {"icc_profile": icc} if icc else {}
    if isinstance(image, Image.Image):
        return _cut_image(upright(image), wanted)
    return _cut_array(checked_array(image), wanted)


def _cut_image(image: Image.Image, crop: Crop) -> Image.Image:
    where, circle = _plan(image.width, image.height, crop), crop.shape == "circle"
    if not circle and not where.angle % 360:
        return image.crop(where.pixels)
    if not circle and (image.mode.startswith("I;16") or image.mode in ("I", "F")):
        values = values_of(image) if image.mode in ("I", "F") else np.asarray(image)
        return Image.fromarray(_cut_array(checked_array(values), crop))
    pixels, icc = render(eight_bit_image(image), where), profile_of(image)
    if circle:
        pixels, icc, _ = finish(pixels, icc, "PNG", circle, _NO_BACKGROUND)
    assert isinstance(pixels, Image.Image)
    pixels.info = {"icc_profile": icc} if icc else {}
    return pixels


def _cut_array(array: NDArray[Any], crop: Crop) -> NDArray[Any]:
    where, circle = _plan(array.shape[1], array.shape[0], crop), crop.shape == "circle"
    if not circle and not where.angle % 360:
        left, top, right, bottom = where.pixels
        return array[top:bottom, left:right].copy()
    if array.dtype.itemsize == 1:
        flat = array[..., 0] if array.shape[2:] == (1,) else array
        return _like(array, np.asarray(_cut_image(Image.fromarray(flat), crop)))
    pixels = render(sixteen_bit(array), where)
    if circle:
        pixels = finish(pixels, None, "PNG", circle, _NO_BACKGROUND).pixels
    values = np.asarray(pixels)
    return _like(array, values / WHITE if array.dtype.kind == "f" else values)


def _like(array: NDArray[Any], made: NDArray[Any]) -> NDArray[Any]:
    """What was made of an array, (h, w) or with channels, in its dtype and, but for alpha, its shape."""
    if made.shape[2:] == (2,):
        made = made[..., [0, 0, 0, 1]]
    elif made.shape[2:] in ((), (1,)):
        made = made.reshape(*made.shape[:2], *array.shape[2:])
    return made.astype(array.dtype)


def _plan(width: int, height: int, crop: Crop) -> Plan:
    """Where the crop lies in whole pixels, whose ratio is the crop's to less than a pixel."""
    wide, high = rotated_size(width, height, crop.angle)
    x1, y1, x2, y2 = crop.box
    ratio = (x2 - x1) * wide / ((y2 - y1) * high)
    usual = _LEAST_RATIO <= ratio <= _MOST_RATIO
    return plan(width, height, crop, Aspect("ratio", ratio, 1.0) if usual else Aspect("free"))
