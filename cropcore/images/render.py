"""Renders the pixels of a crop: cut, straightened, resized.

Pixels are a Pillow image of 8 bits in mode L, LA, RGB, RGBA or CMYK, or a 16-bit array as in
:mod:`cropcore.images.sixteen_bit`; both go through the same geometry.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from cropcore.geometry import boxes
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import without_empty_corners
from cropcore.images.output_size import Size
from cropcore.images.rotate import rotate_pixels
from cropcore.images.sixteen_bit import Pixels16, through_planes

Pixels = Image.Image | Pixels16
FloatBox = tuple[float, float, float, float]

# A crop's sides may differ from its ratio by this before it counts as drawn freely.
_SLACK_PIXELS = 2.0
_SLACK_SHARE = 0.01
# A crop shrunk by less than this share is not reported: nobody sees the difference.
_SHRUNK_PIXELS = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a crop lies and how large its file gets, in whole pixels.

    ``canvas`` is the size of the photo, or of the canvas that holds it turned; ``pixels`` is the
    crop rounded in it (left, top, right, bottom); ``exact`` is the part to be resized, unrounded;
    ``size`` is that of the file; ``scale`` is above 1 where pixels are made up; ``trimmed`` says
    that the wanted size has another ratio than the crop; ``shrunk`` that the crop reached over the
    edge of the straightened photo.
    """

    canvas: tuple[int, int]
    angle: float
    pixels: tuple[int, int, int, int]
    exact: FloatBox
    size: tuple[int, int]
    scale: float
    trimmed: bool
    shrunk: bool = False

    @property
    def shown(self) -> FloatBox:
        """The part of the canvas that the file shows, unrounded where a photo that lies level is resized."""
        left, top, right, bottom = (float(v) for v in self.pixels)
        if self.size == (right - left, bottom - top):
            return left, top, right, bottom
        if not self.angle % 360:
            return self.exact
        return _trimmed((left, top, right, bottom), self.size[0] / self.size[1])


def plan(width: int, height: int, crop: Crop, aspect: Aspect, size: Size | None = None) -> Plan:
    """Plan a crop of an upright photo of ``width`` x ``height`` pixels.

    The aspect's ratio holds to less than a pixel, unless the crop plainly has another. A crop that
    would show an empty corner of a straightened photo is shrunk until it shows none.
    """
    drawn, crop = crop, without_empty_corners(crop, width, height)
    exact_canvas = boxes.rotated_size(width, height, crop.angle)
    canvas = max(1, round(exact_canvas[0])), max(1, round(exact_canvas[1]))
    lost = np.abs(np.subtract(drawn.box, crop.box)).reshape(2, 2) * exact_canvas
    shrunk = bool(lost.max() > _SHRUNK_PIXELS)
    x1, y1, x2, y2 = (float(v) for v in boxes.clip(crop.box))
    exact = x1 * canvas[0], y1 * canvas[1], x2 * canvas[0], y2 * canvas[1]
    ratio = _ratio(exact, width, height, crop, aspect)
    pixels = boxes.to_pixels(crop.box, *canvas, ratio)
    wide, high = pixels[2] - pixels[0], pixels[3] - pixels[1]
    if size is None:
        return Plan(canvas, crop.angle, pixels, exact, (wide, high), 1.0, False, shrunk)
    if exact[2] - exact[0] < 1 or exact[3] - exact[1] < 1:
        exact = (float(pixels[0]), float(pixels[1]), float(pixels[2]), float(pixels[3]))
    box_ratio = (exact[2] - exact[0]) / (exact[3] - exact[1])
    target = size.for_ratio(ratio or box_ratio)
    exact = _trimmed(exact, target[0] / target[1])
    trimmed = size.exact and abs(math.log(target[0] / target[1] / box_ratio)) > _SLACK_SHARE
    scale = max(target[0] / (exact[2] - exact[0]), target[1] / (exact[3] - exact[1]))
    return Plan(canvas, crop.angle, pixels, exact, target, scale, trimmed, shrunk)


def trimmed_crop(
    width: int, height: int, crop: Crop, aspect: Aspect, size: Size | None
) -> Crop | None:
    """What is left of a crop in a file of a size that has another ratio; None where all of it is."""
    if size is None or not size.exact:
        return None
    made = plan(width, height, crop, aspect, size)
    if not made.trimmed:
        return None
    (x1, y1, x2, y2), (wide, high) = made.exact, made.canvas
    return replace(crop, box=(x1 / wide, y1 / high, x2 / wide, y2 / high))


def render(pixels: Pixels, plan: Plan) -> Pixels:
    """The planned part of an upright photo; untouched values where nothing is turned or resized."""
    left, top, right, bottom = plan.pixels
    if not plan.angle % 360:
        if plan.size == (right - left, bottom - top):
            return _cut(pixels, plan.pixels)
        return _resized(pixels, plan.size, plan.shown)
    at_own_scale = _turned(pixels, plan)
    if plan.size == (right - left, bottom - top):
        return at_own_scale
    x1, y1, x2, y2 = plan.shown
    return _resized(at_own_scale, plan.size, (x1 - left, y1 - top, x2 - left, y2 - top))


def _ratio(exact: FloatBox, width: int, height: int, crop: Crop, aspect: Aspect) -> float | None:
    ratio = 1.0 if crop.shape == "circle" else aspect.ratio_for(width, height)
    if ratio is None:
        return None
    wide, high = exact[2] - exact[0], exact[3] - exact[1]
    slack = max(_SLACK_PIXELS, _SLACK_SHARE * wide)
    return ratio if abs(wide - high * ratio) <= slack * max(1.0, ratio) else None


def _trimmed(box: FloatBox, ratio: float) -> FloatBox:
    """The largest part of a pixel box with a ratio, about the same centre."""
    wide, high = box[2] - box[0], box[3] - box[1]
    w, h = min(wide, high * ratio), min(high, wide / ratio)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return (
        max(box[0], x - w / 2),
        max(box[1], y - h / 2),
        min(box[2], x + w / 2),
        min(box[3], y + h / 2),
    )


def _cut(pixels: Pixels, box: tuple[int, int, int, int]) -> Pixels:
    if isinstance(pixels, Image.Image):
        return pixels.crop(box)
    return np.ascontiguousarray(pixels[box[1] : box[3], box[0] : box[2]])


def _resized(pixels: Pixels, size: tuple[int, int], box: FloatBox) -> Pixels:
    def change(image: Image.Image) -> Image.Image:
        return image.resize(size, Image.Resampling.LANCZOS, box=box)

    return _changed(pixels, change)


def _turned(pixels: Pixels, plan: Plan) -> Pixels:
    """The crop of the photo turned clockwise, sampled once, at the photo's own scale."""
    x, y = plan.canvas[0] / 2, plan.canvas[1] / 2
    left, top, right, bottom = plan.pixels
    part = left - x, top - y, right - x, bottom - y
    size = right - left, bottom - top
    if isinstance(pixels, Image.Image):
        array = rotate_pixels(
            np.asarray(pixels), plan.angle, part, size, pixels.mode in ("LA", "RGBA")
        )
        return Image.frombytes(pixels.mode, size, array.tobytes())
    return rotate_pixels(pixels, plan.angle, part, size, pixels.shape[2] in (2, 4))


def _changed(pixels: Pixels, change: Callable[[Image.Image], Image.Image]) -> Pixels:
    if isinstance(pixels, Image.Image):
        return change(pixels)
    return through_planes(pixels, change)
