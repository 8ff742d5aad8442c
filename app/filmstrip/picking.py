"""How photos are picked and dragged out in a view of them: what the strip and the sheet have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView

from app.document.open_photo import OpenPhoto
from app.filmstrip.model import FilmModel
from app.filmstrip.photo_cell import stack_badge

_DRAGGED = QSize(128, 128)
_Command = QItemSelectionModel.SelectionFlag


def toggle_by_ctrl(view: QAbstractItemView, event: QMouseEvent) -> bool:
    """Do what Qt's own press would not: True where nothing is left for that.

    Ctrl and a click take a photo out of the selection, or in; the current one stays in it. A click beside
    all photos changes nothing.
    """
    if event.button() != Qt.MouseButton.LeftButton:
        return False
    index = view.indexAt(event.position().toPoint())
    if not index.isValid():
        return True
    if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
        return False
    chosen = view.selectionModel()
    if index != view.currentIndex() and chosen.isSelected(index):
        chosen.select(index, _Command.Deselect)
    else:
        chosen.setCurrentIndex(index, _Command.Select)
    return True


def stack_state(film: FilmModel, photo: OpenPhoto) -> int:
    """What the cell of a photo says of its stack, as :class:`CellState` wants it."""
    size = film.stack_size(photo)
    return size if film.is_folded(photo) else min(size, 1)


def toggle_stack_at(film: FilmModel, photo: OpenPhoto, cell: QRectF, event: QMouseEvent) -> bool:
    """Unfold or fold a stack where its badge in a cell is clicked; whether it was."""
    said = stack_state(film, photo)
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    left = event.button() == Qt.MouseButton.LeftButton
    if not (said and plain and left and stack_badge(cell, said).contains(event.position())):
        return False
    film.toggle_stack(photo)
    return True


def dragged_files(paths: Sequence[Path]) -> QMimeData:
    """What another program gets when these photos are dropped on it: their files."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_out(
    view: QAbstractItemView,
    photos: Sequence[OpenPhoto],
    thumbnail: Callable[[int], QImage | None],
) -> None:
    """Drag photos as files, to be copied or opened where they are dropped; until the button is let go."""
    if not photos:
        return
    drag = QDrag(view)
    drag.setMimeData(dragged_files([photo.path for photo in photos]))
    picture = thumbnail(photos[0].key)
    if picture is not None:
        kept = Qt.AspectRatioMode.KeepAspectRatio
        small = picture.scaled(_DRAGGED, kept, Qt.TransformationMode.SmoothTransformation)
        drag.setPixmap(QPixmap.fromImage(small))
        drag.setHotSpot(QPoint(small.width() // 2, small.height() // 2))
    drag.exec(Qt.DropAction.CopyAction)


def place_of_menu(view: QAbstractItemView, event: QContextMenuEvent) -> QPoint:
    """Where a menu of photos belongs on the screen: at the pointer, or by key below the current photo."""
    if event.reason() != QContextMenuEvent.Reason.Keyboard:
        return event.globalPos()
    cell = view.visualRect(view.currentIndex()).intersected(view.viewport().rect())
    return view.viewport().mapToGlobal(cell.center())
