"""Persons' heads in the window: kept whole or not, with mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.canvas.canvas_state import ToolKind
from app.document.edit import Owner
from app.editor.heads_panel import HeadsPanel
from app.settings import Settings
from cropcore.geometry.crop import Box
from cropcore.geometry.heads import HeadCorrections
from cropcore.geometry.orientation import TURN_RIGHT
from cropcore.geometry.refit import as_box
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


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


def test_text_is_kept_whole_where_that_is_wanted(open_panel: Desk, settings: Settings) -> None:
    desk, keep = open_panel, open_panel.window.parts.heads_panel.keep_text
    assert not keep.isChecked()
    assert set(desk.engine.texts_kept) == {False}
    QTest.mouseClick(keep, LEFT, NO_KEY, QPoint(8, keep.height() // 2))
    desk.until(lambda: desk.engine.texts_kept[-1])
    assert desk.photo.edit.keep_text
    assert settings.keep_text
    desk.window.parts.canvas.setFocus()
    desk.key(K.Key_Z, CTRL)
    assert not keep.isChecked()
    desk.until(lambda: desk.photo.is_answered)


def test_without_its_extra_text_cannot_be_wanted(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.widgets.keep_text_box.text_network", lambda: None)
    panel = HeadsPanel()
    qtbot.addWidget(panel)
    assert not panel.keep_text.isEnabled()
    assert "pip install 'cropsight[text]'" in panel.keep_text.toolTip()


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


def test_a_candidate_that_cuts_a_head_is_said_to(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk(held=False)
    desk.engine.cuts = {2: ("head",)}
    desk.open(small_photo)
    desk.until(lambda: desk.painted == 10)
    status, cards = desk.window.parts.status_bar.crop, desk.window.parts.strip.cards
    assert "cuts a head" not in status.text()
    desk.window.parts.canvas.setFocus()
    desk.key(K.Key_2)
    assert status.text() == "Candidate 2 of 10, cuts a head"
    assert "cuts a head" in cards[1].toolTip().lower()
    assert "cuts" not in cards[0].toolTip().lower()


HEADS: tuple[Box, ...] = ((0.2, 0.2, 0.3, 0.35), (0.6, 0.3, 0.68, 0.42))


@pytest.fixture
def two_heads(make_desk: Callable[..., Desk], small_photo: Path) -> Desk:
    """A photo in which the engine found two heads, and the tool that corrects them in hand."""
    desk = make_desk(held=False)
    desk.engine.found_heads = HEADS
    desk.open(small_photo)
    desk.until(lambda: len(desk.window.parts.canvas.state.heads) == 2)
    desk.window.parts.canvas.setFocus()
    return desk


def shown(desk: Desk) -> tuple[Box, ...]:
    return desk.window.parts.canvas.state.heads


def middle(desk: Desk, head: Box) -> QPoint:
    return desk.place((head[0] + head[2]) / 2, (head[1] + head[3]) / 2)


def click_head(desk: Desk, head: Box) -> None:
    desk.press(middle(desk, head))
    desk.release(middle(desk, head))


def test_heads_are_outlined_on_demand(two_heads: Desk) -> None:
    desk, state = two_heads, two_heads.window.parts.canvas.state
    desk.window.parts.heads_section.set_open(True)
    assert shown(desk) == HEADS
    assert not state.heads_visible
    assert desk.window.parts.heads_panel.note.text() == "2 heads in this photo"
    before = desk.window.parts.canvas.grab().toImage()
    desk.key(K.Key_K)
    assert state.heads_visible
    assert desk.window.parts.heads_panel.show_button.isChecked()
    assert desk.window.parts.canvas.grab().toImage() != before
    desk.click(desk.window.parts.heads_panel.show_button)
    assert not state.heads_visible
    assert not desk.window.parts.actions["heads"].isChecked()


def test_a_click_dismisses_a_head_and_undo_brings_it_back(two_heads: Desk) -> None:
    desk = two_heads
    desk.key(K.Key_K, SHIFT)
    assert desk.window.parts.heads_panel.correct.isChecked()
    crop = desk.crop
    click_head(desk, HEADS[0])
    assert shown(desk) == HEADS[1:]
    desk.until(lambda: desk.engine.heads_asked[-1] == HEADS[1:])
    assert desk.undo_count == 1
    desk.key(K.Key_Z, CTRL)
    assert shown(desk) == HEADS
    desk.until(lambda: desk.photo.is_answered and desk.crop == crop)
    desk.window.parts.canvas.setFocus()
    desk.key(K.Key_Escape)
    assert not desk.window.parts.heads_panel.correct.isChecked()
    assert desk.window.parts.canvas.state.tool is ToolKind.CROP


def test_a_missed_head_is_drawn_and_can_be_taken_back_by_a_click(two_heads: Desk) -> None:
    desk, missed = two_heads, (0.4, 0.5, 0.5, 0.65)
    desk.key(K.Key_K, SHIFT)
    desk.drag(desk.place(*missed[:2]), desk.place(*missed[2:]))
    assert len(shown(desk)) == 3
    assert shown(desk)[2] == pytest.approx(missed, abs=0.005)
    desk.until(lambda: len(desk.engine.heads_asked[-1] or ()) == 3)
    click_head(desk, missed)
    assert shown(desk) == HEADS
    assert desk.photo.edit.heads == HeadCorrections()


def test_esc_gives_a_head_up_that_is_being_drawn(two_heads: Desk) -> None:
    desk = two_heads
    desk.key(K.Key_K, SHIFT)
    desk.press(desk.place(0.4, 0.5))
    desk.move(desk.place(0.5, 0.65))
    assert desk.window.parts.canvas.state.head_drawn is not None
    desk.key(K.Key_Escape)
    desk.release(desk.place(0.5, 0.65))
    assert desk.window.parts.canvas.state.head_drawn is None
    assert desk.undo_count == 0
    assert desk.window.parts.heads_panel.correct.isChecked()


def test_one_tool_is_in_hand_at_a_time(two_heads: Desk) -> None:
    parts = two_heads.window.parts
    two_heads.key(K.Key_K, SHIFT)
    parts.protect_panel.mark.setChecked(True)
    assert not parts.heads_panel.correct.isChecked()
    parts.heads_panel.correct.setChecked(True)
    assert not parts.protect_panel.mark.isChecked()
    parts.canvas.setFocus()
    two_heads.key(K.Key_S)
    assert not parts.heads_panel.correct.isChecked()
    parts.heads_panel.correct.setChecked(True)
    assert not parts.straighten_tool.is_on


def test_corrections_lie_on_the_same_spot_however_the_photo_lies(two_heads: Desk) -> None:
    """A turn moves what was dismissed and drawn with the photo; back again all is as before."""
    desk, missed = two_heads, (0.4, 0.5, 0.5, 0.65)
    desk.key(K.Key_K, SHIFT)
    click_head(desk, HEADS[0])
    desk.drag(desk.place(*missed[:2]), desk.place(*missed[2:]))
    edit, drawn = desk.photo.edit.heads, shown(desk)[-1]
    desk.engine.found_heads = tuple(as_box(TURN_RIGHT.boxes(head)) for head in HEADS)
    desk.window.parts.actions["turn_right"].trigger()
    desk.until(lambda: len(shown(desk)) == 2)
    x1, y1, x2, y2 = drawn
    assert shown(desk)[-1] == pytest.approx((1 - y2, x1, 1 - y1, x2))
    assert desk.photo.edit.heads == edit
    desk.engine.found_heads = HEADS
    desk.window.parts.actions["turn_left"].trigger()
    desk.until(lambda: shown(desk) == (HEADS[1], drawn))


def test_corrections_are_kept_with_the_photo(
    two_heads: Desk, make_desk: Callable[..., Desk]
) -> None:
    desk = two_heads
    desk.key(K.Key_K, SHIFT)
    click_head(desk, HEADS[0])
    edit, path = desk.photo.edit.heads, desk.photo.path
    assert edit.dismissed
    desk.window.close()
    again = make_desk(held=False)
    again.engine.found_heads = HEADS
    again.open(path)
    again.until(lambda: again.photo.edit.heads == edit)
    again.until(lambda: shown(again) == HEADS[1:])
