"""Item view of the contact sheet: a grid of thousands of photos, painted a few milliseconds at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame

from app.contact_sheet.grid_geometry import LARGEST, SMALLEST, Grid
from app.filmstrip.cell_pictures import CellPictures
from app.filmstrip.model import FilmModel
from app.filmstrip.photo_cell import CellState, picture_room
from app.filmstrip.picking import (
    drag_out,
    place_of_menu,
    stack_state,
    toggle_by_ctrl,
    toggle_stack_at,
)
from app.filmstrip.view import FilmView
from app.runtime.accessibility import PaintedItems, provide_interface
from app.runtime.background import single_shot
from app.style import theme

Index = QModelIndex | QPersistentModelIndex
_Command = QItemSelectionModel.SelectionFlag
_Move = QAbstractItemView.CursorAction

_PAINT_SECONDS = 0.002
"""Cells that are not painted by then wait for the next round of the event loop."""
_REST_MS = 25
_STEPS = 3
"""Steps of the wheel that make a line of cells."""
_LARGER = 1.2
_OWN_KEYS = {
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
}  # fmt: skip


class SheetView(QAbstractItemView):
    """The photos of the filmstrip's model in a grid; what is selected in one view is in the other.

    ``thumbnail`` gives the picture of a key for a long side in device pixels, or None while there is none.

    Cells lie where :class:`Grid` says, so that thousands cost no more than those in view. What was
    painted is kept; what is not painted yet appears from round to round of the event loop.

    Signals: ``opened`` (the person wants to see the current photo large), ``scroll_settled`` (other rows may
    be seen now), ``cells_resized`` (the width of a cell that the person wants now), ``menu_wanted`` (QPoint of
    the screen).
    """

    opened = Signal()
    scroll_settled = Signal()
    cells_resized = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, film_view: FilmView, thumbnail: Callable[[int, float], QImage | None]
    ) -> None:
        super().__init__()
        self._film_view = film_view
        self._film: FilmModel = film_view.film_model
        self._thumbnail = thumbnail
        self._pictures = CellPictures(self._picture_of)
        self._grid = Grid(0, SMALLEST, 0)
        self._cell_width = SMALLEST
        self._hovered = -1
        self._copying = False
        self._late = QRegion()
        self._rest = single_shot(self, _REST_MS, self.scroll_settled)
        self._go_on = single_shot(self, 0, self._paint_late)
        self.setObjectName("sheetView")
        self.setAccessibleName(self.tr("Contact sheet"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setModel(film_view.model())
        # A selection of its own that follows the other's: one that two views share is not theirs to keep.
        for ours, theirs in ((self, film_view), (film_view, self)):
            follow = partial(self._copy_selection, theirs, ours)
            theirs.selectionModel().selectionChanged.connect(follow)
            theirs.selectionModel().currentChanged.connect(follow)
        self._copy_selection(film_view, self)
        self._film.modelReset.connect(self._follow_rows)
        self._film.rowsInserted.connect(self._follow_rows)
        self._film.rowsRemoved.connect(self._follow_rows)

    # Cells -----------------------------------------------------------------------------------

    @property
    def cell_width(self) -> int:
        """The width that cells have at least."""
        return self._cell_width

    @property
    def columns(self) -> int:
        """How many cells stand beside one another."""
        return self._grid.columns

    def set_cell_width(self, width: int) -> None:
        """Larger or smaller cells; the shown photo, or what was at the top, stays in view."""
        width = min(max(width, SMALLEST), LARGEST)
        if width == self._cell_width:
            return
        kept = self.currentIndex()
        if not self.viewport().rect().intersects(self.visualRect(kept)):
            kept = self._index(self.seen().start)
        self._cell_width = width
        self._lay_out()
        self.scrollTo(kept)
        self.cells_resized.emit(width)

    def step_size(self, larger: bool) -> None:
        """The next larger or smaller size of cells."""
        self.set_cell_width(round(self._cell_width * (_LARGER if larger else 1 / _LARGER)))

    def seen(self) -> range:
        """The rows that are in view."""
        top = self.verticalOffset()
        return self._grid.rows_between(top, top + self.viewport().height())

    @property
    def picture_side(self) -> float:
        """The longest side that a picture can have in a cell, in device pixels."""
        room = picture_room(QRectF(0, 0, self._grid.cell_width, self._grid.cell_height))
        return max(room.width(), room.height()) * self.devicePixelRatioF()

    def redraw(self, key: int) -> None:
        """The thumbnail of a photo is there, or another one."""
        self._pictures.renew(key)
        self.update(self._index(self._film.row_of_key(key)))

    def _picture_of(self, key: int) -> QImage | None:
        return self._thumbnail(key, self.picture_side)

    def _index(self, row: int) -> QModelIndex:
        return self.model().index(row, 0)

    def _cell(self, row: int) -> QRect:
        left, top, wide, high = self._grid.place(row)
        return QRect(left, top - self.verticalOffset(), wide, high)

    def _copy_selection(
        self, source: QAbstractItemView, target: QAbstractItemView, *_: object
    ) -> None:
        """The same is current and selected in both views."""
        if self._copying:
            return
        self._copying = True
        chosen, current = source.selectionModel().selection(), source.currentIndex()
        target.selectionModel().select(chosen, _Command.ClearAndSelect)
        if target.currentIndex() != current:
            target.selectionModel().setCurrentIndex(current, _Command.NoUpdate)
        self._copying = False

    def _follow_rows(self) -> None:
        self._hovered = -1
        self._lay_out()
        self._rest.start()

    def _lay_out(self) -> None:
        self._grid = Grid(self.viewport().width(), self._cell_width, self._film.rowCount())
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._grid.height - room))
        bar.setPageStep(room)
        bar.setSingleStep(max(1, self._grid.pitch // _STEPS))
        self.viewport().update()

    # What an item view must tell ---------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        """Where the cell of an index lies in the viewport."""
        return self._cell(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The index whose cell has a point of the viewport."""
        row = self._grid.row_at(point.x(), point.y() + self.verticalOffset())
        return self._index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll as little as is needed to have a cell in view."""
        if not index.isValid():
            return
        cell, room, bar = (
            self._cell(index.row()),
            self.viewport().height(),
            self.verticalScrollBar(),
        )
        if cell.top() < 0:
            bar.setValue(bar.value() + cell.top())
        elif cell.bottom() >= room:
            bar.setValue(bar.value() + min(cell.bottom() - room + 1, cell.top()))

    def horizontalOffset(self) -> int:
        """Nothing lies beside the viewport."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        """No cell is hidden."""
        return False

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """The cell that a key goes to."""
        grid, row = self._grid, max(self.currentIndex().row(), 0)
        page = max(1, self.viewport().height() // grid.pitch) * grid.columns
        wanted = {
            _Move.MoveLeft: row - 1,
            _Move.MovePrevious: row - 1,
            _Move.MoveRight: row + 1,
            _Move.MoveNext: row + 1,
            _Move.MoveUp: row - grid.columns if row >= grid.columns else row,
            _Move.MoveDown: row + grid.columns,
            _Move.MovePageUp: row - page,
            _Move.MovePageDown: row + page,
            _Move.MoveHome: 0,
            _Move.MoveEnd: grid.count - 1,
        }.get(action, row)
        return self._index(min(max(wanted, 0), grid.count - 1))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select from the cell at one corner of a rectangle to that at the other, line by line."""
        first, last = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        if not first.isValid() or not last.isValid():
            # A rectangle from the right above to the left below has no cell at these two corners.
            first, last = self.indexAt(rect.topRight()), self.indexAt(rect.bottomLeft())
        rows = sorted((first.row(), last.row()))
        found = QItemSelection()
        if rows[0] >= 0:
            found.select(self._index(rows[0]), self._index(rows[1]))
        self.selectionModel().select(found, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Where what is selected lies in the viewport: what is painted anew when a selection changes."""
        region, seen = QRegion(), self.seen()
        for first, last in _rows_of(selection):
            for row in range(max(first, seen.start), min(last + 1, seen.stop)):
                region += self._cell(row)
        return region

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Another cell has the border of the shown photo."""
        super().currentChanged(current, previous)
        self.update(previous)
        self.update(current)

    def updateGeometries(self) -> None:
        """Follow the size of the viewport and the number of rows."""
        super().updateGeometries()
        self._lay_out()

    # Events ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer cells are in view, the shown photo among them if it was before."""
        held = QRect(QPoint(), event.oldSize()).intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        self._lay_out()
        if held:
            self.scrollTo(self.currentIndex())
        self._rest.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already; the rest is painted."""
        self._late.translate(0, dy)
        self.viewport().scroll(0, dy)
        self._hover(self.viewport().mapFromGlobal(self.cursor().pos()))
        self._rest.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl make the cells larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.step_size(event.angleDelta().y() > 0)
            event.accept()
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        """The keys that walk through the grid are its own while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(
                Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
            )
            if event.key() in _OWN_KEYS and plain == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return super().event(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected photos out as files."""
        drag_out(self, self._film_view.selected(), self._picture_of)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu of what can be done with the selected photos."""
        if self.currentIndex().isValid():
            self.menu_wanted.emit(place_of_menu(self, event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows the photo large."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select as in the filmstrip; a click beside all photos does not take the selection away."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            photo, cell = self._film.rows[index.row()], QRectF(self.visualRect(index))
            if toggle_stack_at(self._film, photo, cell, event):
                return
        if not toggle_by_ctrl(self, event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the photo large."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._open(self.indexAt(event.position().toPoint()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the pointer has a ground."""
        self._hover(event.position().toPoint())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No cell is under the pointer."""
        self._hover(QPoint(-1, -1))
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or font: what was painted holds no more."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._pictures.clear()

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit()

    def _hover(self, at: QPoint) -> None:
        inside = self.viewport().rect().contains(at)
        row = self._grid.row_at(at.x(), at.y() + self.verticalOffset()) if inside else -1
        if row != self._hovered:
            for changed in (row, self._hovered):
                if changed >= 0:
                    self.viewport().update(self._cell(changed))
            self._hovered = row

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Copy the cells that are painted already; paint others as long as there is time."""
        painter = QPainter(self.viewport())
        region, offset = event.region(), self.verticalOffset()
        around = region.boundingRect()
        painter.fillRect(around, theme.current().panel)
        until = perf_counter() + _PAINT_SECONDS
        some = False
        current, selected = self.currentIndex().row(), _rows_of(self.selectionModel().selection())
        size, scale = QSize(self._grid.cell_width, self._grid.cell_height), self.devicePixelRatioF()
        whole = region.rectCount() == 1
        late: dict[int, QRect] = {}  # by lines: hundreds of cells joined one by one would take long
        for row in self._grid.rows_between(offset + around.top(), offset + around.bottom()):
            cell = self._cell(row)
            if not (around.intersects(cell) if whole else region.intersects(cell)):
                continue
            photo = self._film.rows[row]
            state = CellState(
                row == current,
                any(first <= row <= last for first, last in selected),
                row == self._hovered,
                stack_state(self._film, photo),
            )
            picture = self._pictures.find(photo, state, size, scale)
            if picture is None and (not some or perf_counter() < until):
                picture = self._pictures.paint(photo, state, size, scale)
                some = True
            elif picture is None:
                late[cell.top()] = late.get(cell.top(), cell).united(cell)
                picture = self._pictures.outdated(photo, size)
            if picture is not None:
                painter.drawPixmap(cell.topLeft(), picture)
        for line in late.values():
            self._late += line
        if not self._late.isEmpty():
            self._go_on.start()

    def _paint_late(self) -> None:
        late, self._late = self._late, QRegion()
        self.viewport().update(late)


def _rows_of(selection: QItemSelection) -> list[tuple[int, int]]:
    """The first and the last row of each run of selected rows."""
    return [(span.top(), span.bottom()) for span in selection]  # type: ignore[attr-defined]


provide_interface(SheetView, PaintedItems)
