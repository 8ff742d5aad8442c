"""Finds what may be a picture of the scene in a camera maker's note, so that a crop does not carry it.

A note has a layout of the maker's own. Those that are a directory like EXIF's are read entry by entry, and
large values of plain bytes count as pictures; in what cannot be read everything does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_LEAST = 1000
"""A value of so many bytes may be a picture: 44 x 30 grey pixels are 1320."""
_MOST_ENTRIES = 1000
_BYTES = (1, 6, 7)
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_JPEG = b"\xff\xd8\xff"

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How notes with a prefix are laid out: where the directory is, and from where offsets count.

    ``base`` of None is the start of the EXIF block, else a place in the note.
    """

    prefix: bytes
    directory: int
    base: int | None


_LAYOUTS = (
    _Layout(b"Nikon\0\x02", 18, 10),
    _Layout(b"Nikon\0\x01", 8, None),
    _Layout(b"SONY", 12, None),
    _Layout(b"OLYMPUS\0", 12, 0),
    _Layout(b"OM SYSTEM\0", 16, 0),
    _Layout(b"OLYMP\0", 8, None),
    _Layout(b"FUJIFILM", 12, 0),
    _Layout(b"Panasonic\0", 12, None),
    _Layout(b"AOC\0", 6, None),
    _Layout(b"PENTAX \0", 10, 0),
    _Layout(b"Apple iOS\0", 14, 0),
    _Layout(b"QVC\0", 6, None),
    _Layout(b"LEICA", 8, None),
    _Layout(b"SIGMA\0\0\0", 10, None),
    _Layout(b"", 0, None),
)


def pictures(note: bytes, place: int, order: str) -> list[_Span]:
    """Spans of the EXIF block, start and stop, that may hold a picture.

    Args:
        note: the value of the entry MakerNote.
        place: where it begins in the block.
        order: the block's byte order, ``<`` or ``>``.
    """
    if len(note) < _LEAST:
        return []
    values = _values(note, place, order)
    if values is None:
        return [(place, place + len(note))]
    return [*values, *((place + a, place + b) for a, b in _jpegs(note))]


def _values(note: bytes, place: int, order: str) -> list[_Span] | None:
    """Large values of bytes in a note's directory; None where there is none that makes sense."""
    layout = next(known for known in _LAYOUTS if note.startswith(known.prefix))
    for letter in (order, "<" if order == ">" else ">"):
        entries = list(_entries(note, layout.directory, letter))
        if not entries:
            continue
        base = 0 if layout.base is None else place + layout.base
        found = []
        for kind, count, value in entries:
            size = _SIZES[kind] * count
            if kind in _BYTES and size >= _LEAST:
                found.append((base + value, base + value + size))
        return found
    return None


def _entries(note: bytes, at: int, order: str) -> Iterator[tuple[int, int, int]]:
    """Type, count and offset of each entry of a directory; nothing where it is none."""
    if at + 2 > len(note):
        return
    (count,) = struct.unpack_from(order + "H", note, at)
    if not 0 < count <= _MOST_ENTRIES or at + 2 + 12 * count > len(note):
        return
    found = [struct.unpack_from(order + "HII", note, at + 2 + 12 * i + 2) for i in range(count)]
    if all(kind in _SIZES for kind, _, _ in found):
        yield from found


def _jpegs(note: bytes) -> Iterator[_Span]:
    """From the start of each JPEG to its end, or to that of the note where it has none."""
    at = note.find(_JPEG)
    while at >= 0:
        stop = note.find(b"\xff\xd9", at)
        stop = len(note) if stop < 0 else stop + 2
        yield at, stop
        at = note.find(_JPEG, stop)
