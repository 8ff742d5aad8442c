"""Boxes: intersection, IoU, containment, conversion.

Boxes are ``xyxy`` floats in [0, 1] of the upright photo, right and bottom exclusive. Every function
takes arrays of shape (..., 4) and returns float64. A *ratio* is width over height in pixels; the
*photo ratio* is the photo's own width over height, needed because a unit square in box coordinates
is not a square on a photo. Pixels appear only in :func:`to_pixels` and :func:`from_pixels`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.errors import GeometryError

Boxes = NDArray[np.float64]

WHOLE = (0.0, 0.0, 1.0, 1.0)


def as_boxes(boxes: ArrayLike) -> Boxes:
    """Return ``boxes`` as a float64 array of shape (..., 4).

    Raises:
        GeometryError: the last axis is not 4 long, or a value is not finite.
    """
    array = np.asarray(boxes, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != 4:
        raise GeometryError(
            "A box has four numbers (x1, y1, x2, y2), not shape {shape}.", shape=str(array.shape)
        )
    if not np.isfinite(array).all():
        raise GeometryError("A box has four finite numbers.")
    return array


def area(boxes: ArrayLike) -> NDArray[np.float64]:
    """Area as a share of the photo, shape (...); 0 for inverted boxes."""
    b = as_boxes(boxes)
    size = np.clip(b[..., 2:] - b[..., :2], 0.0, None)
    return size[..., 0] * size[..., 1]


def centre(boxes: ArrayLike) -> NDArray[np.float64]:
    """Centres, shape (..., 2)."""
    b = as_boxes(boxes)
    return (b[..., :2] + b[..., 2:]) / 2


def ratio_of(boxes: ArrayLike, photo_ratio: float) -> NDArray[np.float64]:
    """Pixel ratio (width / height) of each box, shape (...)."""
    b = as_boxes(boxes)
    return (b[..., 2] - b[..., 0]) / (b[..., 3] - b[..., 1]) * photo_ratio


def intersection(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Area of the common part of ``a`` (..., 4) and ``b`` (..., 4), broadcast against each other."""
    a, b = as_boxes(a), as_boxes(b)
    low = np.maximum(a[..., :2], b[..., :2])
    high = np.minimum(a[..., 2:], b[..., 2:])
    size = np.clip(high - low, 0.0, None)
    return size[..., 0] * size[..., 1]


def iou(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Intersection over union in [0, 1], broadcast; 0 where both boxes are empty."""
    common = intersection(a, b)
    union = area(a) + area(b) - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def iou_matrix(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """IoU of every box of ``a`` (N, 4) with every box of ``b`` (M, 4), shape (N, M)."""
    a, b = as_boxes(a), as_boxes(b)
    # Axis by axis on contiguous arrays: several times as fast as on the last axis of (N, M, 4).
    common = np.ones((len(a), len(b)))
    for low, high in ((0, 2), (1, 3)):
        near = np.maximum.outer(a[:, low].copy(), b[:, low].copy())
        far = np.minimum.outer(a[:, high].copy(), b[:, high].copy())
        far -= near
        np.maximum(far, 0.0, out=far)
        common *= far
    union = np.add.outer(area(a), area(b))
    union -= common
    # Where both are empty there is nothing in common either.
    union[union <= 0] = 1.0
    common /= union
    return common


def displacement(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Boundary displacement: mean absolute distance of the four sides, as fractions, shape (...)."""
    return np.abs(as_boxes(a) - as_boxes(b)).mean(axis=-1)


def clip(boxes: ArrayLike) -> Boxes:
    """Cut boxes at the photo's border."""
    return np.clip(as_boxes(boxes), 0.0, 1.0)


def shift_inside(boxes: ArrayLike) -> Boxes:
    """Move boxes, without changing their size, so that they lie inside the photo.

    Boxes larger than the photo along an axis are centred along it.
    """
    b = as_boxes(boxes)
    low, high = b[..., :2], b[..., 2:]
    size = high - low
    start = np.where(size <= 1.0, np.clip(low, 0.0, np.maximum(1.0 - size, 0.0)), (1.0 - size) / 2)
    return np.concatenate([start, start + size], axis=-1)


def from_centre(centres: ArrayLike, sizes: ArrayLike) -> Boxes:
    """Boxes from centres (..., 2) and sizes (..., 2)."""
    c, s = np.asarray(centres, np.float64), np.asarray(sizes, np.float64)
    return np.concatenate([c - s / 2, c + s / 2], axis=-1)


def fit_to_ratio(boxes: ArrayLike, ratio: float, photo_ratio: float) -> Boxes:
    """Refit boxes to a pixel ratio: same centre, same area, shrunk to fit, then shifted inside.

    Args:
        boxes: (..., 4).
        ratio: wanted width / height in pixels, > 0.
        photo_ratio: width / height of the photo.
    """
    _check_ratio(ratio)
    b = as_boxes(boxes)
    relative = ratio / photo_ratio
    surface = area(b)
    width = np.sqrt(surface * relative)
    height = np.sqrt(surface / relative)
    shrink = np.minimum(1.0, 1.0 / np.maximum(np.maximum(width, height), 1e-12))
    size = np.stack([width * shrink, height * shrink], axis=-1)
    return clip(shift_inside(from_centre(centre(b), size)))


def largest_with_ratio(
    ratio: float, photo_ratio: float, at: ArrayLike = (0.5, 0.5)
) -> NDArray[np.float64]:
    """The largest box (4,) of a pixel ratio, as near to the centre ``at`` as the photo allows."""
    _check_ratio(ratio)
    relative = ratio / photo_ratio
    size = np.array([min(1.0, relative), min(1.0, 1.0 / relative)])
    return clip(shift_inside(from_centre(np.asarray(at, np.float64), size)))


def flip_horizontal(boxes: ArrayLike) -> Boxes:
    """Boxes of the mirrored photo."""
    b = as_boxes(boxes)
    return np.stack([1 - b[..., 2], b[..., 1], 1 - b[..., 0], b[..., 3]], axis=-1)


def contains(outer: ArrayLike, inner: ArrayLike, tolerance: float = 1e-9) -> NDArray[np.bool_]:
    """Whether ``outer`` (..., 4) contains ``inner`` (..., 4), broadcast."""
    o, i = as_boxes(outer), as_boxes(inner)
    return np.asarray(
        (o[..., :2] <= i[..., :2] + tolerance).all(-1)
        & (o[..., 2:] >= i[..., 2:] - tolerance).all(-1)
    )


def from_pixels(boxes: ArrayLike, width: int, height: int) -> Boxes:
    """Pixel boxes (left, top, right, bottom; right and bottom exclusive) as fractions."""
    return as_boxes(boxes) / np.array([width, height, width, height], np.float64)


def to_pixels(
    box: ArrayLike, width: int, height: int, ratio: float | None = None
) -> tuple[int, int, int, int]:
    """Round one box (4,) to whole pixels of a ``width`` x ``height`` photo: the only rounding.

    With ``ratio`` the result is the whole-pixel box nearest in size whose sides differ from the
    ratio by less than one pixel; it is at least 1 x 1 and always inside the photo.
    """
    b = clip(box)
    if b.shape != (4,):
        raise GeometryError("Pixels are computed for one box at a time.")
    wide = (b[2] - b[0]) * width
    high = (b[3] - b[1]) * height
    if ratio is None:
        columns, rows = _span(b[0], b[2], width), _span(b[1], b[3], height)
        return columns[0], rows[0], columns[1], rows[1]
    _check_ratio(ratio)
    if wide >= high:
        w = min(max(round(wide), 1), width)
        h = min(max(round(w / ratio), 1), height)
        w = min(w, max(round(h * ratio), 1)) if round(w / ratio) > height else w
    else:
        h = min(max(round(high), 1), height)
        w = min(max(round(h * ratio), 1), width)
        h = min(h, max(round(w / ratio), 1)) if round(h * ratio) > width else h
    left = _place((b[0] + b[2]) / 2 * width, w, width)
    top = _place((b[1] + b[3]) / 2 * height, h, height)
    return left, top, left + w, top + h


def rotated_size(width: float, height: float, angle: float) -> tuple[float, float]:
    """Size of the canvas that holds a ``width`` x ``height`` photo turned by ``angle`` degrees."""
    a = math.radians(angle)
    cos, sin = abs(math.cos(a)), abs(math.sin(a))
    return width * cos + height * sin, width * sin + height * cos


def _check_ratio(ratio: float) -> None:
    if not (math.isfinite(ratio) and ratio > 0):
        raise GeometryError("A ratio is a positive number, not {ratio}.", ratio=ratio)


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    start, stop = round(low * length), round(high * length)
    if stop <= start:
        # Less than a pixel, between two of them: the one that holds its middle.
        start = min(int((low + high) / 2 * length), length - 1)
        stop = start + 1
    return start, stop


def _place(middle: float, size: int, length: int) -> int:
    return min(max(round(middle - size / 2), 0), length - size)
