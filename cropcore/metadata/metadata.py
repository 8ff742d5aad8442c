"""Metadata of a photo (EXIF, XMP, IPTC, ICC): read, updated after a crop, passed on to exports."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from PIL import Image, PngImagePlugin

from cropcore import __version__
from cropcore.errors import MetadataLimitError
from cropcore.files.photo_scan import is_raw_name, reads_raw
from cropcore.images.photo_file import left_out, opened, read_bytes
from cropcore.images.png_chunks import EXIF_LOST, XMP_LOST
from cropcore.images.raw import raw_preview_bytes, read_raw_header
from cropcore.messages import Message
from cropcore.metadata import big_tiff, exif, iptc, xmp

Keep = Literal["all", "no-location", "none"]

SOFTWARE = f"Cropsight {__version__}"
"""What exported files say of the program that made them."""

_EXIF_PREFIX = b"Exif\0\0"
_JPEG_SEGMENT = 65533
_XMP_HEADER = len("http://ns.adobe.com/xap/1.0/\0")
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENSION_HEADER = len(_EXTENSION) + 32 + 8
_IPTC_TAG = 33723
_PNG_XMP = "XML:com.adobe.xmp"
_PNG_RAW_EXIF = "Raw profile type exif"
_PNG_IPTC = "Raw profile type iptc"


@dataclass(frozen=True, slots=True)
class Metadata:
    """A photo's metadata, format by format the same.

    ``exif`` is a TIFF structure without prefix, ``xmp`` a packet, ``iptc`` data sets; each is empty
    where there is none. ``dpi`` is dots per inch across and down. ``texts`` are a PNG's own,
    ``comment`` is a JPEG's. ``lost`` are sentences on what was too much to be read. ``extended_xmp`` are
    the bytes of XMP that a JPEG has beyond its packet, and ``map_reference`` is whether the pixels are
    placed on a map; neither goes along.
    """

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    dpi: tuple[float, float] | None = None
    comment: bytes = b""
    texts: dict[str, str] = field(default_factory=dict)
    lost: tuple[Message, ...] = ()
    extended_xmp: int = 0
    map_reference: bool = False

    @property
    def taken(self) -> str:
        """The day the photo was taken, ``YYYY-MM-DD``; an empty text where unknown."""
        day = exif.taken(self.exif)[:10].replace(":", "-") if self.exif else ""
        return day if day.replace("-", "").isdigit() and len(day) == 10 else ""


def read_metadata(path: Path) -> Metadata:
    """Read a photo's metadata; parts that are damaged or too large are left out.

    Raises:
        PhotoError: the file cannot be read.
    """
    if is_raw_name(path.name) and reads_raw():
        return Metadata(exif=_raw_exif(path))
    with opened(path) as image:
        info = image.info
        texts = _texts(info) if image.format == "PNG" else {}
        found = Metadata(
            exif=_exif(info),
            xmp=_bytes(info.get("xmp")),
            iptc=iptc.from_resources(info.get("photoshop"))
            or iptc.from_png_profile(info.get(_PNG_IPTC)),
            dpi=_dpi(info),
            comment=_bytes(info.get("comment")) if image.format in ("JPEG", "MPO") else b"",
            texts=texts,
            lost=left_out(image),
            extended_xmp=_extended_xmp(image),
        )
        if image.format != "TIFF":
            return replace(found, map_reference=exif.is_georeferenced(found.exif))
    file = read_bytes(path)
    try:
        file = big_tiff.as_classic(file) if big_tiff.is_big(file) else file
        block = exif.extracted(file)
    except MetadataLimitError:
        block, found = b"", replace(found, lost=(*found.lost, EXIF_LOST))
    except ValueError:
        block = b""
    return replace(
        found,
        exif=block,
        iptc=exif.tag_bytes(file, _IPTC_TAG) if block else b"",
        map_reference=exif.is_georeferenced(file),
    )


def revised_metadata(
    metadata: Metadata,
    width: int,
    height: int,
    keep: Keep,
    orientation: int = 1,
    keep_taken: bool = False,
    made: datetime | None = None,
) -> tuple[Metadata, tuple[Message, ...]]:
    """The metadata of a crop of ``width`` x ``height`` stored pixels, and warnings for the person.

    An ``orientation`` other than 1 is told whatever ``keep`` says, and so is with ``keep_taken`` when the
    photo was taken. With the time at which the crop was ``made``, EXIF and XMP that there are say so, and by
    what program.
    """
    when = exif.taken(metadata.exif) if keep_taken else ""
    least = exif.small_block(orientation, when) if orientation != 1 or when else b""
    if keep == "none":
        return Metadata(exif=least), ()
    location = keep == "all"
    warnings = list(metadata.lost)
    block = packet = b""
    if metadata.exif:
        try:
            block = exif.revised_exif(metadata.exif, width, height, location, orientation)
            if made is not None:
                block = _stamped(block, made)
        except MetadataLimitError:
            warnings.append(EXIF_LOST)
        except ValueError:
            warnings.append(Message("The EXIF data were damaged and are left out."))
    if metadata.xmp:
        try:
            software = SOFTWARE if made is not None else ""
            packet = xmp.revised_xmp(
                metadata.xmp, width, height, location, orientation, software, made
            )
        except MetadataLimitError:
            warnings.append(XMP_LOST)
        except ValueError:
            warnings.append(Message("The XMP data were damaged and are left out."))
    captions = metadata.iptc if location else iptc.without_places(metadata.iptc)
    texts = {k: v for k, v in metadata.texts.items() if location or not xmp.names_a_place(k)}
    found = replace(metadata, exif=block or least, xmp=packet, iptc=captions, texts=texts)
    return found, tuple(warnings)


def for_print(metadata: Metadata, ppi: float) -> Metadata:
    """The metadata of a picture that is printed at so many pixels per inch."""
    block = exif.without_resolution(metadata.exif) if metadata.exif else b""
    return replace(metadata, dpi=(ppi, ppi), exif=block)


def save_arguments(
    metadata: Metadata, file_format: str
) -> tuple[dict[str, Any], tuple[Message, ...]]:
    """Arguments for Pillow's ``save`` in a format (not TIFF), and warnings for the person."""
    arguments: dict[str, Any] = {}
    warnings = []
    if metadata.exif:
        # Where Pillow finds the tag in an AVIF's block it rewrites the whole block.
        avif = file_format == "AVIF"
        block = exif.without_orientation(metadata.exif) if avif else metadata.exif
        arguments["exif"] = _EXIF_PREFIX + block
    if metadata.xmp:
        arguments["xmp"] = metadata.xmp
    if file_format in ("JPEG", "PNG") and metadata.dpi:
        arguments["dpi"] = metadata.dpi
    if file_format == "PNG":
        arguments["pnginfo"] = _png_info(metadata)
        arguments.pop("xmp", None)
    if file_format == "JPEG":
        if len(arguments.get("exif", b"")) > _JPEG_SEGMENT:
            del arguments["exif"]
            warnings.append(Message("The EXIF data are too large for a JPEG and are left out."))
        if len(metadata.xmp) + _XMP_HEADER > _JPEG_SEGMENT:
            del arguments["xmp"]
            warnings.append(Message("The XMP data are too large for a JPEG and are left out."))
        if metadata.comment:
            arguments["comment"] = metadata.comment
        if metadata.iptc:
            arguments["extra"] = iptc.jpeg_segment(metadata.iptc)
            if not arguments["extra"]:
                warnings.append(Message("The IPTC data are too large for a JPEG and are left out."))
    return arguments, tuple(warnings)


def _stamped(block: bytes, made: datetime) -> bytes:
    stamped = exif.stamped(block, SOFTWARE, made)
    # A block that just fits into a JPEG must not be lost for two tags.
    largest = _JPEG_SEGMENT - len(_EXIF_PREFIX)
    return block if len(block) <= largest < len(stamped) else stamped


def _extended_xmp(image: Image.Image) -> int:
    """Bytes of extended XMP (XMP part 3, 1.1.3.1) in a JPEG's segments."""
    segments = getattr(image, "applist", ())
    return sum(
        len(data) - _EXTENSION_HEADER
        for name, data in segments
        if name == "APP1" and data.startswith(_EXTENSION)
    )


def _exif(info: dict[Any, Any]) -> bytes:
    block = _bytes(info.get("exif"))
    if not block and isinstance(raw := info.get(_PNG_RAW_EXIF), str):
        try:
            block = bytes.fromhex("".join(raw.split("\n")[3:]))
        except ValueError:
            block = b""
    return block.removeprefix(_EXIF_PREFIX)


def _raw_exif(path: Path) -> bytes:
    """The EXIF data of a raw file, or of its preview where the file is of no TIFF's kind."""
    file = read_bytes(path)
    try:
        if file[:2] in (b"II", b"MM") and (block := exif.extracted(_as_tiff(file), raw=True)):
            return block
        with Image.open(io.BytesIO(raw_preview_bytes(path)), formats=["JPEG"]) as image:
            return _exif(image.info)
    except (OSError, ValueError):
        return b""


def _as_tiff(file: bytes) -> bytes:
    """A raw file with a TIFF's number, which some makers replace by their own."""
    return file[:2] + (b"*\0" if file[:2] == b"II" else b"\0*") + file[4:]


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else b""


def _dpi(info: dict[Any, Any]) -> tuple[float, float] | None:
    try:
        across, down = (float(v) for v in info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 1e5 and 1 <= down <= 1e5 else None


def _texts(info: dict[Any, Any]) -> dict[str, str]:
    return {
        key: str(value)
        for key, value in info.items()
        if isinstance(key, str)
        and isinstance(value, str)
        and key != _PNG_XMP
        and not key.startswith("Raw profile type")
    }


def _png_info(metadata: Metadata) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, text in metadata.texts.items():
        try:
            text.encode("latin-1")
            info.add_text(key, text)
        except UnicodeEncodeError:
            info.add_itxt(key, text)
    if metadata.xmp:
        info.add_itxt(_PNG_XMP, metadata.xmp.decode("utf-8", "replace"))
    if metadata.iptc:
        info.add_text(_PNG_IPTC, iptc.png_profile(metadata.iptc), zip=True)
    return info


_EXIF_IFD, _TAKEN = 0x8769, 0x9003


def time_taken(path: Path) -> str:
    """When a photo was taken, ``YYYY:MM:DD HH:MM:SS`` as EXIF writes it; empty where it is not told.

    Raises:
        PhotoError: the file cannot be read.
    """
    if is_raw_name(path.name) and reads_raw():
        return read_raw_header(path).taken
    with opened(path) as image:
        if image.format == "PNG" and "exif" not in image.info:
            return ""  # getexif would decode the whole photo in search of it
        block = image.getexif()
        value = block.get_ifd(_EXIF_IFD).get(_TAKEN, "") if block else ""
    text = str(value).strip("\0 ")
    return text if text[:4].isdigit() and text[:4] != "0000" else ""
