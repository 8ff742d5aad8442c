"""Pictures of candidates."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from app.photo_loader import to_image
from app.thumbnails import crop_thumbnail
from cropcore.crop import Crop


@pytest.fixture
def picture() -> QImage:
    """Red on the left, blue on the right."""
    pixels = np.zeros((200, 400, 4), np.uint8)
    pixels[:, :200] = (255, 0, 0, 255)
    pixels[:, 200:] = (0, 0, 255, 255)
    return to_image(pixels, opaque=True)


def test_a_thumbnail_shows_the_crop_and_fits(picture: QImage) -> None:
    small = crop_thumbnail(picture, Crop((0.25, 0.0, 0.75, 1.0)), QSize(90, 60))
    assert (small.width(), small.height()) == (60, 60)
    assert small.pixelColor(10, 30) == QColor(255, 0, 0)
    assert small.pixelColor(50, 30) == QColor(0, 0, 255)


def test_a_circle_is_cut_round(picture: QImage) -> None:
    small = crop_thumbnail(picture, Crop((0.0, 0.0, 0.5, 1.0), "circle"), QSize(50, 50))
    assert small.pixelColor(0, 0).alpha() == 0
    assert small.pixelColor(25, 25) == QColor(255, 0, 0)


@pytest.mark.parametrize(
    "box", [(0.0, 0.0, 1.0, 1.0), (0.999, 0.999, 1.0, 1.0), (1.0, 1.0, 1.0, 1.0), (0, 0, 0.001, 1)]
)
def test_no_crop_is_too_small_or_too_long(
    picture: QImage, box: tuple[float, float, float, float]
) -> None:
    small = crop_thumbnail(picture, Crop(box), QSize(90, 80))
    assert 1 <= small.width() <= 90
    assert 1 <= small.height() <= 80
