"""Pictures of candidates."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.photos.crop_thumbnails import ThumbnailMaker, ThumbnailSource, crop_thumbnail
from app.photos.photo_loader import to_image
from app.runtime.workers import stop_workers
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation


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
    "box",
    [(0.0, 0.0, 1.0, 1.0), (0.999, 0.999, 1.0, 1.0), (0.9999, 0.9999, 1.0, 1.0), (0, 0, 0.001, 1)],
)
def test_no_crop_is_too_small_or_too_long(
    picture: QImage, box: tuple[float, float, float, float]
) -> None:
    small = crop_thumbnail(picture, Crop(box), QSize(90, 80))
    assert 1 <= small.width() <= 90
    assert 1 <= small.height() <= 80


@pytest.mark.parametrize("angle", [0.0, 7.0])
def test_thumbnails_cut_from_halves_look_like_those_from_the_whole_picture(angle: float) -> None:
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 256, (20, 30, 4), np.uint8)
    pixels = np.asarray(cv2.resize(coarse, (1555, 1037), interpolation=cv2.INTER_CUBIC), np.uint8)
    pixels[..., 3] = 255
    picture = to_image(np.ascontiguousarray(pixels), opaque=True)
    for box in ((0.1, 0.05, 0.9, 0.95), (0.3, 0.3, 0.55, 0.6), (0.2, 0.15, 0.85, 0.7)):
        crop = Crop(box, angle=angle)
        small = _colours(ThumbnailSource(picture).thumbnail(crop, QSize(96, 88)))
        large = _colours(ThumbnailSource(picture).thumbnail(crop, QSize(1600, 1600)))
        wanted = cv2.resize(large, small.shape[1::-1], interpolation=cv2.INTER_AREA)
        assert np.abs(small.astype(int) - wanted).mean() < 3
        assert small.std() > 20


def test_a_maker_cuts_anew_from_another_picture_and_from_one_that_is_turned(
    picture: QImage, qtbot: QtBot
) -> None:
    maker = ThumbnailMaker()
    other = picture.copy()
    other.fill(QColor(0, 255, 0))
    colours = []
    for image, turn in ((picture, UPRIGHT), (picture, Orientation(180)), (other, UPRIGHT)):
        with qtbot.waitSignal(maker.made) as made:
            maker.make(image, [Crop((0.0, 0.0, 0.4, 1.0))], QSize(40, 40), turn)
        assert made.args[0] == maker.latest
        colours.append(made.args[2].pixelColor(5, 5).name())
    assert colours == ["#ff0000", "#0000ff", "#00ff00"]
    stop_workers(maker)


def _colours(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return rows[..., :3].copy()
