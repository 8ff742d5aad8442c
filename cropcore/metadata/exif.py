"""Updates an EXIF block after a crop, changing only the bytes that must change.

A block is a TIFF structure (no ``Exif\\0\\0`` in front). Rewriting it through a parser would lose
text that is not ASCII and break the camera maker's notes, which point at places in the block; so
values are changed where they stand, and what has to go is overwritten with zeros.
"""

from __future__ import annotations

import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime

from cropcore.errors import MetadataLimitError
from cropcore.files import limits
from cropcore.metadata import maker_notes

_IMAGE_WIDTH, _IMAGE_LENGTH, _ORIENTATION = 0x0100, 0x0101, 0x0112
_STRIP_OFFSETS, _STRIP_LENGTHS, _JPEG_OFFSET, _JPEG_LENGTH = 0x0111, 0x0117, 0x0201, 0x0202
_EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 0x8769, 0x8825, 0xA005
_TAKEN, _MAKER_NOTE, _PIXEL_X, _PIXEL_Y = 0x9003, 0x927C, 0xA002, 0xA003
_SUBJECT_AREA, _SUBJECT_LOCATION = 0x9214, 0xA214
_RESOLUTION = (282, 283, 296)
_SOFTWARE, _CHANGED, _CHANGED_ZONE, _CHANGED_SUBSECOND = 0x0131, 0x0132, 0x9010, 0x9290
_ASCII, _SHORT, _LONG = 2, 3, 4
# Markers of a JPEG: the first one that begins a segment with a length, and that before the pixels.
_FIRST_SEGMENT, _SCAN = 0xC0, 0xDA
_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST_ENTRIES = 2000
# Tags of a TIFF that say how its pixels are stored, or hold what travels on its own (XMP, IPTC,
# Photoshop's resources, ICC, layers, further images); the rest of its directory is metadata.
_STORAGE = {
    *range(254, 260),
    *(262, 263, 264, 265, 266, 273, 277, 278, 279, 280, 281, 284, 290, 291, 292, 293, 297, 301),
    *(317, 320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336, 337, 338, 339, 340, 341, 347),
    *range(512, 522),
    *(529, 530, 531, 532, 700, 33723, 34377, 34675, 37724, 50255),
}
# Tags of raw files: Panasonic's own, the filter array, and all of DNG's.
_SENSOR = {*range(1, 254), 33421, 33422, 37398, *range(50706, 52600)}
# Where the pixels of a whole photo lie on the Earth (GeoTIFF 1.1, and what GDAL and RPC add).
_GEO = {33550, 33922, 34264, 34735, 34736, 34737, 42112, 42113, 50844}
_LINKS = (_EXIF_IFD, _GPS_IFD, _INTEROP_IFD)

RawEntry = tuple[int, int, int, bytes]


def revised_exif(
    block: bytes, width: int, height: int, location: bool, orientation: int = 1
) -> bytes:
    """The block of a cropped photo of ``width`` x ``height`` stored pixels.

    Orientation becomes ``orientation`` and the size tags that are there get the new size. What shows the whole
    photo is wiped: the thumbnail, previews as JPEG wherever they are, and what may be a picture in the
    maker's notes (see :mod:`cropcore.metadata.maker_notes`); and so is what tells places in it, or places
    it on a map. Without ``location`` the GPS data are wiped too, and so are the maker's notes, where some
    cameras write the place. A link that leads nowhere goes, and the rest stays.

    Raises:
        MetadataLimitError: the block is too large, or leads about in it without end.
        ValueError: the block is damaged.
    """
    if len(block) > limits.EXIF_BYTES:
        raise MetadataLimitError("large EXIF block")
    try:
        return _Block(block).revised(width, height, location, orientation)
    except (struct.error, IndexError) as e:
        raise ValueError("damaged EXIF block") from e


def stamped(block: bytes, software: str, changed: datetime) -> bytes:
    """The block with the program that made the file (Software), and when (DateTime, which is ModifyDate).

    The zone of that time is told where the block has a place for it.

    Raises:
        ValueError: the block is damaged.
    """
    try:
        b = _Block(block)
        if exif := b.find(b.first, _EXIF_IFD):
            b.remove(b.number(exif), _CHANGED_SUBSECOND)
            b.put_zone(b.number(exif), changed.isoformat(timespec="seconds")[19:])
        b.put_texts({_SOFTWARE: software, _CHANGED: f"{changed:%Y:%m:%d %H:%M:%S}"})
        return bytes(b.data)
    except (struct.error, IndexError) as e:
        raise ValueError("damaged EXIF block") from e


def is_georeferenced(block: bytes) -> bool:
    """Whether the first directory of a block, or of a TIFF, places the pixels on a map."""
    try:
        b = _Block(block)
        return any(entry.tag in _GEO for entry in b.entries(b.first))
    except (struct.error, IndexError, ValueError):
        return False


def without_orientation(block: bytes) -> bytes:
    """The block without the orientation tag, which means upright.

    Raises:
        ValueError: the block is damaged.
    """
    try:
        b = _Block(block)
        b.remove(b.first, _ORIENTATION)
        return bytes(b.data)
    except (struct.error, IndexError) as e:
        raise ValueError("damaged EXIF block") from e


def without_resolution(block: bytes) -> bytes:
    """The block without what it says of pixels per inch; a damaged one as it is."""
    try:
        b = _Block(block)
        for tag in _RESOLUTION:
            b.remove(b.first, tag)
        return bytes(b.data)
    except (struct.error, IndexError, ValueError):
        return block


def orientation_of(block: bytes) -> int | None:
    """The orientation that a block tells, None where it tells none."""
    try:
        b = _Block(block)
        entry = b.find(b.first, _ORIENTATION)
        return None if entry is None else b.number(entry)
    except (struct.error, IndexError, ValueError):
        return None


def small_block(orientation: int = 1, when: str = "") -> bytes:
    """A block that tells an orientation, and when the photo was taken if that is given as EXIF writes it."""
    date = when.encode("ascii", "replace") + b"\0" if when else b""
    links = 1 + bool(date)
    second = 8 + 2 + 12 * links + 4
    out = struct.pack("<2sHIH", b"II", 42, 8, links)
    out += struct.pack("<HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    if not date:
        return out + bytes(4)
    out += struct.pack("<HHII", _EXIF_IFD, _LONG, 1, second) + bytes(4)
    out += struct.pack("<HHHII", 1, _TAKEN, _ASCII, len(date), second + 2 + 12 + 4) + bytes(4)
    return out + date


def taken(block: bytes) -> str:
    """When the photo was taken, ``YYYY:MM:DD HH:MM:SS``; an empty text where unknown."""
    try:
        b = _Block(block)
        if (exif := b.find(b.first, _EXIF_IFD)) and (entry := b.find(b.number(exif), _TAKEN)):
            raw = bytes(b.data[entry.place : entry.place + entry.size])
            return raw.rstrip(b"\0 ").decode("ascii", "replace")
    except (struct.error, IndexError, ValueError):
        pass
    return ""


def extracted(tiff: bytes, raw: bool = False) -> bytes:
    """The EXIF block of a whole TIFF file: its metadata tags, EXIF, GPS; empty for other files.

    With ``raw`` what a raw file says of its sensor and its development is left out too.

    Raises:
        MetadataLimitError: it would be too large.
        ValueError: the file's directory is damaged.
    """
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return b""
    try:
        b = _Block(tiff)
        block = bytearray(tiff[:4] + struct.pack(b.order + "I", 8))
        b.copy_directory(b.first, block, {b.first}, _STORAGE | _GEO | (_SENSOR if raw else set()))
        return bytes(block)
    except (struct.error, IndexError) as e:
        raise ValueError("damaged TIFF directory") from e


def tag_bytes(block: bytes, tag: int) -> bytes:
    """The bytes of a tag in the first directory, whatever its type; empty where it is missing."""
    try:
        b = _Block(block)
        entry = b.find(b.first, tag)
        return bytes(b.data[entry.place : entry.place + entry.size]) if entry else b""
    except (struct.error, IndexError, ValueError):
        return b""


def metadata_entries(block: bytes) -> list[RawEntry]:
    """Tag, type, count and the four value bytes of each entry that says nothing of storage.

    Offsets among the value bytes count from the block's first byte.
    """
    b = _Block(block)
    return [
        (e.tag, e.kind, e.count, bytes(b.data[e.at + 8 : e.at + 12]))
        for e in b.entries(b.first)
        if e.tag not in _STORAGE
    ]


@dataclass(frozen=True, slots=True)
class _Entry:
    at: int  # of the 12 bytes in the directory
    tag: int
    kind: int
    count: int
    place: int  # of the value
    size: int


class _Block:
    def __init__(self, block: bytes) -> None:
        self.data = bytearray(block)
        if block[:4] not in (b"II*\0", b"MM\0*"):
            raise ValueError("no EXIF block")
        self.order = "<" if block[:2] == b"II" else ">"
        self.first = self.u32(4)
        self.entries_left = limits.EXIF_ENTRIES
        self.bytes_left = limits.EXIF_WIPED

    def revised(self, width: int, height: int, location: bool, orientation: int) -> bytes:
        sizes = {_IMAGE_WIDTH: width, _IMAGE_LENGTH: height, _PIXEL_X: width, _PIXEL_Y: height}
        self.mend_links()
        directories = [self.first]
        if exif := self.find(self.first, _EXIF_IFD):
            directories.append(self.number(exif))
        for directory in directories:
            for entry in self.entries(directory):
                if entry.tag in sizes:
                    self.put(entry, sizes[entry.tag])
                elif entry.tag == _ORIENTATION:
                    self.put(entry, orientation)
            self.remove(directory, _SUBJECT_AREA)
            self.remove(directory, _SUBJECT_LOCATION)
        for tag in _GEO:
            self.remove(self.first, tag)
        for directory in directories:
            if note := self.find(directory, _MAKER_NOTE):
                value = bytes(self.data[note.place : note.place + note.size])
                for start, stop in maker_notes.pictures(value, note.place, self.order):
                    self.wipe(start, stop - start)
        if not location:
            for directory in directories:
                while gps := self.find(directory, _GPS_IFD):
                    self.wipe_directory(self.number(gps))
                    self.remove(directory, _GPS_IFD)
                self.remove(directory, _MAKER_NOTE)
        self.remove_thumbnail()
        for start, stop in _jpegs(self.data):
            self.wipe(start, stop - start)
        return bytes(self.data)

    def mend_links(self) -> None:
        """Take out what leads to no directory, or back to one that was there before."""
        link = self.end_of_entries(self.first)
        if link <= len(self.data) < link + 4:
            self.data.extend(bytes(link + 4 - len(self.data)))
        exif = self.find(self.first, _EXIF_IFD)
        seen = {self.first}
        for directory in (self.first, self.number(exif) if exif else 0):
            if not directory or not self.is_directory(directory):
                continue
            for tag in _LINKS:
                entry = self.find(directory, tag)
                if entry is None:
                    continue
                target = self.number(entry)
                if target == self.first or not self.is_directory(target):
                    self.remove(directory, tag)
                seen.add(target)
        second = self.u32(link)
        if second in seen or not self.is_directory(second):
            self.data[link : link + 4] = bytes(4)

    def is_directory(self, at: int) -> bool:
        """Whether a directory with its entries lies at a place of the block."""
        if at < 8 or at + 2 > len(self.data):
            return False
        return 0 < self.u16(at) <= _MOST_ENTRIES and self.end_of_entries(at) <= len(self.data)

    def remove_thumbnail(self) -> None:
        link = self.end_of_entries(self.first)
        second = self.u32(link)
        if not second:
            return
        start = len(self.data)
        for offsets, lengths in ((_JPEG_OFFSET, _JPEG_LENGTH), (_STRIP_OFFSETS, _STRIP_LENGTHS)):
            where, size = self.find(second, offsets), self.find(second, lengths)
            if where and size:
                for at, length in zip(self.numbers(where), self.numbers(size), strict=False):
                    self.wipe(at, length)
                    start = min(start, at)
        self.wipe_directory(second)
        self.data[link : link + 4] = bytes(4)
        # The thumbnail usually stands last; then its zeros need not be carried along.
        del self.data[max(start, self.last_used(self.first, {self.first})) :]

    def last_used(self, directory: int, seen: set[int], depth: int = 0) -> int:
        last = self.end_of_entries(directory) + 4
        for entry in self.entries(directory):
            last = max(last, entry.place + entry.size)
            if self.leads_on(entry, seen, depth):
                last = max(last, self.last_used(self.number(entry), seen, depth + 1))
        return last

    def leads_on(self, entry: _Entry, seen: set[int], depth: int) -> bool:
        """Whether an entry links to a directory that was not ``seen``, which it is from now on."""
        if entry.tag not in _LINKS or depth >= limits.EXIF_DEPTH:
            return False
        directory = self.number(entry)
        if directory in seen or not self.is_directory(directory):
            return False
        seen.add(directory)
        return True

    def entries(self, directory: int) -> Iterator[_Entry]:
        count = self.u16(directory)
        if count > _MOST_ENTRIES:
            raise ValueError("damaged EXIF block")
        self.entries_left -= count
        if self.entries_left < 0:
            raise MetadataLimitError("EXIF block that leads about in itself")
        for at in range(directory + 2, directory + 2 + 12 * count, 12):
            tag, kind, length = struct.unpack_from(self.order + "HHI", self.data, at)
            size = _TYPE_SIZES.get(kind, 1) * length
            place = at + 8 if size <= 4 else self.u32(at + 8)
            if place + size <= len(self.data):
                yield _Entry(at, tag, kind, length, place, size)

    def copy_directory(
        self,
        directory: int,
        block: bytearray,
        seen: set[int],
        dropped: Container[int] = (),
        depth: int = 0,
    ) -> None:
        """Append a directory and all that it points at to ``block``, offsets made anew."""
        kept = [
            e
            for e in self.entries(directory)
            if e.tag not in dropped and (e.tag not in _LINKS or self.leads_on(e, seen, depth))
        ]
        start = len(block)
        block += struct.pack(self.order + "H", len(kept)) + bytes(12 * len(kept) + 4)
        for i, entry in enumerate(kept):
            kind, count = entry.kind, entry.count
            value = bytes(self.data[entry.place : entry.place + entry.size])
            if entry.tag in _LINKS:
                kind, count = _LONG, 1
                value = struct.pack(self.order + "I", len(block))
                self.copy_directory(self.number(entry), block, seen, (), depth + 1)
            elif entry.size > 4:
                at = len(block)
                block += value + bytes(len(value) % 2)
                if at + entry.size > limits.EXIF_BYTES:
                    raise MetadataLimitError("large EXIF block")
                value = struct.pack(self.order + "I", at)
            head = struct.pack(self.order + "HHI", entry.tag, kind, count)
            place = start + 2 + 12 * i
            block[place : place + 12] = head + value.ljust(4, b"\0")

    def find(self, directory: int, tag: int) -> _Entry | None:
        return next((e for e in self.entries(directory) if e.tag == tag), None)

    def end_of_entries(self, directory: int) -> int:
        return directory + 2 + 12 * self.u16(directory)

    def numbers(self, entry: _Entry) -> tuple[int, ...]:
        letter = "H" if entry.kind == _SHORT else "I"
        width = 2 if entry.kind == _SHORT else 4
        count = min(entry.count, entry.size // width)
        return struct.unpack_from(f"{self.order}{count}{letter}", self.data, entry.place)

    def number(self, entry: _Entry) -> int:
        return self.numbers(entry)[0]

    def put(self, entry: _Entry, value: int) -> None:
        kind, letter = (_LONG, "I") if value > 0xFFFF or entry.kind == _LONG else (_SHORT, "H2x")
        form = f"{self.order}HHI{letter}"
        struct.pack_into(form, self.data, entry.at, entry.tag, kind, 1, value)

    def put_zone(self, directory: int, zone: str) -> None:
        """The zone of the time of change, where that is told already; else it is left untold."""
        entry, value = self.find(directory, _CHANGED_ZONE), zone.encode() + b"\0"
        if entry and zone and entry.kind == _ASCII and entry.size == len(value):
            self.data[entry.place : entry.place + entry.size] = value
        else:
            self.remove(directory, _CHANGED_ZONE)

    def put_texts(self, texts: dict[int, str]) -> None:
        """Set texts in a first directory that is made anew at the end of the block."""
        entries: dict[int, bytes] = {}
        end = self.end_of_entries(self.first)
        link = bytes(self.data[end : end + 4])
        for at in range(self.first + 2, end, 12):
            (tag,) = struct.unpack_from(self.order + "H", self.data, at)
            entries.setdefault(tag, bytes(self.data[at : at + 12]))
        for tag, text in texts.items():
            if entry := self.find(self.first, tag):
                self.wipe(entry.place, entry.size)
            value = text.encode("ascii") + b"\0"
            place = self.append(value)
            entries[tag] = struct.pack(self.order + "HHII", tag, _ASCII, len(value), place)
        self.wipe(self.first, end + 4 - self.first)
        head = struct.pack(self.order + "H", len(entries))
        self.first = self.append(head + b"".join(entries[tag] for tag in sorted(entries)) + link)
        struct.pack_into(self.order + "I", self.data, 4, self.first)

    def append(self, value: bytes) -> int:
        """Add bytes at an even place, which is returned."""
        self.data += bytes(len(self.data) % 2)
        self.data += value
        return len(self.data) - len(value)

    def remove(self, directory: int, tag: int) -> None:
        if not (entry := self.find(directory, tag)):
            return
        if entry.size > 4:
            self.wipe(entry.place, entry.size)
        stop = self.end_of_entries(directory) + 4
        self.data[entry.at : stop] = self.data[entry.at + 12 : stop] + bytes(12)
        struct.pack_into(self.order + "H", self.data, directory, self.u16(directory) - 1)

    def wipe_directory(self, directory: int) -> None:
        stop = self.end_of_entries(directory) + 4
        for entry in list(self.entries(directory)):
            self.wipe(entry.place, entry.size)
        self.wipe(directory, stop - directory)

    def wipe(self, at: int, length: int) -> None:
        stop = min(at + length, len(self.data))
        if at < stop:
            self.bytes_left -= stop - at
            if self.bytes_left < 0:
                raise MetadataLimitError("EXIF block that is wiped over and over")
            self.data[at:stop] = bytes(stop - at)

    def u16(self, at: int) -> int:
        return int(struct.unpack_from(self.order + "H", self.data, at)[0])

    def u32(self, at: int) -> int:
        return int(struct.unpack_from(self.order + "I", self.data, at)[0])


def _jpegs(data: bytearray) -> list[tuple[int, int]]:
    """Where whole JPEGs begin and end, none inside another."""
    found, at = [], 0
    last_end, vain = data.rfind(b"\xff\xd9"), set[int]()
    while (start := data.find(b"\xff\xd8\xff", at)) >= 0:
        stop = _jpeg_end(data, start, last_end, vain)
        if stop is not None:
            found.append((start, stop))
        at = start + 3 if stop is None else stop
    return found


def _jpeg_end(data: bytearray, start: int, last_end: int, vain: set[int]) -> int | None:
    """The end of the JPEG that begins at ``start``; None where there is none after all.

    No JPEG ends behind ``last_end``. ``vain`` are the places of segments that lead to no end, and get
    more: the same segments may follow many starts.
    """
    at, passed = start + 2, list[int]()
    while at + 4 <= len(data) and data[at] == 0xFF and at not in vain:
        marker = data[at + 1]
        if marker == _SCAN and at < last_end:
            return data.find(b"\xff\xd9", at) + 2
        if marker == _SCAN or marker < _FIRST_SEGMENT:
            break
        passed.append(at)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    vain.update(passed)
    return None
