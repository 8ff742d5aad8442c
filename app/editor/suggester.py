"""Asks the engine about the current photo and applies its answers.

No widget is known here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edit import CropScore, Owner, may_propose
from app.document.edit_crops import own_crops
from app.document.nested_crops import known
from app.document.open_photo import OpenPhoto
from app.document.shown_candidates import ShownCandidates
from app.document.suggestion_state import SuggestionState
from app.editor.gesture import Gesture
from app.engine.messages import Answer, Ask, EngineClient, EngineFacts
from app.i18n.engine_messages import translated
from app.runtime.background import single_shot
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.crop import Candidate, Crop, Map
from cropcore.geometry.refit import aspect_text, centred, pixels

AREA = "area"
"""The map of where the crop should lie, the one that depends on the aspect."""
_REST_MS = 250


class Suggester(QObject):
    """Asks the engine about the shown photo and lets it propose where that is allowed.

    It alone writes what the engine has said of a photo (``OpenPhoto.suggestion_state``), and tells
    ``shown`` of it, which strip and canvas observe. ``gesture`` tells what the person holds. While a
    slider is held quick suggestions are asked for, and refined ones once it rests; in a hurry both,
    one after the other, for a photo that has none. ``decoded`` may know a photo's pixels for the
    encoder, of those that were read ahead.

    Signals: ``scored`` (more is known of the crop in hand), ``candidates_changed``, ``map_changed``,
    ``engine_changed``, ``failed`` (a text).
    """

    scored = Signal()
    candidates_changed = Signal()
    map_changed = Signal()
    engine_changed = Signal()
    failed = Signal(str)

    def __init__(
        self, document: Document, engine: EngineClient, gesture: Gesture, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.facts: EngineFacts | None = None
        self.engine_lost = False
        self.map_name: str | None = None
        self.masked = False
        self.decoded: Callable[[OpenPhoto], NDArray[np.uint8] | None] = lambda photo: None
        self._document = document
        self._engine = engine
        self._gesture = gesture
        self._ids = itertools.count(1)
        self._hurried = False
        self._paused = False
        self.shown = ShownCandidates(self)
        self._rest = single_shot(self, _REST_MS, self._settle_down)
        document.edit_changed.connect(self._follow_edit)
        document.file_replaced.connect(self._forget_file)
        engine.ready.connect(self._engine_ready)
        engine.unavailable.connect(self._engine_unavailable)
        engine.answered.connect(self.take_in)

    # What is known ---------------------------------------------------------------------------

    @property
    def map(self) -> Map | None:
        """The wanted map of the shown photo; the one for the aspect before, until it is there."""
        return self._known_map(self.map_name)

    @property
    def area(self) -> Map | None:
        """The map of where the crop should lie, while the masked view wants it."""
        return self._known_map(AREA if self.masked else None)

    def _known_map(self, name: str | None) -> Map | None:
        photo = self._document.current_read
        if photo is None or name is None:
            return None
        return photo.suggestion_state.maps.get(name, (None, None))[1]

    @property
    def score(self) -> float | None:
        """Score of the crop in hand, 0 to 100; None while it is not known.

        While a drag goes on it is the last one that came for what is asked now.
        """
        photo = self._document.current_read
        if photo is None:
            return None
        state, crop = photo.suggestion_state, self._gesture.crop_of(photo)
        if state.scored == (photo.edit.question, crop):
            return state.score
        candidate = _candidate_with(photo, crop)
        if candidate is not None:
            return candidate.score
        asked = state.scored[0] if state.scored is not None else None
        drags = self._gesture.live is not None and asked == photo.edit.question
        return state.score if drags else None

    def _remember_said(self) -> None:
        """Before anybody hears of it: what is known of the crop in hand stays with it."""
        photo, crop_score = self._document.current_read, self.crop_score()
        if photo is not None and crop_score is not None:
            self.recall_scores(photo, {photo.edit.crop_id: crop_score}, anew=True)

    def recall_scores(
        self, photo: OpenPhoto, scores: Mapping[str, CropScore], anew: bool = False
    ) -> None:
        """What was said of crops of a photo, by id, in an earlier run: where nothing is known yet."""
        before = photo.suggestion_state.crop_scores
        self._note(photo, crop_scores={**before, **scores} if anew else {**scores, **before})

    def crop_score(self) -> CropScore | None:
        """What is known of the crop in hand by what is asked now; nothing while it is dragged."""
        photo = self._document.current_read
        if photo is None or self._gesture.is_under_way:
            return None
        edit, found = photo.edit, photo.current_suggestions
        candidate = _candidate_with(photo, edit.crop)
        score = candidate.score if candidate is not None else None
        if candidate is None and photo.suggestion_state.scored == (edit.question, edit.crop):
            score = photo.suggestion_state.score
        if score is None:
            return None
        method = edit.method if found is None else found.method
        sure = found.confidence if found and candidate and candidate.rank == 1 else None
        return CropScore(edit.crop, method, score, sure)

    def label(self) -> str:
        """The line under the crop: size, aspect, score and the best score."""
        photo = self._document.current_read
        if photo is None:
            return ""
        edit, crop, score = photo.edit, self._gesture.crop_of(photo), self.score
        _, _, wide, high = pixels(crop, edit.aspect, photo.width, photo.height)
        words = [f"{wide} × {high}", aspect_text(edit.aspect, crop, photo.width, photo.height)]
        if score is not None:
            words.append(f"{score:.0f}")
            best = photo.current_suggestions
            scores = [c.score for c in best.candidates if c.score is not None] if best else []
            if scores:
                words[-1] += " " + self.tr("(best {0})").format(f"{max(scores):.0f}")
        return "   ".join(words)

    # The engine ------------------------------------------------------------------------------

    def keep_score(self, photo: OpenPhoto, question: CropQuestion) -> None:
        """What is said of the crop in hand holds for another question too, which is about to be asked.

        Where crops are to be cut from it later and are not known yet, it is asked about anew.
        """
        nested = known(photo, photo.edit.crop)
        if (score := self.score) is not None and (nested is not None or not question.also):
            state = photo.suggestion_state
            photo.suggestion_state = state.scoring(question, photo.edit.crop, score, nested or ())

    def pause(self, on: bool) -> None:
        """While a tool changes what is asked about, nothing is asked by itself, nor proposed."""
        self._paused = on
        if not on:
            self.ask()
            self.settle()

    def ask_ahead(self) -> None:
        """What the tool changes rests: ask, so that the answer is there when it is left."""
        self.ask(ahead=True)

    def set_map(self, name: str | None) -> None:
        """Choose the map to see; a view, not a step."""
        self.map_name = name
        self.map_changed.emit()
        self.ask()

    def set_masked(self, on: bool) -> None:
        """Whether the view masked by the area map is shown; a view, not a step."""
        if on != self.masked:
            self.masked = on
            self.map_changed.emit()
            self.ask()

    def set_hurried(self, on: bool) -> None:
        """The engine has other work, a batch: something soon is better than the best somewhat later."""
        self._hurried = on

    def next_id(self) -> int:
        """A fresh number for an ask."""
        return next(self._ids)

    def begin_ask(self, photo: OpenPhoto) -> int:
        """A fresh number for an ask about a photo, whose answer will be the latest."""
        number = self.next_id()
        self._note(photo, latest_ask=number)
        return number

    @staticmethod
    def _note(photo: OpenPhoto, **facts: Any) -> None:
        photo.suggestion_state = replace(photo.suggestion_state, **facts)

    def announce(self) -> None:
        """Have all that is known of the shown photo shown: its picture came, or it is another one."""
        self._show_candidates()
        self.candidates_changed.emit()
        self.map_changed.emit()

    def _show_candidates(self) -> None:
        self.shown.follow(self._document.current_read, sliding=self._gesture.before is not None)

    def _follow_edit(self, key: int) -> None:
        photo = self._document.find(key)
        if photo is None:
            return
        edit, state = photo.edit, photo.suggestion_state
        photo.suggestion_state = state.lying(edit.orientation, edit.crop.angle)
        if photo is not self._document.current:
            self._forget_unlike(photo)
        elif photo is self._document.current_read:
            self._remember_said()
            self._show_candidates()
            if photo.suggestion_state.suggestions is not state.suggestions:
                self.candidates_changed.emit()
            self.ask()
            self.settle()

    @staticmethod
    def _forget_unlike(photo: OpenPhoto) -> None:
        """A photo that nobody sees is asked about anew; what was said of another question is old."""
        asked, now = photo.suggestion_state.answered, photo.edit.question
        if asked is not None and asked != replace(
            now, orientation=asked.orientation, angle=asked.angle, protect=asked.protect
        ):
            photo.suggestion_state = photo.suggestion_state.forgotten()

    @staticmethod
    def _forget_file(photo: OpenPhoto) -> None:
        """Another file lies in its place: nothing said of the one before holds."""
        photo.suggestion_state = SuggestionState()

    def _engine_ready(self, facts: EngineFacts) -> None:
        self.facts = facts
        if facts.missing:
            self.failed.emit(self.tr("Working on the CPU: {0}").format(translated(facts.missing)))
        self.engine_changed.emit()
        self.ask()

    def _engine_unavailable(self, reason: CropsightError) -> None:
        self.engine_lost = True
        self.engine_changed.emit()
        self.failed.emit(self.tr("No suggestions: {0}").format(translated(reason)))
        self.settle()

    def ask(self, rested: bool = False, ahead: bool = False) -> None:
        """Ask for what is wanted of the shown photo and not known yet.

        ``rested``: the held slider rests, so that there is time for refined suggestions; ``ahead``: while
        a tool changes what is asked about.
        """
        photo = self._document.current_read
        if photo is None or photo.photo is None or self.engine_lost:
            return
        if self._paused and not ahead:
            return
        crop: Crop | None = self._gesture.crop_of(photo)
        question, state = photo.edit.question, photo.suggestion_state
        scored = state.scored == (question, crop)
        first = self._hurried and state.suggestions is None and state.answered is None
        if first or scored or _candidate_with(photo, self._gesture.crop_of(photo)) is not None:
            crop = None  # a score is as exact as those of the candidates
        refine = rested or not (self._gesture.quick or first)
        suggest = not photo.is_answered or (refine and not state.refined)
        wanted = dict.fromkeys((self.map_name, AREA if self.masked else None))
        names = tuple(n for n in wanted if n and not state.knows_map(n, question.aspect))
        if self._gesture.quick and not refine:
            self._rest.start()
        if not (suggest or names or crop is not None):
            return
        self._engine.ask(
            Ask(
                self.begin_ask(photo),
                photo.key,
                photo.revision,
                photo.photo,
                replace(question, refine=refine),
                suggest,
                crop,
                names,
                pixels=self.decoded(photo) if state.answered is None else None,
            )
        )

    def _settle_down(self) -> None:
        """The held slider rests: there is time for refined suggestions."""
        if self._gesture.quick:
            self.ask(rested=True)

    def take_in(self, answer: Answer) -> None:
        """An answer of the engine, be it of a photo that is not shown yet."""
        ask = answer.ask
        photo = self._document.find(ask.key)
        if photo is None or photo.photo is not ask.photo:
            return
        shown = photo is self._document.current_read
        in_hand = self._gesture.crop_of(photo) if shown else photo.edit.crop
        if answer.error and not photo.failure:  # else it was told why
            self.failed.emit(translated(answer.error))
        photo.suggestion_state = _with_answer(photo, answer, in_hand)
        if shown:
            self._show_candidates()
        self._settle_photo(photo)
        if not shown:
            return
        if answer.suggestions is not None or answer.error:
            self.candidates_changed.emit()
        if answer.maps:
            self.map_changed.emit()
        self._remember_said()
        self.scored.emit()
        hurried = answer.suggestions is not None and not (
            ask.question.refine or self._gesture.quick
        )
        if hurried and ask.id == photo.suggestion_state.latest_ask:
            self.ask()

    def propose_again(self) -> None:
        """The shown photo is to be as if nobody had cropped it: what is known is proposed at once."""
        photo = self._document.current_read
        idle = not self._gesture.is_under_way
        if photo is not None and photo.edit.owner is Owner.WHOLE and idle:
            self._note(photo, due=photo.revision)
            self.settle()

    def settle(self) -> None:
        """Show and propose what is known of the shown photo and allowed now."""
        if (photo := self._document.current_read) is not None:
            self._show_candidates()
            self._settle_photo(photo)

    def _settle_photo(self, photo: OpenPhoto) -> None:
        """Draw what is known and allowed now."""
        shown = photo is self._document.current_read
        held = shown and (self._gesture.button_down or self._paused)
        best = best_left(photo)
        if best is not None:
            due = photo.suggestion_state.due == photo.revision
            if may_propose(photo.edit.owner, button_down=held, due=due):
                edit = replace(photo.edit, crop=best, owner=Owner.PROPOSED)
                self._document.amend(photo, edit)
        elif self.engine_lost and photo.edit.owner is Owner.WHOLE and not held:
            crop = centred(photo.edit.aspect, photo.width, photo.height)
            if crop != Crop():
                edit = replace(photo.edit, crop=crop, owner=Owner.PROPOSED)
                self._document.amend(photo, edit)


def _candidate_with(photo: OpenPhoto, crop: Crop) -> Candidate | None:
    best = photo.current_suggestions
    return next((c for c in best.candidates if c.crop == crop), None) if best else None


def _with_answer(photo: OpenPhoto, answer: Answer, in_hand: Crop) -> SuggestionState:
    """What is known of a photo once an answer came; ``in_hand`` is its crop, as it is dragged now."""
    state, ask, now = photo.suggestion_state, answer.ask, photo.edit.question
    asked, found = ask.question, answer.suggestions
    # Going back to what is known asks nothing, but answers to what was left may still be under way.
    if ask.suggest and (asked == now or state.answered != now):
        if found is not None:
            state = state.answering(asked, found, asked.refine)
        elif answer.error:  # Taken as answered: asking again would fail again.
            state = state.answering(asked, None, refined=True)
    if ask.crop is not None and (
        (asked, ask.crop) == (now, in_hand) or state.scored != (now, in_hand)
    ):
        state = state.scoring(asked, ask.crop, answer.score, answer.nested)
    maps = dict(state.maps)
    for one in answer.maps if asked.angle == now.angle else ():
        depends = asked.aspect if one.name == AREA else None
        if depends in (None, now.aspect) or not state.knows_map(one.name, now.aspect):
            maps[one.name] = (depends, one)
    state = replace(state, maps=maps, map_place=(now.orientation, now.angle))
    if answer.heads is not None and (asked.orientation, asked.angle) == (
        now.orientation,
        now.angle,
    ):
        state = replace(state, heads=answer.heads, heads_place=(now.orientation, now.angle))
    unchanged = ask.id == state.latest_ask and ask.revision == photo.revision
    return replace(state, due=photo.revision) if found is not None and unchanged else state


def best_left(photo: OpenPhoto, kept: Sequence[Crop] = ()) -> Crop | None:
    """The best suggestion that is not among the crops kept; the best of all where none is left."""
    found = photo.current_suggestions
    if found is None or not found.candidates:
        return None
    kept = kept or [one.crop for one in own_crops(photo.edit)]
    return next((c.crop for c in found.candidates if c.crop not in kept), found.candidates[0].crop)
