"""What of a photo goes along into each file format: kept, converted, or left out and told.

One table for export, batch and command line, for the guide, and for the tests that write each cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from cropcore.export.encoders import FORMATS_16_BIT
from cropcore.images.photo import Photo
from cropcore.messages import Message
from cropcore.metadata.metadata import Keep, Metadata

TARGETS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")
_USUAL_DENSITY = (72, 96)


class Part(Enum):
    """Something that a photo may hold, named as in the guide."""

    BITS = "10 to 16 bits per channel"
    ALPHA = "transparency"
    KEY_COLOUR = "a transparent colour of a 16-bit PNG"
    FURTHER_CHANNELS = "further channels of a TIFF (masks, spot colours)"
    CMYK = "CMYK"
    PROFILE = "ICC profile"
    CODE_POINTS = "CICP, gAMA and cHRM, Adobe RGB by DCF"
    HDR = "HDR as PQ or HLG"
    GAIN_MAP = "HDR gain map of a JPEG"
    GAIN_MAP_HEIF = "HDR gain map of a HEIC or AVIF"
    DEPTH_MAP = "depth map"
    VIDEO = "video of a motion photo"
    ORIENTATION = "orientation"
    EXIF = "EXIF"
    XMP = "XMP"
    EXTENDED_XMP = "extended XMP of a JPEG"
    IPTC = "IPTC"
    DENSITY = "density (dpi)"
    TEXTS = "texts of a PNG"
    COMMENT = "comment of a JPEG"
    MAP_REFERENCE = "map reference (GeoTIFF)"


class Fate(Enum):
    """What becomes of a part in a format."""

    KEPT = "kept"
    CONVERTED = "converted"
    LOST = "left out"


def _row(kept: str = "", converted: str = "") -> dict[str, Fate]:
    return {
        target: Fate.KEPT
        if target in kept.split()
        else Fate.CONVERTED
        if target in converted.split()
        else Fate.LOST
        for target in TARGETS
    }


_ALL = " ".join(TARGETS)

FATES: dict[Part, dict[str, Fate]] = {
    Part.BITS: _row(kept="PNG TIFF HEIF", converted="JPEG WEBP AVIF"),
    Part.ALPHA: _row(kept="PNG WEBP TIFF AVIF HEIF", converted="JPEG"),
    Part.KEY_COLOUR: _row(),
    Part.FURTHER_CHANNELS: _row(),
    Part.CMYK: _row(kept="JPEG TIFF", converted="PNG WEBP AVIF HEIF"),
    Part.PROFILE: _row(kept=_ALL),
    Part.CODE_POINTS: _row(converted=_ALL),
    Part.HDR: _row(kept="PNG HEIF", converted="JPEG WEBP TIFF AVIF"),
    Part.GAIN_MAP: _row(kept="JPEG"),
    Part.GAIN_MAP_HEIF: _row(),
    Part.DEPTH_MAP: _row(),
    Part.VIDEO: _row(),
    Part.ORIENTATION: _row(converted=_ALL),
    Part.EXIF: _row(kept=_ALL),
    Part.XMP: _row(kept=_ALL),
    Part.EXTENDED_XMP: _row(),
    Part.IPTC: _row(kept="JPEG PNG TIFF"),
    Part.DENSITY: _row(kept="JPEG PNG TIFF"),
    Part.TEXTS: _row(kept="PNG"),
    Part.COMMENT: _row(kept="JPEG"),
    Part.MAP_REFERENCE: _row(),
}
"""The fate of each part in each format (Pillow's names).

Bits become 8 where they are not kept, and 10 in HEIF. Transparency is filled with the background in a
JPEG. Code points become an ICC profile, orientation becomes that of the pixels. HDR becomes standard
range; in a TIFF the numbers stay, beside a profile that shows them so.
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """Which parts a photo holds, with the words that a sentence about them needs."""

    parts: frozenset[Part]
    bits: int = 8
    hdr: str = ""


def holding(photo: Photo, metadata: Metadata) -> Holding:
    """The parts that a photo and its metadata hold."""
    has = {
        Part.BITS: photo.stored_bits > 8,
        Part.ALPHA: photo.has_alpha,
        Part.KEY_COLOUR: photo.key_colour and photo.bits == 16,
        Part.FURTHER_CHANNELS: photo.further_channels > 0,
        Part.CMYK: photo.mode == "CMYK",
        Part.PROFILE: photo.icc is not None,
        Part.HDR: photo.hdr is not None,
        Part.GAIN_MAP: photo.gain_map and photo.format == "JPEG",
        Part.GAIN_MAP_HEIF: photo.gain_map and photo.format != "JPEG",
        Part.DEPTH_MAP: photo.depth_map,
        Part.VIDEO: photo.video,
        Part.EXIF: bool(metadata.exif),
        Part.XMP: bool(metadata.xmp),
        Part.EXTENDED_XMP: metadata.extended_xmp > 0,
        Part.IPTC: bool(metadata.iptc),
        Part.DENSITY: metadata.dpi is not None and round(metadata.dpi[0]) not in _USUAL_DENSITY,
        Part.TEXTS: bool(metadata.texts),
        Part.COMMENT: bool(metadata.comment),
        Part.MAP_REFERENCE: metadata.map_reference,
    }
    parts = frozenset(part for part, there in has.items() if there)
    return Holding(parts, photo.stored_bits, photo.hdr.hdr_name if photo.hdr else "")


def keeps_bits(photo: Photo, file_format: str) -> bool:
    """Whether a photo of more than 8 bits is written with more than 8 to a format."""
    return photo.bits == 16 and file_format in FORMATS_16_BIT


def losses(
    photo: Photo, metadata: Metadata, file_format: str, keep: Keep, in_hdr: bool = False
) -> Iterator[Message]:
    """Sentences on what of a photo does not reach a file of a format, or is changed in it.

    What the person chose to leave out by ``keep`` is not told, and neither is what the conversion of
    CMYK says itself. ``in_hdr`` is whether a gain map went along: one that is damaged cannot, and none
    suits a circle.
    """
    held = holding(photo, metadata)

    def lost(part: Part) -> bool:
        return part in held.parts and FATES[part][file_format] is not Fate.KEPT

    name = _name(file_format)
    if Part.BITS in held.parts and not keeps_bits(photo, file_format):
        yield Message("{bits} bits per channel became {fewer}.", bits=held.bits, fewer=8)
    elif file_format == "HEIF" and held.bits > 10:
        yield Message("{bits} bits per channel became {fewer}.", bits=held.bits, fewer=10)
    if lost(Part.ALPHA):
        yield Message("Transparent parts were filled with the background colour.")
    if lost(Part.KEY_COLOUR):
        yield Message("The transparent colour was left out.")
    if lost(Part.FURTHER_CHANNELS):
        yield Message("The further channels (masks, spot colours) were left out.")
    if lost(Part.HDR) and file_format == "TIFF":
        yield Message(
            "HDR ({kind}) is kept as numbers, with a profile that shows it in standard range.",
            kind=held.hdr,
        )
    elif lost(Part.HDR):
        yield Message("HDR ({kind}) was converted to standard range.", kind=held.hdr)
    if photo.gain_map and not in_hdr:
        yield Message("The HDR gain map was left out: the crop is in standard range.")
    if lost(Part.DEPTH_MAP):
        yield Message("The depth map was left out: it belongs to the whole photo.")
    if lost(Part.VIDEO):
        yield Message("The video of the motion photo was left out.")
    if keep == "none":
        return
    if lost(Part.EXTENDED_XMP):
        size = max(1, round(metadata.extended_xmp / 1000))
        yield Message("The extended XMP data ({size} kB) were left out.", size=size)
    if lost(Part.IPTC):
        yield Message("The IPTC data were left out: {format} has no place for them.", format=name)
    if lost(Part.DENSITY) and not metadata.exif:
        yield Message("The density was left out: {format} has no place for it.", format=name)
    if lost(Part.TEXTS):
        yield Message(
            "The texts of the PNG were left out: {format} has no place for them.", format=name
        )
    if lost(Part.COMMENT):
        yield Message("The comment was left out: {format} has no place for it.", format=name)
    if lost(Part.MAP_REFERENCE):
        yield Message("The map reference was left out: it holds for the whole photo only.")


def _name(file_format: str) -> str:
    return {"WEBP": "WebP", "HEIF": "HEIC"}.get(file_format, file_format)


def table() -> str:
    """The table of the guide, in Markdown."""
    head = ["", *(_name(target) for target in TARGETS)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for part, fates in FATES.items():
        lines.append(f"| {part.value} | " + " | ".join(fates[t].value for t in TARGETS) + " |")
    return "\n".join(lines)
