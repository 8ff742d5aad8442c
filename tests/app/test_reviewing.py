"""Review mode: decided by key, taken back by key, left without a trace, and never lost."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app import review_writing
from app.ownership import Owner
from app.panels.notices import Kind
from app.photo_loader import PhotoLoader
from app.refit import keeps
from app.review_records import review_records
from app.standing import Standing, standing_of
from cropcore.aspect import Aspect
from cropcore.crop import Crop
from cropcore.orientation import TURN_LEFT
from cropcore.photo import Photo
from cropcore.presets import Preset
from cropcore.review import Found
from cropcore.review_record import ReviewRecord
from cropcore.sidecar_store import SidecarStore, default_library
from tests.app.engine_double import candidate_crops
from tests.app.gui import LEFT, Desk, write_photo
from tests.app.review_maker import PORTRAIT, found_for, results

K = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRESET = Preset("Shop", (PORTRAIT,), format="jpeg")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def free(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(held=False)


@pytest.fixture
def four(free: Desk, tmp_path: Path, out: Path) -> Desk:
    """A review of four results over two photos of the person's own, of which one is cropped."""
    free.open(write_photo(tmp_path / "a.jpg", 600, 400), write_photo(tmp_path / "b.jpg", 500, 400))
    free.until(lambda: free.photo.edit.owner is Owner.PROPOSED)
    press(free, K.Key_PageDown)
    free.until(lambda: free.photo.edit.owner is Owner.PROPOSED)
    press(free, K.Key_2)
    free.window.reviewing.begin(results(tmp_path / "photos", 4), PRESET, out)
    free.until(lambda: free.photo.preview is not None)
    return free


def press(
    desk: Desk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    desk.until(lambda: desk.window.reviewing.can_decide)
    desk.key(key, modifier)


def click_in_notice(desk: Desk, text: str) -> None:
    buttons = [
        button
        for notice in desk.window.notices.notices
        for button in notice.findChildren(QPushButton)
        if button.text() == text
    ]
    desk.click(buttons[-1])


def write(desk: Desk, count: int) -> None:
    with desk.qtbot.waitSignal(desk.window.reviewing.files.finished) as done:
        press(desk, K.Key_E, CONTROL)
    assert done.args == [count]


def decisions(desk: Desk) -> list[str]:
    words = {(True, False): "accepted", (False, True): "rejected", (False, False): "open"}
    return [words[p.edit.accepted, p.edit.rejected] for p in desk.window.document.photos]


# --- deciding -----------------------------------------------------------------------------------


def test_enter_goes_to_the_next_that_is_not_decided(four: Desk) -> None:
    roll = four.window.document.photos
    press(four, K.Key_PageDown)
    press(four, K.Key_Return)
    assert four.photo is roll[2]
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    assert four.photo is roll[0]
    press(four, K.Key_Delete)
    assert four.photo is roll[2], "the one between is decided"
    press(four, K.Key_PageDown)
    press(four, K.Key_Return)
    assert four.photo is roll[2], "after the last comes the first that is open"
    press(four, K.Key_Return)
    assert four.photo is roll[2]
    assert decisions(four) == ["rejected", "accepted", "accepted", "accepted"]
    assert four.notices()[-1] == "All results are decided."
    assert four.window.reviewing.bar.facts.full_text.endswith("accepted 3, rejected 1")
    press(four, K.Key_Return)
    assert four.notices().count("All results are decided.") == 1
    press(four, K.Key_Z, CONTROL)
    assert "All results are decided." not in four.notices()


def test_keys_that_are_faster_than_the_pictures_decide_nothing(
    free: Desk, tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = results(tmp_path / "photos", 4)
    second = sorted(found, key=lambda one: one.suggestions.confidence)[1].path
    slow, read = threading.Event(), PhotoLoader._load_preview

    def load(loader: PhotoLoader, key: int, path: Path, photo: Photo | None) -> None:
        if path == second:
            slow.wait()
        read(loader, key, path, photo)

    monkeypatch.setattr(PhotoLoader, "_load_preview", load)
    try:
        free.window.reviewing.begin(found, PRESET, out)
        press(free, K.Key_Return)
        waiting = free.photo
        for key in (K.Key_Return, K.Key_Delete, K.Key_Return, K.Key_Delete, K.Key_Return):
            free.key(key)
            QApplication.processEvents()
        assert waiting.path == second
        assert waiting.preview is None
        assert free.photo is waiting
        assert decisions(free) == ["accepted", "open", "open", "open"]
    finally:
        slow.set()
    press(free, K.Key_Delete)
    assert decisions(free) == ["accepted", "rejected", "open", "open"]


def test_a_picture_that_came_in_counts_once_it_is_painted(
    free: Desk, tmp_path: Path, out: Path
) -> None:
    early: list[bool] = []

    def press_early() -> None:
        free.key(K.Key_Return)
        early.append(free.window.reviewing.can_decide)

    free.window.opening.picture.connect(press_early)
    free.window.reviewing.begin(results(tmp_path / "photos", 2), PRESET, out)
    free.until(lambda: free.window.reviewing.can_decide)
    assert early == [False]
    assert decisions(free) == ["open", "open"]


def test_results_can_be_decided_while_something_else_lies_over_the_picture(four: Desk) -> None:
    four.window.act["compare"].trigger()
    roll = four.window.document.photos
    for _ in roll:
        four.until(lambda: four.window.reviewing.can_decide)
        four.window.act["accept"].trigger()
    assert decisions(four) == ["accepted"] * len(roll)


def test_every_decision_is_taken_back_and_shown(four: Desk) -> None:
    roll = four.window.document.photos
    before = [p.edit for p in roll]
    press(four, K.Key_Return)
    press(four, K.Key_Delete)
    press(four, K.Key_3)
    press(four, K.Key_P)
    press(four, K.Key_Return)
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    after = [p.edit for p in roll]
    for shown in (2, 2, 2, 1, 0):
        press(four, K.Key_Z, CONTROL)
        assert four.photo is roll[shown]
        four.until(lambda: four.window.canvas.crop == four.crop)
    assert [p.edit for p in roll] == before
    assert four.window.reviewing.bar.facts.full_text.endswith("accepted 0, rejected 0")
    for shown in (0, 1, 2, 2, 2):
        press(four, K.Key_Z, CONTROL | SHIFT)
        assert four.photo is roll[shown]
    assert [p.edit for p in roll] == after
    assert decisions(four) == ["accepted", "rejected", "accepted", "open"]


def test_delete_again_takes_the_rejection_back(four: Desk) -> None:
    first = four.photo
    press(four, K.Key_Delete)
    press(four, K.Key_PageUp)
    press(four, K.Key_Delete)
    assert four.photo is first
    assert decisions(four)[0] == "open"
    press(four, K.Key_Return)
    press(four, K.Key_PageUp)
    press(four, K.Key_Delete)
    assert decisions(four)[0] == "rejected", "an accepted one can be rejected"
    assert standing_of(first) is Standing.UNCROPPED


def test_an_adjusted_crop_is_accepted_as_it_is(four: Desk, out: Path) -> None:
    first = four.photo
    left, top, right, bottom = four.crop.box
    middle = four.place((left + right) / 2, (top + bottom) / 2)
    four.drag(middle, middle + QPoint(40, 25))
    dragged = four.crop
    assert dragged != candidate_crops(PORTRAIT, first.photo)[0]
    assert standing_of(first) is Standing.TO_REVIEW, "moved is not yet accepted"
    press(four, K.Key_Left)
    nudged = four.crop
    assert nudged.box[0] < dragged.box[0]
    press(four, K.Key_Return)
    assert first.edit.crop == nudged
    assert standing_of(first) is Standing.ACCEPTED
    press(four, K.Key_PageUp)
    press(four, K.Key_Right)
    assert first.edit.accepted, "an accepted crop may still be adjusted"
    write(four, 1)
    (written,) = out.iterdir()
    assert written.name == f"{first.path.stem}_4x5_1.jpg"


def test_nothing_leaves_the_aspect_of_the_preset(four: Desk) -> None:
    window, photo = four.window, four.photo
    _, _, right, bottom = four.crop.box
    corner = four.place(right, bottom)
    four.press(corner)
    QTest.keyPress(window.canvas, K.Key_Shift)
    four.move(corner - QPoint(90, 10))
    QTest.mouseRelease(window.canvas.viewport(), LEFT, SHIFT, corner - QPoint(90, 10))
    QTest.keyRelease(window.canvas, K.Key_Shift)
    assert photo.edit.owner is Owner.MINE
    for key, modifier in (
        (K.Key_X, Qt.KeyboardModifier.NoModifier),
        (K.Key_F, Qt.KeyboardModifier.NoModifier),
        (K.Key_C, Qt.KeyboardModifier.NoModifier),
        (K.Key_L, Qt.KeyboardModifier.NoModifier),
        (K.Key_Backspace, CONTROL),
    ):
        press(four, key, modifier)
        assert photo.edit.aspect == PORTRAIT
        assert keeps(photo.edit.crop, 0.8, photo.width, photo.height)
    assert not window.aspect.isEnabled()
    assert not window.also.isEnabled()
    assert not window.crops_panel.isEnabled()
    assert window.aspect.toolTip()
    window.reviewing.leave()
    assert window.aspect.isEnabled()
    assert window.crops_panel.isEnabled()
    assert window.act["swap"].isEnabled()


def test_the_engine_is_asked_nothing_that_is_known(
    make_desk: Callable[..., Desk], tmp_path: Path, out: Path
) -> None:
    desk = make_desk()
    desk.window.reviewing.begin(results(tmp_path / "photos", 3), PRESET, out)
    for _ in range(3):
        desk.until(lambda: desk.photo.preview is not None and desk.painted == 10)
        desk.until(lambda: len(desk.window.canvas.pills()) == 10)
        press(desk, K.Key_Return)
    assert desk.engine.asked == []
    assert desk.engine.scored_refined == []


def test_one_photo_in_several_aspects(free: Desk, tmp_path: Path, out: Path) -> None:
    path = write_photo(tmp_path / "one.jpg", 600, 400)
    circle = Aspect("circle")
    preset = Preset("two", (PORTRAIT, circle), format="png")
    found = [found_for(path, 0.6, circle), found_for(path, 0.4)]
    free.window.reviewing.begin(found, preset, out)
    roll = free.window.document.photos
    assert [p.edit.aspect for p in roll] == [PORTRAIT, circle]
    assert free.window.reviewing.bar.facts.full_text.startswith("4:5   confidence 40 %")
    press(free, K.Key_Return)
    press(free, K.Key_Period)
    press(free, K.Key_Return)
    assert roll[1].edit.crop == candidate_crops(circle, roll[1].photo)[1]
    write(free, 2)
    assert sorted(p.name for p in out.iterdir()) == ["one_4x5_1.png", "one_circle_2.png"]


def test_buttons_do_what_keys_do(four: Desk) -> None:
    roll, buttons = four.window.document.photos, four.window.reviewing.bar.buttons
    four.click(buttons["next_candidate"])
    assert four.crop == candidate_crops(PORTRAIT, four.photo.photo)[1]
    four.until(lambda: four.window.reviewing.can_decide)
    four.click(buttons["accept"])
    four.until(lambda: four.window.reviewing.can_decide)
    four.click(buttons["reject"])
    assert four.photo is roll[2]
    assert decisions(four)[:2] == ["accepted", "rejected"]
    for button in buttons.values():
        assert "(" in button.toolTip()
        assert button.accessibleName()
    assert four.window.export_page.button.main.text() == "Write 1 accepted"
    with four.qtbot.waitSignal(four.window.reviewing.files.finished):
        four.click(four.window.export_page.button.main)
    four.click(buttons["review"])
    assert four.window.reviewing.review is None


# --- leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [K.Key_R, K.Key_W])
def test_the_persons_photos_come_back_as_they_were(four: Desk, key: Qt.Key) -> None:
    window = four.window
    own = window.document.own
    edits = [p.edit for p in own.photos]
    steps = [p.stack.count() for p in own.photos]
    shown = own.current
    press(four, K.Key_Return)
    press(four, K.Key_Delete)
    review = window.reviewing.review
    roll, here = window.document.photos, four.photo
    four.key(key, CONTROL)

    assert window.document.photos == own.photos
    assert four.photo is shown
    assert [p.edit for p in own.photos] == edits
    assert [p.stack.count() for p in own.photos] == steps == [0, 1]
    four.until(lambda: window.canvas.crop == shown.edit.crop)
    assert window.export_page.button.main.text() == "Export original ratio"
    assert not window.reviewing.bar.isVisible()
    assert window.act["export"].text() == "Export"
    assert four.notices()[-1] == ("Review left. Accepted and not written yet: 1. Not decided: 2.")
    press(four, K.Key_Z, CONTROL)
    assert shown.edit.owner is Owner.PROPOSED, "undo is that of the photo again"

    click_in_notice(four, "Back to review")
    assert window.reviewing.review is review
    assert (window.document.photos, four.photo) == (roll, here)
    press(four, K.Key_Z, CONTROL)
    assert four.photo is roll[1]
    assert decisions(four) == ["accepted", "open", "open", "open"]
    four.key(K.Key_R, CONTROL)
    four.key(K.Key_R, CONTROL)
    assert window.document.photos == roll


def test_what_was_accepted_is_written_from_the_notice(four: Desk, out: Path) -> None:
    press(four, K.Key_Return)
    press(four, K.Key_Return)
    four.window.reviewing.leave()
    with four.qtbot.waitSignal(four.window.reviewing.files.finished):
        click_in_notice(four, "Write")
    assert len(list(out.iterdir())) == 2
    four.key(K.Key_R, CONTROL)
    four.key(K.Key_R, CONTROL)
    assert four.notices()[-1] == "Review left. Not decided: 2."


def test_a_review_at_its_end_is_left_without_a_word(four: Desk) -> None:
    for key in (K.Key_Return, K.Key_Delete, K.Key_Delete, K.Key_Return):
        press(four, key)
    write(four, 2)
    said = four.notices()
    four.key(K.Key_R, CONTROL)
    assert four.notices() == said


def test_opening_other_photos_leaves_the_review(four: Desk, tmp_path: Path) -> None:
    own = four.window.document.own.photos
    press(four, K.Key_Return)
    four.drop(write_photo(tmp_path / "c.jpg", 500, 300))
    four.until(lambda: four.photo.path.name == "c.jpg")
    assert four.window.document.photos[:2] == own
    assert four.window.reviewing.review is None
    assert "Not decided: 3." in four.notices()[-1]


def test_without_photos_of_the_persons_own(free: Desk, tmp_path: Path, out: Path) -> None:
    free.window.reviewing.begin([], PRESET, out)
    assert free.window.reviewing.review is None
    free.window.reviewing.begin(results(tmp_path / "photos", 2), PRESET, out)
    press(free, K.Key_Return)
    free.key(K.Key_R, CONTROL)
    assert free.window.document.current is None
    assert free.window.stage.currentWidget() is free.window.empty
    free.key(K.Key_R, CONTROL)
    assert decisions(free) == ["accepted", "open"]


def test_another_review_takes_the_place_of_the_first(
    four: Desk, tmp_path: Path, out: Path, held_files: threading.Event
) -> None:
    press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.reviewing.files.is_running)
    own = four.window.document.own.photos
    four.window.reviewing.begin(results(tmp_path / "more", 2), PRESET, out)
    assert four.window.reviewing.bar.place.text() == "Review  1 of 2"
    four.window.reviewing.leave()
    assert four.window.document.photos == own
    # What is still being written belongs to a review that nobody can go back to.
    with four.qtbot.waitSignal(four.window.reviewing.files.finished):
        held_files.set()
    four.key(K.Key_R, CONTROL)
    assert len(four.window.document.photos) == 2
    press(four, K.Key_Return)
    press(four, K.Key_Z, CONTROL)
    assert decisions(four) == ["open", "open"]


def test_a_file_that_went_away_is_named_and_passed_over(four: Desk, out: Path) -> None:
    roll = four.window.document.photos
    press(four, K.Key_PageDown)
    press(four, K.Key_PageDown)
    # Not the next two, which are read ahead.
    roll[0].path.unlink()
    roll[0].preview = None
    four.key(K.Key_PageUp)
    four.key(K.Key_PageUp)
    four.until(lambda: roll[0].failure)
    four.until(lambda: any(roll[0].path.name in text for text in four.notices()))
    assert roll[0] in four.window.document.photos
    assert standing_of(roll[0]) is Standing.FAILED
    four.window.document.show(roll[1])
    for _ in range(3):
        press(four, K.Key_Return)
    assert decisions(four) == ["open", "accepted", "accepted", "accepted"]
    assert four.photo is roll[0], "what cannot be read comes last"
    four.key(K.Key_Delete)
    assert four.notices()[-1] == "All results are decided."
    four.key(K.Key_E, CONTROL)
    four.until(lambda: out.exists() and len(list(out.glob("*.jpg"))) == 3)


# --- writing ------------------------------------------------------------------------------------


def test_one_bad_file_is_named_and_the_rest_is_written(four: Desk, out: Path) -> None:
    for _ in range(4):
        press(four, K.Key_Return)
    bad = four.window.document.photos[1].path
    bad.write_bytes(bad.read_bytes()[:900])
    write(four, 3)
    assert len(list(out.iterdir())) == 3
    (error,) = [n.text for n in four.window.notices.notices if n.kind is Kind.ERROR]
    assert error.startswith(bad.name)
    assert "3 accepted crops written to out" in four.notices()
    four.window.reviewing.leave()
    assert four.notices()[-1] == "Review left. Accepted and not written yet: 1."


def test_a_folder_that_is_none_floods_nobody(four: Desk, out: Path) -> None:
    out.write_text("a file in its place")
    for _ in range(4):
        press(four, K.Key_Return)
    write(four, 0)
    errors = [n.text for n in four.window.notices.notices if n.kind is Kind.ERROR]
    assert len(errors) == 4
    assert "out is not a folder" in errors[0]
    assert errors[-1] == "1 more could not be written."
    assert out.read_text() == "a file in its place"


def test_nothing_accepted_is_nothing_written(four: Desk, out: Path) -> None:
    press(four, K.Key_E, CONTROL)
    assert four.notices()[-1] == "Nothing is accepted yet."
    assert not out.exists()


@pytest.fixture
def held_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Each file is written once the event is set."""
    go = threading.Event()
    written = review_writing.write_accepted

    def held(*args: object) -> Iterator[object]:
        for outcome in written(*args):  # type: ignore[arg-type]
            yield outcome
            go.wait(60)

    monkeypatch.setattr(review_writing, "write_accepted", held)
    yield go
    go.set()


def test_writing_can_be_cancelled(four: Desk, out: Path, held_files: threading.Event) -> None:
    for _ in range(4):
        press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: "Writing 2 of 4 accepted crops" in four.notices())
    with four.qtbot.waitSignal(four.window.reviewing.files.finished) as done:
        click_in_notice(four, "Cancel")
        held_files.set()
    assert done.args == [1]
    assert len(list(out.iterdir())) == 1
    assert "The rest was cancelled." in four.notices()[-1]


def test_deciding_goes_on_while_files_are_written(
    four: Desk, out: Path, held_files: threading.Event
) -> None:
    press(four, K.Key_Return)
    first = four.window.document.photos[0]
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.reviewing.files.is_running and list(out.glob("*.jpg")))
    press(four, K.Key_Return)
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    assert four.photo is first
    press(four, K.Key_5)
    four.key(K.Key_E, CONTROL)
    with four.qtbot.waitSignals([four.window.reviewing.files.finished] * 2):
        held_files.set()
    assert len(list(out.iterdir())) == 3, "what was asked for while files were written comes next"
    assert four.window.reviewing.review.unwritten == 0


def test_closing_waits_for_files(four: Desk, held_files: threading.Event) -> None:
    press(four, K.Key_Return)
    press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.reviewing.files.is_running)
    four.window.close()
    assert four.window.isVisible()
    assert "Close again to stop." in four.notices()[-1]
    held_files.set()
    four.window.close()
    assert not four.window.isVisible()


# --- sidecars -----------------------------------------------------------------------------------


def saved_crops(desk: Desk, path: Path) -> list[Crop]:
    found = SidecarStore(default_library()).load(path).sidecar
    return [saved.crop for saved in found.crops] if found else []


def test_accepted_crops_are_the_persons_own_in_the_sidecar(four: Desk) -> None:
    first = four.photo
    press(four, K.Key_3)
    third = four.crop
    press(four, K.Key_Return)
    four.until(lambda: saved_crops(four, first.path) == [third])
    press(four, K.Key_PageUp)
    press(four, K.Key_Right)
    nudged = four.crop
    four.until(lambda: saved_crops(four, first.path) == [nudged])
    for _ in range(2):
        press(four, K.Key_Z, CONTROL)
    four.until(lambda: saved_crops(four, first.path) == [])
    press(four, K.Key_Z, CONTROL | SHIFT)
    four.until(lambda: saved_crops(four, first.path) == [third])
    four.window.reviewing.leave()
    four.drop(first.path)
    four.until(lambda: four.photo.path == first.path and four.crop == third)
    assert four.photo.edit.owner is Owner.MINE


# --- what is left behind ------------------------------------------------------------------------


def test_a_review_that_was_not_finished_is_offered_again(
    make_desk: Callable[..., Desk], tmp_path: Path, out: Path
) -> None:
    desk = make_desk()
    found = results(tmp_path / "photos", 5)
    desk.window.reviewing.begin(found, PRESET, out)
    press(desk, K.Key_Return)
    press(desk, K.Key_2)
    press(desk, K.Key_Return)
    press(desk, K.Key_Delete)
    press(desk, K.Key_Right)
    write(desk, 2)
    press(desk, K.Key_PageUp)
    press(desk, K.Key_Delete)
    press(desk, K.Key_Return)
    desk.until(lambda: desk.photo.preview is not None)
    left = [(p.path, p.edit) for p in desk.window.document.photos]
    desk.window.close()

    again = make_desk()
    again.until(again.notices)
    assert again.notices() == [
        "The review of Shop was not finished. Accepted and not written yet: 1. Not decided: 2."
    ]
    found[0].path.unlink()
    gone = found[0].path
    click_in_notice(again, "Go on")
    again.until(lambda: again.window.reviewing.review)
    assert [n.split(":")[0] for n in again.notices()] == [gone.name]
    assert [(p.path, p.edit) for p in again.window.document.photos] == [
        pair for pair in left if pair[0] != gone
    ]
    assert not again.photo.edit.accepted, "the first that is open is shown"
    again.until(lambda: again.photo.preview is not None)
    assert again.painted == 10
    other = make_desk()
    other.qtbot.wait(100)
    assert other.notices() == [], "it is open in another window"
    other.window.close()
    again.window.activateWindow()
    again.until(again.window.isActiveWindow)
    again.window.canvas.setFocus()
    for _ in range(2):
        press(again, K.Key_Return)
    assert again.notices()[-1] == "All results are decided."
    with again.qtbot.waitSignal(again.window.reviewing.files.finished):
        again.key(K.Key_E, CONTROL)
    again.window.close()
    assert list(review_records().iterdir()) == []


def test_a_review_can_be_given_up(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk()
    desk.window.reviewing.begin(results(tmp_path / "photos", 2), PRESET, tmp_path / "out")
    desk.until(lambda: list(review_records().glob("*.jsonl")))
    desk.window.close()
    again = make_desk()
    again.until(again.notices)
    click_in_notice(again, "Discard")
    again.until(lambda: not list(review_records().iterdir()))
    assert again.notices() == []


def test_several_that_were_left_are_offered_one_at_a_time(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    for second, name in enumerate(("first", "second", "third")):
        found = results(tmp_path / name, 2)
        record = ReviewRecord.begun(
            review_records(), replace(PRESET, name=name), tmp_path / "out", found
        )
        record.close()
        os.utime(record.path, (1_000_000 + second,) * 2)
    desk = make_desk()
    desk.until(desk.notices)
    assert [text.split(" was")[0] for text in desk.notices()] == ["The review of third"]
    click_in_notice(desk, "Discard")
    desk.until(lambda: [t.split(" was")[0] for t in desk.notices()] == ["The review of second"])
    for path in tmp_path.glob("second/*"):
        path.unlink()
    click_in_notice(desk, "Go on")
    desk.until(desk.notices)
    assert desk.notices() == ["2 photos of the review cannot be read and are left out."]
    assert desk.window.reviewing.review is None
    desk.window.reviewing.begin(results(tmp_path / "fourth", 2), PRESET, tmp_path / "out")
    desk.window.close()
    assert len(list(review_records().glob("*.jsonl"))) == 3


# --- many ---------------------------------------------------------------------------------------


def many(tmp_path: Path) -> list[Found]:
    few = results(tmp_path / "photos", 20)
    return [
        replace(few[n % 20], suggestions=replace(few[n % 20].suggestions, confidence=n / 2000))
        for n in range(2000)
    ]


def decide_many(desk: Desk) -> list[float]:
    """Seconds that each of 24 decisions took."""
    took = []
    for place in range(24):
        desk.until(lambda: desk.window.reviewing.can_decide)
        began = time.perf_counter()
        desk.key(K.Key_Return if place % 3 else K.Key_Delete)
        took.append(time.perf_counter() - began)
    return took


def test_two_thousand_results(free: Desk, tmp_path: Path, out: Path) -> None:
    free.window.reviewing.begin(many(tmp_path), PRESET, out)
    roll = free.window.document.photos
    decide_many(free)
    press(free, K.Key_Z, CONTROL)
    assert free.photo is roll[23]
    assert free.window.reviewing.bar.place.text() == "Review  24 of 2000"
    assert sum(p.preview is not None for p in roll) < 20


@pytest.mark.slow
def test_two_thousand_results_keep_nobody_waiting(free: Desk, tmp_path: Path, out: Path) -> None:
    found = many(tmp_path)
    began = time.perf_counter()
    free.window.reviewing.begin(found, PRESET, out)
    assert time.perf_counter() - began < 4.0
    assert median(decide_many(free)) < 0.15


def test_a_crop_of_a_photo_without_candidates(free: Desk, tmp_path: Path, out: Path) -> None:
    (one,) = results(tmp_path / "photos", 1)
    one = replace(one, suggestions=replace(one.suggestions, candidates=()))
    free.window.reviewing.begin([one], PRESET, out)
    press(free, K.Key_Return)
    assert free.crop != Crop()
    write(free, 1)


def test_ranks_that_the_batch_left_out_are_closed_up(free: Desk, tmp_path: Path, out: Path) -> None:
    (one,) = results(tmp_path / "photos", 1)
    left = one.suggestions.candidates[2:5]
    one = replace(one, suggestions=replace(one.suggestions, candidates=left))
    free.window.reviewing.begin([one], PRESET, out)
    free.until(lambda: free.photo.preview is not None and free.painted == 3)
    assert free.crop == left[0].crop
    press(free, K.Key_3)
    assert free.crop == left[2].crop
    press(free, K.Key_Return)
    write(free, 1)
    assert [p.name for p in out.iterdir()] == ["000_4x5_3.jpg"]


def test_a_single_result_whose_file_went_away_stays(free: Desk, tmp_path: Path, out: Path) -> None:
    found = results(tmp_path / "photos", 1)
    found[0].path.unlink()
    free.window.reviewing.begin(found, PRESET, out)
    free.until(lambda: free.photo.failure)
    assert len(free.window.document.photos) == 1
    assert free.window.reviewing.leave()
    assert not free.window.reviewing.bar.isVisible()


def test_the_persons_photos_and_ratios_wait_while_results_are_shown(four: Desk, out: Path) -> None:
    acts = four.window.act
    four.until(lambda: four.window.toolbar.count.text() == "1 / 4")
    four.until(lambda: not acts["export_photos"].isEnabled())
    assert not acts["also"].isEnabled()


def test_a_crop_that_was_turned_while_it_was_written_is_not_written(
    free: Desk, tmp_path: Path, out: Path
) -> None:
    free.window.reviewing.begin(results(tmp_path / "photos", 1), PRESET, out)
    press(free, K.Key_Return)
    review = free.window.reviewing.review
    assert review is not None
    (accepted,) = review.accepted()
    upside_down = free.photo.edit.orientation.then(TURN_LEFT).then(TURN_LEFT)
    edit = replace(free.photo.edit, orientation=upside_down)
    free.window.document.amend(free.photo, edit)
    assert free.crop == accepted.crop
    review.note_written(accepted)
    assert review.unwritten == 1
