"""Pixels on their way to the screen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from app.photos.photo_loader import to_image


@pytest.mark.parametrize("opaque", [True, False])
@pytest.mark.parametrize("size", [(40, 30), (2100, 2000)], ids=["small", "large"])
def test_pixels_keep_their_place_and_colour(size: tuple[int, int], opaque: bool) -> None:
    wide, high = size
    pixels = np.zeros((high, wide, 4), np.uint8)
    pixels[..., 3] = 255
    pixels[3, 5] = (200, 100, 50, 255)
    pixels[high - 1, wide - 1] = (10, 20, 30, 255)
    if not opaque:
        pixels[7, 2] = (200, 100, 50, 128)
    image = to_image(pixels, opaque)
    pixels[:] = 77
    assert (image.width(), image.height()) == size
    assert image.hasAlphaChannel() is not opaque
    assert image.pixelColor(5, 3) == QColor(200, 100, 50)
    assert image.pixelColor(wide - 1, high - 1) == QColor(10, 20, 30)
    assert image.pixelColor(0, 0) == QColor(0, 0, 0)
    if not opaque:
        seen = image.convertToFormat(QImage.Format.Format_ARGB32).pixelColor(2, 7)
        for got, wanted in zip(seen.getRgb(), (200, 100, 50, 128), strict=True):
            assert got == pytest.approx(wanted, abs=2)
