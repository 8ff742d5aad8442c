"""A crop that another program made of a photo, as the person's own; and its stars, where they are wanted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.document.foreign_mark import IMPORTED, import_change, is_import
from cropcore.files.path_checks import Stamp, file_stamp
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import rotated_size
from cropcore.images.photo import read_photo
from cropcore.interop.darktable import darktable_path
from cropcore.interop.find_crop import find_crop
from cropcore.interop.foreign_crop import SOURCES, FoundCrop
from cropcore.interop.rawtherapee import pp3_path
from cropcore.interop.xmp_sidecar import xmp_path
from cropcore.messages import Message
from cropcore.sidecar.sidecar import (
    Change,
    DatedValue,
    Flag,
    PhotoFacts,
    SavedCrop,
    Sidecar,
)
from cropcore.sidecar.store import LoadedSidecar

_SAME_PIXELS, _SAME_DEGREES = 2.0, 0.01


def imported(path: Path, stars: bool = False) -> LoadedSidecar:
    """What other programs keep about a photo, as a sidecar; the newest crop there counts.

    With ``stars`` their stars and rejections are the flag. Read again, the same file gives the same crop,
    and a changed one a later version of it.

    Raises:
        PhotoError: the photo cannot be read.
    """
    photo = read_photo(path)
    found = find_crop(photo)
    flag = _flag(found.rating) if stars else "none"
    if found.crop is None and flag == "none":
        return LoadedSidecar(None, found.notices)
    sidecar = Sidecar(PhotoFacts(path.name, photo.width, photo.height, 0, ""))
    notices = found.notices
    crops: tuple[SavedCrop, ...] = ()
    turn = sidecar.orientation
    if (crop := found.crop) is not None:
        at = datetime.fromtimestamp(crop.changed, UTC)
        change = Change(import_change(crop.source, bool(crop.approximate)), at)
        crops = (SavedCrop(IMPORTED, crop.crop, Aspect("free"), (change,)),)
        turn = DatedValue(crop.turn, at)
        notices = (_origin(path, found), *notices)
    decided: DatedValue[Flag] = sidecar.flag
    if flag != "none":
        decided = DatedValue(flag, datetime.fromtimestamp(_rated(path), UTC))
    return LoadedSidecar(Sidecar(sidecar.photo, crops, flag=decided, orientation=turn), notices)


def foreign_stamps(path: Path) -> tuple[Stamp, ...]:
    """The stamps of the files in which other programs keep crops of a photo; zeros where there is none."""
    beside = (path.with_suffix(".xmp"), path.with_suffix(".XMP"))
    return tuple(map(file_stamp, (*beside, darktable_path(path), pp3_path(path), path)))


def newer_crop(own: Sidecar, foreign: Sidecar) -> bool:
    """Whether another program holds a crop that is later than ours, and another one."""
    if not foreign.crops:
        return False
    theirs = foreign.crops[0]
    if own.crops and theirs.changed <= max(crop.changed for crop in own.crops):
        return False
    return not any(_same(theirs, crop, foreign, own) for crop in own.crops)


def is_untouched(sidecar: Sidecar) -> bool:
    """Whether it holds nothing but what was imported, so that the other program's file still counts."""
    return (
        bool(sidecar.crops)
        and not sidecar.removed
        and sidecar.flag.value == "none"
        and not sidecar.protect.value
        and all(is_import(change.what) for crop in sidecar.crops for change in crop.changes)
    )


def _same(theirs: SavedCrop, ours: SavedCrop, foreign: Sidecar, own: Sidecar) -> bool:
    """Whether two crops show the same, give or take a rounding."""
    turn = own.orientation.value.inverse.then(foreign.orientation.value)
    crop = turn.crop(ours.crop)
    if abs(crop.angle - theirs.crop.angle) > _SAME_DEGREES:
        return False
    size = foreign.photo.width, foreign.photo.height
    size = size[::-1] if foreign.orientation.value.swaps_sides else size
    canvas = rotated_size(*size, theirs.crop.angle)
    sides = zip(crop.box, theirs.crop.box, canvas * 2, strict=True)
    return all(abs(a - b) * side <= _SAME_PIXELS for a, b, side in sides)


def _flag(rating: int | None) -> Flag:
    return "none" if not rating else "star" if rating > 0 else "reject"


def _rated(path: Path) -> float:
    """When stars were last written, in seconds."""
    beside = max(file_stamp(file)[0] for file in (xmp_path(path), darktable_path(path)))
    return (beside or file_stamp(path)[0]) / 1e9


def _origin(path: Path, found: FoundCrop) -> Message:
    assert found.crop is not None
    return Message(
        "{file}: its crop comes from {program}.", file=path.name, program=SOURCES[found.crop.source]
    )
