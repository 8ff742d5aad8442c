"""The open photos as a column of miniatures; hidden while there is only one."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app import theme
from app.document import Document, OpenPhoto
from app.ownership import Owner

_PHOTO_ROLE = Qt.ItemDataRole.UserRole
_IMAGE_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class FilmModel(QAbstractListModel):
    """The photos of a document with their miniatures."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._photos: tuple[OpenPhoto, ...] = ()
        self._rows: dict[int, int] = {}
        self._images: dict[int, QImage] = {}
        document.photos_changed.connect(self._reload)
        document.edit_changed.connect(self._changed)
        document.failure_changed.connect(self._changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """One row for each photo."""
        return 0 if parent.isValid() else len(self._photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """One row for each photo."""
        if not index.isValid() or index.row() >= len(self._photos):
            return None
        photo = self._photos[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return photo.path.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe(photo)
        if role == _PHOTO_ROLE:
            return photo
        if role == _IMAGE_ROLE:
            return self._images.get(photo.key)
        return None

    def photo_at(self, row: int) -> OpenPhoto:
        """The photo of a row that exists."""
        return self._photos[row]

    def set_image(self, key: int, image: QImage) -> None:
        """Keep a photo's miniature."""
        self._images[key] = image
        self._changed(key)

    def _describe(self, photo: OpenPhoto) -> str:
        words = [photo.path.name]
        if photo.edit.owner is Owner.MINE:
            words.append(self.tr("cropped"))
        if photo.edit.starred:
            words.append(self.tr("starred"))
        if photo.edit.rejected:
            words.append(self.tr("rejected"))
        return ", ".join(words)

    def _reload(self) -> None:
        self.beginResetModel()
        self._photos = self._document.photos
        self._rows = {photo.key: row for row, photo in enumerate(self._photos)}
        self._images = {key: image for key, image in self._images.items() if key in self._rows}
        self.endResetModel()

    def _changed(self, key: int) -> None:
        row = self._rows.get(key)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))


class FilmDelegate(QStyledItemDelegate):
    """Paints one miniature with its name and flags."""

    height = 92

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The size that it likes to have."""
        return QSize(64, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one photo."""
        colours = theme.current()
        photo: OpenPhoto = index.data(_PHOTO_ROLE)
        image: QImage | None = index.data(_IMAGE_ROLE)
        cell = QRect(option.rect).adjusted(4, 2, -4, -2)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            share = 0.22 if selected else 0.0
            ground = theme.mixed(colours.panel, colours.accent, share)
            painter.setBrush(theme.mixed(ground, colours.text, 0.0 if selected else 0.08))
            painter.drawRoundedRect(QRectF(cell), 4, 4)
        room = cell.adjusted(5, 5, -5, -21)
        if image is not None:
            size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setOpacity(0.35 if photo.edit.rejected else 1.0)
            painter.drawImage(place, image)
            painter.setOpacity(1.0)
        self._paint_name(painter, cell, photo, colours)
        if selected:
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 4, 4)
        painter.restore()

    @staticmethod
    def _paint_name(
        painter: QPainter, cell: QRect, photo: OpenPhoto, colours: theme.Palette
    ) -> None:
        line = QRect(cell.left() + 6, cell.bottom() - 18, cell.width() - 12, 16)
        edit = photo.edit
        mark = "star" if edit.starred else "reject" if edit.rejected else ""
        if not mark and edit.owner is Owner.MINE:
            mark = "check"
        if mark:
            colour = colours.error if edit.rejected else colours.accent
            scale = painter.device().devicePixelRatioF()
            painter.drawPixmap(
                line.right() - 12, line.top() + 2, theme.pixmap(mark, colour, 12, scale)
            )
            line.setRight(line.right() - 15)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(colours.secondary)
        text = painter.fontMetrics().elidedText(
            photo.path.stem, Qt.TextElideMode.ElideRight, line.width()
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)


class Filmstrip(QListView):
    """Shows the open photos; one of them is the current one, and any number is selected.

    The current photo is always selected. Shift and Ctrl with a click or an arrow key extend the
    selection, as anywhere.

    Signals: ``chosen`` (OpenPhoto), ``selection_changed``.
    """

    chosen = Signal(object)
    selection_changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("film")
        self.setAccessibleName(self.tr("Photos"))
        self._document = document
        self._delegate = FilmDelegate(self)
        self.film = FilmModel(document)
        self.setModel(self.film)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._following = False
        self.selectionModel().currentChanged.connect(self._emit)
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.film.modelAboutToBeReset.connect(self._remember_selection)
        self.film.modelReset.connect(self._restore_selection)
        self._selected_before: set[int] = set()
        document.current_changed.connect(self._follow)
        document.photos_changed.connect(self._follow)

    def selected(self) -> list[OpenPhoto]:
        """The selected photos in the order in which they are shown; the current one is among them."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.film.photo_at(row) for row in rows]

    def set_compact(self, on: bool) -> None:
        """Smaller cells for small windows."""
        self._delegate.height = 68 if on else 92
        self.scheduleDelayedItemsLayout()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ctrl and a click take a photo out of the selection, or in; the current one stays in it."""
        index = self.indexAt(event.position().toPoint())
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if ctrl and event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if index != self.currentIndex() and self.selectionModel().isSelected(index):
                self.selectionModel().select(index, _Command.Deselect)
            else:
                self.selectionModel().setCurrentIndex(index, _Command.Select)
            return
        if event.button() == Qt.MouseButton.LeftButton and not index.isValid():
            return
        super().mousePressEvent(event)

    def _follow(self) -> None:
        index = self.film.index(self._document.index)
        if index == self.currentIndex():
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
        photo = index.data(_PHOTO_ROLE)
        if photo is not None and not self._following:
            self.chosen.emit(photo)

    def _tell_selection(self) -> None:
        self.selection_changed.emit()

    def _remember_selection(self) -> None:
        self._selected_before = {photo.key for photo in self.selected()}

    def _restore_selection(self) -> None:
        """The rows were laid out anew: the same photos are selected as far as they are there."""
        found = QItemSelection()
        for row in range(self.film.rowCount()):
            if self.film.photo_at(row).key in self._selected_before:
                found.select(self.film.index(row), self.film.index(row))
        current = self.film.index(self._document.index)
        self._following = True
        self.selectionModel().setCurrentIndex(current, _Command.NoUpdate)
        self._following = False
        self.selectionModel().select(found, _Command.Select)


_Command = QItemSelectionModel.SelectionFlag
