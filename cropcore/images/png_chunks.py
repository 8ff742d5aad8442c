"""Reorders a PNG's chunks for decoding: text and EXIF before the pixels, within limits.

Pillow reads what stands behind the pixels only after it has decoded them, and unpacks every text, be it
a thousand times larger than the file.
"""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from cropcore.files import limits
from cropcore.images.spliced_file import Span, SplicedFile
from cropcore.messages import Message

XMP_LOST = Message("The XMP data are too large and are left out.")
EXIF_LOST = Message("The EXIF data are too large and are left out.")
TEXTS_LOST = Message("Some of the texts are too large or too many and are left out.")

_SIGNATURE = 8
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_METADATA = (*_TEXTS, b"eXIf")
_PIXELS = (b"IDAT", b"fdAT", b"fcTL")
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
_END = struct.pack(">I4sI", 0, b"IEND", 0xAE426082)
_KEYWORD = 80
_XMP_KEYWORD, _EXIF_KEYWORD = b"XML:com.adobe.xmp", b"Raw profile type exif"
_CICP_BYTES = 4
_PIECE = 1 << 20
_TRIES = 100


class View(NamedTuple):
    """A PNG to be decoded: the file, sentences on what was left out, the numbers of its cICP chunk."""

    file: BinaryIO
    lost: tuple[Message, ...] = ()
    cicp: tuple[int, ...] = ()


def view(file: BinaryIO) -> View:
    """A PNG as it is to be decoded.

    The file is the one that came in, unless metadata stand behind the pixels or something is left out.
    Damage is left to the decoder.

    Raises:
        ValueError: the pixels lie in so many pieces that reading them would not end.
    """
    survey = _Survey(file)
    file.seek(0)
    if not (survey.late or survey.lost):
        return View(file, (), survey.cicp)
    head, tail = [(0, _SIGNATURE), *survey.head], survey.tail
    spans = [span for span in (*head, *survey.late, *tail) if span[0] < span[1]]
    end = _END if survey.cut else b""
    spliced = io.BufferedReader(SplicedFile(file, spans, end))
    return View(spliced, tuple(survey.lost), survey.cicp)


def without_animation(png: bytes) -> bytes:
    """A PNG without the further frames of its animation, which some decoders take for the picture."""
    if b"acTL" not in png:
        return png
    kept, at = [png[:_SIGNATURE]], _SIGNATURE
    while at + 8 <= len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        if name not in _ANIMATION:
            kept.append(png[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)


@dataclass(frozen=True, slots=True)
class _Chunk:
    at: int
    length: int
    name: bytes

    @property
    def stop(self) -> int:
        return self.at + 12 + self.length


class _Survey:
    """What stands where: before the pixels, to be moved there, and from the pixels on."""

    def __init__(self, file: BinaryIO) -> None:
        self.head: list[Span] = []
        self.late: list[Span] = []
        self.tail: list[Span] = []
        self.lost: dict[Message, None] = {}
        self.cut = False
        self.cicp: tuple[int, ...] = ()
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        self._room = limits.TEXT_BYTES
        self._work = 2 * limits.TEXT_BYTES
        others = pieces = piece_bytes = 0
        for chunk in self._chunks():
            if chunk.name in _PIXELS:
                pieces += 1
                piece_bytes += chunk.length
                if pieces > max(limits.PNG_PIECES, piece_bytes // limits.PNG_PIECE_BYTES):
                    raise ValueError("pixels in too many pieces")
                _add(self.tail, chunk)
                continue
            others += 1
            if others > limits.PNG_CHUNKS and chunk.name != b"IEND":
                self.lost[TEXTS_LOST] = None
                if self.tail:
                    self.cut = True
                    return
                self._next = self._pixels_from(chunk.at)
            elif chunk.name in _METADATA:
                self._metadata(chunk)
            else:
                if chunk.name == b"cICP" and chunk.length == _CICP_BYTES and not self.tail:
                    self.cicp = tuple(file.read(_CICP_BYTES))
                _add(self.tail or self.head, chunk)

    def _chunks(self) -> Iterator[_Chunk]:
        """The chunks one after the other, with those from ``_next`` on next."""
        self._next = _SIGNATURE
        while self._next + 8 <= self._size:
            self._file.seek(self._next)
            length, name = struct.unpack(">I4s", self._file.read(8))
            chunk = _Chunk(self._next, length, name)
            self._next = chunk.stop
            yield chunk
            if name == b"IEND":
                return

    def _metadata(self, chunk: _Chunk) -> None:
        data = self._file.read(min(chunk.length, limits.TEXT_BYTES))
        if chunk.name == b"eXIf":
            if chunk.length > limits.EXIF_BYTES:
                self.lost[EXIF_LOST] = None
                return
        else:
            # Unpacking a text that is then left out costs time too, so the total is limited.
            most = min(self._room, self._work)
            size = _unpacked(chunk, data, most)
            self._work -= min(size, most)
            if size > most:
                self.lost[_loss(data)] = None
                return
            self._room -= size
        if not self.tail:
            _add(self.head, chunk)
        elif self._is_whole(chunk, data):
            _add(self.late, chunk)

    def _is_whole(self, chunk: _Chunk, data: bytes) -> bool:
        return self._file.read(4) == struct.pack(">I", zlib.crc32(data, zlib.crc32(chunk.name)))

    def _pixels_from(self, at: int) -> int:
        """Where the first chunk of pixels stands behind ``at``, found without going through all others.

        Its CRC must match: the same four letters may occur in a text.
        """
        tries = 0
        while at < self._size and tries < _TRIES:
            self._file.seek(at)
            piece = self._file.read(_PIECE)
            found = piece.find(b"IDAT", 4)
            if found < 0:
                at += max(len(piece) - 7, 1)
                continue
            tries += 1
            (length,) = struct.unpack_from(">I", piece, found - 4)
            start = at + found - 4
            at += found + 1
            if start + 12 + length <= self._size:
                self._file.seek(start + 8)
                data = self._file.read(length)
                if self._is_whole(_Chunk(start, length, b"IDAT"), data):
                    return start
        return self._size


def _add(spans: list[Span], chunk: _Chunk) -> None:
    if spans and spans[-1][1] == chunk.at:
        spans[-1] = spans[-1][0], chunk.stop
    else:
        spans.append((chunk.at, chunk.stop))


def _unpacked(chunk: _Chunk, data: bytes, most: int) -> int:
    """The bytes of a text, unpacked; any number above ``most`` where there are more."""
    if len(data) < chunk.length:
        return max(chunk.length, most + 1)
    keyword, _, rest = data.partition(b"\0")
    if chunk.name == b"tEXt":
        return chunk.length
    if chunk.name == b"zTXt":
        packed = rest[1:]
    elif rest[:1] == b"\0":
        return chunk.length
    else:
        packed = rest[2:].split(b"\0", 2)[-1]
    unpacker, size = zlib.decompressobj(), len(keyword)
    try:
        while size <= most and (out := unpacker.decompress(packed, min(_PIECE, most + 1 - size))):
            size += len(out)
            packed = unpacker.unconsumed_tail
    except zlib.error:
        pass  # Pillow leaves such a text out
    return size


def _loss(data: bytes) -> Message:
    keyword = data[:_KEYWORD].partition(b"\0")[0]
    return {_XMP_KEYWORD: XMP_LOST, _EXIF_KEYWORD: EXIF_LOST}.get(keyword, TEXTS_LOST)
