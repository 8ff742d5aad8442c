"""The photo turned by a corner of its crop, in the window: one step, like that of the straighten tool."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTransform

from app.document.edit import Owner
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import Desk
from tests.app.helpers.straighten_hand import CTRL, OWN, draw_own, inside, straighten


def around_corner(desk: Desk, degrees: float) -> tuple[QPoint, QPoint]:
    """From outside the lower right corner of the crop to where it is after so many degrees."""
    rect = desk.window.parts.canvas.crop_rect(desk.crop.box)
    start = rect.bottomRight() + QPointF(24, 24)
    end = QTransform().rotate(degrees).map(start - rect.center()) + rect.center()
    return start.toPoint(), end.toPoint()


def test_a_turn_is_one_step_as_that_of_the_tool(quick: Desk) -> None:
    own = draw_own(quick)
    steps = own.undo_count
    own.drag(*around_corner(own, 4))
    by_corner, angle = own.crop, own.crop.angle
    assert angle == pytest.approx(4, abs=0.3)
    assert inside(own)
    assert own.undo_count == steps + 1
    step = own.photo.stack.undoText()
    own.key(Qt.Key.Key_Z, CTRL)
    assert own.crop == Crop(OWN)
    straighten(own, angle)
    assert own.crop == by_corner
    assert own.photo.stack.undoText() == step
    assert not own.window.parts.straighten_tool.is_on


def test_a_proposal_that_is_turned_is_the_persons_own_and_stays(quick: Desk) -> None:
    steps = quick.undo_count
    quick.drag(*around_corner(quick, -3))
    turned = quick.crop
    assert turned.angle == pytest.approx(-3, abs=0.3)
    assert quick.photo.edit.owner is Owner.MINE
    assert quick.undo_count == steps + 1
    quick.until(lambda: quick.photo.is_answered and not quick.engine.running)
    assert quick.crop == turned
    quick.key(Qt.Key.Key_Z, CTRL)
    assert quick.photo.edit.owner is Owner.PROPOSED
    assert quick.crop.angle == 0


def test_escape_leaves_all_as_it_was_and_no_step(quick: Desk) -> None:
    before, steps = quick.photo.edit, quick.undo_count
    start, end = around_corner(quick, 5)
    quick.press(start)
    quick.move(end)
    assert quick.crop.angle != 0
    quick.key(Qt.Key.Key_Escape)
    quick.release(end)
    assert quick.photo.edit == before
    assert quick.undo_count == steps
    quick.drag(*around_corner(quick, 5))
    assert quick.crop.angle == pytest.approx(5, abs=0.3)


def test_no_further_than_the_tool_goes(quick: Desk) -> None:
    own = draw_own(quick)
    way = [around_corner(own, degrees) for degrees in (20, 40, 60)]
    own.press(way[0][0])
    for _, at in way:
        own.move(at)
    own.release(way[-1][1])
    assert own.crop.angle == 45
