"""Painted cells of photos, kept so that scrolling copies them instead of painting them again."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPixmap

from app.document.open_photo import OpenPhoto
from app.filmstrip.photo_cell import CellState, paint_photo
from app.style import theme

_MOST_BYTES = 96 * 2**20
_PIXEL_BYTES = 4


class CellPictures:
    """Pixmaps of cells, one for each photo; those not seen for longest go when there are too many.

    ``thumbnail`` gives the picture of a photo's key, or None while there is none. A pixmap is good as long
    as the same would be painted.
    """

    def __init__(
        self, thumbnail: Callable[[int], QImage | None], most_bytes: int = _MOST_BYTES
    ) -> None:
        self._thumbnail = thumbnail
        self._most = most_bytes
        self._kept: OrderedDict[int, tuple[Hashable, QPixmap]] = OrderedDict()
        self._made: Counter[int] = Counter()
        self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """How much memory the pixmaps take."""
        return self._bytes

    def renew(self, key: int) -> None:
        """The thumbnail of a photo is there, or another one."""
        self._made[key] += 1

    def find(self, photo: OpenPhoto, state: CellState, size: QSize, scale: float) -> QPixmap | None:
        """The cell of a photo, if it was painted as it is now; ``scale`` is the device's pixel ratio."""
        found = self._kept.get(photo.key)
        if found is None or found[0] != self._said(photo, state, size, scale):
            return None
        self._kept.move_to_end(photo.key)
        return found[1]

    def outdated(self, photo: OpenPhoto, size: QSize) -> QPixmap | None:
        """The cell of a photo of this size as it was painted last, whatever has changed since."""
        found = self._kept.get(photo.key)
        fits = found is not None and found[1].deviceIndependentSize().toSize() == size
        return found[1] if found is not None and fits else None

    def paint(self, photo: OpenPhoto, state: CellState, size: QSize, scale: float) -> QPixmap:
        """Paint the cell of a photo, and keep it in place of an earlier one."""
        picture = QPixmap(size * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(theme.current().panel)
        painter = QPainter(picture)
        cell = QRectF(0, 0, size.width(), size.height())
        paint_photo(painter, cell, photo, self._thumbnail(photo.key), state)
        painter.end()
        self._drop(photo.key)
        self._kept[photo.key] = self._said(photo, state, size, scale), picture
        self._bytes += _bytes_of(picture)
        while self._bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))
        return picture

    def clear(self) -> None:
        """Drop all pixmaps."""
        self._kept.clear()
        self._bytes = 0

    def _said(
        self, photo: OpenPhoto, state: CellState, size: QSize, scale: float
    ) -> tuple[Hashable, ...]:
        return (
            photo.revision,
            bool(photo.failure),
            self._made[photo.key],  # not the thumbnail itself, which may be dropped meanwhile
            state,
            size.toTuple(),
            scale,
            theme.is_dark(),
        )

    def _drop(self, key: int) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= _bytes_of(found[1])


def _bytes_of(picture: QPixmap) -> int:
    return picture.width() * picture.height() * _PIXEL_BYTES
