"""A review that is left: the person's photos come back, and what was decided is never lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from app.document.photo_order import PhotoStatus, status_of
from cropcore.batch.review_record import ReviewRecord, Verdict
from cropcore.files.user_dirs import reviews_dir, samples_dir
from tests.app.helpers.gui import Desk, write_photo
from tests.app.helpers.review_hand import (
    CONTROL,
    PRESET,
    K,
    begin_four,
    click_in_notice,
    decisions,
    hold_files,
    press,
    write,
)
from tests.app.helpers.review_maker import results


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def free(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(held=False)


@pytest.fixture
def four(free: Desk, tmp_path: Path, out: Path) -> Desk:
    return begin_four(free, tmp_path, out)


@pytest.fixture
def held_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    go = hold_files(monkeypatch)
    yield go
    go.set()


@pytest.mark.parametrize("key", [K.Key_R, K.Key_W])
def test_the_persons_photos_come_back_as_they_were(four: Desk, key: Qt.Key) -> None:
    window = four.window
    own = window.parts.document.own
    edits = [p.edit for p in own.photos]
    steps = [p.stack.count() for p in own.photos]
    shown = own.current
    press(four, K.Key_Return)
    press(four, K.Key_Delete)
    review = window.parts.review_mode.review
    photo_list, here = window.parts.document.photos, four.photo
    four.key(key, CONTROL)

    assert window.parts.document.photos == own.photos
    assert four.photo is shown
    assert [p.edit for p in own.photos] == edits
    assert [p.stack.count() for p in own.photos] == steps == [0, 1]
    four.until(lambda: window.parts.canvas.crop == shown.edit.crop)
    assert window.parts.export_controls.button.main.text() == "Export original ratio"
    assert not window.parts.review_mode.bar.isVisible()
    assert window.parts.actions["export"].text() == "Export"
    assert four.notices()[-1] == ("Review left. Accepted and not written yet: 1. Not decided: 2.")
    press(four, K.Key_Z, CONTROL)
    assert shown.edit.owner is Owner.PROPOSED, "undo is that of the photo again"

    click_in_notice(four, "Back to review")
    assert window.parts.review_mode.review is review
    assert (window.parts.document.photos, four.photo) == (photo_list, here)
    press(four, K.Key_Z, CONTROL)
    assert four.photo is photo_list[1]
    assert decisions(four) == ["accepted", "open", "open", "open"]
    four.key(K.Key_R, CONTROL)
    four.key(K.Key_R, CONTROL)
    assert window.parts.document.photos == photo_list


def test_what_was_accepted_is_written_from_the_notice(four: Desk, out: Path) -> None:
    press(four, K.Key_Return)
    press(four, K.Key_Return)
    four.window.parts.review_mode.leave()
    with four.qtbot.waitSignal(four.window.parts.review_mode.files.finished):
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
    own = four.window.parts.document.own.photos
    press(four, K.Key_Return)
    four.drop(write_photo(tmp_path / "c.jpg", 500, 300))
    four.until(lambda: four.photo.path.name == "c.jpg")
    assert four.window.parts.document.photos[:2] == own
    assert four.window.parts.review_mode.review is None
    assert "Not decided: 3." in four.notices()[-1]


def test_without_photos_of_the_persons_own(free: Desk, tmp_path: Path, out: Path) -> None:
    free.window.parts.review_mode.begin([], PRESET, out)
    assert free.window.parts.review_mode.review is None
    free.window.parts.review_mode.begin(results(tmp_path / "photos", 2), PRESET, out)
    press(free, K.Key_Return)
    free.key(K.Key_R, CONTROL)
    assert free.window.parts.document.current is None
    assert free.window.parts.stage.currentWidget() is free.window.parts.welcome_page
    free.key(K.Key_R, CONTROL)
    assert decisions(free) == ["accepted", "open"]


def test_another_review_takes_the_place_of_the_first(
    four: Desk, tmp_path: Path, out: Path, held_files: threading.Event
) -> None:
    press(four, K.Key_Return)
    four.key(K.Key_E, CONTROL)
    four.until(lambda: four.window.parts.review_mode.files.is_running)
    own = four.window.parts.document.own.photos
    four.window.parts.review_mode.begin(results(tmp_path / "more", 2), PRESET, out)
    assert four.window.parts.review_mode.bar.place.text() == "Review  1 of 2"
    four.window.parts.review_mode.leave()
    assert four.window.parts.document.photos == own
    # What is still being written belongs to a review that nobody can go back to.
    with four.qtbot.waitSignal(four.window.parts.review_mode.files.finished):
        held_files.set()
    four.key(K.Key_R, CONTROL)
    assert len(four.window.parts.document.photos) == 2
    press(four, K.Key_Return)
    press(four, K.Key_Z, CONTROL)
    assert decisions(four) == ["open", "open"]


def test_a_file_that_went_away_is_named_and_passed_over(four: Desk, out: Path) -> None:
    photo_list = four.window.parts.document.photos
    press(four, K.Key_PageDown)
    press(four, K.Key_PageDown)
    # Not the next two, which are read ahead.
    photo_list[0].path.unlink()
    photo_list[0].preview = None
    four.key(K.Key_PageUp)
    four.key(K.Key_PageUp)
    four.until(lambda: photo_list[0].failure)
    four.until(lambda: any(photo_list[0].path.name in text for text in four.notices()))
    assert photo_list[0] in four.window.parts.document.photos
    assert status_of(photo_list[0]) is PhotoStatus.FAILED
    four.window.parts.document.show(photo_list[1])
    for _ in range(3):
        press(four, K.Key_Return)
    assert decisions(four) == ["open", "accepted", "accepted", "accepted"]
    assert four.photo is photo_list[0], "what cannot be read comes last"
    four.key(K.Key_Delete)
    assert four.notices()[-1] == "All results are decided."
    four.key(K.Key_E, CONTROL)
    four.until(lambda: out.exists() and len(list(out.glob("*.jpg"))) == 3)


def test_a_review_that_was_not_finished_is_offered_again(
    make_desk: Callable[..., Desk], tmp_path: Path, out: Path
) -> None:
    desk = make_desk()
    found = results(tmp_path / "photos", 5)
    desk.window.parts.review_mode.begin(found, PRESET, out)
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
    left = [(p.path, p.edit) for p in desk.window.parts.document.photos]
    desk.window.close()

    again = make_desk()
    again.until(again.notices)
    assert again.notices() == [
        "The review of Shop was not finished. Accepted and not written yet: 1. Not decided: 2."
    ]
    found[0].path.unlink()
    gone = found[0].path
    click_in_notice(again, "Go on")
    again.until(lambda: again.window.parts.review_mode.review)
    assert [n.partition(" is not there")[0] for n in again.notices()] == [gone.name]
    assert [(p.path, p.edit) for p in again.window.parts.document.photos] == [
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
    again.window.parts.canvas.setFocus()
    for _ in range(2):
        press(again, K.Key_Return)
    assert again.notices()[-1] == "All results are decided."
    with again.qtbot.waitSignal(again.window.parts.review_mode.files.finished):
        again.key(K.Key_E, CONTROL)
    again.window.close()
    assert list(reviews_dir().iterdir()) == []


def test_a_review_of_an_earlier_version_is_offered(
    make_desk: Callable[..., Desk], tmp_path: Path, out: Path
) -> None:
    old = Path(os.environ["XDG_DATA_HOME"]) / "Cropsight" / "Cropsight"
    found = results(old / "samples", 3)
    record = ReviewRecord.begun(old / "reviews", PRESET, out, found)
    record.add([Verdict(1, accepted=True)])
    record.close()
    desk = make_desk()
    desk.until(desk.notices)
    assert desk.notices() == [
        "The review of Shop was not finished. Accepted and not written yet: 1. Not decided: 2."
    ]
    assert [path.name for path in reviews_dir().glob("*.jsonl")] == [record.path.name]
    assert not old.parent.exists()
    click_in_notice(desk, "Go on")
    desk.until(lambda: desk.window.parts.review_mode.review)
    assert sorted(decisions(desk)) == ["accepted", "open", "open"]
    assert {photo.path.parent for photo in desk.window.parts.document.photos} == {samples_dir()}
    assert desk.notices() == []


def test_a_review_can_be_given_up(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk()
    desk.window.parts.review_mode.begin(results(tmp_path / "photos", 2), PRESET, tmp_path / "out")
    desk.until(lambda: list(reviews_dir().glob("*.jsonl")))
    desk.window.close()
    again = make_desk()
    again.until(again.notices)
    click_in_notice(again, "Discard")
    again.until(lambda: not list(reviews_dir().iterdir()))
    assert again.notices() == []


def test_several_that_were_left_are_offered_one_at_a_time(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    for second, name in enumerate(("first", "second", "third")):
        found = results(tmp_path / name, 2)
        record = ReviewRecord.begun(
            reviews_dir(), replace(PRESET, name=name), tmp_path / "out", found
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
    assert desk.window.parts.review_mode.review is None
    desk.window.parts.review_mode.begin(results(tmp_path / "fourth", 2), PRESET, tmp_path / "out")
    desk.window.close()
    assert len(list(reviews_dir().glob("*.jsonl"))) == 3
