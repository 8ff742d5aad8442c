"""The straighten tool as a person uses it, with real mouse and key events, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.edit import Owner
from app.editor.angle_slider import AngleSlider
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import net_pixels
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import LEFT, NO_KEY, Desk
from tests.app.helpers.straighten_hand import (
    CTRL,
    OWN,
    SHIFT,
    draw_line,
    draw_own,
    inside,
    straighten,
)
from tests.cropcore.images.test_level_detection import quarrel


@pytest.fixture
def own(quick: Desk) -> Desk:
    return draw_own(quick)


def test_a_line_straightens_in_one_step_and_0_gives_the_first_crop_again(own: Desk) -> None:
    steps = own.undo_count
    own.key(Qt.Key.Key_S)
    assert own.window.parts.actions["straighten"].isChecked()
    draw_line(own, 3)
    assert own.crop.angle == pytest.approx(-3, abs=0.1)
    assert own.photo.edit.owner is Owner.MINE
    assert own.undo_count == steps + 1
    assert inside(own)
    draw_line(own, 2, (0.3, 0.5))
    assert own.crop.angle == pytest.approx(-5, abs=0.2)
    own.key(Qt.Key.Key_Return)
    assert not own.window.parts.actions["straighten"].isChecked()
    straighten(own, 0)
    assert own.crop == Crop(OWN)


def test_the_tool_opens_its_part_of_the_panel_in_view(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk((1280, 720), held=False)
    desk.open(small_photo)
    desk.window.parts.numbers_section.set_open(True)
    desk.window.parts.editor.suggester.set_map("saliency")
    desk.window.parts.maps_panel.next()
    desk.key(Qt.Key.Key_S)
    finish, side = desk.window.parts.straighten_panel.finish, desk.window.parts.side_panel.pages
    desk.until(
        lambda: (
            side.rect().contains(finish.mapTo(side, finish.rect().bottomRight()))
            and finish.isVisible()
        )
    )
    desk.click(finish)
    assert not desk.window.parts.straighten_tool.is_on
    assert not finish.isVisible()


def test_a_plumb_line_straightens_too(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    at = own.place(0.5, 0.2)
    own.drag(at, at + QPoint(10, 250))
    assert own.crop.angle == pytest.approx(np.degrees(np.arctan2(10, 250)), abs=0.3)


def test_a_click_and_a_cancelled_line_change_nothing(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    at = own.place(0.5, 0.5)
    own.drag(at, at + QPoint(4, 3))
    assert own.crop == Crop(OWN)
    own.press(at)
    own.move(at + QPoint(200, 30))
    own.key(Qt.Key.Key_Escape)
    own.release(at + QPoint(200, 30))
    assert own.crop == Crop(OWN)
    assert own.window.parts.straighten_tool.is_on


def test_keys_turn_by_tenths_and_by_degrees_in_one_step(own: Desk) -> None:
    steps = own.undo_count
    own.key(Qt.Key.Key_S)
    for _ in range(3):
        own.key(Qt.Key.Key_Right)
    own.key(Qt.Key.Key_Up, SHIFT)
    assert own.crop.angle == pytest.approx(1.3)
    own.key(Qt.Key.Key_Left)
    own.key(Qt.Key.Key_Down, SHIFT)
    assert own.crop.angle == pytest.approx(0.2)
    assert own.undo_count == steps + 1
    own.key(Qt.Key.Key_Z, CTRL)
    assert own.crop == Crop(OWN)
    own.key(Qt.Key.Key_S)
    own.key(Qt.Key.Key_Right)
    assert own.crop.angle == 0
    assert own.crop != Crop(OWN)


def test_escape_brings_the_angle_before_back_and_leaves_no_step(own: Desk) -> None:
    straighten(own, 4)
    before, steps = own.crop, own.photo.stack.index()
    own.key(Qt.Key.Key_S)
    draw_line(own, 2)
    own.key(Qt.Key.Key_Right, SHIFT)
    assert own.crop != before
    own.key(Qt.Key.Key_Escape)
    assert own.crop == before
    assert own.photo.stack.index() == steps
    assert not own.window.parts.straighten_tool.is_on


def test_escape_keeps_what_else_was_done_meanwhile(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    own.key(Qt.Key.Key_Right, SHIFT)
    own.key(Qt.Key.Key_P)
    own.key(Qt.Key.Key_Escape)
    assert own.crop == Crop(OWN)
    assert own.photo.edit.starred


def test_the_slider_is_one_step_snaps_to_0_and_resets(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    slider, steps = own.window.parts.straighten_panel.slider, own.undo_count

    def at(angle: float) -> QPoint:
        return QPoint(round(slider.x_of(angle)), 11)

    QTest.mousePress(slider, LEFT, NO_KEY, at(0))
    for angle in (2, 8, 20, 44, 12):
        QTest.mouseMove(slider, at(angle))
        assert inside(own)
        assert own.crop.angle == pytest.approx(angle, abs=0.6)
        assert own.window.parts.canvas.pose.angle == own.crop.angle
    QTest.mouseRelease(slider, LEFT, NO_KEY, at(12))
    assert own.undo_count == steps + 1
    QTest.mousePress(slider, LEFT, NO_KEY, at(slider.angle))
    QTest.mouseMove(slider, at(0) + QPoint(2, 0))
    QTest.mouseRelease(slider, LEFT, NO_KEY, at(0) + QPoint(2, 0))
    assert own.crop == Crop(OWN)
    QTest.keyClick(slider, Qt.Key.Key_Right, SHIFT)
    assert own.crop.angle == 1
    QTest.mouseDClick(slider, LEFT, NO_KEY, at(1))
    assert own.crop == Crop(OWN)


@given(st.floats(-45, 45))
def test_the_slider_finds_its_places_again(qapp: object, angle: float) -> None:
    slider = AngleSlider()
    slider.resize(280, 40)
    near = slider.angle_at(slider.x_of(angle))
    assert abs(near - angle) < 0.051 or abs(angle) < 0.2
    assert slider.angle_at(slider.x_of(0) + 3) == 0


def test_shift_makes_the_slider_ten_times_as_fine(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    slider = own.window.parts.straighten_panel.slider
    start = QPoint(round(slider.x_of(0)), 11)
    QTest.mousePress(slider, LEFT, NO_KEY, start)
    QTest.mouseMove(slider, start + QPoint(60, 0))
    coarse = slider.angle
    QTest.mouseMove(slider, start)
    # QTest's moves carry no modifiers.
    slider._drawn += 6
    slider.dragged.emit(slider._drawn)
    assert 0 < slider.angle < coarse / 5
    QTest.mouseRelease(slider, LEFT, NO_KEY, start)


def test_undo_and_redo_keep_the_way_back_to_the_first_crop(own: Desk) -> None:
    straighten(own, 7)
    at_7 = own.crop
    straighten(own, -20)
    own.key(Qt.Key.Key_Z, CTRL)
    assert own.crop == at_7
    own.key(Qt.Key.Key_Z, CTRL)
    own.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert own.crop == at_7
    straighten(own, 0)
    assert own.crop == Crop(OWN)
    straighten(own, 7)
    assert own.crop == at_7


def test_a_crop_that_was_moved_since_is_the_first_one_then(own: Desk) -> None:
    straighten(own, 5)
    own.key(Qt.Key.Key_Right)
    moved = own.crop
    straighten(own, 9)
    straighten(own, 5)
    assert own.crop == moved


def test_the_tool_belongs_to_its_photo(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk(held=False)
    for name in "ab":
        Image.new("RGB", (600, 400), "navy").save(tmp_path / f"{name}.png")
    desk.open(tmp_path / "a.png", tmp_path / "b.png")
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.key(Qt.Key.Key_S)
    desk.key(Qt.Key.Key_Right, SHIFT)
    desk.key(Qt.Key.Key_PageDown)
    assert not desk.window.parts.straighten_tool.is_on
    assert not desk.window.parts.canvas.straightening
    assert desk.crop.angle == 0
    desk.key(Qt.Key.Key_PageUp)
    assert desk.crop.angle == 1


def test_level_lines_offer_an_angle_and_nothing_offers_none(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(held=False)
    y, x = np.mgrid[:800, :1200]
    down = (y - 400) * np.cos(np.radians(2)) - (x - 600) * np.sin(np.radians(2))
    bands = np.where((down // 60) % 2 == 0, 60, 190).astype(np.uint8)
    Image.fromarray(np.repeat(bands[..., None], 3, 2)).save(tmp_path / "askew.png")
    Image.new("RGB", (600, 400), "navy").save(tmp_path / "plain.png")
    desk.open(tmp_path / "askew.png", tmp_path / "plain.png")
    panel = desk.window.parts.straighten_panel
    assert not panel.auto.isEnabled()
    desk.key(Qt.Key.Key_S)
    desk.until(panel.auto.isEnabled)
    assert desk.window.parts.straighten_tool.suggested == pytest.approx(-2, abs=0.2)
    assert re.search(r"own lines: (8|9)\d % sure", panel.auto.toolTip())
    desk.click(panel.auto)
    assert desk.crop.angle == desk.window.parts.straighten_tool.suggested
    assert not panel.auto.isEnabled()
    desk.key(Qt.Key.Key_H, SHIFT)
    assert desk.window.parts.straighten_tool.suggested == desk.crop.angle > 0
    desk.key(Qt.Key.Key_PageDown)
    desk.until(lambda: desk.photo.preview is not None)
    desk.key(Qt.Key.Key_S)
    desk.until(lambda: "No lines" in panel.auto.toolTip())
    assert not panel.auto.isEnabled()
    Image.fromarray(quarrel()).save(tmp_path / "quarrel.png")
    desk.open(tmp_path / "quarrel.png")
    desk.key(Qt.Key.Key_S)
    desk.until(panel.auto.isEnabled)
    assert panel.auto.text().endswith("?")
    assert "do not agree well: 6" in panel.auto.toolTip()


def test_the_straightened_photo_is_what_the_engine_sees(quick: Desk) -> None:
    first = quick.crop
    quick.key(Qt.Key.Key_S)
    asked = len(quick.engine.asked)
    for _ in range(5):
        quick.key(Qt.Key.Key_Right, SHIFT)
    assert len(quick.engine.asked) == asked
    quick.until(lambda: len(quick.engine.asked) > asked)  # the angle rests
    held = quick.crop
    quick.until(lambda: quick.photo.is_answered)
    assert quick.crop == held
    quick.key(Qt.Key.Key_Return)
    photo = quick.photo.photo
    assert photo is not None
    _, seen = quick.engine.encoded[-1]
    np.testing.assert_array_equal(seen, net_pixels(photo, 5.0))
    view = StraightView.of(photo.width, photo.height, 5.0)
    wanted = view.to_canvas(candidate_crops(quick.photo.edit.aspect, photo)[0].box)
    quick.until(lambda: quick.photo.edit.owner is Owner.PROPOSED and quick.crop != held)
    np.testing.assert_allclose(quick.crop.box, wanted, atol=1e-12)
    assert quick.crop.angle == 5
    assert inside(quick)
    assert len(quick.engine.asked) == asked + 1
    straighten(quick, 0)
    quick.until(lambda: quick.crop == first)


def test_the_candidate_that_leaves_all_there_is_says_so_at_an_angle(own: Desk) -> None:
    own.window.parts.editor.set_aspect(Aspect("original"))
    straighten(own, 3)
    own.until(lambda: own.photo.is_answered and own.painted == 10)
    names = [thumb.accessibleName() for thumb in own.window.parts.strip.cards]
    assert ["uncropped" in name for name in names] == [False] * 9 + [True]


def test_an_own_crop_keeps_its_place_when_new_suggestions_come(own: Desk) -> None:
    straighten(own, 3)
    held = own.crop
    own.until(lambda: own.photo.is_answered)
    assert own.crop == held
    own.until(lambda: own.painted == 10)
    own.key(Qt.Key.Key_3)
    assert own.crop.angle == 3
    assert inside(own)


def test_a_candidate_painted_for_another_angle_is_straightened_when_taken(own: Desk) -> None:
    painted = own.window.parts.shown_candidates.suggestions
    assert painted is not None
    own.window.parts.editor.suggester.pause(True)
    own.window.parts.straighten_tool.set_angle(10)
    own.window.parts.editor.take(painted.candidates[0], painted.aspect)
    assert own.crop.angle == 10
    assert inside(own)
