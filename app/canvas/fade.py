"""Short fade animation, skipped where reduced motion is set."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from app.style import motion

_DURATION_MS = 140


class Fade(QObject):
    """A number in [0, 1] that moves to where it is sent.

    Signals:
        changed: the number moved; paint again.
    """

    changed = Signal()

    def __init__(self, value: float, parent: QObject) -> None:
        super().__init__(parent)
        self.value = value
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.setDuration(_DURATION_MS)
        self._animation.valueChanged.connect(self._step)

    def send(self, target: float, at_once: bool = False) -> None:
        """Move to ``target``, at once or within a moment."""
        self._animation.stop()
        if at_once or not motion.is_allowed():
            self._step(target)
            return
        self._animation.setStartValue(float(self.value))
        self._animation.setEndValue(float(target))
        self._animation.start()

    def _step(self, value: object) -> None:
        self.value = float(value)  # type: ignore[arg-type]
        self.changed.emit()
