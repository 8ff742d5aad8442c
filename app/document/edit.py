"""Edit: all decisions about one photo as one immutable value, and who owns the crop."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.heads import NOTHING_CORRECTED, HeadCorrections
from cropcore.geometry.orientation import UPRIGHT, Orientation


@dataclass(frozen=True, slots=True)
class CropAction:
    """What the person did to a crop: ``typed``, ``taken``, ``undone`` and so on, as sidecars say it.

    ``candidate`` is the rank of a candidate that was taken.
    """

    what: str
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class CropEntry:
    """A crop of a photo with all that belongs to it alone.

    ``id`` stays with it for life; empty stands for the photo's first crop. ``tightness`` and
    ``method`` are the settings that it was suggested for. ``action`` is no part of what it is,
    only how it came to be so; None leaves that to be read off from the crop before.
    """

    id: str
    crop: Crop
    owner: Owner
    aspect: Aspect
    before_circle: Aspect
    tightness: float
    method: str
    action: CropAction | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CropScore:
    """What a method said of a crop: its score (0-100), and where it is its best one, how sure it is.

    ``confidence`` is 0 to 1, None for other crops.
    """

    crop: Crop
    method: str
    score: float
    confidence: float | None = None


class Owner(StrEnum):
    """Whose crop it is."""

    WHOLE = "whole"
    """A fresh photo: nobody has cropped it yet."""
    PROPOSED = "proposed"
    """The best suggestion is drawn; nothing of it is saved."""
    MINE = "mine"
    """Touched, taken, typed, reset, accepted or exported by the person."""


def may_propose(owner: Owner, *, button_down: bool, due: bool) -> bool:
    """Whether the best suggestion for what is asked now may be drawn as the crop.

    ``due`` says that the answer to the latest question came while the crop was still the one that
    the question was asked about. A crop that is proposed already is by definition the best
    suggestion; a whole photo stays whole unless an answer is due.
    """
    if owner is Owner.MINE or button_down:
        return False
    return due or owner is Owner.PROPOSED


ORIGINAL = Aspect("original")


@dataclass(frozen=True, slots=True)
class Edit:
    """All that a person can decide about one photo.

    ``crop`` always exists: a photo that nobody cropped has the whole of it. ``before_circle`` is
    the aspect to come back to when the circle is switched off. ``tightness`` runs from 0 (keeps
    most of the photo) to 1. ``accepted`` is the decision of a review. ``others`` are further crops
    of the photo, see :mod:`app.document.edit_crops`; ``place`` is where among them the crop in hand is
    listed, ``crop_id`` its id, and ``action`` what was done to it last. ``orientation`` is what turns
    the file's upright photo; crops and ``protect`` lie in the turned one, straightened by the angle
    of the crop, ``protect`` by that of the crop in hand. ``also`` are the aspects that are to be cut
    from the crop later. ``keep_heads`` and ``keep_text`` say whether suggestions keep these whole;
    ``heads`` lie in the upright file, so that no turn and no angle moves them.
    """

    crop: Crop = field(default_factory=Crop)
    owner: Owner = Owner.WHOLE
    aspect: Aspect = ORIGINAL
    before_circle: Aspect = ORIGINAL
    tightness: float = 0.5
    method: str = "default"
    protect: tuple[Box, ...] = ()
    starred: bool = False
    rejected: bool = False
    accepted: bool = False
    orientation: Orientation = UPRIGHT
    crop_id: str = ""
    others: tuple[CropEntry, ...] = ()
    place: int = 0
    action: CropAction | None = field(default=None, compare=False)
    also: tuple[Aspect, ...] = ()
    keep_heads: bool = True
    keep_text: bool = False
    heads: HeadCorrections = NOTHING_CORRECTED

    @property
    def question(self) -> CropQuestion:
        """What to ask the engine about."""
        return CropQuestion(
            self.aspect,
            self.tightness,
            self.method,
            self.protect,
            self.crop.angle,
            self.orientation,
            self.also,
            self.keep_heads,
            self.heads,
            keep_text=self.keep_text,
        )

    def mine(self, crop: Crop, action: CropAction | None = None) -> Edit:
        """The same decisions with a crop that belongs to the person, and how it came about."""
        return replace(self, crop=crop, owner=Owner.MINE, action=action)

    def with_aspect(self, aspect: Aspect) -> Edit:
        """Another aspect; what a circle came from is remembered. The crop is not touched."""
        before = self.before_circle if aspect.is_circle else aspect
        return replace(self, aspect=aspect, before_circle=before)
