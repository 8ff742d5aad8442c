"""Slider of the straighten angle: -45 to 45 degrees, finest near 0."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent

from app.style import theme
from app.widgets.painted_slider import PaintedSlider

MOST = 45.0
SNAP_PIXELS = 3
_BEND = 1.8
"""Above 1 the middle of the slider is finer than its ends."""
_FINE = 0.1
_TICKS = (-30.0, -15.0, -5.0, -2.0, 0.0, 2.0, 5.0, 15.0, 30.0)
_LABELS = (-45.0, 0.0, 45.0)


class AngleSlider(PaintedSlider):
    """Chooses an angle in tenths of a degree; the wheel never moves it.

    Signals: ``pressed``; ``moved`` (degrees) at every change while it is held; ``released``; ``reset``
    (a double click). Keys press, move and release at once. Shift makes a drag ten times as fine.
    """

    moved = Signal(float)
    reset = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._angle = 0.0
        self.setAccessibleName(self.tr("Angle"))
        self.setToolTip(self.tr("Drag to straighten, with Shift for tenths; double click for 0°"))

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
        left, right = self.track()
        share = min(abs(angle) / MOST, 1.0) ** (1 / _BEND)
        return (left + right) / 2 + (share if angle >= 0 else -share) * (right - left) / 2

    def angle_at(self, x: float) -> float:
        """The angle at a place, in tenths; within three pixels of the middle it is 0."""
        left, right = self.track()
        away = x - (left + right) / 2
        if abs(away) <= SNAP_PIXELS:
            return 0.0
        share = min(abs(away) / ((right - left) / 2), 1.0) ** _BEND
        return round(share * MOST if away > 0 else -share * MOST, 1) + 0.0

    def thumb_x(self) -> float:
        """Where the thumb is."""
        return self.x_of(self._angle)

    def pace(self, modifiers: Qt.KeyboardModifier) -> float:
        """A tenth with Shift, else 1."""
        return _FINE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0

    def move_to(self, x: float) -> None:
        """Take over the angle at a place."""
        angle = self.angle_at(x)
        if angle != self._angle:
            self.show_angle(angle)
            self.moved.emit(angle)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Emit ``reset``; the receiver sets the angle to 0."""
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
        self.paint_rail(painter, self.x_of(0.0), colours.accent)
        for tick in _TICKS:
            self.paint_tick(painter, self.x_of(tick), 4 if tick else 6)
        for label in _LABELS:
            text = f"{'−' if label < 0 else ''}{abs(label):.0f}°"
            self.paint_label(painter, self.x_of(label), text, 18.0)
        self.paint_thumb(painter, colours.accent, colours.accent)
        painter.end()
