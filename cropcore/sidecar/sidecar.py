"""Sidecar: the edits of one photo as a value, with merging of versions.

All values are immutable. Boxes are those of the photo as the person turned it: upright by its EXIF
orientation first, then by the sidecar's own. ``extra`` holds fields of later versions, which are
kept and not understood.

Of two versions the one with the later time counts. So every change, an undo too, goes through a
method here that gives it a time (UTC) later than the one before, even where a clock is behind.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from cropcore.errors import PhotoError, system_reason
from cropcore.files.own_files import open_regular
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.heads import NOTHING_CORRECTED, HeadCorrections
from cropcore.geometry.orientation import UPRIGHT, Orientation

Flag = Literal["none", "star", "reject"]
Extra = Mapping[str, Any]

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""Exclusive upper bound of all times, so that each has a later one."""

_END = 64 * 1024
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a photo is recognised by.

    ``width`` and ``height`` are the pixels of the photo upright by EXIF; ``length`` is that of the
    file in bytes; ``digest`` is that of :func:`content_digest`.
    """

    name: str
    width: int
    height: int
    length: int
    digest: str
    extra: Extra = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the person did to a crop: ``moved``, ``resized``, ``typed``, ``taken`` and so on.

    ``candidate`` is the rank of the candidate that was taken, None for everything else.
    """

    what: str
    at: datetime
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class SavedCrop:
    """A crop of the person's own, and where it came from.

    ``changes`` are in the order of time, at least one. ``score`` (0-100) and ``confidence`` (0-1)
    are what ``method``, with the weights of ``weights_sha256``, said of it; ``tightness`` (0-1) is
    how tight suggestions were wished for. ``origin`` is the crop that it was straightened from, in the
    photo turned as it is. None where unknown.
    """

    id: str
    crop: Crop
    aspect: Aspect
    changes: tuple[Change, ...]
    method: str | None = None
    score: float | None = None
    confidence: float | None = None
    weights_sha256: str | None = None
    extra: Extra = field(default_factory=dict)
    tightness: float | None = None
    origin: Crop | None = None

    @property
    def changed(self) -> datetime:
        """When it was changed last."""
        return max((change.at for change in self.changes), default=NEVER)

    def with_change(self, crop: Crop, what: str, candidate: int | None = None) -> SavedCrop:
        """The same crop, changed by the person just now; what is done over and over is listed once.

        A changed one has no ``origin`` until it is told.
        """
        change = Change(what, later_than(self.changed), candidate)
        again = self.changes and replace(self.changes[-1], at=change.at) == change
        before = self.changes[:-1] if again else self.changes
        origin = self.origin if crop == self.crop else None
        return replace(self, crop=crop, changes=(*before, change), origin=origin)


@dataclass(frozen=True, slots=True)
class DatedValue(Generic[_T]):
    """A value and when it was decided."""

    value: _T
    at: datetime = NEVER

    def instead(self, value: _T) -> DatedValue[_T]:
        """Another value, decided just now."""
        return DatedValue(value, later_than(self.at))


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Everything that is kept about one photo.

    ``removed`` says when crops, by id, were removed: without it, another program that still knows
    them would bring them back. ``protect`` are areas that no suggestion cuts;
    ``heads`` is what was corrected of the heads found, in the file's upright photo.
    """

    photo: PhotoFacts
    crops: tuple[SavedCrop, ...] = ()
    removed: Mapping[str, datetime] = field(default_factory=dict)
    flag: DatedValue[Flag] = DatedValue("none")
    orientation: DatedValue[Orientation] = DatedValue(UPRIGHT)
    protect: DatedValue[tuple[Box, ...]] = DatedValue(())
    extra: Extra = field(default_factory=dict)
    heads: DatedValue[HeadCorrections] = DatedValue(NOTHING_CORRECTED)

    @property
    def changed(self) -> datetime:
        """When anything in it was changed last."""
        decided = (self.flag.at, self.orientation.at, self.protect.at, self.heads.at)
        return max(*decided, *(c.changed for c in self.crops), *self.removed.values())

    def with_crop(self, crop: SavedCrop) -> Sidecar:
        """With a crop added, or put in the place of the one with its id; a removed one comes back."""
        if crop.id in self.removed and crop.changed <= self.removed[crop.id]:
            change = Change("restored", later_than(self.removed[crop.id]))
            crop = replace(crop, changes=(*crop.changes, change))
        removed = {key: at for key, at in self.removed.items() if key != crop.id}
        crops = {c.id: c for c in self.crops} | {crop.id: crop}
        return replace(self, crops=tuple(crops.values()), removed=removed)

    def without_crop(self, crop_id: str) -> Sidecar:
        """With a crop removed."""
        gone = [c.changed for c in self.crops if c.id == crop_id]
        return replace(
            self,
            crops=tuple(c for c in self.crops if c.id != crop_id),
            removed={**self.removed, crop_id: later_than(max(gone, default=NEVER))},
        )


def later_than(before: datetime) -> datetime:
    """The time now in UTC, or 1 us after ``before`` where that lies in the future."""
    return max(datetime.now(UTC), before + timedelta(microseconds=1))


def new_id() -> str:
    """An id for a new crop."""
    return secrets.token_hex(8)


def real(path: Path) -> Path:
    """The absolute path that a photo has without links: one photo, one sidecar."""
    return Path(os.path.realpath(path))


def content_digest(path: Path) -> tuple[str, int]:
    """SHA-256, in hex, of a file's length and its first and last 64 KB; and the length in bytes.

    Raises:
        PhotoError: the file cannot be read.
    """
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            length = os.fstat(file.fileno()).st_size
            ends = file.read(_END)
            file.seek(max(length - _END, 0))
            ends += file.read(_END)
    except OSError as e:
        raise PhotoError(
            path,
            "could not be read: {reason}.",
            "It may have been moved or renamed.",
            reason=system_reason(e),
        ) from e
    return hashlib.sha256(length.to_bytes(8, "big") + ends).hexdigest(), length
