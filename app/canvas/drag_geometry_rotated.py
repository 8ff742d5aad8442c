"""Geometry of drags on a straightened photo, inside its rotated outline.

Boxes are in pixels of the canvas that holds the photo. What a drag keeps in place (the opposite corner,
edge or centre, the ratio) it keeps at the outline too; a corner pulled beyond it slides along.
"""

from __future__ import annotations

from collections.abc import Iterable

from cropcore.geometry.crop import Box
from cropcore.geometry.straight_outline import HalfPlane, Outline, Point, project

_FAR = 1e-9


def resize(
    start: Box,
    side: tuple[int, int],
    delta: Point,
    outline: Outline,
    minimum: float,
    ratio: float | None,
    centred: bool,
) -> Box:
    """``start`` with the corner or edge on ``side`` pulled by ``delta``."""
    wide, high = start[2] - start[0], start[3] - start[1]
    if ratio is None:
        least = min(minimum, wide), min(minimum, high)
        return _pull_free(start, side, delta, outline, least, centred)
    reach = 2 if centred else 1
    want_w, want_h = (wide + reach * side[0] * delta[0], high + reach * side[1] * delta[1])
    if 0 not in side:
        want_w = along_diagonal(want_w, want_h, ratio)
    elif side[1]:
        want_w = want_h * ratio
    least_wide = shortest(wide, high, ratio, minimum)
    return _pull_locked(start, side, max(want_w, least_wide), outline, ratio, centred)


def along_diagonal(wide: float, high: float, ratio: float) -> float:
    """The width at the point of a corner's diagonal that is nearest to the pointer."""
    return (wide + high / ratio) / (1 + 1 / ratio**2)


def shortest(wide: float, high: float, ratio: float, minimum: float) -> float:
    """Smallest width of a locked resize."""
    return min(minimum * max(1.0, ratio), min(wide, high * ratio))


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
        middle = (x1 + x2) / 2, (y1 + y2) / 2
        limits = [HalfPlane(abs(s.a) / 2, abs(s.b) / 2, -s.over(*middle)) for s in outline.sides]
        size = project((wide, high), (*limits, *_at_least(least)))
        return start if size is None else _sized(start, side, *size, centred=True)
    fixed = x1 if side[0] > 0 else x2, y1 if side[1] > 0 else y2
    pulled = (x2 if side[0] > 0 else x1) + delta[0], (y2 if side[1] > 0 else y1) + delta[1]
    corner = _corner(fixed, side, pulled, outline, least)
    return start if corner is None else _between(fixed, corner)


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


def draw(
    anchor: Point,
    to: Point,
    outline: Outline,
    least: Point,
    ratio: float | None,
    centred: bool,
) -> Box | None:
    """A new box from the corner (or centre) ``anchor``; None where it has no room for the least size."""
    anchor = outline.nearest(anchor)
    side = 1 if to[0] >= anchor[0] else -1, 1 if to[1] >= anchor[1] else -1
    reach = 2 if centred else 1
    wide, high = (abs(to[i] - anchor[i]) * reach for i in (0, 1))
    point = (*anchor, *anchor)
    if ratio is not None:
        wide = max(wide, high * ratio, least[0])
        box = outline.toward(point, _sized(point, side, wide, wide / ratio, centred))
        return box if box[2] - box[0] >= least[0] * (1 - _FAR) else None
    if centred:
        limits = [HalfPlane(abs(s.a) / 2, abs(s.b) / 2, -s.over(*anchor)) for s in outline.sides]
        size = project((wide, high), (*limits, *_at_least(least)))
        return None if size is None else _sized(point, side, *size, centred=True)
    corner = _corner(anchor, side, to, outline, least)
    return None if corner is None else _between(anchor, corner)


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
    none, all_of_it = (
        _tops(outline, fixed, side, 0.0, ratio),
        _tops(outline, fixed, side, wide, ratio),
    )
    share = 1.0
    for highest in range(2):
        for lowest in range(2):
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


def _between(a: Point, b: Point) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _at_least(least: Point) -> Iterable[HalfPlane]:
    return HalfPlane(-1.0, 0.0, -least[0]), HalfPlane(0.0, -1.0, -least[1])
