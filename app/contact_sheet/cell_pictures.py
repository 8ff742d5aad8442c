"""Painted cells, kept so that scrolling copies them instead of painting them again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from PySide6.QtGui import QPixmap

_MOST_BYTES = 96 * 2**20
_PIXEL_BYTES = 4


class CellPictures:
    """Pixmaps by the key of their photo; those not seen for longest go when there are too many.

    A picture is good as long as what was painted, ``said``, is the same.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[int, tuple[Hashable, QPixmap]] = OrderedDict()
        self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """How much memory the pictures take."""
        return self._bytes

    def find(self, key: int, said: Hashable) -> QPixmap | None:
        """The picture of a photo, if it shows what is said now."""
        found = self._kept.get(key)
        if found is None or found[0] != said:
            return None
        self._kept.move_to_end(key)
        return found[1]

    def outdated(self, key: int) -> QPixmap | None:
        """The picture of a photo as it was painted last, whatever is said now."""
        found = self._kept.get(key)
        return found[1] if found is not None else None

    def keep(self, key: int, said: Hashable, picture: QPixmap) -> None:
        """Keep a picture in place of an earlier one."""
        self._drop(key)
        self._kept[key] = said, picture
        self._bytes += _bytes_of(picture)
        while self._bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Drop all pictures."""
        self._kept.clear()
        self._bytes = 0

    def _drop(self, key: int) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self._bytes -= _bytes_of(found[1])


def _bytes_of(picture: QPixmap) -> int:
    return picture.width() * picture.height() * _PIXEL_BYTES
