"""Straighten tool of the canvas: a line drawn along a horizon or vertical, and a fine grid."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.canvas.drag_tool import DragTool
from app.canvas.fade import Fade
from app.canvas.paint_context import BLACK, WHITE, PaintContext, with_alpha
from app.canvas.photo_pose import Pose
from cropcore.errors import GeometryError
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import angle_of_line

SHORTEST = 24.0
"""Pixels on screen: a shorter line was a click."""
_CELLS = 14
_GRID_MS = 1000
_END, _PAD = 4, 5


class LevelLineTool(DragTool):
    """A canvas on which a line can be drawn that is meant to be level or plumb.

    Signals:
        line_drawn: the turn (degrees clockwise, float) that makes the line level or plumb.
    """

    line_drawn = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line: tuple[QPointF, QPointF] | None = None
        self._grid = Fade(0.0, self)
        self._grid.changed.connect(self._repaint)
        self._grid_time = QTimer(self)
        self._grid_time.setSingleShot(True)
        self._grid_time.setInterval(_GRID_MS)
        self._grid_time.timeout.connect(self._fade_grid)

    @property
    def straightening(self) -> bool:
        """Whether drags draw lines."""
        return self._straightening

    def set_straightening(self, on: bool) -> None:
        """Let drags draw lines to level by, or let them crop again; a drag is cancelled."""
        self.cancel_drag()
        self._straightening = on
        if not on:
            self._grid.send(0.0)
        self._repaint()

    def cancel_drag(self) -> None:
        """Give up the line or the drag in progress."""
        if self._line is not None:
            self._line = None
            self._repaint()
        super().cancel_drag()

    def _begin_line(self, at: QPointF) -> None:
        self._line = (self.to_scene(at), self.to_scene(at))

    def _line_on(self, at: QPointF) -> None:
        if self._line is not None:
            self._line = (self._line[0], self.to_scene(at))
            self._repaint()

    def _end_line(self) -> None:
        """The button came up: tell the turn, unless it was a mere click."""
        turn = self._turn_of_line()
        self._line = None
        self._repaint()
        if turn is not None:
            self.line_drawn.emit(turn)

    def _turn_of_line(self) -> float | None:
        if self._line is None:
            return None
        start, end = self._line
        if QLineF(self.to_viewport(start), self.to_viewport(end)).length() < SHORTEST:
            return None
        try:
            return angle_of_line((start.x(), start.y()), (end.x(), end.y()))
        except GeometryError:
            return None

    def _set_pose(self, pose: Pose) -> None:
        """While the photo turns, a grid helps to see what is level."""
        if self._straightening and pose.angle != self._pose.angle:
            self._grid.send(1.0, at_once=True)
            self._grid_time.start()
        super()._set_pose(pose)

    def _fade_grid(self) -> None:
        if self._look_waits:
            self._grid_time.start()
        else:
            self._grid.send(0.0)

    def _paint_edit(self, context: PaintContext) -> None:
        super()._paint_edit(context)
        if self._grid.value > 0:
            paint_grid(context, self._crop or Crop(), self._grid.value)
        if self._line is not None:
            start, end = (context.to_device.map(place) for place in self._line)
            turn = self._turn_of_line()
            paint_line(
                context, QLineF(start, end), None if turn is None else self._pose.angle + turn
            )


def paint_grid(context: PaintContext, crop: Crop, strength: float) -> None:
    """A grid of square cells inside the crop, white beside black."""
    rect = context.rect(crop.box)
    step = max(rect.width(), rect.height()) / _CELLS
    painter = context.painter
    for wide, shift, colour in ((1, 1, BLACK), (1, 0, WHITE)):
        shade = with_alpha(colour, (0.22 if shift else 0.38) * strength)
        for count in range(1, math.ceil(rect.width() / step)):
            x = rect.left() + round(count * step) + shift
            painter.fillRect(QRect(x, rect.top(), wide, rect.height()), shade)
        for count in range(1, math.ceil(rect.height() / step)):
            y = rect.top() + round(count * step) + shift
            painter.fillRect(QRect(rect.left(), y, rect.width(), wide), shade)


def paint_line(context: PaintContext, line: QLineF, angle: float | None) -> None:
    """The line in hand, and the angle that the photo will have by it."""
    painter = context.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent = context.on_photo.accent
    for wide, colour in ((4.0, with_alpha(BLACK, 0.55)), (2.0, accent)):
        painter.setPen(QPen(colour, wide * context.unit, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(line)
    painter.setPen(QPen(with_alpha(BLACK, 0.55), float(context.px(1))))
    painter.setBrush(accent)
    for end in (line.p1(), line.p2()):
        painter.drawEllipse(end, _END * context.unit, _END * context.unit)
    if angle is None:
        return
    text = angle_text(angle)
    metrics, pad = QFontMetrics(context.font()), context.px(_PAD)
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + pad)
    at = line.p2().toPoint()
    box.moveTopLeft(at)
    box.translate(3 * pad, -box.height() - pad)
    if box.right() > context.viewport.right() - pad:
        box.moveRight(at.x() - 3 * pad)
    if box.top() < context.viewport.top() + pad:
        box.moveTop(at.y() + 3 * pad)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(BLACK, 0.72))
    painter.drawRoundedRect(QRectF(box), context.px(4), context.px(4))
    painter.setPen(context.on_photo.text)
    painter.setFont(context.font())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def angle_text(angle: float) -> str:
    """An angle as a person reads it: ``2.3°``, ``−1.0°``."""
    shown = round(angle, 1) + 0.0
    return f"{'−' if shown < 0 else ''}{abs(shown):.1f}°"
