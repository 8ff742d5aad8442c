"""List view of the filmstrip: current photo and selection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QImage, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.filmstrip.delegate import cell_in
from app.filmstrip.model import PHOTO_ROLE, FilmModel
from app.filmstrip.picking import drag_out, place_of_menu, toggle_by_ctrl, toggle_stack_at
from app.runtime.background import single_shot

_REST_MS = 25
_Command = QItemSelectionModel.SelectionFlag


class FilmView(QListView):
    """One of the photos is the current one, and any number is selected.

    The current photo is always selected. Shift and Ctrl with a click or an arrow key extend the
    selection, as anywhere.

    ``thumbnail`` gives the picture of a key, or None while there is none.

    Signals: ``chosen`` (OpenPhoto), ``selection_changed``, ``scroll_settled`` (other rows may be seen now),
    ``menu_wanted`` (QPoint of the screen).
    """

    chosen = Signal(OpenPhoto)
    selection_changed = Signal()
    scroll_settled = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(
        self, document: Document, film: FilmModel, thumbnail: Callable[[int], QImage | None]
    ) -> None:
        super().__init__()
        self._thumbnail = thumbnail
        self.film_model = film
        self._document = document
        self._following = False
        self._selected_before: set[int] = set()
        self._scroll_pause = single_shot(self, _REST_MS, self.scroll_settled)
        # The view asks the model for every row whenever it lays them out. This C++ proxy between view
        # and Python model answers with the same rows, a hundred times sooner.
        self._rows = QSortFilterProxyModel(self)
        self._rows.setDynamicSortFilter(False)
        self._rows.setSourceModel(film)
        self.setModel(self._rows)
        self.setObjectName("film")
        self.setAccessibleName(self.tr("Photos"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.selectionModel().currentChanged.connect(self._emit)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        # A lambda: connected directly, ``start`` would take the bar's value for an interval.
        self.verticalScrollBar().valueChanged.connect(lambda _: self._scroll_pause.start())
        film.modelAboutToBeReset.connect(self._remember_selection)
        # Connected after the proxy, which has to follow first.
        film.modelReset.connect(self._restore_selection)
        film.rowsInserted.connect(self._follow)
        film.rowsRemoved.connect(self._follow)
        document.current_changed.connect(self._follow)
        document.failure_changed.connect(lambda _: self._scroll_pause.start())

    def selected(self) -> list[OpenPhoto]:
        """The selected photos in the order in which they are shown; the current one is among them.

        A folded stack is selected with all its photos.
        """
        rows: set[int] = set()
        for span in self.selectionModel().selection():  # type: ignore[attr-defined]
            rows.update(range(span.top(), span.bottom() + 1))
        film = self.film_model
        return [photo for row in sorted(rows) for photo in film.meant_by(film.rows[row])]

    def seen(self) -> range:
        """The rows that are in view."""
        count = self.film_model.rowCount()
        if not count:
            return range(0)
        height = max(self.sizeHintForRow(0), 1)
        top = self.verticalScrollBar().value()
        first = min(top // height, count - 1)
        last = min((top + self.viewport().height()) // height, count - 1)
        return range(first, last + 1)

    def redraw(self, key: int) -> None:
        """The picture of a photo is there, or another one; no cell has to be laid out anew for it."""
        self.update(self._index(self.film_model.row_of_key(key)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ctrl and a click take a photo out of the selection, or in; the current one stays in it."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            photo = self.film_model.rows[index.row()]
            if toggle_stack_at(self.film_model, photo, cell_in(self.visualRect(index)), event):
                return
        if not toggle_by_ctrl(self, event):
            super().mousePressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected photos out as files."""
        drag_out(self, self.selected(), self._thumbnail)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu of what can be done with the selected photos."""
        if self.currentIndex().isValid():
            self.menu_wanted.emit(place_of_menu(self, event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in view, the shown photo among them if it was before."""
        with self.holding_current(event.oldSize()):
            super().resizeEvent(event)
        self._scroll_pause.start()

    @contextmanager
    def holding_current(self, room: QSize | None = None) -> Iterator[None]:
        """If the shown photo is in view, it still is after a change of the rows or of ``room``."""
        seen = QRect(QPoint(), self.viewport().size() if room is None else room)
        held = seen.intersects(self.visualRect(self.currentIndex()))
        yield
        if held:
            self.scrollTo(self.currentIndex())

    def viewportSizeHint(self) -> QSize:
        """Qt would ask for all rows; the strip is as high as its room."""
        return QSize(0, 0)

    def _index(self, row: int) -> QModelIndex:
        return self._rows.index(row, 0)

    def _follow(self) -> None:
        self._scroll_pause.start()
        index = self._index(self.film_model.row_of(self._document.current))
        if index == self.currentIndex():
            if index.isValid() and not self.selectionModel().isSelected(index):
                self.selectionModel().select(index, _Command.Select)
            return
        self._following = True
        self.selectionModel().setCurrentIndex(index, _Command.ClearAndSelect)
        self._following = False
        if index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def _emit(self, index: QModelIndex, _: QModelIndex) -> None:
        if index.isValid() and not self.selectionModel().isSelected(index):
            self.selectionModel().select(index, _Command.Select)
        photo = index.data(PHOTO_ROLE)
        if photo is not None and not self._following:
            self.chosen.emit(photo)

    def select(self, keys: frozenset[int]) -> None:
        """Select the photos with these keys, and the current one, and no others."""
        self._selected_before = set(keys)
        self.clearSelection()
        self._restore_selection()

    def _remember_selection(self) -> None:
        self._selected_before = {photo.key for photo in self.selected()}

    def _restore_selection(self) -> None:
        """The rows were laid out anew: the same photos are selected as far as they are there."""
        found = QItemSelection()
        rows = [r for r, p in enumerate(self.film_model.rows) if p.key in self._selected_before]
        # In runs: thousands of rows one by one would take a while.
        for _, run in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
            run_rows = [row for _, row in run]
            found.select(self._index(run_rows[0]), self._index(run_rows[-1]))
        current = self._index(self.film_model.row_of(self._document.current))
        self._following = True
        if current.isValid():
            self.selectionModel().setCurrentIndex(current, _Command.Select)
        self._following = False
        self.selectionModel().select(found, _Command.Select)
        if current.isValid():
            self.scrollTo(current)
        self._scroll_pause.start()
