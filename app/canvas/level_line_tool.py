"""Straighten tool of the canvas: a line drawn along a horizon or vertical, and a fine grid."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QObject, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from app.canvas.canvas_state import CanvasState
from app.canvas.fade import Fade
from app.canvas.paint_context import BLACK, WHITE, PaintContext, with_alpha
from app.canvas.view_geometry import ViewGeometry
from app.runtime.background import single_shot
from cropcore.errors import GeometryError
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import angle_of_line

SHORTEST = 24.0
"""Pixels on screen: a shorter line was a click."""
_CELLS = 14
_GRID_MS = 1000
_END, _PAD = 4, 5


class LevelLineTool(QObject):
    """What the left button does while the photo is straightened.

    Signals:
        line_drawn: the turn (degrees clockwise, float) that makes the line level or plumb.
    """

    line_drawn = Signal(float)

    def __init__(self, state: CanvasState, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._view = geometry.view
        self._line: tuple[QPointF, QPointF] | None = None
        self._is_turning = False
        self._grid = Fade(0.0, self)
        self._grid.changed.connect(state.changed)
        self._grid_time = single_shot(self, _GRID_MS, self._fade_grid)

    @property
    def is_busy(self) -> bool:
        """Whether a line is being drawn."""
        return self._line is not None

    @property
    def grid(self) -> float:
        """How far the grid is faded in, 0 to 1."""
        return self._grid.value

    def show_grid(self) -> None:
        """The photo turned: for a while a grid helps to see what is level."""
        self._grid.send(1.0, at_once=True)
        self._grid_time.start()

    def hold_grid(self, on: bool) -> None:
        """Whether the angle is in hand, so that the grid stays."""
        self._is_turning = on

    def hide_grid(self) -> None:
        """The tool is put away."""
        self._grid.send(0.0)

    def press(self, at: QPointF) -> None:
        """Begin a line."""
        place = self._view.to_scene(at)
        self._line = (place, place)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Its other end follows."""
        if self._line is not None:
            self._line = (self._line[0], self._view.to_scene(at))
            self._state.changed.emit()

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Tell the turn, unless it was a mere click."""
        self.move(at, keys)
        turn = self._turn_of_line()
        self.cancel()
        if turn is not None:
            self.line_drawn.emit(turn)

    def cancel(self) -> None:
        """Give up the line."""
        if self._line is not None:
            self._line = None
            self._state.changed.emit()

    def takes_double_click(self, at: QPointF) -> bool:
        """All of them."""
        return True

    def cursor(self, at: QPointF) -> Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def leave(self) -> None:
        """Nothing is marked."""

    def paint(self, context: PaintContext) -> None:
        """The grid, also while it fades out, and the line in hand."""
        if self._grid.value > 0:
            paint_grid(context, self._state.crop or Crop(), self._grid.value)
        if self._line is not None:
            start, end = (context.to_device.map(place) for place in self._line)
            turn = self._turn_of_line()
            angle = None if turn is None else self._state.pose.angle + turn
            paint_line(context, QLineF(start, end), angle)

    def _turn_of_line(self) -> float | None:
        if self._line is None:
            return None
        start, end = self._line
        on_screen = QLineF(self._view.to_viewport(start), self._view.to_viewport(end))
        if on_screen.length() < SHORTEST:
            return None
        try:
            return angle_of_line((start.x(), start.y()), (end.x(), end.y()))
        except GeometryError:
            return None

    def _fade_grid(self) -> None:
        if self._is_turning:
            self._grid_time.start()
        else:
            self._grid.send(0.0)


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
    if angle is not None:
        paint_angle(context, line.p2().toPoint(), angle)


def paint_angle(context: PaintContext, at: QPoint, angle: float) -> None:
    """An angle beside the pointer at ``at`` (device pixels), in view."""
    painter = context.painter
    text = angle_text(angle)
    metrics, pad = QFontMetrics(context.font()), context.px(_PAD)
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 2 * pad, metrics.height() + pad)
    box.moveTopLeft(at)
    box.translate(3 * pad, -box.height() - pad)
    if box.right() > context.viewport.right() - pad:
        box.moveRight(at.x() - 3 * pad)
    if box.top() < context.viewport.top() + pad:
        box.moveTop(at.y() + 3 * pad)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
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
