"""The slider for the straighten angle: fine near 0, with all of 45 degrees to each side."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme

MOST = 45.0
SNAP_PIXELS = 3
_THUMB = 7
_BEND = 1.8
"""Above 1 the middle of the slider is finer than its ends."""
_FINE = 0.1
_TICKS = (-30.0, -15.0, -5.0, -2.0, 0.0, 2.0, 5.0, 15.0, 30.0)
_LABELS = (-45.0, 0.0, 45.0)


class AngleSlider(QWidget):
    """Chooses an angle in tenths of a degree; the wheel never moves it.

    Signals: ``pressed``; ``moved`` (degrees) at every change while it is held; ``released``; ``reset``
    (a double click). Keys press, move and release at once. Shift makes a drag ten times as fine.
    """

    pressed = Signal()
    moved = Signal(float)
    released = Signal()
    reset = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._angle = 0.0
        self._held = False
        self._at = self._drawn = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Angle"))
        self.setToolTip(self.tr("Drag to straighten, with Shift for tenths; double click for 0°"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def angle(self) -> float:
        """Degrees clockwise that are shown."""
        return self._angle

    def show_angle(self, angle: float) -> None:
        """Show an angle without announcing it."""
        self._angle = angle
        self.setAccessibleDescription(f"{angle:.1f}")
        self.update()

    def x_of(self, angle: float) -> float:
        """Place of an angle on the widget, in pixels."""
        left, right = self._track()
        share = min(abs(angle) / MOST, 1.0) ** (1 / _BEND)
        return (left + right) / 2 + (share if angle >= 0 else -share) * (right - left) / 2

    def angle_at(self, x: float) -> float:
        """The angle at a place, in tenths; within three pixels of the middle it is 0."""
        left, right = self._track()
        away = x - (left + right) / 2
        if abs(away) <= SNAP_PIXELS:
            return 0.0
        share = min(abs(away) / ((right - left) / 2), 1.0) ** _BEND
        return round(share * MOST if away > 0 else -share * MOST, 1) + 0.0

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
        x, thumb = event.position().x(), self.x_of(self._angle)
        on_thumb = abs(x - thumb) <= _THUMB + 3
        self._held = True
        self._at, self._drawn = x, thumb if on_thumb else x
        self.pressed.emit()
        if not on_thumb:
            self._move_to(x)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the held thumb."""
        if not self._held:
            return
        x = event.position().x()
        fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._drawn += (x - self._at) * (_FINE if fine else 1.0)
        self._at = x
        self._move_to(self._drawn)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            self.released.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to 0."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step by a tenth of a degree, with Shift by one; Home goes to 0."""
        step = 1.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.1
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            angle = self._angle - step
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            angle = self._angle + step
        elif key == Qt.Key.Key_Home:
            angle = 0.0
        else:
            super().keyPressEvent(event)
            return
        self.pressed.emit()
        self.moved.emit(min(max(round(angle, 2), -MOST), MOST))
        self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        left, right = self._track()
        y, thumb, middle = 11.0, self.x_of(self._angle), self.x_of(0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.separator)
        painter.drawRoundedRect(QRectF(left, y - 1.5, right - left, 3), 1.5, 1.5)
        for tick in _TICKS:
            high = 4 if tick else 6
            painter.fillRect(
                QRectF(round(self.x_of(tick)) - 0.5, y + 6, 1, high), colours.control_border
            )
        painter.setBrush(colours.accent)
        painter.drawRoundedRect(
            QRectF(min(thumb, middle), y - 1.5, abs(thumb - middle), 3), 1.5, 1.5
        )
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        for label in _LABELS:
            at = min(max(self.x_of(label), 18.0), self.width() - 18.0)
            align = Qt.AlignmentFlag.AlignHCenter
            if label:
                align = Qt.AlignmentFlag.AlignLeft if label < 0 else Qt.AlignmentFlag.AlignRight
            text = f"{'−' if label < 0 else ''}{abs(label):.0f}°"
            painter.drawText(
                QRectF(at - 18, y + 12, 36, 16), align | Qt.AlignmentFlag.AlignVCenter, text
            )
        painter.setPen(QPen(colours.accent, 2))
        painter.setBrush(colours.accent)
        painter.drawEllipse(QPointF(thumb, y), _THUMB - 1, _THUMB - 1)
        if self.hasFocus():
            painter.setPen(QPen(colours.text, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(thumb, y), _THUMB + 2, _THUMB + 2)
        painter.end()

    def _track(self) -> tuple[float, float]:
        return _THUMB + 3.0, self.width() - _THUMB - 3.0

    def _move_to(self, x: float) -> None:
        angle = self.angle_at(x)
        if angle != self._angle:
            self.show_angle(angle)
            self.moved.emit(angle)
