"""Geometry of drags: pure functions from start and current position of the pointer to a box.

Boxes are cropcore boxes (xyxy, fractions of the photo, or of the canvas that holds it straightened);
pointer positions and distances are photo pixels. Every result lies inside the photo. Nothing is
rounded: that is the export's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from app.canvas import drag_geometry_rotated
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box
from cropcore.geometry.straight_outline import Outline
from cropcore.geometry.straighten import fit_inside

MINIMUM = 16.0
"""Shortest side of a drawn or resized crop, in photo pixels."""


class Handle(Enum):
    """A corner or edge of a box; the value is its direction from the centre, (x, y)."""

    TOP_LEFT = (-1, -1)
    TOP = (0, -1)
    TOP_RIGHT = (1, -1)
    RIGHT = (1, 0)
    BOTTOM_RIGHT = (1, 1)
    BOTTOM = (0, 1)
    BOTTOM_LEFT = (-1, 1)
    LEFT = (-1, 0)

    @property
    def is_corner(self) -> bool:
        """Whether it pulls two sides at once."""
        return 0 not in self.value


@dataclass(frozen=True)
class Bounds:
    """The photo a box must stay in (pixels) and the shortest side a drag may leave (pixels).

    A box that was smaller than ``minimum`` when its drag began may stay as small as it was, and a
    photo that is smaller lowers it. With an ``angle`` the photo is straightened: ``width`` and
    ``height`` are those of its canvas, and ``photo`` is its own size.
    """

    width: float
    height: float
    minimum: float = MINIMUM
    angle: float = 0.0
    photo: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def straightened(
        cls, width: float, height: float, angle: float, minimum: float = MINIMUM
    ) -> Bounds:
        """Those of a ``width`` x ``height`` photo turned by ``angle`` degrees."""
        return cls(*rotated_size(width, height, angle), minimum, angle, (width, height))

    @cached_property
    def outline(self) -> Outline | None:
        """The edge of a straightened photo."""
        return Outline.of(*self.photo, self.angle) if self.angle else None

    def inside(self, box: Box) -> Box:
        """The nearest place for a box of this size on a straightened photo."""
        x1, y1, x2, y2 = fit_inside(box, *self.photo, self.angle).tolist()
        return x1, y1, x2, y2

    def transposed(self) -> Bounds:
        """The same with x and y exchanged."""
        return Bounds(self.height, self.width, self.minimum)


def dragged_ratio(lock: float | None, current: float, inverted: bool) -> float | None:
    """Pixel ratio that a drag must keep, None for any.

    ``inverted`` (Shift held) frees a locked ratio and locks a free one at ``current``.
    """
    if inverted:
        return current if lock is None else None
    return lock


def move(start: Box, dx: float, dy: float, bounds: Bounds) -> Box:
    """``start`` shifted by (dx, dy) pixels as far as the photo allows; its size stays."""
    if bounds.angle:
        x, y = dx / bounds.width, dy / bounds.height
        return bounds.inside((start[0] + x, start[1] + y, start[2] + x, start[3] + y))
    left, right = _shift(start[0], start[2], dx / bounds.width)
    top, bottom = _shift(start[1], start[3], dy / bounds.height)
    return left, top, right, bottom


def resize(
    start: Box,
    handle: Handle,
    dx: float,
    dy: float,
    bounds: Bounds,
    ratio: float | None = None,
    about_centre: bool = False,
) -> Box:
    """``start`` with ``handle`` pulled by (dx, dy) pixels.

    What lies opposite the handle stays where it is: the corner, the edge, or the centre with
    ``about_centre``. With a ``ratio`` (width / height in pixels) a corner follows the pointer along
    its diagonal; an edge takes the other axis along, evenly until a border is met and then to the
    side that has room left (about the centre it stops instead).
    """
    x1, y1, x2, y2 = _to_pixels(start, bounds)
    sx, sy = handle.value
    if bounds.outline is not None:
        box = drag_geometry_rotated.resize(
            (x1, y1, x2, y2),
            (sx, sy),
            (dx, dy),
            bounds.outline,
            bounds.minimum,
            ratio,
            about_centre,
        )
        return _to_fractions(box, bounds)
    if ratio is None:
        x1, x2 = _pull(x1, x2, sx, dx, bounds.width, bounds.minimum, about_centre)
        y1, y2 = _pull(y1, y2, sy, dy, bounds.height, bounds.minimum, about_centre)
    elif handle.is_corner:
        x1, y1, x2, y2 = _pull_corner(
            (x1, y1, x2, y2), (sx, sy), (dx, dy), bounds, ratio, about_centre
        )
    elif sx:
        x1, y1, x2, y2 = _pull_edge((x1, y1, x2, y2), sx, dx, bounds, ratio, about_centre)
    else:
        y1, x1, y2, x2 = _pull_edge(
            (y1, x1, y2, x2), sy, dy, bounds.transposed(), 1 / ratio, about_centre
        )
    return _to_fractions((x1, y1, x2, y2), bounds)


def draw(
    anchor: tuple[float, float],
    to: tuple[float, float],
    bounds: Bounds,
    ratio: float | None = None,
    about_centre: bool = False,
) -> Box:
    """A new box from one corner (or the centre) ``anchor`` to the pointer ``to``, in pixels.

    With a ``ratio`` the box is the smallest of that ratio that covers both axes of the drag. The
    anchor is kept wherever the photo has room for the minimum size beside it.
    """
    if bounds.outline is not None:
        return _draw_slanted(anchor, to, bounds, bounds.outline, ratio, about_centre)
    (ax, sx, room_x) = _anchor(anchor[0], to[0], bounds.width, bounds.minimum, about_centre)
    (ay, sy, room_y) = _anchor(anchor[1], to[1], bounds.height, bounds.minimum, about_centre)
    reach = 2 if about_centre else 1
    wide = max((to[0] - ax) * sx, 0.0) * reach
    high = max((to[1] - ay) * sy, 0.0) * reach
    if ratio is None:
        wide = _between(wide, min(bounds.minimum, bounds.width), room_x)
        high = _between(high, min(bounds.minimum, bounds.height), room_y)
    else:
        largest = min(bounds.width, bounds.height * ratio)
        least = min(bounds.minimum * max(1.0, ratio), largest)
        wide = _between(max(wide, high * ratio), least, min(room_x, room_y * ratio))
        high = wide / ratio
    x1 = ax - wide / 2 if about_centre else min(ax, ax + sx * wide)
    y1 = ay - high / 2 if about_centre else min(ay, ay + sy * high)
    x1 = _between(x1, 0.0, bounds.width - wide)
    y1 = _between(y1, 0.0, bounds.height - high)
    return _to_fractions((x1, y1, x1 + wide, y1 + high), bounds)


def same(a: Box, b: Box, bounds: Bounds, tolerance: float = 0.01) -> bool:
    """Whether two boxes differ by less than ``tolerance`` photo pixels on every side."""
    return all(
        abs(p - q) < tolerance
        for p, q in zip(_to_pixels(a, bounds), _to_pixels(b, bounds), strict=True)
    )


def _draw_slanted(
    anchor: tuple[float, float],
    to: tuple[float, float],
    bounds: Bounds,
    outline: Outline,
    ratio: float | None,
    about_centre: bool,
) -> Box:
    """A new box on a straightened photo."""
    shape = ratio or 1.0
    least = bounds.minimum * max(1.0, shape), bounds.minimum * max(1.0, 1 / shape)
    box = drag_geometry_rotated.draw(anchor, to, outline, least, ratio, about_centre)
    if box is not None:
        return _to_fractions(box, bounds)
    x, y = anchor
    least_box = x - least[0] / 2, y - least[1] / 2, x + least[0] / 2, y + least[1] / 2
    w, h = bounds.width, bounds.height
    return bounds.inside((least_box[0] / w, least_box[1] / h, least_box[2] / w, least_box[3] / h))


def _pull(
    low: float, high: float, side: int, delta: float, length: float, minimum: float, centred: bool
) -> tuple[float, float]:
    """One axis of a free resize."""
    if side == 0:
        return low, high
    least = min(minimum, high - low)
    if centred:
        middle = (low + high) / 2
        room = min(middle, length - middle)
        half = min(max((high - low) / 2 + side * delta, least / 2), room)
        return middle - half, middle + half
    if side > 0:
        return low, min(max(high + delta, low + least), length)
    return max(min(low + delta, high - least), 0.0), high


def _pull_corner(
    box: Box,
    side: tuple[int, int],
    delta: tuple[float, float],
    bounds: Bounds,
    ratio: float,
    centred: bool,
) -> Box:
    x1, y1, x2, y2 = box
    reach = 2 if centred else 1
    ax, room_x = _fixed(x1, x2, side[0], bounds.width, centred)
    ay, room_y = _fixed(y1, y2, side[1], bounds.height, centred)
    want_w = x2 - x1 + reach * side[0] * delta[0]
    want_h = y2 - y1 + reach * side[1] * delta[1]
    wide = drag_geometry_rotated.along_diagonal(want_w, want_h, ratio)
    largest = min(room_x, room_y * ratio)
    wide = _between(
        wide, drag_geometry_rotated.shortest(x2 - x1, y2 - y1, ratio, bounds.minimum), largest
    )
    x1, x2 = _span(ax, side[0], wide, centred)
    y1, y2 = _span(ay, side[1], wide / ratio, centred)
    return x1, y1, x2, y2


def _pull_edge(
    box: Box, side: int, delta: float, bounds: Bounds, ratio: float, centred: bool
) -> Box:
    """A locked resize by the left or right edge (callers exchange x and y for the others)."""
    x1, y1, x2, y2 = box
    ax, room_x = _fixed(x1, x2, side, bounds.width, centred)
    middle = (y1 + y2) / 2
    room_y = 2 * min(middle, bounds.height - middle) if centred else bounds.height
    wide = x2 - x1 + (2 if centred else 1) * side * delta
    least = drag_geometry_rotated.shortest(x2 - x1, y2 - y1, ratio, bounds.minimum)
    wide = _between(wide, least, min(room_x, room_y * ratio))
    high = wide / ratio
    x1, x2 = _span(ax, side, wide, centred)
    y1 = _between(middle - high / 2, 0.0, bounds.height - high)
    return x1, y1, x2, y1 + high


def _fixed(low: float, high: float, side: int, length: float, centred: bool) -> tuple[float, float]:
    """What an axis keeps in place, and the longest side that leaves room for."""
    if centred:
        middle = (low + high) / 2
        return middle, 2 * min(middle, length - middle)
    return (low, length - low) if side > 0 else (high, high)


def _span(fixed: float, side: int, size: float, centred: bool) -> tuple[float, float]:
    if centred:
        return fixed - size / 2, fixed + size / 2
    return (fixed, fixed + size) if side > 0 else (fixed - size, fixed)


def _anchor(
    at: float, to: float, length: float, minimum: float, centred: bool
) -> tuple[float, int, float]:
    """Where one axis of a new box starts, the direction it grows in, and the room it has there."""
    at = _between(at, 0.0, length)
    side = 1 if to >= at else -1
    if centred:
        return at, side, 2 * min(at, length - at)
    room = length - at if side > 0 else at
    if room < min(minimum, length) and length - room > room:
        side, room = -side, length - room
    return at, side, room


def _shift(low: float, high: float, delta: float) -> tuple[float, float]:
    size = high - low
    low = _between(low + delta, 0.0, 1.0 - size)
    return low, min(low + size, 1.0)


def _between(value: float, low: float, high: float) -> float:
    """``value`` held in [low, high]; ``low`` wins where the two cross."""
    return max(min(value, high), low)


def _to_pixels(box: Box, bounds: Bounds) -> Box:
    w, h = bounds.width, bounds.height
    return box[0] * w, box[1] * h, box[2] * w, box[3] * h


def _to_fractions(box: Box, bounds: Bounds) -> Box:
    x1, y1, x2, y2 = (_between(v, 0.0, 1.0) for v in (
        box[0] / bounds.width,
        box[1] / bounds.height,
        box[2] / bounds.width,
        box[3] / bounds.height,
    ))  # fmt: skip
    return x1, y1, x2, y2
