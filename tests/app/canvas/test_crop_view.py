"""The canvas as a view under real mouse, wheel and key events: zoom, pan, keys and modes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView, ViewMode
from app.document.edit import Owner
from tests.app.helpers.canvas_hand import (
    LEFT,
    MID,
    MIDDLE,
    PLAIN,
    Heard,
    candidates,
    drag,
    place,
    scale,
    shown_view,
)


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    return shown_view(qtbot)


@pytest.fixture
def heard(view: CropView) -> Heard:
    return Heard(view)


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


def test_a_tab_stop_with_a_name(view: CropView) -> None:
    assert view.accessibleName()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
    view.set_label("2400 × 3000   4:5")
    assert view.accessibleDescription() == "2400 × 3000   4:5"


def test_result_and_before_cannot_be_edited(view: CropView, heard: Heard) -> None:
    view.set_crop(MIDDLE, Owner.MINE)
    view.state.set_candidates(candidates())
    look = view.zoom
    for mode in (ViewMode.BEFORE, ViewMode.RESULT):
        view.set_view_mode(mode)
        assert view.pills() == ()
        drag(view, place(view, 0.5, 0.5), (60, 60))
    view.set_view_mode(ViewMode.EDIT)
    assert view.crop == MIDDLE
    assert view.zoom == look
    assert not heard.all("crop_edited")
