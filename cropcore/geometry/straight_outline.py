"""Outline of a straightened photo, as half-planes that limit boxes on its canvas.

Everything is in pixels of that canvas, from its top left corner, y pointing down. A box is inside
exactly where four sums of its sides stay below a limit, which is why a change of its sides that
leads out of the photo can be followed to the very edge, whatever it keeps in place.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box

_SLACK = 1e-9

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class HalfPlane:
    """Places (x, y) with ``a x + b y <= most``."""

    a: float
    b: float
    most: float

    def over(self, x: float, y: float) -> float:
        """How far a place is beyond it, at most 0 for places that are allowed."""
        return self.a * x + self.b * y - self.most


@dataclass(frozen=True, slots=True)
class Outline:
    """The four sides of a photo, each as the limit that its points must keep."""

    sides: tuple[HalfPlane, ...]

    @classmethod
    def of(cls, width: float, height: float, angle: float) -> Outline:
        """That of a ``width`` x ``height`` photo turned by ``angle`` degrees clockwise."""
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        wide, high = rotated_size(width, height, angle)
        sides = []
        for a, b, half in ((cos, sin, width / 2), (-sin, cos, height / 2)):
            middle = a * wide / 2 + b * high / 2
            sides += [HalfPlane(a, b, half + middle), HalfPlane(-a, -b, half - middle)]
        return cls(tuple(sides))

    def transposed(self) -> Outline:
        """The same with x and y exchanged."""
        return Outline(tuple(HalfPlane(s.b, s.a, s.most) for s in self.sides))

    def reach(self, start: Box, wanted: Box) -> float:
        """How much of the way from one box to another stays inside, 0 to 1.

        Every box on the way has sides between those of the two; ``start`` is inside.
        """
        share = 1.0
        for side in self.sides:
            before, after = _extent(side, start), _extent(side, wanted)
            if after > side.most and after > before:
                share = min(share, max(side.most - before, 0.0) / (after - before))
        return share

    def toward(self, start: Box, wanted: Box) -> Box:
        """The last box inside on the straight way from ``start`` to ``wanted``."""
        share = self.reach(start, wanted)
        if share >= 1:
            return wanted
        x1, y1, x2, y2 = (
            low + (high - low) * share for low, high in zip(start, wanted, strict=True)
        )
        return x1, y1, x2, y2

    def nearest(self, at: Point) -> Point:
        """The nearest place on the photo."""
        return project(at, self.sides) or at


def project(at: Point, limits: Iterable[HalfPlane]) -> Point | None:
    """The place nearest to ``at`` within all limits; None where they leave none."""
    limits = tuple(limits)

    def allowed(x: float, y: float) -> bool:
        slack = _SLACK * max(1.0, abs(x), abs(y))
        return all(limit.over(x, y) <= slack * math.hypot(limit.a, limit.b) for limit in limits)

    if allowed(*at):
        return at
    places = []
    for place, limit in enumerate(limits):
        square = limit.a**2 + limit.b**2
        if square == 0:
            continue
        back = limit.over(*at) / square
        places.append((at[0] - back * limit.a, at[1] - back * limit.b))
        for other in limits[place + 1 :]:
            cross = limit.a * other.b - limit.b * other.a
            if abs(cross) > _SLACK:
                places.append(
                    (
                        (limit.most * other.b - other.most * limit.b) / cross,
                        (limit.a * other.most - other.a * limit.most) / cross,
                    )
                )
    inside = [p for p in places if allowed(*p)]
    return min(inside, key=lambda p: math.dist(p, at)) if inside else None


def _extent(side: HalfPlane, box: Box) -> float:
    """The largest ``a x + b y`` in a box."""
    x1, y1, x2, y2 = box
    return side.a * (x2 if side.a > 0 else x1) + side.b * (y2 if side.b > 0 else y1)
