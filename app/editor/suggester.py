"""Asks the engine about the current photo and applies its answers.

No widget is known here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document, Edit
from app.document.edit import CropScore, Owner, may_propose
from app.document.edit_crops import own_crops
from app.document.open_photo import OpenPhoto
from app.document.replaced_file import carried
from app.engine.messages import Answer, Ask, EngineClient, EngineFacts
from app.i18n.engine_messages import translated
from cropcore.errors import CropsightError
from cropcore.geometry.crop import Candidate, Crop, Map, Suggestions
from cropcore.geometry.refit import aspect_text, centred, pixels
from cropcore.images.photo import Photo

AREA = "area"
"""The map of where the crop should lie, the one that depends on the aspect."""
_REST_MS = 250


class Suggester(QObject):
    """Asks the engine about the shown photo and lets it propose where that is allowed.

    Signals: ``changed`` (another photo or another edit of it), ``live_changed`` (the line about the
    crop in hand), ``candidates_changed``, ``map_changed``, ``engine_changed``, ``failed`` (a text).

    While a slider is held quick suggestions are asked for, and refined ones once it rests; in a hurry
    both, one after the other, for a photo that has none. ``decoded`` may know a photo's pixels for the
    encoder, of those that were read ahead.
    """

    changed = Signal()
    live_changed = Signal()
    candidates_changed = Signal()
    map_changed = Signal()
    engine_changed = Signal()
    failed = Signal(str)

    def __init__(
        self, document: Document, engine: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.facts: EngineFacts | None = None
        self.engine_lost = False
        self.map_name: str | None = None
        self.masked = False
        self._engine = engine
        self._ids = itertools.count(1)
        self._button_down = False
        self._live: Crop | None = None
        self._before: Edit | None = None
        self._held: tuple[OpenPhoto, Photo] | None = None
        self._anchor = Crop()
        self._quick = False
        self._hurried = False
        self._paused = False
        self._told: Suggestions | None = None
        self.decoded: Callable[[OpenPhoto], NDArray[np.uint8] | None] = lambda photo: None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._settle_down)
        document.current_changed.connect(self._show_other)
        document.edit_changed.connect(self._follow_edit)
        engine.ready.connect(self._engine_ready)
        engine.unavailable.connect(self._engine_unavailable)
        engine.answered.connect(self._engine_answered)

    # What is shown ---------------------------------------------------------------------------

    @property
    def photo(self) -> OpenPhoto | None:
        """The shown photo, once its size is known."""
        current = self.document.current
        return current if current is not None and current.photo is not None else None

    @property
    def button_down(self) -> bool:
        """Whether a crop or a slider is held."""
        return self._button_down

    @property
    def _is_held(self) -> bool:
        """Whether a drag or a slider is on its way; a mere press is not."""
        return self._live is not None or self._before is not None

    @property
    def crop(self) -> Crop:
        """The crop in hand: the one being dragged, else the photo's."""
        if self._live is not None:
            return self._live
        return self.photo.edit.crop if self.photo else Crop()

    @property
    def map(self) -> Map | None:
        """The wanted map of the shown photo; the one for the aspect before, until it is there."""
        return self._known_map(self.map_name)

    @property
    def area(self) -> Map | None:
        """The map of where the crop should lie, while the masked view wants it."""
        return self._known_map(AREA if self.masked else None)

    def _known_map(self, name: str | None) -> Map | None:
        if self.photo is None or name is None:
            return None
        return self.photo.maps.get(name, (None, None))[1]

    @property
    def score(self) -> float | None:
        """Score of the crop in hand, 0 to 100; the last one known while a drag goes on."""
        photo = self.photo
        if photo is None:
            return None
        if photo.scored == (photo.edit.question, self.crop):
            return photo.score
        known = self._candidate_with(photo, self.crop)
        if known is not None:
            return known.score
        return photo.score if self._button_down else None

    def _remember_said(self) -> None:
        """Before anybody hears of it: what is known of the crop in hand stays with it."""
        if (photo := self.photo) is not None and (crop_score := self.crop_score()) is not None:
            photo.crop_scores[photo.edit.crop_id] = crop_score

    def crop_score(self) -> CropScore | None:
        """What is known of the crop in hand by what is asked now; nothing while it is dragged."""
        photo = self.photo
        if photo is None or self._is_held:
            return None
        edit, found = photo.edit, photo.current_suggestions
        known = self._candidate_with(photo, edit.crop)
        score = known.score if known is not None else None
        if known is None and photo.scored == (edit.question, edit.crop):
            score = photo.score
        if score is None:
            return None
        method = edit.method if found is None else found.method
        sure = found.confidence if found and known and known.rank == 1 else None
        return CropScore(edit.crop, method, score, sure)

    def label(self) -> str:
        """The line under the crop: size, aspect, score and the best score."""
        photo = self.photo
        if photo is None:
            return ""
        edit, crop = photo.edit, self.crop
        _, _, wide, high = pixels(crop, edit.aspect, photo.width, photo.height)
        words = [f"{wide} × {high}", aspect_text(edit.aspect, crop, photo.width, photo.height)]
        if self.score is not None:
            words.append(f"{self.score:.0f}")
            best = photo.current_suggestions
            scores = [c.score for c in best.candidates if c.score is not None] if best else []
            if scores:
                words[-1] += " " + self.tr("(best {0})").format(f"{max(scores):.0f}")
        return "   ".join(words)

    # The engine ------------------------------------------------------------------------------

    def photo_read(self, key: int) -> None:
        """The header of a photo was read: it can be asked about."""
        photo = self.document.find(key)
        if photo is not None and photo is self.document.current:
            self._show_other()

    def pause(self, on: bool) -> None:
        """While a tool changes what is asked about, nothing is asked by itself, nor proposed."""
        self._paused = on
        if not on:
            self._ask()
            self._settle()

    def ask_ahead(self) -> None:
        """What the tool changes rests: ask, so that the answer is there when it is left."""
        self._ask(ahead=True)

    def set_hurried(self, on: bool) -> None:
        """The engine has other work, a batch: something soon is better than the best somewhat later."""
        self._hurried = on

    def next_id(self) -> int:
        """A fresh number for an ask."""
        return next(self._ids)

    def _show_other(self) -> None:
        held, before = self._held, self._before
        self._button_down, self._live, self._before, self._held = False, None, None, None
        self._quick = False
        if held is not None and before is not None:
            self._give_up(*held, before)
        self.announce()
        self._ask()
        self._settle()

    def _give_up(self, photo: OpenPhoto, header: Photo, before: Edit) -> None:
        """A slide that was cut short is none, for there would be no step to take it back."""
        if photo.header is not None:
            edit, now = carried(before, header, photo.header), photo.edit
            edit = replace(edit, starred=now.starred, rejected=now.rejected)
            self.document.amend(photo, edit)

    def announce(self) -> None:
        """Have all of the shown photo shown: its picture came, or it is another one."""
        self.changed.emit()
        self._tell_candidates()
        self.map_changed.emit()

    def _tell_candidates(self) -> None:
        self._told = self.photo.suggestions if self.photo is not None else None
        self.candidates_changed.emit()

    def _follow_edit(self, key: int) -> None:
        photo = self.photo
        if photo is not None and photo.key == key:
            self._remember_said()
            self.changed.emit()
            if photo.suggestions is not self._told:  # they were turned with the photo
                self._tell_candidates()
            self._ask()
            self._settle()

    def _engine_ready(self, facts: EngineFacts) -> None:
        self.facts = facts
        if facts.missing:
            self.failed.emit(self.tr("Working on the CPU: {0}").format(translated(facts.missing)))
        self.engine_changed.emit()
        self._ask()

    def _engine_unavailable(self, reason: CropsightError) -> None:
        self.engine_lost = True
        self.engine_changed.emit()
        self.failed.emit(self.tr("No suggestions: {0}").format(translated(reason)))
        self._settle()

    def _ask(self, rested: bool = False, ahead: bool = False) -> None:
        photo = self.photo
        if photo is None or photo.photo is None or self.engine_lost:
            return
        if self._paused and not ahead:
            return
        crop: Crop | None = self.crop
        scored = photo.scored == (photo.edit.question, crop)
        first = self._hurried and photo.suggestions is None and photo.answered is None
        if first or scored or self._candidate_with(photo, self.crop) is not None:
            crop = None  # a score is as exact as those of the candidates
        refine = rested or not (self._quick or first)
        suggest = photo.answered != photo.edit.question or (refine and not photo.refined)
        wanted = dict.fromkeys((self.map_name, AREA if self.masked else None))
        names = tuple(n for n in wanted if n is not None and not photo.knows_map(n))
        if self._quick and not refine:
            self._rest.start()
        if not (suggest or names or crop is not None):
            return
        photo.latest_ask = self.next_id()
        self._engine.ask(
            Ask(
                photo.latest_ask,
                photo.key,
                photo.revision,
                photo.photo,
                photo.edit.question,
                suggest,
                crop,
                names,
                refine=refine,
                pixels=self.decoded(photo) if photo.answered is None else None,
            )
        )

    def _settle_down(self) -> None:
        """The held slider rests: there is time for refined suggestions."""
        if self._quick:
            self._ask(rested=True)

    def _engine_answered(self, answer: Answer) -> None:
        ask = answer.ask
        photo = self.document.find(ask.key)
        if photo is None or photo.photo is not ask.photo:
            return
        shown = photo is self.photo
        asked, now = ask.question, photo.edit.question
        in_hand = self.crop if shown else photo.edit.crop
        # Going back to what is known asks nothing, but answers to what was left may still be under way.
        fits = asked == now or photo.answered != now
        if answer.error:
            if ask.suggest and answer.suggestions is None and fits:
                # Taken as answered: asking again would fail again.
                photo.answered, photo.suggestions, photo.refined = asked, None, True
            if not photo.failure:  # else it was told why
                self.failed.emit(translated(answer.error))
        if ask.crop is not None and (
            (asked, ask.crop) == (now, in_hand) or photo.scored != (now, in_hand)
        ):
            photo.scored, photo.score = (asked, ask.crop), answer.score
            photo.nested = (asked, ask.crop, answer.nested)
        straight = asked.angle == photo.edit.crop.angle
        for found in answer.maps if straight else ():
            depends = asked.aspect if found.name == AREA else None
            if depends in (None, now.aspect) or not photo.knows_map(found.name):
                photo.maps[found.name] = (depends, found)
        if answer.suggestions is not None and fits:
            photo.suggestions, photo.answered = answer.suggestions, asked
            photo.refined = ask.refine
        if (
            answer.suggestions is not None
            and ask.id == photo.latest_ask
            and ask.revision == photo.revision
        ):
            photo.due = photo.revision
        self._settle_photo(photo)
        if not shown:
            return
        if answer.suggestions is not None or answer.error:
            self._tell_candidates()
        if answer.maps:
            self.map_changed.emit()
        self._remember_said()
        self.live_changed.emit()
        hurried = answer.suggestions is not None and not (ask.refine or self._quick)
        if hurried and ask.id == photo.latest_ask:
            self._ask()

    def take_in(self, answer: Answer) -> None:
        """The answer to a question that was asked ahead, of a photo that is not shown yet."""
        self._engine_answered(answer)

    def propose_again(self) -> None:
        """The shown photo is to be as if nobody had cropped it: what is known is proposed at once."""
        photo = self.photo
        if photo is not None and photo.edit.owner is Owner.WHOLE and not self._is_held:
            photo.due = photo.revision
            self._settle()

    def _settle(self) -> None:
        if self.photo is not None:
            self._settle_photo(self.photo)

    def _settle_photo(self, photo: OpenPhoto) -> None:
        """Draw what is known and allowed now."""
        held = (self._button_down or self._paused) and photo is self.photo
        best = best_left(photo)
        if best is not None:
            if may_propose(photo.edit.owner, button_down=held, due=photo.due == photo.revision):
                edit = replace(photo.edit, crop=best, owner=Owner.PROPOSED)
                self.document.amend(photo, edit)
        elif self.engine_lost and photo.edit.owner is Owner.WHOLE and not held:
            crop = centred(photo.edit.aspect, photo.width, photo.height)
            if crop != Crop():
                edit = replace(photo.edit, crop=crop, owner=Owner.PROPOSED)
                self.document.amend(photo, edit)

    @staticmethod
    def _candidate_with(photo: OpenPhoto, crop: Crop) -> Candidate | None:
        best = photo.current_suggestions
        found = (c for c in best.candidates if c.crop == crop) if best else iter(())
        return next(found, None)


def best_left(photo: OpenPhoto, kept: Sequence[Crop] = ()) -> Crop | None:
    """The best suggestion that is not among the crops kept; the best of all where none is left."""
    found = photo.current_suggestions
    if found is None or not found.candidates:
        return None
    kept = kept or [one.crop for one in own_crops(photo.edit)]
    return next((c.crop for c in found.candidates if c.crop not in kept), found.candidates[0].crop)
