"""Finds the pictures that a JPEG file holds behind its first one, and writes the index of them.

The index is an APP2 segment by CIPA DC-007, Multi-Picture Format: places of the further pictures, counted
from the segment's own header.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from cropcore.files import limits
from cropcore.images.spliced_file import Span

APP1, APP2 = 0xE1, 0xE2
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
ISO_GAIN_MAP = b"urn:iso:std:iso:ts:21496:-1\0"
_GAIN_MAP_SPACES = (
    b"http://ns.adobe.com/hdr-gain-map/1.0/",
    b"http://ns.apple.com/HDRGainMap/1.0/",
)
_INDEX = b"MPF\0"
_VERSION, _NUMBER, _ENTRIES = 0xB000, 0xB001, 0xB002
_UNDEFINED, _LONG = 7, 4
_ENTRY = 16
_PRIMARY = 0x030000
"""The attributes of a picture that is the file's own, a JPEG; those of a further one are zero."""
_START = b"\xff\xd8"
_SCAN, _END = 0xDA, 0xD9
_MOST_SEGMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a JPEG: its marker, where its first byte lies, and what it holds."""

    marker: int
    place: int
    data: bytes

    @property
    def stop(self) -> int:
        """Where the next one begins."""
        return self.place + 4 + len(self.data)


def segments(file: BinaryIO, at: int = 0) -> Iterator[Segment]:
    """The segments of the JPEG at a place of a file, up to its pixels; none where there is no JPEG."""
    file.seek(at)
    if file.read(2) != _START:
        return
    at += 2
    for _ in range(_MOST_SEGMENTS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4 or head[0] != 0xFF or head[1] in (_SCAN, _END):
            return
        if head[1] == 0xFF:  # fill
            at += 1
            continue
        size = int.from_bytes(head[2:], "big") - 2
        data = file.read(max(0, size))
        if size < 0 or len(data) < size:
            return
        segment = Segment(head[1], at, data)
        yield segment
        at = segment.stop


def further_pictures(file: BinaryIO) -> list[Span]:
    """Where the pictures behind a JPEG's first one begin and end; damage costs those that it hides.

    The file's place is left as it was.
    """
    before = file.tell()
    try:
        index = _index(segments(file))
        if index is None:
            return []
        size = file.seek(0, os.SEEK_END)
        base, order, at = index.base, index.order, index.entries
        found = []
        for place in range(1, min(index.count, limits.PICTURES + 1)):
            length, offset = struct.unpack_from(f"{order}II", index.data, at + _ENTRY * place + 4)
            span = base + offset, base + offset + length
            if offset and span[0] < span[1] <= size:
                found.append(span)
        return found
    except (struct.error, IndexError):
        return []
    finally:
        file.seek(before)


def gain_map_span(file: BinaryIO) -> Span | None:
    """Where the gain map of a JPEG lies in its file; None where there is none."""
    before = file.tell()
    try:
        return next((s for s in further_pictures(file) if _is_gain_map(file, s)), None)
    finally:
        file.seek(before)


def _is_gain_map(file: BinaryIO, span: Span) -> bool:
    return any(
        (s.marker == APP2 and s.data.startswith(ISO_GAIN_MAP))
        or (s.marker == APP1 and any(space in s.data for space in _GAIN_MAP_SPACES))
        for s in segments(file, span[0])
        if s.stop <= span[1]
    )


def with_pictures(jpeg: bytes, others: list[bytes]) -> bytes:
    """A JPEG with further ones behind it, and the index of them; it must have none yet."""
    count = 1 + len(others)
    entries_at = 8 + 2 + 3 * 12 + 4
    size = 4 + len(_INDEX) + entries_at + _ENTRY * count
    place = max((s.stop for s in segments(io.BytesIO(jpeg)) if s.marker & 0xF0 == 0xE0), default=2)
    primary = len(jpeg) + size
    header = place + 4 + len(_INDEX)
    index = b"II*\0" + struct.pack("<IH", 8, 3)
    index += struct.pack("<HHI4s", _VERSION, _UNDEFINED, 4, b"0100")
    index += struct.pack("<HHII", _NUMBER, _LONG, 1, count)
    index += struct.pack("<HHII", _ENTRIES, _UNDEFINED, _ENTRY * count, entries_at) + bytes(4)
    index += struct.pack("<IIIHH", _PRIMARY, primary, 0, 0, 0)
    at = primary
    for other in others:
        index += struct.pack("<IIIHH", 0, len(other), at - header, 0, 0)
        at += len(other)
    segment = struct.pack(">BBH", 0xFF, APP2, size - 2) + _INDEX + index
    return jpeg[:place] + segment + jpeg[place:] + b"".join(others)


def with_moved_pictures(jpeg: bytes, place: int, by: int) -> bytes:
    """A JPEG in whose head ``by`` bytes were put in at a ``place``, its index of pictures set right.

    A negative number of bytes was taken out there. A file without an index comes back as it is.
    """
    index = _index(segments(io.BytesIO(jpeg)))
    if index is None:
        return jpeg
    out, order = bytearray(jpeg), index.order
    try:
        for number in range(index.count):
            at = index.base + index.entries + _ENTRY * number
            length, offset = struct.unpack_from(f"{order}II", out, at + 4)
            if number == 0:
                struct.pack_into(order + "I", out, at + 4, length + by)
            elif offset and index.base <= place:
                struct.pack_into(order + "I", out, at + 8, offset + by)
    except struct.error:
        return jpeg
    return bytes(out)


@dataclass(frozen=True, slots=True)
class _Index:
    """The content of an index, where it lies in the file, and where in it its entries begin."""

    data: bytes
    base: int
    order: str
    entries: int
    count: int


def _index(found: Iterator[Segment]) -> _Index | None:
    """The index among segments; None where there is none that can be read."""
    segment = next((s for s in found if s.marker == APP2 and s.data.startswith(_INDEX)), None)
    if segment is None:
        return None
    data, base = segment.data[len(_INDEX) :], segment.place + 4 + len(_INDEX)
    order = "<" if data.startswith(b"II") else ">"
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        (tags,) = struct.unpack_from(order + "H", data, at)
        for place in range(at + 2, at + 2 + 12 * tags, 12):
            tag, _, size, value = struct.unpack_from(order + "HHII", data, place)
            if tag == _ENTRIES and value + size <= len(data):
                return _Index(data, base, order, value, size // _ENTRY)
    except struct.error:
        pass
    return None
