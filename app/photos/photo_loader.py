"""Decodes photos in worker threads: header first, then a fast preview, then the full image.

Four threads: one for the photo that is shown, one for its sharp picture, and two for the photos
that will probably be shown next.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.i18n.engine_messages import translated
from app.runtime.background import ThreadSignals
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.errors import CropsightError, DecodeStoppedError, PhotoError
from cropcore.files.path_checks import file_stamp
from cropcore.images.decode_budget import give_up_when
from cropcore.images.photo import (
    RAW,
    Photo,
    net_pixels,
    read_photo,
    shows_camera_preview,
    srgb_preview,
)
from cropcore.process import LARGE_PIXELS, give_back

log = logging.getLogger(__name__)

PREVIEW_SIDE = 1600
_SMALL_PIXELS = 4_000_000
_WALK_SECONDS = 0.15
SHARP_PIXELS = 40_000_000
"""A larger photo is shown reduced to about so many pixels; exports always use all of them."""


def to_image(pixels: NDArray[np.uint8], opaque: bool) -> QImage:
    """A QImage that owns its memory, in the form that paints fastest, from sRGB uint8 (h, w, 4)."""
    high, wide = pixels.shape[:2]
    form = QImage.Format.Format_RGB32 if opaque else QImage.Format.Format_ARGB32_Premultiplied
    if high * wide > _SMALL_PIXELS:
        return _to_large_image(pixels, form)
    pixels = np.ascontiguousarray(pixels)
    shared = QImage(pixels.data, wide, high, pixels.strides[0], QImage.Format.Format_RGBA8888)
    return shared.convertToFormat(form)


def _to_large_image(pixels: NDArray[np.uint8], form: QImage.Format) -> QImage:
    """As :func:`to_image`, by cv2, which releases the interpreter lock; Qt would block the GUI thread."""
    import cv2

    high, wide = pixels.shape[:2]
    image = QImage(wide, high, form)
    into = np.frombuffer(image.bits(), np.uint8).reshape(high, wide, 4)
    if image.hasAlphaChannel():
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2mRGBA)  # type: ignore[assignment]
    cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA, dst=into)
    return image


def reason_of(path: Path, error: Exception) -> str:
    """What to tell the person of a photo that cannot be read."""
    if isinstance(error, CropsightError):
        return translated(error)
    log.error("Cannot read %s", path, exc_info=error)
    return translated(
        PhotoError(
            path, "cannot be read ({reason}).", "Save it anew and try again.", reason=str(error)
        )
    )


def sharp_side(photo: Photo) -> int:
    """Long side in pixels of the sharpest picture that is kept for the screen."""
    share = min(1.0, math.sqrt(SHARP_PIXELS / (photo.width * photo.height)))
    return round(max(photo.width, photo.height) * share)


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A photo to be read ahead, ``photo`` being its header where that is known.

    With ``encode`` the encoder will want its pixels too.
    """

    key: int
    path: Path
    photo: Photo | None
    encode: bool = True


class PhotoLoader(QObject):
    """Reads photos in the background.

    Signals, each with the photo's key: ``read`` (Photo, stamp of its file: two ints), ``previewed`` and
    ``sharpened`` (QImage), ``file_checked`` (Photo, its pixels for the encoder, an array: of a photo
    that is read ahead, before its preview), ``raw_previewed`` (whether the fast picture of a raw photo is the
    camera's preview, not LibRaw's rendering), ``failed`` (Path and the error's text).
    """

    read = Signal(int, Photo, tuple)
    previewed = Signal(int, QImage)
    sharpened = Signal(int, QImage)
    file_checked = Signal(int, Photo, np.ndarray)
    raw_previewed = Signal(int, bool)
    failed = Signal(int, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        register_worker(self, "photo loader", StopOrder.READERS)
        self._signals = ThreadSignals(self)
        self._front = ThreadPoolExecutor(1, "photo", self._settle_in)
        self._sharp = ThreadPoolExecutor(1, "sharp", self._settle_in)
        self._ahead = ThreadPoolExecutor(2, "ahead", self._settle_in)
        # Written on the GUI thread alone. Workers read _wanted and _stopped without lock: an old value
        # costs one decode that nobody needs, and its signal is dropped by the receiver.
        self._shown: list[Future[None]] = []
        self._prepared: dict[int, tuple[ReadAhead, Future[None]]] = {}
        self._wanted = -1
        self._stopped = False

    def show(self, key: int, path: Path, photo: Photo | None, preview: bool = True) -> None:
        """Load the photo that is shown now; what was begun for the one before is dropped.

        Without ``preview`` the fast picture is there already, and only the sharp one is made.
        """
        if self._stopped:
            return
        for future in self._shown:
            future.cancel()
        self._wanted = key
        if preview:
            self._shown = [self._front.submit(self._guarded, key, path, self._load_shown, photo)]
        else:
            self._shown = [self._sharp.submit(self._guarded, key, path, self._load_later, None)]

    def prepare(self, photos: Sequence[ReadAhead]) -> None:
        """Read these ahead, the first one first; others that were asked for before are dropped."""
        if self._stopped:
            return
        before, self._prepared = self._prepared, {}
        wanted = {one.key: one for one in photos}
        for key, (one, future) in before.items():
            if key in wanted and wanted[key].encode == one.encode and not future.done():
                self._prepared[key] = one, future
            else:
                future.cancel()
        for one in photos:
            if one.key not in self._prepared:
                work = self._load_ahead if one.encode else self._load_preview
                future = self._ahead.submit(self._guarded, one.key, one.path, work, one.photo)
                self._prepared[one.key] = one, future

    def stop(self) -> None:
        """Drop what has not begun and wait for the rest."""
        self._stopped = True
        self._wanted = -1
        for pool in (self._front, self._sharp, self._ahead):
            end_pool(pool)

    def _settle_in(self) -> None:
        give_up_when(lambda: self._stopped)

    def _guarded(
        self,
        key: int,
        path: Path,
        work: Callable[[int, Path, Photo | None], None],
        photo: Photo | None,
    ) -> None:
        try:
            work(key, path, photo)
        except DecodeStoppedError:
            return
        except Exception as error:  # A decoder may raise anything; the person learns which file.
            self._signals.send(self.failed, key, path, reason_of(path, error))

    def _load_shown(self, key: int, path: Path, photo: Photo | None) -> None:
        self._load_preview(key, path, photo)
        if self._wanted == key and not self._stopped:
            with contextlib.suppress(RuntimeError):  # the pool was shut down in between
                self._sharp.submit(self._guarded, key, path, self._load_sharp, None)

    def _load_ahead(self, key: int, path: Path, photo: Photo | None) -> None:
        if photo is None:
            photo = self._read_header(key, path)
        self._signals.send(self.file_checked, key, photo, net_pixels(photo))
        self._load_preview(key, path, photo)

    def _load_preview(self, key: int, path: Path, photo: Photo | None) -> None:
        if photo is None:
            photo = self._read_header(key, path)
        side = min(PREVIEW_SIDE, max(photo.width, photo.height))
        self._signals.send(
            self.previewed, key, to_image(srgb_preview(photo, side), not photo.has_alpha)
        )
        if photo.format == RAW:
            self._signals.send(self.raw_previewed, key, shows_camera_preview(photo, side))

    def _read_header(self, key: int, path: Path) -> Photo:
        # Taken before reading: a change in between is then noticed by the file watcher.
        stamp = file_stamp(path)
        photo = read_photo(path)
        self._signals.send(self.read, key, photo, stamp)
        return photo

    def _load_later(self, key: int, path: Path, photo: Photo | None) -> None:
        # A delay, so that candidates are painted first, and skipping through photos decodes no full
        # picture.
        time.sleep(_WALK_SECONDS)
        self._load_sharp(key, path, photo)

    def _load_sharp(self, key: int, path: Path, _: Photo | None) -> None:
        if self._wanted != key:
            return
        photo = read_photo(path)
        if max(photo.width, photo.height) > PREVIEW_SIDE:
            image = to_image(srgb_preview(photo, sharp_side(photo)), not photo.has_alpha)
            self._signals.send(self.sharpened, key, image)
        if photo.width * photo.height > LARGE_PIXELS:
            give_back()
