"""One review: a batch's results as a list of photos, and the verdict on each.

No widget is known here.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.document.document import ORIGINAL, Document, Edit
from app.document.edit import Owner
from app.document.open_photo import OpenPhoto
from app.document.photo_list import PhotoList
from app.document.suggestion_state import SuggestionState
from app.document.undo import StepGroup
from cropcore.batch.preset import Preset
from cropcore.batch.review import AcceptedCrop, FoundCrop, least_sure_first
from cropcore.batch.review_record import Verdict
from cropcore.geometry.crop import Suggestions
from cropcore.geometry.orientation import UPRIGHT
from cropcore.geometry.refit import centred

_numbers = itertools.count(1)


class Decision(StrEnum):
    """What the person decided about a result."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def decision_of(edit: Edit | Verdict) -> Decision:
    """The decision that an edit holds."""
    if edit.accepted:
        return Decision.ACCEPTED
    return Decision.REJECTED if edit.rejected else Decision.OPEN


class ReviewSession(QObject):
    """The results in their order, least sure first, on one undo stack.

    ``found`` are results by their places in the batch, ``verdicts`` what was decided about them in an
    earlier run. ``photo_list`` is what the document shows of them; ``number`` is this review's own in this
    run. Signals: ``verdict_given`` (OpenPhoto, Verdict: something else stands about a result now).
    """

    verdict_given = Signal(OpenPhoto, Verdict)

    def __init__(
        self,
        document: Document,
        found: Mapping[int, FoundCrop],
        preset: Preset,
        folder: Path,
        verdicts: Mapping[int, Verdict] | None = None,
    ) -> None:
        super().__init__(document)
        self.number = next(_numbers)
        self.preset = preset
        self.folder = folder
        self._document = document
        self._stack = QUndoStack(self)
        self._places: dict[int, int] = {}
        self._photos: dict[int, OpenPhoto] = {}
        self._verdicts: dict[int, Verdict] = {}
        places = {id(one): n for n, one in found.items()}
        for one in least_sure_first(found.values()):
            n = places[id(one)]
            known = (verdicts or {}).get(n)
            verdict = known or Verdict(n, orientation=one.photo.turn)
            photo = self._opened(one, known)
            self._photos[n], self._places[photo.key] = photo, n
            self._verdicts[n] = verdict
        photos = list(self._photos.values())
        first = next((p for p in photos if decision_of(p.edit) is Decision.OPEN), photos[0])
        self.photo_list = PhotoList(photos, first)
        self.counts = Counter(decision_of(photo.edit) for photo in photos)
        document.edit_changed.connect(self._follow)

    @property
    def unwritten(self) -> int:
        """How many accepted crops are in no file yet."""
        return sum(v.accepted and not v.written for v in self._verdicts.values())

    @property
    def is_complete(self) -> bool:
        """Whether all is decided, and what was accepted is written."""
        return not self.counts[Decision.OPEN] and not self.unwritten

    def retire(self) -> None:
        """Mark the review as left for good; files that are still being written are noted all the same."""
        self._document.edit_changed.disconnect(self._follow)
        self.setParent(None)

    def verdicts(self) -> list[tuple[OpenPhoto, Verdict]]:
        """Every result in its order and what stands about it."""
        return [(photo, self._verdicts[n]) for n, photo in self._photos.items()]

    def accept(self, photo: OpenPhoto, text: str) -> None:
        """Accept the crop in hand; one step."""
        self._document.push(photo, photo.edit, _accepted(photo.edit), text)

    def accept_together(self, photo: OpenPhoto, text: str, group: StepGroup) -> None:
        """Accept the crop of a result, unless it is decided, in one step with others of a group."""
        if photo.key in self._places and decision_of(photo.edit) is Decision.OPEN:
            self._document.push_together(photo, photo.edit, _accepted(photo.edit), text, group)

    def reject(self, photo: OpenPhoto, text: str) -> None:
        """Reject the result; one step, and a second time takes the rejection back."""
        edit = photo.edit
        rejected = replace(edit, accepted=False, rejected=not edit.rejected, starred=False)
        self._document.push(photo, edit, rejected, text)

    def next_open(self, photo: OpenPhoto) -> OpenPhoto | None:
        """The next other result that is not decided, after the last from the first; None at the end."""
        photos = self._document.photos
        place = self._document.place_of(photo)
        following = (*photos[place + 1 :], *photos[:place])
        return next((p for p in following if decision_of(p.edit) is Decision.OPEN), None)

    def accepted(self) -> tuple[AcceptedCrop, ...]:
        """The crops that were accepted, for writing."""
        return tuple(
            AcceptedCrop(photo.photo, photo.edit.crop, photo.edit.aspect, rank_of(photo) or 1, n)
            for n, photo in self._photos.items()
            if photo.edit.accepted and photo.photo is not None
        )

    def note_written(self, accepted: AcceptedCrop) -> None:
        """A crop is in a file now, unless it has become another meanwhile."""
        photo, verdict = self._photos[accepted.n], self._verdicts[accepted.n]
        same = photo.edit.crop == accepted.crop and photo.photo == accepted.photo
        if photo.edit.accepted and same:
            self._rule(photo, replace(verdict, written=True))

    def note_kept(self, photo: OpenPhoto, crop_id: str) -> None:
        """The accepted crop has this name in the photo's sidecar; empty where it is gone from it."""
        verdict = self._verdicts[self._places[photo.key]]
        self._rule(photo, replace(verdict, crop_id=crop_id))

    def _follow(self, key: int) -> None:
        n = self._places.get(key)
        if n is None:
            return
        photo, before = self._photos[n], self._verdicts[n]
        edit = photo.edit
        now = replace(
            before,
            accepted=edit.accepted,
            rejected=edit.rejected,
            crop=edit.crop if edit.owner is Owner.MINE else None,
            orientation=edit.orientation,
        )
        if (now.crop, now.orientation) != (before.crop, before.orientation):
            now = replace(now, written=False)
        self._rule(photo, now)

    def _rule(self, photo: OpenPhoto, verdict: Verdict) -> None:
        before = self._verdicts[verdict.n]
        if verdict == before:
            return
        self._verdicts[verdict.n] = verdict
        self.counts[decision_of(before)] -= 1
        self.counts[decision_of(verdict)] += 1
        self.verdict_given.emit(photo, verdict)

    def _opened(self, one: FoundCrop, verdict: Verdict | None) -> OpenPhoto:
        """A result with its best candidate proposed and nothing left to be asked."""
        # There may be thousands: nothing is made that is not needed.
        suggestions = _without_gaps(one.suggestions)
        if suggestions.candidates:
            crop = suggestions.candidates[0].crop
        else:
            crop = centred(one.aspect, one.photo.width, one.photo.height)
        edit = Edit(
            crop,
            Owner.PROPOSED,
            one.aspect,
            ORIGINAL if one.aspect.is_circle else one.aspect,
            self.preset.tightness,
            self.preset.method,
            orientation=one.photo.turn,
        )
        photo = OpenPhoto(
            self._document.next_key(),
            one.path,
            edit,
            self._stack,
            one.aspect,
            SuggestionState.of(suggestions, edit.question),
        )
        turn = one.photo.turn
        photo.header = one.photo if turn == UPRIGHT else one.photo.turned(turn.inverse)
        if verdict is not None:
            if verdict.crop is not None:
                photo.edit = edit.mine(verdict.crop)
            photo.edit = replace(
                photo.edit,
                accepted=verdict.accepted,
                rejected=verdict.rejected,
                orientation=verdict.orientation,
            )
        return photo


def _accepted(edit: Edit) -> Edit:
    return replace(edit.mine(edit.crop), accepted=True, rejected=False)


def _without_gaps(suggestions: Suggestions) -> Suggestions:
    """Ranked from 1: a batch leaves out candidates that are too small, and with them their ranks."""
    candidates = suggestions.candidates
    if all(c.rank == rank for rank, c in enumerate(candidates, 1)):
        return suggestions
    ranked = tuple(replace(c, rank=rank) for rank, c in enumerate(candidates, 1))
    return replace(suggestions, candidates=ranked)


def rank_of(photo: OpenPhoto) -> int | None:
    """The rank of the candidate that the crop in hand equals; None for a crop of the person's own."""
    found = photo.current_suggestions
    candidates = found.candidates if found else ()
    return next((c.rank for c in candidates if c.crop == photo.edit.crop), None)
