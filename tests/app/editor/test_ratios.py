"""Ratios are the person's: own chips, paper sizes, places, ratios that turn with the photo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolTip

from app.document.edit import Owner
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import Desk, write_photo

CTRL = Qt.KeyboardModifier.ControlModifier
K = Qt.Key


def choose(menu: QMenu, *texts: str) -> None:
    """Choose an entry of a menu, or of a menu in it."""
    for text in texts:
        action: QAction = next(a for a in menu.actions() if a.text().startswith(text))
        inner = action.menu()
        if isinstance(inner, QMenu):
            menu = inner
        else:
            assert action.isEnabled()
            action.trigger()


def type_ratio(desk: Desk, text: str) -> None:
    field = desk.window.parts.aspect_panel.field
    desk.key(K.Key_R)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, K.Key_Return)


def test_own_ratios_are_chips_that_are_moved_removed_and_remembered(
    quick: Desk, make_desk: Callable[..., Desk]
) -> None:
    panel = quick.window.parts.aspect_panel
    common = list(panel.chips)
    for text in ("1,91", "13x18 cm"):
        type_ratio(quick, text)
        choose(panel.more_menu(), "Keep")
    assert list(panel.chips) == [*common, "1.91:1", "13:18"]
    assert panel.chips["13:18"].isChecked()
    assert not any(a.text().startswith("Keep") for a in panel.more_menu().actions())
    quick.click(panel.chips["1.91:1"])
    assert quick.photo.edit.aspect == Aspect.parse("1.91")
    choose(panel.own_menu(Aspect.parse("1.91")), "Move right")
    assert list(panel.chips) == [*common, "13:18", "1.91:1"]
    choose(panel.own_menu(Aspect.parse("13:18")), "Remove")
    assert list(panel.chips) == [*common, "1.91:1"]
    assert quick.photo.edit.aspect == Aspect.parse("1.91")
    later = make_desk(held=False).window.parts.aspect_panel
    assert list(later.chips) == [*common, "1.91:1"]


@pytest.mark.parametrize(
    ("typed", "aspect", "says", "soft"),
    [("10x15 cm", "2:3", "10 × 15 cm: ", True), ("1x1,5 in", "2:3", "1 × 1.5 in: ", False)],
)
def test_a_paper_size_says_how_many_pixels_lie_on_an_inch(
    quick: Desk, typed: str, aspect: str, says: str, soft: bool
) -> None:
    panel = quick.window.parts.aspect_panel
    type_ratio(quick, typed)
    assert quick.photo.edit.aspect == Aspect.parse(aspect)
    quick.until(lambda: panel.print_line.isVisible())
    assert panel.print_line.text().startswith(says)
    assert ("looks soft" in panel.print_line.text()) == soft
    quick.click(panel.chips["1:1"])
    assert not panel.print_line.isVisible()


def test_a_paper_is_chosen_from_the_menu(quick: Desk) -> None:
    panel = quick.window.parts.aspect_panel
    choose(panel.more_menu(), "Paper", "A4")
    assert quick.photo.edit.aspect == Aspect.parse("210:297")
    assert panel.print_line.text().startswith("A4: ")


@pytest.mark.parametrize(
    ("place", "aspect", "shape"),
    [("Story", "9:16", "rect"), ("Banner", "3:1", "rect"), ("Avatar", "1:1", "circle")],
)
def test_a_place_draws_what_it_covers(quick: Desk, place: str, aspect: str, shape: str) -> None:
    canvas, panel = quick.window.parts.canvas, quick.window.parts.aspect_panel
    assert canvas.state.safe_area is None
    choose(panel.more_menu(), "With safe area", place)
    assert quick.photo.edit.aspect == Aspect.parse(aspect)
    assert canvas.state.safe_area is not None
    name, drawn = canvas.state.safe_area
    assert (name, drawn.shape) == (place, shape)
    with_area = canvas.grab().toImage()
    canvas.set_safe_area(None)
    assert canvas.grab().toImage() != with_area
    quick.click(panel.chips["4:5"])
    assert canvas.state.safe_area is None
    assert quick.window.parts.settings.place == ""


def test_a_ratio_turns_with_each_photo(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk(held=False)
    sizes = {"a": (600, 400), "b": (400, 600), "c": (600, 400)}
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", *size) for name, size in sizes.items()))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    panel = desk.window.parts.aspect_panel
    choose(panel.more_menu(), "Turn with the photo")
    desk.click(panel.chips["4:5"])
    assert desk.photo.edit.aspect == Aspect.parse("5:4")
    desk.key(K.Key_PageDown)
    desk.until(lambda: desk.photo.preview is not None)
    desk.until(lambda: desk.photo.edit.aspect == Aspect.parse("4:5"))
    desk.key(K.Key_X)
    assert desk.photo.edit.aspect == Aspect.parse("5:4")
    # Pasted as well.
    desk.click(panel.chips["16:9"])
    assert desk.photo.edit.aspect == Aspect.parse("9:16")
    desk.key(K.Key_C, CTRL)
    desk.key(K.Key_A, CTRL)
    with desk.qtbot.waitSignal(desk.window.parts.copy_paste.finished):
        desk.key(K.Key_V, CTRL)
    aspects = [str(photo.edit.aspect) for photo in desk.window.parts.document.photos]
    assert aspects == ["16:9", "9:16", "16:9"]


def test_a_number_that_is_none_is_refused_in_words_and_enter_gives_the_keys_back(
    quick: Desk,
) -> None:
    window = quick.window
    window.parts.numbers_section.set_open(True)
    quick.key(K.Key_4)
    box = window.parts.numbers_panel.boxes["width"]
    before = box.value()
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "-50")
    assert box.text() == "-50"
    with quick.qtbot.waitSignal(box.refused) as refused:
        QTest.keyClick(box, K.Key_Return)
    assert refused.args == ["'-50' is no whole number from 1 to 1000000."]
    assert QToolTip.text() == refused.args[0]
    assert box.value() == before
    assert box.text() == str(before)
    assert window.parts.canvas.hasFocus()
    left = quick.crop.box[0]
    quick.key(K.Key_Right)
    assert quick.crop.box[0] > left


def test_free_frees_the_crop_in_hand_and_the_lock_shows_a_ratio_one_can_read(quick: Desk) -> None:
    panel = quick.window.parts.aspect_panel
    quick.key(K.Key_2)
    whole = quick.crop
    quick.click(panel.chips["4:5"])
    tall = quick.crop
    assert tall != whole
    quick.key(K.Key_F)
    assert quick.photo.edit.aspect == Aspect("free")
    assert quick.crop == tall
    quick.click(panel.chips["original"])
    assert quick.crop == whole
    box = (0.1, 0.1, 0.62, 0.67)
    photo = quick.photo
    after = photo.edit.with_aspect(Aspect("free")).mine(Crop(box))
    quick.window.parts.document.push(photo, photo.edit, after, "Move crop")
    quick.key(K.Key_L)
    assert quick.photo.edit.aspect.kind == "ratio"
    assert panel.field.text() == "1.37:1"
    assert quick.crop.box == pytest.approx(box, abs=1e-3)
