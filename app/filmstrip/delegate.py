"""Item delegate of the filmstrip: paints the cells, whose height follows the width of the strip."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.document.open_photo import OpenPhoto
from app.filmstrip.cell_pictures import CellPictures
from app.filmstrip.model import PHOTO_ROLE, FilmModel, Index
from app.filmstrip.photo_cell import CellState
from app.filmstrip.picking import stack_state

_MOST_BYTES = 24 * 2**20


def cell_height(width: int) -> int:
    """How high a cell of a strip of this width is: a photo of 3:2 and its name fill it."""
    return round(0.6 * width + 25)


def cell_in(item: QRect) -> QRectF:
    """Where in the rectangle of an item its cell is painted."""
    return QRectF(item.adjusted(4, 2, -4, -2))


class FilmDelegate(QStyledItemDelegate):
    """Paints one photo. ``thumbnail`` gives the picture of a key, or None while there is none.

    ``pictures`` are the cells as they were painted.
    """

    def __init__(
        self, film: FilmModel, thumbnail: Callable[[int], QImage | None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._film = film
        self.height = cell_height(112)
        self.pictures = CellPictures(thumbnail, _MOST_BYTES)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size that it likes to have; the strip is as wide as it is."""
        return QSize(48, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one photo."""
        photo: OpenPhoto | None = index.data(PHOTO_ROLE)
        if photo is None:
            return
        view = option.widget
        state = CellState(
            hasattr(view, "currentIndex") and view.currentIndex() == index,
            bool(option.state & QStyle.StateFlag.State_Selected),
            bool(option.state & QStyle.StateFlag.State_MouseOver),
            stack_state(self._film, photo),
        )
        cell = cell_in(QRect(option.rect)).toRect()
        scale = painter.device().devicePixelRatioF()
        picture = self.pictures.find(photo, state, cell.size(), scale)
        if picture is None:
            picture = self.pictures.paint(photo, state, cell.size(), scale)
        painter.drawPixmap(cell.topLeft(), picture)
