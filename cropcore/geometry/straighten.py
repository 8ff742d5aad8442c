"""Geometry of a straightened photo: crops on its rotated canvas without empty corners.

A photo of ``width`` x ``height`` pixels is turned by ``angle`` degrees clockwise about its centre.
Boxes are fractions of the canvas that then holds it (:func:`cropcore.geometry.boxes.rotated_size`), which
has the same centre.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.errors import GeometryError
from cropcore.geometry.boxes import WHOLE, Boxes, as_boxes, centre, from_centre, rotated_size
from cropcore.geometry.crop import Crop, Nested, Suggestions

# Boxes that reach over the photo's edge by no more than this share of its size count as inside.
_SLACK = 1e-12


def angle_of_line(start: Sequence[float], end: Sequence[float]) -> float:
    """The turn, in (-45, 45] degrees clockwise, that makes a line level or plumb, what is nearer.

    ``start`` and ``end`` are (x, y) in pixels, y pointing down, in the picture as it is shown: where
    that is turned already, this much is to be added.

    Raises:
        GeometryError: the two points are one.
    """
    dx, dy = end[0] - start[0], end[1] - start[1]
    if not (math.isfinite(dx) and math.isfinite(dy)) or dx == dy == 0:
        raise GeometryError("A line has two different ends; draw a longer one.")
    turn = -math.degrees(math.atan2(dy, dx))
    turn -= 90 * math.ceil((turn - 45) / 90)
    return turn + 0.0  # never -0.0


def largest_inside(
    ratio: float, width: float, height: float, angle: float, at: ArrayLike = (0.5, 0.5)
) -> Boxes:
    """The largest box (4,) of a pixel ratio without an empty corner, its centre as near to ``at`` as can be.

    Raises:
        GeometryError: the ratio is not a positive number.
    """
    if not (math.isfinite(ratio) and ratio > 0):
        raise GeometryError("A ratio is a positive number, not {ratio}.", ratio=ratio)
    frame = _Frame.of(width, height, angle)
    size = np.array([ratio, 1.0])
    size = size * frame.largest_scale(size)
    return frame.to_box(frame.nearest(frame.offset(np.asarray(at, np.float64)), size), size)


def fit_inside(
    boxes: ArrayLike, width: float, height: float, angle: float, ratio: float | None = None
) -> Boxes:
    """Boxes (..., 4) as near as can be to the given ones, but without an empty corner.

    Same centre and size, then shrunk by as little as lets them fit anywhere, then shifted by the
    shortest way. With ``ratio`` (in pixels) they get that ratio first, and keep their area. What is
    inside already is returned as it is.
    """
    b = as_boxes(boxes)
    frame = _Frame.of(width, height, angle)
    size = (b[..., 2:] - b[..., :2]) * frame.canvas
    if ratio is not None:
        if not (math.isfinite(ratio) and ratio > 0):
            raise GeometryError("A ratio is a positive number, not {ratio}.", ratio=ratio)
        side = np.sqrt(np.maximum(size[..., :1] * size[..., 1:], 0.0) / ratio)
        kept = np.isclose(size[..., :1], size[..., 1:] * ratio, rtol=1e-12, atol=0.0)
        size = np.where(kept, size, np.concatenate([side * ratio, side], axis=-1))
    offset = frame.offset(centre(b))
    shrunk = size * np.minimum(1.0, frame.largest_scale(size))[..., None]
    moved = frame.nearest(offset, shrunk)
    unchanged = np.abs(moved - offset).max(-1) + np.abs(shrunk - size).max(-1)
    same = unchanged <= _SLACK * max(width, height)
    if ratio is not None:
        same &= kept[..., 0]
    return np.where(same[..., None], b, frame.to_box(moved, shrunk))


def with_angle(
    crop: Crop, width: float, height: float, angle: float, ratio: float | None = None
) -> Crop:
    """A crop of the photo straightened by another angle: about the same spot, as large as before.

    It is fitted inside as :func:`fit_inside` does, so that straightening back is not undoing: keep
    the first crop for that. With the angle that it has, a crop without an empty corner stays as it is.
    """
    box = as_boxes(crop.box)
    if angle != crop.angle:
        before, after = _Frame.of(width, height, crop.angle), _Frame.of(width, height, angle)
        spot = after.from_photo(before.to_photo(before.offset(centre(box))))
        box = after.to_box(spot, (box[2:] - box[:2]) * before.canvas)
    x1, y1, x2, y2 = fit_inside(box, width, height, angle, ratio).tolist()
    return replace(crop, box=(x1, y1, x2, y2), angle=angle)


def without_empty_corners(crop: Crop, width: float, height: float) -> Crop:
    """A crop of a straightened photo, shrunk and shifted where it reaches over the photo's edge."""
    return with_angle(crop, width, height, crop.angle) if crop.angle % 360 else crop


@dataclass(frozen=True, slots=True)
class StraightView:
    """The part of a straightened photo that the engine sees: the largest of the photo's own ratio.

    ``box`` is that part, as fractions of the canvas; ``width`` and ``height`` are its size in pixels
    of the photo, unrounded. Boxes of the view are fractions of it, as of any photo.
    """

    angle: float
    box: tuple[float, float, float, float]
    width: float
    height: float

    @classmethod
    def of(cls, width: float, height: float, angle: float) -> StraightView:
        """The view of a photo of ``width`` x ``height`` pixels."""
        x1, y1, x2, y2 = largest_inside(width / height, width, height, angle).tolist()
        canvas = rotated_size(width, height, angle)
        return cls(angle, (x1, y1, x2, y2), (x2 - x1) * canvas[0], (y2 - y1) * canvas[1])

    def to_canvas(self, boxes: ArrayLike) -> Boxes:
        """Boxes (..., 4) of the view as fractions of the canvas: what a :class:`Crop` holds."""
        low, size = self._place()
        return as_boxes(boxes) * size + low

    def in_canvas(self, found: Suggestions) -> Suggestions:
        """What was suggested for the view, as crops of the straightened photo."""
        return replace(
            found,
            candidates=tuple(
                replace(c, crop=self.crop(c.crop), nested=self.nested(c.nested))
                for c in found.candidates
            ),
        )

    def nested(self, nested: Sequence[Nested]) -> tuple[Nested, ...]:
        """Crops to be cut later from one of the view, as crops of the straightened photo."""
        return tuple(replace(one, crop=self.crop(one.crop)) for one in nested)

    def crop(self, crop: Crop) -> Crop:
        """A crop of the view, as one of the straightened photo."""
        if crop.box == WHOLE:
            return Crop(self.box, crop.shape, self.angle)
        x1, y1, x2, y2 = self.to_canvas(crop.box).tolist()
        return Crop((x1, y1, x2, y2), crop.shape, self.angle)

    def from_canvas(self, boxes: ArrayLike) -> Boxes:
        """Boxes (..., 4) of the canvas as fractions of the view, below 0 or above 1 outside it."""
        low, size = self._place()
        return (as_boxes(boxes) - low) / size

    def _place(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x1, y1, x2, y2 = self.box
        return np.array([x1, y1, x1, y1]), np.array([x2 - x1, y2 - y1, x2 - x1, y2 - y1])


@dataclass(frozen=True, slots=True)
class _Frame:
    """A turned photo, in pixels from the centre that photo and canvas share.

    A box with centre c and size s is inside exactly where, along both sides of the photo, the
    distance of its centre and half its extent together are at most half of the photo's.
    """

    canvas: NDArray[np.float64]
    half: NDArray[np.float64]
    turn: NDArray[np.float64]

    @classmethod
    def of(cls, width: float, height: float, angle: float) -> _Frame:
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        return cls(
            canvas=np.array(rotated_size(width, height, angle)),
            half=np.array([width / 2, height / 2]),
            turn=np.array([[cos, sin], [-sin, cos]]),
        )

    def offset(self, centres: NDArray[np.float64]) -> NDArray[np.float64]:
        return (centres - 0.5) * self.canvas

    def to_box(self, offset: NDArray[np.float64], size: NDArray[np.float64]) -> Boxes:
        return from_centre(offset / self.canvas + 0.5, size / self.canvas)

    def to_photo(self, offset: NDArray[np.float64]) -> NDArray[np.float64]:
        return offset @ self.turn.T

    def from_photo(self, offset: NDArray[np.float64]) -> NDArray[np.float64]:
        return offset @ self.turn

    def extent(self, size: NDArray[np.float64]) -> NDArray[np.float64]:
        """Half of what boxes of a size cover along both sides of the photo."""
        return size / 2 @ np.abs(self.turn).T

    def largest_scale(self, size: NDArray[np.float64]) -> NDArray[np.float64]:
        """By how much boxes of a size may grow and still fit at the centre."""
        extent = np.maximum(self.extent(size), 1e-300)
        return np.asarray((self.half / extent).min(axis=-1))

    def nearest(
        self, offset: NDArray[np.float64], size: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The nearest centres at which boxes of a size are inside."""
        room = np.maximum(self.half - self.extent(size), 0.0)
        return self.from_photo(np.clip(self.to_photo(offset), -room, room))
