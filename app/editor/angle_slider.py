"""Slider of the straighten angle: -45 to 45 degrees, finest near 0."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent

from app.runtime.accessibility import PaintedScale, Scale, announce_value, provide_interface
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

    Shift makes a drag ten times as fine. Arrows step by a tenth of a degree, with Shift by one; Home
    goes to 0. Signals: those of :class:`PaintedSlider`, between ``pressed`` and ``released`` at every
    change ``moved`` (degrees), and ``reset`` (a double click).
    """

    moved = Signal(float)

    def __init__(self) -> None:
        super().__init__({Qt.Key.Key_Home: _share(0.0)})
        self._angle = 0.0
        self.dragged.connect(self._move_to)
        self.stepped.connect(self._step)
        self.bring_thumb_to(_share(self._angle))
        self.setAccessibleName(self.tr("Angle"))
        self.setToolTip(self.tr("Drag to straighten, with Shift for tenths; double click for 0°"))

    def scale(self) -> Scale:
        """Degrees, for screen readers."""
        return Scale(-MOST, MOST, 0.1, lambda: self._angle, lambda angle: self.go_to(_share(angle)))

    @property
    def angle(self) -> float:
        """Degrees clockwise that are shown."""
        return self._angle

    def show_angle(self, angle: float) -> None:
        """Show an angle without announcing it."""
        self._angle = angle
        self.setAccessibleDescription(f"{angle:.1f}")
        self.bring_thumb_to(_share(angle))
        announce_value(self, angle)

    def x_of(self, angle: float) -> float:
        """Place of an angle on the widget, in pixels."""
        return self.x_at(_share(angle))

    def angle_at(self, x: float) -> float:
        """The angle at a place, in tenths; within three pixels of the middle it is 0."""
        if abs(x - self.x_of(0.0)) <= SNAP_PIXELS:
            return 0.0
        away = 2 * self.share_at(x) - 1
        return round(math.copysign(abs(away) ** _BEND * MOST, away), 1) + 0.0

    def pace(self, modifiers: Qt.KeyboardModifier) -> float:
        """A tenth with Shift, else 1."""
        return _FINE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0

    def _move_to(self, x: float) -> None:
        """Take over the angle at a place."""
        angle = self.angle_at(x)
        if angle != self._angle:
            self.show_angle(angle)
            self.moved.emit(angle)

    def _step(self, direction: int, coarse: bool) -> None:
        angle = round(self._angle + direction * (1.0 if coarse else 0.1), 2)
        self.moved.emit(min(max(angle, -MOST), MOST))

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


def _share(angle: float) -> float:
    """Where an angle lies between the slider's ends, from 0 to 1."""
    return (math.copysign(min(abs(angle) / MOST, 1.0) ** (1 / _BEND), angle) + 1) / 2


provide_interface(AngleSlider, lambda slider: PaintedScale(slider, slider.scale()))
