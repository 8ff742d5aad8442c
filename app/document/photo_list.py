"""Ordered list of open photos with lookup by key, and the current one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.document.open_photo import OpenPhoto


class PhotoList:
    """Photos in their order and the ``current`` one, which is shown while the list is.

    ``way`` is the order in which a person goes through them, and may leave some of them out.
    """

    def __init__(self, photos: Iterable[OpenPhoto] = (), current: OpenPhoto | None = None) -> None:
        self._photos = list(photos)
        self._tuple: tuple[OpenPhoto, ...] | None = None
        self._by_key = {photo.key: photo for photo in self._photos}
        self._by_path = {photo.path: photo for photo in reversed(self._photos)}
        self._places = {photo.key: place for place, photo in enumerate(self._photos)}
        self.way: Sequence[OpenPhoto] = self._photos
        self.current = current

    @property
    def photos(self) -> tuple[OpenPhoto, ...]:
        """The photos in their order."""
        if self._tuple is None:
            self._tuple = tuple(self._photos)
        return self._tuple

    def find(self, key: int) -> OpenPhoto | None:
        """The photo with this key."""
        return self._by_key.get(key)

    def at(self, path: Path) -> OpenPhoto | None:
        """The first photo of this file."""
        return self._by_path.get(path)

    def place_of(self, photo: OpenPhoto) -> int:
        """Place of a photo, -1 where it is not in the list."""
        return self._places.get(photo.key, -1)

    def append(self, photo: OpenPhoto) -> None:
        """Put a photo at the end."""
        self._places[photo.key] = len(self._photos)
        self._photos.append(photo)
        self._by_key[photo.key] = photo
        self._by_path.setdefault(photo.path, photo)
        self._tuple = None

    def remove(self, photo: OpenPhoto) -> None:
        """Take a photo out; where it was the current one, that is now the one after it on the way."""
        place, way = self._places[photo.key], list(self.way)
        beside = way.index(photo) if photo in way else -1
        near = next(iter(way[beside + 1 :] + way[: max(beside, 0)][::-1]), None)
        del self._photos[place], self._by_key[photo.key]
        if self._by_path[photo.path] is photo:
            del self._by_path[photo.path]
        self._places = {p.key: i for i, p in enumerate(self._photos)}
        self._tuple = None
        if photo is self.current:
            self.current = near
