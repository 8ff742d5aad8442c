"""Answers that come when the person is back at what was known before they were asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from app.document.document import Document, Edit
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.editor.suggester import AREA
from app.engine.messages import Answer, Ask
from cropcore.errors import CropsightError, PhotoError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Map, Nested, Suggestions
from cropcore.images.photo import Photo
from cropcore.messages import NOTHING, Message
from tests.app.helpers.engine_double import nested_crops

SQUARE, TALL = Aspect.parse("1:1"), Aspect.parse("4:5")
PHOTO = Photo(Path("a.jpg"), 1200, 800, "JPEG", "RGB")
NEAR, FAR = Crop((0.1, 0.1, 0.4, 0.6625)), Crop((0.1, 0.1, 0.5, 0.85))


class Slow(QObject):
    """An engine that lists what it was asked and answers by hand."""

    ready = Signal(object)
    unavailable = Signal(CropsightError)
    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asks: list[Ask] = []

    def ask(self, ask: Ask) -> None:
        self.asks.append(ask)

    def answer(self, ask: Ask) -> None:
        aspect = ask.question.aspect
        suggestions, score = None, None
        nested: tuple[Nested, ...] = ()
        if ask.suggest:
            suggestions = Suggestions(aspect, "cascade", 0.8, ())
        if (crop := ask.crop) is not None:
            score = 100 * crop.box[2]
            nested = nested_crops(PHOTO, crop, aspect, [SQUARE])
        values = np.full((2, 2), aspect.ratio_for(1, 1) or 0, np.float32)
        maps = tuple(Map(name, values, 0.0, 1.0, Message(name), NOTHING) for name in ask.map_names)
        self.answered.emit(Answer(ask, suggestions, score, nested, maps))

    def answer_last(self) -> None:
        self.answer(self.asks[-1])


@pytest.fixture
def engine(qapp: object) -> Slow:
    return Slow()


@pytest.fixture
def editor(engine: Slow) -> Editor:
    document = Document()
    editor = Editor(document, engine)
    (photo,) = document.add([PHOTO.path], Edit(aspect=TALL))
    photo.header = PHOTO
    document.show(photo)
    engine.answer_last()
    return editor


def shown(editor: Editor) -> OpenPhoto:
    assert editor.photo is not None
    return editor.photo


def test_the_score_of_the_crop_in_hand_outlasts_that_of_one_it_only_passed(
    editor: Editor, engine: Slow
) -> None:
    editor.set_holding(True)
    editor.drag(FAR)
    engine.answer_last()
    editor.drag(NEAR)
    passed = engine.asks[-1]
    editor.drag(FAR)
    editor.finish_drag(FAR, "Move crop")
    editor.set_holding(False)
    engine.answer(passed)
    assert editor.suggester.score == 50
    photo = shown(editor)
    assert photo.suggestion_state.nested is not None
    assert photo.suggestion_state.nested[1] == FAR
    editor.drag(NEAR)
    engine.answer_last()
    assert editor.suggester.score == 40


def test_suggestions_for_the_aspect_stay_where_another_was_only_tried(
    editor: Editor, engine: Slow
) -> None:
    editor.set_aspect(SQUARE)
    tried = engine.asks[-1]
    assert tried.question.aspect == SQUARE
    editor.set_aspect(TALL)
    engine.answer(tried)
    found = shown(editor).current_suggestions
    assert found is not None
    assert found.aspect == TALL
    engine.answered.emit(Answer(tried, error=PhotoError("a.jpg", "no suggestions")))
    assert shown(editor).current_suggestions is found


def test_the_area_map_stays_that_of_the_aspect(editor: Editor, engine: Slow) -> None:
    editor.suggester.set_map(AREA)
    engine.answer_last()
    editor.set_aspect(SQUARE)
    tried = engine.asks[-1]
    assert AREA in tried.map_names
    editor.set_aspect(TALL)
    engine.answer(tried)
    assert editor.suggester.map is not None
    assert editor.suggester.map.values.max() == pytest.approx(0.8)
    editor.set_aspect(SQUARE)
    engine.answer_last()
    assert editor.suggester.map.values.max() == pytest.approx(1.0)
