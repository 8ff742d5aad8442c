"""Makes thumbnails of crops in worker threads; only the latest set is finished."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath

from app.canvas.image_pyramid import turned_pixels
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.images.rotate import rotate_pixels

_FINER = 2
"""A thumbnail is cut from pixels that are at least so many times finer than its own."""


class ThumbnailSource:
    """A photo's picture, from which thumbnails of crops are cut; for one thread.

    It is halved as far as a first thumbnail wants, and those halves serve all that follow: ten crops
    of a large picture would have all its pixels read ten times.
    """

    def __init__(self, image: QImage, turn: Orientation = UPRIGHT) -> None:
        """``image`` shows the file, with 32 bits a pixel, as :func:`app.photos.photo_loader.to_image` makes it.

        Crops lie in it after ``turn``.
        """
        self._image = image  # owns the memory of the first pixels
        self._sizes = [turned_pixels(_pixels(image, image.constBits()), turn)]
        self._of = image.cacheKey(), turn

    def shows(self, image: QImage, turn: Orientation) -> bool:
        """Whether it was made of the same."""
        return self._of == (image.cacheKey(), turn)

    def thumbnail(self, crop: Crop, size: QSize) -> QImage:
        """A crop, straightened as it says, scaled to fit ``size`` (pixels); a circle is cut round.

        Scaled by cv2, which releases the interpreter lock; Qt does not.
        """
        import cv2

        pixels = self._sizes[0]
        x, y, x2, y2 = _place(pixels, crop)
        fitted = QSize(x2 - x, y2 - y).scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
        small = QImage(fitted.expandedTo(QSize(1, 1)), self._image.format())
        pixels = self._halved(min((x2 - x) / small.width(), (y2 - y) / small.height()))
        if crop.angle:
            _straighten(pixels, crop, small)
        else:
            x, y, x2, y2 = _place(pixels, crop)
            cv2.resize(
                pixels[y:y2, x:x2],
                (small.width(), small.height()),
                dst=_pixels(small, small.bits()),
                interpolation=cv2.INTER_AREA if small.width() < x2 - x else cv2.INTER_LINEAR,
            )
        return _cut_round(small) if crop.shape == "circle" else small

    def _halved(self, times: float) -> NDArray[np.uint8]:
        """The picture halved as often as a crop can bear of which ``times`` as much is there."""
        import cv2

        halvings = max(0, int(math.log2(max(times, 1) / _FINER)))
        while len(self._sizes) <= halvings and min(self._sizes[-1].shape[:2]) >= 2:
            high, wide = self._sizes[-1].shape[:2]
            half = cv2.resize(self._sizes[-1], (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
            self._sizes.append(np.asarray(half, np.uint8))
        return self._sizes[min(halvings, len(self._sizes) - 1)]


def crop_thumbnail(image: QImage, crop: Crop, size: QSize, turn: Orientation = UPRIGHT) -> QImage:
    """One thumbnail by itself: see :class:`ThumbnailSource`."""
    return ThumbnailSource(image, turn).thumbnail(crop, size)


def _place(pixels: NDArray[np.uint8], crop: Crop) -> tuple[int, int, int, int]:
    """Where a crop lies, in whole pixels, at least one of them; of a straightened one, how large it is."""
    canvas = rotated_size(pixels.shape[1], pixels.shape[0], crop.angle)
    wide, high = round(canvas[0]), round(canvas[1])
    left, top, right, bottom = crop.box
    x, y = (min(round(left * wide), wide - 1), min(round(top * high), high - 1))
    return x, y, max(round(right * wide), x + 1), max(round(bottom * high), y + 1)


def _cut_round(small: QImage) -> QImage:
    result = QImage(small.size(), QImage.Format.Format_ARGB32_Premultiplied)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QPainterPath()
    disc.addEllipse(QRectF(result.rect()))
    painter.setClipPath(disc)
    painter.drawImage(0, 0, small)
    painter.end()
    return result


def _straighten(pixels: NDArray[np.uint8], crop: Crop, into: QImage) -> None:
    """Fill ``into`` with a crop of a straightened picture, which is reduced to its scale first."""
    import cv2

    high, wide = pixels.shape[:2]
    across = (crop.box[2] - crop.box[0]) * rotated_size(wide, high, crop.angle)[0]
    scale = into.width() / across
    if scale < 1:
        wide, high = max(1, round(wide * scale)), max(1, round(high * scale))
        pixels = np.asarray(
            cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA), np.uint8
        )
    canvas = rotated_size(wide, high, crop.angle)
    left, top, right, bottom = ((v - 0.5) * canvas[i % 2] for i, v in enumerate(crop.box))
    size = into.width(), into.height()
    made = rotate_pixels(pixels, crop.angle, (left, top, right, bottom), size, alpha=False)
    _pixels(into, into.bits())[:] = made


def _pixels(image: QImage, bits: object) -> NDArray[np.uint8]:
    """The memory of a picture of 32 bits a pixel as (h, w, 4); it must outlast the array."""
    return np.frombuffer(bits, np.uint8).reshape(image.height(), image.width(), 4)  # type: ignore[call-overload]


class ThumbnailMaker(QObject):
    """Makes sets of thumbnails in one background thread.

    Signals: ``made`` (number of the set, place in it, QImage).
    """

    made = Signal(int, int, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self, "crop thumbnails", StopOrder.READERS)
        self._sets = itertools.count(1)
        self._latest = 0
        self._cutting: ThumbnailSource | None = None  # of the thread

    @property
    def latest(self) -> int:
        """Number of the set that was begun last; 0 before the first."""
        return self._latest

    def make(
        self, image: QImage, crops: Sequence[Crop], size: QSize, turn: Orientation = UPRIGHT
    ) -> int:
        """Begin a set and return its number; a set that was begun before is given up.

        The arguments are those of :class:`ThumbnailSource` and of its thumbnails.
        """
        number = self._latest = next(self._sets)
        self._worker.submit(partial(self._run, number, image, tuple(crops), size, turn))
        return number

    def _run(
        self,
        number: int,
        image: QImage,
        crops: tuple[Crop, ...],
        size: QSize,
        turn: Orientation,
    ) -> None:
        cutting = self._cutting
        if cutting is None or not cutting.shows(image, turn):
            cutting = self._cutting = ThumbnailSource(image, turn)
        for place, crop in enumerate(crops):
            if number != self._latest or self._worker.is_stopped:
                return
            self._worker.send(self.made, number, place, cutting.thumbnail(crop, size))
