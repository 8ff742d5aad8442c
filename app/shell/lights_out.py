"""Lights out: darkens the window around the crop, in steps."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.crop_view import CropView
from app.canvas.paint_context import BLACK, with_alpha

DIMMED, BLACKED = 0.8, 1.0
_STEPS = (0.0, DIMMED, BLACKED)


class LightsOut(QObject):
    """Dims all of ``window`` but the crop, then blacks it out, then shows all again.

    While it is dimmed, everything can still be used. In the black nobody sees what a click would do:
    a click beside ``stage``, and whatever takes the focus there, brings the light back.
    """

    def __init__(self, window: QWidget, stage: QWidget, canvas: CropView) -> None:
        super().__init__(window)
        self._window = window
        self._stage = stage
        self._canvas = canvas
        self._darkness = 0.0
        self._cover = _Cover(window)
        self._cover.pressed.connect(self.switch_on)
        for watched in (window, stage):
            watched.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    def step(self) -> None:
        """One step darker; from black back to all lights."""
        self._set(_STEPS[(_STEPS.index(self._darkness) + 1) % len(_STEPS)])
        if self._darkness == BLACKED:
            self._canvas.setFocus()

    def switch_on(self) -> bool:
        """All lights on; False where they are."""
        was_dark = self._darkness > 0
        self._set(0.0)
        return was_dark

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The cover is as large as the window, with a hole for the stage."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self._darkness:
            self._fit()
        return False

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        inside = now is None or self._stage.isAncestorOf(now) or now.window() is not self._window
        if self._darkness == BLACKED and not inside:
            self._set(0.0)

    def _set(self, darkness: float) -> None:
        self._darkness = darkness
        self._canvas.set_darkness(darkness)
        self._cover.show_dark(darkness)
        if darkness:
            self._fit()
            self._cover.raise_()

    def _fit(self) -> None:
        self._cover.setGeometry(self._window.rect())
        hole = self._stage.rect().translated(self._stage.mapTo(self._window, QPoint()))
        self._cover.setMask(QRegion(self._window.rect()) - QRegion(hole))


class _Cover(QWidget):
    """Darkens what lies below it. Clicks go through it, except where it is black.

    Signals: ``pressed``.
    """

    pressed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._darkness = 0.0
        self.hide()

    def show_dark(self, darkness: float) -> None:
        """How dark it is, from 0 to 1."""
        self._darkness = darkness
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, darkness < BLACKED)
        self.setVisible(darkness > 0)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Light."""
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), with_alpha(BLACK, self._darkness))
        painter.end()
