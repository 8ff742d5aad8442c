"""What gestures do to the shown photo, and what the engine may add to it.

No widget is known here. The window turns gestures into calls and paints what the signals announce.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from app.commands import NUDGE
from app.document import ORIGINAL, Document, Edit, OpenPhoto
from app.engine_thread import Answer, Ask, EngineFacts
from app.ownership import Owner, may_propose
from app.refit import Side, aspect_text, centred, keeps, nudged, pixel_ratio, pixels, refit, typed
from cropcore.aspect import Aspect
from cropcore.crop import Box, Candidate, Crop, Map

_MAPS_KEPT = 8


class AskedEngine(Protocol):
    """The part of :class:`app.engine_thread.EngineThread` that an editor uses."""

    ready: SignalInstance
    unavailable: SignalInstance
    answered: SignalInstance

    def ask(self, ask: Ask, /) -> None:
        """Ask; only the latest question is sure to be answered."""


class Editor(QObject):
    """The rules between the person, the document and the engine.

    Signals: ``changed`` (another photo or another edit of it), ``live_changed`` (the line about the
    crop in hand), ``candidates_changed``, ``map_changed``, ``engine_changed``, ``failed`` (a text).
    """

    changed = Signal()
    live_changed = Signal()
    candidates_changed = Signal()
    map_changed = Signal()
    engine_changed = Signal()
    failed = Signal(str)

    def __init__(
        self, document: Document, engine: AskedEngine, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.facts: EngineFacts | None = None
        self.engine_lost = False
        self.map_name: str | None = None
        self._engine = engine
        self._ids = itertools.count(1)
        self._button_down = False
        self._live: Crop | None = None
        self._before: Edit | None = None
        self._anchor = Crop()
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
        """The wanted map of the shown photo, once it is known."""
        photo = self.photo
        if photo is None or self.map_name is None:
            return None
        return photo.maps.get((self.map_name, photo.edit.aspect))

    @property
    def score(self) -> float | None:
        """Score of the crop in hand, 0 to 100; the last one known while a drag goes on."""
        photo = self.photo
        if photo is None:
            return None
        if photo.scored_crop == self.crop:
            return photo.score
        known = self._candidate_with(photo, self.crop)
        if known is not None:
            return known.score
        return photo.score if self._button_down else None

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
            if best and best.candidates and best.candidates[0].score is not None:
                words[-1] += " " + self.tr("(best {0})").format(f"{best.candidates[0].score:.0f}")
        return "   ".join(words)

    # Drags on the canvas ---------------------------------------------------------------------

    def set_holding(self, on: bool) -> None:
        """A button went down on the canvas, or came up again."""
        self._button_down = on
        if not on:
            self._settle()

    def drag(self, crop: Crop) -> None:
        """The crop in hand moved; nothing is decided before the release."""
        self._live = crop
        self.live_changed.emit()
        self._ask()

    def cancel_drag(self) -> None:
        """The drag was taken back: the crop before it stands."""
        self._live = None
        self.live_changed.emit()

    def finish_drag(self, crop: Crop, text: str) -> None:
        """The drag ended: the crop is the person's own, in one step.

        A drag with the lock inverted leaves the ratio; then the aspect becomes free.
        """
        self._live = None
        photo = self.photo
        if photo is None:
            return
        edit = photo.edit
        ratio = edit.aspect.ratio_for(photo.width, photo.height)
        after = edit.mine(crop)
        if ratio is not None and not keeps(crop, ratio, photo.width, photo.height):
            after = after.with_aspect(Aspect("free"))
        self.document.push(photo, edit, after, text)
        self.candidates_changed.emit()

    # The aspect ------------------------------------------------------------------------------

    def set_aspect(self, aspect: Aspect) -> None:
        """Choose an aspect: press and release at once."""
        if self.hold():
            self.slide_aspect(aspect)
            self.let_go(self.tr("Aspect {0}").format(aspect))

    def swap(self) -> None:
        """Exchange width and height."""
        if (photo := self.photo) is None:
            return
        aspect = photo.edit.aspect
        if aspect.kind == "original":
            aspect = Aspect.of_ratio(photo.ratio)
        self.set_aspect(aspect.swapped())

    def toggle_lock(self) -> None:
        """Lock the ratio of the crop in hand, or free it."""
        if (photo := self.photo) is None:
            return
        if photo.edit.aspect.kind != "free":
            self.set_aspect(Aspect("free"))
            return
        ratio = pixel_ratio(photo.edit.crop, photo.width, photo.height)
        original = math.isclose(ratio, photo.ratio, rel_tol=1e-4)
        self.set_aspect(ORIGINAL if original else Aspect.of_ratio(ratio))

    def toggle_circle(self) -> None:
        """The circle, or back to the aspect before it."""
        if (photo := self.photo) is None:
            return
        edit = photo.edit
        self.set_aspect(edit.before_circle if edit.aspect.is_circle else Aspect("circle"))

    # Sliders: hold, any number of changes, let go --------------------------------------------

    def hold(self) -> bool:
        """A slider was pressed; False where there is nothing to change."""
        if self.photo is None or self._button_down:
            return False
        self._button_down = True
        self._before = self.photo.edit
        self._anchor = self.photo.anchor_of(self._before.crop)
        return True

    def slide_aspect(self, aspect: Aspect) -> None:
        """The held slider shows another aspect: the anchor is refitted, candidates follow."""
        photo, before = self.photo, self._before
        if photo is None or before is None:
            return
        if aspect == before.aspect:
            photo.anchor = (self._anchor, before.crop)
            self.document.amend(photo, before)
            return
        edit = before.with_aspect(aspect)
        crop = refit(self._anchor, aspect, photo.width, photo.height)
        photo.anchor = (self._anchor, crop)
        owner = before.owner
        if owner is Owner.WHOLE and crop != Crop():
            owner = Owner.PROPOSED
        self.document.amend(photo, replace(edit, crop=crop, owner=owner))

    def slide_tightness(self, tightness: float) -> None:
        """The held tightness slider moved: 0 keeps most of the photo, 1 is tight."""
        if self.photo is not None and self._before is not None:
            self.document.amend(self.photo, replace(self.photo.edit, tightness=tightness))

    def let_go(self, text: str) -> None:
        """The slider was released: all its changes are one step."""
        photo, before = self.photo, self._before
        self._button_down, self._before = False, None
        if photo is not None and before is not None:
            self.document.push(photo, before, photo.edit, text)
            self._settle()

    # Single steps ----------------------------------------------------------------------------

    def take(self, candidate: Candidate, aspect: Aspect) -> None:
        """Make a painted candidate the person's own, with the aspect it was painted for."""
        self._step(
            lambda edit: edit.with_aspect(aspect).mine(candidate.crop),
            self.tr("Candidate {0}").format(candidate.rank),
        )

    def nudge(self, dx: int, dy: int) -> None:
        """Move the crop by pixels; a run of nudges is one step."""
        if (photo := self.photo) is not None:
            moved = nudged(photo.edit.crop, dx, dy, photo.width, photo.height)
            if moved != photo.edit.crop:
                self._step(lambda edit: edit.mine(moved), self.tr("Nudge crop"), NUDGE)

    def type_side(self, side: Side, value: int) -> None:
        """One number of the crop was typed, in pixels."""
        if (photo := self.photo) is not None:
            edit = photo.edit
            if pixels(edit.crop, edit.aspect, photo.width, photo.height)[_SIDES[side]] == value:
                return
            crop = typed(edit.crop, edit.aspect, side, value, photo.width, photo.height)
            self._step(lambda edit: edit.mine(crop), self.tr("Type numbers"))

    def reset(self) -> None:
        """The whole photo, decided by the person."""
        self._step(
            lambda edit: edit.with_aspect(
                edit.aspect if edit.aspect.kind == "free" else ORIGINAL
            ).mine(Crop()),
            self.tr("Whole photo"),
        )

    def accept(self) -> bool:
        """Make the crop the person's own and show the next photo; False at the last one."""
        self._step(lambda edit: edit.mine(edit.crop), self.tr("Accept crop"))
        return self.document.step(1)

    def set_method(self, method: str) -> None:
        """Choose who proposes."""
        self._step(lambda edit: replace(edit, method=method), self.tr("Method"))

    def set_protected(self, boxes: Sequence[Box]) -> None:
        """Choose the areas that no suggestion may cut."""
        self._step(lambda edit: replace(edit, protect=tuple(boxes)), self.tr("Protected areas"))

    def toggle_star(self) -> None:
        """Flag the photo as a good one, or take the flag back."""
        self._step(
            lambda edit: replace(edit, starred=not edit.starred, rejected=False), self.tr("Star")
        )

    def toggle_reject(self) -> None:
        """Flag the photo as rejected, or take the flag back; no file is ever deleted."""
        self._step(
            lambda edit: replace(edit, rejected=not edit.rejected, starred=False),
            self.tr("Reject"),
        )

    def mark_exported(self, key: int, crop: Crop) -> None:
        """A crop was written to a file: it belongs to the person now."""
        photo = self.document.find(key)
        if photo is not None and photo.edit.owner is not Owner.MINE:
            self.document.amend(photo, photo.edit.mine(crop))

    def set_map(self, name: str | None) -> None:
        """Choose the map to see; a view, not a step."""
        self.map_name = name
        self.map_changed.emit()
        self._ask()

    # The engine ------------------------------------------------------------------------------

    def photo_read(self, key: int) -> None:
        """The header of a photo was read: it can be asked about."""
        photo = self.document.find(key)
        if photo is not None and photo is self.document.current:
            self._show_other()

    def next_id(self) -> int:
        """A fresh number for an ask."""
        return next(self._ids)

    def _step(self, change: object, text: str, merge: int = -1) -> None:
        photo = self.photo
        if photo is not None and not self._is_held:
            self.document.push(photo, photo.edit, change(photo.edit), text, merge)  # type: ignore[operator]

    def _show_other(self) -> None:
        self._button_down, self._live, self._before = False, None, None
        self.changed.emit()
        self.candidates_changed.emit()
        self.map_changed.emit()
        self._ask()
        self._settle()

    def _follow_edit(self, key: int) -> None:
        photo = self.photo
        if photo is not None and photo.key == key:
            self.changed.emit()
            if self.map_name is not None:
                self.map_changed.emit()
            self._ask()
            self._settle()

    def _engine_ready(self, facts: EngineFacts) -> None:
        self.facts = facts
        self.engine_changed.emit()
        self._ask()

    def _engine_unavailable(self, reason: str) -> None:
        self.engine_lost = True
        self.engine_changed.emit()
        self.failed.emit(self.tr("No suggestions: {0}").format(reason))
        self._settle()

    def _ask(self) -> None:
        photo = self.photo
        if photo is None or photo.photo is None or self.engine_lost:
            return
        crop: Crop | None = self.crop
        if crop == photo.scored_crop or self._candidate_with(photo, self.crop) is not None:
            crop = None
        suggest = photo.answered != photo.edit.question
        wanted = self.map_name if self.map_name is not None and self.map is None else None
        if not (suggest or wanted or crop is not None):
            return
        photo.latest_ask = self.next_id()
        question = photo.edit.question
        self._engine.ask(
            Ask(
                photo.latest_ask,
                photo.key,
                photo.revision,
                photo.photo,
                question,
                suggest,
                crop,
                wanted,
            )
        )

    def _engine_answered(self, answer: Answer) -> None:
        ask = answer.ask
        photo = self.document.find(ask.key)
        if photo is None:
            return
        shown = photo is self.photo
        if answer.error:
            # Taken as answered: asking again would fail again.
            photo.answered, photo.suggestions, photo.scored_crop = ask.question, None, ask.crop
            self.failed.emit(answer.error)
        if answer.score is not None:
            photo.scored_crop, photo.score = ask.crop, answer.score
        if answer.map is not None:
            if len(photo.maps) >= _MAPS_KEPT:
                photo.maps.clear()
            photo.maps[answer.map.name, ask.question.aspect] = answer.map
        if answer.suggestions is not None:
            photo.suggestions, photo.answered = answer.suggestions, ask.question
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
            self.candidates_changed.emit()
        if answer.map is not None:
            self.map_changed.emit()
        self.live_changed.emit()

    def _settle(self) -> None:
        if self.photo is not None:
            self._settle_photo(self.photo)

    def _settle_photo(self, photo: OpenPhoto) -> None:
        """Draw what is known and allowed now."""
        held = self._button_down and photo is self.photo
        best = photo.current_suggestions
        if best is not None and best.candidates:
            if may_propose(photo.edit.owner, button_down=held, due=photo.due == photo.revision):
                edit = replace(photo.edit, crop=best.candidates[0].crop, owner=Owner.PROPOSED)
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


_SIDES: dict[Side, int] = {"left": 0, "top": 1, "width": 2, "height": 3}
