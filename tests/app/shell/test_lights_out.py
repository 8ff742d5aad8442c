"""Lights out, with real keys and clicks, seen in the pixels of the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo

CTRL = Qt.KeyboardModifier.ControlModifier
BOX = (0.3, 0.3, 0.7, 0.7)


def light(desk: Desk, at: QPoint) -> int:
    """How bright a place of the window is, 0 to 255."""
    image = desk.window.grab().toImage()
    scale = image.devicePixelRatio()
    return QColor(image.pixel(round(at.x() * scale), round(at.y() * scale))).lightness()


def spots(desk: Desk) -> dict[str, QPoint]:
    """A place of each part of the window, in its coordinates."""
    parts, window = desk.window.parts, desk.window
    canvas = parts.canvas.viewport()
    return {
        "panel": parts.side_panel.mapTo(window, QPoint(4, parts.side_panel.height() // 2)),
        "menus": QPoint(window.menuBar().width() - 5, 5),
        "around": canvas.mapTo(window, QPoint(3, 3)),
        "outside": canvas.mapTo(window, desk.place(0.85, 0.85)),
        "inside": canvas.mapTo(window, desk.place(0.5, 0.55)),
    }


@pytest.fixture
def lit(quick: Desk) -> Desk:
    quick.key(Qt.Key.Key_F)
    quick.window.parts.editor.finish_drag(Crop(BOX), "Draw")
    quick.window.parts.canvas.setFocus()
    return quick


def test_all_but_the_crop_dims_then_is_black_then_lit_again(lit: Desk) -> None:
    places = spots(lit)
    before = {name: light(lit, at) for name, at in places.items()}
    lit.key(Qt.Key.Key_L, CTRL)
    dimmed = {name: light(lit, at) for name, at in places.items()}
    lit.key(Qt.Key.Key_L, CTRL)
    black = {name: light(lit, at) for name, at in places.items()}
    lit.key(Qt.Key.Key_L, CTRL)
    assert {name: light(lit, at) for name, at in places.items()} == before
    assert before["inside"] == dimmed["inside"] == black.pop("inside")
    del dimmed["inside"]
    assert all(0 < value < before[name] for name, value in dimmed.items()), (before, dimmed)
    assert set(black.values()) == {0}


def test_in_the_black_a_drag_shows_the_photo_around_faintly(lit: Desk) -> None:
    for _ in range(2):
        lit.key(Qt.Key.Key_L, CTRL)
    corner, around = lit.place(0.7, 0.7), spots(lit)["outside"]
    assert light(lit, around) == 0
    lit.press(corner)
    lit.move(corner + QPoint(20, 20))
    assert light(lit, around) > 0
    lit.release(corner + QPoint(20, 20))
    assert light(lit, around) == 0
    assert lit.crop.box[2] > BOX[2]


def test_escape_brings_the_light_back_and_leaves_the_rest(lit: Desk) -> None:
    lit.key(Qt.Key.Key_V)
    lit.key(Qt.Key.Key_L, CTRL)
    place = spots(lit)["panel"]
    dark = light(lit, place)
    lit.key(Qt.Key.Key_Escape)
    assert light(lit, place) > dark
    assert lit.window.parts.actions["result"].isChecked()


def test_the_dimmed_panel_works_and_the_black_one_lights_up_first(lit: Desk) -> None:
    window, panel = lit.window, lit.window.parts.aspect_panel
    lock = panel.lock_button
    at = lock.mapTo(window, lock.rect().center())
    lit.key(Qt.Key.Key_L, CTRL)
    assert window.childAt(at) is lock
    lit.key(Qt.Key.Key_L, CTRL)
    cover = window.childAt(at)
    assert cover is not lock
    QTest.mouseClick(cover, LEFT, NO_KEY, at)
    assert window.childAt(at) is lock
    assert light(lit, spots(lit)["panel"]) > 20


def test_in_the_black_the_light_follows_the_focus(lit: Desk) -> None:
    for _ in range(2):
        lit.key(Qt.Key.Key_L, CTRL)
    lit.key(Qt.Key.Key_R)
    assert lit.window.parts.aspect_panel.field.hasFocus()
    assert light(lit, spots(lit)["panel"]) > 20


def test_the_next_photo_comes_in_the_dark_and_none_lights_up(lit: Desk, tmp_path: Path) -> None:
    second = write_photo(tmp_path / "second.jpg", 600, 400)
    lit.drop(second)
    lit.until(lambda: lit.photo.path == second and lit.photo.preview is not None)
    for _ in range(2):
        lit.key(Qt.Key.Key_L, CTRL)
    lit.key(Qt.Key.Key_PageUp)
    lit.until(lambda: lit.photo.path != second)
    place = spots(lit)["panel"]
    assert light(lit, place) == 0
    for _ in range(2):
        lit.key(Qt.Key.Key_W, CTRL)
    assert light(lit, place) > 20
