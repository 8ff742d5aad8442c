"""Map overlay on the photo: colour map, contour lines, legend and readout."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QImage,
    QLinearGradient,
    QPainter,
    QPen,
    QPolygonF,
    QTransform,
)

from app.canvas.colormap import colour_table, map_colour
from app.canvas.contours import contour_lines
from app.canvas.crop_frame import OUTSIDE, paint_outside
from app.canvas.paint_context import BLACK, WHITE, PaintContext, paint_image, with_alpha
from app.i18n.engine_messages import translated
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box, Crop, Map

CONTOURS = (0.5, 0.8)
_LONG_SIDE = 384
_CONTOUR_LONG_SIDE = 128
_LEGEND_WIDE, _LEGEND_BAR, _LEGEND_PAD, _LEGEND_MARGIN = 168, 8, 8, 12
_STOPS = 12


class Heatmap:
    """One Map made ready for painting; nothing of it is computed while painting."""

    def __init__(self, values: Map, opacity: float) -> None:
        self.map = values
        span = values.high - values.low
        share = (values.values - values.low) / (span if span else 1.0)
        share = np.nan_to_num(np.clip(share, 0.0, 1.0)).astype(np.float32)
        smooth = resample(share, _LONG_SIDE)
        self._index = np.ascontiguousarray(np.rint(smooth * 255), dtype=np.uint8)
        high, wide = self._index.shape
        self._image = QImage(
            self._index.data, wide, high, self._index.strides[0], QImage.Format.Format_Indexed8
        )
        self.set_opacity(opacity)
        coarse = resample(share, _CONTOUR_LONG_SIDE)
        self._contours = [
            (level, [_polygon(line) for line in contour_lines(coarse, level)]) for level in CONTOURS
        ]

    def set_opacity(self, opacity: float) -> None:
        """How strongly it is drawn, 0 to 1."""
        self.opacity = min(max(opacity, 0.0), 1.0)
        self._image.setColorTable(list(colour_table(self.opacity)))

    def value_at(self, x: float, y: float) -> float | None:
        """The map's own value at a place of what it lies over (fractions), None outside of that."""
        if not (0.0 <= x < 1.0 and 0.0 <= y < 1.0):
            return None
        high, wide = self.map.values.shape
        return float(self.map.values[int(y * high), int(x * wide)])

    def paint(self, context: PaintContext, over: Box = WHOLE) -> None:
        """Colour the photo, or the part of the canvas that the map lies over; draw the contours."""
        target = context.rect(over)
        visible = target.intersected(context.viewport)
        if visible.isEmpty() or self.opacity == 0.0:
            return
        paint_image(context.painter, self._image, target, visible)
        painter = context.painter
        painter.save()
        painter.setClipRect(visible, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QTransform.fromTranslate(target.left(), target.top())
        place.scale(target.width(), target.height())
        for level, lines in self._contours:
            alpha = self.opacity**0.5 * (0.95 if level == CONTOURS[-1] else 0.6)
            for line in lines:
                _paint_contour(painter, place.map(line), alpha)
        painter.restore()

    def paint_legend(self, context: PaintContext, value: float | None) -> QRect:
        """Title, colours and range at the bottom left, and ``value`` marked; returns its place."""
        place = self._legend_place(context)
        painter, pad = context.painter, context.px(_LEGEND_PAD)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(BLACK, 0.72))
        painter.drawRoundedRect(QRectF(place), context.px(6), context.px(6))
        inner = place.adjusted(pad, pad, -pad, -pad)
        font = context.font()
        line = QFontMetrics(font).height()
        bar = QRectF(
            inner.left(), inner.top() + line + pad // 2, inner.width(), context.px(_LEGEND_BAR)
        )
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in range(_STOPS + 1):
            gradient.setColorAt(stop / _STOPS, map_colour(stop / _STOPS))
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, context.px(2), context.px(2))
        painter.setFont(font)
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        below = QRect(inner.left(), inner.bottom() + 1 - line, inner.width(), line)
        painter.setPen(context.on_photo.secondary)
        painter.drawText(below, left, _figure(self.map.low))
        painter.drawText(below, right, _figure(self.map.high))
        painter.setPen(context.on_photo.text)
        above = QRect(inner.left(), inner.top(), inner.width(), line)
        painter.drawText(above, left, translated(self.map.title))
        if value is not None:
            painter.drawText(above, right, _figure(value))
            self._mark(context, bar, value)
        return place

    def _legend_place(self, context: PaintContext) -> QRect:
        line = QFontMetrics(context.font()).height()
        pad, margin = context.px(_LEGEND_PAD), context.px(_LEGEND_MARGIN)
        high = 2 * line + context.px(_LEGEND_BAR) + 3 * pad
        bottom = context.viewport.bottom() + 1 - margin - high
        return QRect(context.viewport.left() + margin, bottom, context.px(_LEGEND_WIDE), high)

    def _mark(self, context: PaintContext, bar: QRectF, value: float) -> None:
        span = (self.map.high - self.map.low) or 1.0
        share = min(max((value - self.map.low) / span, 0.0), 1.0)
        x = bar.left() + share * bar.width()
        half = context.px(2)
        mark = QRectF(x - half / 2, bar.top() - half, half, bar.height() + 2 * half)
        context.painter.fillRect(mark.adjusted(-1, -1, 1, 1), BLACK)
        context.painter.fillRect(mark, WHITE)


def resample(values: NDArray[np.float32], long_side: int) -> NDArray[np.float32]:
    """``values`` (h, w) in [0, 1] at about ``long_side`` samples: cubic upwards, means downwards.

    Samples lie at cell centres before and after, so that nothing moves.
    """
    scale = long_side / max(values.shape)
    rows, columns = (max(1, round(n * scale)) for n in values.shape)
    down = _weights(values.shape[0], rows)
    across = _weights(values.shape[1], columns)
    return np.clip(down @ values @ across.T, 0.0, 1.0)


@cache
def _weights(have: int, want: int) -> NDArray[np.float32]:
    """(want, have) matrix of Catmull-Rom interpolation, widened when there is less to show."""
    stretch = max(1.0, have / want)
    centres = (np.arange(want) + 0.5) * have / want - 0.5
    distance = np.abs(centres[:, None] - np.arange(have)[None]) / stretch
    near = 1.5 * distance**3 - 2.5 * distance**2 + 1
    far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0.0))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def _polygon(line: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in line.tolist()])


def _paint_contour(painter: QPainter, points: QPolygonF, alpha: float) -> None:
    """White beside black; lines of one device pixel, because wider ones take ten times as long."""
    painter.setPen(QPen(with_alpha(BLACK, 0.55 * alpha), 1.0))
    painter.drawPolyline(points.translated(0.8, 0.8))
    painter.setPen(QPen(with_alpha(WHITE, alpha), 1.0))
    painter.drawPolyline(points)


def _figure(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.0f}"


_MASK_LONG_SIDE = 384
_MASK_SHADES = [(255 - value) << 24 for value in range(256)]


class AreaMask:
    """An area map in [0, 1] made ready for painting, smoothly enlarged."""

    def __init__(self, area: Map) -> None:
        self.map = area
        share = np.nan_to_num(np.clip(area.values, 0.0, 1.0)).astype(np.float32)
        smooth = resample(share, _MASK_LONG_SIDE)
        self._index = np.ascontiguousarray(np.rint(smooth * 255), dtype=np.uint8)
        high, wide = self._index.shape
        self._image = QImage(
            self._index.data, wide, high, self._index.strides[0], QImage.Format.Format_Indexed8
        )
        self._image.setColorTable(_MASK_SHADES)

    def paint(self, context: PaintContext, over: Box = WHOLE) -> None:
        """Darken the photo by one minus the area; what the map does not lie over, evenly."""
        paint_outside(context, Crop(over), OUTSIDE)
        target = context.rect(over)
        visible = target.intersected(context.viewport)
        if not visible.isEmpty():
            paint_image(context.painter, self._image, target, visible)
