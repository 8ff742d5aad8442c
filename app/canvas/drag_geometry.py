"""Geometry of drags: pure functions from start and current position of the pointer to a box.

Boxes are cropcore boxes (xyxy, fractions of the photo, or of the canvas that holds it straightened);
pointer positions and distances are photo pixels. Every result lies inside the photo, at any angle:
what a drag keeps in place (the opposite corner, edge or centre, the ratio) it keeps at the photo's
edge too, and a corner pulled beyond it slides along. Nothing is rounded: that is the export's work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box
from cropcore.geometry.straight_outline import HalfPlane, Outline, Point, project
from cropcore.geometry.straighten import fit_inside

MINIMUM = 16.0
"""Shortest side of a drawn or resized crop, in photo pixels."""
_NEAR = 1e-9
_BORDER = 1e-12


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
    photo: tuple[float, float] | None = None

    @classmethod
    def straightened(
        cls, width: float, height: float, angle: float, minimum: float = MINIMUM
    ) -> Bounds:
        """Those of a ``width`` x ``height`` photo turned by ``angle`` degrees."""
        return cls(*rotated_size(width, height, angle), minimum, angle, (width, height))

    @cached_property
    def outline(self) -> Outline:
        """The edge of the photo."""
        return Outline.of(*(self.photo or (self.width, self.height)), self.angle)

    def inside(self, box: Box) -> Box:
        """The nearest place on the photo for a box of this size; one that is too large shrinks."""
        size = self.photo or (self.width, self.height)
        x1, y1, x2, y2 = fit_inside(box, *size, self.angle).tolist()
        return _at_border(x1), _at_border(y1), _at_border(x2), _at_border(y2)

    def pixels(self, box: Box) -> Box:
        """A box of fractions in pixels."""
        w, h = self.width, self.height
        return box[0] * w, box[1] * h, box[2] * w, box[3] * h

    def fractions(self, box: Box) -> Box:
        """A box of pixels in fractions; a side on the canvas's border is exactly there."""
        x1, x2 = (_at_border(x / self.width) for x in box[::2])
        y1, y2 = (_at_border(y / self.height) for y in box[1::2])
        return x1, y1, x2, y2


def dragged_ratio(lock: float | None, current: float, inverted: bool) -> float | None:
    """Pixel ratio that a drag must keep, None for any.

    ``inverted`` (Shift held) frees a locked ratio and locks a free one at ``current``.
    """
    if inverted:
        return current if lock is None else None
    return lock


def move(start: Box, dx: float, dy: float, bounds: Bounds) -> Box:
    """``start`` shifted by (dx, dy) pixels as far as the photo allows; its size stays."""
    x, y = dx / bounds.width, dy / bounds.height
    return bounds.inside((start[0] + x, start[1] + y, start[2] + x, start[3] + y))


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
    box, side, outline = bounds.pixels(start), handle.value, bounds.outline
    wide, high = box[2] - box[0], box[3] - box[1]
    if ratio is None:
        least = min(bounds.minimum, wide), min(bounds.minimum, high)
        return bounds.fractions(_pull_free(box, side, (dx, dy), outline, least, about_centre))
    reach = 2 if about_centre else 1
    wanted, want_h = wide + reach * side[0] * dx, high + reach * side[1] * dy
    if handle.is_corner:
        wanted = (wanted + want_h / ratio) / (1 + 1 / ratio**2)
    elif side[1]:
        wanted = want_h * ratio
    least_wide = min(bounds.minimum * max(1.0, ratio), wide, high * ratio)
    return bounds.fractions(
        _pull_locked(box, side, max(wanted, least_wide), outline, ratio, about_centre)
    )


def draw(
    anchor: Point,
    to: Point,
    bounds: Bounds,
    ratio: float | None = None,
    about_centre: bool = False,
) -> Box:
    """A new box from one corner (or the centre) ``anchor`` to the pointer ``to``, in pixels.

    With a ``ratio`` the box is the smallest of that ratio that covers both axes of the drag. The
    anchor is kept wherever the photo has room for the minimum size beside it: where that is on the
    other side alone the box grows there.
    """
    outline, shape = bounds.outline, ratio or 1.0
    wide, high = bounds.minimum * max(1.0, shape), bounds.minimum * max(1.0, 1 / shape)
    if ratio is None:
        wide, high = min(wide, bounds.width), min(high, bounds.height)
    x, y = anchor = outline.nearest(anchor)
    w, h = bounds.width, bounds.height
    smallest = bounds.pixels(
        bounds.inside(
            ((x - wide / 2) / w, (y - high / 2) / h, (x + wide / 2) / w, (y + high / 2) / h)
        )
    )
    least = smallest[2] - smallest[0], smallest[3] - smallest[1]
    side = 1 if to[0] >= x else -1, 1 if to[1] >= y else -1
    sides = [side]
    if not about_centre:
        sides += [(-side[0], side[1]), (side[0], -side[1]), (-side[0], -side[1])]
    for grown in sides:
        box = _drawn(anchor, grown, to, outline, least, ratio, about_centre)
        if box is not None:
            return bounds.fractions(box)
    moved = (
        ((smallest[0] + smallest[2]) / 2, (smallest[1] + smallest[3]) / 2)
        if about_centre
        else (smallest[1 - side[0]], smallest[2 - side[1]])
    )
    box = _drawn(moved, side, to, outline, least, ratio, about_centre)
    return bounds.fractions(smallest if box is None else box)


def same(a: Box, b: Box, bounds: Bounds, tolerance: float = 0.01) -> bool:
    """Whether two boxes differ by less than ``tolerance`` photo pixels on every side."""
    return all(
        abs(p - q) < tolerance for p, q in zip(bounds.pixels(a), bounds.pixels(b), strict=True)
    )


def _drawn(
    anchor: Point,
    side: tuple[int, int],
    to: Point,
    outline: Outline,
    least: Point,
    ratio: float | None,
    centred: bool,
) -> Box | None:
    """A new box on ``side`` of ``anchor``, in pixels; None where it has no room for the least size."""
    reach = 2 if centred else 1
    wide, high = (max((to[i] - anchor[i]) * side[i], 0.0) * reach for i in (0, 1))
    point = (*anchor, *anchor)
    if ratio is not None:
        wide = max(wide, high * ratio, least[0])
        box = outline.toward(point, _sized(point, side, wide, wide / ratio, centred))
        return box if box[2] - box[0] >= least[0] * (1 - _NEAR) else None
    if centred:
        size = _centred_size(anchor, (wide, high), outline, least)
        return None if size is None else _sized(point, side, *size, centred=True)
    corner = _corner(anchor, side, to, outline, least)
    return None if corner is None else _spanned(anchor, corner)


def _pull_free(
    start: Box, side: tuple[int, int], delta: Point, outline: Outline, least: Point, centred: bool
) -> Box:
    """A free resize by the corner or edge on ``side``; ``least`` is the shortest of each axis."""
    x1, y1, x2, y2 = start
    if 0 in side or centred:
        wide, high = x2 - x1, y2 - y1
        reach = 2 if centred else 1
        wide = max(wide + reach * side[0] * delta[0], least[0]) if side[0] else wide
        high = max(high + reach * side[1] * delta[1], least[1]) if side[1] else high
        if 0 in side:
            return outline.toward(start, _sized(start, side, wide, high, centred))
        size = _centred_size(((x1 + x2) / 2, (y1 + y2) / 2), (wide, high), outline, least)
        return start if size is None else _sized(start, side, *size, centred=True)
    fixed = x1 if side[0] > 0 else x2, y1 if side[1] > 0 else y2
    pulled = (x2 if side[0] > 0 else x1) + delta[0], (y2 if side[1] > 0 else y1) + delta[1]
    corner = _corner(fixed, side, pulled, outline, least)
    return start if corner is None else _spanned(fixed, corner)


def _pull_locked(
    start: Box, side: tuple[int, int], wide: float, outline: Outline, ratio: float, centred: bool
) -> Box:
    """A resize to the width ``wide`` that keeps the ratio and what lies opposite of ``side``."""
    if centred or 0 not in side:
        wanted = _sized(start, side, wide, wide / ratio, centred)
        return outline.toward(_sized(start, side, 0.0, 0.0, centred), wanted)
    if side[0]:
        return _pull_edge(start, side[0], wide, outline, ratio)
    x1, y1, x2, y2 = start
    y1, x1, y2, x2 = _pull_edge(
        (y1, x1, y2, x2), side[1], wide / ratio, outline.transposed(), 1 / ratio
    )
    return x1, y1, x2, y2


def _centred_size(middle: Point, size: Point, outline: Outline, least: Point) -> Point | None:
    """The size nearest to ``size`` for a box about ``middle``, at least ``least``."""
    limits = [HalfPlane(abs(s.a) / 2, abs(s.b) / 2, -s.over(*middle)) for s in outline.sides]
    return project(size, (*limits, *_at_least(least)))


def _corner(
    fixed: Point, side: tuple[int, int], to: Point, outline: Outline, least: Point
) -> Point | None:
    """The place nearest to ``to`` for the corner opposite of ``fixed``, at least ``least`` away."""
    limits = [HalfPlane(-side[0], 0.0, -side[0] * fixed[0] - least[0])]
    limits.append(HalfPlane(0.0, -side[1], -side[1] * fixed[1] - least[1]))
    for s in outline.sides:
        a, b, most = 0.0, 0.0, s.most
        if s.a * side[0] > 0:
            a = s.a
        else:
            most -= s.a * fixed[0]
        if s.b * side[1] > 0:
            b = s.b
        else:
            most -= s.b * fixed[1]
        if a or b:
            limits.append(HalfPlane(a, b, most))
    return project(to, limits)


def _pull_edge(start: Box, side: int, wide: float, outline: Outline, ratio: float) -> Box:
    """A locked resize by the left or right edge: the other one stays, the height follows evenly
    until the outline is met and then to the side that has room left."""
    x1, y1, x2, y2 = start
    fixed = x1 if side > 0 else x2
    middle = (y1 + y2) / 2
    for s in outline.sides:
        if s.b == 0 and s.a * side > 0:
            wide = min(wide, (s.most / s.a - fixed) * side)
    none, all_of_it = (_tops(outline, fixed, side, w, ratio) for w in (0.0, wide))
    share = 1.0
    for lowest in range(len(none[0])):
        for highest in range(len(none[1])):
            before = none[1][highest] - none[0][lowest]
            after = all_of_it[1][highest] - all_of_it[0][lowest]
            if after < 0:
                share = min(share, max(before, 0.0) / max(before - after, 1e-300))
    wide *= share
    low, high = _tops(outline, fixed, side, wide, ratio)
    top = max(min(middle - wide / ratio / 2, min(high)), max(low))
    far = fixed + side * wide
    return min(fixed, far), top, max(fixed, far), top + wide / ratio


def _tops(
    outline: Outline, fixed: float, side: int, wide: float, ratio: float
) -> tuple[list[float], list[float]]:
    """Between which tops a box of a width lies inside: the lower bounds, the upper bounds."""
    low, high = [], []
    far = fixed + side * wide
    x1, x2 = min(fixed, far), max(fixed, far)
    for s in outline.sides:
        left = s.most - s.a * (x2 if s.a > 0 else x1)
        if s.b > 0:
            high.append(left / s.b - wide / ratio)
        elif s.b < 0:
            low.append(left / s.b)
    return low, high


def _sized(box: Box, side: tuple[int, int], wide: float, high: float, centred: bool) -> Box:
    """A box of another size that keeps the centre, or what lies opposite of ``side``."""
    x1, x2 = _span(box[0], box[2], side[0], wide, centred)
    y1, y2 = _span(box[1], box[3], side[1], high, centred)
    return x1, y1, x2, y2


def _span(low: float, high: float, side: int, size: float, centred: bool) -> tuple[float, float]:
    if centred or side == 0:
        middle = (low + high) / 2
        return middle - size / 2, middle + size / 2
    return (low, low + size) if side > 0 else (high - size, high)


def _spanned(a: Point, b: Point) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _at_least(least: Point) -> Iterable[HalfPlane]:
    return HalfPlane(-1.0, 0.0, -least[0]), HalfPlane(0.0, -1.0, -least[1])


def _at_border(share: float) -> float:
    """A fraction held in [0, 1]; one that rounding keeps off a border is exactly on it."""
    if share < _BORDER:
        return 0.0
    return 1.0 if share > 1.0 - _BORDER else share
