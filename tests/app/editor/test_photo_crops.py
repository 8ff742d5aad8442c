"""Several crops of one photo: begun, chosen, removed, undone and exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.edit import Edit, Owner
from app.document.edit_crops import (
    all_crops,
    arranged,
    begun,
    chosen,
    in_hand,
    own_crops,
    removed,
    stepped,
    turned_edit,
)
from app.export.export_plan import plan_exports
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import FLIP_HORIZONTAL, TURN_LEFT, TURN_RIGHT
from cropcore.geometry.refit import keeps
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key
SQUARE, TALL = Aspect.parse("1:1"), Aspect.parse("4:5")
A, B, C = (Crop((0.1, 0.1, x, 0.9)) for x in (0.5, 0.6, 0.7))


def box(place: int) -> Crop:
    return Crop((0.01 * place, 0.1, 0.5, 0.9))


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """An edit as a person may have made it, with crops of the ids "" to "d"."""
    edit = Edit().mine(box(draw(st.integers(0, 9))))
    for name in draw(st.lists(st.sampled_from("abcd"), unique=True)):
        edit = begun(edit, name, box(draw(st.integers(0, 9))), Owner.MINE)
    ids = [kept.id for kept in all_crops(edit)]
    edit = chosen(edit, draw(st.sampled_from(ids)))
    if len(ids) > 1 and draw(st.booleans()):
        edit = removed(edit, draw(st.sampled_from(ids)), "e")
    return replace(edit, starred=draw(st.booleans()), aspect=draw(st.sampled_from([SQUARE, TALL])))


@given(edits(), edits())
def test_a_step_leads_there_and_back(start: Edit, end: Edit) -> None:
    assert stepped(start, start, end) == end
    assert stepped(stepped(start, start, end), end, start) == start


@given(edits(), edits(), edits())
def test_a_step_touches_only_what_it_changed(current: Edit, start: Edit, end: Edit) -> None:
    after = stepped(current, start, end)
    before = {kept.id: kept for kept in all_crops(current)}
    first, last = ({k.id: k for k in all_crops(e)} for e in (start, end))
    for kept in all_crops(after):
        if first.get(kept.id) == last.get(kept.id) and kept.id in before:
            assert kept == before[kept.id]
    if start.starred == end.starred:
        assert after.starred == current.starred
    assert len({kept.id for kept in all_crops(after)}) == len(all_crops(after))


@given(edits(), edits(), st.sampled_from([TURN_LEFT, TURN_RIGHT, FLIP_HORIZONTAL]))
def test_undoing_a_turn_turns_what_came_meanwhile(start: Edit, extra: Edit, by: object) -> None:
    end = turned_edit(start, by)
    assert stepped(end, end, start) == start
    new = begun(end, "new", extra.crop, Owner.MINE)
    back = {kept.id: kept.crop for kept in all_crops(stepped(new, end, start))}
    assert by.crop(back["new"]).box == pytest.approx(extra.crop.box)


def test_a_proposal_waits_beside_and_a_whole_photo_does_not() -> None:
    edit = begun(Edit().mine(A), "b", B, Owner.PROPOSED)
    assert [kept.crop for kept in own_crops(edit)] == [A]
    assert [kept.crop for kept in all_crops(chosen(edit, ""))] == [A, B]
    edit = begun(Edit().mine(A), "b", Crop(), Owner.WHOLE)
    assert all_crops(chosen(edit, "")) == (in_hand(Edit().mine(A)),)


def test_the_last_crop_leaves_a_whole_photo() -> None:
    edit = removed(Edit().mine(A), "", "fresh")
    assert (edit.owner, edit.crop, edit.crop_id) == (Owner.WHOLE, Crop(), "fresh")


@pytest.fixture
def two(quick: Desk) -> Desk:
    """A photo with two crops: candidate 2 in its own ratio, and a proposal for 1:1 in hand."""
    quick.key(K.Key_2)
    quick.key(K.Key_N)
    quick.click(quick.window.parts.aspect_panel.chips["1:1"])
    best = candidate_crops(SQUARE, quick.photo.photo)[0]
    quick.until(lambda: quick.crop == best)
    return quick


def names(desk: Desk) -> list[str]:
    return [row.button.accessibleName() for row in desk.window.parts.photo_crops_panel.rows]


def test_a_crop_is_kept_while_another_is_begun(two: Desk) -> None:
    first, second = all_crops(two.photo.edit)
    assert first.crop == candidate_crops(Aspect("original"), two.photo.photo)[1]
    assert (first.owner, second.owner) == (Owner.MINE, Owner.PROPOSED)
    assert two.window.parts.photo_crops_panel.isVisible()
    assert [name.split(",")[0] for name in names(two)] == ["3:2", "1:1"]
    assert [row.button.isChecked() for row in two.window.parts.photo_crops_panel.rows] == [
        False,
        True,
    ]


def test_a_photo_with_one_crop_shows_no_list(quick: Desk) -> None:
    quick.key(K.Key_2)
    assert not quick.window.parts.photo_crops_panel.isVisible()


def test_beginning_with_a_crop_taken_proposes_the_next_best(quick: Desk) -> None:
    quick.key(K.Key_1)
    quick.key(K.Key_N)
    best = candidate_crops(Aspect("original"), quick.photo.photo)
    assert quick.crop == best[1]
    assert quick.photo.edit.owner is Owner.PROPOSED


def test_rows_choose_and_remove(two: Desk) -> None:
    two.key(K.Key_3)
    panel = two.window.parts.photo_crops_panel
    second = two.crop
    two.click(panel.rows[0].button)
    assert two.crop == candidate_crops(Aspect("original"), two.photo.photo)[1]
    assert two.photo.edit.aspect == Aspect("original")
    assert two.window.parts.canvas.hasFocus()
    two.key(K.Key_N, SHIFT)
    assert two.crop == second
    two.click(panel.rows[0].remove)
    assert own_crops(two.photo.edit) == (in_hand(two.photo.edit),)
    assert two.crop == second
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not panel.isVisible()
    two.key(K.Key_Z, CTRL)
    assert len(own_crops(two.photo.edit)) == 2
    assert two.crop == second


def test_undo_takes_the_crop_that_it_changes_in_hand(two: Desk) -> None:
    two.key(K.Key_3)
    square = two.crop
    two.key(K.Key_N, SHIFT)
    two.draw_crop((0.3, 0.3, 0.7, 0.7))
    drawn = two.crop
    two.key(K.Key_N, SHIFT)
    assert two.crop == square
    two.key(K.Key_Z, CTRL)
    assert two.crop == candidate_crops(Aspect("original"), two.photo.photo)[1]
    two.key(K.Key_Z, CTRL | SHIFT)
    assert two.crop == drawn
    while two.window.parts.document.undo_group.canUndo():
        two.key(K.Key_Z, CTRL)
    assert own_crops(two.photo.edit) == ()
    while two.window.parts.document.undo_group.canRedo():
        two.key(K.Key_Z, CTRL | SHIFT)
    assert {kept.crop for kept in own_crops(two.photo.edit)} == {drawn, square}


def test_the_crop_in_hand_is_removed_by_key(quick: Desk) -> None:
    quick.key(K.Key_4)
    quick.key(K.Key_Delete, CTRL)
    assert quick.photo.edit.owner is Owner.PROPOSED
    assert quick.crop == candidate_crops(Aspect("original"), quick.photo.photo)[0]
    quick.key(K.Key_Z, CTRL)
    assert quick.crop == candidate_crops(Aspect("original"), quick.photo.photo)[3]
    assert quick.photo.edit.owner is Owner.MINE


def test_rows_are_reached_by_key(two: Desk) -> None:
    row = two.window.parts.photo_crops_panel.rows[0].button
    row.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(row, K.Key_Space)
    assert two.photo.edit.crop_id == two.window.parts.photo_crops_panel.rows[0].crop_id


def test_all_crops_of_a_photo_are_exported(two: Desk, tmp_path: Path) -> None:
    two.key(K.Key_2)
    two.key(K.Key_N)
    two.key(K.Key_1)
    window = two.window
    two.key(K.Key_E, CTRL | SHIFT)
    box = window.parts.export_controls.panel.scope_box
    box.setCurrentIndex(box.findData("crops"))
    assert window.parts.export_controls.button.main.text().strip() == "Export all crops"
    with two.qtbot.waitSignal(window.parts.exporter.finished) as done:
        two.click(window.parts.export_controls.button.main)
    assert done.args == [3]
    written = sorted((tmp_path / "Cropsight").iterdir())
    shapes = []
    for path in written:
        with Image.open(path) as image:
            shapes.append(round(image.width / image.height, 1))
    assert sorted(shapes) == [1.0, 1.0, 1.5]
    assert sum("(" in path.name for path in written) == 0


def test_another_ratio_is_exported_as_it_was_kept(two: Desk) -> None:
    two.key(K.Key_3)
    square = two.crop
    two.key(K.Key_N, SHIFT)
    (task,) = plan_exports([two.photo], [SQUARE])
    assert (task.crop, task.aspect) == (square, SQUARE)
    (task,) = plan_exports([two.photo])
    assert task.crop == two.crop
    assert len(plan_exports([two.photo], all_kept=True)) == 2


def test_what_is_whole_still_is_no_crop_to_keep_nor_to_accept(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk()
    desk.window.parts.settings.aspect = TALL
    desk.open(small_photo)
    edit = desk.photo.edit
    assert (edit.owner, edit.aspect) == (Owner.WHOLE, TALL)
    desk.key(K.Key_N)
    desk.key(K.Key_Return)
    desk.key(K.Key_Right)
    desk.window.parts.editor.type_side("left", 5)
    assert desk.photo.edit == edit
    assert desk.undo_count == 0
    desk.window.parts.straighten_tool.set_angle(7.0)
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert keeps(desk.crop, 4 / 5, 1200, 800), "it is in its ratio from the first crop on"
    desk.window.parts.straighten_tool.set_angle(0.0)
    assert desk.crop == edit.crop


def test_arranged_keeps_the_order_whichever_is_in_hand() -> None:
    edit = begun(begun(Edit().mine(A), "b", B, Owner.MINE), "c", C, Owner.MINE)
    for hand in ("", "b", "c"):
        assert [kept.id for kept in all_crops(chosen(edit, hand))] == ["", "b", "c"]
        assert arranged(edit, all_crops(edit), hand) == chosen(edit, hand)


def test_areas_that_are_undone_lie_where_they_did_in_another_crop_in_hand(quick: Desk) -> None:
    window = quick.window
    quick.key(K.Key_1)
    window.parts.photo_crops.begin()
    window.parts.straighten_tool.set_angle(10.0)
    first = (0.4, 0.4, 0.6, 0.5)
    window.parts.editor.set_protected([first])
    window.parts.editor.set_protected([first, (0.2, 0.3, 0.3, 0.5)])
    window.parts.photo_crops.choose_next()
    assert quick.crop.angle == 0
    quick.key(K.Key_Z, CTRL)
    assert len(quick.photo.edit.protect) == 1
    window.parts.photo_crops.choose_next()
    assert quick.crop.angle == 10.0
    assert quick.photo.edit.protect[0] == pytest.approx(first)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("other", ["next", "new"])
def test_the_straighten_tool_leaves_other_crops_alone(
    quick: Desk, turned: bool, other: str
) -> None:
    quick.key(K.Key_1)
    quick.key(K.Key_N)
    quick.key(K.Key_2)
    quick.key(K.Key_S)
    if turned:
        quick.key(K.Key_Right)
    quick.key(K.Key_N, SHIFT if other == "next" else Qt.KeyboardModifier.NoModifier)
    assert not quick.window.parts.straighten_tool.is_on
    assert not quick.window.parts.actions["straighten"].isChecked()
    before = all_crops(quick.photo.edit)
    quick.key(K.Key_Escape)
    assert all_crops(quick.photo.edit) == before
