"""Cursor for turning: an arc with two heads, bent around the corner that it stands beside."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QPainter, QPainterPath, QPen, QPixmap

from app.canvas.drag_geometry import Handle
from app.canvas.paint_context import BLACK, WHITE

_SIZE = 28
_RADIUS, _HEAD = 12.0, 3.5
_TURNS = {
    Handle.TOP_RIGHT: 0,
    Handle.BOTTOM_RIGHT: 90,
    Handle.BOTTOM_LEFT: 180,
    Handle.TOP_LEFT: 270,
}


@cache
def turn_cursor(corner: Handle, scale: float) -> QCursor:
    """The cursor outside a corner of the crop, on a screen of this scale."""
    picture = QPixmap(round(_SIZE * scale), round(_SIZE * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(_SIZE / 2, _SIZE / 2)
    painter.rotate(_TURNS[corner])
    painter.translate(-0.6 * _RADIUS, 0.6 * _RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, wide in ((WHITE, 3.6), (BLACK, 1.6)):
        pen = QPen(colour, wide, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(_arrows())
    painter.end()
    return QCursor(picture)


def _arrows() -> QPainterPath:
    """A quarter of a circle about 0, 0, from above it to its right, with a head at each end."""
    path = QPainterPath()
    circle = QRectF(-_RADIUS, -_RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    path.arcMoveTo(circle, 90)
    path.arcTo(circle, 90, -90)
    top, right = QPointF(0, -_RADIUS), QPointF(_RADIUS, 0)
    for end, sides in (
        (top, (QPointF(_HEAD, -_HEAD), QPointF(_HEAD, _HEAD))),
        (right, (QPointF(-_HEAD, -_HEAD), QPointF(_HEAD, -_HEAD))),
    ):
        for side in sides:
            path.moveTo(end)
            path.lineTo(end + side)
    return path
