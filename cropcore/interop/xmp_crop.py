"""Camera Raw's crop in an XMP packet: read, and set without touching anything else."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.interop.camera_raw import CameraRawCrop, from_camera_raw, to_camera_raw
from cropcore.interop.foreign_crop import StoredPixels
from cropcore.interop.xmp_properties import XmpPacket
from cropcore.messages import NOTHING, Message

CRS = "http://ns.adobe.com/camera-raw-settings/1.0/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
XMP = "http://ns.adobe.com/xap/1.0/"
PREFIXES = {CRS: "crs", TIFF: "tiff", XMP: "xmp"}

_SIDES = ("CropLeft", "CropTop", "CropRight", "CropBottom")
_PERSPECTIVE = {
    "PerspectiveVertical": 0.0,
    "PerspectiveHorizontal": 0.0,
    "PerspectiveRotate": 0.0,
    "PerspectiveScale": 100.0,
    "PerspectiveAspect": 0.0,
    "PerspectiveX": 0.0,
    "PerspectiveY": 0.0,
    "PerspectiveUpright": 0.0,
}
# A new packet's settings are those of this process version, so that nothing is developed by an old one.
_VERSIONS = {"Version": "15.0", "ProcessVersion": "11.0"}
_NEW = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"/>
 </rdf:RDF>
</x:xmpmeta>
"""

PERSPECTIVE = Message(
    "There it lies in a photo whose perspective is corrected, and may differ a little."
)
LENS = Message("There it lies in a photo whose lens errors are corrected, and may differ a little.")
SET_RIGHT = Message(
    "The crop there reaches over the photo's edge, or upside down; it was set right."
)
UNKNOWN = Message("The crop there makes no sense and is left out.")


@dataclass(frozen=True, slots=True)
class PacketCrop:
    """What a packet says of a crop; ``notices`` are on what was set right or left out."""

    crop: Crop | None = None
    turn: Orientation = UPRIGHT
    approximate: Message = NOTHING
    notices: tuple[Message, ...] = ()
    rating: int | None = None


def read_crop(packet: XmpPacket, stored: StoredPixels) -> PacketCrop:
    """The crop in a packet, as one of the photo turned as the packet says.

    Numbers left over from a crop that was taken back, and the crop of a file that was exported
    already cropped, are no crop.
    """
    rating = _rating(packet)
    if not _true(packet, "HasCrop") or _true(packet, "AlreadyApplied"):
        return PacketCrop(rating=rating)
    values = _values(packet)
    if values is not None and values.is_whole:
        return PacketCrop(rating=rating)
    orientation = _orientation(packet) or stored.orientation
    turn = stored.orientation.inverse.then(orientation)
    found = None if values is None else from_camera_raw(values, *stored.size(turn), orientation)
    if found is None:
        return PacketCrop(notices=(UNKNOWN,), rating=rating)
    crop, mended = found
    return PacketCrop(
        crop, turn, _approximate(packet), (SET_RIGHT,) if mended else (), rating=rating
    )


def has_crop(packet: XmpPacket) -> bool:
    """Whether somebody made a crop there, be it one that can be read."""
    if not _true(packet, "HasCrop") or _true(packet, "AlreadyApplied"):
        return False
    values = _values(packet)
    return values is None or not values.is_whole


def holds(packet: XmpPacket, values: CameraRawCrop) -> bool:
    """Whether this crop, and no other, is what the packet holds."""
    there = _values(packet) if has_crop(packet) else None
    return there is not None and there.is_same(values)


def set_crop(
    packet: XmpPacket, crop: Crop, stored: StoredPixels, turn: Orientation, rating: int | None
) -> None:
    """Write a crop of the photo turned by ``turn`` into a packet, and the stars if they are given.

    Sizes are added where they are not told; the orientation too, and it is changed only where the
    person turned the photo. Stars as in :func:`set_rating`.

    Raises:
        XmpError: the packet has no place for it.
    """
    names = packet.names(CRS)
    values = camera_raw(crop, stored, turn)
    whole = stored.orientation.then(turn)
    told: dict[tuple[str, str], str] = {}
    for name, side in (("ImageWidth", stored.width), ("ImageLength", stored.height)):
        if packet.get((TIFF, name)) is None:
            told[TIFF, name] = str(side)
    if _orientation(packet) is None or turn != UPRIGHT:
        told[TIFF, "Orientation"] = str(whole.exif)
    if not names:
        told.update({(CRS, name): value for name, value in _VERSIONS.items()})
        told[CRS, "HasSettings"] = "True"
    told[CRS, "HasCrop"] = "True"
    sides = (values.left, values.top, values.right, values.bottom)
    for name, value in zip(_SIDES, sides, strict=True):
        told[CRS, name] = _number(value)
    told[CRS, "CropAngle"] = _number(values.angle)
    if "CropConstrainToWarp" not in names:
        told[CRS, "CropConstrainToWarp"] = "0"
    if "AlreadyApplied" not in names or _true(packet, "AlreadyApplied"):
        told[CRS, "AlreadyApplied"] = "False"
    told.update(_stars(packet, rating))
    packet.set(told, PREFIXES)


def set_rating(packet: XmpPacket, rating: int) -> None:
    """Write the stars alone: -1 rejects, 1 to 5 are stars, 0 takes a rejection back.

    More stars that are there already stay, and 0 takes away none.

    Raises:
        XmpError: the packet has no place for them.
    """
    if stars := _stars(packet, rating):
        packet.set(stars, PREFIXES)


def new_packet() -> XmpPacket:
    """A packet that says nothing yet."""
    return XmpPacket(_NEW)


def camera_raw(crop: Crop, stored: StoredPixels, turn: Orientation) -> CameraRawCrop:
    """Camera Raw's values of a crop of the photo turned by ``turn``."""
    return to_camera_raw(crop, *stored.size(turn), stored.orientation.then(turn))


def _true(packet: XmpPacket, name: str) -> bool:
    return (packet.get((CRS, name)) or "").lower() in ("true", "1")


def _values(packet: XmpPacket) -> CameraRawCrop | None:
    try:
        sides = [float(packet.get((CRS, name)) or "nan") for name in _SIDES]
        angle = float(packet.get((CRS, "CropAngle")) or 0)
    except ValueError:
        return None
    left, top, right, bottom = sides
    return CameraRawCrop(left, top, right, bottom, angle)


def _orientation(packet: XmpPacket) -> Orientation | None:
    text = packet.get((TIFF, "Orientation")) or ""
    return Orientation.of_exif(int(text)) if text in tuple("12345678") else None


def _rating(packet: XmpPacket) -> int | None:
    try:
        value = float(packet.get((XMP, "Rating")) or "nan")
    except ValueError:
        return None
    return round(value) if math.isfinite(value) and -1 <= value <= 5 else None


def _stars(packet: XmpPacket, rating: int | None) -> dict[tuple[str, str], str]:
    """What is to be set; nothing where what is there says as much."""
    there = _rating(packet) or 0
    if rating is None or rating == there or (0 <= rating <= there):
        return {}
    return {(XMP, "Rating"): str(rating)}


def _approximate(packet: XmpPacket) -> Message:
    for name, neutral in _PERSPECTIVE.items():
        try:
            if float(packet.get((CRS, name)) or neutral) != neutral:
                return PERSPECTIVE
        except ValueError:
            continue
    return LENS if _true(packet, "LensProfileEnable") else NOTHING


def _number(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
