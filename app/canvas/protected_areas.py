"""Protected areas painted on the photo, which no suggestion may cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.canvas.crop_frame import cursor_for, handle_at
from app.canvas.drag_geometry import Handle
from app.canvas.paint_context import BLACK, WHITE, PaintContext, with_alpha
from app.style import theme
from cropcore.geometry.crop import Box

_BADGE = 18.0
_CROSS = 3.5
_DASH = (5.0, 4.0)


@dataclass(frozen=True, slots=True)
class AreaHit:
    """What of a protected area is under the pointer: its x, a handle, or its inside."""

    index: int
    remove: bool
    handle: Handle | None

    @property
    def cursor(self) -> Qt.CursorShape:
        """The cursor that says what a press does."""
        if self.remove:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.SizeAllCursor if self.handle is None else cursor_for(self.handle)


def remove_button(rect: QRectF) -> QRectF:
    """Where the x of an area at ``rect`` (viewport) takes clicks: 24 px about its corner."""
    half = theme.HIT_SIZE / 2
    return QRectF(rect.right() - half, rect.top() - half, 2 * half, 2 * half)


def area_at(rects: Sequence[QRectF], at: QPointF) -> AreaHit | None:
    """The uppermost area (``rects`` in the viewport, lowest first) that a press at ``at`` meets."""
    for index in reversed(range(len(rects))):
        rect = rects[index]
        remove, handle = remove_button(rect).contains(at), handle_at(rect, at)
        if remove or handle is not None or rect.contains(at):
            return AreaHit(index, remove, None if remove else handle)
    return None


def paint_protected(
    context: PaintContext, boxes: Sequence[Box], editing: bool, hovered: int | None
) -> None:
    """Outline every area; while editing, also wash it and give it an x to remove it by."""
    strong = context.on_photo.warning
    for index, box in enumerate(boxes):
        rect = QRectF(context.rect(box)).adjusted(0.5, 0.5, -0.5, -0.5)
        _paint_area(context, rect, strong, editing)
        if editing:
            paint_remove(context, rect.topRight(), strong, index == hovered)


def _paint_area(context: PaintContext, rect: QRectF, colour: QColor, editing: bool) -> None:
    painter = context.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(with_alpha(colour, 0.18) if editing else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(with_alpha(BLACK, 0.55), 3.0 * context.unit))
    painter.drawRect(rect)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(colour, 1.5 * context.unit)
    if not editing:
        pen.setDashPattern(list(_DASH))
    painter.setPen(pen)
    painter.drawRect(rect)


def paint_remove(context: PaintContext, at: QPointF, colour: QColor, hovered: bool) -> None:
    """A round x about ``at`` (device pixels), filled where a click would remove something."""
    painter = context.painter
    radius = _BADGE / 2 * context.unit
    arm = _CROSS * context.unit
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, float(context.px(1))))
    painter.setBrush(colour if hovered else with_alpha(BLACK, 0.75))
    painter.drawEllipse(at, radius, radius)
    painter.setPen(QPen(BLACK if hovered else WHITE, 1.5 * context.unit))
    painter.drawLine(QLineF(at.x() - arm, at.y() - arm, at.x() + arm, at.y() + arm))
    painter.drawLine(QLineF(at.x() - arm, at.y() + arm, at.x() + arm, at.y() - arm))
