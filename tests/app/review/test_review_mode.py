"""Review mode: results are decided by key, and every decision is taken back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.edit import Owner
from app.document.photo_order import PhotoStatus, status_of
from app.photos.photo_loader import PhotoLoader
from cropcore.batch.preset import Preset
from cropcore.batch.review import FoundCrop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_LEFT
from cropcore.geometry.refit import keeps
from cropcore.images.photo import Photo
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import LEFT, Desk, write_photo
from tests.app.helpers.review_hand import (
    CONTROL,
    PRESET,
    SHIFT,
    K,
    begin_four,
    decisions,
    press,
    write,
)
from tests.app.helpers.review_maker import PORTRAIT, found_for, results


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def free(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(held=False)


@pytest.fixture
def four(free: Desk, tmp_path: Path, out: Path) -> Desk:
    return begin_four(free, tmp_path, out)


def test_enter_goes_to_the_next_that_is_not_decided(four: Desk) -> None:
    photo_list = four.window.parts.document.photos
    press(four, K.Key_PageDown)
    press(four, K.Key_Return)
    assert four.photo is photo_list[2]
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    assert four.photo is photo_list[0]
    press(four, K.Key_Delete)
    assert four.photo is photo_list[2], "the one between is decided"
    press(four, K.Key_PageDown)
    press(four, K.Key_Return)
    assert four.photo is photo_list[2], "after the last comes the first that is open"
    press(four, K.Key_Return)
    assert four.photo is photo_list[2]
    assert decisions(four) == ["rejected", "accepted", "accepted", "accepted"]
    for key, place in ((K.Key_End, 3), (K.Key_Home, 0)):
        press(four, key)
        assert four.photo is photo_list[place]
    assert four.notices()[-1] == "All results are decided."
    assert four.window.parts.review_mode.bar.facts.full_text.endswith("accepted 3, rejected 1")
    press(four, K.Key_Return)
    assert four.notices().count("All results are decided.") == 1
    press(four, K.Key_Z, CONTROL)
    assert "All results are decided." not in four.notices()


def test_all_that_are_left_are_accepted_in_one_step(four: Desk) -> None:
    press(four, K.Key_Delete)
    press(four, K.Key_A, CONTROL)
    press(four, K.Key_Return, CONTROL)
    four.until(lambda: decisions(four) == ["rejected", "accepted", "accepted", "accepted"])
    four.until(lambda: four.notices()[-1] == "All results are decided.")
    press(four, K.Key_Z, CONTROL)
    assert decisions(four) == ["rejected", "open", "open", "open"]
    press(four, K.Key_Z, CONTROL | SHIFT)
    assert decisions(four) == ["rejected", "accepted", "accepted", "accepted"]


def test_many_results_are_accepted_a_few_in_each_round(
    four: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.document.steps_in_slices._SLICE", 0.0)
    press(four, K.Key_A, CONTROL)
    press(four, K.Key_Return, CONTROL)
    assert decisions(four).count("accepted") < 4
    four.until(lambda: decisions(four) == ["accepted"] * 4)


def test_what_is_undone_meanwhile_stays_undone(four: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.document.steps_in_slices._SLICE", 0.0)
    press(four, K.Key_A, CONTROL)
    four.window.parts.actions["accept_selected"].trigger()
    assert decisions(four) == ["accepted", "open", "open", "open"]
    four.window.parts.actions["undo"].trigger()
    for _ in range(8):  # as many rounds as there were steps left, and some
        QApplication.processEvents()
    assert decisions(four) == ["open"] * 4


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
        free.window.parts.review_mode.begin(found, PRESET, out)
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
        early.append(free.window.parts.review_mode.can_decide)

    free.window.parts.opener.picture.connect(press_early)
    free.window.parts.review_mode.begin(results(tmp_path / "photos", 2), PRESET, out)
    free.until(lambda: free.window.parts.review_mode.can_decide)
    assert early == [False]
    assert decisions(free) == ["open", "open"]


def test_results_can_be_decided_while_something_else_lies_over_the_picture(four: Desk) -> None:
    four.window.parts.actions["compare"].trigger()
    photo_list = four.window.parts.document.photos
    for _ in photo_list:
        four.until(lambda: four.window.parts.review_mode.can_decide)
        four.window.parts.actions["accept"].trigger()
    assert decisions(four) == ["accepted"] * len(photo_list)


def test_every_decision_is_taken_back_and_shown(four: Desk) -> None:
    photo_list = four.window.parts.document.photos
    before = [p.edit for p in photo_list]
    press(four, K.Key_Return)
    press(four, K.Key_Delete)
    press(four, K.Key_3)
    press(four, K.Key_P)
    press(four, K.Key_Return)
    press(four, K.Key_PageUp)
    press(four, K.Key_PageUp)
    after = [p.edit for p in photo_list]
    for shown in (2, 2, 2, 1, 0):
        press(four, K.Key_Z, CONTROL)
        assert four.photo is photo_list[shown]
        four.until(lambda: four.window.parts.canvas.crop == four.crop)
    assert [p.edit for p in photo_list] == before
    assert four.window.parts.review_mode.bar.facts.full_text.endswith("accepted 0, rejected 0")
    for shown in (0, 1, 2, 2, 2):
        press(four, K.Key_Z, CONTROL | SHIFT)
        assert four.photo is photo_list[shown]
    assert [p.edit for p in photo_list] == after
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
    assert status_of(first) is PhotoStatus.UNCROPPED


def test_an_adjusted_crop_is_accepted_as_it_is(four: Desk, out: Path) -> None:
    first = four.photo
    left, top, right, bottom = four.crop.box
    middle = four.place((left + right) / 2, (top + bottom) / 2)
    four.drag(middle, middle + QPoint(40, 25))
    dragged = four.crop
    assert dragged != candidate_crops(PORTRAIT, first.photo)[0]
    assert status_of(first) is PhotoStatus.TO_REVIEW, "moved is not yet accepted"
    press(four, K.Key_Left)
    nudged = four.crop
    assert nudged.box[0] < dragged.box[0]
    press(four, K.Key_Return)
    assert first.edit.crop == nudged
    assert status_of(first) is PhotoStatus.ACCEPTED
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
    QTest.keyPress(window.parts.canvas, K.Key_Shift)
    four.move(corner - QPoint(90, 10))
    QTest.mouseRelease(window.parts.canvas.viewport(), LEFT, SHIFT, corner - QPoint(90, 10))
    QTest.keyRelease(window.parts.canvas, K.Key_Shift)
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
    assert not window.parts.aspect_panel.isEnabled()
    assert not window.parts.nested_crops_panel.isEnabled()
    assert not window.parts.photo_crops_panel.isEnabled()
    assert window.parts.aspect_panel.toolTip()
    window.parts.review_mode.leave()
    assert window.parts.aspect_panel.isEnabled()
    assert window.parts.photo_crops_panel.isEnabled()
    assert window.parts.actions["swap"].isEnabled()


def test_the_engine_is_asked_nothing_that_is_known(
    make_desk: Callable[..., Desk], tmp_path: Path, out: Path
) -> None:
    desk = make_desk()
    desk.window.parts.review_mode.begin(results(tmp_path / "photos", 3), PRESET, out)
    for _ in range(3):
        desk.until(lambda: desk.photo.preview is not None and desk.painted == 10)
        desk.until(lambda: len(desk.window.parts.canvas.pills()) == 10)
        press(desk, K.Key_Return)
    assert desk.engine.asked == []
    assert desk.engine.scored_refined == []


def test_one_photo_in_several_aspects(free: Desk, tmp_path: Path, out: Path) -> None:
    path = write_photo(tmp_path / "one.jpg", 600, 400)
    circle = Aspect("circle")
    preset = Preset("two", (PORTRAIT, circle), format="png")
    found = [found_for(path, 0.6, circle), found_for(path, 0.4)]
    free.window.parts.review_mode.begin(found, preset, out)
    photo_list = free.window.parts.document.photos
    assert [p.edit.aspect for p in photo_list] == [PORTRAIT, circle]
    assert free.window.parts.review_mode.bar.facts.full_text.startswith("4:5   confidence 40 %")
    facts = free.window.parts.review_mode.bar.facts
    facts.resize(facts.fontMetrics().horizontalAdvance("4:5   confid"), facts.height())
    assert facts.text().startswith("4:5")
    assert facts.text().endswith("…")
    press(free, K.Key_Return)
    press(free, K.Key_Period)
    press(free, K.Key_Return)
    assert photo_list[1].edit.crop == candidate_crops(circle, photo_list[1].photo)[1]
    write(free, 2)
    assert sorted(p.name for p in out.iterdir()) == ["one_4x5_1.png", "one_circle_2.png"]


def test_buttons_do_what_keys_do(four: Desk) -> None:
    photo_list, buttons = (
        four.window.parts.document.photos,
        four.window.parts.review_mode.bar.buttons,
    )
    four.click(buttons["next_candidate"])
    assert four.crop == candidate_crops(PORTRAIT, four.photo.photo)[1]
    four.until(lambda: four.window.parts.review_mode.can_decide)
    four.click(buttons["accept"])
    four.until(lambda: four.window.parts.review_mode.can_decide)
    four.click(buttons["reject"])
    assert four.photo is photo_list[2]
    assert decisions(four)[:2] == ["accepted", "rejected"]
    for button in buttons.values():
        assert "(" in button.toolTip()
        assert button.accessibleName()
    assert four.window.parts.export_controls.button.main.text() == "Write 1 accepted"
    with four.qtbot.waitSignal(four.window.parts.review_mode.files.finished):
        four.click(four.window.parts.export_controls.button.main)
    assert four.window.parts.export_controls.button.main.text() == "Write 1 again"
    four.click(buttons["review"])
    assert four.window.parts.review_mode.review is None


def many(tmp_path: Path) -> list[FoundCrop]:
    few = results(tmp_path / "photos", 20)
    return [
        replace(few[n % 20], suggestions=replace(few[n % 20].suggestions, confidence=n / 2000))
        for n in range(2000)
    ]


def decide_many(desk: Desk) -> list[float]:
    """Seconds that each of 24 decisions took."""
    took = []
    for place in range(24):
        desk.until(lambda: desk.window.parts.review_mode.can_decide)
        began = time.perf_counter()
        desk.key(K.Key_Return if place % 3 else K.Key_Delete)
        took.append(time.perf_counter() - began)
    return took


def test_two_thousand_results(free: Desk, tmp_path: Path, out: Path) -> None:
    free.window.parts.review_mode.begin(many(tmp_path), PRESET, out)
    photo_list = free.window.parts.document.photos
    decide_many(free)
    press(free, K.Key_Z, CONTROL)
    assert free.photo is photo_list[23]
    assert free.window.parts.review_mode.bar.place.text() == "Review  24 of 2000"
    assert sum(p.preview is not None for p in photo_list) < 20


@pytest.mark.slow
def test_two_thousand_results_keep_nobody_waiting(free: Desk, tmp_path: Path, out: Path) -> None:
    found = many(tmp_path)
    began = time.perf_counter()
    free.window.parts.review_mode.begin(found, PRESET, out)
    assert time.perf_counter() - began < 4.0
    assert median(decide_many(free)) < 0.15


def test_a_crop_of_a_photo_without_candidates(free: Desk, tmp_path: Path, out: Path) -> None:
    (one,) = results(tmp_path / "photos", 1)
    one = replace(one, suggestions=replace(one.suggestions, candidates=()))
    free.window.parts.review_mode.begin([one], PRESET, out)
    press(free, K.Key_Return)
    assert free.crop != Crop()
    write(free, 1)


def test_ranks_that_the_batch_left_out_are_closed_up(free: Desk, tmp_path: Path, out: Path) -> None:
    (one,) = results(tmp_path / "photos", 1)
    left = one.suggestions.candidates[2:5]
    one = replace(one, suggestions=replace(one.suggestions, candidates=left))
    free.window.parts.review_mode.begin([one], PRESET, out)
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
    free.window.parts.review_mode.begin(found, PRESET, out)
    free.until(lambda: free.photo.failure)
    assert len(free.window.parts.document.photos) == 1
    assert free.window.parts.review_mode.leave()
    assert not free.window.parts.review_mode.bar.isVisible()


def test_the_persons_photos_and_ratios_wait_while_results_are_shown(four: Desk, out: Path) -> None:
    acts = four.window.parts.actions
    four.until(lambda: four.window.parts.tool_bar.count.text() == "1 / 4")
    four.until(lambda: not acts["export_photos"].isEnabled())
    assert not acts["also"].isEnabled()


def test_a_crop_that_was_turned_while_it_was_written_is_not_written(
    free: Desk, tmp_path: Path, out: Path
) -> None:
    free.window.parts.review_mode.begin(results(tmp_path / "photos", 1), PRESET, out)
    press(free, K.Key_Return)
    review = free.window.parts.review_mode.review
    assert review is not None
    (accepted,) = review.accepted()
    upside_down = free.photo.edit.orientation.then(TURN_LEFT).then(TURN_LEFT)
    edit = replace(free.photo.edit, orientation=upside_down)
    free.window.parts.document.amend(free.photo, edit)
    assert free.crop == accepted.crop
    review.note_written(accepted)
    assert review.unwritten == 1
