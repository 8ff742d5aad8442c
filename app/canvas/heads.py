"""Outlines of persons' heads on the photo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.paint_context import BLACK, WHITE, PaintContext, with_alpha
from app.canvas.protected_areas import paint_remove
from cropcore.geometry.crop import Box

_ROUND = 0.22
"""Radius of the corners, as a share of the shorter side."""


def head_at(rects: Sequence[QRectF], at: QPointF) -> int | None:
    """Index of the smallest head (``rects`` in the viewport) at a place."""
    hit = [index for index, rect in enumerate(rects) if rect.contains(at)]
    return min(hit, key=lambda i: rects[i].width() * rects[i].height(), default=None)


def paint_heads(
    context: PaintContext, heads: Sequence[Box], hovered: int | None, drawn: Box | None
) -> None:
    """Thin rounded outlines, white beside black; the one that a click dismisses gets an x.

    Args:
        heads: boxes of the canvas.
        hovered: index of the head under the pointer, where clicks dismiss.
        drawn: the head in hand.
    """
    context.painter.save()
    context.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index, box in enumerate(heads):
        _outline(context, box, strong=index == hovered)
    if drawn is not None:
        _outline(context, drawn, strong=True)
    if hovered is not None:
        corner = QPointF(context.rect(heads[hovered]).topRight())
        paint_remove(context, corner, context.on_photo.warning, True)
    context.painter.restore()


def _outline(context: PaintContext, box: Box, strong: bool) -> None:
    rect = QRectF(context.rect(box)).adjusted(0.5, 0.5, -0.5, -0.5)
    radius = _ROUND * min(rect.width(), rect.height())
    painter, thin = context.painter, float(context.px(1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(with_alpha(BLACK, 0.5), 3 * thin))
    painter.drawRoundedRect(rect, radius, radius)
    painter.setPen(QPen(context.on_photo.warning if strong else with_alpha(WHITE, 0.9), thin))
    painter.drawRoundedRect(rect, radius, radius)
