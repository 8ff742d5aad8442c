"""The filmstrip widget: header and list of the open photos' thumbnails."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout

from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.document.photo_order import Order, Show
from app.filmstrip.capture_times import CaptureTimes
from app.filmstrip.delegate import FilmDelegate, cell_height, cell_in
from app.filmstrip.header import FilmHeader
from app.filmstrip.model import FilmModel
from app.filmstrip.photo_cell import picture_room
from app.filmstrip.view import FilmView
from app.photos.sharp_thumbnails import SharpThumbnails
from app.photos.thumbnails import Thumbnails
from app.settings import Settings

_NARROW = 100


class Filmstrip(QFrame):
    """Shows the open photos in an order, and lets one be shown and several be selected.

    Thumbnails are wanted of the rows in view first, then of as many before and behind them; those in view
    as sharp as the cells are large.

    Signals: ``chosen`` (OpenPhoto), ``selection_changed``.
    """

    chosen = Signal(OpenPhoto)
    selection_changed = Signal()

    def __init__(
        self,
        document: Document,
        thumbnails: Thumbnails,
        sharp: SharpThumbnails,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self._document = document
        self._thumbnails = thumbnails
        self._sharp = sharp
        self._settings = settings
        self.model = FilmModel(document)
        self.view = FilmView(document, self.model, self._picture_of)
        self._delegate = FilmDelegate(self.model, self._picture_of, self.view)
        self.view.setItemDelegate(self._delegate)
        self.header = FilmHeader(self.model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.view, 1)
        self.header.chosen.connect(self.choose)
        self.view.chosen.connect(self.chosen)
        self.view.selection_changed.connect(self.selection_changed)
        self.view.scroll_settled.connect(self._request_thumbnails)
        for made in (thumbnails.made, sharp.made):
            made.connect(self._delegate.pictures.renew)
            made.connect(self.view.redraw)
        self._times = CaptureTimes(document, self._sort_by_times, self)
        document.photos_changed.connect(self._forget_closed)
        document.photos_changed.connect(self._read_times)
        self.model.choose(settings.film_order, settings.film_backwards, settings.film_show)

    def selected(self) -> list[OpenPhoto]:
        """The selected photos in the order in which they are shown; the current one is among them."""
        return self.view.selected()

    def select_all(self) -> None:
        """Select every photo that is shown."""
        self.view.selectAll()

    def select(self, keys: Sequence[int]) -> None:
        """Select the photos with these keys, and the shown one, as far as they are listed."""
        self.view.select(frozenset(keys))

    def choose(self, order: Order, backwards: bool, show: Show) -> None:
        """Sort by something and show some of the photos, now and the next time."""
        self._settings.film_order = order
        self._settings.film_backwards = backwards
        self._settings.film_show = show
        self.model.choose(order, backwards, show)
        self._read_times()

    def _sort_by_times(self) -> None:
        if self.model.order is Order.TAKEN:
            self.model.arrange()

    def _read_times(self) -> None:
        if self.model.order is Order.TAKEN:
            self._times.read()

    def show_failed(self) -> None:
        """Show the photos alone whose files cannot be read."""
        self.choose(self.model.order, self.model.backwards, Show.FAILED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cells are as high as the width wants."""
        super().resizeEvent(event)
        self.header.set_compact(self.width() < _NARROW)
        height = cell_height(self.width())
        if height != self._delegate.height:
            with self.view.holding_current():
                self._delegate.height = height
                self.view.doItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or font: what was painted holds no more."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._delegate.pictures.clear()

    def menus(self) -> tuple[QMenu, QMenu]:
        """The menus of the head, for the menu bar."""
        return self.header.sort_menu, self.header.show_menu

    def _request_thumbnails(self) -> None:
        if not self.isVisible():
            return
        seen, rows = self.view.seen(), self.model.rows
        page = max(len(seen), 1)
        near = [
            *seen,
            *range(seen.stop, min(seen.stop + page, len(rows))),
            *range(seen.start - 1, max(seen.start - page, 0) - 1, -1),
        ]
        self._thumbnails.want_of([rows[row] for row in near])
        self._sharp.want_of([rows[row] for row in seen], self._picture_side())

    def _picture_side(self) -> float:
        room = picture_room(cell_in(QRect(0, 0, self.width(), self._delegate.height)))
        return max(room.width(), room.height()) * self.devicePixelRatioF()

    def _picture_of(self, key: int) -> QImage | None:
        return self._sharp.picture(key, self._picture_side())

    def _forget_closed(self) -> None:
        self._thumbnails.keep_only(self._document.find)
        self._sharp.keep_only(self._document.find)
        self.header.setEnabled(self._document.shows_own)
