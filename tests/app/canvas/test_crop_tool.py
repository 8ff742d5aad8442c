"""Crops on the canvas under real mouse and key events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView
from app.canvas.drag_geometry import Handle
from app.document.edit import Owner
from cropcore.geometry.crop import Crop
from tests.app.helpers.canvas_hand import (
    CTRL,
    HEIGHT,
    LEFT,
    MID,
    MIDDLE,
    PLAIN,
    RIGHT,
    SHIFT,
    WIDTH,
    Heard,
    drag,
    grip,
    pixels,
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


class TestCropDrags:
    def test_moving_is_one_edit_and_follows_the_pointer(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        drag(view, place(view, 0.5, 0.5), (60, -30))
        ((before, after, what),) = heard.all("crop_edited")
        assert before == MIDDLE
        assert what == "Move crop"
        shift = 60 / scale(view), -30 / scale(view)
        want = [p + s for p, s in zip(pixels(MIDDLE), shift * 2, strict=True)]
        assert isinstance(after, Crop)
        assert pixels(after) == pytest.approx(want, abs=1)
        assert view.crop == after
        assert heard.all("crop_dragging")[-1] == (after,)
        assert len(heard.all("drag_started")) == 1

    def test_moving_stops_at_the_border(self, view: CropView) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        drag(view, place(view, 0.5, 0.5), (-2000, 2000))
        assert view.crop is not None
        assert view.crop.box == pytest.approx((0, 0.5, 0.5, 1))

    @pytest.mark.parametrize("handle", Handle)
    @pytest.mark.parametrize("lock", [None, 1.5])
    @pytest.mark.parametrize("shift", [False, True])
    @pytest.mark.parametrize("centred", [False, True])
    def test_eight_handles_past_the_border(
        self,
        view: CropView,
        heard: Heard,
        handle: Handle,
        lock: float | None,
        shift: bool,
        centred: bool,
    ) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.set_ratio_lock(lock)
        keys = (SHIFT if shift else PLAIN) | (CTRL if centred else PLAIN)
        sx, sy = handle.value
        drag(view, grip(view, handle), (1500 * sx + 40, 1500 * sy + 40), keys)

        ((before, after, what),) = heard.all("crop_edited")
        assert (before, what) == (MIDDLE, "Resize crop")
        assert isinstance(after, Crop)
        x1, y1, x2, y2 = after.box
        assert 0 <= x1 < x2 <= 1
        assert 0 <= y1 < y2 <= 1
        if centred:
            assert ((x1 + x2) / 2, (y1 + y2) / 2) == pytest.approx((0.5, 0.5), abs=1e-4)
        else:
            assert sx <= 0 or x1 == pytest.approx(0.25)
            assert sx >= 0 or x2 == pytest.approx(0.75)
            assert sy <= 0 or y1 == pytest.approx(0.25)
            assert sy >= 0 or y2 == pytest.approx(0.75)
        if (lock is not None) != shift:
            wide, high = (x2 - x1) * WIDTH, (y2 - y1) * HEIGHT
            assert abs(wide - high * 1.5) < 1

    def test_a_drag_outside_draws_a_new_crop_from_where_it_began(
        self, view: CropView, heard: Heard
    ) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        start = place(view, 0.05, 0.05)
        drag(view, start, (100, 60))
        ((before, after, what),) = heard.all("crop_edited")
        assert (before, what) == (None, "New crop")
        assert isinstance(after, Crop)
        assert after.box[:2] == pytest.approx((0.05, 0.05), abs=1e-3)
        assert pixels(after)[2] == pytest.approx(300 + 100 / scale(view), abs=1)

    def test_less_than_eight_pixels_draw_nothing(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        drag(view, place(view, 0.05, 0.05), (7, 7))
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")
        assert not heard.all("drag_started")

    def test_on_a_whole_photo_any_drag_draws(self, view: CropView, heard: Heard) -> None:
        view.set_crop(Crop(), Owner.WHOLE)
        drag(view, place(view, 0.5, 0.5), (120, 120))
        ((before, _, what),) = heard.all("crop_edited")
        assert (before, what) == (None, "New crop")

    def test_inside_a_crop_of_everything_a_drag_draws(self, view: CropView, heard: Heard) -> None:
        view.set_crop(Crop(), Owner.MINE)
        drag(view, place(view, 0.5, 0.5), (120, 120))
        assert heard.all("crop_edited")[0][2] == "New crop"
        view.set_crop(Crop(), Owner.MINE)
        drag(view, grip(view, Handle.RIGHT, (0, 0, 1, 1)), (-120, 0))
        assert heard.all("crop_edited")[1][2] == "Resize crop"

    @pytest.mark.parametrize("by_key", [False, True])
    def test_right_click_or_escape_cancels(
        self, view: CropView, heard: Heard, by_key: bool
    ) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        start = place(view, 0.5, 0.5)
        press(view, start)
        to(view, start + QPointF(80, 20))
        assert view.crop != MIDDLE
        if by_key:
            QTest.keyClick(view, Qt.Key.Key_Escape)
        else:
            press(view, start + QPointF(80, 20), RIGHT)
            release(view, start + QPointF(80, 20), RIGHT)
        assert view.crop == MIDDLE
        to(view, start + QPointF(200, 20))
        release(view, start + QPointF(200, 20))
        assert view.crop == MIDDLE
        assert len(heard.all("drag_cancelled")) == 1
        assert not heard.all("crop_edited")

    def test_a_drag_back_to_its_start_is_no_edit(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        start = place(view, 0.5, 0.5)
        press(view, start)
        to(view, start + QPointF(80, 20))
        to(view, start)
        release(view, start)
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")
        assert len(heard.all("drag_cancelled")) == 1

    def test_nothing_moves_the_crop_under_the_hand(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        start = place(view, 0.5, 0.5)
        press(view, start)
        to(view, start + QPointF(40, 0))
        held = view.crop
        view.set_crop(Crop((0, 0, 0.2, 0.2)), Owner.PROPOSED)
        assert view.crop == held
        release(view, start + QPointF(40, 0))
        assert heard.all("crop_edited")[0][1] == held

    def test_keys_pressed_without_moving_change_the_drag(self, view: CropView) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        start = grip(view, Handle.RIGHT)
        press(view, start)
        to(view, start + QPointF(50, 0))
        assert view.crop is not None
        assert view.crop.box[0] == pytest.approx(0.25)
        QTest.keyPress(view, Qt.Key.Key_Control, CTRL)
        assert view.crop.box[0] < 0.25
        QTest.keyRelease(view, Qt.Key.Key_Control, PLAIN)
        assert view.crop.box[0] == pytest.approx(0.25)
        release(view, start + QPointF(50, 0))

    def test_a_key_let_go_after_a_cancelled_drag_is_not_held_in_the_next(
        self, view: CropView
    ) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        start = grip(view, Handle.RIGHT)
        press(view, start)
        to(view, start + QPointF(50, 0))
        QTest.keyPress(view, Qt.Key.Key_Control, CTRL)
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.keyRelease(view, Qt.Key.Key_Control, PLAIN)
        release(view, start)
        drag(view, start, (50, 0))
        assert view.crop is not None
        assert view.crop.box[0] == pytest.approx(0.25)
        assert view.crop.box[2] > 0.75

    def test_a_circle_stays_square_in_pixels(self, view: CropView, heard: Heard) -> None:
        circle = Crop((0.3, 0.2, 0.5, 0.5), "circle")
        view.set_circle(True)
        view.set_crop(circle, Owner.MINE)
        for handle, keys in ((Handle.BOTTOM_RIGHT, PLAIN), (Handle.TOP, SHIFT)):
            view.set_crop(circle, Owner.MINE)
            drag(view, grip(view, handle, circle.box), (33, -70), keys)
        drag(view, place(view, 0.9, 0.9), (-200, -90))
        edits = [after for _, after, _ in heard.all("crop_edited")]
        assert len(edits) == 3
        for after in edits:
            assert isinstance(after, Crop)
            assert after.shape == "circle"
            x1, y1, x2, y2 = pixels(after)
            assert x2 - x1 == pytest.approx(y2 - y1, abs=0.01)

    def test_the_angle_of_a_crop_survives_its_drags(self, view: CropView) -> None:
        view.set_crop(Crop(MIDDLE.box, angle=2.5), Owner.MINE)
        drag(view, place(view, 0.5, 0.5), (30, 0))
        assert view.crop is not None
        assert view.crop.angle == 2.5

    def test_holding_lasts_from_press_to_release(self, view: CropView, heard: Heard) -> None:
        press(view, place(view, 0.5, 0.5))
        assert view.is_holding
        release(view, place(view, 0.5, 0.5), MID)
        assert view.is_holding
        release(view, place(view, 0.5, 0.5))
        assert heard.all("holding_changed") == [(True,), (False,)]

    def test_double_click_asks_for_the_result(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        at = place(view, 0.5, 0.5).toPoint()
        QTest.mouseDClick(view.viewport(), LEFT, PLAIN, at)
        assert len(heard.all("result_requested")) == 1
        assert not heard.all("crop_edited")
        assert not view.is_holding

    def test_a_drag_held_beyond_the_view_brings_more_of_the_photo(
        self, view: CropView, heard: Heard, qtbot: QtBot
    ) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.zoom_actual()
        view.pan_by(-(grip(view, Handle.RIGHT) - QPointF(600, 300)))
        start = grip(view, Handle.RIGHT)
        press(view, start)
        to(view, QPointF(1150, 300))
        qtbot.waitUntil(lambda: view.crop is not None and view.crop.box[2] == 1.0)
        release(view, QPointF(1150, 300))
        ((_, after, what),) = heard.all("crop_edited")
        assert what == "Resize crop"
        assert isinstance(after, Crop)
        assert after.box == pytest.approx((0.25, 0.25, 1.0, 0.75))

    def test_another_photo_ends_the_drag(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        press(view, place(view, 0.5, 0.5))
        to(view, place(view, 0.6, 0.5))
        view.set_photo(QImage(10, 10, QImage.Format.Format_RGB32), 10, 10)
        release(view, place(view, 0.6, 0.5))
        assert len(heard.all("drag_cancelled")) == 1
        assert not heard.all("crop_edited")
        assert view.crop is None
