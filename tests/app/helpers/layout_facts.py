"""Facts about a window that is shown: nothing lies outside its parent, and no text is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QMenuBar,
    QScrollBar,
    QToolButton,
    QWidget,
)

from app.widgets.controls import ElidedLabel

STRETCH = 1.35
"""How much longer texts become in the language that nobody speaks."""
_ARROW = 26
_INDICATOR = 20


class Pseudo(QTranslator):
    """Every text longer, with signs that need room above and below."""

    def isEmpty(self) -> bool:  # noqa: N802
        return False

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        """The text and as many more letters as it takes; fields and file filters stay."""
        if context.startswith("Q") or ";;" in source or not source.strip():
            return None
        more = round(len(source) * (STRETCH - 1) + 0.5)
        return f"{source[:-1]}{source[-1:]}{('ÅéÿŁőg' * 40)[:more]}"


def misfits(window: QWidget) -> list[str]:
    """Each widget that is cut or sticks out, with what is wrong."""
    found = []
    for widget in _visible(window):
        for fault in _faults(widget):
            found.append(f"{_name(widget)}: {fault}")
    return found


def _visible(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window) and not isinstance(widget, QScrollBar | QMenuBar):
            yield widget


def _faults(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    scrolled = isinstance(parent.parentWidget(), QAbstractScrollArea) if parent else False
    if parent is not None and not scrolled:
        here = QRect(widget.pos(), widget.size())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(here):
            yield f"{here.getRect()} sticks out of {parent.width()} x {parent.height()}"
    elif scrolled and parent is not None and widget.width() > parent.width() + 1:
        yield f"{widget.width()} wide in a view of {parent.width()}"
    room = widget.contentsRect()
    metrics = widget.fontMetrics()
    if isinstance(widget, ElidedLabel):
        return
    if isinstance(widget, QLabel) and widget.text():
        if widget.textFormat() == Qt.TextFormat.RichText or not widget.pixmap().isNull():
            return
        if widget.wordWrap():
            need = metrics.boundingRect(
                QRect(QPoint(), room.size()), Qt.TextFlag.TextWordWrap, _plain(widget.text())
            )
            if need.height() > room.height() + 2 or need.width() > room.width() + 2:
                yield f"{widget.text()!r} needs {need.width()} x {need.height()}"
                yield f"and has {room.width()} x {room.height()}"
        elif (wide := metrics.horizontalAdvance(widget.text())) > room.width() + 1:
            yield f"{widget.text()!r} is {wide} wide and has {room.width()}"
    elif isinstance(widget, QComboBox):
        wide = metrics.horizontalAdvance(widget.currentText())
        if wide > room.width() - _ARROW:
            yield f"{widget.currentText()!r} is {wide} wide and has {room.width() - _ARROW}"
    elif isinstance(widget, QAbstractButton) and widget.text():
        if isinstance(widget, QToolButton) and (
            widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
            and not widget.icon().isNull()
        ):
            return
        text = widget.text().replace("&", "")
        wide = metrics.horizontalAdvance(text)
        if isinstance(widget, QCheckBox):
            wide += _INDICATOR
        elif not widget.icon().isNull():
            wide += widget.iconSize().width()
        told = widget.toolTip().startswith(text) and not isinstance(widget, QCheckBox)
        if wide > room.width() + 1 and not told:
            yield f"{text!r} is {wide} wide and has {room.width()}"


def _plain(text: str) -> str:
    return re.sub(r"</?b>", "", text)


def _name(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        names.append(at.objectName() or type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)
