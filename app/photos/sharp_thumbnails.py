"""Thumbnails as large as they are shown: what is in view is made larger where it is shown larger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.document.open_photo import OpenPhoto
from app.photos.thumbnails import SIDE, ThumbnailRequest, Thumbnails

_SIDES = (2 * SIDE, 4 * SIDE)
_MEMORY_BYTES = 96 * 2**20


class SharpThumbnails(QObject):
    """The usual thumbnails, and larger ones of the photos in view where the usual ones would be soft.

    Those of one size are kept at a time, bounded by their bytes.

    Signals: ``made`` (key; :meth:`picture` has a larger one now).
    """

    made = Signal(int)

    def __init__(self, usual: Thumbnails, memory_bytes: int = _MEMORY_BYTES) -> None:
        super().__init__(usual)
        self._usual = usual
        self._makers = {
            side: Thumbnails(self, memory_bytes=memory_bytes, workers=1, side=side)
            for side in _SIDES
        }
        self._paths: dict[int, Path] = {}
        for maker in self._makers.values():
            maker.made.connect(self.made)
        usual.made.connect(self._follow)

    @property
    def bytes_kept(self) -> int:
        """How much memory the larger ones take."""
        return sum(maker.bytes_kept for maker in self._makers.values())

    def picture(self, key: int, side: float) -> QImage | None:
        """The best thumbnail of a photo for a long side of so many device pixels, if any is there."""
        maker = self._maker(side)
        found = maker.picture(key) if maker is not None else None
        return found if found is not None else self._usual.picture(key)

    def want_of(self, photos: Iterable[OpenPhoto], side: float) -> None:
        """These are in view with so long a side, in device pixels: make what is wanted for that."""
        wanted = self._maker(side)
        for maker in self._makers.values():
            if maker is not wanted:
                maker.want(())
                maker.keep_only(lambda _: False)
        larger = [photo for photo in photos if _is_larger(photo)] if wanted is not None else []
        self._paths = {photo.key: photo.path for photo in larger}
        if wanted is not None:
            wanted.want_of(larger)

    def keep_only(self, is_open: Callable[[int], object]) -> None:
        """Drop those of photos that are not open any more."""
        for maker in self._makers.values():
            maker.keep_only(is_open)

    def _maker(self, side: float) -> Thumbnails | None:
        """Who makes the larger ones for a side; None where the usual ones are large enough."""
        if side <= SIDE:
            return None
        return self._makers[next((s for s in _SIDES if s >= side), _SIDES[-1])]

    def _follow(self, key: int) -> None:
        """The usual one was made anew, as after a change of the file; so is the larger one in view."""
        for maker in self._makers.values():
            if maker.picture(key) is None:
                continue
            if key in self._paths:
                maker.renew(ThumbnailRequest(key, self._paths[key], True))
            else:
                maker.keep_only(lambda other: other != key)


def _is_larger(photo: OpenPhoto) -> bool:
    return photo.header is None or max(photo.width, photo.height) > SIDE
