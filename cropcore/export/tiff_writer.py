"""Writes TIFF files with the EXIF block unchanged, byte for byte.

A TIFF file and an EXIF block have the same structure, so the file begins with the block as it is;
behind it follow the pixels and a new first directory, which repeats the block's entries, their
offsets still right, and adds those of storage. No library writes 16-bit RGB with EXIF.
"""

from __future__ import annotations

import struct
import zlib
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.metadata import exif

Photometric = Literal["grey", "rgb", "cmyk"]

_PHOTOMETRIC = {"grey": 1, "rgb": 2, "cmyk": 5}
_SHORT, _LONG, _RATIONAL, _BYTE, _UNDEFINED = 3, 4, 5, 1, 7
_FORMS = {_SHORT: "H", _LONG: "I", _RATIONAL: "I"}
_DEFLATE, _HORIZONTAL, _STRAIGHT_ALPHA, _INCHES = 8, 2, 2, 2
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 282, 283, 296
_XMP, _IPTC, _ICC = 700, 33723, 34675
_STRIP_BYTES = 1 << 20
_MOST_BYTES = (1 << 32) - 1


def encode_tiff(
    pixels: NDArray[np.uint8] | NDArray[np.uint16],
    photometric: Photometric,
    *,
    icc: bytes = b"",
    exif_block: bytes = b"",
    xmp: bytes = b"",
    iptc: bytes = b"",
    dpi: tuple[float, float] | None = None,
) -> bytes:
    """A whole TIFF file, deflate with horizontal prediction.

    ``pixels`` is (h, w, c), uint8 or uint16; one channel more than ``photometric`` needs is
    straight alpha.

    Raises:
        ValueError: the file would be above 4 GB, or the EXIF block is damaged.
    """
    height, width, channels = pixels.shape
    order = ">" if exif_block[:2] == b"MM" else "<"
    file = bytearray(exif_block or b"II*\0\0\0\0\0")
    entries = {e[0]: e for e in exif.metadata_entries(exif_block)} if exif_block else {}

    def add(tag: int, kind: int, values: bytes | tuple[int, ...]) -> None:
        if isinstance(values, bytes):
            data, count = values, len(values)
        else:
            data = struct.pack(f"{order}{len(values)}{_FORMS[kind]}", *values)
            count = len(values) // 2 if kind == _RATIONAL else len(values)
        if len(data) > 4:
            data = struct.pack(order + "I", _append(file, data))
        entries[tag] = (tag, kind, count, data.ljust(4, b"\0"))

    rows = max(1, min(height, _STRIP_BYTES // (width * channels * pixels.itemsize)))
    offsets, lengths = [], []
    for y in range(0, height, rows):
        # One at a time: all strips of a large photo are as large as the file.
        strip = _strip(pixels[y : y + rows], order)
        offsets.append(_append(file, strip))
        lengths.append(len(strip))
    colours = 4 if photometric == "cmyk" else 3 if photometric == "rgb" else 1
    add(256, _LONG, (width,))
    add(257, _LONG, (height,))
    add(258, _SHORT, (8 * pixels.itemsize,) * channels)
    add(259, _SHORT, (_DEFLATE,))
    add(262, _SHORT, (_PHOTOMETRIC[photometric],))
    add(273, _LONG, tuple(offsets))
    add(277, _SHORT, (channels,))
    add(278, _LONG, (rows,))
    add(279, _LONG, tuple(lengths))
    add(284, _SHORT, (1,))
    add(317, _SHORT, (_HORIZONTAL,))
    if channels > colours:
        add(338, _SHORT, (_STRAIGHT_ALPHA,))
    if dpi and _X_RESOLUTION not in entries:
        add(_X_RESOLUTION, _RATIONAL, (round(dpi[0] * 100), 100))
        add(_Y_RESOLUTION, _RATIONAL, (round(dpi[1] * 100), 100))
        add(_RESOLUTION_UNIT, _SHORT, (_INCHES,))
    for tag, kind, data in (
        (_XMP, _BYTE, xmp),
        (_IPTC, _UNDEFINED, iptc),
        (_ICC, _UNDEFINED, icc),
    ):
        if data:
            add(tag, kind, data)
    directory = struct.pack(order + "H", len(entries))
    for tag, kind, count, value in sorted(entries.values()):
        directory += struct.pack(order + "HHI", tag, kind, count) + value
    struct.pack_into(order + "I", file, 4, _append(file, directory + bytes(4)))
    return bytes(file)


def _append(file: bytearray, data: bytes) -> int:
    """Add data at an even place, which is returned."""
    file += bytes(len(file) % 2)
    at = len(file)
    if at + len(data) > _MOST_BYTES:
        raise ValueError("a TIFF holds at most 4 GB")
    file += data
    return at


def _strip(pixels: NDArray[np.uint8] | NDArray[np.uint16], order: str) -> bytes:
    differences = pixels.copy()
    differences[:, 1:] -= pixels[:, :-1]
    kind = f"{order}u{differences.itemsize}"
    return zlib.compress(differences.astype(kind).tobytes(), 6)
