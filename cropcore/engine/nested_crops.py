"""Crops that survive being cut again: crops of other shapes inside a crop, and how well both do.

A nested crop lies wholly inside its outer crop; inside a circle that means inside the disc. All boxes
are fractions of the whole photo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.engine.crop_distribution import Decoding, WindowDistribution, diverse_order
from cropcore.errors import AspectError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import (
    Boxes,
    area,
    as_boxes,
    centre,
    clip,
    contains,
    from_centre,
    shift_inside,
)
from cropcore.geometry.crop import Box, Crop, Nested, Shape, Suggestions

STARTS = 12
"""Crops of an inner shape that are fitted into every outer crop; into the chosen ones all are."""

PLACED = 10
"""So many crops, at least, are compared with their inner crops placed exactly."""

_HELD = 8
"""Outer crops that are grown until they hold the best inner ones."""


@dataclass(frozen=True, eq=False, slots=True)
class Inner:
    """A shape that is to be cut from a crop later.

    ``chances`` says where in the whole photo a person's crop of that shape probably lies, by a method
    whose constants are in ``decoding``; ``protected`` (P, 4) are areas that it should hold whole.
    """

    aspect: Aspect
    chances: WindowDistribution
    decoding: Decoding
    protected: Boxes


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


@dataclass(frozen=True, eq=False, slots=True)
class Nest:
    """The shapes that are to be cut from crops later.

    Attributes:
        inner: at least one shape.
        decoding: of the method that judges the outer crops.
        disc: the outer crops are circles.
    """

    inner: tuple[Inner, ...]
    decoding: Decoding
    disc: bool

    def more(self, choices: Boxes, chances: WindowDistribution, largest: float) -> Boxes:
        """Outer crops (N, 4) to choose from, and some that were grown to hold good inner ones.

        None of the grown ones covers more than ``largest`` of the photo.
        """
        best = choices[diverse_order(choices, chances.expected_iou(choices), _HELD)]
        every = [choices]
        for shape in self.inner:
            offered = shape.chances.choices
            for box in offered[diverse_order(offered, shape.chances.expected_iou(offered), 2)]:
                wide = grown(best, box, chances.photo_ratio, chances.ratio)
                every.append(wide[area(wide) <= largest + 1e-9])
        return np.concatenate(every)

    def joint(
        self, expected: NDArray[np.float64], outer: Boxes, starts: int | None = STARTS
    ) -> NDArray[np.float64]:
        """How good outer crops (N, 4) of an ``expected`` IoU (N,) are with all that is cut from them.

        It is half the calibrated expected overlap, in [0, 1], of the outer crop, and half the mean
        of those of the best crop of each shape inside it: what is made now counts as much as all
        that comes of it later, however many shapes that are. A protected area that an inner crop has
        to cut costs one.
        """
        later = np.zeros(len(outer))
        for shape in self.inner:
            boxes, merits = best_inside(shape, outer, self.disc, starts)
            lost = ~contains(boxes[:, None], shape.protected[None])
            later += shape.decoding.calibrated(merits) / 100 - lost.sum(axis=1)
        now = self.decoding.calibrated(expected) / 100
        return np.asarray((now + later / len(self.inner)) / 2)

    def placed(self, outer: Boxes) -> tuple[tuple[Nested, ...], ...]:
        """The best crops of all shapes inside each of the outer crops (N, 4)."""
        columns = []
        for shape in self.inner:
            boxes, merits = best_inside(shape, outer, self.disc)
            form: Shape = "circle" if shape.aspect.is_circle else "rect"
            columns.append(
                [
                    Nested(shape.aspect, Crop(_box(box), form), float(score))
                    for box, score in zip(boxes, shape.decoding.calibrated(merits), strict=True)
                ]
            )
        return tuple(zip(*columns, strict=True))

    def filled(self, found: Suggestions) -> Suggestions:
        """The suggestions, each candidate with the crops inside it."""
        placed = self.placed(as_boxes([c.crop.box for c in found.candidates]))
        pairs = zip(found.candidates, placed, strict=True)
        return replace(found, candidates=tuple(replace(c, nested=n) for c, n in pairs))


def best_inside(
    inner: Inner, outer: Boxes, disc: bool, starts: int | None = None
) -> tuple[Boxes, NDArray[np.float64]]:
    """The best crop (M, 4) of a shape inside each of ``outer`` (M, 4), and its expected IoU (M,).

    It is the best of the shape's crops in the whole photo: those that lie inside as they are, and the
    others fitted in; with ``starts`` only so many of these others. Protected areas are kept whole
    where that is possible.
    """
    offered, ratio = inner.chances.choices, inner.chances.photo_ratio
    circle = inner.aspect.is_circle
    expected = inner.chances.expected_iou(offered)
    fitting = offered
    if starts is not None and starts < len(offered):
        fitting = offered[diverse_order(offered, expected, starts)]
    boxes = fit_within(fitting[None], outer[:, None], ratio, disc, circle)
    merits = inner.chances.expected_iou(boxes.reshape(-1, 4)).reshape(boxes.shape[:2])
    if not disc and len(fitting) < len(offered):
        lies = contains(outer[:, None], offered[None], 0.0)
        boxes = np.concatenate([boxes, np.broadcast_to(offered, (len(outer), *offered.shape))], 1)
        merits = np.concatenate([merits, np.where(lies, expected, -np.inf)], axis=1)
    kept = contains(boxes[:, :, None], inner.protected[None, None]).sum(axis=-1)
    place = np.argmax(merits + kept, axis=1)
    row = np.arange(len(outer))
    return boxes[row, place], merits[row, place]


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


def _box(box: NDArray[np.float64]) -> Box:
    x1, y1, x2, y2 = (float(v) for v in box)
    return x1, y1, x2, y2
