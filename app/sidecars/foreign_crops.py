"""A crop that another program made of a photo, as the person's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import read_photo
from cropcore.interop.find_crop import find_crop
from cropcore.interop.foreign_crop import SOURCES, FoundCrop
from cropcore.messages import Message
from cropcore.sidecar.sidecar import Change, DatedValue, PhotoFacts, SavedCrop, Sidecar
from cropcore.sidecar.store import LoadedSidecar

IMPORTED = "imported"
"""What was done to a crop that came from another program."""


def imported(path: Path) -> LoadedSidecar:
    """What other programs keep about a photo, as a sidecar; the newest crop there counts.

    Read again, the same file gives the same crop, and a changed one a later version of it.

    Raises:
        PhotoError: the photo cannot be read.
    """
    photo = read_photo(path)
    found = find_crop(photo)
    crop = found.crop
    if crop is None:
        return LoadedSidecar(None, found.notices)
    at = datetime.fromtimestamp(crop.changed, UTC)
    saved = SavedCrop(IMPORTED, crop.crop, Aspect("free"), (Change(IMPORTED, at),))
    sidecar = Sidecar(
        PhotoFacts(path.name, photo.width, photo.height, 0, ""),
        (saved,),
        orientation=DatedValue(crop.turn, at),
    )
    return LoadedSidecar(sidecar, (_origin(path, found), *found.notices))


def is_untouched(sidecar: Sidecar) -> bool:
    """Whether it holds nothing but what was imported, so that the other program's file still counts."""
    return (
        bool(sidecar.crops)
        and not sidecar.removed
        and sidecar.flag.value == "none"
        and not sidecar.protect.value
        and all(change.what == IMPORTED for crop in sidecar.crops for change in crop.changes)
    )


def _origin(path: Path, found: FoundCrop) -> Message:
    assert found.crop is not None
    return Message(
        "{file}: its crop comes from {program}.", file=path.name, program=SOURCES[found.crop.source]
    )
