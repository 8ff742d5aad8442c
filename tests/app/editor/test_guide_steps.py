"""Guides by key: named in the status bar and drawn for a moment, without a drag."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from app.editor.overlay_panels import guide_titles
from tests.app.helpers.gui import Desk

K, SHIFT = Qt.Key, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def still(quick: Desk) -> Desk:
    """A desk that starts without a guide, and with nothing else drawn inside the crop."""
    quick.window.parts.guides_panel.choose("none", False)
    quick.window.parts.canvas.set_guide("none")
    quick.window.parts.canvas.setFocus()
    return quick


def said(desk: Desk) -> str:
    return desk.window.parts.status_bar.crop.text()


def picture(desk: Desk) -> NDArray[np.int16]:
    """The inside of the crop as it is painted now."""
    canvas = desk.window.parts.canvas
    rect = canvas.crop_rect(desk.crop.box).toRect().adjusted(8, 8, -8, -8)
    shown = canvas.viewport().grab(rect).toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return np.array(shown.constBits(), np.int16)


def alike(a: NDArray[np.int16], b: NDArray[np.int16]) -> bool:
    """Whether two pictures differ by less than a line: a sharper photo may have come between them."""
    return bool(np.abs(a - b).max() < 16)


def test_o_names_each_guide_and_draws_it_for_a_moment(still: Desk) -> None:
    still.leave()
    bare, of_crop = picture(still), said(still)
    titles = guide_titles()
    for name in (*list(titles)[1:], "none"):
        still.key(K.Key_O)
        assert still.window.parts.guides_panel.name == name
        if name == "none":
            assert said(still) == "No guide"
            assert alike(picture(still), bare)
        else:
            assert said(still) == f"Guide: {titles[name]}"
            assert not alike(picture(still), bare)
    still.key(K.Key_O)
    still.until(lambda: alike(picture(still), bare) and said(still) == of_crop)


def test_shift_o_turns_the_spiral_and_says_where_nothing_turns(still: Desk) -> None:
    still.key(K.Key_O)
    still.key(K.Key_O, SHIFT)
    assert said(still) == "Guide: Thirds, the same whichever way it is turned"
    while still.window.parts.guides_panel.name != "spiral":
        still.key(K.Key_O)
    before = picture(still)
    still.key(K.Key_O, SHIFT)
    assert said(still) == "Guide: Golden spiral, turned"
    assert not alike(picture(still), before)
    for _ in range(3):
        still.key(K.Key_O, SHIFT)
    assert alike(picture(still), before)


def test_news_of_the_crop_come_before_what_passes(still: Desk) -> None:
    still.key(K.Key_O)
    assert said(still) == "Guide: Thirds"
    at = still.window.parts.canvas.crop_rect(still.crop.box).center().toPoint()
    still.press(at)
    still.move(at + QPoint(30, 10))
    assert said(still) == "Your crop"
    still.release(at + QPoint(30, 10))
