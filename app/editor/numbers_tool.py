"""A crop by numbers: pasted from the clipboard, or entered in the panel; one undo step."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.editor.detail_panels import NumbersPanel
from app.editor.editor import Editor
from app.i18n.engine_messages import translated
from cropcore.errors import GeometryError
from cropcore.geometry.crop_text import WANTED


class NumbersTool(QObject):
    """Takes crops as text.

    Signals: ``failed`` (text), ``field_wanted`` (nothing can be pasted: the field is to be shown),
    ``focus_released``.
    """

    failed = Signal(str)
    field_wanted = Signal()
    focus_released = Signal()

    def __init__(self, editor: Editor, panel: NumbersPanel) -> None:
        super().__init__(panel)
        self._editor = editor
        self._panel = panel
        panel.typed.connect(editor.type_side)
        panel.text.setToolTip(translated(WANTED))
        panel.text.returnPressed.connect(self._enter)

    def paste(self) -> None:
        """Take the crop on the clipboard; where there is none, have the field shown."""
        if self._editor.photo is None or self._editor.button_down:
            return
        try:
            self._editor.take_text(QGuiApplication.clipboard().text())
        except GeometryError:
            self.field_wanted.emit()
            self._panel.text.setFocus()
            self._panel.text.selectAll()

    def _enter(self) -> None:
        try:
            self._editor.take_text(self._panel.text.text())
        except GeometryError as error:
            self.failed.emit(translated(error))
            return
        self._panel.text.clear()
        self.focus_released.emit()
