"""Boxes of other ratios inside a crop: the largest that fit, and growing a crop until they do."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.errors import AspectError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import (
    Boxes,
    as_boxes,
    centre,
    clip,
    contains,
    from_centre,
    shift_inside,
)


def later_shapes(aspect: Aspect, also: Iterable[Aspect], width: int, height: int) -> list[Aspect]:
    """The different shapes to be cut from crops of an aspect, without its own.

    A crop of the aspect's own shape is the crop itself.

    Raises:
        AspectError: one of them is ``free``, which is no shape.
    """
    later = []
    for other in dict.fromkeys(also):
        if other.kind == "free":
            raise AspectError("Only a ratio or a circle can be cut from a crop later.")
        if not _same_shape(aspect, other, width, height):
            later.append(other)
    return later


def fit_within(
    boxes: ArrayLike, outer: ArrayLike, photo_ratio: float, disc: bool = False, circle: bool = False
) -> Boxes:
    """Boxes (..., 4) brought inside ``outer`` (..., 4), broadcast; what is inside already stays.

    Each keeps its ratio; it is shrunk about its centre by as little as lets it fit anywhere, then
    moved by the shortest way, in a disc straight towards its middle.

    Args:
        boxes: what is to lie inside.
        outer: where; none of them is empty.
        photo_ratio: width over height of the photo.
        disc: the outer crops are the circles inscribed in their boxes.
        circle: and so are the inner ones.
    """
    b, o = np.broadcast_arrays(as_boxes(boxes), as_boxes(outer))
    room = o[..., 2:] - o[..., :2]
    size = b[..., 2:] - b[..., :2]
    if disc:
        scale = np.array([photo_ratio, 1.0])
        fitted = _in_disc(
            centre(b), size, centre(o), room[..., :1] * photo_ratio / 2, scale, circle
        )
    else:
        shrunk = size * np.minimum(1.0, (room / size).min(axis=-1, keepdims=True))
        slack = np.maximum((room - shrunk) / 2, 0.0)
        middle = np.clip(centre(b), centre(o) - slack, centre(o) + slack)
        fitted = from_centre(middle, shrunk)
    # To the last bit, which the arithmetic above does not promise.
    low, high = o[..., :2], o[..., 2:]
    inside = np.concatenate(
        [np.maximum(fitted[..., :2], low), np.minimum(fitted[..., 2:], high)], -1
    )
    unmoved = contains(o, b, 0.0)[..., None] if not disc else np.zeros((*b.shape[:-1], 1), bool)
    return np.where(unmoved, b, inside)


def grown(outer: ArrayLike, held: ArrayLike, photo_ratio: float, ratio: float | None) -> Boxes:
    """Boxes (..., 4) grown until they hold others (..., 4), broadcast, as far as the photo goes.

    With a pixel ``ratio`` the results have it.
    """
    o, h = as_boxes(outer), as_boxes(held)
    low, high = np.minimum(o[..., :2], h[..., :2]), np.maximum(o[..., 2:], h[..., 2:])
    size = high - low
    if ratio is not None:
        relative = ratio / photo_ratio
        wide = np.maximum(size[..., 0], size[..., 1] * relative)
        wide = np.minimum(wide, min(1.0, relative))
        size = np.stack([wide, wide / relative], axis=-1)
    return clip(shift_inside(from_centre((low + high) / 2, size)))


def _same_shape(one: Aspect, other: Aspect, width: int, height: int) -> bool:
    if one.is_circle != other.is_circle:
        return False
    a, b = one.ratio_for(width, height), other.ratio_for(width, height)
    return a == b if a is None or b is None else bool(np.isclose(a, b, rtol=1e-9))


def _in_disc(
    middle: Boxes, size: Boxes, hub: Boxes, radius: Boxes, scale: NDArray[np.float64], circle: bool
) -> Boxes:
    """Boxes brought inside discs; lengths are measured in heights of the photo, so that discs are round."""
    half = size * scale / 2
    reach = half[..., :1] if circle else np.hypot(half[..., :1], half[..., 1:])
    shrunk = np.minimum(1.0, radius / reach)
    half = half * shrunk
    way = (middle - hub) * scale
    if circle:
        distance = np.hypot(way[..., :1], way[..., 1:])
        share = np.divide(
            radius - half[..., :1], distance, out=np.ones_like(distance), where=distance > 0
        )
    else:
        # The farthest corner, on its way: |t * way + half| = radius, solved for t.
        along = np.abs(way)
        a = (along**2).sum(-1, keepdims=True)
        b = (along * half).sum(-1, keepdims=True)
        c = (half**2).sum(-1, keepdims=True) - radius**2
        root = np.sqrt(np.maximum(b * b - a * c, 0.0))
        share = np.divide(root - b, a, out=np.ones_like(a), where=a > 0)
    moved = hub + way * np.clip(share, 0.0, 1.0) / scale
    return from_centre(moved, 2 * half / scale)
