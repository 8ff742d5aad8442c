"""What is known of a photo from the engine, as the photo is turned and asked about otherwise."""

from __future__ import annotations

import numpy as np

from app.document.edit import Edit
from app.document.suggestion_state import SuggestionState
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Candidate, Crop, Map, Suggestions
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.messages import NOTHING, Message

RIGHT = Orientation(90)
WIDE = Aspect.parse("3:2")
FOUND = Suggestions(WIDE, "asm", 0.7, (Candidate(1, Crop((0.1, 0.2, 0.5, 0.4)), 80.0, 1.0, "asm"),))
QUESTION = Edit().with_aspect(WIDE).question
GAZE = Map("saliency", np.zeros((4, 6), np.float32), 0.0, 1.0, Message("Gaze"), NOTHING)


def test_suggestions_turn_with_the_photo_and_back_again() -> None:
    state = SuggestionState.of(FOUND, QUESTION)
    turned = state.lying(RIGHT, 0.0)
    assert turned.suggestions is not None
    assert turned.suggestions.aspect == WIDE.swapped()
    assert turned.suggestions.candidates[0].crop == RIGHT.crop(FOUND.candidates[0].crop)
    assert turned.lying(RIGHT, 0.0) is turned
    again = turned.lying(UPRIGHT, 0.0).suggestions
    assert again is not None
    assert np.allclose(again.candidates[0].box, FOUND.candidates[0].box)


def test_maps_hold_while_the_photo_lies_as_it_did() -> None:
    state = SuggestionState(maps={"saliency": (None, GAZE)}, map_place=(UPRIGHT, 2.0))
    assert state.lying(UPRIGHT, 2.0).knows_map("saliency", WIDE)
    assert not state.lying(UPRIGHT, 1.0).knows_map("saliency", WIDE)


def test_a_map_of_one_aspect_is_none_of_another() -> None:
    state = SuggestionState(maps={"area": (WIDE, GAZE)})
    assert state.knows_map("area", WIDE)
    assert not state.knows_map("area", WIDE.swapped())


def test_confidence_outlives_forgotten_suggestions() -> None:
    state = SuggestionState.of(FOUND, QUESTION).forgotten()
    assert state.suggestions is state.answered is None
    assert state.confidence == 0.7
    assert SuggestionState().confidence is None
