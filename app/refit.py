"""Pure changes of a crop: another aspect, a nudge, typed pixels, and the words for it."""

from __future__ import annotations

import math
from typing import Literal, cast

from cropcore.aspect import Aspect
from cropcore.crop import Box, Crop
from cropcore.geometry import (
    WHOLE,
    fit_to_ratio,
    from_pixels,
    largest_with_ratio,
    shift_inside,
    to_pixels,
)

Side = Literal["left", "top", "width", "height"]

_SAME_RATIO = 1e-9
_LARGEST_TERM = 21


def as_box(values: object) -> Box:
    """Four numbers of an array as a plain tuple."""
    return cast(Box, tuple(float(v) for v in values))  # type: ignore[attr-defined]


def pixel_ratio(crop: Crop, width: int, height: int) -> float:
    """Width over height of a crop in the pixels of a ``width`` x ``height`` photo."""
    left, top, right, bottom = crop.box
    return (right - left) * width / ((bottom - top) * height)


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
    return Crop(as_box(fit_to_ratio(anchor.box, ratio, width / height)), shape, anchor.angle)


def centred(aspect: Aspect, width: int, height: int) -> Crop:
    """The largest crop of an aspect in the middle of the photo."""
    ratio = aspect.ratio_for(width, height)
    box = WHOLE if ratio is None else as_box(largest_with_ratio(ratio, width / height))
    return Crop(box, "circle" if aspect.is_circle else "rect")


def nudged(crop: Crop, dx: int, dy: int, width: int, height: int) -> Crop:
    """The crop moved by whole pixels, stopped by the photo's border."""
    x, y = dx / width, dy / height
    left, top, right, bottom = crop.box
    box = as_box(shift_inside((left + x, top + y, right + x, bottom + y)))
    return Crop(box, crop.shape, crop.angle)


def pixels(crop: Crop, aspect: Aspect, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels, as an export would round them."""
    ratio = aspect.ratio_for(width, height)
    if ratio is not None and not keeps(crop, ratio, width, height):
        ratio = None
    left, top, right, bottom = to_pixels(crop.box, width, height, ratio)
    return left, top, right - left, bottom - top


def keeps(crop: Crop, ratio: float, width: int, height: int) -> bool:
    """Whether a crop has a pixel ratio, within one pixel of its sides."""
    wide = (crop.box[2] - crop.box[0]) * width
    high = (crop.box[3] - crop.box[1]) * height
    return abs(wide - high * ratio) <= max(1.0, ratio)


def typed(crop: Crop, aspect: Aspect, side: Side, value: int, width: int, height: int) -> Crop:
    """The crop with one number typed; a ratio moves the other side along, the border stops both."""
    left, top, wide, high = pixels(crop, aspect, width, height)
    ratio = aspect.ratio_for(width, height)
    if side == "width":
        wide = min(max(value, 1), width)
        if ratio is not None:
            high = max(round(wide / ratio), 1)
            if high > height:
                wide, high = max(min(round(height * ratio), width), 1), height
    elif side == "height":
        high = min(max(value, 1), height)
        if ratio is not None:
            wide = max(round(high * ratio), 1)
            if wide > width:
                wide, high = width, max(min(round(width / ratio), height), 1)
    elif side == "left":
        left = value
    else:
        top = value
    left = min(max(left, 0), width - wide)
    top = min(max(top, 0), height - high)
    box = as_box(from_pixels((left, top, left + wide, top + high), width, height))
    return Crop(box, crop.shape, crop.angle)


def aspect_text(aspect: Aspect, crop: Crop, width: int, height: int) -> str:
    """The aspect as a person reads it: ``4:5``, ``circle``, or the crop's own ratio."""
    if aspect.kind == "ratio" or aspect.is_circle:
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
