"""A hand that straightens the photo in the window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cropcore.geometry.crop import Box, Crop
from tests.app.helpers.gui import Desk
from tests.cropcore.helpers.rotated import inside_rotated

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
    field = desk.window.parts.straighten_panel.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, f"{angle:.1f}")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.crop.angle == pytest.approx(angle)
    desk.key(Qt.Key.Key_Return)
    assert not desk.window.parts.straighten_tool.is_on


def draw_own(desk: Desk) -> Desk:
    """Give the photo a crop of the person's own, of a free ratio."""
    desk.key(Qt.Key.Key_F)
    desk.window.parts.editor.finish_drag(Crop(OWN), "Draw")
    return desk
