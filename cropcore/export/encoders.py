"""Encoders of the export formats: pixels, ICC profile and metadata to the bytes of a file."""

from __future__ import annotations

import errno
import io
import itertools
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from cropcore.export.tiff_writer import Photometric, encode_tiff
from cropcore.images.colour_tags import Cicp
from cropcore.images.sixteen_bit import Pixels16
from cropcore.messages import Message
from cropcore.metadata import metadata as meta
from cropcore.metadata.metadata import Metadata

# What each format can hold of the five modes; the longest side it can have.
MODES = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("L", "LA", "RGB", "RGBA"),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("L", "LA", "RGB", "RGBA", "CMYK"),
    "AVIF": ("RGB", "RGBA"),
    "HEIF": ("RGB", "RGBA"),
}
LONGEST_SIDE = {"JPEG": 65_500, "WEBP": 16_383, "AVIF": 65_536, "HEIF": 16_384}
FORMATS_16_BIT = ("PNG", "TIFF", "HEIF")
"""The formats with more than 8 bits per channel: 16, or 10 in HEIF."""
HDR_FORMATS = ("PNG", "HEIF")
"""The formats that say PQ or HLG by code points."""

_LOSSLESS = 100
# Markers of a JPEG: how it is coded (tables, frames, Adobe's colours), JFIF, and the pixels.
_CODED = {*range(0xC0, 0xD0), 0xDB, 0xDD, 0xEE}
_JFIF, _SCAN = 0xE0, 0xDA
_FINE_CHROMA = 90
_FINEST_CHROMA = 96
# The usual 6 takes three times as long on photos and saves five per cent.
_DEFLATE_LEVEL = 4
_PNG_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_YCC_OF_PRIMARIES = {1: 1, 9: 9}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


# A full folder for temporary files says nothing of the place that the crop goes to.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to encode: Pillow's format name, quality 1-100, profile, metadata.

    ``sampling`` is the source JPEG's chroma subsampling as Pillow numbers it (0 is 4:4:4, 1 4:2:2,
    2 4:2:0) and ``progressive`` whether it was so; both are kept from JPEG to JPEG. ``hdr`` are the code
    points of the pixels, for one of ``HDR_FORMATS``. ``tables`` are the source JPEG's quantisation tables,
    which take the place of the quality.
    """

    format: str
    quality: int
    icc: bytes | None
    metadata: Metadata
    sampling: int | None = None
    progressive: bool = False
    hdr: Cicp | None = None
    tables: dict[int, list[int]] | None = None


def encode(pixels: Image.Image | Pixels16, how: Encoding) -> tuple[bytes, tuple[Message, ...]]:
    """The bytes of the file and warnings for the person.

    An image is in one of the format's ``MODES``; 16-bit arrays go to PNG, TIFF and HEIF (as 10 bits) alone.

    Raises:
        Exception: whatever the format's encoder raises.
    """
    if how.format == "TIFF":
        return _tiff(pixels, how), ()
    if isinstance(pixels, Image.Image):
        return _with_pillow(pixels, how)
    if how.format == "HEIF":
        return _heif_10_bit(pixels, how)
    return _png_16_bit(pixels, how)


def _with_pillow(image: Image.Image, how: Encoding) -> tuple[bytes, tuple[Message, ...]]:
    arguments, warnings = meta.save_arguments(how.metadata, how.format)
    if how.icc:
        arguments["icc_profile"] = how.icc
    arguments |= _settings(image.mode, how)
    if how.hdr and how.format == "PNG":
        points = how.hdr
        numbers = (points.primaries, points.transfer, 0, points.full_range)
        arguments["pnginfo"].add(b"cICP", bytes(numbers))
    try:
        # Into a real file Pillow encodes without holding the interpreter, which a window needs.
        with tempfile.TemporaryFile() as file:
            image.save(file, how.format, **arguments)
            file.seek(0)
            return file.read(), warnings
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
    buffer = io.BytesIO()
    image.save(buffer, how.format, **arguments)
    return buffer.getvalue(), warnings


def with_segments(jpeg: bytes, mode: str, how: Encoding) -> tuple[bytes, tuple[Message, ...]]:
    """A JPEG that has no metadata, with those of ``how`` and its profile; and warnings for the person.

    Pillow writes them around a small picture of the ``mode``; what codes the pixels stays the JPEG's own.
    """
    frame, warnings = _with_pillow(Image.new(mode, (8, 8)), replace(how, tables=None))
    wanted = [part for kind, part in _segments(frame) if kind not in _CODED]
    if not any(kind == _JFIF for kind, _ in _segments(jpeg)):
        wanted = [part for part in wanted if part[1] != _JFIF]
    leading = itertools.takewhile(lambda part: part[0] == _JFIF, _segments(jpeg))
    dropped = sum(len(part) for _, part in leading)
    return jpeg[:2] + b"".join(wanted) + jpeg[2 + dropped :], warnings


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG up to its pixels: each one's marker and bytes."""
    at = 2
    while jpeg[at + 1] != _SCAN:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        yield jpeg[at + 1], jpeg[at:end]
        at = end


def _settings(mode: str, how: Encoding) -> dict[str, Any]:
    fine = how.quality >= _FINE_CHROMA
    match how.format:
        case "JPEG":
            default = 0 if fine else 2
            kept = how.sampling if how.sampling in (0, 1, 2) else default
            return {
                **({"qtables": how.tables} if how.tables else {"quality": how.quality}),
                "optimize": True,
                "progressive": how.progressive,
                **({"subsampling": kept} if mode == "RGB" else {}),
            }
        case "WEBP":
            lossless = how.quality == _LOSSLESS
            # In lossless mode the quality is the effort; 100 costs minutes for one per cent.
            return {
                "quality": 80 if lossless else how.quality,
                "lossless": lossless,
                "exact": lossless,
                "method": 4,
            }
        case "AVIF":
            return {"quality": how.quality, "subsampling": "4:4:4" if fine else "4:2:0", "speed": 7}
        case "HEIF":
            return {
                "quality": _heif_quality(how.quality),
                "chroma": 444 if how.quality >= _FINEST_CHROMA else 420,
                # x265's own default, slow, takes 2.4 times as long for files of the same size.
                "enc_params": {"preset": "fast"},
                **_code_points(how.hdr),
            }
        case "PNG":
            return {"compress_level": _DEFLATE_LEVEL}
        case _:
            return {}


def _heif_quality(quality: int) -> int:
    """x265's quality that looks like a JPEG's of a number: 92 is 76, 80 is 40; 100 stays.

    Taken as it is, 92 would make files three times as large as a phone's.
    """
    return max(1, 3 * quality - 200 if quality >= 80 else quality // 2)


def _code_points(hdr: Cicp | None) -> dict[str, int]:
    """What pillow_heif is told of the code points of HDR; nothing for standard range."""
    if hdr is None:
        return {}
    matrix = hdr.matrix or _YCC_OF_PRIMARIES.get(hdr.primaries, 6)
    return {
        "color_primaries": hdr.primaries,
        "transfer_characteristics": hdr.transfer,
        "matrix_coefficients": matrix,
        "full_range_flag": int(hdr.full_range),
    }


def _heif_10_bit(pixels: Pixels16, how: Encoding) -> tuple[bytes, tuple[Message, ...]]:
    """A HEIC of 10 bits per channel."""
    import pillow_heif

    height, width, channels = pixels.shape
    if channels < 3:
        pixels = pixels[..., [0, 0, 0, 1][: channels + 2]]
    mode = "RGB;16" if channels in (1, 3) else "RGBA;16"
    image = pillow_heif.from_bytes(mode, (width, height), np.ascontiguousarray(pixels).tobytes())
    arguments, warnings = meta.save_arguments(how.metadata, how.format)
    if how.icc:
        image.info["icc_profile"] = how.icc
        image.info["icc_profile_type"] = "prof"
    buffer = io.BytesIO()
    image.save(buffer, **arguments, **_settings("RGB", how))
    return buffer.getvalue(), warnings


def _tiff(pixels: Image.Image | Pixels16, how: Encoding) -> bytes:
    array = np.asarray(pixels)
    if array.ndim == 2:
        array = array[..., None]
    cmyk = isinstance(pixels, Image.Image) and pixels.mode == "CMYK"
    colours: Photometric = "cmyk" if cmyk else "rgb" if array.shape[2] >= 3 else "grey"
    return encode_tiff(
        array,
        colours,
        icc=how.icc or b"",
        exif_block=how.metadata.exif,
        xmp=how.metadata.xmp,
        iptc=how.metadata.iptc,
        dpi=how.metadata.dpi,
    )


def _png_16_bit(pixels: Pixels16, how: Encoding) -> tuple[bytes, tuple[Message, ...]]:
    """A 16-bit PNG: Pillow writes its metadata around a single pixel, which is then exchanged."""
    height, width, channels = pixels.shape
    mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
    frame, warnings = _with_pillow(Image.new(mode, (1, 1)), replace(how, format="PNG"))
    header = struct.pack(">IIBBBBB", width, height, 16, _PNG_COLOUR_TYPES[channels], 0, 0, 0)
    file = bytearray(_PNG_SIGNATURE)
    for name, data in _chunks(frame):
        match name:
            case b"IHDR":
                file += _chunk(name, header)
            case b"IDAT":
                file += _chunk(name, _filtered(pixels))
            case _:
                file += _chunk(name, data)
    return bytes(file), warnings


def _filtered(pixels: Pixels16) -> bytes:
    """Rows as differences from the row above, which suits photos, compressed."""
    height, width, channels = pixels.shape
    values = np.frombuffer(pixels.astype(">u2").tobytes(), np.uint8)
    rows = values.reshape(height, width * channels * 2)
    out = np.empty((height, rows.shape[1] + 1), np.uint8)
    out[:, 0] = 2
    out[0, 1:] = rows[0]
    out[1:, 1:] = rows[1:] - rows[:-1]
    return zlib.compress(out.data, _DEFLATE_LEVEL)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
