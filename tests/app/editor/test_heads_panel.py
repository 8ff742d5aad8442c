"""Persons' heads in the window: kept whole or not, with mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.document.edit import Owner
from app.settings import Settings
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_panel(quick: Desk) -> Desk:
    quick.window.parts.heads_section.set_open(True)
    return quick


def test_heads_are_kept_whole_unless_switched_off(open_panel: Desk) -> None:
    desk, keep = open_panel, open_panel.window.parts.heads_panel.keep
    assert keep.isChecked()
    assert set(desk.engine.heads_asked) == {None}
    asked = len(desk.engine.heads_asked)

    keep.setFocus()
    QTest.keyClick(keep, K.Key_Space)
    desk.until(lambda: len(desk.engine.heads_asked) > asked)
    assert desk.engine.heads_asked[-1] == ()
    assert not desk.photo.edit.keep_heads

    desk.window.parts.canvas.setFocus()
    desk.key(K.Key_Z, CTRL)
    assert keep.isChecked()
    assert desk.photo.edit.keep_heads
    desk.until(lambda: desk.photo.is_answered)


def test_the_next_photo_begins_with_what_was_chosen_last(
    open_panel: Desk, tmp_path: Path, settings: Settings
) -> None:
    desk = open_panel
    keep = desk.window.parts.heads_panel.keep
    QTest.mouseClick(keep, LEFT, NO_KEY, QPoint(8, keep.height() // 2))
    assert not settings.keep_heads
    desk.open(write_photo(tmp_path / "next.jpg", 900, 600))
    desk.until(
        lambda: desk.photo.path.name == "next.jpg" and desk.photo.edit.owner is Owner.PROPOSED
    )
    assert not desk.photo.edit.keep_heads
    assert desk.engine.heads_asked[-1] == ()
    assert not desk.window.parts.heads_panel.keep.isChecked()
