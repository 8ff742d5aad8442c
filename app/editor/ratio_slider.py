"""Ratio slider: 1:2 to 2:1 on a log scale, snapping to common ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent

from app.runtime.accessibility import PaintedScale, Scale, announce_value, provide_interface
from app.style import theme
from app.widgets.painted_slider import PaintedSlider
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.offered_ratios import ratios_between

LOW, HIGH = 0.5, 2.0
SNAP_PIXELS = 3
_KEY_STEP = 2.0 ** (1 / 48)
_LABELLED = tuple(Aspect.of_ratio(ratio) for ratio in (LOW, 1.0, HIGH))


class RatioSlider(PaintedSlider):
    """Chooses a ratio; the wheel never moves it. Arrows step, Home and End go to the ends.

    Signals: those of :class:`PaintedSlider`, and between ``pressed`` and ``released`` at every change
    ``moved`` (Aspect).
    """

    moved = Signal(Aspect)

    def __init__(self) -> None:
        super().__init__({Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: 1.0})
        self._ratio = 1.0
        self._loose = False
        self._last: Aspect | None = None
        self._snaps = ratios_between(LOW, HIGH)
        self._own: tuple[tuple[Aspect, float], ...] = ()
        self.setAccessibleName(self.tr("Ratio"))
        self.setToolTip(self.tr("Drag to change the ratio; candidates follow"))
        self.pressed.connect(self._begin)
        self.dragged.connect(self._move_to)
        self.stepped.connect(self._step)
        self.bring_thumb_to(_share(self._ratio))

    def scale(self) -> Scale:
        """Width over height, for screen readers."""
        return Scale(LOW, HIGH, 0.01, lambda: self._ratio, lambda ratio: self.go_to(_share(ratio)))

    @property
    def ratio(self) -> float:
        """Width over height that is shown; it may lie beyond the slider's ends."""
        return self._ratio

    def show_ratio(
        self, ratio: float, loose: bool, snaps: Sequence[tuple[Aspect, float]] = ()
    ) -> None:
        """Show a ratio. ``loose``: it follows the crop instead of ruling it (free, circle).

        ``snaps`` are further aspects to snap to and their ratios, such as the photo's own; of
        aspects at one place the first is taken.
        """
        self._ratio, self._loose = ratio, loose
        if not self.is_held:
            self._own = tuple(snaps)
        self.setAccessibleDescription(f"{ratio:.3f}")
        self.bring_thumb_to(_share(ratio))
        announce_value(self, ratio)

    def x_of(self, ratio: float) -> float:
        """Place of a ratio on the widget, in pixels; beyond the ends the thumb parks there."""
        return self.x_at(_share(ratio))

    def aspect_at(self, x: float) -> Aspect:
        """The aspect at a place: a known one within three pixels, else the plain ratio."""
        places = (*self._own, *((aspect, _ratio(aspect)) for aspect in self._snaps))
        near, ratio = min(places, key=lambda place: abs(self.x_of(place[1]) - x))
        if abs(self.x_of(ratio) - x) <= SNAP_PIXELS:
            return near
        return plain_aspect(2.0 ** (self.share_at(x) * 2 - 1))

    def _begin(self) -> None:
        self._last = None

    def _move_to(self, x: float) -> None:
        """Take over the aspect at a place."""
        aspect = self.aspect_at(x)
        if aspect != self._last:
            self._last = aspect
            self._ratio = dict(self._own).get(aspect) or _ratio(aspect)
            self._loose = False
            self.bring_thumb_to(_share(self._ratio))
            self.moved.emit(aspect)

    def _step(self, direction: int, _: bool) -> None:
        ratio = self._ratio * _KEY_STEP**direction
        self.moved.emit(plain_aspect(min(max(ratio, LOW), HIGH)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        colour = colours.secondary if self._loose else colours.accent
        self.paint_rail(painter, self.x_of(1.0), colour)
        for aspect in self._snaps:
            self.paint_tick(painter, self.x_of(_ratio(aspect)))
        for aspect in _LABELLED:
            self.paint_label(painter, self.x_of(_ratio(aspect)), str(aspect), 16.0)
        self.paint_thumb(painter, colour, colours.panel if self._loose else colours.accent)
        painter.end()


def plain_aspect(ratio: float) -> Aspect:
    """A ratio with two decimals, the larger term first where it is wide: ``1.37:1``, ``1:1.37``."""
    if ratio >= 1:
        return Aspect("ratio", round(ratio, 2), 1.0)
    return Aspect("ratio", 1.0, round(1 / ratio, 2))


def _share(ratio: float) -> float:
    """Where a ratio lies between the slider's ends, from 0 to 1."""
    return (min(max(math.log2(ratio), -1.0), 1.0) + 1) / 2


def _ratio(aspect: Aspect) -> float:
    return aspect.width / aspect.height


provide_interface(RatioSlider, lambda slider: PaintedScale(slider, slider.scale()))
