"""Pure changes of a crop: fit to another aspect, nudge, resize to typed pixels; and its text.

Sizes are those of the photo; the crop of a straightened photo lives in the canvas that holds it turned,
and none of these lets it reach an empty corner of that.
"""

from __future__ import annotations

import math
from typing import Literal, cast

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import (
    WHOLE,
    fit_to_ratio,
    from_pixels,
    largest_with_ratio,
    rotated_size,
    shift_inside,
    to_pixels,
)
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.straight_outline import Outline
from cropcore.geometry.straighten import fit_inside, largest_inside

Side = Literal["left", "top", "width", "height"]

_SAME_RATIO = 1e-9
_LARGEST_TERM = 21


def as_box(values: object) -> Box:
    """Four numbers of an array as a plain tuple."""
    return cast(Box, tuple(float(v) for v in values))  # type: ignore[attr-defined]


def pixel_ratio(crop: Crop, width: int, height: int) -> float:
    """Width over height of a crop in the pixels of a ``width`` x ``height`` photo."""
    left, top, right, bottom = crop.box
    wide, high = rotated_size(width, height, crop.angle)
    return (right - left) * wide / ((bottom - top) * high)


def refit(anchor: Crop, aspect: Aspect, width: int, height: int) -> Crop:
    """The anchor in another aspect: same centre, same area, inside the photo.

    An anchor that has the ratio already comes back untouched, so that a way there and back ends
    where it began.
    """
    shape: Literal["rect", "circle"] = "circle" if aspect.is_circle else "rect"
    ratio = aspect.ratio_for(width, height)
    if ratio is None or math.isclose(
        ratio, pixel_ratio(anchor, width, height), rel_tol=_SAME_RATIO
    ):
        return Crop(anchor.box, shape, anchor.angle)
    if anchor.angle:
        box = fit_inside(anchor.box, width, height, anchor.angle, ratio)
    else:
        box = fit_to_ratio(anchor.box, ratio, width / height)
    return Crop(as_box(box), shape, anchor.angle)


def centred(aspect: Aspect, width: int, height: int, angle: float = 0.0) -> Crop:
    """The largest crop of an aspect in the middle of the photo, straightened by ``angle``."""
    ratio = aspect.ratio_for(width, height)
    shape: Literal["rect", "circle"] = "circle" if aspect.is_circle else "rect"
    if angle:
        box = as_box(largest_inside(ratio or width / height, width, height, angle))
        return Crop(box, shape, angle)
    box = WHOLE if ratio is None else as_box(largest_with_ratio(ratio, width / height))
    return Crop(box, shape)


def is_whole(crop: Crop, width: int, height: int) -> bool:
    """Whether a crop leaves as much of the photo as there is, straightened as it is."""
    return crop.box == centred(Aspect("original"), width, height, crop.angle).box


def nudged(crop: Crop, dx: int, dy: int, width: int, height: int) -> Crop:
    """The crop moved by whole pixels, stopped by the photo's border."""
    wide, high = rotated_size(width, height, crop.angle)
    left, top, right, bottom = crop.box
    x, y = dx / wide, dy / high
    moved = left + x, top + y, right + x, bottom + y
    if crop.angle:
        return Crop(_stopped(crop, moved, width, height), crop.shape, crop.angle)
    return Crop(as_box(shift_inside(moved)), crop.shape)


def pixels(crop: Crop, aspect: Aspect, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels, as an export would round them."""
    ratio = aspect.ratio_for(width, height)
    if ratio is not None and not keeps(crop, ratio, width, height):
        ratio = None
    left, top, right, bottom = to_pixels(crop.box, *canvas_pixels(crop, width, height), ratio)
    return left, top, right - left, bottom - top


def canvas_pixels(crop: Crop, width: int, height: int) -> tuple[int, int]:
    """Size in whole pixels of what a crop's box is a part of: the photo, or its straightened canvas."""
    wide, high = rotated_size(width, height, crop.angle)
    return max(1, round(wide)), max(1, round(high))


def keeps(crop: Crop, ratio: float, width: int, height: int) -> bool:
    """Whether a crop has a pixel ratio, within one pixel of its sides."""
    canvas = rotated_size(width, height, crop.angle)
    wide = (crop.box[2] - crop.box[0]) * canvas[0]
    high = (crop.box[3] - crop.box[1]) * canvas[1]
    return abs(wide - high * ratio) <= max(1.0, ratio)


def typed(crop: Crop, aspect: Aspect, side: Side, value: int, width: int, height: int) -> Crop:
    """The crop with one number typed; a ratio moves the other side along, the border stops both."""
    left, top, wide, high = pixels(crop, aspect, width, height)
    ratio = aspect.ratio_for(width, height)
    canvas = canvas_pixels(crop, width, height)
    if side == "width":
        wide = min(max(value, 1), canvas[0])
        if ratio is not None:
            high = max(round(wide / ratio), 1)
            if high > canvas[1]:
                wide, high = max(min(round(canvas[1] * ratio), canvas[0]), 1), canvas[1]
    elif side == "height":
        high = min(max(value, 1), canvas[1])
        if ratio is not None:
            wide = max(round(high * ratio), 1)
            if wide > canvas[0]:
                wide, high = canvas[0], max(min(round(canvas[0] / ratio), canvas[1]), 1)
    elif side == "left":
        left = value
    else:
        top = value
    left = min(max(left, 0), canvas[0] - wide)
    top = min(max(top, 0), canvas[1] - high)
    box = as_box(from_pixels((left, top, left + wide, top + high), *canvas))
    if crop.angle and side in ("left", "top"):
        box = _stopped(crop, box, width, height)
    elif crop.angle:
        box = as_box(fit_inside(box, width, height, crop.angle, ratio))
    return Crop(box, crop.shape, crop.angle)


def _stopped(crop: Crop, moved: Box, width: int, height: int) -> Box:
    """The last box inside a straightened photo on the straight way from a crop to a wanted box."""
    wide, high = rotated_size(width, height, crop.angle)

    def scaled(box: Box, x: float, y: float) -> Box:
        return box[0] * x, box[1] * y, box[2] * x, box[3] * y

    outline = Outline.of(width, height, crop.angle)
    box = outline.toward(scaled(crop.box, wide, high), scaled(moved, wide, high))
    return scaled(box, 1 / wide, 1 / high)


def aspect_text(aspect: Aspect, crop: Crop, width: int, height: int) -> str:
    """The aspect as a person reads it: ``4:5``, ``circle``, or the crop's own ratio."""
    long = aspect.height == 1 and round(aspect.width, 2) != aspect.width
    if (aspect.kind == "ratio" and not long) or aspect.is_circle:
        return str(aspect)
    if aspect.kind == "original":
        return _known_ratio(width, height) or str(aspect)
    ratio = pixel_ratio(crop, width, height)
    return f"{ratio:.2f}:1" if ratio >= 1 else f"1:{1 / ratio:.2f}"


def _known_ratio(width: int, height: int) -> str:
    """The small fraction that a photo has within one pixel of a side; empty where there is none."""
    for high in range(1, _LARGEST_TERM + 1):
        wide = round(width / height * high)
        if 1 <= wide <= _LARGEST_TERM and (
            abs(width - height * wide / high) <= 1 or abs(height - width * high / wide) <= 1
        ):
            return f"{wide}:{high}"
    return ""
