"""XMP inside a photo's file: read, and put into a byte copy of the file.

Only the packet changes in a copy. The photo's pixels keep every byte, and in a TIFF or DNG their place
as well: what is new stands at the end of the file.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from cropcore.errors import PhotoError, SidecarError, system_reason
from cropcore.files import limits
from cropcore.files.atomic_write import write_new
from cropcore.files.path_checks import file_stamp
from cropcore.geometry.crop import Crop
from cropcore.images.jpeg_pictures import with_moved_pictures
from cropcore.images.photo import Photo
from cropcore.images.photo_file import opened, read_bytes, translated
from cropcore.interop import xmp_crop
from cropcore.interop.foreign_crop import ForeignCrop, FoundCrop, StoredPixels, about
from cropcore.interop.xmp_properties import XmpError, XmpPacket
from cropcore.messages import Message

COPIED = (".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".png", ".dng")
"""Endings of the photos whose XMP Lightroom reads in the file itself, and not beside it."""

_APP1 = b"http://ns.adobe.com/xap/1.0/\0"
_SEGMENT = 65533
_PNG_XMP = b"XML:com.adobe.xmp\0"
_PNG = b"\x89PNG\r\n\x1a\n"
_XMP_TAG = 700
_BYTE, _UNDEFINED = 1, 7
_WRAPPED = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n',
    b'<?xpacket end="w"?>',
)


def read_embedded(photo: Photo, stored: StoredPixels | None = None) -> FoundCrop:
    """The crop in the XMP inside a photo; whatever goes wrong becomes a notice."""
    try:
        data = embedded_packet(photo.path)
        if not data:
            return FoundCrop()
        packet = XmpPacket(data)
        found = xmp_crop.read_crop(packet, stored or StoredPixels.of(photo))
    except XmpError as e:
        return FoundCrop(
            notices=(about(photo.path, Message("Its XMP {problem}", problem=e.message)),)
        )
    except PhotoError:  # told when the photo itself is read
        return FoundCrop()
    notices = tuple(about(photo.path, notice) for notice in found.notices)
    if found.crop is None:
        return FoundCrop(notices=notices, rating=found.rating)
    changed = file_stamp(photo.path)[0] / 1e9
    crop = ForeignCrop("embedded", photo.path, found.crop, found.turn, found.approximate, changed)
    return FoundCrop(crop, notices, found.rating)


def embedded_packet(path: Path) -> bytes:
    """The XMP packet inside a photo, empty where there is none.

    Raises:
        PhotoError: the file cannot be read.
    """
    if path.suffix.lower() == ".dng":
        return _Tiff.of(path, read_bytes(path)).packet()
    with opened(path) as image:
        value = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return value.encode() if isinstance(value, str) else bytes(value)


def copy_with_crop(photo: Photo, crop: Crop, folder: Path, rating: int | None = None) -> Path:
    """Write a byte copy of a photo with a crop in its XMP into a folder, and return its path.

    The name is numbered where it is taken. Develop settings that the file says are applied already
    are taken out, lest they be applied again.

    Args:
        photo: as the person turned it; JPEG, PNG, TIFF or DNG.
        crop: of that photo.
        folder: where the copy goes.
        rating: stars to write as well, as :func:`cropcore.interop.xmp_crop.set_rating` does.

    Raises:
        PhotoError: the photo cannot be read.
        SidecarError: its XMP is not understood, or the copy cannot be written.
    """
    path = photo.path
    with translated(path):
        data = path.read_bytes()
    stored = StoredPixels.of(photo)

    def change(packet: bytes) -> bytes:
        xmp = XmpPacket(packet) if packet.strip(b"\0 \r\n\t") else xmp_crop.new_packet()
        if (xmp.get((xmp_crop.CRS, "AlreadyApplied")) or "").lower() == "true":
            xmp.remove(xmp_crop.CRS)
        xmp_crop.set_crop(xmp, crop, stored, photo.turn, rating)
        return xmp.data if packet else _WRAPPED[0] + xmp.data + _WRAPPED[1]

    try:
        if data.startswith(b"\xff\xd8"):
            new = _in_jpeg(data, change)
        elif data.startswith(_PNG):
            new = _in_png(data, change)
        elif data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            tiff = _Tiff.of(path, data)
            new = tiff.with_packet(change(tiff.packet()))
        else:
            raise SidecarError(
                path,
                "is of a kind of which no copies are made.",
                "Copies are made of JPEG, PNG, TIFF and DNG.",
            )
    except XmpError as e:
        raise SidecarError(path, "Its XMP {problem}", "No copy is made.", problem=e.message) from e
    except (struct.error, IndexError, ValueError) as e:
        raise SidecarError(
            path, "is built in a way that no XMP fits in.", "No copy is made."
        ) from e
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return write_new(folder, path.stem, path.suffix, new)
    except OSError as e:
        raise SidecarError(
            folder / path.name,
            "could not be written: {reason}.",
            "Choose another folder.",
            reason=system_reason(e),
        ) from e


def _in_jpeg(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A JPEG with another XMP segment: in place of the old one, or behind EXIF and JFIF."""
    at = insert = 2
    old: tuple[int, int] | None = None
    packet = b""
    while data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        if data[at + 1] == 0xFF:  # fill
            at += 1
            continue
        (size,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + size
        body = data[at + 4 : end]
        if data[at + 1] == 0xE1 and body.startswith(_APP1) and old is None:
            old, packet = (at, end), body[len(_APP1) :]
        if data[at + 1] in (0xE0, 0xE1) and old is None:
            insert = end
        at = end
    new = _APP1 + change(packet)
    if len(new) > _SEGMENT:
        raise XmpError("is too large for a JPEG with a crop in it.")
    segment = b"\xff\xe1" + struct.pack(">H", len(new) + 2) + new
    start, end = old or (insert, insert)
    changed = data[:start] + segment + data[end:]
    return with_moved_pictures(changed, start, len(changed) - len(data))


def _in_png(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A PNG with another XMP chunk: in place of the old one, or before the pixels."""
    at, place, packet = len(_PNG), 0, b""
    old: tuple[int, int] | None = None
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + size
        if kind == b"iTXt" and data[at + 8 : end - 4].startswith(_PNG_XMP):
            old, packet = (at, end), _png_text(data[at + 8 : end - 4])
        if kind == b"IDAT" and not place:
            place = at
        at = end
    if not place:
        raise XmpError("has no place in this PNG.")
    body = b"iTXt" + _PNG_XMP + b"\0\0\0\0" + change(packet)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    start, end = old or (place, place)
    return data[:start] + chunk + data[end:]


def _png_text(body: bytes) -> bytes:
    rest = body[len(_PNG_XMP) :]
    packed = rest[0] == 1
    text = rest[2:].split(b"\0", 2)[2]
    if not packed:
        return text
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(text, limits.XMP_BYTES)
    except zlib.error as e:
        raise XmpError("is damaged.") from e
    return text


class _Tiff:
    """The first directory of a TIFF, classic or big, of either byte order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        order = "<" if data[:2] == b"II" else ">"
        self._big = 43 in data[2:4]
        self._count, self._offset = (
            (order + "Q", order + "Q")
            if self._big
            else (
                order + "H",
                order + "I",
            )
        )
        self._entry = struct.Struct(order + ("HHQQ" if self._big else "HHII"))
        self._head = 8 if self._big else 4
        (self._at,) = struct.unpack_from(self._offset, data, self._head)
        (entries,) = struct.unpack_from(self._count, data, self._at)
        self._first = self._at + struct.calcsize(self._count)
        self._places = range(
            self._first, self._first + entries * self._entry.size, self._entry.size
        )
        if not entries or self._places[-1] + self._entry.size > len(data):
            raise ValueError("no directory")

    @classmethod
    def of(cls, path: Path, data: bytes) -> _Tiff:
        """The directory of a file.

        Raises:
            PhotoError: there is none.
        """
        try:
            return cls(data)
        except (struct.error, IndexError, ValueError) as e:
            raise PhotoError(
                path, "is damaged or incomplete.", "Copy it again from where it came from."
            ) from e

    def packet(self) -> bytes:
        """The packet, empty where there is none."""
        for place in self._places:
            tag, kind, count, at = self._entry.unpack_from(self._data, place)
            if tag == _XMP_TAG and kind in (_BYTE, _UNDEFINED):
                if count > limits.XMP_BYTES:
                    raise XmpError("is too large.")
                return self._data[at : at + count]
        return b""

    def with_packet(self, packet: bytes) -> bytes:
        """The file with another packet at its end."""
        data = bytearray(self._data)
        data += b"\0" * (len(data) % 2)
        at = len(data)
        data += packet + b"\0" * (len(packet) % 2)
        entry = self._entry.pack(_XMP_TAG, _BYTE, len(packet), at)
        for place in self._places:
            if self._entry.unpack_from(data, place)[0] == _XMP_TAG:
                data[place : place + self._entry.size] = entry
                return bytes(data)
        # There is no room for one more entry: the directory is written anew at the end.
        directory = len(data)
        entries = [bytes(data[p : p + self._entry.size]) for p in self._places]
        after = self._places[-1] + self._entry.size
        link = bytes(data[after : after + struct.calcsize(self._offset)])
        entries = sorted([*entries, entry], key=lambda one: self._entry.unpack(one)[0])
        data += struct.pack(self._count, len(entries)) + b"".join(entries) + link
        struct.pack_into(self._offset, data, self._head, directory)
        return bytes(data)
