"""The crop frame: border, handles, dimmed surroundings and label."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen

from app.canvas.drag_geometry import Handle
from app.canvas.paint_context import (
    BLACK,
    WHITE,
    PaintContext,
    corner_bars,
    frame_bars,
    paint_bars,
    with_alpha,
)
from app.style import theme
from cropcore.geometry.crop import Crop

OUTSIDE, OUTSIDE_MAP = 0.55, 0.20
"""How dark the photo is outside the crop, and while a map is on."""
_FRAME_SHADE = 0.40
_HANDLE_LONG, _HANDLE_THICK = 18, 3
_HALF_HIT = theme.HIT_SIZE / 2
_LABEL_GAP, _LABEL_PAD = 8, 6

_CURSORS = {
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
}


def cursor_for(handle: Handle) -> Qt.CursorShape:
    """The cursor over a handle."""
    return _CURSORS[handle]


def hit_areas(rect: QRectF) -> dict[Handle, QRectF]:
    """Where each handle of a crop at ``rect`` (viewport) can be gripped, corners first.

    Edges can be gripped along their whole length. Areas are at least 24 px thick; on a small crop
    they move outwards, so that its middle half still moves it.
    """
    inset_x = min(_HALF_HIT, rect.width() / 4)
    inset_y = min(_HALF_HIT, rect.height() / 4)
    out_x, out_y = theme.HIT_SIZE - inset_x, theme.HIT_SIZE - inset_y
    columns = {
        -1: (rect.left() - out_x, rect.left() + inset_x),
        0: (rect.left() + inset_x, rect.right() - inset_x),
        1: (rect.right() - inset_x, rect.right() + out_x),
    }
    rows = {
        -1: (rect.top() - out_y, rect.top() + inset_y),
        0: (rect.top() + inset_y, rect.bottom() - inset_y),
        1: (rect.bottom() - inset_y, rect.bottom() + out_y),
    }
    areas = {}
    for handle in sorted(Handle, key=lambda h: not h.is_corner):
        (x1, x2), (y1, y2) = columns[handle.value[0]], rows[handle.value[1]]
        areas[handle] = QRectF(x1, y1, x2 - x1, y2 - y1)
    return areas


def handle_at(rect: QRectF, at: QPointF) -> Handle | None:
    """The handle of a crop at ``rect`` that a press at ``at`` (viewport) grips, if any."""
    return next((h for h, area in hit_areas(rect).items() if area.contains(at)), None)


def reserved_areas(rect: QRectF) -> list[QRectF]:
    """What nothing else may cover on a crop at ``rect`` (viewport): corner grips, edge marks."""
    areas = [area for handle, area in hit_areas(rect).items() if handle.is_corner]
    for x, y in (
        (rect.center().x(), rect.top()),
        (rect.center().x(), rect.bottom()),
        (rect.left(), rect.center().y()),
        (rect.right(), rect.center().y()),
    ):
        areas.append(QRectF(x - _HALF_HIT, y - _HALF_HIT, 2 * _HALF_HIT, 2 * _HALF_HIT))
    return areas


def paint_outside(context: PaintContext, crop: Crop, alpha: float) -> None:
    """Darken the photo outside ``crop``."""
    if alpha <= 0:
        return
    painter = context.painter
    inner = context.rect(crop.box)
    shade = with_alpha(BLACK, alpha)
    if context.pose.angle:
        around = context.photo_edge()
        around.setFillRule(Qt.FillRule.OddEvenFill)
        if crop.shape == "circle":
            around.addEllipse(QRectF(inner))
        else:
            around.addRect(QRectF(inner))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(around, shade)
        return
    photo = context.rect((0.0, 0.0, 1.0, 1.0)).intersected(context.viewport)
    if crop.shape == "circle":
        corners = QPainterPath()
        corners.setFillRule(Qt.FillRule.OddEvenFill)
        corners.addRect(QRectF(inner))
        corners.addEllipse(QRectF(inner))
        painter.save()
        painter.setClipRect(photo, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(corners, shade)
        painter.restore()
    for part in _around(photo, inner.intersected(photo)):
        painter.fillRect(part, shade)


def paint_frame(context: PaintContext, crop: Crop, handles: bool, strength: float = 1.0) -> None:
    """One white device pixel over three black ones, and the grips at corners and edges."""
    rect = context.rect(crop.box)
    square = strength
    if crop.shape == "circle":
        _paint_circle(context, rect, strength)
        square = strength * 0.45
    _paint_square(context.painter, rect, square)
    if handles:
        _paint_handles(context, rect)


def paint_label(context: PaintContext, crop: Crop, text: str, keep_off: QRect | None) -> QRect:
    """The line under the crop, kept in view and off ``keep_off``; returns where it is."""
    font = context.font()
    metrics = QFontMetrics(font)
    pad = context.px(_LABEL_PAD)
    wide = metrics.horizontalAdvance(text) + 2 * pad
    high = metrics.height() + pad // 2 * 2
    rect = context.rect(crop.box)
    room = context.viewport.adjusted(pad, pad, -pad, -pad)
    top = rect.bottom() + 1 + context.px(_LABEL_GAP)
    if top + high > room.bottom() + 1:
        top = min(rect.bottom() - context.px(_LABEL_GAP) - high, room.bottom() + 1 - high)
    left = min(max(rect.left(), room.left()), room.right() + 1 - wide)
    box = QRect(left, max(top, room.top()), wide, high)
    if keep_off is not None and box.intersects(keep_off):
        box.moveLeft(keep_off.right() + 1 + context.px(_LABEL_GAP))
    painter = context.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(BLACK, 0.62))
    painter.drawRoundedRect(QRectF(box), context.px(4), context.px(4))
    painter.setPen(QColor(240, 240, 240))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box


def _around(outer: QRect, inner: QRect) -> tuple[QRect, ...]:
    """``outer`` without ``inner``, as up to four rectangles that do not overlap."""
    if inner.isEmpty():
        return (outer,)
    parts = (
        QRect(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRect(outer.left(), inner.bottom() + 1, outer.width(), outer.bottom() - inner.bottom()),
        QRect(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRect(inner.right() + 1, inner.top(), outer.right() - inner.right(), inner.height()),
    )
    return tuple(part for part in parts if not part.isEmpty())


def _paint_square(painter: QPainter, rect: QRect, strength: float) -> None:
    shade = with_alpha(BLACK, _FRAME_SHADE * strength)
    for bar in frame_bars(rect, 3, outset=1):
        painter.fillRect(bar, shade)
    for bar in frame_bars(rect, 1):
        painter.fillRect(bar, with_alpha(WHITE, strength))


def _paint_circle(context: PaintContext, rect: QRect, strength: float) -> None:
    painter = context.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    for thickness, colour in (
        (3.0, with_alpha(BLACK, _FRAME_SHADE * strength)),
        (1.0, with_alpha(WHITE, strength)),
    ):
        painter.setPen(QPen(colour, thickness))
        painter.drawEllipse(line)


def _paint_handles(context: PaintContext, rect: QRect) -> None:
    """Corner angles and edge bars that lie around the frame, white with a dark rim."""
    thick = context.px(_HANDLE_THICK)
    shortest = min(rect.width(), rect.height())
    long = min(context.px(_HANDLE_LONG), max(shortest // 3, thick))
    outer = rect.adjusted(-thick + 1, -thick + 1, thick - 1, thick - 1)
    bars = corner_bars(outer, long, thick)
    if shortest > 4 * long:
        middle_x = rect.left() + (rect.width() - long) // 2
        middle_y = rect.top() + (rect.height() - long) // 2
        bars.append(QRect(middle_x, outer.top(), long, thick))
        bars.append(QRect(middle_x, outer.bottom() - thick + 1, long, thick))
        bars.append(QRect(outer.left(), middle_y, thick, long))
        bars.append(QRect(outer.right() - thick + 1, middle_y, thick, long))
    paint_bars(context.painter, bars, WHITE, with_alpha(BLACK, _FRAME_SHADE))
