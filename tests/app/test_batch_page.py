"""The batch page, with mouse and keys: photos, presets, names as they will be, what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QWidget

from app.batch_run import BatchEnd
from app.panels.batch_page import BatchPage
from cropcore.errors import WeightsError
from cropcore.options import Size
from cropcore.preset_shelf import save_preset, saved_folder, shelf
from cropcore.presets import Preset, read_preset
from tests.app.batch_photos import made, make_pile
from tests.app.gui import Desk, write_photo

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def free(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Three open photos, and the page."""
    desk = make_desk(held=False)
    desk.open(*make_pile(tmp_path / "photos", 3).good)
    open_page(desk)
    return desk


def open_page(desk: Desk) -> BatchPage:
    desk.key(K.Key_B, CTRL)
    page = desk.window.batch.page
    assert page is not None
    desk.until(lambda: page.isActiveWindow() and page.presets.current is not None)
    settle(desk)
    return page


def page(desk: Desk) -> BatchPage:
    shown = desk.window.batch.page
    assert shown is not None
    return shown


def settle(desk: Desk) -> None:
    """Until everything that is looked up behind the page is there."""
    desk.until(lambda: is_settled(desk))


def is_settled(desk: Desk) -> bool:
    batch = desk.window.batch
    behind = (batch._presets, batch._ahead)
    for part in behind:
        part._hand.submit(lambda: None).result()  # what was begun before is done
    return not (
        batch._gathering or batch._rest.isActive() or any(part._outbox._letters for part in behind)
    )


def retype(desk: Desk, field: QLineEdit, text: str) -> None:
    field.setFocus()
    QTest.keyClick(field, K.Key_A, CTRL)
    QTest.keyClick(field, K.Key_Delete)
    QTest.keyClicks(field, text)
    settle(desk)


def choose(desk: Desk, name: str) -> None:
    """Walk to a preset by the arrow keys."""
    shown = page(desk).presets
    shown.list.setFocus()
    QTest.keyClick(shown.list, K.Key_Home)
    while shown.current is not None and shown.current.preset.name != name:
        before = shown.current
        QTest.keyClick(shown.list, K.Key_Down)
        assert shown.current != before, f"no preset {name}"
    settle(desk)


def names(desk: Desk) -> list[str]:
    return page(desk).files.name_texts


def note(desk: Desk) -> str:
    return page(desk).note.text()


# --- photos -------------------------------------------------------------------------------------


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
    free.window.batching.show_misses()
    listed = free.window.batching._miss_list
    assert listed is not None
    assert free.window.close()
    assert not page(free).isVisible()
    assert not listed.isVisible()


def test_rejected_photos_are_left_out_and_the_selection_can_be_taken(free: Desk) -> None:
    photos = free.window.document.photos
    free.window.act["reject"].trigger()
    shown = page(free)
    shown.photos_changed.emit()
    settle(free)
    assert shown.photos.source.currentText() == "Open photos (2)"
    shown.photos.source.setCurrentIndex(1)
    free.window.document.show(photos[2])
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
    assert shown.files.name_note == "2 take a number, as their name is taken"
    order = free.window.batch.order
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
    assert shown.files.name_note == "and 1994 more"
    retype(desk, shown.files.template, "same")
    desk.until(lambda: "1999 take a number" in shown.files.name_note)


# --- fields -------------------------------------------------------------------------------------


def test_names_follow_every_field(free: Desk) -> None:
    shown = page(free)
    free.click(shown.finding.ratios.chips["1:1"])
    settle(free)
    assert names(free)[:2] == ["000_4x5_1.jpg", "000_1x1_1.jpg"]
    assert note(free) == "3 photos, 6 files"
    retype(free, shown.files.template, "{n:03} {name} {width}x{height}")
    assert names(free)[0] == "001 000 1080x1350.jpg"
    shown.files.format.setCurrentIndex(shown.files.format.findData("webp"))
    settle(free)
    assert names(free)[0].endswith(".webp")
    retype(free, shown.files.template, "same")
    assert names(free)[:3] == ["same.webp", "same (2).webp", "same (3).webp"]
    free.click(shown.finding.ratios.chips["4:5"])
    free.click(shown.finding.ratios.chips["1:1"])
    assert note(free) == "Choose a ratio."
    assert not shown.start_button.isEnabled()


def test_a_ratio_is_typed_with_its_size(free: Desk) -> None:
    shown, ratios = page(free), page(free).finding.ratios
    retype(free, ratios.other, "10:15")
    QTest.keyClick(ratios.other, K.Key_Return)
    assert shown.isVisible()
    assert [str(a) for a in ratios.aspects] == ["4:5", "10:15"]
    retype(free, ratios.rows[1].field, "1000x1500")
    assert shown.preset is not None
    assert shown.preset.sizes == (Size(1080, 1350), Size(1000, 1500))
    free.click(ratios.rows[0].drop)
    assert [str(a) for a in ratios.aspects] == ["10:15"]
    assert not ratios.chips["4:5"].isChecked()


def test_wrong_values_are_said_beside_their_field(free: Desk) -> None:
    shown = page(free)
    line = shown.finding.ratios.rows[0]
    retype(free, line.field, "10x")
    assert "'10x' is no size" in line.wrong
    assert line.field.property("wrong")
    assert line.field.accessibleDescription() == line.wrong
    assert not shown.start_button.isEnabled()
    assert note(free) == line.wrong
    retype(free, line.field, "2048")
    assert shown.start_button.isEnabled()
    retype(free, shown.finding.ratios.other, "wide")
    QTest.keyClick(shown.finding.ratios.other, K.Key_Return)
    assert "'wide' is no aspect" in shown.wrong
    retype(free, shown.finding.ratios.other, "")
    assert shown.wrong == ""
    retype(free, shown.files.template, "{nam}")
    assert "{nam} is no field" in shown.files.wrong
    assert names(free) == []
    assert not shown.presets.export_button.isEnabled()
    assert not shown.head.save_as_button.isEnabled()


def test_a_method_that_the_engine_lacks_is_said(free: Desk) -> None:
    save_preset(Preset("Odd", read_preset(shelf()[0][0].path).aspects, method="oracle"))
    free.window.batch._presets.look()
    settle(free)
    choose(free, "Odd")
    assert note(free) == "This engine has no method oracle."
    assert not page(free).start_button.isEnabled()
    method = page(free).finding.method
    method.setFocus()
    QTest.keyClick(method, K.Key_Home)
    assert page(free).start_button.isEnabled()


def test_everything_has_a_name_and_can_be_reached_by_key(free: Desk) -> None:
    shown = page(free)
    reached: list[QWidget] = []
    shown.presets.list.setFocus()
    while (now := shown.focusWidget()) not in reached:
        assert now is not None
        reached.append(now)
        QTest.keyClick(now, K.Key_Tab)
    for kind in (QAbstractButton, QLineEdit):
        for widget in shown.findChildren(kind):
            if widget.isVisible() and widget.isEnabled() and widget.parent() is not None:
                inner = widget.objectName() == "qt_spinbox_lineedit"
                assert inner or widget in reached, widget.accessibleName() or widget
                assert inner or widget.accessibleName() or widget.text()


# --- presets ------------------------------------------------------------------------------------


def test_shipped_presets_are_only_saved_as(free: Desk) -> None:
    shown = page(free)
    assert not shown.head.save_button.isVisible()
    assert not shown.head.delete_button.isVisible()
    retype(free, shown.finding.ratios.rows[0].field, "540x675")
    assert shown.head.state.text() == "changed"
    free.click(shown.head.save_as_button)
    retype(free, shown.head.field, "Half as large")
    QTest.keyClick(shown.head.field, K.Key_Return)
    free.until(lambda: shown.head.name.full_text == "Half as large")
    settle(free)
    kept = read_preset(saved_folder() / "half-as-large.json")
    assert kept.sizes == (Size(540, 675),)
    assert kept == page(free).preset
    assert shown.head.state.text() == ""
    assert shown.head.delete_button.isVisible()
    choose(free, "Instagram 4:5")
    assert shown.finding.ratios.rows[0].field.text() == "1080x1350"


def test_ones_own_presets_are_saved_renamed_and_deleted(free: Desk) -> None:
    save_preset(Preset("First", read_preset(shelf()[0][0].path).aspects))
    save_preset(Preset("Second", read_preset(shelf()[0][0].path).aspects))
    shown = page(free)
    free.window.batch._presets.look()
    settle(free)
    assert [s.preset.name for s in shown.presets.shelved[:2]] == ["First", "Second"]
    choose(free, "First")
    free.click(shown.finding.ratios.chips["16:9"])
    assert shown.head.state.text() == "changed"
    free.click(shown.head.save_button)
    settle(free)
    assert len(read_preset(saved_folder() / "first.json").aspects) == 2
    assert shown.head.state.text() == ""
    free.click(shown.head.rename_button)
    retype(free, shown.head.field, "second")
    assert shown.head.wrong == "You have a preset Second already."
    assert not shown.head.take_button.isEnabled()
    QTest.keyClick(shown.head.field, K.Key_Escape)
    assert shown.isVisible()
    assert not shown.head.is_asking
    free.click(shown.head.rename_button)
    retype(free, shown.head.field, "Third")
    free.click(shown.head.take_button)
    free.until(lambda: shown.head.name.full_text == "Third")
    assert [p.name for p in sorted(saved_folder().glob("*.json"))] == ["second.json", "third.json"]
    free.click(shown.head.delete_button)
    free.until(lambda: note(free) == "Third was deleted.")
    assert [p.name for p in saved_folder().glob("*.json")] == ["second.json"]


def test_changes_wait_while_another_preset_is_looked_at(free: Desk) -> None:
    shown = page(free)
    retype(free, shown.files.template, "{name}")
    choose(free, "A4")
    assert shown.files.template.text() == "{name}_{aspect}_{rank}"
    choose(free, "Instagram 4:5")
    assert shown.files.template.text() == "{name}"
    free.click(shown.head.revert_button)
    assert shown.files.template.text() == "{name}_{aspect}_{rank}"
    assert shown.head.state.text() == ""


def test_a_preset_is_shared_as_a_file(
    free: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page(free)
    retype(free, shown.files.template, "{name} shared")
    target = tmp_path / "shared.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    free.click(shown.presets.export_button)
    free.until(lambda: note(free) == "Written to shared.json.")
    assert read_preset(target) == shown.preset
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(target), ""))
    for name in ("Instagram 4:5", "Instagram 4:5 (2)"):
        free.click(shown.presets.import_button)
        free.until(lambda n=name: note(free) == f"{n} is among your presets now.")
    free.until(lambda: shown.head.name.full_text == "Instagram 4:5 (2)")
    assert {s.preset.name for s in shown.presets.shelved if s.own} == {
        "Instagram 4:5", "Instagram 4:5 (2)",
    }  # fmt: skip
    assert shown.files.template.text() == "{name} shared"
    target.write_text("{}")
    free.click(shown.presets.import_button)
    free.until(lambda: "shared.json: schema: is missing" in note(free))


# --- starting -----------------------------------------------------------------------------------


def test_a_batch_is_started_by_key_and_its_names_were_true(free: Desk, tmp_path: Path) -> None:
    shown = page(free)
    free.click(shown.finding.ratios.chips["1:1"])
    retype(free, shown.files.template, "{n} {name}")
    said = names(free)
    with free.qtbot.waitSignal(free.window.batching.ended) as ended:
        QTest.keyClick(shown.files.template, K.Key_Return, CTRL)
    assert isinstance(ended.args[0], BatchEnd)
    assert not shown.isVisible()
    files = made(tmp_path / "photos" / "Cropsight")
    assert sorted(said) == [p.name for p in files]
    with Image.open(files[0]) as image:
        assert image.size == (1080, 1350)
    shown = open_page(free)
    assert shown.files.template.text() == "{n} {name}"
    assert shown.files.name_note == "6 are there already and stay"


def test_the_last_wishes_are_remembered(
    free: Desk, make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    shown = page(free)
    choose(free, "Avatar")
    shown.photos.set_folder(tmp_path / "photos")
    shown.out.set_folder(tmp_path / "avatars")
    free.click(shown.out.report)
    settle(free)
    with free.qtbot.waitSignal(free.window.batching.ended):
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
    free_of = desk.window.batching
    free_of.start(desk.window.batch.order)
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
    desk.window.engine.unavailable.emit(str(WeightsError("no weights")))
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
    with free.qtbot.waitSignal(free.window.batching.ended) as ended:
        free.click(shown.start_button)
    assert len(ended.args[0].found) == 3
    folder = tmp_path / "photos" / "Cropsight"
    assert not folder.exists()
    free.until(free.window.isActiveWindow)
    (review,) = free.window.batching.bar.buttons
    assert review.text() == "Review"
    free.click(review)
    assert not free.window.batching.bar.isVisible()
    free.until(lambda: free.window.editor.photo and free.photo.preview is not None)
    free.window.canvas.setFocus()
    free.key(K.Key_Return)
    assert free.window.reviewing.write()
    free.until(lambda: len(made(folder)) == 1)
    with Image.open(made(folder)[0]) as image:
        assert image.size == (1080, 1350)
