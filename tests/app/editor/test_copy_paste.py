"""One photo's crop or settings on many, with real keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.document.edit import Edit, Owner
from app.document.edit_crops import own_crops
from app.document.pasted_edits import copied, with_best, with_pasted_crop, with_pasted_settings
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import centre
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import centred, pixel_ratio
from tests.app.helpers.engine_double import MATCHED, candidate_crops
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo
from tests.cropcore.helpers.rotated import inside_rotated
from tests.cropcore.images.test_level_detection import askew, houses, quarrel

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
K = Qt.Key
SQUARE, TALL = Aspect.parse("1:1"), Aspect.parse("4:5")

sides = st.integers(200, 6000)
aspects = st.sampled_from([SQUARE, TALL, Aspect("free"), Aspect("circle"), Aspect.parse("16:9")])


@given(aspects, st.tuples(sides, sides), st.tuples(sides, sides), st.floats(-10, 10))
def test_a_pasted_crop_has_the_ratio_and_no_empty_corner(
    aspect: Aspect, source: tuple[int, int], target: tuple[int, int], angle: float
) -> None:
    edit = Edit().with_aspect(aspect).mine(centred(aspect, *source))
    what = copied(edit, edit.crop, source)
    after = with_pasted_crop(Edit(crop=centred(SQUARE, *target, angle)), what, target)
    assert pixel_ratio(after.crop, *target) == pytest.approx(what.ratio, rel=1e-6)
    assert after.crop.angle == angle
    assert inside_rotated(after.crop.box, *target, angle)
    assert (after.aspect, after.owner) == (aspect, Owner.MINE)


def test_a_pasted_crop_lies_at_the_same_relative_place() -> None:
    edit = Edit().with_aspect(SQUARE).mine(Crop((0.6, 0.1, 0.8, 0.4)))
    what = copied(edit, edit.crop, (1200, 800))
    after = with_pasted_crop(Edit(), what, (800, 1200))
    assert centre(after.crop.box) == pytest.approx((0.7, 0.25))


def test_the_best_crop_leaves_an_own_one_of_that_ratio() -> None:
    copy = copied(Edit().with_aspect(SQUARE), Crop(), (100, 100))
    own = Edit().with_aspect(SQUARE).mine(Crop((0.1, 0.1, 0.2, 0.2)))
    assert with_best(own, copy, Crop((0.3, 0.3, 0.4, 0.4)), "new") == own
    tall = Edit().with_aspect(TALL).mine(Crop((0.1, 0.1, 0.2, 0.2)))
    after = with_best(tall, copy, Crop((0.3, 0.3, 0.4, 0.4)), "new")
    assert [kept.aspect for kept in own_crops(after)] == [TALL, SQUARE]


def test_pasted_settings_leave_the_crop_whose_it_is() -> None:
    copy = copied(Edit(tightness=0.9, method="asm").with_aspect(SQUARE), Crop(), (100, 100))
    after = with_pasted_settings(Edit(), copy, (300, 200))
    assert (after.owner, after.tightness, after.method) == (Owner.PROPOSED, 0.9, "asm")
    mine = with_pasted_settings(Edit().mine(Crop((0.2, 0.2, 0.6, 0.8))), copy, (300, 200))
    assert mine.owner is Owner.MINE
    assert pixel_ratio(mine.crop, 300, 200) == pytest.approx(1)


@pytest.fixture
def four(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Four photos of different sizes, of which only the first was shown."""
    desk = make_desk(held=False)
    sizes = {"a": (1200, 800), "b": (900, 600), "c": (600, 900), "d": (800, 800)}
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", *size) for name, size in sizes.items()))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED and desk.painted == 10)
    return desk


def crops(desk: Desk) -> list[Crop]:
    return [photo.edit.crop for photo in desk.window.parts.document.photos]


def owners(desk: Desk) -> list[Owner]:
    return [photo.edit.owner for photo in desk.window.parts.document.photos]


def press(desk: Desk, text: str) -> None:
    (button,) = (
        button
        for notice in desk.window.parts.notices.notices
        for button in notice.findChildren(QPushButton)
        if button.text() == text
    )
    desk.click(button)


def press_undo(desk: Desk) -> None:
    press(desk, "Undo")


def test_a_crop_is_pasted_on_one_photo(four: Desk) -> None:
    four.click(four.window.parts.aspect_panel.chips["1:1"])
    four.until(lambda: four.painted == 10 and four.photo.current_suggestions)
    four.key(K.Key_3)
    four.key(K.Key_C, CTRL)
    source = four.crop
    four.key(K.Key_PageDown)
    four.until(lambda: four.photo.preview is not None)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished) as done:
        four.key(K.Key_V, CTRL)
    assert done.args == [1]
    assert four.photo.edit.owner is Owner.MINE
    assert four.photo.edit.aspect == SQUARE
    assert centre(four.crop.box) == pytest.approx(centre(source.box))
    four.key(K.Key_Z, CTRL)
    assert four.photo.edit.owner is not Owner.MINE


def test_a_crop_is_pasted_on_the_selection_and_taken_back_at_once(four: Desk) -> None:
    four.click(four.window.parts.aspect_panel.chips["4:5"])
    four.until(lambda: four.photo.current_suggestions and four.painted == 10)
    four.key(K.Key_2)
    four.key(K.Key_C, CTRL)
    before = crops(four)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished) as done:
        four.key(K.Key_V, CTRL)
    # The photo that it was copied from has it already.
    assert done.args == [3]
    assert owners(four) == [Owner.MINE] * 4
    for photo in four.window.parts.document.photos:
        assert pixel_ratio(photo.edit.crop, photo.width, photo.height) == pytest.approx(0.8)
        assert photo.stack.count() == (3 if photo is four.photo else 1)
    shown, pasted = four.photo, crops(four)
    press_undo(four)
    assert crops(four) == before
    assert four.photo is shown
    four.key(K.Key_Z, CTRL | SHIFT)
    assert crops(four) == pasted


@pytest.mark.parametrize("looks", [0, 2])
def test_one_undo_takes_a_paste_back_on_all_photos(four: Desk, looks: int) -> None:
    """Be the photo that it was copied from shown, or another one."""
    four.key(K.Key_2)
    four.key(K.Key_C, CTRL)
    before = crops(four)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished):
        four.key(K.Key_V, CTRL)
    pasted = crops(four)
    for _ in range(looks):
        four.key(K.Key_PageDown)
    last = four.window.parts.document.photos[3]
    four.key(K.Key_Z, CTRL)
    assert crops(four) == before
    four.key(K.Key_Z, CTRL | SHIFT)
    assert crops(four) == pasted
    moved = Crop((0.0, 0.0, 0.5, 0.5))
    four.window.parts.document.push(last, last.edit, last.edit.mine(moved), "Move crop")
    four.key(K.Key_Z, CTRL)
    assert crops(four) == [*before[:3], moved]
    assert "1 photo changed since: left as they are." in four.notices()


def test_undo_for_all_leaves_what_was_changed_since(four: Desk) -> None:
    four.key(K.Key_2)
    four.key(K.Key_C, CTRL)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished):
        four.key(K.Key_V, CTRL)
    second = four.window.parts.document.photos[1]
    moved = Crop((0.0, 0.0, 0.5, 0.5))
    four.window.parts.document.push(second, second.edit, second.edit.mine(moved), "Move crop")
    press_undo(four)
    assert second.edit.crop == moved
    assert owners(four)[2:] != [Owner.MINE, Owner.MINE]
    assert "1 photo changed since: left as they are." in four.notices()


def test_settings_are_pasted(four: Desk) -> None:
    four.click(four.window.parts.aspect_panel.chips["16:9"])
    four.window.parts.editor.set_method("mars")
    four.key(K.Key_C, CTRL)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished):
        four.key(K.Key_V, CTRL | SHIFT)
    for photo in four.window.parts.document.photos:
        assert (photo.edit.aspect, photo.edit.method) == (Aspect.parse("16:9"), "mars")
        assert photo.edit.owner is Owner.PROPOSED


def test_the_best_crop_of_each(four: Desk) -> None:
    four.click(four.window.parts.aspect_panel.chips["1:1"])
    four.until(lambda: four.photo.current_suggestions)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished) as done:
        four.key(K.Key_B, CTRL | SHIFT)
    assert done.args == [4]
    for photo in four.window.parts.document.photos:
        assert photo.edit.crop == candidate_crops(SQUARE, photo.photo)[0]
        assert photo.edit.owner is Owner.MINE
    press_undo(four)
    assert Owner.MINE not in owners(four)


def test_asking_for_the_best_can_be_cancelled(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", 600, 400) for name in "abc"))
    desk.deliver()
    desk.key(K.Key_A, CTRL)
    desk.key(K.Key_B, CTRL | SHIFT)
    desk.until(lambda: desk.window.parts.copy_paste._asked is not None)
    (notice,) = (n for n in desk.window.parts.notices.notices if "Best crop" in n.text)
    (cancel,) = (b for b in notice.findChildren(QPushButton) if b.text() == "Cancel")
    with desk.qtbot.waitSignal(desk.window.parts.copy_paste.finished) as done:
        desk.click(cancel)
        desk.engine.let_all_go()
    assert done.args[0] <= 2
    assert Owner.MINE not in owners(desk)[2:]


def test_nothing_to_paste_is_said(four: Desk) -> None:
    four.key(K.Key_V, CTRL)
    assert any("Nothing is copied yet" in text for text in four.notices())


def test_a_crop_is_pasted_by_the_subject_and_unsure_ones_are_listed(four: Desk) -> None:
    four.engine.doubts = {"b.jpg": ("several",), "c.jpg": ("missing",)}
    four.click(four.window.parts.aspect_panel.chips["4:5"])
    four.until(lambda: four.photo.current_suggestions and four.painted == 10)
    four.key(K.Key_2)
    before = crops(four)
    four.key(K.Key_A, CTRL)
    with four.qtbot.waitSignal(four.window.parts.copy_paste.finished, timeout=WAIT_MS) as done:
        four.key(K.Key_M, CTRL)
    assert done.args == [2]
    assert four.engine.patterns == [before[0]]
    after = crops(four)
    assert after[0] == before[0]
    assert [crop.box for crop in after[1::2]] == [MATCHED, MATCHED]
    assert after[2] == before[2]
    text = four.notices()[-1]
    assert text.startswith("2 photos cropped alike. Look at 2 of them: ")
    assert "c.jpg (no head found), b.jpg (several heads)" in text
    press(four, "Show them")
    assert four.photo.path.name == "c.jpg"
    names = [photo.path.name for photo in four.window.parts.filmstrip.selected()]
    assert names == ["b.jpg", "c.jpg"]
    four.key(K.Key_PageUp)
    four.key(K.Key_Z, CTRL)
    assert crops(four) == before


def test_the_selection_is_levelled_and_photos_without_lines_are_listed(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = make_desk(held=False)
    plain = Image.new("RGB", (900, 600), (120, 130, 140))
    paths = [tmp_path / f"{name}.png" for name in "abcd"]
    for path, angle in zip(paths, (3.0, -1.5), strict=False):
        Image.fromarray(askew(houses(), angle)).save(path)
    plain.save(paths[2])
    Image.fromarray(quarrel()).save(paths[3])
    desk.open(*paths)
    desk.until(lambda: desk.photo.current_suggestions)
    desk.key(K.Key_A, CTRL)
    with desk.qtbot.waitSignal(desk.window.parts.copy_paste.finished, timeout=WAIT_MS) as done:
        desk.key(K.Key_L, SHIFT)
    assert done.args == [2]
    angles = [crop.angle for crop in crops(desk)]
    assert angles == [pytest.approx(3.0, abs=0.3), pytest.approx(-1.5, abs=0.3), 0.0, 0.0]
    text = desk.notices()[-1]
    assert text.startswith("2 photos levelled. Look at 2 of them: c.png (too few")
    assert "d.png (its lines do not agree)" in text
    press_undo(desk)
    assert [crop.angle for crop in crops(desk)] == [0.0, 0.0, 0.0, 0.0]
