"""Turns and mirrors, and the way back from any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.document.edit import Owner
from app.document.photo_transform import Origins, PhotoTransform, areas_at
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_LEFT, TURN_RIGHT, UPRIGHT, Orientation
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk
from tests.app.helpers.straighten_hand import CTRL, OWN, SHIFT, draw_own, inside, straighten
from tests.cropcore.helpers.rotated import inside_rotated


@pytest.fixture
def own(quick: Desk) -> Desk:
    return draw_own(quick)


def test_four_quarter_turns_restore_everything_to_the_last_bit(own: Desk) -> None:
    own.window.parts.editor.set_protected([(0.1, 0.2, 0.3, 0.37)])
    own.window.parts.editor.set_aspect(Aspect.parse("4:5"))
    straighten(own, 2.3)
    own.until(lambda: own.photo.is_answered)
    before, steps, view = own.photo.edit, own.undo_count, own.window.parts.canvas.pose
    own.key(Qt.Key.Key_BracketRight, CTRL)
    assert own.photo.edit.orientation == TURN_RIGHT
    assert own.photo.edit.aspect == Aspect.parse("5:4")
    assert (own.photo.width, own.photo.height) == (800, 1200)
    assert own.window.parts.canvas.pose.width == 800
    for _ in range(3):
        own.key(Qt.Key.Key_BracketRight, CTRL)
    assert own.photo.edit == before
    assert own.window.parts.canvas.pose == view
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
    own.window.parts.editor.set_aspect(Aspect.parse("16:9"))
    wide = own.crop
    own.window.parts.editor.set_aspect(Aspect.parse("1:2"))
    own.key(Qt.Key.Key_BracketRight, CTRL)
    own.window.parts.editor.set_aspect(Aspect.parse("9:16"))
    np.testing.assert_allclose(own.crop.box, TURN_RIGHT.crop(wide).box, atol=1e-12)


def test_further_crops_turn_too(own: Desk) -> None:
    photo = own.photo
    own.window.parts.photo_crops.begin()
    own.window.parts.editor.finish_drag(Crop((0.5, 0.5, 0.9, 0.9)), "Draw")
    before = photo.edit
    assert len(before.others) == 1
    own.key(Qt.Key.Key_BracketRight, CTRL)
    assert photo.edit.others[0].crop == TURN_RIGHT.crop(before.others[0].crop)
    for _ in range(3):
        own.key(Qt.Key.Key_BracketRight, CTRL)
    assert photo.edit == before


def test_a_candidate_taken_before_the_turned_photo_was_answered_is_turned_too(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk()
    desk.open(small_photo)
    desk.click(desk.window.parts.aspect_panel.chips["4:5"])
    while not desk.photo.is_answered:
        desk.deliver()
    desk.until(
        lambda: (
            desk.window.parts.shown_candidates.suggestions
            is desk.photo.suggestion_state.suggestions
        )
    )
    second = desk.photo.suggestion_state.suggestions.candidates[1].crop
    desk.key(Qt.Key.Key_BracketRight, CTRL)
    assert not desk.photo.is_answered
    desk.key(Qt.Key.Key_2)
    assert desk.crop == TURN_RIGHT.crop(second)
    assert desk.photo.edit.aspect == Aspect.parse("5:4")


def test_candidates_and_maps_follow_a_turn(quick: Desk) -> None:
    quick.window.parts.editor.suggester.set_map("saliency")
    quick.until(lambda: quick.window.parts.editor.suggester.map is not None)
    quick.key(Qt.Key.Key_BracketRight, CTRL)
    photo = quick.photo.photo
    assert photo is not None
    assert photo.turn == TURN_RIGHT
    assert quick.window.parts.editor.suggester.map is None
    quick.until(lambda: quick.photo.is_answered)
    assert quick.engine.encoded[-1][0] is photo
    assert quick.crop == candidate_crops(Aspect("original"), photo)[0]
    quick.until(lambda: quick.window.parts.editor.suggester.map is not None)


shares = st.floats(0.0, 1.0)
orientations = st.builds(Orientation, st.sampled_from([0, 90, 180, 270]), st.booleans())


@settings(max_examples=50, deadline=None)
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
    begun = PhotoTransform(3000, 2000, UPRIGHT, crop, crop, ((0.1, 0.1, 0.3, 0.2),), Owner.MINE)
    origins, transform = Origins(), begun
    for orientation, angle in [*way, (UPRIGHT, 0.0)]:
        first = origins.first(transform)
        transform = first.turned(orientation).straightened(angle, None)
        origins.remember(first, transform)
        assert inside_rotated(transform.crop.box, *transform.size, transform.crop.angle)
    assert transform == begun


def test_areas_protected_since_stay_about_the_same_spot() -> None:
    crop = Crop(OWN)
    begun = PhotoTransform(3000, 2000, UPRIGHT, crop, crop, (), Owner.MINE)
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
