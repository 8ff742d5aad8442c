"""Composition guides (thirds, golden ratio, spiral ...): lines in the unit square of the crop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from app.canvas.paint_context import BLACK, WHITE, PaintContext, with_alpha
from cropcore.geometry.crop import Crop

GUIDES = ("none", "thirds", "golden", "diagonals", "spiral", "centre")
"""The names that :func:`guide_lines` knows."""
TURNS = 4

Point = tuple[float, float]
Line = tuple[Point, ...]

_GOLDEN = 2 / (1 + math.sqrt(5))
_ARC_STEPS = 24
_SPIRAL_SQUARES = 10
_SPIRAL_SIDES = 6


@cache
def guide_lines(name: str, turn: int = 0, upright: bool = False) -> tuple[Line, ...]:
    """Polylines of a guide in the unit square; ``turn`` (0 to 3) turns the spiral.

    The spiral is that of a golden rectangle, stretched as the crop stretches it and standing where
    the crop is ``upright``. Its four turns bring its eye near each of the four corners.
    """
    match name:
        case "thirds":
            return _grid((1 / 3, 2 / 3))
        case "golden":
            return _grid((1 - _GOLDEN, _GOLDEN))
        case "diagonals":
            return (((0, 0), (1, 1)), ((0, 1), (1, 0)))
        case "centre":
            return _grid((0.5,))
        case "spiral":
            return tuple(_turned(line, turn % TURNS, upright) for line in _spiral())
        case _:
            return ()


def paint_guide(
    context: PaintContext, crop: Crop, name: str, turn: int, strength: float = 1.0
) -> None:
    """Draw a guide over the crop: white at 50 % beside black at 30 %, ``strength`` of it."""
    rect = context.rect(crop.box)
    lines = guide_lines(name, turn, rect.height() > rect.width())
    if not lines:
        return
    painter = context.painter
    painter.save()
    painter.setOpacity(strength)
    inner = rect.adjusted(1, 1, -1, -1)
    if crop.shape == "circle":
        disc = QPainterPath()
        disc.addEllipse(QRectF(inner))
        painter.setClipPath(disc, Qt.ClipOperation.IntersectClip)
    else:
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
    for line in lines:
        if _is_straight(line):
            _paint_bar(painter, rect, line)
        else:
            _paint_curve(painter, rect, line)
    painter.restore()


def _grid(places: Sequence[float]) -> tuple[Line, ...]:
    upright = [((p, 0.0), (p, 1.0)) for p in places]
    level = [((0.0, p), (1.0, p)) for p in places]
    return (*upright, *level)


def _is_straight(line: Line) -> bool:
    (x1, y1), (x2, y2) = line[0], line[-1]
    return len(line) == 2 and (x1 == x2 or y1 == y2)


def _paint_bar(painter: QPainter, rect: QRect, line: Line) -> None:
    """An upright or level line on whole pixels."""
    (x1, y1), (x2, y2) = line
    left, right = (rect.left() + round(x * rect.width()) for x in (x1, x2))
    top, bottom = (rect.top() + round(y * rect.height()) for y in (y1, y2))
    white = QRect(left, top, max(1, right - left), max(1, bottom - top))
    black = white.translated(1, 0) if x1 == x2 else white.translated(0, 1)
    painter.fillRect(black, with_alpha(BLACK, 0.30))
    painter.fillRect(white, with_alpha(WHITE, 0.50))


def _paint_curve(painter: QPainter, rect: QRect, line: Line) -> None:
    points = QPolygonF(
        [QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height()) for x, y in line]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(with_alpha(BLACK, 0.30), 1.0))
    painter.drawPolyline(points.translated(0.7, 0.7))
    painter.setPen(QPen(with_alpha(WHITE, 0.50), 1.2))
    painter.drawPolyline(points)


@cache
def _spiral() -> tuple[Line, ...]:
    """The golden spiral and the sides of its squares, in the unit square."""
    x1, y1, x2, y2 = 0.0, 0.0, 1 / _GOLDEN, 1.0
    curve: list[Point] = []
    sides: list[Line] = []
    for step in range(_SPIRAL_SQUARES):
        side = min(x2 - x1, y2 - y1)
        match step % 4:
            case 0:
                centre, start = (x1 + side, y2), math.pi
                x1 += side
                sides.append(((x1, y1), (x1, y2)))
            case 1:
                centre, start = (x1, y1 + side), 1.5 * math.pi
                y1 += side
                sides.append(((x1, y1), (x2, y1)))
            case 2:
                centre, start = (x2 - side, y1), 0.0
                x2 -= side
                sides.append(((x2, y1), (x2, y2)))
            case _:
                centre, start = (x2, y2 - side), 0.5 * math.pi
                y2 -= side
                sides.append(((x1, y2), (x2, y2)))
        for i in range(_ARC_STEPS + 1):
            angle = start + i / _ARC_STEPS * math.pi / 2
            curve.append((centre[0] + side * math.cos(angle), centre[1] + side * math.sin(angle)))
    lines: tuple[Sequence[Point], ...] = (curve, *sides[:_SPIRAL_SIDES])
    return tuple(tuple((x * _GOLDEN, y) for x, y in line) for line in lines)


def _turned(line: Line, turn: int, upright: bool) -> Line:
    """A line of the spiral mirrored along neither, either or both axes."""
    if upright:
        line = tuple((y, x) for x, y in line)
    across, down = ((False, False), (True, False), (True, True), (False, True))[turn]
    return tuple((1 - x if across else x, 1 - y if down else y) for x, y in line)
