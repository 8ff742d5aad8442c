"""The straighten tool, turns and mirrors, as a person uses them: with real mouse and key events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from app.canvas.view import ViewMode
from app.ownership import Owner
from app.panels.angle_slider import AngleSlider
from app.refit import as_box, keeps, nudged, pixels, refit, typed
from app.turned import Lying, Origins, areas_at
from cropcore.aspect import Aspect
from cropcore.crop import Box, Crop
from cropcore.geometry import inside_rotated, rotated_size
from cropcore.orientation import TURN_LEFT, TURN_RIGHT, UPRIGHT, Orientation
from cropcore.photo import net_pixels
from cropcore.straighten import StraightView, fit_inside
from tests.app.engine_double import candidate_crops
from tests.app.gui import LEFT, NO_KEY, Desk

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
OWN: Box = (0.2, 0.25, 0.7, 0.8)


def inside(desk: Desk) -> bool:
    """Whether no crop of the photo shows an empty corner."""
    photo = desk.photo
    return all(
        inside_rotated(crop.box, photo.width, photo.height, crop.angle)
        for crop in (photo.edit.crop, *(kept.crop for kept in photo.edit.others))
    )


def draw_line(desk: Desk, degrees: float, start: tuple[float, float] = (0.2, 0.4)) -> None:
    """Draw a line that falls to the right by so many degrees, as an askew horizon does."""
    at = desk.place(*start)
    long = 400
    desk.drag(at, at + QPoint(long, round(long * np.tan(np.radians(degrees)))))


def straighten(desk: Desk, angle: float) -> None:
    """Type an angle with the tool on, and leave it."""
    desk.key(Qt.Key.Key_S)
    field = desk.window.straighten.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, f"{angle:.1f}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.crop.angle == pytest.approx(angle)
    desk.key(Qt.Key.Key_Return)
    assert not desk.window.straightening.is_on


@pytest.fixture
def own(quick: Desk) -> Desk:
    """A desk whose photo has a crop of the person's own, of a free ratio."""
    quick.key(Qt.Key.Key_F)
    quick.window.editor.finish_drag(Crop(OWN), "Draw")
    return quick


# The tool ----------------------------------------------------------------------------------------


def test_a_line_straightens_in_one_step_and_0_gives_the_first_crop_again(own: Desk) -> None:
    steps = own.undo_count
    own.key(Qt.Key.Key_S)
    assert own.window.act["straighten"].isChecked()
    draw_line(own, 3)
    assert own.crop.angle == pytest.approx(-3, abs=0.1)
    assert own.photo.edit.owner is Owner.MINE
    assert own.undo_count == steps + 1
    assert inside(own)
    draw_line(own, 2, (0.3, 0.5))
    assert own.crop.angle == pytest.approx(-5, abs=0.2)
    own.key(Qt.Key.Key_Return)
    assert not own.window.act["straighten"].isChecked()
    straighten(own, 0)
    assert own.crop == Crop(OWN)


def test_the_tool_opens_its_part_of_the_panel_in_view(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk((1280, 720), held=False)
    desk.open(small_photo)
    desk.window.numbers_section.set_open(True)
    desk.window.editor.set_map("saliency")
    desk.window.maps.next()
    desk.key(Qt.Key.Key_S)
    finish, side = desk.window.straighten.finish, desk.window.side.pages
    desk.until(
        lambda: (
            side.rect().contains(finish.mapTo(side, finish.rect().bottomRight()))
            and finish.isVisible()
        )
    )
    desk.click(finish)
    assert not desk.window.straightening.is_on
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
    assert own.window.straightening.is_on


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
    assert not own.window.straightening.is_on


def test_escape_keeps_what_else_was_done_meanwhile(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    own.key(Qt.Key.Key_Right, SHIFT)
    own.key(Qt.Key.Key_P)
    own.key(Qt.Key.Key_Escape)
    assert own.crop == Crop(OWN)
    assert own.photo.edit.starred


def test_the_slider_is_one_step_snaps_to_0_and_resets(own: Desk) -> None:
    own.key(Qt.Key.Key_S)
    slider, steps = own.window.straighten.slider, own.undo_count

    def at(angle: float) -> QPoint:
        return QPoint(round(slider.x_of(angle)), 11)

    QTest.mousePress(slider, LEFT, NO_KEY, at(0))
    for angle in (2, 8, 20, 44, 12):
        QTest.mouseMove(slider, at(angle))
        assert inside(own)
        assert own.crop.angle == pytest.approx(angle, abs=0.6)
        assert own.window.canvas.pose.angle == own.crop.angle
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
    slider = own.window.straighten.slider
    start = QPoint(round(slider.x_of(0)), 11)
    QTest.mousePress(slider, LEFT, NO_KEY, start)
    QTest.mouseMove(slider, start + QPoint(60, 0))
    coarse = slider.angle
    QTest.mouseMove(slider, start)
    # QTest's moves carry no modifiers.
    slider._drawn += 6
    slider.move_to(slider._drawn)
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
    assert not desk.window.straightening.is_on
    assert not desk.window.canvas.straightening
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
    panel = desk.window.straighten
    assert not panel.auto.isEnabled()
    desk.key(Qt.Key.Key_S)
    desk.until(panel.auto.isEnabled)
    assert desk.window.straightening.suggested == pytest.approx(-2, abs=0.2)
    desk.click(panel.auto)
    assert desk.crop.angle == desk.window.straightening.suggested
    assert not panel.auto.isEnabled()
    desk.key(Qt.Key.Key_H, SHIFT)
    assert desk.window.straightening.suggested == desk.crop.angle > 0
    desk.key(Qt.Key.Key_PageDown)
    desk.until(lambda: desk.photo.preview is not None)
    desk.key(Qt.Key.Key_S)
    desk.until(lambda: "No lines" in panel.auto.toolTip())
    assert not panel.auto.isEnabled()


# What the engine is asked -----------------------------------------------------------------------


def test_the_straightened_photo_is_what_the_engine_sees(quick: Desk) -> None:
    first = quick.crop
    quick.key(Qt.Key.Key_S)
    asked = len(quick.engine.asked)
    for _ in range(5):
        quick.key(Qt.Key.Key_Right, SHIFT)
    assert len(quick.engine.asked) == asked
    quick.until(lambda: len(quick.engine.asked) > asked)  # the angle rests
    held = quick.crop
    quick.until(lambda: quick.photo.answered == quick.photo.edit.question)
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
    own.window.editor.set_aspect(Aspect("original"))
    straighten(own, 3)
    own.until(lambda: own.photo.answered == own.photo.edit.question and own.painted == 10)
    names = [thumb.accessibleName() for thumb in own.window.strip.thumbs]
    assert ["uncropped" in name for name in names] == [False] * 9 + [True]


def test_an_own_crop_keeps_its_place_when_new_suggestions_come(own: Desk) -> None:
    straighten(own, 3)
    held = own.crop
    own.until(lambda: own.photo.answered == own.photo.edit.question)
    assert own.crop == held
    own.until(lambda: own.painted == 10)
    own.key(Qt.Key.Key_3)
    assert own.crop.angle == 3
    assert inside(own)


def test_a_candidate_painted_for_another_angle_is_straightened_when_taken(own: Desk) -> None:
    painted = own.window.strip.painted
    assert painted is not None
    own.window.editor.pause(True)
    own.window.straightening.set_angle(10)
    own.window.take(painted.candidates[0], painted.aspect)
    assert own.crop.angle == 10
    assert inside(own)


# Turns -------------------------------------------------------------------------------------------


def test_four_quarter_turns_restore_everything_to_the_last_bit(own: Desk) -> None:
    own.window.editor.set_protected([(0.1, 0.2, 0.3, 0.37)])
    own.window.editor.set_aspect(Aspect.parse("4:5"))
    straighten(own, 2.3)
    own.until(lambda: own.photo.answered == own.photo.edit.question)
    before, steps, view = own.photo.edit, own.undo_count, own.window.canvas.pose
    own.key(Qt.Key.Key_BracketRight, CTRL)
    assert own.photo.edit.orientation == TURN_RIGHT
    assert own.photo.edit.aspect == Aspect.parse("5:4")
    assert (own.photo.width, own.photo.height) == (800, 1200)
    assert own.window.canvas.pose.width == 800
    for _ in range(3):
        own.key(Qt.Key.Key_BracketRight, CTRL)
    assert own.photo.edit == before
    assert own.window.canvas.pose == view
    own.key(Qt.Key.Key_BracketLeft, CTRL)
    assert own.photo.edit.orientation == TURN_LEFT
    own.key(Qt.Key.Key_H, SHIFT)
    own.key(Qt.Key.Key_V, SHIFT)
    own.key(Qt.Key.Key_BracketLeft, CTRL)
    assert own.photo.edit == before
    assert own.undo_count == steps + 8
    for _ in range(8):
        own.key(Qt.Key.Key_Z, CTRL)
        assert inside(own)
    assert own.photo.edit == before


def test_0_gives_the_first_crop_again_by_any_way_through_turns(own: Desk) -> None:
    own.key(Qt.Key.Key_BracketRight, CTRL)
    straighten(own, 6)
    own.key(Qt.Key.Key_H, SHIFT)
    assert own.crop.angle == -6
    straighten(own, 0)
    own.key(Qt.Key.Key_H, SHIFT)
    own.key(Qt.Key.Key_BracketLeft, CTRL)
    assert own.crop == Crop(OWN)


def test_the_ratio_slider_finds_back_after_a_turn(own: Desk) -> None:
    own.window.editor.set_aspect(Aspect.parse("16:9"))
    wide = own.crop
    own.window.editor.set_aspect(Aspect.parse("1:2"))
    own.key(Qt.Key.Key_BracketRight, CTRL)
    own.window.editor.set_aspect(Aspect.parse("9:16"))
    np.testing.assert_allclose(own.crop.box, TURN_RIGHT.crop(wide).box, atol=1e-12)


def test_further_crops_turn_too(own: Desk) -> None:
    photo = own.photo
    own.window.crops.begin()
    own.window.editor.finish_drag(Crop((0.5, 0.5, 0.9, 0.9)), "Draw")
    before = photo.edit
    assert len(before.others) == 1
    own.key(Qt.Key.Key_BracketRight, CTRL)
    assert photo.edit.others[0].crop == TURN_RIGHT.crop(before.others[0].crop)
    for _ in range(3):
        own.key(Qt.Key.Key_BracketRight, CTRL)
    assert photo.edit == before


def test_candidates_and_maps_follow_a_turn(quick: Desk) -> None:
    quick.window.editor.set_map("saliency")
    quick.until(lambda: quick.window.editor.map is not None)
    quick.key(Qt.Key.Key_BracketRight, CTRL)
    photo = quick.photo.photo
    assert photo is not None
    assert photo.turn == TURN_RIGHT
    assert quick.window.editor.map is None
    quick.until(lambda: quick.photo.answered == quick.photo.edit.question)
    assert quick.engine.encoded[-1][0] is photo
    assert quick.crop == candidate_crops(Aspect("original"), photo)[0]
    quick.until(lambda: quick.window.editor.map is not None)


# Drags, nudges and numbers at an angle ----------------------------------------------------------


@pytest.mark.parametrize("angle", [3.0, -14.0])
@pytest.mark.parametrize("aspect", ["free", "4:5", "circle"])
def test_no_drag_reaches_over_the_straightened_photo(own: Desk, angle: float, aspect: str) -> None:
    own.window.editor.set_aspect(Aspect.parse(aspect))
    straighten(own, angle)
    for target in (QPoint(2000, -900), QPoint(-900, 40), QPoint(60, 1500)):
        box = own.crop.box
        middle = own.place((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        own.drag(middle, middle + target)
        assert inside(own)
        for corner in ((box[2], box[3]), (box[0], box[1])):
            steps = own.undo_count
            own.drag(own.place(*corner), own.place(*corner) + target)
            assert inside(own)
            assert own.undo_count <= steps + 1
            if aspect != "free":
                ratio = 1.0 if aspect == "circle" else 0.8
                assert keeps(own.crop, ratio, 1200, 800)
    assert own.crop.angle == angle


def test_a_resize_at_an_angle_keeps_the_opposite_corner(own: Desk) -> None:
    straighten(own, 8)
    left, top, right, bottom = own.crop.box
    corner = own.place(right, bottom)
    own.drag(corner, corner + QPoint(1500, 1200))
    assert own.crop.box[:2] == pytest.approx((left, top), abs=1e-9)
    assert own.crop.box[2] > right
    assert inside(own)


def test_arrows_stop_at_the_edge_without_sliding(own: Desk) -> None:
    straighten(own, 10)
    top = own.crop.box[1]
    for _ in range(60):
        own.key(Qt.Key.Key_Right, SHIFT)
    assert inside(own)
    assert own.crop.box[1] == pytest.approx(top, abs=1e-12)
    last = own.crop
    own.key(Qt.Key.Key_Right, SHIFT)
    np.testing.assert_allclose(own.crop.box, last.box, atol=1e-9)


angles = st.floats(0.1, 45).flatmap(lambda a: st.sampled_from([a, -a]))
shares = st.floats(0.0, 1.0)
crops_at = st.tuples(
    st.integers(300, 7000), st.integers(300, 7000), angles, shares, shares, shares, shares
)
aspects = st.sampled_from(["free", "original", "1:1", "4:5", "16:9", "1:2", "circle"])


def made(spec: tuple[int, int, float, float, float, float, float]) -> tuple[Crop, int, int]:
    width, height, angle, *sides = spec
    (x1, x2), (y1, y2) = sorted(sides[:2]), sorted(sides[2:])
    box = fit_inside((x1, y1, x2 + 0.05, y2 + 0.05), width, height, angle)
    return Crop(as_box(box), "rect", angle), width, height


@settings(max_examples=200, deadline=None)
@given(crops_at, aspects)
def test_another_ratio_stays_inside_and_holds_to_a_pixel(
    spec: tuple[int, int, float, float, float, float, float], text: str
) -> None:
    crop, width, height = made(spec)
    aspect = Aspect.parse(text)
    fitted = refit(crop, aspect, width, height)
    assert fitted.angle == crop.angle
    assert inside_rotated(fitted.box, width, height, crop.angle)
    ratio = aspect.ratio_for(width, height)
    if ratio is not None:
        assert keeps(fitted, ratio, width, height)
    assert refit(fitted, aspect, width, height) == fitted


@settings(max_examples=200, deadline=None)
@given(
    crops_at,
    aspects,
    st.integers(-9000, 9000),
    st.sampled_from(["left", "top", "width", "height"]),
)
def test_nudges_and_typed_numbers_stay_inside(
    spec: tuple[int, int, float, float, float, float, float], text: str, value: int, side: str
) -> None:
    crop, width, height = made(spec)
    aspect = Aspect.parse(text)
    crop = refit(crop, aspect, width, height)
    moved = nudged(crop, value, 0, width, height)
    assert inside_rotated(moved.box, width, height, crop.angle)
    assert moved.box[1] == pytest.approx(crop.box[1], abs=1e-9)
    changed = typed(crop, aspect, side, value, width, height)  # type: ignore[arg-type]
    assert inside_rotated(changed.box, width, height, crop.angle)
    ratio = aspect.ratio_for(width, height)
    if ratio is not None:
        assert keeps(changed, ratio, width, height)
    near = pixels(changed, aspect, width, height)
    assert min(near[2:]) >= 1


# The way back ------------------------------------------------------------------------------------

orientations = st.builds(Orientation, st.sampled_from([0, 90, 180, 270]), st.booleans())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(orientations, st.floats(-45, 45)), min_size=1, max_size=6),
    shares,
    shares,
    shares,
    shares,
)
def test_any_way_through_turns_and_angles_ends_where_it_began(
    way: list[tuple[Orientation, float]], x1: float, x2: float, y1: float, y2: float
) -> None:
    (x1, x2), (y1, y2) = sorted((x1, x2)), sorted((y1, y2))
    crop = Crop((x1 * 0.9, y1 * 0.9, x2 * 0.9 + 0.05, y2 * 0.9 + 0.05))
    begun = Lying(3000, 2000, UPRIGHT, crop, crop, ((0.1, 0.1, 0.3, 0.2),), Owner.MINE)
    origins, lying = Origins(), begun
    for orientation, angle in [*way, (UPRIGHT, 0.0)]:
        first = origins.first(lying)
        lying = first.turned(orientation).straightened(angle, None)
        origins.remember(first, lying)
        assert inside_rotated(lying.crop.box, *lying.size, lying.crop.angle)
    assert lying == begun


def test_areas_protected_since_stay_about_the_same_spot() -> None:
    crop = Crop(OWN)
    begun = Lying(3000, 2000, UPRIGHT, crop, crop, (), Owner.MINE)
    origins = Origins()
    turned = begun.straightened(10, None)
    origins.remember(begun, turned)
    marked = replace(turned, protect=((0.45, 0.45, 0.5, 0.5),))
    back = origins.first(marked)
    assert back.crop == crop
    x1, y1, x2, y2 = back.protect[0]
    assert 0.42 < x1 < x2 < 0.52
    assert 0.42 < y1 < y2 < 0.52


@given(
    st.lists(st.floats(-45, 45), min_size=1, max_size=6),
    st.tuples(*[st.floats(0.3, 0.6)] * 2),
    st.tuples(*[st.floats(0.02, 0.2)] * 2),
)
def test_areas_come_back_from_any_angles(
    angles: list[float], spot: tuple[float, float], half: tuple[float, float]
) -> None:
    size = (3000, 2000)
    area = (spot[0] - half[0], spot[1] - half[1], spot[0] + half[0], spot[1] + half[1])
    box, before = area, 0.0
    for angle in (*angles, 0.0):
        (box,) = areas_at([box], before, angle, size)
        before = angle
        wide, high = rotated_size(*size, angle)
        assert (box[2] - box[0]) * wide == pytest.approx((area[2] - area[0]) * 3000)
        assert (box[3] - box[1]) * high == pytest.approx((area[3] - area[1]) * 2000)
    assert box == pytest.approx(area)


# What is shown and what is written ---------------------------------------------------------------


def _grab_result(desk: Desk) -> np.ndarray:
    """The result alone as it is on the screen, (h, w, 3)."""
    canvas = desk.window.canvas
    desk.window.set_mode(ViewMode.RESULT)
    desk.until(lambda: canvas.photo.is_ready)
    canvas.grab()
    desk.until(lambda: canvas.photo.is_exact or not canvas.pose.angle)
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rect = canvas.crop_rect(desk.crop.box).toRect()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shown = rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    desk.window.set_mode(ViewMode.EDIT)
    return shown[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1].copy()


@pytest.mark.parametrize("angle", [0.0, 6.0])
@pytest.mark.parametrize("keys", ["", "]", "]]H", "[V"])
def test_the_file_is_what_the_screen_shows(
    make_desk: Callable[..., Desk], tmp_path: Path, angle: float, keys: str
) -> None:
    astronaut = pytest.importorskip("skimage.data").astronaut()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(astronaut).resize((900, 600)).save(
        tmp_path / "a.jpg", quality=97, subsampling=0, exif=exif
    )
    desk = make_desk(held=False)
    desk.open(tmp_path / "a.jpg")
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.key(Qt.Key.Key_F)
    desk.window.editor.finish_drag(Crop((0.2, 0.3, 0.85, 0.75)), "Draw")
    names = {"]": "turn_right", "[": "turn_left", "H": "flip", "V": "flip_down"}
    for key in keys:
        desk.window.act[names[key]].trigger()
    if angle:
        straighten(desk, angle)
    shown = _grab_result(desk)
    with desk.qtbot.waitSignal(desk.window.exporting.finished):
        desk.window.exporting.export_crop()
    (path,) = (tmp_path / "Cropsight").iterdir()
    with Image.open(path) as written:
        assert written.getexif().get(0x0112, 1) == 1
        _, _, wide, high = pixels(desk.crop, Aspect("free"), desk.photo.width, desk.photo.height)
        assert written.size == (wide, high)
        file = np.asarray(written.resize((shown.shape[1], shown.shape[0]), Image.Resampling.BOX))
    apart = np.abs(file.astype(int) - shown.astype(int))[4:-4, 4:-4]
    assert apart.mean() < 6
    other = np.abs(file[::-1].astype(int) - shown.astype(int))
    assert other.mean() > 20


def test_before_shows_the_photo_unstraightened(own: Desk) -> None:
    straighten(own, 12)
    own.window.set_mode(ViewMode.BEFORE)
    assert own.window.canvas.pose.angle == 0
    own.window.set_mode(ViewMode.EDIT)
    assert own.window.canvas.pose.angle == 12
