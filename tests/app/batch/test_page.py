"""The batch page, with mouse and keys: its photos, and how a batch is started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtTest import QTest

from app.batch.batch_thread import BatchResult
from app.widgets.ratio_chips import RatioChips
from cropcore.errors import WeightsError
from tests.app.helpers.batch_page_hand import (
    CTRL,
    K,
    choose,
    name_note,
    names,
    note,
    open_page,
    open_three,
    page,
    retype,
    settle,
)
from tests.app.helpers.batch_photos import made, make_pile
from tests.app.helpers.gui import Desk, write_photo


@pytest.fixture
def free(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    return open_three(make_desk(held=False), tmp_path / "photos")


def test_the_page_opens_beside_the_window_with_the_open_photos(free: Desk) -> None:
    shown = page(free)
    assert not shown.isModal()
    assert shown.presets.list.hasFocus()
    assert shown.photos.source.currentText() == "Open photos (3)"
    assert shown.head.name.full_text == "Instagram 4:5"
    assert note(free) == "3 photos, 3 files"
    assert names(free) == ["000_4x5_1.jpg", "001_4x5_1.jpg", "002_4x5_1.jpg"]
    QTest.keyClick(shown, K.Key_Escape)
    assert not shown.isVisible()


def test_the_page_needs_no_photo(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(held=False)
    shown = open_page(desk)
    assert not shown.start_button.isEnabled()
    assert note(desk) == "Open some photos, or choose a folder."
    shown.photos.source.setCurrentIndex(2)
    settle(desk)
    assert note(desk) == "Choose a folder."


def test_nothing_is_cut_off_however_small_the_page(free: Desk) -> None:
    shown = page(free)
    shown.photos.set_folder(free.photo.path.parent)
    shown.finding.ratios.findChildren(RatioChips)[0].more.click()
    for chip in shown.finding.ratios.chips.values():
        free.click(chip)
    shown.resize(shown.minimumSizeHint())
    settle(free)
    board = shown.finding.parentWidget().parentWidget()
    room = board.parentWidget().width()
    assert board.width() <= room
    assert board.minimumSizeHint().width() <= room
    assert shown.start_button.geometry().right() < shown.width()


def test_the_page_goes_with_the_window(free: Desk) -> None:
    free.window.parts.running_batch.show_failures()
    listed = free.window.parts.running_batch._failure_list
    assert listed is not None
    assert free.window.close()
    assert not page(free).isVisible()
    assert not listed.isVisible()


def test_rejected_photos_are_left_out_and_the_selection_can_be_taken(free: Desk) -> None:
    photos = free.window.parts.document.photos
    free.window.parts.actions["reject"].trigger()
    shown = page(free)
    shown.photos_changed.emit()
    settle(free)
    assert shown.photos.source.currentText() == "Open photos (2)"
    shown.photos.source.setCurrentIndex(1)
    free.window.parts.document.show(photos[2])
    settle(free)
    assert shown.photos.source.currentText() == "Selected photos (1)"
    assert names(free) == ["002_4x5_1.jpg"]


def test_a_folder_with_all_that_is_in_it(free: Desk, tmp_path: Path) -> None:
    folder = make_pile(tmp_path / "more", 2).folder
    make_pile(folder / "inside", 2)
    (folder / "notes.txt").write_text("no photo")
    shown = page(free)
    shown.photos.set_folder(folder)
    settle(free)
    assert shown.photos.count.text() == "4 photos, with all folders inside; 1 other file left out"
    assert names(free) == [
        "000_4x5_1.jpg", "001_4x5_1.jpg", "000_4x5_1 (2).jpg", "001_4x5_1 (2).jpg",
    ]  # fmt: skip
    assert name_note(free) == "2 take a number, as their name is taken"
    order = free.window.parts.batch_controller.order
    assert order is not None
    assert order.folder == folder / "Cropsight"
    shown.out.set_folder(folder)
    settle(free)
    assert "cannot go to the folder of the photos" in shown.out.wrong
    assert not shown.start_button.isEnabled()
    free.click(shown.out.reset)
    settle(free)
    assert shown.out.wrong == ""
    assert shown.start_button.isEnabled()


def test_an_empty_folder_is_said(free: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    page(free).photos.set_folder(tmp_path / "empty")
    settle(free)
    assert note(free) == "There are no photos in this folder."
    assert not page(free).start_button.isEnabled()
    assert names(free) == []


def test_many_photos_never_hold_the_window(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(2000):
        (folder / f"IMG_{i:04}.jpg").touch()
    desk = make_desk(held=False)
    shown = open_page(desk)
    shown.photos.set_folder(folder)
    settle(desk)
    assert note(desk) == "2000 photos, 2000 files"
    assert name_note(desk) == "and 1994 more"
    retype(desk, shown.files.template, "same")
    desk.until(lambda: "1999 take a number" in name_note(desk))


def test_a_batch_is_started_by_key_and_its_names_were_true(free: Desk, tmp_path: Path) -> None:
    shown = page(free)
    free.click(shown.finding.ratios.chips["1:1"])
    retype(free, shown.files.template, "{n} {name}")
    said = names(free)
    with free.qtbot.waitSignal(free.window.parts.running_batch.ended) as ended:
        QTest.keyClick(shown.files.template, K.Key_Return, CTRL)
    assert isinstance(ended.args[0], BatchResult)
    assert not shown.isVisible()
    files = made(tmp_path / "photos" / "Cropsight")
    assert sorted(said) == [p.name for p in files]
    with Image.open(files[0]) as image:
        assert image.size == (1080, 1350)
    shown = open_page(free)
    assert shown.files.template.text() == "{n} {name}"
    assert name_note(free) == "6 are there already and stay"


def test_the_last_wishes_are_remembered(
    free: Desk, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    shown = page(free)
    choose(free, "Avatar")
    shown.photos.set_folder(tmp_path / "photos")
    shown.out.set_folder(tmp_path / "avatars")
    free.click(shown.out.report)
    settle(free)
    with free.qtbot.waitSignal(free.window.parts.running_batch.ended):
        free.click(shown.start_button)
    assert len(made(tmp_path / "avatars")) == 3
    assert not list((tmp_path / "avatars").glob("report*"))
    again = open_page(make_desk(held=False))
    assert again.head.name.full_text == "Avatar"
    assert again.photos.folder == tmp_path / "photos"
    assert again.out.chosen == tmp_path / "avatars"
    assert not again.out.report.isChecked()


def test_one_batch_at_a_time(desk: Desk, tmp_path: Path) -> None:
    photos = make_pile(tmp_path / "photos", 3).good
    desk.open(*photos)
    shown = open_page(desk)
    free_of = desk.window.parts.running_batch
    free_of.start(desk.window.parts.batch_controller.order)
    assert note(desk) == "Another batch is at work; this one can start after it."
    assert not shown.start_button.isEnabled()
    with desk.qtbot.waitSignal(free_of.ended):
        desk.engine.let_all_go()
    assert shown.start_button.isEnabled()


def test_without_an_engine_it_is_said(
    make_desk: Callable[..., Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(held=False)
    desk.open(write_photo(tmp_path / "a.jpg", 300, 200))
    desk.window.parts.engine.unavailable.emit(WeightsError("no weights"))
    shown = open_page(desk)
    assert note(desk) == "A batch needs the engine, which could not be loaded."
    assert not shown.start_button.isEnabled()


def test_what_is_reviewed_is_written_only_when_it_is_accepted(free: Desk, tmp_path: Path) -> None:
    shown = page(free)
    shown.out.review.setFocus()
    QTest.keyClick(shown.out.review, K.Key_Space)
    assert not shown.out.report.isEnabled()
    settle(free)
    assert note(free) == "3 photos; crops are found, and nothing is written yet"
    with free.qtbot.waitSignal(free.window.parts.running_batch.ended) as ended:
        free.click(shown.start_button)
    assert len(ended.args[0].found) == 3
    folder = tmp_path / "photos" / "Cropsight"
    assert not folder.exists()
    free.until(free.window.isActiveWindow)
    (review,) = free.window.parts.running_batch.bar.buttons
    assert review.text() == "Review"
    free.click(review)
    assert not free.window.parts.running_batch.bar.isVisible()
    free.until(lambda: free.window.parts.review_mode.can_decide)
    free.window.parts.canvas.setFocus()
    free.key(K.Key_Return)
    assert free.window.parts.review_mode.write()
    free.until(lambda: len(made(folder)) == 1)
    with Image.open(made(folder)[0]) as image:
        assert image.size == (1080, 1350)
