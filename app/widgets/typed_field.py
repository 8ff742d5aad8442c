"""A line to type a value into: a refused text says why, and Esc brings the last one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from app.i18n.engine_messages import translated
from app.style import theme
from app.widgets.controls import secondary
from cropcore.errors import CropsightError

T = TypeVar("T")
_ASIDE = Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason


class TypedField(QLineEdit, Generic[T]):
    """Reads its text with ``read`` on Enter; that raises CropsightError where it is none.

    ``refusal`` is the label that says why, to be placed beside the field. A text that was refused, or not
    finished, does not outlive the typing: Esc, or leaving the field, brings the last one back.

    Signals: ``typed`` (the value), ``left`` (Enter was taken, or Esc: the keys belong elsewhere again).
    """

    typed = Signal(object)
    left = Signal()

    def __init__(self, name: str, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read
        self._written = ""
        self.setAccessibleName(name)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.refusal: QLabel = secondary()
        self.refusal.setProperty("kind", "error")
        self.refusal.setTextFormat(Qt.TextFormat.PlainText)
        self.refusal.hide()
        self.returnPressed.connect(self._take)
        self.textEdited.connect(lambda _: self.refuse(""))

    def show_text(self, text: str) -> None:
        """Show a value as it is written, unless another one is being typed."""
        self._written = text
        if not self.hasFocus():
            self._restore()

    def refuse(self, why: str) -> None:
        """Say why the text is none, or that it is one."""
        if bool(self.property("wrong")) != bool(why):
            self.setProperty("wrong", bool(why))
            theme.restyle(self)
        self.setAccessibleDescription(why)
        self.refusal.setText(why)
        self.refusal.setVisible(bool(why))

    def event(self, event: QEvent) -> bool:
        """Esc is this field's own while it holds something to take back."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and event.key() == Qt.Key.Key_Escape and self._is_changed:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings the last text back."""
        if event.key() == Qt.Key.Key_Escape and self._is_changed:
            self._restore()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing that was refused or not finished stays."""
        super().focusOutEvent(event)
        if event.reason() not in _ASIDE:
            self._restore()

    @property
    def _is_changed(self) -> bool:
        return self.text() != self._written or bool(self.property("wrong"))

    def _restore(self) -> None:
        self.setText(self._written)
        self.refuse("")

    def _take(self) -> None:
        try:
            value = self._read(self.text())
        except CropsightError as error:
            self.refuse(translated(error))
            self.selectAll()
            return
        self._written = self.text()
        self.refuse("")
        self.left.emit()
        self.typed.emit(value)
