"""The contact sheet: header and grid of the open photos, in place of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.contact_sheet.sheet_header import SheetHeader
from app.contact_sheet.sheet_view import SheetView
from app.document.document import Document
from app.filmstrip.filmstrip import Filmstrip
from app.photos.sharp_thumbnails import SharpThumbnails
from app.photos.thumbnails import Thumbnails
from app.runtime.background import single_shot
from app.settings import Settings


class ContactSheet(QFrame):
    """Shows the photos of the filmstrip in a grid; order, filter, search and selection are the same.

    Thumbnails are wanted of the cells in view first, then of a page before and behind them; those in view
    as sharp as the cells are large.

    Signals: ``closed`` (back to the photo), ``menu_wanted`` (QPoint of the screen).
    """

    closed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self,
        document: Document,
        filmstrip: Filmstrip,
        thumbnails: Thumbnails,
        sharp: SharpThumbnails,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.setObjectName("contactSheet")
        self._document = document
        self._film = filmstrip.model
        self._thumbnails = thumbnails
        self._sharp = sharp
        self._settings = settings
        self.view = SheetView(filmstrip.view, sharp.picture)
        self.header = SheetHeader(self._film, filmstrip.menus())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.view, 1)
        # In a turn of the event loop of its own: thousands of rows, then another photo.
        self._show_found = single_shot(self, 0, self._show_first_found)
        self.view.scroll_settled.connect(self._request_thumbnails)
        self.view.opened.connect(self.closed)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.view.cells_resized.connect(self._cells_resized)
        self.header.cell_width_chosen.connect(self.view.set_cell_width)
        self.header.searched.connect(self._search)
        self.header.grid_wanted.connect(self.view.setFocus)
        self.header.closed.connect(self.closed)
        for made in (thumbnails.made, sharp.made):
            made.connect(self.view.redraw)
        self.header.slider.setValue(settings.sheet_cell_width)
        self.view.set_cell_width(settings.sheet_cell_width)

    def begin_search(self) -> None:
        """Go to the field in which a name is searched for."""
        self.header.begin_search()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keys to the grid. (With a focus proxy, Tab would pass over the header.)"""
        self.view.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        """The shown photo is in view, and the pictures around it are wanted."""
        super().showEvent(event)
        self.view.scrollTo(self.view.currentIndex())
        self._request_thumbnails()

    def _search(self, words: str) -> None:
        """Show what is found; where the shown photo is none of it, the first one is shown."""
        self._film.find(words)
        self._show_found.start()

    def _show_first_found(self) -> None:
        film, current = self._film, self._document.current
        if current is not None and not film.matches(current):
            found = next((photo for photo in film.rows if film.matches(photo)), None)
            if found is not None:
                self._document.show(found)

    def _cells_resized(self, width: int) -> None:
        self._settings.sheet_cell_width = width
        self.header.slider.setValue(width)
        self._request_thumbnails()

    def _request_thumbnails(self) -> None:
        if not self.isVisible():
            return
        seen, rows = self.view.seen(), self._film.rows
        page = max(len(seen), 1)
        near = [
            *seen,
            *range(seen.stop, min(seen.stop + page, len(rows))),
            *range(seen.start - 1, max(seen.start - page, 0) - 1, -1),
        ]
        self._thumbnails.want_of([rows[row] for row in near[: self._thumbnails.room]])
        self._sharp.want_of([rows[row] for row in seen], self.view.picture_side)
