"""The area map: it follows the ratio, and the masked view darkens by it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.canvas.crop_view import ViewMode
from app.photos import photo_loader
from cropcore.geometry.aspect import Aspect
from tests.app.helpers.gui import Desk, Thumb

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose_map(desk: Desk, name: str) -> None:
    combo = desk.window.parts.maps_panel.combo
    combo.setCurrentIndex(combo.findData(name))
    desk.until(lambda: desk.window.parts.editor.suggester.map is not None)


def grey_at(desk: Desk, x: float, y: float) -> float:
    """Mean colour of a place of the photo on the screen."""
    image: QImage = desk.window.parts.canvas.viewport().grab().toImage()
    colour = image.pixelColor((desk.place(x, y).toPointF() * image.devicePixelRatio()).toPoint())
    return (colour.red() + colour.green() + colour.blue()) / 3


def test_m_steps_through_all_five(quick: Desk) -> None:
    seen = []
    for _ in range(6):
        quick.key(K.Key_M)
        seen.append(quick.window.parts.maps_panel.combo.currentText())
    assert seen == ["Saliency", "Content", "Sensitivity", "Area", "Attention", "Off"]


def test_the_area_map_follows_every_tick_without_a_gap(quick: Desk) -> None:
    choose_map(quick, "area")
    editor, canvas, thumb = quick.window.parts.editor, quick.window.parts.canvas, Thumb(quick)
    gaps: list[bool] = []
    editor.suggester.map_changed.connect(
        lambda: gaps.append(editor.suggester.map is None or canvas.state.heatmap is None)
    )
    thumb.press()
    for ratio in (1.3, 1.0, 0.8):
        before = editor.suggester.map
        thumb.move(ratio)
        assert canvas.state.heatmap is not None
        quick.until(lambda old=before: editor.suggester.map is not old)
        assert canvas.state.heatmap.map is editor.suggester.map
        assert ("area", quick.photo.edit.aspect) == quick.engine.maps_made[-1]
    thumb.release(0.8)
    assert not any(gaps)
    assert quick.photo.edit.aspect == Aspect.parse("4:5")


def test_other_maps_are_made_once_for_all_ratios(quick: Desk) -> None:
    choose_map(quick, "attention")
    shown = quick.window.parts.editor.suggester.map
    quick.key(K.Key_C)
    quick.until(lambda: quick.photo.is_answered)
    assert quick.window.parts.editor.suggester.map is shown
    assert [name for name, _ in quick.engine.maps_made] == ["attention"]


def test_the_masked_view_darkens_by_what_is_not_area(quick: Desk) -> None:
    canvas = quick.window.parts.canvas
    corner, middle = grey_at(quick, 0.02, 0.97), grey_at(quick, 0.5, 0.5)
    quick.key(K.Key_V)
    quick.key(K.Key_M, SHIFT)
    assert canvas.view_mode is ViewMode.MASKED
    assert quick.window.parts.actions["masked"].isChecked()
    assert not quick.window.parts.actions["result"].isChecked()
    quick.until(lambda: quick.window.parts.editor.suggester.area is not None)
    area = quick.window.parts.editor.suggester.area.values
    quick.until(lambda: grey_at(quick, 0.02, 0.97) < 0.3 * corner)
    assert grey_at(quick, 0.5, 0.5) > 0.9 * middle
    place = grey_at(quick, 0.75, 0.5)
    quick.key(K.Key_M, SHIFT)
    assert canvas.view_mode is ViewMode.EDIT
    quick.key(K.Key_V)
    quick.window.presenter.set_mode(ViewMode.BEFORE)
    shown = area[area.shape[0] // 2, int(area.shape[1] * 0.75)]
    np.testing.assert_allclose(place, grey_at(quick, 0.75, 0.5) * shown, atol=4)
    assert quick.undo_count == 0


def test_the_masked_view_follows_the_slider_and_ends_with_esc(quick: Desk) -> None:
    quick.key(K.Key_M, SHIFT)
    quick.until(lambda: quick.window.parts.editor.suggester.area is not None)
    canvas, thumb = quick.window.parts.canvas, Thumb(quick)
    first = canvas.state.mask
    thumb.press()
    thumb.move(0.6)
    assert canvas.state.mask is first
    quick.until(lambda: canvas.state.mask is not first)
    assert canvas.state.mask is not None
    thumb.release(0.6)
    canvas.setFocus()
    quick.key(K.Key_Escape)
    assert canvas.view_mode is ViewMode.EDIT
    assert quick.window.parts.editor.suggester.area is None


def test_a_map_over_the_photo_and_the_mask_do_not_push_each_other_out(quick: Desk) -> None:
    choose_map(quick, "saliency")
    quick.key(K.Key_M, SHIFT)
    quick.until(lambda: quick.window.parts.editor.suggester.area is not None)
    assert quick.window.parts.editor.suggester.map.name == "saliency"
    assert quick.window.parts.editor.suggester.area.name == "area"


def test_a_map_that_is_wanted_before_the_picture_is_there_comes_with_it(
    make_desk: Callable[..., Desk], small_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = threading.Event()
    made = photo_loader.srgb_preview

    def late(*values: Any) -> Any:
        picture.wait()
        return made(*values)

    monkeypatch.setattr(photo_loader, "srgb_preview", late)
    desk = make_desk(held=False)
    try:
        desk.drop(small_photo)
        desk.until(lambda: desk.window.parts.editor.photo is not None)
        assert desk.photo.preview is None
        desk.key(Qt.Key.Key_M)
        desk.until(lambda: desk.window.parts.editor.suggester.map is not None)
        desk.qtbot.wait(0)
    finally:
        picture.set()
    desk.until(lambda: desk.photo.preview is not None)
    desk.until(lambda: desk.window.parts.canvas.state.heatmap is not None)
