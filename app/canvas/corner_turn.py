"""Straightening by a drag outside a corner of the crop."""

from __future__ import annotations

import math
from functools import cache

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QPainter, QPainterPath, QPen, QPixmap

from app.canvas import crop_frame
from app.canvas.canvas_state import CanvasState
from app.canvas.drag import GRIP_FROM
from app.canvas.drag_geometry import Handle
from app.canvas.level_line_tool import paint_angle
from app.canvas.paint_context import BLACK, WHITE, PaintContext
from app.canvas.view_geometry import ViewGeometry
from app.document.edit import Owner
from app.style import theme

_FINE = 0.1
_CURSOR_SIZE = 28
_RADIUS, _HEAD = 12.0, 3.5
_TURNS = {
    Handle.TOP_RIGHT: 0,
    Handle.BOTTOM_RIGHT: 90,
    Handle.BOTTOM_LEFT: 180,
    Handle.TOP_LEFT: 270,
}


class CornerTurn(QObject):
    """A drag that turns the photo about the middle of the crop, as far as the pointer goes around it.

    Who hears the signals straightens the photo. Shift makes the drag ten times as fine. A circle has no
    corners, and what is whole has no frame to turn it by.

    Signals:
        started: the drag passed its threshold; ``ended`` or ``cancelled`` follows.
        turned: the degrees clockwise (float, tenths) by which the photo is to be straightened.
        ended: the button came up.
        cancelled: the angle at the press is to be there again.
    """

    started = Signal()
    turned = Signal(float)
    ended = Signal()
    cancelled = Signal()

    def __init__(self, state: CanvasState, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._geometry = geometry
        self._middle: QPointF | None = None
        self._pressed_on = self._at = QPointF()
        self._angle = 0.0
        self._under_way = False

    @property
    def is_held(self) -> bool:
        """Whether a press outside a corner has not ended."""
        return self._middle is not None

    @property
    def is_under_way(self) -> bool:
        """Whether the photo is being turned."""
        return self._under_way

    def corner_at(self, at: QPointF) -> Handle | None:
        """The corner of the crop that a press at ``at`` (viewport) would turn the photo by."""
        rect = self._rect()
        return None if rect is None else turning_corner(rect, at)

    def press(self, at: QPointF) -> bool:
        """The button went down; False where that is not outside a corner."""
        rect = self._rect()
        if rect is None or turning_corner(rect, at) is None:
            return False
        self._middle = rect.center()
        self._pressed_on = self._at = QPointF(at)
        self._angle = self._state.pose.angle
        return True

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The photo turns with the pointer."""
        if self._middle is None:
            return
        gone = at - self._pressed_on
        if not self._under_way:
            if max(abs(gone.x()), abs(gone.y())) < GRIP_FROM:
                return
            self._under_way = True
            self.started.emit()
        turn = _direction(at - self._middle) - _direction(self._at - self._middle)
        pace = _FINE if keys & Qt.KeyboardModifier.ShiftModifier else 1.0
        # The shorter way around, so that nothing jumps where directions begin anew.
        self._angle += pace * ((turn + 180) % 360 - 180)
        self._at = QPointF(at)
        self.turned.emit(round(self._angle, 1) + 0.0)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The photo stays as it is."""
        self.move(at, keys)
        if self._end():
            self.ended.emit()

    def cancel(self) -> None:
        """As before the press."""
        if self._end():
            self.cancelled.emit()

    def paint(self, context: PaintContext) -> None:
        """The angle, beside the pointer."""
        if self._under_way:
            at = context.to_device.map(self._geometry.view.to_scene(self._at))
            paint_angle(context, at.toPoint(), self._state.pose.angle)

    def _end(self) -> bool:
        was_under_way, self._under_way, self._middle = self._under_way, False, None
        if was_under_way:
            self._state.changed.emit()
        return was_under_way

    def _rect(self) -> QRectF | None:
        """The crop's frame in the viewport, where it can be turned."""
        state = self._state
        if state.crop is None or state.owner is Owner.WHOLE:
            return None
        if state.circle or state.crop.shape == "circle":
            return None
        return self._geometry.rect(state.crop.box)


def turning_corner(rect: QRectF, at: QPointF) -> Handle | None:
    """The corner of a crop at ``rect`` that ``at`` (both in the viewport) lies outside of, next to its grip."""
    for handle, grip in crop_frame.hit_areas(rect).items():
        if handle.is_corner and not grip.contains(at):
            right, low = handle.value
            across = at.x() - (rect.right() if right > 0 else rect.left())
            down = at.y() - (rect.bottom() if low > 0 else rect.top())
            beyond = across * right > 0 and down * low > 0
            reach = grip.adjusted(*(side * theme.HIT_SIZE for side in (-1, -1, 1, 1)))
            if beyond and reach.contains(at):
                return handle
    return None


def _direction(way: QPointF) -> float:
    """Degrees clockwise, as the screen's y runs downwards."""
    return math.degrees(math.atan2(way.y(), way.x()))


@cache
def turn_cursor(corner: Handle, scale: float) -> QCursor:
    """An arc with two heads, bent around a corner of the crop, for a screen of this scale."""
    picture = QPixmap(round(_CURSOR_SIZE * scale), round(_CURSOR_SIZE * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(_CURSOR_SIZE / 2, _CURSOR_SIZE / 2)
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
