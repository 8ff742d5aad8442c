"""About page: components, licences and system information."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

import cropcore
from app.shell.licences import Component
from app.style import theme
from app.style.resources import resource
from app.widgets.controls import plain_label, row, secondary, text_button
from app.widgets.overlay_page import OverlayPage

_LIST_WIDTH, _PICTURE = 212, 48


class AboutPage(OverlayPage):
    """Shows the parts and their licences; the details of the system can be copied.

    Signals: ``log_wanted`` (show the folder of the log file).
    """

    log_wanted = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over, self.tr("About Cropsight"), QSize(840, 640))
        self._components: tuple[Component, ...] = ()
        self._details = ""
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(self.tr("Parts of the program"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._show_part)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Licence"))
        self.copy_button = text_button(
            self.tr("Copy system details"), self.tr("Versions, system and device, for a report")
        )
        self.copy_button.clicked.connect(self._copy)
        log_button = text_button(self.tr("Show log"), self.tr("Show the folder of the log file"))
        log_button.clicked.connect(self.log_wanted)
        self.body.addLayout(self._build_head())
        middle = QHBoxLayout()
        middle.setSpacing(theme.GAP_M)
        middle.addWidget(self.list)
        middle.addWidget(self.text, 1)
        self.body.addLayout(middle, 1)
        note = secondary(self.tr("Licences are read from what is installed here."))
        foot = row(note, log_button, self.copy_button)
        foot.setStretch(0, 1)
        self.body.addLayout(foot)
        self.begin_with(self.list)

    def show_components(self, components: Sequence[Component], details: str) -> None:
        """Fill the list; ``details`` is what Copy puts on the clipboard."""
        self._components, self._details = tuple(components), details
        self.list.clear()
        for part in components:
            item = QListWidgetItem(f"{part.title}  {part.version}".rstrip())
            item.setToolTip(part.licence)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.copy_button.setEnabled(bool(details))

    @property
    def components(self) -> tuple[Component, ...]:
        """What is listed; empty until it was read."""
        return self._components

    def _build_head(self) -> QHBoxLayout:
        picture = plain_label()
        icon = QIcon(str(resource("icons/cropsight.svg")))
        picture.setPixmap(icon.pixmap(QSize(_PICTURE, _PICTURE), self.devicePixelRatioF()))
        name = plain_label(f"Cropsight {cropcore.__version__}")
        name.setProperty("kind", "title")
        words = QVBoxLayout()
        words.setSpacing(theme.GAP_XS)
        words.addWidget(name)
        words.addWidget(secondary(self.tr("Finds crops; never changes an original. Apache-2.0.")))
        head = QHBoxLayout()
        head.setSpacing(theme.GAP_M)
        head.addWidget(picture)
        head.addLayout(words, 1)
        return head

    def _show_part(self, place: int) -> None:
        if 0 <= place < len(self._components):
            part = self._components[place]
            self.text.setPlainText(part.text)
            self.text.setAccessibleName(self.tr("Licence of {0}").format(part.title))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy_button.setText(self.tr("Copied"))
