"""The clock on the ratio slider, with an engine that answers when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.shell.window_benchmark import SliderDriver
from tests.app.helpers.gui import Desk


def test_a_step_is_over_once_candidates_of_its_ratio_are_painted_with_pictures(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk(held=False)
    hand = SliderDriver(desk.window)
    assert not hand.shows_all
    desk.open(small_photo)
    hand.wait(lambda: hand.shows_all)
    hand.press()
    seen = []
    for _ in range(4):
        assert hand.step() > 0
        found = desk.window.parts.shown_candidates.suggestions
        assert found is not None
        assert found.aspect == desk.photo.edit.aspect
        assert desk.painted == len(found.candidates) > 0
        assert all(t.has_picture for t in desk.window.parts.strip.cards[: desk.painted])
        seen.append(found.aspect)
    hand.release()
    assert len(set(seen)) == 4
    assert not desk.window.parts.aspect_panel.slider.is_held
    assert desk.undo_count == 1


def test_a_step_is_not_over_before_the_engine_has_answered(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk(held=False)
    hand = SliderDriver(desk.window)
    desk.open(small_photo)
    hand.wait(lambda: hand.shows_all)
    hand.press()
    answers = []
    desk.window.parts.engine.answered.connect(lambda answer: answers.append(answer.suggestions))
    hand.step()
    assert any(found is desk.window.parts.shown_candidates.suggestions for found in answers)
    hand.release()
