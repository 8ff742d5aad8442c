"""Image pyramid of a photo: its pixels at halved sizes, built off the GUI thread.

cv2 does the work because it lets go of the interpreter lock meanwhile, which QImage does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cropcore.geometry.orientation import Orientation

Pixels = NDArray[np.uint8]

_SMALLEST_LEVEL = 512


@dataclass(frozen=True, slots=True, eq=False)
class PyramidLevel:
    """The photo at one size; the images share the arrays' memory."""

    pixels: Pixels
    colour: QImage
    grey_pixels: Pixels
    grey: QImage

    @property
    def width(self) -> int:
        """Columns."""
        return self.colour.width()


def make_levels(image: QImage, turn: Orientation) -> tuple[PyramidLevel, ...]:
    """All levels of a picture after a turn, the largest first."""
    import cv2

    pixels = turned_pixels(_as_bgra(image), turn)
    opaque = not image.hasAlphaChannel()
    levels = [_level(pixels, opaque)]
    while max(pixels.shape[:2]) > 2 * _SMALLEST_LEVEL and min(pixels.shape[:2]) >= 2:
        size = (pixels.shape[1] + 1) // 2, (pixels.shape[0] + 1) // 2
        pixels = _pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
        levels.append(_level(pixels, opaque))
    return tuple(levels)


def turned_levels(levels: tuple[PyramidLevel, ...], by: Orientation) -> tuple[PyramidLevel, ...]:
    """The same levels turned further."""
    return tuple(
        _level(turned_pixels(x.pixels, by), not x.colour.hasAlphaChannel()) for x in levels
    )


def turned_pixels(pixels: Pixels, turn: Orientation) -> Pixels:
    """A picture (h, w, channels) mirrored and turned, by cv2, which lets go of the interpreter."""
    import cv2

    if turn.mirrored:
        pixels = _pixels(cv2.flip(pixels, 1))
    ways = {
        90: cv2.ROTATE_90_CLOCKWISE,
        180: cv2.ROTATE_180,
        270: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }
    return _pixels(cv2.rotate(pixels, ways[turn.rotation])) if turn.rotation else pixels


def exact_level(level: PyramidLevel, size: tuple[int, int]) -> PyramidLevel:
    """A level reduced to exactly ``size``."""
    import cv2

    pixels = _pixels(cv2.resize(level.pixels, size, interpolation=cv2.INTER_AREA))
    return _level(pixels, not level.colour.hasAlphaChannel())


def _as_bgra(image: QImage) -> Pixels:
    """The pixels (h, w, 4) as the screen wants them: blue first, alpha multiplied in."""
    import cv2

    form = image.format()
    if form == QImage.Format.Format_RGB888:
        return _pixels(cv2.cvtColor(_view(image, 3), cv2.COLOR_RGB2BGRA))
    if form == QImage.Format.Format_RGBX8888:
        return _pixels(cv2.cvtColor(_view(image, 4), cv2.COLOR_RGBA2BGRA))
    if form == QImage.Format.Format_RGBA8888:
        multiplied = cv2.cvtColor(_view(image, 4), cv2.COLOR_RGBA2mRGBA)
        return _pixels(cv2.cvtColor(multiplied, cv2.COLOR_RGBA2BGRA))
    alpha = image.hasAlphaChannel()
    wanted = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    # The view does not keep its image alive, so the image must outlast the copying.
    converted = image.convertToFormat(wanted)
    return _view(converted, 4).copy()


def _view(image: QImage, channels: int) -> Pixels:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels)


def _pixels(array: object) -> Pixels:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _level(pixels: Pixels, opaque: bool) -> PyramidLevel:
    import cv2

    high, wide = pixels.shape[:2]
    grey = _pixels(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY))
    form, grey_form = QImage.Format.Format_RGB32, QImage.Format.Format_Grayscale8
    if not opaque:
        grey = _pixels(cv2.merge([grey, grey, grey, pixels[..., 3]]))
        form = grey_form = QImage.Format.Format_ARGB32_Premultiplied
    return PyramidLevel(
        pixels,
        QImage(pixels.data, wide, high, pixels.strides[0], form),
        grey,
        QImage(grey.data, wide, high, grey.strides[0], grey_form),
    )
