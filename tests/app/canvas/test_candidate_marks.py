"""What lies over the photo on the canvas, under real mouse events: candidates, areas, maps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView
from app.document.edit import ORIGINAL, Edit, Owner
from app.document.open_photo import OpenPhoto
from app.document.shown_candidates import ShownCandidates
from app.document.suggestion_state import SuggestionState
from cropcore.geometry.crop import Candidate, Crop, Map, Suggestions
from cropcore.messages import NOTHING, Message
from tests.app.helpers.canvas_hand import (
    HEIGHT,
    LEFT,
    MID,
    MIDDLE,
    PLAIN,
    Heard,
    candidates,
    drag,
    place,
    press,
    release,
    scale,
    shown_view,
    to,
)


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    return shown_view(qtbot)


@pytest.fixture
def heard(view: CropView) -> Heard:
    return Heard(view)


def assert_in_the_visible_picture(view: CropView) -> None:
    """Every pill is within the photo and the view, and none lies on another."""
    seen = view.crop_rect((0.0, 0.0, 1.0, 1.0)).intersected(QRectF(view.viewport().rect()))
    pills = view.pills()
    assert all(seen.contains(pill.rect) for pill in pills)
    for place_of, pill in enumerate(pills):
        assert not any(pill.rect.intersects(other.rect) for other in pills[:place_of])


def observed(view: CropView, count: int) -> tuple[ShownCandidates, OpenPhoto]:
    """What a canvas observes, with so many candidates of a photo."""
    shown, photo = ShownCandidates(view), OpenPhoto(1, Path("a.jpg"), Edit())
    view.observe(shown)
    show(shown, photo, count)
    return shown, photo


def show(shown: ShownCandidates, photo: OpenPhoto, count: int) -> None:
    """Another answer to what is asked of the photo."""
    found = Suggestions(ORIGINAL, "asm", 0.5, tuple(candidates(count)))
    photo.suggestion_state = SuggestionState.of(found, photo.edit.question)
    shown.follow(photo)


class TestCandidates:
    def test_hover_previews_and_changes_nothing(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.state.set_candidates(candidates())
        pill = next(p for p in view.pills() if p.rank == 3)
        to(view, pill.rect.center())
        to(view, place(view, 0.5, 0.97))
        assert heard.all("candidate_hovered") == [(3,), (None,)]
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")

    @pytest.mark.parametrize("rank", [1, 4, 10])
    def test_a_click_on_a_pill_takes_it(self, view: CropView, heard: Heard, rank: int) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.state.set_candidates(candidates())
        at = next(p for p in view.pills() if p.rank == rank).rect.center()
        QTest.mouseClick(view.viewport(), LEFT, PLAIN, at.toPoint())
        assert heard.all("candidate_taken") == [(rank,)]
        assert not heard.all("crop_edited")
        assert view.candidates_visible

    @pytest.mark.parametrize(
        ("width", "height", "least"),
        [
            (8, 8, 0),
            (16, 16, 0),
            (24, 24, 3),
            (48, 12, 2),
            (12, 48, 2),
            (64, 64, 10),
            (6000, 400, 10),
        ],
    )
    @pytest.mark.parametrize("angle", [0.0, 12.0])
    def test_pills_lie_in_the_visible_picture_of_any_size(
        self, view: CropView, width: int, height: int, least: int, angle: float
    ) -> None:
        """The grips of the crop keep their places: on the smallest nothing is left beside them."""
        # A small photo is shown with one pixel of its own for each of the screen's.
        unit = view.devicePixelRatioF()
        wide, high = round(width * unit), round(height * unit)
        view.set_photo(QImage(wide, high, QImage.Format.Format_RGB32), wide, high)
        at_the_border = [Crop((0.0, 0.0, 0.5 + 0.05 * i, 0.9), angle=angle) for i in range(10)]
        view.set_crop(at_the_border[0], Owner.PROPOSED)
        view.state.set_candidates(
            [Candidate(i, c, 90.0, 0.0, "gaic") for i, c in enumerate(at_the_border, 1)]
        )
        assert_in_the_visible_picture(view)
        assert len(view.pills()) >= least

    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
    )
    @given(st.floats(0, 1), st.floats(0, 1), st.floats(1, 40), st.integers(0, 9))
    def test_pills_lie_in_the_part_of_a_zoomed_photo_that_is_seen(
        self, view: CropView, x: float, y: float, factor: float, first: int
    ) -> None:
        view.zoom_fit()
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.state.set_candidates(candidates()[first:])
        view.zoom_by(factor, place(view, x, y))
        view.pan_by(QPointF(900 * (x - 0.5), 900 * (y - 0.5)))
        assert_in_the_visible_picture(view)

    def test_a_press_that_leaves_its_pill_takes_nothing(self, view: CropView, heard: Heard) -> None:
        view.state.set_candidates(candidates())
        at = view.pills()[0].rect.center()
        press(view, at)
        release(view, at + QPointF(0, 80))
        assert not heard.all("candidate_taken")

    def test_interiors_belong_to_the_crop(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.state.set_candidates(candidates())
        drag(view, place(view, 0.5, 0.5), (40, 40))
        assert heard.all("crop_edited")[0][2] == "Move crop"

    def test_all_fade_at_the_first_press_and_come_back(self, view: CropView, heard: Heard) -> None:
        view.state.set_candidates(candidates())
        press(view, place(view, 0.5, 0.97))
        assert view.pills() == ()
        release(view, place(view, 0.5, 0.97))
        view.set_candidates_visible(True)
        assert len(view.pills()) == 10
        assert heard.all("candidates_visible_changed") == [(False,), (True,)]

    def test_pills_hold_still_under_the_pointer(self, view: CropView) -> None:
        shown, photo = observed(view, 10)
        to(view, view.pills()[2].rect.center())
        show(shown, photo, 4)
        assert len(view.pills()) == 10
        to(view, place(view, 0.5, 0.97))
        assert len(view.pills()) == 4

    def test_pills_hold_still_while_a_button_is_down(self, view: CropView) -> None:
        shown, photo = observed(view, 10)
        view.set_candidates_visible(True)
        press(view, place(view, 0.5, 0.97), MID)
        show(shown, photo, 4)
        assert len(view.pills()) == 10
        release(view, place(view, 0.5, 0.97), MID)
        assert len(view.pills()) == 4

    def test_what_cannot_be_taken_is_marked_faintly(self, view: CropView) -> None:
        shown, photo = observed(view, 10)
        plain = view.grab().toImage()
        photo.edit = replace(photo.edit, method="gaic")
        shown.follow(photo)
        assert view.grab().toImage() != plain
        photo.edit = replace(photo.edit, method="default")
        shown.follow(photo)
        assert view.grab().toImage() == plain

    def test_escape_ends_a_preview(self, view: CropView) -> None:
        view.state.set_candidates(candidates())
        plain = view.grab().toImage()
        view.preview_candidate(5)
        assert view.grab().toImage() != plain
        QTest.keyClick(view, Qt.Key.Key_Escape)
        assert view.grab().toImage() == plain


class TestProtectedAreas:
    def test_a_drag_draws_one_and_leaves_the_crop_alone(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.set_protect_mode(True)
        drag(view, place(view, 0.4, 0.4), (90, 60))
        (((box,),),) = heard.all("protect_edited")
        assert box[:2] == pytest.approx((0.4, 0.4), abs=1e-3)
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")

    def test_it_can_be_moved_resized_and_removed(self, view: CropView, heard: Heard) -> None:
        view.set_protect_mode(True)
        view.set_protected([(0.2, 0.2, 0.4, 0.5), (0.6, 0.2, 0.8, 0.5)])
        drag(view, place(view, 0.3, 0.35), (0, 50))
        (moved,) = heard.all("protect_edited")[-1]
        assert isinstance(moved, tuple)
        assert moved[0] == (0.6, 0.2, 0.8, 0.5)
        assert moved[1][1] == pytest.approx(0.2 + 50 / scale(view) / HEIGHT, abs=1e-3)
        drag(view, place(view, 0.6, 0.5), (-40, 0))
        (resized,) = heard.all("protect_edited")[-1]
        assert isinstance(resized, tuple)
        assert resized[1][0] < 0.6
        QTest.mouseClick(view.viewport(), LEFT, PLAIN, place(view, 0.8, 0.2).toPoint())
        (left_over,) = heard.all("protect_edited")[-1]
        assert left_over == (moved[1],)

    def test_a_cancelled_one_is_not_there(self, view: CropView, heard: Heard) -> None:
        view.set_protect_mode(True)
        start = place(view, 0.4, 0.4)
        press(view, start)
        to(view, start + QPointF(50, 50))
        QTest.keyClick(view, Qt.Key.Key_Escape)
        release(view, start + QPointF(50, 50))
        assert not heard.all("protect_edited")


class TestMaps:
    def shown(self) -> Map:
        values = np.arange(96, dtype=np.float32).reshape(8, 12) / 96
        return Map("saliency", values, 0.0, 1.0, Message("Saliency"), NOTHING)

    @pytest.mark.parametrize("at", [(0.01, 0.01), (0.5, 0.6), (0.99, 0.3)])
    def test_the_readout_equals_the_array(
        self, view: CropView, heard: Heard, at: tuple[float, float]
    ) -> None:
        shown = self.shown()
        view.set_map(shown)
        to(view, place(view, *at))
        value = heard.all("map_hovered")[-1][0]
        assert value == shown.values[int(at[1] * 8), int(at[0] * 12)]

    def test_off_the_photo_and_without_a_map_there_is_none(
        self, view: CropView, heard: Heard
    ) -> None:
        view.set_map(self.shown())
        to(view, place(view, 0.5, 0.5))
        to(view, QPointF(3, 3))
        assert heard.all("map_hovered")[-1] == (None,)
        to(view, place(view, 0.5, 0.5))
        view.set_map(None)
        assert heard.all("map_hovered")[-1] == (None,)
        said = len(heard.said)
        to(view, place(view, 0.4, 0.5))
        assert len(heard.said) == said

    def test_a_drag_goes_on_under_a_map(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.set_map(self.shown())
        drag(view, place(view, 0.5, 0.5), (40, 10))
        assert len(heard.all("crop_edited")) == 1
