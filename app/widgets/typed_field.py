"""A line to type a value into: a refused text says why, and Esc brings the last one back."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
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


class Taken(Enum):
    """When a text is taken: by Enter alone, on leaving the field as well, or with every key."""

    BY_ENTER = auto()
    ON_LEAVING = auto()
    WHILE_TYPED = auto()


class TypedField(QLineEdit, Generic[T]):
    """Reads its text with ``read``; that raises CropsightError where it is none.

    ``refusal`` is the label that says why, to be placed beside the field. A text that was refused, or not
    taken, does not outlive the typing: Esc, or leaving the field, brings the one from before it back, also
    where others were taken meanwhile.

    Signals: ``typed`` (the value), ``left`` (Enter was taken, or Esc: the keys belong elsewhere again),
    ``judged`` (``refusal`` says something else now).
    """

    typed = Signal(object)
    left = Signal()
    judged = Signal()

    def __init__(self, name: str, read: Callable[[str], T], taken: Taken = Taken.BY_ENTER) -> None:
        super().__init__()
        self._read = read
        self._taken = taken
        self._written = ""
        self._last_good = ""
        self.setAccessibleName(name)
        self.setFixedHeight(theme.CONTROL_HEIGHT)
        self.refusal: QLabel = secondary()
        self.refusal.setProperty("kind", "error")
        self.refusal.hide()
        self.returnPressed.connect(self._take)
        self.textEdited.connect(lambda _: self._edited())

    @property
    def wrong(self) -> str:
        """Why the text is none; empty where it is one."""
        return self.refusal.text()

    def show_text(self, text: str, at_once: bool = False) -> None:
        """Show a value as it is written; ``at_once`` even where another one is being typed."""
        self._written = self._last_good = text
        if at_once or not self.hasFocus():
            self._restore()

    def refuse(self, why: str) -> None:
        """Say why the text is none, or that it is one."""
        if bool(self.property("wrong")) != bool(why):
            self.setProperty("wrong", bool(why))
            theme.restyle(self)
        if why == self.wrong:
            return
        self.setAccessibleDescription(why)
        self.refusal.setText(why)
        self.refusal.setVisible(bool(why))
        self.judged.emit()

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
            self._take_back()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing that was refused or not taken stays."""
        super().focusOutEvent(event)
        if event.reason() in _ASIDE or not self._is_changed:
            return
        if self._taken is Taken.ON_LEAVING:
            self._judge()
        if self._last_good == self.text() and not self.wrong:
            self._written = self._last_good
        else:
            self._take_back()

    @property
    def _is_changed(self) -> bool:
        return self.text() != self._written or bool(self.property("wrong"))

    def _restore(self) -> None:
        if self.text() != self._written:
            self.setText(self._written)
        self.refuse("")

    def _take_back(self) -> None:
        """Back to the text from before the typing."""
        took, self._last_good = self._last_good != self._written, self._written
        self._restore()
        if took:
            self.typed.emit(self._read(self._written))

    def _edited(self) -> None:
        self.refuse("")
        if self._taken is Taken.WHILE_TYPED:
            self._judge()

    def _take(self) -> None:
        if self._taken is Taken.WHILE_TYPED and not self.wrong:
            self._written = self._last_good
            self.left.emit()
        elif not self._judge(by_enter=True):
            self.selectAll()

    def _judge(self, by_enter: bool = False) -> bool:
        """Take the text, if it is a value."""
        text = self.text()
        try:
            value = self._read(text)
        except CropsightError as error:
            self.refuse(translated(error))
            return False
        self._last_good = text
        self.refuse("")
        if by_enter:
            self._written = text
            self.left.emit()
        self.typed.emit(value)
        return True
