"""Which candidates are painted, while something holds them, and whether they may be taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from app.document.edit import Edit
from app.document.edit_crops import turned_edit
from app.document.open_photo import OpenPhoto
from app.document.shown_candidates import ShownCandidates
from app.document.suggestion_state import SuggestionState
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Suggestions
from cropcore.geometry.orientation import Orientation

WIDE = Aspect.parse("3:2")
AREA = (0.2, 0.3, 0.4, 0.6)


@pytest.fixture
def shown(qapp: QObject) -> ShownCandidates:
    return ShownCandidates(qapp)


def photo(key: int) -> OpenPhoto:
    """A photo with two candidates, which answer what is asked of it."""
    made = OpenPhoto(key, Path(f"{key}.jpg"), Edit(protect=(AREA,)).with_aspect(WIDE))
    answer(made)
    return made


def answer(of: OpenPhoto) -> Suggestions:
    crops = (Crop((0.1, 0.1, 0.7, 0.7)), Crop((0.2, 0.2, 0.8, 0.8)))
    candidates = tuple(Candidate(n, crop, 80.0, 1.0, "asm") for n, crop in enumerate(crops, 1))
    found = Suggestions(of.edit.aspect, "asm", 0.7, candidates)
    of.suggestion_state = SuggestionState.of(found, of.edit.question)
    return found


def test_new_candidates_wait_for_all_that_hold(shown: ShownCandidates) -> None:
    one = photo(1)
    shown.follow(one)
    painted = shown.suggestions
    shown.hold("pointer", True)
    shown.hold("button", True)
    found = answer(one)
    shown.follow(one)
    shown.hold("pointer", False)
    assert shown.suggestions is painted
    shown.hold("button", False)
    assert shown.suggestions is found


def test_another_photo_and_an_end_of_candidates_do_not_wait(shown: ShownCandidates) -> None:
    one, two = photo(1), photo(2)
    shown.follow(one)
    shown.hold("pointer", True)
    shown.follow(two)
    assert shown.photo is two
    assert shown.suggestions is two.suggestion_state.suggestions
    two.suggestion_state = SuggestionState()
    shown.follow(two)
    assert shown.candidates == ()


def test_each_change_is_told_once(shown: ShownCandidates) -> None:
    told: list[int] = []
    shown.changed.connect(lambda: told.append(len(shown.candidates)))
    one = photo(1)
    shown.follow(one)
    shown.follow(one)
    shown.hold("pointer", True)
    shown.hold("pointer", False)
    assert told == [2]
    shown.follow(None)
    assert told == [2, 0]


def test_candidates_of_an_old_question_cannot_be_taken(shown: ShownCandidates) -> None:
    one = photo(1)
    shown.follow(one)
    assert shown.takeable(2) is shown.candidates[1]
    assert shown.takeable(3) is None
    told: list[bool] = []
    shown.takeable_changed.connect(told.append)
    one.edit = one.edit.with_aspect(Aspect("free"))
    shown.follow(one, sliding=True)
    assert shown.takeable(2) is not None, "the next ones are there in a moment"
    shown.follow(one)
    assert shown.takeable(2) is None
    shown.hold("pointer", True)
    answer(one)
    shown.follow(one)
    assert shown.takeable(2) is None, "what is painted is still of the question before"
    shown.hold("pointer", False)
    assert shown.takeable(2) is shown.candidates[1]
    assert told == [False, True]


@pytest.mark.parametrize("turn", [Orientation(90), Orientation(180, True), Orientation(270)])
def test_a_turned_photo_is_asked_the_same(shown: ShownCandidates, turn: Orientation) -> None:
    one = photo(1)
    shown.follow(one)
    one.edit = turned_edit(one.edit, turn)
    one.suggestion_state = one.suggestion_state.lying(one.edit.orientation, 0.0)
    shown.follow(one)
    assert shown.takeable(1) is not None
    one.edit = replace(one.edit, protect=())
    shown.follow(one)
    assert shown.takeable(1) is None
