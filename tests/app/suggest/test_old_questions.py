"""Once something else is asked, nothing that was said before stands for an answer to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from tests.app.helpers.engine_double import candidate_crops
from tests.app.helpers.gui import Desk, Thumb

K = Qt.Key
CHANGES: dict[str, Callable[[Desk], None]] = {
    "ratio": lambda desk: desk.click(desk.window.parts.aspect_panel.chips["1:1"]),
    "method": lambda desk: desk.window.parts.actions["method_asm"].trigger(),
    "protect": lambda desk: protect(desk),
    "angle": lambda desk: desk.window.parts.straighten_tool.set_angle(4.0),
}


def protect(desk: Desk) -> None:
    """Draw a protected area with the mouse."""
    mark = desk.window.parts.protect_panel.mark
    mark.setChecked(True)
    desk.drag(desk.place(0.2, 0.2), desk.place(0.5, 0.6))
    mark.setChecked(False)
    assert desk.photo.edit.protect


@pytest.fixture
def answered(make_desk: Callable[..., Desk], small_photo: Path) -> Desk:
    """A photo with its suggestions, of an engine that answers when it is told to."""
    desk = make_desk()
    desk.open(small_photo)
    desk.deliver()
    desk.until(lambda: desk.painted == 10)
    return desk


@pytest.mark.parametrize("change", CHANGES)
def test_no_crop_of_an_old_question_is_taken(answered: Desk, change: str) -> None:
    desk = answered
    cards = desk.window.parts.strip.cards
    assert not any(card.is_dimmed for card in cards)
    CHANGES[change](desk)
    assert not desk.photo.is_answered
    assert all(card.is_dimmed for card in cards)
    before = desk.photo.edit
    desk.key(K.Key_3)
    desk.key(K.Key_BracketRight)
    desk.click(cards[4])
    desk.leave()
    for pill in desk.window.parts.canvas.pills()[:3]:
        at = pill.rect.center().toPoint()
        desk.press(at)
        desk.release(at)
    assert desk.photo.edit == before
    desk.leave()
    while not desk.photo.is_answered:
        desk.deliver()
    desk.until(lambda: not any(card.is_dimmed for card in cards))
    desk.key(K.Key_3)
    found = desk.photo.current_suggestions
    assert found is not None
    assert desk.crop == found.candidates[2].crop


def test_back_at_the_old_question_its_crops_are_taken(answered: Desk) -> None:
    desk = answered
    chips, cards = desk.window.parts.aspect_panel.chips, desk.window.parts.strip.cards
    desk.click(chips["1:1"])
    assert all(card.is_dimmed for card in cards)
    desk.click(chips["original"])
    assert not any(card.is_dimmed for card in cards)
    desk.key(K.Key_3)
    assert desk.crop == candidate_crops(Aspect("original"), desk.photo.photo)[2]


def test_a_held_slider_shows_no_score_of_another_ratio(
    make_desk: Callable[..., Desk], small_photo: Path
) -> None:
    desk = make_desk()
    desk.open(small_photo)
    desk.deliver()
    desk.draw_crop((0.1, 0.1, 0.6, 0.5))
    desk.engine.let_all_go()
    suggester = desk.window.parts.editor.suggester
    desk.until(lambda: suggester.score is not None)
    thumb = Thumb(desk)
    answers = []
    desk.window.parts.engine.answered.connect(answers.append)
    thumb.press()
    assert suggester.score is not None
    thumb.move(0.8)
    assert not answers
    assert suggester.score is None
    desk.until(lambda: suggester.score is not None)
    thumb.release(0.8)


@pytest.mark.parametrize("keys", [[K.Key_L], [K.Key_L, K.Key_L]])
def test_locking_the_ratio_changes_no_score(
    quick: Desk, keys: list[Qt.Key], monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_aspect(
        scene: object, crops: list[Crop], question: CropQuestion, *_: object, **__: object
    ) -> np.ndarray:
        return np.full(len(crops), 58.0 if question.aspect.kind == "free" else 71.0)

    monkeypatch.setattr(quick.engine, "calibrated", by_aspect)
    suggester = quick.window.parts.editor.suggester
    quick.key(K.Key_F)
    quick.until(lambda: quick.photo.is_answered)
    quick.key(K.Key_3)
    quick.key(K.Key_Right)
    crop = quick.crop
    quick.until(lambda: suggester.score == 58.0)
    for key in keys:
        quick.key(key)
        quick.until(lambda: quick.photo.is_answered and quick.photo.suggestion_state.refined)
        assert quick.crop == crop
        assert quick.photo.edit.owner is Owner.MINE
        assert suggester.score == 58.0
    assert (quick.photo.edit.aspect.kind == "free") == (len(keys) == 2)
    assert "58" in suggester.label()
    quick.key(K.Key_Right)
    quick.until(lambda: suggester.score == (58.0 if len(keys) == 2 else 71.0))
