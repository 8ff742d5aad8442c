"""Quick suggestions while a slider is held, refined ones at rest, and what late ones may do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.document.edit import Owner
from app.engine.engine_thread import EngineThread
from app.engine.messages import Ask
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import Photo
from tests.app.helpers.engine_double import EngineDouble, candidate_crops
from tests.app.helpers.gui import Desk, Thumb

SQUARE = Aspect.parse("1:1")
MOVED = 0.03


def begin(desk: Desk, photo: Path, rests: bool = False) -> Thumb:
    """A photo with its proposal, and quick answers that differ from refined ones.

    Unless it ``rests`` a held slider is held still for no moment, however slow the machine is.
    """
    if not rests:
        desk.window.parts.editor.suggester._rest.setInterval(3_600_000)
    desk.engine.quick_moved = MOVED
    desk.open(photo)
    desk.deliver()
    return Thumb(desk)


def test_a_held_slider_asks_quickly_and_a_released_one_for_more(
    desk: Desk, small_photo: Path
) -> None:
    thumb = begin(desk, small_photo)
    assert desk.engine.refined == [True]
    thumb.press()
    thumb.move(1.0)
    desk.deliver()
    assert desk.engine.refined == [True, False]
    quick = candidate_crops(SQUARE, desk.photo.photo, moved=MOVED)
    assert desk.photo.suggestion_state.suggestions.candidates[0].crop == quick[0]
    thumb.release(1.0)
    assert desk.crop == quick[0]
    desk.deliver()
    assert desk.engine.refined == [True, False, True]
    refined = candidate_crops(SQUARE, desk.photo.photo)
    assert refined[0] != quick[0]
    assert desk.crop == refined[0]
    assert desk.photo.edit.owner is Owner.PROPOSED
    assert desk.undo_count == 1
    assert desk.window.parts.shown_candidates.suggestions.candidates[0].crop == refined[0]


def test_a_slider_that_rests_is_refined_before_it_is_released(
    desk: Desk, small_photo: Path
) -> None:
    thumb = begin(desk, small_photo, rests=True)
    thumb.press()
    thumb.move(1.0)
    desk.deliver()
    held = desk.crop
    desk.deliver()
    assert desk.engine.refined == [True, False, True]
    assert desk.crop == held
    thumb.release(1.0)
    assert desk.crop == candidate_crops(SQUARE, desk.photo.photo)[0]


def test_a_late_refined_answer_never_moves_the_persons_own_crop(
    desk: Desk, small_photo: Path
) -> None:
    thumb = begin(desk, small_photo)
    desk.draw_crop((0.3, 0.3, 0.7, 0.7))
    thumb.press()
    thumb.move(1.0)
    desk.deliver()
    thumb.release(1.0)
    mine = desk.crop
    desk.deliver()
    assert desk.photo.edit.owner is Owner.MINE
    assert desk.crop == mine
    refined = candidate_crops(SQUARE, desk.photo.photo)
    assert [c.crop for c in desk.window.parts.shown_candidates.suggestions.candidates] == list(
        refined
    )


def test_a_crop_taken_before_the_refined_answer_stays(desk: Desk, small_photo: Path) -> None:
    thumb = begin(desk, small_photo)
    thumb.press()
    thumb.move(1.0)
    desk.deliver()
    thumb.release(1.0)
    desk.window.commands.take(2)
    taken = desk.crop
    assert taken == candidate_crops(SQUARE, desk.photo.photo, moved=MOVED)[1]
    desk.deliver()
    assert desk.crop == taken
    assert desk.photo.edit.owner is Owner.MINE


def test_a_chip_asks_once_and_refined(desk: Desk, small_photo: Path) -> None:
    begin(desk, small_photo)
    desk.click(desk.window.parts.aspect_panel.chips["1:1"])
    desk.deliver()
    assert desk.engine.refined == [True, True]
    assert desk.crop == candidate_crops(SQUARE, desk.photo.photo)[0]


def test_the_thread_tells_quick_and_refined_answers_apart(qtbot: Any, small_photo: Path) -> None:

    double = EngineDouble(held=False)
    thread = EngineThread(double.load)
    thread.start()
    photo = Photo(small_photo, 600, 400, "JPEG", "RGB")
    question = CropQuestion(SQUARE, 0.5, "default", ())
    for number, refine in enumerate((False, True, False, True)):
        with qtbot.waitSignal(thread.answered):
            thread.ask(Ask(number, 1, 0, photo, replace(question, refine=refine)))
    assert double.refined == [False, True]
    thread.stop()
