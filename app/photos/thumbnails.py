"""Makes thumbnails of photos in the background, those near the filmstrip's view first.

Only what is wanted now is made, the nearest first; what was scrolled past before its turn came is
forgotten. Pictures in memory are bounded by their bytes; those on the disk by the cache.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from app.document.open_photo import OpenPhoto
from app.photos.crop_thumbnails import crop_thumbnail
from app.photos.photo_loader import reason_of, to_image
from app.photos.thumbnail_cache import ThumbnailCache, cache_folder
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.errors import DecodeStoppedError
from cropcore.files.path_checks import file_stamp
from cropcore.geometry.crop import Crop
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import Photo, read_photo, srgb_preview

log = logging.getLogger(__name__)

SIDE = 256
"""Long side of a thumbnail in pixels."""
_MEMORY_BYTES = 128 * 2**20


@dataclass(frozen=True, slots=True)
class ThumbnailRequest:
    """A thumbnail to make: the photo's key, its file, and whether its header is known already.

    With a ``preview``, a larger picture of the same file, it is made from that.
    """

    key: int
    path: Path
    header_known: bool
    preview: QImage | None = None


class Thumbnails(QObject):
    """Makes and keeps thumbnails with a long side of ``side`` pixels.

    Signals: ``made`` (key; :meth:`picture` has it), ``read`` (key, Photo, stamp of two ints: a header that had
    to be read for it), ``failed`` (key, Path and why the file cannot be read).
    """

    made = Signal(int)
    read = Signal(int, Photo, tuple)
    failed = Signal(int, object, str)
    _ready = Signal(int, QImage)

    def __init__(
        self,
        parent: QObject,
        cache: ThumbnailCache | None = None,
        memory_bytes: int = _MEMORY_BYTES,
        workers: int = 0,
        side: int = SIDE,
    ) -> None:
        super().__init__(parent)
        register_worker(self, "thumbnails", StopOrder.READERS)
        self._signals = ThreadSignals(self)
        self._cache = cache if cache is not None else ThumbnailCache(cache_folder())
        self._most = memory_bytes
        self._side = side
        self._workers = workers or max(1, min(4, (os.cpu_count() or 2) // 2))
        self._pool = ThreadPoolExecutor(self._workers, "thumbnail", self._settle_in)
        self._lock = threading.Lock()
        self._line: deque[ThumbnailRequest] = deque()
        self._busy: set[int] = set()
        self._renewed: dict[int, ThumbnailRequest] = {}
        self._again: dict[int, ThumbnailRequest] = {}
        self._running = 0
        self._stopped = False
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._bytes = 0
        self._ready.connect(self._keep)

    def picture(self, key: int) -> QImage | None:
        """The thumbnail of a photo, if it is there."""
        found = self._pictures.get(key)
        if found is not None:
            self._pictures.move_to_end(key)
        return found

    @property
    def bytes_kept(self) -> int:
        """How much memory the pictures take."""
        return self._bytes

    @property
    def room(self) -> int:
        """How many pictures are kept at the least; whoever wants more at once drives some out."""
        return max(1, self._most // (4 * self._side * self._side))

    def want(self, wanted: Iterable[ThumbnailRequest]) -> None:
        """Make these, the first one first; what was wanted before and has not begun is dropped."""
        fresh = [w for w in wanted if w.key not in self._pictures]
        with self._lock:
            offered = [w for w in self._line if w.preview is not None]
            known = {w.key for w in offered} | self._busy
            self._line = deque([*offered, *(w for w in fresh if w.key not in known)])
        self._begin()

    def want_of(self, photos: Iterable[OpenPhoto]) -> None:
        """The same for open photos, as far as their files can be read."""
        self.want(
            ThumbnailRequest(p.key, p.path, p.header is not None) for p in photos if not p.failure
        )

    def offer(self, key: int, path: Path, preview: QImage) -> None:
        """The picture of a shown photo is there: its thumbnail need not wait for its turn."""
        if key in self._pictures:
            return
        with self._lock:
            if key not in self._busy:
                others = (w for w in self._line if w.key != key)
                self._line = deque([ThumbnailRequest(key, path, True, preview), *others])
        self._begin()

    def renew(self, wanted: ThumbnailRequest) -> None:
        """Read a photo and make its thumbnail anew, however far it is: its file may have been changed."""
        with self._lock:
            if wanted.key in self._busy:
                self._again[wanted.key] = wanted
            else:
                self._renewed[wanted.key] = wanted
        self._begin()

    def keep_only(self, is_open: Callable[[int], object]) -> None:
        """Drop the pictures of photos that are not open any more."""
        for key in [key for key in self._pictures if not is_open(key)]:
            self._drop(key)

    def stop(self) -> None:
        """Begin nothing more and wait for what was begun."""
        with self._lock:
            self._stopped = True
            self._line.clear()
            self._renewed.clear()
        end_pool(self._pool)

    def _begin(self) -> None:
        with self._lock:
            idle = min(self._workers - self._running, len(self._line) + len(self._renewed))
            if self._stopped or idle <= 0:
                return
            self._running += idle
        for _ in range(idle):
            self._pool.submit(self._work)

    def _settle_in(self) -> None:
        give_up_when(lambda: self._stopped)

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            try:
                self._make(wanted)
            except DecodeStoppedError:
                pass  # it ends
            except (
                Exception
            ) as error:  # A decoder may raise anything; the person learns which file.
                self._signals.send(
                    self.failed, wanted.key, wanted.path, reason_of(wanted.path, error)
                )
            finally:
                with self._lock:
                    self._busy.discard(wanted.key)
                    if (again := self._again.pop(wanted.key, None)) is not None:
                        self._renewed[again.key] = again

    def _next(self) -> ThumbnailRequest | None:
        with self._lock:
            while self._line or self._renewed:
                if self._line:
                    wanted = self._line.popleft()
                    wanted = self._renewed.pop(wanted.key, wanted)
                else:
                    wanted = self._renewed.pop(next(iter(self._renewed)))
                    if wanted.key in self._busy:
                        self._again[wanted.key] = wanted
                if wanted.key not in self._busy:
                    self._busy.add(wanted.key)
                    return wanted
            self._running -= 1
            return None

    def _make(self, wanted: ThumbnailRequest) -> None:
        if wanted.preview is not None:
            large = wanted.preview.size()
            room = QSize(self._side, self._side).boundedTo(QSize(1, 1) * max(large.toTuple()))
            self._signals.send(
                self._ready, wanted.key, crop_thumbnail(wanted.preview, Crop(), room)
            )
            return
        # Taken before reading: a change in between is then noticed by the file watcher.
        stamp = file_stamp(wanted.path)
        if not wanted.header_known:
            self._signals.send(self.read, wanted.key, read_photo(wanted.path), stamp)
        found = self._cache.load(wanted.path, stamp, self._side)
        if found is None:
            photo = read_photo(wanted.path)
            pixels = srgb_preview(photo, min(self._side, max(photo.width, photo.height)))
            found = pixels, not photo.has_alpha
            self._cache.store(wanted.path, stamp, self._side, *found)
        self._signals.send(self._ready, wanted.key, to_image(*found))

    def _keep(self, key: int, image: QImage) -> None:
        self._drop(key)
        self._pictures[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most and len(self._pictures) > 1:
            self._drop(next(iter(self._pictures)))
        self.made.emit(key)

    def _drop(self, key: int) -> None:
        picture = self._pictures.pop(key, None)
        if picture is not None:
            self._bytes -= picture.sizeInBytes()
