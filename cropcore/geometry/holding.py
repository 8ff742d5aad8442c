"""Areas that a crop should hold whole: which can be held together, and crops moved until they hold them.

Areas are heads, texts or what a person protects. A circle holds an area when its disc does, not its box.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.geometry.boxes import (
    Boxes,
    area,
    as_boxes,
    centre,
    clip,
    contains,
    from_centre,
    largest_with_ratio,
    shift_inside,
)

_EXACT = 1e-9
_STEPS = 50
"""Steps of each bisection that finds a place for a circle."""
_GROWTH = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0)
"""Sizes tried for a circle that fits nowhere as it is: shares of the way to the largest, then to the
smallest."""
_MOST_TOGETHER = 8
"""Most areas of which every subset is tried; of more, groups of neighbours are tried."""


def holds(
    boxes: ArrayLike, areas: ArrayLike, photo_ratio: float, circle: bool = False
) -> NDArray[np.bool_]:
    """Which crops (N, 4) hold which areas (P, 4) whole: (N, P).

    Args:
        boxes: crops; with ``circle`` the circles inscribed in them.
        areas: boxes of the photo.
        photo_ratio: width over height of the photo.
        circle: crops are circles.
    """
    b, a = as_boxes(boxes).reshape(-1, 4), as_boxes(areas).reshape(-1, 4)
    if not circle:
        return contains(b[:, None], a[None], _EXACT)
    radius = (b[:, 3] - b[:, 1])[:, None] / 2
    return np.asarray(_reach(centre(b), a, photo_ratio) <= radius + _EXACT)


def share_inside(boxes: ArrayLike, areas: ArrayLike) -> NDArray[np.float64]:
    """Which share of each area (P, 4) lies inside the box of each crop (N, 4): (N, P) in [0, 1]."""
    b, a = as_boxes(boxes).reshape(-1, 4)[:, None], as_boxes(areas).reshape(-1, 4)[None]
    low, high = np.maximum(b[..., :2], a[..., :2]), np.minimum(b[..., 2:], a[..., 2:])
    common = np.clip(high - low, 0.0, None).prod(axis=-1)
    whole = np.maximum((a[..., 2:] - a[..., :2]).prod(axis=-1), 1e-12)
    return np.asarray(np.minimum(common / whole, 1.0))


def can_hold(
    areas: ArrayLike, ratio: float | None, photo_ratio: float, circle: bool = False
) -> bool:
    """Whether some crop of a pixel ratio (any where None) inside the photo holds all areas (P, 4)."""
    a = as_boxes(areas).reshape(-1, 4)
    if len(a) == 0 or (ratio is None and not circle):
        return True
    if circle:
        middle = (a[:, :2].min(axis=0) + a[:, 2:].max(axis=0)) / 2
        start = from_centre(middle, np.array([1e-3 / photo_ratio, 1e-3]))[None]
    else:
        start = largest_with_ratio(ratio or 1.0, photo_ratio)[None]
    moved = moved_to_hold(start, a, ratio, photo_ratio, circle)
    return bool(holds(moved, a, photo_ratio, circle).all())


def held_together(
    areas: ArrayLike,
    ratio: float | None,
    photo_ratio: float,
    circle: bool = False,
    beside: ArrayLike = (),
) -> NDArray[np.bool_]:
    """Which areas (P, 4) to keep where not all fit into one crop: (P,).

    As many as possible; of equally many those of the largest total area, of equal ones the first.
    ``beside`` (Q, 4) are held in any case, and fit together.
    """
    a, given = as_boxes(areas).reshape(-1, 4), np.reshape(np.asarray(beside, np.float64), (-1, 4))

    def fit(kept: NDArray[np.bool_]) -> bool:
        return can_hold(np.concatenate([given, a[kept]]), ratio, photo_ratio, circle)

    if fit(np.ones(len(a), bool)):
        return np.ones(len(a), bool)
    if len(a) > _MOST_TOGETHER:
        return _taken_in_turn(a, fit)
    sizes = area(a)
    for count in range(len(a) - 1, 0, -1):
        groups = sorted(combinations(range(len(a)), count), key=lambda g: -sizes[list(g)].sum())
        for group in groups:
            kept = np.isin(np.arange(len(a)), group)
            if fit(kept):
                return kept
    return np.zeros(len(a), bool)


def _taken_in_turn(areas: Boxes, fit: Callable[[NDArray[np.bool_]], bool]) -> NDArray[np.bool_]:
    """Of many areas: neighbours of each one, nearest first, as long as they fit; the best of these."""
    best = np.zeros(len(areas), bool)
    middles = centre(areas)
    for start in range(len(areas)):
        kept = np.zeros(len(areas), bool)
        for i in np.argsort(np.hypot(*(middles - middles[start]).T), kind="stable"):
            kept[i] = True
            if not fit(kept):
                kept[i] = False
        rank = (kept.sum(), area(areas[kept]).sum())
        if rank > (best.sum(), area(areas[best]).sum()):
            best = kept
    return best


def moved_to_hold(
    boxes: ArrayLike,
    areas: ArrayLike,
    ratio: float | None,
    photo_ratio: float,
    circle: bool = False,
) -> Boxes:
    """Crops (N, 4) moved, and grown where they are too small, by little until they hold areas (P, 4).

    A circle is shrunk where only a smaller one has room, as in a corner of the photo. Where the photo
    has no room for a crop that holds them all, the result is as near as it gets.

    Args:
        boxes: crops of the ratio, inside the photo.
        areas: what they are to hold.
        ratio: pixel ratio of the crops; None allows any, then every side moves for itself.
        photo_ratio: width over height of the photo.
        circle: crops are circles, and the areas must lie in the disc.
    """
    b, a = as_boxes(boxes).reshape(-1, 4), as_boxes(areas).reshape(-1, 4)
    if len(a) == 0:
        return b
    low, high = a[:, :2].min(axis=0), a[:, 2:].max(axis=0)
    if circle:
        return _discs_around(b, a, photo_ratio)
    if ratio is None:
        return np.concatenate([np.minimum(b[:, :2], low), np.maximum(b[:, 2:], high)], axis=1)
    relative = ratio / photo_ratio
    wide = np.maximum(b[:, 2] - b[:, 0], max(high[0] - low[0], (high[1] - low[1]) * relative))
    wide = np.minimum(wide, min(1.0, relative))
    size = np.stack([wide, wide / relative], axis=1)
    # A crop of this size holds them wherever it begins between these two places.
    first = np.clip(high - size, 0.0, 1.0 - size)
    last = np.maximum(np.minimum(low, 1.0 - size), first)
    begin = np.clip(centre(b) - size / 2, first, last)
    moved = np.concatenate([begin, begin + size], axis=1)
    kept = (contains(b, np.concatenate([low, high])) & (b[:, 2] - b[:, 0] >= wide - _EXACT))[
        :, None
    ]
    return np.where(kept, b, clip(shift_inside(moved)))


def _discs_around(boxes: Boxes, areas: Boxes, photo_ratio: float) -> Boxes:
    """As :func:`moved_to_hold` for circles; lengths are in heights of the photo, so discs are round."""
    scale = np.array([photo_ratio, 1.0])
    most = min(photo_ratio, 1.0) / 2
    corners = _corners(areas) * scale
    hub, least = _enclosing(corners)
    radius = np.clip(np.maximum((boxes[:, 3] - boxes[:, 1]) / 2, least * (1 + 1e-9)), 0.0, most)
    middle = centre(boxes) * scale
    result = boxes
    done = np.zeros(len(boxes), bool)
    fewest = np.full(len(boxes), min(least * (1 + 1e-9), most))
    # In a corner of the photo only small circles find a place.
    larger = [radius + share * (most - radius) for share in _GROWTH]
    smaller = [radius - share * (radius - fewest) for share in _GROWTH[1:]]
    from_smallest = [fewest + share * (most - fewest) for share in _GROWTH]
    for number, r in enumerate((*larger, *smaller, *from_smallest)):
        margin = np.stack([r, r], axis=1)
        place = _nearest_place(middle, hub, corners, r, margin, np.maximum(scale - margin, margin))
        size = np.stack([2 * r / photo_ratio, 2 * r], axis=1)
        tried = clip(shift_inside(from_centre(place / scale, size)))
        fits = holds(tried, areas, photo_ratio, circle=True).all(axis=1)
        # Where none holds them all, the first try is as near as any.
        take = (fits & ~done) | (number == 0)
        result = np.where(take[:, None], tried, result)
        done |= fits
        if done.all():
            break
    return result


def _nearest_place(
    middle: NDArray[np.float64],
    hub: NDArray[np.float64],
    corners: NDArray[np.float64],
    radius: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Places (N, 2) between ``low`` and ``high`` from which all corners are within ``radius`` (N,).

    Such places are a convex set, so the way from ``middle`` to the place that is best of all enters it
    once, which bisection finds. Where there is none the best place comes back.
    """
    start = np.clip(middle, low, high)
    best = _best_place(hub, corners, low, high)
    near, far = np.zeros(len(start)), np.ones(len(start))
    far = np.where(_farthest(start, corners) <= radius, 0.0, far)
    for _ in range(_STEPS):
        share = (near + far) / 2
        held = _farthest(start + share[:, None] * (best - start), corners) <= radius
        near, far = np.where(held, near, share), np.where(held, share, far)
    return np.asarray(start + far[:, None] * (best - start))


def _best_place(
    hub: NDArray[np.float64],
    corners: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The place (N, 2) between ``low`` and ``high`` whose farthest corner is nearest.

    It is the hub of the smallest circle, or lies on the edge that keeps the hub out.
    """
    best = np.clip(hub, low, high)
    for axis in (0, 1):
        a, b = low[:, axis].copy(), high[:, axis].copy()
        place = np.clip(hub, low, high)
        for _ in range(_STEPS):
            third = (b - a) / 3
            ends = []
            for value in (a + third, b - third):
                place[:, axis] = value
                ends.append(_farthest(place, corners))
            left = ends[0] < ends[1]
            a, b = np.where(left, a, a + third), np.where(left, b - third, b)
        place[:, axis] = (a + b) / 2
        nearer = _farthest(place, corners) < _farthest(best, corners)
        best = np.where(nearer[:, None], place, best)
    return best


def _farthest(places: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance (N,) from places (N, 2) to the farthest of points (M, 2)."""
    way = points[None] - places[:, None]
    return np.asarray(np.hypot(way[..., 0], way[..., 1]).max(axis=1))


def _corners(areas: Boxes) -> NDArray[np.float64]:
    return np.asarray(areas[:, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(-1, 2))


def _reach(middles: NDArray[np.float64], areas: Boxes, photo_ratio: float) -> NDArray[np.float64]:
    """Distance (N, P) from middles to the farthest corner of each area, in heights of the photo."""
    scale = np.array([photo_ratio, 1.0])
    far = np.maximum(
        np.abs(areas[None, :, :2] - middles[:, None]), np.abs(areas[None, :, 2:] - middles[:, None])
    )
    return np.asarray(np.hypot(*np.moveaxis(far * scale, -1, 0)))


def _enclosing(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Centre (2,) and radius of the smallest circle around points (M, 2) (Welzl, 1991, iterative)."""
    hub, radius = points[0], 0.0
    for i, p in enumerate(points):
        if _beyond(p, hub, radius):
            hub, radius = p, 0.0
            for j, q in enumerate(points[:i]):
                if _beyond(q, hub, radius):
                    hub, radius = (p + q) / 2, float(np.hypot(*(p - q))) / 2
                    for r in points[:j]:
                        if _beyond(r, hub, radius):
                            hub, radius = _through(p, q, r)
    return hub, radius


def _beyond(point: NDArray[np.float64], hub: NDArray[np.float64], radius: float) -> bool:
    return math.hypot(point[0] - hub[0], point[1] - hub[1]) > radius + 1e-12


def _through(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """The circle through three points; of points on a line, the one over the longest distance."""
    u, v = b - a, c - a
    cross = 2 * (u[0] * v[1] - u[1] * v[0])
    if abs(cross) < 1e-15:
        ends = max(((a, b), (a, c), (b, c)), key=lambda e: float(np.hypot(*(e[0] - e[1]))))
        return (ends[0] + ends[1]) / 2, float(np.hypot(*(ends[0] - ends[1]))) / 2
    uu, vv = float(u @ u), float(v @ v)
    away = np.array([v[1] * uu - u[1] * vv, u[0] * vv - v[0] * uu]) / cross
    return a + away, float(np.hypot(*away))
