"""Rewrites the metadata of a BigTIFF, whose places have 64 bits, as a classic TIFF structure."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cropcore.errors import MetadataLimitError
from cropcore.files import limits

_LINKS = (0x8769, 0x8825, 0xA005)
# Where the pixels are, further pictures, and what travels on its own: XMP, Photoshop's data, profile.
_LEFT_OUT = {273, 279, 288, 289, 324, 325, 330, 347, 700, 34377, 34675, 37724}
_SIZES = {
    **{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4},
    **{16: 8, 17: 8, 18: 8},
}
_LONG = 4
_WIDE = {16: (_LONG, "Q", "I"), 17: (9, "q", "i"), 18: (13, "Q", "I")}
"""Types of 64 bits: the classic one in their place, and the letters of both."""
_MOST_ENTRIES = 2000


def is_big(tiff: bytes) -> bool:
    """Whether a file is a BigTIFF."""
    return tiff[:4] in (b"II+\0", b"MM\0+")


def as_classic(tiff: bytes) -> bytes:
    """The first directory of a BigTIFF, with those of EXIF, GPS and interoperability, as a classic TIFF.

    Entries that say where pixels lie are left out.

    Raises:
        MetadataLimitError: they are too large, or lead about without end.
        ValueError: a directory is damaged.
    """
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(order + "Q", tiff, 8)
        out = bytearray(tiff[:2] + struct.pack(order + "HI", 42, 8))
        _copy(tiff, order, first, out, {first})
        return bytes(out)
    except (struct.error, OverflowError) as e:
        raise ValueError("damaged directory of a BigTIFF") from e


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes


def _copy(tiff: bytes, order: str, directory: int, out: bytearray, seen: set[int]) -> None:
    entries = list(_entries(tiff, order, directory))
    start = len(out)
    out += struct.pack(order + "H", len(entries)) + bytes(12 * len(entries) + 4)
    for i, entry in enumerate(entries):
        kind, count, value = entry.kind, entry.count, entry.value
        if entry.tag in _LINKS:
            link = int.from_bytes(value, "little" if order == "<" else "big")
            if link in seen or len(seen) > len(_LINKS):
                raise MetadataLimitError("directories of a BigTIFF that lead about in themselves")
            seen.add(link)
            kind, count, value = _LONG, 1, struct.pack(order + "I", len(out))
            _copy(tiff, order, link, out, seen)
        elif len(value) > 4:
            at = len(out)
            out += value + bytes(len(value) % 2)
            if len(out) > limits.EXIF_BYTES:
                raise MetadataLimitError("large metadata of a BigTIFF")
            value = struct.pack(order + "I", at)
        place = start + 2 + 12 * i
        head = struct.pack(order + "HHI", entry.tag, kind, count)
        out[place : place + 12] = head + value.ljust(4, b"\0")


def _entries(tiff: bytes, order: str, directory: int) -> Iterator[_Entry]:
    (number,) = struct.unpack_from(order + "Q", tiff, directory)
    if number > _MOST_ENTRIES:
        raise ValueError("damaged directory of a BigTIFF")
    for at in range(directory + 8, directory + 8 + 20 * number, 20):
        tag, kind, count = struct.unpack_from(order + "HHQ", tiff, at)
        size = _SIZES.get(kind, 0) * count
        if tag in _LEFT_OUT or not size:
            continue
        place = at + 12 if size <= 8 else struct.unpack_from(order + "Q", tiff, at + 12)[0]
        if size > limits.EXIF_BYTES:
            raise MetadataLimitError("large metadata of a BigTIFF")
        value = tiff[place : place + size]
        if len(value) < size:
            continue
        if kind in _WIDE:
            kind, wide, narrow = _WIDE[kind]
            numbers = struct.unpack(f"{order}{count}{wide}", value)
            value = struct.pack(f"{order}{count}{narrow}", *numbers)
        yield _Entry(tag, kind, count, value)
