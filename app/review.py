"""One review: the results of a batch as photos of a roll, and what was decided about each.

No widget is known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from app.document import Document, Edit, OpenPhoto
from app.ownership import Owner
from app.refit import centred
from app.roll import Roll
from cropcore.crop import Crop
from cropcore.presets import Preset
from cropcore.review import Accepted, Found, least_sure_first


class Decision(StrEnum):
    """What the person decided about a result."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


def decision_of(edit: Edit) -> Decision:
    """The decision that an edit holds."""
    if edit.accepted:
        return Decision.ACCEPTED
    return Decision.REJECTED if edit.rejected else Decision.OPEN


class Review(QObject):
    """The results in their order, least sure first, on one undo stack.

    ``roll`` is what the document shows of them. Signals: ``decided`` (key of a result whose decision
    or accepted crop is another now).
    """

    decided = Signal(int)

    def __init__(
        self, document: Document, found: Sequence[Found], preset: Preset, folder: Path
    ) -> None:
        super().__init__(document)
        self.preset = preset
        self.folder = folder
        self._document = document
        self._stack = QUndoStack(self)
        self._n: dict[int, int] = {}
        self._keys: dict[int, int] = {}
        self._known: dict[int, tuple[Decision, Crop]] = {}
        self._written: dict[int, Crop] = {}
        places = {id(one): n for n, one in enumerate(found, 1)}
        photos = []
        for one in least_sure_first(found):
            photo = self._opened(one)
            photos.append(photo)
            n = places[id(one)]
            self._n[photo.key], self._keys[n] = n, photo.key
            self._known[photo.key] = (Decision.OPEN, photo.edit.crop)
        self.roll = Roll(photos, photos[0])
        self.counts = {Decision.OPEN: len(photos), Decision.ACCEPTED: 0, Decision.REJECTED: 0}
        document.edit_changed.connect(self._follow)

    @property
    def unwritten(self) -> int:
        """How many accepted crops are in no file yet."""
        return sum(
            decision is Decision.ACCEPTED and self._written.get(key) != crop
            for key, (decision, crop) in self._known.items()
        )

    def n_of(self, photo: OpenPhoto) -> int:
        """The place of a result in its batch, from 1."""
        return self._n[photo.key]

    def accept(self, photo: OpenPhoto, text: str) -> None:
        """Accept the crop in hand; one step."""
        edit = photo.edit
        accepted = replace(edit.mine(edit.crop), accepted=True, rejected=False)
        self._document.push(photo, edit, accepted, text)

    def reject(self, photo: OpenPhoto, text: str) -> None:
        """Reject the result; one step, and a second time takes the rejection back."""
        edit = photo.edit
        rejected = replace(edit, accepted=False, rejected=not edit.rejected, starred=False)
        self._document.push(photo, edit, rejected, text)

    def next_open(self, photo: OpenPhoto) -> OpenPhoto | None:
        """The next result that is not decided, after the last one from the first; None at the end."""
        photos = self._document.photos
        place = self._document.place_of(photo)
        following = (*photos[place + 1 :], *photos[: place + 1])
        return next((p for p in following if self._known[p.key][0] is Decision.OPEN), None)

    def accepted(self) -> tuple[Accepted, ...]:
        """The crops that were accepted, for writing."""
        return tuple(
            Accepted(
                photo.photo, photo.edit.crop, photo.edit.aspect, _rank(photo), self._n[photo.key]
            )
            for photo in self.roll.photos
            if photo.edit.accepted and photo.photo is not None
        )

    def note_written(self, accepted: Accepted) -> None:
        """A crop is in a file now."""
        self._written[self._keys[accepted.n]] = accepted.crop

    def _follow(self, key: int) -> None:
        if key not in self._known:
            return
        photo = self.roll.find(key)
        if photo is None:
            return
        now = (decision_of(photo.edit), photo.edit.crop)
        before, self._known[key] = self._known[key], now
        if before[0] is not now[0]:
            self.counts[before[0]] -= 1
            self.counts[now[0]] += 1
        if before[0] is not now[0] or (now[0] is Decision.ACCEPTED and before[1] != now[1]):
            self.decided.emit(key)

    def _opened(self, one: Found) -> OpenPhoto:
        """A result with its best candidate proposed and nothing left to be asked."""
        # The batch has left out what is too small, and with it some ranks.
        candidates = tuple(
            replace(c, rank=rank) for rank, c in enumerate(one.suggestions.candidates, 1)
        )
        suggestions = replace(one.suggestions, candidates=candidates)
        crop = centred(one.aspect, one.photo.width, one.photo.height)
        if candidates:
            crop = candidates[0].crop
        edit = Edit(
            crop, Owner.PROPOSED, method=self.preset.method, tightness=self.preset.tightness
        ).with_aspect(one.aspect)
        key = self._document.next_key()
        photo = OpenPhoto(key, one.path, edit, self._stack, one.aspect)
        photo.header = one.photo
        photo.suggestions, photo.answered, photo.refined = suggestions, edit.question, True
        return photo


def _rank(photo: OpenPhoto) -> int:
    """The rank of the candidate that was accepted, 1 for a crop of the person's own."""
    found = photo.current_suggestions
    candidates = found.candidates if found else ()
    return next((c.rank for c in candidates if c.crop == photo.edit.crop), 1)
