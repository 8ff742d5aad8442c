"""Header of the contact sheet: search by name, sort and filter, count, size of the cells."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton

from app.contact_sheet.grid_geometry import LARGEST, SMALLEST
from app.document.photo_order import Show
from app.filmstrip.model import FilmModel
from app.runtime.background import single_shot
from app.style import theme
from app.widgets.controls import Slider, icon_button, plain_label

HEIGHT = 40
USUAL_CELL = 176
"""Width of a cell at first."""
_TYPING_MS = 120
_FIELD_WIDTH = 220


class SheetHeader(QFrame):
    """The row above the grid; ``menus`` are those of the filmstrip's head.

    Signals: ``searched`` (the words, a moment after the last key), ``cell_width_chosen`` (int),
    ``grid_wanted`` (the keys belong to the grid again), ``closed``.
    """

    searched = Signal(str)
    cell_width_chosen = Signal(int)
    grid_wanted = Signal()
    closed = Signal()

    def __init__(self, film: FilmModel, menus: tuple[QMenu, QMenu]) -> None:
        super().__init__()
        self.setObjectName("sheetHeader")
        self.setFixedHeight(HEIGHT)
        self._film = film
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search by name"))
        self.field.setAccessibleName(self.tr("Search by name"))
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(_FIELD_WIDTH)
        self.field.installEventFilter(self)
        self.sort_button = _menu_button("sort", menus[0])
        self.show_button = _menu_button("filter", menus[1])
        self.show_button.setCheckable(True)
        self.count = plain_label()
        self.count.setProperty("kind", "secondary")
        name = self.tr("Size of the thumbnails")
        self.slider = Slider(SMALLEST, LARGEST, name, USUAL_CELL)
        self.slider.setToolTip(name)
        self.slider.setFixedWidth(140)
        self.close_button = icon_button("close", self.tr("Back to the photo (G)"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, 0)
        layout.setSpacing(theme.GAP_XS)
        layout.addWidget(self.field, 1)
        layout.addSpacing(theme.GAP_S)
        layout.addWidget(self.sort_button)
        layout.addWidget(self.show_button)
        layout.addSpacing(theme.GAP_S)
        layout.addWidget(self.count)
        layout.addStretch(1)
        layout.addWidget(self.slider)
        layout.addSpacing(theme.GAP_S)
        layout.addWidget(self.close_button)
        self._typing = single_shot(self, _TYPING_MS, self._search)
        self.field.textEdited.connect(lambda _: self._typing.start())
        self.slider.valueChanged.connect(self.cell_width_chosen)
        self.close_button.clicked.connect(self.closed)
        film.counts_changed.connect(self.follow)
        film.choice_changed.connect(self.follow)
        film.rowsInserted.connect(self.follow)
        film.rowsRemoved.connect(self.follow)
        film.modelReset.connect(self.follow)
        self.follow()

    def begin_search(self) -> None:
        """Go to the field; what is typed replaces what was there."""
        self.field.setFocus()
        self.field.selectAll()

    def follow(self) -> None:
        """Say how many photos are shown, and why not all."""
        film = self._film
        everything, shown = film.count(Show.ALL), film.rowCount()
        filtered = film.show is not Show.ALL or bool(film.search)
        self.show_button.setChecked(filtered)
        self.count.setText(
            self.tr("{0} of {1}").format(shown, everything) if filtered else str(shown)
        )
        if not self.field.hasFocus() and self.field.text() != film.search:
            self.field.setText(film.search)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the field Enter and arrow down go on to the grid; Esc empties it, then leaves it."""
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return False
        key = event.key()
        if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._search()
            self.grid_wanted.emit()
        elif key == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
            self._search()
        elif key == Qt.Key.Key_Escape:
            self.grid_wanted.emit()
        else:
            return False
        return True

    def _search(self) -> None:
        self._typing.stop()
        self.searched.emit(self.field.text())


def _menu_button(icon: str, menu: QMenu) -> QToolButton:
    button = icon_button(icon, menu.title())
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button
