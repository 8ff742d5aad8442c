"""What the canvas paints, pixel by pixel."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView, ViewMode
from app.canvas.image_pyramid import turned_pixels
from app.document.edit import Owner
from app.style import theme
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Candidate, Crop, Map
from cropcore.geometry.orientation import FLIP_HORIZONTAL, TURN_RIGHT, UPRIGHT, Orientation
from cropcore.images.rotate import rotate_pixels
from cropcore.messages import NOTHING, Message
from tests.app.helpers.canvas_hand import press, release, to
from tests.app.helpers.gui import WAIT_MS

WIDTH, HEIGHT = 1500, 1000
PHOTO = QColor(200, 120, 80)
CROP = Crop((0.2, 0.3, 0.7, 0.8))
CANDIDATES = [Candidate(1, Crop((0.1, 0.1, 0.5, 0.6)), 80.0, 0.0, "gaic")]


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CropView]:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(PHOTO)
    view = CropView()
    qtbot.addWidget(view)
    view.resize(1024, 686)
    with qtbot.waitExposed(view):
        view.show()
    view.set_photo(image, WIDTH, HEIGHT)
    qtbot.waitUntil(lambda: view.photo.is_ready)
    return view


def place(view: CropView, x: float, y: float) -> QPointF:
    return view.to_viewport(QPointF(x * WIDTH, y * HEIGHT))


def shot(view: CropView) -> np.ndarray:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[:, : image.width(), 2::-1].astype(int)


def dot(view: CropView, point: QPointF) -> tuple[int, int]:
    """Row and column of a place of the viewport in a picture of it, whose pixels are the screen's."""
    unit = view.devicePixelRatioF()
    return int(point.y() * unit), int(point.x() * unit)


def at(view: CropView, x: float, y: float) -> list[int]:
    return shot(view)[dot(view, place(view, x, y))].tolist()


def rgb(colour: QColor, share: float = 1.0) -> list[float]:
    return pytest.approx([c * share for c in (colour.red(), colour.green(), colour.blue())], abs=2)


def test_the_photo_fades_to_45_per_cent_outside_the_crop_only(view: CropView) -> None:
    view.set_crop(CROP, Owner.MINE)
    assert at(view, 0.45, 0.55) == rgb(PHOTO)
    assert at(view, 0.1, 0.1) == rgb(PHOTO, 0.45)
    assert at(view, 0.9, 0.9) == rgb(PHOTO, 0.45)


def test_a_circle_dims_its_corners_too(view: CropView) -> None:
    view.set_crop(Crop((0.2, 0.2, 0.6, 0.8), "circle"), Owner.MINE)
    assert at(view, 0.4, 0.5) == rgb(PHOTO)
    assert at(view, 0.23, 0.24) == rgb(PHOTO, 0.45)
    assert at(view, 0.9, 0.5) == rgb(PHOTO, 0.45)


def test_the_frame_is_one_white_pixel_over_three_dark_ones(view: CropView) -> None:
    view.set_crop(CROP, Owner.MINE)
    edge = place(view, CROP.box[0], 0.42)
    line, column = dot(view, edge + QPointF(0.5, 0.0) / view.devicePixelRatioF())
    row = shot(view)[line, column - 3 : column + 4]
    white = [i for i, pixel in enumerate(row.tolist()) if pixel == [255, 255, 255]]
    assert len(white) == 1
    (i,) = white
    assert row[i + 1].tolist() == rgb(PHOTO, 0.6)
    assert row[i - 1].tolist() == rgb(PHOTO, 0.45 * 0.6)
    assert row[i + 2].tolist() == rgb(PHOTO)
    assert row[i - 2].tolist() == rgb(PHOTO, 0.45)


_SCALED = """
import sys
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
app = QApplication(sys.argv)
from app.canvas.crop_view import CropView
from app.document.edit import Owner
from cropcore.geometry.crop import Crop
view = CropView()
view.resize(500, 400)
view.show()
image = QImage(300, 200, QImage.Format.Format_RGB32)
image.fill(0xFF808080)
view.set_photo(image, 300, 200)
view.set_crop(Crop((0.3, 0.3, 0.7, 0.8)), Owner.MINE)
shot = view.grab().toImage()
y = int(view.to_viewport(view.sceneRect().center()).y() * 0.9 * shot.devicePixelRatio())
row = [shot.pixelColor(x, y).red() for x in range(shot.width())]
print(shot.devicePixelRatio(), row.count(255))
"""


@pytest.mark.parametrize("factor", ["1.5", "2"])
def test_lines_stay_one_device_pixel_on_dense_screens(factor: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", _SCALED],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=WAIT_MS / 1000,
    )
    ratio, white = done.stdout.split()
    assert float(ratio) == float(factor)
    assert int(white) == 2


def test_a_fresh_photo_is_shown_untouched(view: CropView) -> None:
    view.set_crop(Crop(), Owner.WHOLE)
    (top, left), (bottom, right) = dot(view, QPointF(80, 60)), dot(view, QPointF(940, 620))
    inside = shot(view)[top:bottom, left:right].reshape(-1, 3)
    assert (np.unique(inside, axis=0) == [[200, 120, 80]]).all()


def test_before_shows_the_photo_and_nothing_else(view: CropView) -> None:
    view.set_crop(CROP, Owner.MINE)
    view.state.set_candidates(CANDIDATES)
    view.set_protected([(0.3, 0.3, 0.4, 0.4)])
    view.set_guides_always(True)
    view.set_guide("thirds")
    view.set_label("750 × 500")
    view.set_view_mode(ViewMode.BEFORE)
    colours = {tuple(c) for c in np.unique(shot(view).reshape(-1, 3), axis=0).tolist()}
    canvas = theme.current().canvas
    assert colours == {(200, 120, 80), (canvas.red(), canvas.green(), canvas.blue())}


def test_result_shows_the_crop_alone_and_masks_a_circle(view: CropView) -> None:
    canvas = theme.current().canvas
    view.set_crop(CROP, Owner.MINE)
    view.set_view_mode(ViewMode.RESULT)
    assert at(view, 0.21, 0.31) == rgb(PHOTO)
    assert at(view, 0.19, 0.31) == rgb(canvas)
    shown = view.crop_rect(CROP.box)
    assert shown.center().x() == pytest.approx(512, abs=1)
    assert shown.height() > 600
    view.set_crop(Crop((0.2, 0.2, 0.6, 0.8), "circle"), Owner.MINE)
    assert at(view, 0.4, 0.5) == rgb(PHOTO)
    assert at(view, 0.21, 0.215) == rgb(canvas)


def test_a_proposal_fades_in(view: CropView, qtbot: QtBot) -> None:
    view.set_crop(Crop(), Owner.WHOLE)
    view.set_crop(CROP, Owner.PROPOSED)
    qtbot.waitUntil(lambda: at(view, 0.1, 0.1) == rgb(PHOTO, 0.45))


def test_a_map_greys_the_photo_and_dims_less(view: CropView) -> None:
    values = np.zeros((10, 15), np.float32)
    values[:, 8:] = 1.0
    view.set_crop(Crop((0.1, 0.1, 0.9, 0.9)), Owner.MINE)
    view.set_map(Map("m", values, 0.0, 1.0, Message("Content"), NOTHING), 1.0)
    grey = at(view, 0.3, 0.6)
    assert max(grey) - min(grey) <= 1
    assert at(view, 0.05, 0.6) == pytest.approx([0.8 * c for c in grey], abs=2)
    high = at(view, 0.8, 0.6)
    assert max(high) - min(high) > 40
    view.set_map(None)
    assert at(view, 0.3, 0.6) == rgb(PHOTO)


def test_the_map_has_a_legend_at_the_bottom_left(view: CropView) -> None:
    before = shot(view)
    view.set_map(Map("m", np.zeros((4, 6), np.float32), 0.0, 1.0, Message("Content"), NOTHING), 0.0)
    legend = np.abs(shot(view) - before)[-70:-15, 15:170].sum()
    elsewhere = np.abs(shot(view) - before)[-25:, 400:].sum()
    assert legend > 0
    assert elsewhere == 0


def test_guides_come_with_a_drag_unless_wanted_always(view: CropView) -> None:
    view.set_crop(CROP, Owner.MINE)
    view.set_candidates_visible(False)
    plain = shot(view)
    view.set_guide("thirds")
    assert (shot(view) == plain).all()
    third = place(view, 0.2 + 0.5 / 3, 0.4)
    view.set_guides_always(True)
    line, column = dot(view, third)
    assert (shot(view)[line, column - 2 : column + 3] != PHOTO.getRgb()[:3]).any()
    view.set_guides_always(False)
    middle = place(view, 0.45, 0.55)
    press(view, middle)
    to(view, middle + QPointF(30, 0))
    line, column = dot(view, third + QPointF(30, 0))
    assert (shot(view)[line, column - 2 : column + 3] != PHOTO.getRgb()[:3]).any()
    release(view, middle)


@pytest.mark.parametrize("alpha", [False, True])
def test_at_100_per_cent_every_pixel_is_the_photos_own(qtbot: QtBot, alpha: bool) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (900, 1400, 4), np.uint8)
    pixels[..., 3] = 255
    form = QImage.Format.Format_RGBA8888 if alpha else QImage.Format.Format_RGBX8888
    view = CropView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.set_photo(QImage(pixels.data, 1400, 900, 5600, form), 1400, 900)
    qtbot.waitUntil(lambda: view.photo.is_ready)
    view.zoom_actual()
    corner = view.to_scene(QPointF(0, 0))
    x, y = round(corner.x()), round(corner.y())
    high, wide = dot(view, QPointF(600, 400))
    assert (shot(view) == pixels[y : y + high, x : x + wide, :3]).all()


def test_when_the_zoom_rests_the_photo_is_scaled_by_area(qtbot: QtBot) -> None:
    """Fine stripes become even grey: neither moiré nor shimmer."""
    stripes = np.zeros((2000, 3000), np.uint8)
    stripes[:, ::2] = 200
    view = CropView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.set_photo(
        QImage(stripes.data, 3000, 2000, 3000, QImage.Format.Format_Grayscale8), 3000, 2000
    )
    qtbot.waitUntil(lambda: view.photo.is_exact)
    middle = shot(view)[200:400, 200:600]
    assert np.abs(middle - 100).max() <= 8


# Straightened and turned -------------------------------------------------------------------------


def chart() -> QImage:
    """Four quarters of different colours, a line between upper and lower half."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for place, colour in enumerate(("#c03030", "#30c030", "#3030c0", "#c0c030")):
        x, y = place % 2 * WIDTH // 2, place // 2 * HEIGHT // 2
        painter.fillRect(x, y, WIDTH // 2, HEIGHT // 2, QColor(colour))
    painter.end()
    return image


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_MS / 1000
    while not what():
        assert time.monotonic() < until
        QTest.qWait(5)


def settled(view: CropView) -> np.ndarray:
    """The canvas once its pixels are sharp; a level photo that is enlarged has no sharper ones."""
    wait_for(lambda: view.photo.is_ready)
    view.grab()
    wait_for(lambda: view.photo.is_exact or (view.zoom >= 1 and not view.pose.angle))
    return shot(view)


def reference(angle: float, turn: Orientation = UPRIGHT) -> np.ndarray:
    """The whole canvas of the chart as the core turns it, with black corners."""
    rows = np.frombuffer(chart().constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)
    pixels = turned_pixels(np.ascontiguousarray(rows[..., 2::-1]), turn)
    high, wide = pixels.shape[:2]
    canvas = rotated_size(wide, high, angle)
    part = -canvas[0] / 2, -canvas[1] / 2, canvas[0] / 2, canvas[1] / 2
    size = round(canvas[0]), round(canvas[1])
    return rotate_pixels(pixels, angle, part, size, alpha=False).astype(int)


@pytest.mark.parametrize("angle", [0.0, 7.0, -30.0])
@pytest.mark.parametrize("turn", [UPRIGHT, TURN_RIGHT, FLIP_HORIZONTAL, Orientation(270, True)])
def test_a_turned_photo_is_shown_as_the_core_turns_it(
    view: CropView, angle: float, turn: Orientation
) -> None:
    size = (HEIGHT, WIDTH) if turn.swaps_sides else (WIDTH, HEIGHT)
    view.set_photo(chart(), WIDTH, HEIGHT)
    view.set_turn(turn, *size)
    view.set_crop(Crop((0.3, 0.3, 0.7, 0.7), "rect", angle), Owner.WHOLE)
    view.set_view_mode(ViewMode.RESULT)
    view.set_view_mode(ViewMode.EDIT)
    quick = shot(view)
    sharp = settled(view) if angle or turn != UPRIGHT else shot(view)
    wanted, frame = reference(angle, turn), view.crop_rect((0, 0, 1, 1))
    for x, y in itertools.product((0.4, 0.46, 0.54, 0.6), repeat=2):
        expected = wanted[int(y * wanted.shape[0]), int(x * wanted.shape[1])]
        spot = frame.topLeft() + QPointF(x * frame.width(), y * frame.height())
        # Around its crop the photo is dimmed; here all places are inside.
        assert sharp[dot(view, spot)] == pytest.approx(expected, abs=4)
        assert quick[dot(view, spot)] == pytest.approx(expected, abs=4)


def test_corners_without_photo_have_the_colour_of_the_canvas(view: CropView) -> None:
    view.set_photo(chart(), WIDTH, HEIGHT)
    view.set_crop(Crop((0.4, 0.4, 0.6, 0.6), "rect", 15.0), Owner.MINE)
    image, frame = settled(view), view.crop_rect((0, 0, 1, 1))
    for corner in (frame.topLeft(), frame.bottomRight()):
        inward = (frame.center() - corner) * 0.02
        place = corner + inward
        assert image[dot(view, place)] == rgb(theme.current().canvas)


def test_the_photo_around_a_straightened_crop_is_dimmed_up_to_its_edge(view: CropView) -> None:
    view.set_crop(Crop((0.4, 0.4, 0.6, 0.6), "rect", 15.0), Owner.MINE)
    image, frame = settled(view), view.crop_rect((0, 0, 1, 1))
    middle, aside = frame.center(), frame.center() + QPointF(frame.width() * 0.3, 0)
    assert image[dot(view, middle)] == rgb(PHOTO)
    assert image[dot(view, aside)] == rgb(PHOTO, 0.45)


def test_a_map_lies_over_what_the_engine_saw_of_a_straightened_photo(view: CropView) -> None:
    values = np.full((20, 30), 1.0, np.float32)
    view.set_crop(Crop((0.4, 0.4, 0.6, 0.6), "rect", 15.0), Owner.WHOLE)
    view.set_map(Map("saliency", values, 0.0, 1.0, Message("Saliency"), NOTHING), 1.0)
    left, top, right, bottom = view.pose.seen
    frame = view.crop_rect(view.pose.seen).center()
    heard: list[float | None] = []
    view.map_hovered.connect(heard.append)
    to(view, frame)
    assert heard[-1] == 1.0
    to(view, view.crop_rect((left / 2, 0.5, left / 2, 0.5)).topLeft())
    assert heard[-1] is None
    assert 0 < left < right < 1
    assert 0 < top < bottom < 1


def test_the_grid_shows_while_the_photo_turns_and_goes_when_it_rests(view: CropView) -> None:
    view.set_crop(CROP, Owner.MINE)
    view.set_straightening(True)
    still = shot(view)
    view.set_crop(Crop((0.3, 0.3, 0.7, 0.7), "rect", 0.5), Owner.MINE)
    assert view.level_tool.grid == 1
    assert not np.array_equal(shot(view), still)
    wait_for(lambda: view.level_tool.grid == 0)


def test_the_view_keeps_its_spot_while_a_zoomed_photo_turns(view: CropView) -> None:
    view.set_photo(chart(), WIDTH, HEIGHT)
    view.set_crop(CROP, Owner.MINE)
    view.zoom_by(6, view.to_viewport(QPointF(WIDTH / 4, HEIGHT / 2)))
    middle = QPointF(view.viewport().rect().center())
    spot = view.pose.to_canvas.inverted()[0].map(view.to_scene(middle))
    zoom = view.zoom
    view.set_crop(Crop((0.3, 0.3, 0.7, 0.7), "rect", 20.0), Owner.MINE)
    now = view.pose.to_canvas.inverted()[0].map(view.to_scene(middle))
    assert view.zoom == zoom
    assert (now - spot).manhattanLength() < 3
