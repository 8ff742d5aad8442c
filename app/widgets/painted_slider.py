"""Custom-painted slider, dragged by its thumb or moved by keys; ignores the wheel."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style import theme

MIDDLE = 11.0
"""Height of the rail's middle below the top, in pixels."""
_THUMB = 7
_STEPS: dict[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
}


class PaintedSlider(QWidget):
    """Base class of the ratio and angle sliders: dragging, keys and painting; subclasses map places to
    values and bring the thumb to its place.

    ``jumps`` are keys that go to a place, from 0 at the left to 1.

    Signals: ``pressed``; ``dragged`` (pixels from the left, perhaps beyond the rail) at every place
    while it is held; ``stepped`` (-1 or 1, and whether Shift is held); ``released``. Keys press, drag
    or step, and release at once. ``reset``: a double click, which begins no drag.
    """

    pressed = Signal()
    dragged = Signal(float)
    stepped = Signal(int, bool)
    released = Signal()
    reset = Signal()

    def __init__(self, jumps: Mapping[int, float]) -> None:
        super().__init__()
        self._jumps = jumps
        self._held = False
        self._share = 0.0
        self._at = self._drawn = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def is_held(self) -> bool:
        """Whether the thumb is being dragged."""
        return self._held

    def go_to(self, share: float) -> None:
        """Drag the thumb to a place, from 0 at the left to 1, in one go."""
        self.pressed.emit()
        self.dragged.emit(self.x_at(share))
        self.released.emit()

    def bring_thumb_to(self, share: float) -> None:
        """Show the thumb at a place, from 0 at the left to 1."""
        self._share = share
        self.update()

    def thumb_x(self) -> float:
        """Where the thumb is, in pixels from the left."""
        return self.x_at(self._share)

    def x_at(self, share: float) -> float:
        """A place from 0 to 1, in pixels from the left."""
        left, right = self.track()
        return left + share * (right - left)

    def share_at(self, x: float) -> float:
        """A place in pixels from the left as 0 to 1; beyond the rail it is its end."""
        left, right = self.track()
        return min(max((x - left) / (right - left), 0.0), 1.0)

    def pace(self, modifiers: Qt.KeyboardModifier) -> float:
        """How far the thumb goes for each pixel of the pointer."""
        return 1.0

    def track(self) -> tuple[float, float]:
        """The ends of the rail, in pixels from the left."""
        return _THUMB + 3.0, self.width() - _THUMB - 3.0

    def sizeHint(self) -> QSize:
        """The size that it likes to have."""
        return QSize(200, 40)

    def minimumSizeHint(self) -> QSize:
        """The least that it can be."""
        return QSize(120, 40)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold the thumb; a press beside it brings it there."""
        if event.button() != Qt.MouseButton.LeftButton or self._held:
            return
        x, thumb = event.position().x(), self.thumb_x()
        on_thumb = abs(x - thumb) <= _THUMB + 3
        self._held = True
        self._at, self._drawn = x, thumb if on_thumb else x
        self.pressed.emit()
        if not on_thumb:
            self.dragged.emit(x)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Emit ``reset``; the receiver knows what it means."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the held thumb."""
        if not self._held:
            return
        x = event.position().x()
        self._drawn += (x - self._at) * self.pace(event.modifiers())
        self._at = x
        self.dragged.emit(self._drawn)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            self.released.emit()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, and other keys jump."""
        key = event.key()
        if key not in _STEPS and key not in self._jumps:
            super().keyPressEvent(event)
            return
        if key in self._jumps:
            self.go_to(self._jumps[key])
            return
        self.pressed.emit()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.stepped.emit(_STEPS[key], shift)
        self.released.emit()

    def paint_rail(self, painter: QPainter, origin: float, colour: QColor) -> None:
        """The rail, filled with ``colour`` from ``origin`` to the thumb."""
        left, right = self.track()
        thumb = self.thumb_x()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().separator)
        painter.drawRoundedRect(QRectF(left, MIDDLE - 1.5, right - left, 3), 1.5, 1.5)
        painter.setBrush(colour)
        filled = QRectF(min(thumb, origin), MIDDLE - 1.5, abs(thumb - origin), 3)
        painter.drawRoundedRect(filled, 1.5, 1.5)

    def paint_tick(self, painter: QPainter, x: float, high: int = 4) -> None:
        """A mark below the rail."""
        place = QRectF(round(x) - 0.5, MIDDLE + 6, 1, high)
        painter.fillRect(place, theme.current().control_border)

    def paint_label(self, painter: QPainter, x: float, text: str, half: float) -> None:
        """A word below the rail, ``half`` as wide to each side; those at the ends stay inside."""
        at = min(max(x, half), self.width() - half)
        align = Qt.AlignmentFlag.AlignHCenter
        if at != x:
            align = Qt.AlignmentFlag.AlignLeft if at > x else Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.current().secondary)
        room = QRectF(at - half, MIDDLE + 12, 2 * half, 16)
        painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, text)

    def paint_thumb(self, painter: QPainter, border: QColor, inside: QColor) -> None:
        """The thumb, with a ring where it has the focus."""
        at = QPointF(self.thumb_x(), MIDDLE)
        painter.setPen(QPen(border, 2))
        painter.setBrush(inside)
        painter.drawEllipse(at, _THUMB - 1, _THUMB - 1)
        if self.hasFocus():
            painter.setPen(QPen(theme.current().text, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, _THUMB + 2, _THUMB + 2)
