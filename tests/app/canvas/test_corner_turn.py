"""Drags outside a corner of the crop, with real mouse events: what turns, and what still draws."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QTransform
from pytestqt.qtbot import QtBot

from app.canvas.crop_view import CropView
from app.canvas.drag_geometry import Handle
from app.document.edit import Owner
from cropcore.geometry.crop import Crop
from tests.app.helpers.canvas_hand import (
    MIDDLE,
    PLAIN,
    RIGHT,
    SHIFT,
    Heard,
    drag,
    grip,
    mouse,
    place,
    press,
    release,
    shown_view,
    to,
)

CORNERS = [handle for handle in Handle if handle.is_corner]


@pytest.fixture
def view(qtbot: QtBot) -> CropView:
    view = shown_view(qtbot)
    view.set_crop(MIDDLE, Owner.MINE)
    # What the editor does: the crop, straightened as it is asked for.
    view.turned.connect(
        lambda angle: view.set_crop(dataclasses.replace(MIDDLE, angle=angle), Owner.MINE)
    )
    return view


@pytest.fixture
def heard(view: CropView) -> Heard:
    return Heard(view)


def beside(view: CropView, corner: Handle, away: float = 24) -> QPointF:
    """A place outside a corner of the crop, beyond its grip."""
    return grip(view, corner) + QPointF(*corner.value) * away


def turned_about(view: CropView, at: QPointF, degrees: float) -> QPointF:
    """A place of the viewport, gone around the middle of the crop."""
    middle = place(view, 0.5, 0.5)
    return QTransform().rotate(degrees).map(at - middle) + middle


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("degrees", [7.0, -12.5])
def test_the_photo_turns_with_the_pointer(
    view: CropView, heard: Heard, corner: Handle, degrees: float
) -> None:
    start = beside(view, corner)
    drag(view, start, (turned_about(view, start, degrees) - start).toTuple())
    turns = heard.all("turned")
    assert turns[-1][0] == pytest.approx(degrees, abs=0.1)
    assert view.pose.angle == turns[-1][0]
    said = [name for name, _ in heard.said if name.startswith("turn_")]
    assert said == ["turn_started", "turn_ended"]
    assert heard.all("crop_edited") == []


def test_it_goes_on_from_the_angle_that_is_there_and_past_the_left(
    view: CropView, heard: Heard
) -> None:
    view.set_crop(dataclasses.replace(MIDDLE, angle=3.0), Owner.MINE)
    edge = view.crop_rect(MIDDLE.box).bottomLeft()
    start = edge + QPointF(-24, 24)
    middle = view.crop_rect(MIDDLE.box).center()
    press(view, start)
    for degrees in (10, 20, 30, 40, 50):  # the direction passes from 180 to -180 degrees
        to(view, QTransform().rotate(degrees).map(start - middle) + middle)
    angles = [args[0] for args in heard.all("turned")]
    assert angles == pytest.approx([13, 23, 33, 43, 53], abs=0.2)
    release(view, QTransform().rotate(50).map(start - middle) + middle)


def test_shift_is_ten_times_as_fine(view: CropView, heard: Heard) -> None:
    start = beside(view, Handle.BOTTOM_RIGHT)
    drag(view, start, (turned_about(view, start, 20) - start).toTuple(), SHIFT)
    assert heard.all("turned")[-2][0] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("by_key", [True, False])
def test_escape_and_the_right_button_cancel(
    view: CropView, heard: Heard, qtbot: QtBot, by_key: bool
) -> None:
    start = beside(view, Handle.TOP_LEFT)
    press(view, start)
    to(view, start + QPointF(30, -30))
    if by_key:
        qtbot.keyClick(view, Qt.Key.Key_Escape)
    else:
        press(view, start, RIGHT)
    release(view, start + QPointF(30, -30))
    assert len(heard.all("turn_cancelled")) == 1
    assert heard.all("turn_ended") == []


def test_the_cursor_says_what_a_press_would_do(view: CropView) -> None:
    shapes = Qt.CursorShape
    for corner in CORNERS:
        for away, shape in ((24, shapes.BitmapCursor), (60, shapes.CrossCursor)):
            mouse(view, QEvent.Type.MouseMove, beside(view, corner, away), keys=PLAIN)
            assert view.viewport().cursor().shape() == shape
        mouse(view, QEvent.Type.MouseMove, grip(view, corner))
        assert view.viewport().cursor().shape() in (shapes.SizeFDiagCursor, shapes.SizeBDiagCursor)


@pytest.mark.parametrize(
    ("crop", "owner", "away"),
    [
        (MIDDLE, Owner.MINE, 60.0),
        (Crop(MIDDLE.box, shape="circle"), Owner.MINE, 24.0),
        (MIDDLE, Owner.WHOLE, 24.0),
    ],
    ids=["farther away", "circle", "whole"],
)
def test_elsewhere_a_new_crop_is_drawn(
    view: CropView, heard: Heard, crop: Crop, owner: Owner, away: float
) -> None:
    view.set_crop(crop, owner)
    drag(view, beside(view, Handle.BOTTOM_RIGHT, away), (60, 50))
    assert heard.all("turn_started") == []
    (edited,) = heard.all("crop_edited")
    assert edited[0] is None


def test_a_click_outside_a_corner_does_nothing(view: CropView, heard: Heard) -> None:
    at = beside(view, Handle.BOTTOM_LEFT)
    press(view, at)
    release(view, at + QPointF(1, 1))
    names = {name for name, _ in heard.said}
    assert names <= {"holding_changed"}
    assert view.crop == MIDDLE
