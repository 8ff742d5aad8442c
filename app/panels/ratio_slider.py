"""The ratio slider: 1:2 to 2:1, evenly in log space, snapping to the ratios that people know."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from cropcore.aspect import Aspect

SNAP_PIXELS = 3
_THUMB = 7
_KEY_STEP = 2.0 ** (1 / 48)
_KNOWN = ("1:2", "9:16", "2:3", "3:4", "4:5", "1:1", "5:4", "4:3", "3:2", "16:9", "2:1")
_ENDS = ("1:2", "1:1", "2:1")


class RatioSlider(QWidget):
    """Chooses a ratio; the wheel never moves it.

    Signals: ``pressed``; ``moved`` (Aspect) at every change while it is held; ``released``. Keys
    press, move and release at once.
    """

    pressed = Signal()
    moved = Signal(object)
    released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ratio = 1.0
        self._loose = False
        self._held = False
        self._grip = 0.0
        self._last: Aspect | None = None
        self._snaps: list[Aspect] = [Aspect.parse(text) for text in _KNOWN]
        self._own: tuple[tuple[Aspect, float], ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Ratio"))
        self.setToolTip(self.tr("Drag to change the ratio; candidates follow"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def ratio(self) -> float:
        """Width over height that is shown; it may lie beyond the slider's ends."""
        return self._ratio

    @property
    def is_held(self) -> bool:
        """Whether the thumb is being dragged."""
        return self._held

    def show_ratio(
        self, ratio: float, loose: bool, snaps: Sequence[tuple[Aspect, float]] = ()
    ) -> None:
        """Show a ratio. ``loose``: it follows the crop instead of ruling it (free, circle).

        ``snaps`` are further aspects to snap to and their ratios, such as the photo's own; of
        aspects at one place the first is taken.
        """
        self._ratio, self._loose = ratio, loose
        if not self._held:
            self._own = tuple(snaps)
        self.setAccessibleDescription(f"{ratio:.3f}")
        self.update()

    def x_of(self, ratio: float) -> float:
        """Place of a ratio on the widget, in pixels; beyond the ends the thumb parks there."""
        share = (min(max(math.log2(ratio), -1.0), 1.0) + 1) / 2
        left, right = self._track()
        return left + share * (right - left)

    def aspect_at(self, x: float) -> Aspect:
        """The aspect at a place: a known one within three pixels, else the plain ratio."""
        places = (*self._own, *((aspect, _ratio(aspect)) for aspect in self._snaps))
        near, ratio = min(places, key=lambda place: abs(self.x_of(place[1]) - x))
        if abs(self.x_of(ratio) - x) <= SNAP_PIXELS:
            return near
        left, right = self._track()
        share = min(max((x - left) / (right - left), 0.0), 1.0)
        return plain_aspect(2.0 ** (share * 2 - 1))

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
        x, thumb = event.position().x(), self.x_of(self._ratio)
        on_thumb = abs(x - thumb) <= _THUMB + 3
        self._grip = thumb - x if on_thumb else 0.0
        self._held, self._last = True, None
        self.pressed.emit()
        if not on_thumb:
            self._move_to(x)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the held thumb."""
        if self._held:
            self._move_to(event.position().x() + self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            self.released.emit()
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step, Home and End jump."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Down):
            aspect = plain_aspect(max(self._ratio / _KEY_STEP, 0.5))
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
            aspect = plain_aspect(min(self._ratio * _KEY_STEP, 2.0))
        elif key == Qt.Key.Key_Home:
            aspect = self._snaps[0]
        elif key == Qt.Key.Key_End:
            aspect = self._snaps[-1]
        else:
            super().keyPressEvent(event)
            return
        self.pressed.emit()
        self.moved.emit(aspect)
        self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        left, right = self._track()
        y, thumb = 11.0, self.x_of(self._ratio)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.separator)
        painter.drawRoundedRect(QRectF(left, y - 1.5, right - left, 3), 1.5, 1.5)
        for aspect in self._snaps:
            tick = round(self.x_of(_ratio(aspect)))
            painter.fillRect(QRectF(tick - 0.5, y + 6, 1, 4), colours.control_border)
        middle = self.x_of(1.0)
        painter.setBrush(colours.secondary if self._loose else colours.accent)
        painter.drawRoundedRect(
            QRectF(min(thumb, middle), y - 1.5, abs(thumb - middle), 3), 1.5, 1.5
        )
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        for text in _ENDS:
            at = self.x_of(_ratio(Aspect.parse(text)))
            at = min(max(at, 16.0), self.width() - 16.0)
            room = QRectF(at - 16, y + 11, 32, 16)
            align = Qt.AlignmentFlag.AlignHCenter
            if text != "1:1":
                align = Qt.AlignmentFlag.AlignLeft if at < middle else Qt.AlignmentFlag.AlignRight
            painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, text)
        border = colours.secondary if self._loose else colours.accent
        painter.setPen(QPen(border, 2))
        painter.setBrush(colours.panel if self._loose else colours.accent)
        painter.drawEllipse(QPointF(thumb, y), _THUMB - 1, _THUMB - 1)
        if self.hasFocus():
            painter.setPen(QPen(colours.text, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(thumb, y), _THUMB + 2, _THUMB + 2)
        painter.end()

    def _track(self) -> tuple[float, float]:
        return _THUMB + 3.0, self.width() - _THUMB - 3.0

    def _move_to(self, x: float) -> None:
        aspect = self.aspect_at(x)
        if aspect != self._last:
            self._last = aspect
            self._ratio = dict(self._own).get(aspect) or _ratio(aspect)
            self._loose = False
            self.moved.emit(aspect)
            self.update()


def plain_aspect(ratio: float) -> Aspect:
    """A ratio with two decimals, the larger term first where it is wide: ``1.37:1``, ``1:1.37``."""
    if ratio >= 1:
        return Aspect("ratio", round(ratio, 2), 1.0)
    return Aspect("ratio", 1.0, round(1 / ratio, 2))


def _ratio(aspect: Aspect) -> float:
    return aspect.width / aspect.height
