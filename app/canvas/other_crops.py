"""Outlines of crops beside the one in hand: nested ones with their ratio, saved ones, trimmed ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPainterPath, QPen

from app.canvas.paint_context import BLACK, WHITE, PaintContext, frame_bars, with_alpha
from cropcore.geometry.crop import Crop
from cropcore.geometry.safe_areas import Place

Guide = tuple[str, Crop]
"""A label and a crop."""

_LIGHT, _SHADE = 0.65, 0.35
_CUT, _HATCH, _COVERED = 0.45, 0.35, 0.3
_DASH, _GAP = 6, 4
_INSET, _PAD = 4, 4


def paint_nested(context: PaintContext, guides: Sequence[Guide]) -> None:
    """Draw them as dashed lines, white beside black, with their labels in corners that are free."""
    taken: list[QRect] = []
    for _, crop in guides:
        rect = context.rect(crop.box)
        if crop.shape == "circle":
            _paint_circle(context, rect)
        else:
            _paint_rect(context, rect)
    for label, crop in guides:
        taken.append(_paint_label(context, label, context.rect(crop.box), taken, crop.shape))


def paint_trimmed(context: PaintContext, crop: Crop, left: Guide) -> None:
    """Hatch what an export cuts from a crop, and outline and label what it leaves."""
    cut = _between(context, crop, left[1])
    context.painter.fillPath(cut, with_alpha(BLACK, _CUT))
    context.painter.fillPath(cut, QBrush(with_alpha(WHITE, _HATCH), Qt.BrushStyle.BDiagPattern))
    paint_nested(context, (left,))


def paint_safe_area(context: PaintContext, crop: Crop, name: str, place: Place) -> None:
    """Shade what the place of a crop covers, and outline and label the rest."""
    left, top, right, bottom = crop.box
    wide, high = right - left, bottom - top
    x1, y1, x2, y2 = place.safe
    box = (left + x1 * wide, top + y1 * high, left + x2 * wide, top + y2 * high)
    safe = Crop(box, place.shape, crop.angle)
    context.painter.fillPath(_between(context, crop, safe), with_alpha(BLACK, _COVERED))
    paint_nested(context, ((name, safe),))


def _between(context: PaintContext, outer: Crop, inner: Crop) -> QPainterPath:
    """What of a crop lies outside another."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for crop in (outer, inner):
        rect = QRectF(context.rect(crop.box))
        if crop.shape == "circle":
            path.addEllipse(rect)
        else:
            path.addRect(rect)
    return path


def label_place(
    rect: QRect, wide: int, high: int, inset: int, taken: Sequence[QRect], shape: str
) -> QRect:
    """Where a label lies in ``rect`` without covering another: a corner, low ones first.

    A circle's is at the middle of its bottom or top.
    """
    left, top = rect.left() + inset, rect.top() + inset
    right, low = rect.right() + 1 - inset - wide, rect.bottom() + 1 - inset - high
    middle = rect.left() + (rect.width() - wide) // 2
    corners = [(middle, low), (middle, top)]
    if shape != "circle":
        corners = [(left, low), (right, low), (right, top), (left, top), *corners]
    places = [QRect(x, y, wide, high) for x, y in corners]
    free = (place for place in places if not any(place.intersects(other) for other in taken))
    return next(free, places[0])


def _paint_rect(context: PaintContext, rect: QRect) -> None:
    for bar in frame_bars(rect.adjusted(1, 1, -1, -1), 1):
        context.painter.fillRect(bar, with_alpha(BLACK, _SHADE))
    for bar in frame_bars(rect, 1):
        for part in _dashes(bar, context.px(_DASH), context.px(_GAP)):
            context.painter.fillRect(part, with_alpha(WHITE, _LIGHT))


def _dashes(bar: QRect, long: int, gap: int) -> list[QRect]:
    """The parts of a bar that are one device pixel thick."""
    level = bar.width() >= bar.height()
    start, length = (bar.left(), bar.width()) if level else (bar.top(), bar.height())
    parts = []
    for at in range(start, start + length, long + gap):
        size = min(long, start + length - at)
        parts.append(
            QRect(at, bar.top(), size, bar.height())
            if level
            else QRect(bar.left(), at, bar.width(), size)
        )
    return parts


def _paint_circle(context: PaintContext, rect: QRect) -> None:
    painter = context.painter
    painter.save()
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(with_alpha(BLACK, _SHADE), 1.0))
    painter.drawEllipse(line.adjusted(1, 1, -1, -1))
    pen = QPen(with_alpha(WHITE, _LIGHT), 1.0)
    pen.setDashPattern([context.px(_DASH), context.px(_GAP)])
    painter.setPen(pen)
    painter.drawEllipse(line)
    painter.restore()


def _paint_label(
    context: PaintContext, text: str, rect: QRect, taken: Sequence[QRect], shape: str
) -> QRect:
    font = context.font()
    metrics = QFontMetrics(font)
    pad = context.px(_PAD)
    wide, high = metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + pad // 2
    box = label_place(rect, wide, high, context.px(_INSET), taken, shape)
    painter = context.painter
    painter.save()
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(BLACK, 0.5))
    painter.drawRoundedRect(QRectF(box), context.px(3), context.px(3))
    painter.setPen(with_alpha(WHITE, 0.92))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return box


_BESIDE_SHADE, _BESIDE_LINE = 0.35, 0.55
_BESIDE_DASH = 4


def paint_beside(
    context: PaintContext, crops: Sequence[Crop], in_hand: Crop | None, opacity: float
) -> None:
    """Outline crops that lie in the same turned photo as the one in hand, dashed, one pixel wide."""
    painter = context.painter
    angle = in_hand.angle if in_hand is not None else 0.0
    for crop in crops:
        if crop.angle != angle or crop == in_hand:
            continue
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, crop.shape == "circle")
        for colour, alpha, dashed in ((BLACK, _BESIDE_SHADE, False), (WHITE, _BESIDE_LINE, True)):
            pen = QPen(with_alpha(colour, alpha * opacity), 1)
            if dashed:
                pen.setStyle(Qt.PenStyle.CustomDashLine)
                pen.setDashPattern([context.px(_BESIDE_DASH), context.px(_BESIDE_DASH)])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            rect = QRectF(context.rect(crop.box)).adjusted(0.5, 0.5, -0.5, -0.5)
            if crop.shape == "circle":
                painter.drawEllipse(rect)
            else:
                painter.drawRect(rect)
        painter.restore()
