"""Habits of the trade on the canvas: its menu, the crop as a picture, zoom to the crop, full screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.document.edit import Owner
from cropcore.geometry.refit import pixels
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key


def test_the_crop_is_copied_as_a_picture(quick: Desk) -> None:
    quick.draw_crop((0.2, 0.3, 0.6, 0.8))
    _, _, wide, high = pixels(quick.crop, quick.photo.edit.aspect, *_size(quick))
    with quick.qtbot.waitSignal(quick.window.parts.crop_picture.copied, timeout=WAIT_MS) as done:
        quick.key(K.Key_C, CTRL | SHIFT)
    assert done.args == [wide, high]
    picture = QGuiApplication.clipboard().image()
    assert (picture.width(), picture.height()) == (wide, high)
    shown = quick.photo.preview
    assert shown is not None
    left, top, _, _ = quick.crop.box
    beside = shown.pixelColor(round(left * shown.width()) + 2, round(top * shown.height()) + 2)
    assert _far(picture.pixelColor(2, 2).getRgb(), beside.getRgb()) < 24


def test_a_right_click_on_the_photo_offers_what_concerns_the_crop(quick: Desk) -> None:
    canvas, menu = quick.window.parts.canvas, quick.window.parts.canvas_menu
    at = quick.place(0.5, 0.5)
    quick.qtbot.mousePress(canvas.viewport(), Qt.MouseButton.RightButton, pos=at)
    where = canvas.viewport().mapToGlobal(at)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, where)
    QApplication.sendEvent(canvas.viewport(), asked)
    quick.until(menu.isVisible)
    before = quick.crop
    quick.qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.RightButton, pos=at)
    menu.setActiveAction(quick.window.parts.actions["reset"])
    quick.qtbot.keyClick(menu, K.Key_Return)
    quick.until(lambda: not menu.isVisible())
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.crop != before


def test_a_small_crop_fills_the_canvas_beyond_400_percent(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(held=False)
    desk.open(write_photo(tmp_path / "icon.png", 96, 64))
    desk.until(lambda: desk.photo.current_suggestions)
    desk.draw_crop((0.25, 0.25, 0.75, 0.75))
    canvas = desk.window.parts.canvas
    desk.key(K.Key_2, CTRL)
    assert canvas.zoom > 6
    shown = canvas.crop_rect(desk.crop.box)
    room = canvas.viewport().rect()
    assert shown.center().x() == pytest.approx(room.center().x(), abs=2)
    assert room.contains(shown.toAlignedRect())
    assert max(shown.width() / room.width(), shown.height() / room.height()) > 0.75


def test_f11_fills_the_screen_and_comes_back(quick: Desk) -> None:
    window, action = quick.window, quick.window.parts.actions["full_screen"]
    quick.key(K.Key_F11)
    quick.until(window.isFullScreen)
    assert action.isChecked()
    quick.key(K.Key_F11)
    quick.until(lambda: not window.isFullScreen())
    assert not action.isChecked()


def _size(desk: Desk) -> tuple[int, int]:
    return desk.photo.width, desk.photo.height


def _far(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
