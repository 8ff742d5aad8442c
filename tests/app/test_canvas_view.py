"""The canvas under real mouse, wheel and key events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.drag import Handle
from app.canvas.view import CropView, ViewMode
from app.ownership import Owner
from cropcore.crop import Box, Candidate, Crop, Map

WIDTH, HEIGHT = 6000, 4000
MIDDLE = Crop((0.25, 0.25, 0.75, 0.75))
LEFT, RIGHT, MID = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@dataclass
class Heard:
    """What the canvas said, in order."""

    view: CropView
    said: list[tuple[str, tuple[object, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in (
            "drag_started", "drag_cancelled", "crop_edited", "crop_dragging", "candidate_hovered",
            "candidate_taken", "protect_edited", "map_hovered", "result_requested",
            "holding_changed", "candidates_visible_changed",
        ):  # fmt: skip
            getattr(self.view, name).connect(self._listener(name))

    def _listener(self, name: str) -> object:
        return lambda *args: self.said.append((name, args))

    def all(self, name: str) -> list[tuple[object, ...]]:
        return [args for said, args in self.said if said == name]


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[CropView]:
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    view = CropView()
    qtbot.addWidget(view)
    view.resize(1024, 686)
    with qtbot.waitExposed(view):
        view.show()
    view.set_photo(image, WIDTH, HEIGHT)
    return view


@pytest.fixture
def heard(view: CropView) -> Heard:
    return Heard(view)


def place(view: CropView, x: float, y: float) -> QPointF:
    """A place of the photo (fractions) in the viewport."""
    return view.to_viewport(QPointF(x * WIDTH, y * HEIGHT))


def mouse(
    view: CropView,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    moving = kind == QEvent.Type.MouseMove
    up = kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        at,
        QPointF(view.viewport().mapToGlobal(at)),
        Qt.MouseButton.NoButton if moving else button,
        Qt.MouseButton.NoButton if up else button,
        keys,
    )
    QApplication.sendEvent(view.viewport(), event)


def press(view: CropView, at: QPointF, button: Qt.MouseButton = LEFT) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, at, button)


def to(view: CropView, at: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
    mouse(view, QEvent.Type.MouseMove, at, LEFT, keys)


def release(
    view: CropView,
    at: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = PLAIN,
) -> None:
    mouse(view, QEvent.Type.MouseButtonRelease, at, button, keys)


def drag(
    view: CropView,
    start: QPointF,
    by: tuple[float, float],
    keys: Qt.KeyboardModifier = PLAIN,
    button: Qt.MouseButton = LEFT,
) -> None:
    end = start + QPointF(*by)
    press(view, start, button)
    to(view, start + QPointF(*by) / 2, keys)
    to(view, end, keys)
    release(view, end, button, keys)


def grip(view: CropView, handle: Handle, box: Box = MIDDLE.box) -> QPointF:
    sx, sy = handle.value
    x = box[0] + (box[2] - box[0]) * (sx + 1) / 2
    y = box[1] + (box[3] - box[1]) * (sy + 1) / 2
    return place(view, x, y)


def pixels(crop: Crop) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = crop.box
    return x1 * WIDTH, y1 * HEIGHT, x2 * WIDTH, y2 * HEIGHT


def scale(view: CropView) -> float:
    return view.viewportTransform().m11()


def candidates(count: int = 10) -> list[Candidate]:
    crops = [Crop((0.05 + 0.03 * i, 0.1, 0.5 + 0.03 * i, 0.8)) for i in range(count)]
    return [Candidate(i + 1, crop, 90.0 - i, 0.0, "gaic") for i, crop in enumerate(crops)]


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


class TestZoomAndPan:
    def wheel(self, view: CropView, at: QPointF, steps: int) -> None:
        event = QWheelEvent(
            at, QPointF(view.viewport().mapToGlobal(at)), QPoint(), QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton, PLAIN, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    @pytest.mark.parametrize("at", [(0.5, 0.5), (0.1, 0.2), (0.97, 0.9)])
    def test_the_wheel_zooms_about_the_cursor(
        self, view: CropView, at: tuple[float, float]
    ) -> None:
        cursor = place(view, *at)
        fitted = view.zoom
        for steps in (3, 2, -2):
            self.wheel(view, cursor, steps)
            now = place(view, *at)
            assert abs(now.x() - cursor.x()) <= 1
            assert abs(now.y() - cursor.y()) <= 1
        assert view.zoom == pytest.approx(fitted * 1.2**3)

    def test_zooming_out_ends_fitted(self, view: CropView) -> None:
        fitted = view.zoom
        self.wheel(view, place(view, 0.1, 0.1), 5)
        self.wheel(view, place(view, 0.9, 0.9), -9)
        assert view.zoom == pytest.approx(fitted)
        assert view.is_fitted
        middle = place(view, 0.5, 0.5)
        assert middle.x() == pytest.approx(512, abs=1)
        assert middle.y() == pytest.approx(343, abs=1)

    def test_fit_actual_and_toggle(self, view: CropView, qtbot: QtBot) -> None:
        fitted = view.zoom
        with qtbot.waitSignal(view.zoom_changed) as said:
            view.zoom_actual()
        assert said.args == [1.0]
        assert scale(view) * view.devicePixelRatioF() == pytest.approx(1)
        view.zoom_toggle()
        assert view.zoom == fitted
        view.zoom_toggle()
        assert view.zoom == 1.0

    def test_a_fitted_photo_stays_whole_in_a_smaller_window(self, view: CropView) -> None:
        view.resize(500, 400)
        for corner in ((0, 0), (1, 1)):
            assert view.viewport().rect().contains(place(view, *corner).toPoint())

    @pytest.mark.parametrize("by_space", [False, True])
    def test_middle_drag_and_space_pan(self, view: CropView, heard: Heard, by_space: bool) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.zoom_actual()
        before = place(view, 0.5, 0.5)
        if by_space:
            QTest.keyPress(view, Qt.Key.Key_Space)
        drag(view, QPointF(500, 300), (-70, 45), button=LEFT if by_space else MID)
        if by_space:
            QTest.keyRelease(view, Qt.Key.Key_Space)
        moved = place(view, 0.5, 0.5) - before
        assert moved.x() == pytest.approx(-70, abs=1)
        assert moved.y() == pytest.approx(45, abs=1)
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")

    def test_the_photo_cannot_be_lost(self, view: CropView) -> None:
        view.zoom_actual()
        for _ in range(20):
            drag(view, QPointF(900, 600), (-800, -500), button=MID)
        corner = place(view, 1, 1)
        assert corner.x() >= 511
        assert corner.y() >= 342

    def test_sharper_pixels_keep_zoom_and_crop(self, view: CropView) -> None:
        view.set_crop(MIDDLE, Owner.MINE)
        view.zoom_actual()
        view.set_photo_image(QImage(3000, 2000, QImage.Format.Format_RGB32))
        assert view.zoom == 1.0
        assert view.crop == MIDDLE


class TestCandidates:
    def test_hover_previews_and_changes_nothing(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.set_candidates(candidates())
        pill = next(p for p in view.pills() if p.rank == 3)
        to(view, pill.rect.center())
        to(view, place(view, 0.5, 0.97))
        assert heard.all("candidate_hovered") == [(3,), (None,)]
        assert view.crop == MIDDLE
        assert not heard.all("crop_edited")

    @pytest.mark.parametrize("rank", [1, 4, 10])
    def test_a_click_on_a_pill_takes_it(self, view: CropView, heard: Heard, rank: int) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.set_candidates(candidates())
        at = next(p for p in view.pills() if p.rank == rank).rect.center()
        QTest.mouseClick(view.viewport(), LEFT, PLAIN, at.toPoint())
        assert heard.all("candidate_taken") == [(rank,)]
        assert not heard.all("crop_edited")
        assert view.candidates_visible

    def test_a_press_that_leaves_its_pill_takes_nothing(self, view: CropView, heard: Heard) -> None:
        view.set_candidates(candidates())
        at = view.pills()[0].rect.center()
        press(view, at)
        release(view, at + QPointF(0, 80))
        assert not heard.all("candidate_taken")

    def test_interiors_belong_to_the_crop(self, view: CropView, heard: Heard) -> None:
        view.set_crop(MIDDLE, Owner.PROPOSED)
        view.set_candidates(candidates())
        drag(view, place(view, 0.5, 0.5), (40, 40))
        assert heard.all("crop_edited")[0][2] == "Move crop"

    def test_all_fade_at_the_first_press_and_come_back(self, view: CropView, heard: Heard) -> None:
        view.set_candidates(candidates())
        press(view, place(view, 0.5, 0.97))
        assert view.pills() == ()
        release(view, place(view, 0.5, 0.97))
        view.set_candidates_visible(True)
        assert len(view.pills()) == 10
        assert heard.all("candidates_visible_changed") == [(False,), (True,)]

    def test_pills_hold_still_under_the_pointer(self, view: CropView) -> None:
        view.set_candidates(candidates(10))
        pill = view.pills()[2]
        to(view, pill.rect.center())
        view.set_candidates(candidates(4))
        assert len(view.pills()) == 10
        to(view, place(view, 0.5, 0.97))
        assert len(view.pills()) == 4

    def test_pills_hold_still_while_a_button_is_down(self, view: CropView) -> None:
        view.set_candidates(candidates(10))
        view.set_candidates_visible(True)
        press(view, place(view, 0.5, 0.97), MID)
        view.set_candidates(candidates(4))
        assert len(view.pills()) == 10
        release(view, place(view, 0.5, 0.97), MID)
        assert len(view.pills()) == 4

    def test_escape_ends_a_preview(self, view: CropView) -> None:
        view.set_candidates(candidates())
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
        return Map("saliency", values, 0.0, 1.0, "Saliency", "")

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


def test_a_tab_stop_with_a_name(view: CropView) -> None:
    assert view.accessibleName()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    view.set_label("2400 × 3000   4:5")
    assert view.accessibleDescription() == "2400 × 3000   4:5"


def test_result_and_before_cannot_be_edited(view: CropView, heard: Heard) -> None:
    view.set_crop(MIDDLE, Owner.MINE)
    view.set_candidates(candidates())
    look = view.zoom
    for mode in (ViewMode.BEFORE, ViewMode.RESULT):
        view.set_view_mode(mode)
        assert view.pills() == ()
        drag(view, place(view, 0.5, 0.5), (60, 60))
    view.set_view_mode(ViewMode.EDIT)
    assert view.crop == MIDDLE
    assert view.zoom == look
    assert not heard.all("crop_edited")
