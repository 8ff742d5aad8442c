"""Pictures of candidate crops, made off the GUI thread; only the latest set is finished."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath

from app.canvas.levels import turned_pixels
from app.outbox import Outbox
from cropcore.crop import Crop
from cropcore.geometry import rotated_size
from cropcore.orientation import UPRIGHT, Orientation
from cropcore.turning import turned


def crop_thumbnail(image: QImage, crop: Crop, size: QSize, turn: Orientation = UPRIGHT) -> QImage:
    """The crop of a photo's picture, scaled to fit ``size`` (pixels); a circle is cut round.

    ``image`` shows the file; the crop lies in it after ``turn``, straightened as the crop says.

    ``image`` has 32 bits a pixel, as :func:`app.photo_loader.to_image` makes it. cv2 scales because
    it lets go of the interpreter meanwhile, which Qt does not.
    """
    import cv2

    pixels = turned_pixels(_pixels(image, image.constBits()), turn)
    canvas = rotated_size(pixels.shape[1], pixels.shape[0], crop.angle)
    wide, high = round(canvas[0]), round(canvas[1])
    left, top, right, bottom = crop.box
    x, y = (min(round(left * wide), wide - 1), min(round(top * high), high - 1))
    x2, y2 = (max(round(right * wide), x + 1), max(round(bottom * high), y + 1))
    fitted = QSize(x2 - x, y2 - y).scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    small = QImage(fitted.expandedTo(QSize(1, 1)), image.format())
    if crop.angle:
        _straighten(pixels, crop, small)
    else:
        cv2.resize(
            pixels[y:y2, x:x2],
            (small.width(), small.height()),
            dst=_pixels(small, small.bits()),
            interpolation=cv2.INTER_AREA if small.width() < x2 - x else cv2.INTER_LINEAR,
        )
    if crop.shape != "circle":
        return small
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
    made = turned(pixels, crop.angle, (left, top, right, bottom), size, alpha=False)
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
        self._outbox = Outbox(self)
        self._pool = ThreadPoolExecutor(1, "thumbnail")
        self._sets = itertools.count(1)
        self._latest = 0

    def make(
        self, image: QImage, crops: Sequence[Crop], size: QSize, turn: Orientation = UPRIGHT
    ) -> int:
        """Begin a set and return its number; a set that was begun before is given up.

        The arguments are those of :func:`crop_thumbnail`.
        """
        if self._latest < 0:
            return self._latest
        number = self._latest = next(self._sets)
        self._pool.submit(self._run, number, image, tuple(crops), size, turn)
        return number

    def stop(self) -> None:
        """Give up and wait for the thread."""
        self._latest = -1
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(
        self,
        number: int,
        image: QImage,
        crops: tuple[Crop, ...],
        size: QSize,
        turn: Orientation,
    ) -> None:
        for place, crop in enumerate(crops):
            if number != self._latest:
                return
            self._outbox.send(self.made, number, place, crop_thumbnail(image, crop, size, turn))
