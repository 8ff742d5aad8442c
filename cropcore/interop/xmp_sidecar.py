"""The sidecar ``NAME.xmp`` of a photo, as Lightroom, Camera Raw, Bridge and darktable read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cropcore.errors import SidecarError
from cropcore.files.namesakes import same_stem
from cropcore.files.path_checks import file_stamp
from cropcore.files.photo_scan import is_raw_name, looks_like_photo
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from cropcore.interop import xmp_crop
from cropcore.interop.foreign_crop import ForeignCrop, FoundCrop, StoredPixels, about
from cropcore.interop.merge_file import merge_file, read_sidecar
from cropcore.interop.xmp_properties import XmpError, XmpPacket
from cropcore.messages import Message

State = Literal["made", "changed", "same", "kept"]

_LEFT = Message("It is left as it is.")
HELD = Message("holds another crop, which is kept.")


@dataclass(frozen=True, slots=True)
class WrittenSidecar:
    """What became of a sidecar of another program.

    ``made`` anew, ``changed``, holding the ``same`` crop already, or ``kept`` because a person made
    another crop there. ``notices`` are sentences for the person.
    """

    path: Path
    state: State
    notices: tuple[Message, ...] = ()


def xmp_path(photo: Path, folder: Path | None = None) -> Path:
    """Where a photo's sidecar lies, or would: an existing one whose ending is written otherwise counts."""
    folder = folder or photo.parent
    wanted = f"{photo.stem}.xmp"
    found = [name for name in same_stem(folder, photo.stem) if name.lower().endswith(".xmp")]
    return folder / (wanted if wanted in found or not found else found[0])


def namesakes(photo: Path) -> list[Path]:
    """Other photos, raw or not, that share a photo's sidecar since only their endings differ."""
    return [
        photo.parent / name
        for name in same_stem(photo.parent, photo.stem)
        if name != photo.name and (is_raw_name(name) or looks_like_photo(name))
    ]


def read_xmp(photo: Photo, stored: StoredPixels | None = None) -> FoundCrop:
    """The crop in a photo's XMP sidecar; whatever goes wrong becomes a notice."""
    path = xmp_path(photo.path)
    if not is_raw_name(photo.path.name) and any(is_raw_name(p.name) for p in namesakes(photo.path)):
        return FoundCrop()  # it is that of the raw file
    try:
        data = read_sidecar(path)
        if data is None:
            return FoundCrop()
        packet = XmpPacket(data)
    except SidecarError as e:
        return FoundCrop(notices=(e.message,))
    except XmpError as e:
        return FoundCrop(notices=(SidecarError(path, e.message, _LEFT).message,))
    found = xmp_crop.read_crop(packet, stored or StoredPixels.of(photo))
    notices = tuple(about(path, notice) for notice in found.notices)
    if found.crop is None:
        return FoundCrop(notices=notices, rating=found.rating)
    changed = file_stamp(path)[0] / 1e9
    crop = ForeignCrop("xmp", path, found.crop, found.turn, found.approximate, changed)
    return FoundCrop(crop, notices, found.rating)


def write_xmp(
    photo: Photo,
    crop: Crop | None,
    folder: Path | None = None,
    replace: bool = False,
    rating: int | None = None,
) -> WrittenSidecar:
    """Write a crop of a photo, which may be turned, into its XMP sidecar.

    What else the sidecar holds stays, byte for byte. A crop that somebody made there is kept unless
    ``replace`` says otherwise; stars (-1 rejected, 1 to 5) are written where ``rating`` is given, as
    :func:`cropcore.interop.xmp_crop.set_rating` says.

    Args:
        photo: as the person turned it.
        crop: of that photo; None writes the stars alone.
        folder: where the sidecar lies, if not beside the photo.
        replace: whether another crop in the sidecar is replaced.
        rating: the stars.

    Raises:
        SidecarError: the sidecar belongs to a raw file, or it cannot be read, understood or written;
            it is left as it was.
        PhotoError: the photo cannot be read.
    """
    path = xmp_path(photo.path, folder)
    others = namesakes(photo.path)
    raw = next((p for p in others if is_raw_name(p.name)), None)
    if raw is not None and not is_raw_name(photo.path.name):
        raise SidecarError(
            path,
            "belongs to the raw file {raw}.",
            "Write the crop for the raw file.",
            raw=raw.name,
        )
    notices = []
    if others:
        names = ", ".join(p.name for p in others)
        notices.append(
            Message("{file}: darktable applies it to {names} too.", file=path.name, names=names)
        )
    stored = StoredPixels.of(photo)
    state: State = "same"

    def change(data: bytes | None) -> bytes | None:
        nonlocal state
        packet = xmp_crop.new_packet() if data is None else XmpPacket(data)
        state = "made" if data is None else "changed"
        wanted = crop
        if wanted is not None and data is not None and xmp_crop.has_crop(packet):
            values = xmp_crop.camera_raw(wanted, stored, photo.turn)
            if xmp_crop.holds(packet, values):
                state, wanted = "same", None
            elif not replace:
                state, wanted = "kept", None
        if wanted is not None:
            xmp_crop.set_crop(packet, wanted, stored, photo.turn, rating)
        elif rating is not None:  # the stars are changed whatever becomes of the crop
            xmp_crop.set_rating(packet, rating)
        return packet.data

    try:
        written = merge_file(path, change)
    except XmpError as e:
        raise SidecarError(path, e.message, _LEFT) from e
    if state == "kept":
        notices.append(about(path, HELD))
    elif state == "changed" and not written:
        state = "same"
    return WrittenSidecar(path, state, tuple(notices))
