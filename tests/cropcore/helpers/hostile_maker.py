"""Small files that ask for much: each is a photo that its size says nothing good of."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.cropcore.helpers import photo_maker as maker

XMP_HEAD, XMP_TAIL = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">', b"</x:xmpmeta>"
_CAMERA = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:g="http://ns.google.com/photos/1.0/camera/">'


def png(before: bytes = b"", behind: bytes = b"", deep: bool = False) -> bytes:
    """A PNG with chunks before and behind its pixels."""
    whole = maker.png16(maker.scene(bits=16)) if deep else maker.saved(maker.image(), "PNG")
    return whole[:33] + before + whole[33:-12] + behind + whole[-12:]


def jpeg(segments: bytes) -> bytes:
    """A JPEG with segments or anything else before its own."""
    whole = maker.saved(maker.image(), "JPEG")
    return whole[:2] + segments + whole[2:]


def packed_xmp(body: bytes) -> bytes:
    """The chunk of an XMP packet with this body, packed."""
    packet = zlib.compress(XMP_HEAD + body + XMP_TAIL, 9)
    return maker.chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + packet)


def _links_to_itself() -> bytes:
    entries = struct.pack("<HHII", 0x8769, 4, 1, 8) * 300
    tail = struct.pack("<HHHIII", 1, 0x100, 4, 1, 1, 0)
    return b"II*\0" + struct.pack("<IH", 8, 300) + entries + struct.pack("<I", 3614) + tail


def _exif_chunk(block: bytes) -> bytes:
    return maker.chunk(b"eXIf", block)


def _exif_segment(block: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(block) + 8) + b"Exif\0\0" + block


def _tiff_linked_to_itself() -> bytes:
    values = [(256, 64), (257, 64), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 64)]
    values += [(279, 4096), *((0x8769, 8) for _ in range(300))]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values)
    head = b"II*\0" + struct.pack("<IH", 8, len(values)) + entries
    return head + bytes(4 + 4096)


def _thumbnail_of_many_strips() -> bytes:
    strips, at = 250_000, 200
    lists = struct.pack("<HHII", 0x111, 4, strips, at)
    lists += struct.pack("<HHII", 0x117, 4, strips, at + 4 * strips)
    block = b"II*\0" + struct.pack("<IHIH", 8, 0, 14, 2) + lists
    block = block.ljust(at, b"\0") + struct.pack("<I", 1000) * strips
    return block + struct.pack("<I", 1 << 21) * strips


def _pages(count: int) -> bytes:
    size = 6 + 12 * 9
    values = [(256, 64), (257, 64), (258, 8), (259, 1), (262, 1), (273, 8 + size * count)]
    values += [(277, 1), (278, 64), (279, 4096)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values)
    links = (8 + size * (n + 1) if n + 1 < count else 0 for n in range(count))
    body = b"".join(struct.pack("<H", 9) + entries + struct.pack("<I", link) for link in links)
    return b"II*\0" + struct.pack("<I", 8) + body + bytes(4096)


def _declares(file_format: str) -> bytes:
    if file_format == "PNG":
        header = struct.pack(">IIBBBBB", 65_000, 7600, 8, 2, 0, 0, 0)
        data = maker.chunk(b"IDAT", zlib.compress(bytes(999)))
        return b"\x89PNG\r\n\x1a\n" + maker.chunk(b"IHDR", header) + data
    file = io.BytesIO()
    Image.new("RGB", (64, 64), (9, 99, 199)).save(file, "JPEG", progressive=True, subsampling=0)
    whole = bytearray(file.getvalue())
    at = whole.find(b"\xff\xc2")
    whole[at + 5 : at + 9] = struct.pack(">HH", 7600, 65_000)
    return bytes(whole)


def _big_tiff_of_many_entries() -> bytes:
    entry = struct.pack("<HHQQ", 60_000, 4, 1, 1)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1_000_000) + entry * 1_000_000 + bytes(8)


_TEXT = maker.chunk(b"tEXt", b"a\0b")
_STARTS = b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x10F, 2, 1 << 20, 30) + bytes(4)
_ZTXT = maker.chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))

XMP, EXIF, TEXTS = (
    "The XMP data are too large and are left out.",
    "The EXIF data are too large and are left out.",
    "Some of the texts are too large or too many and are left out.",
)
PAGES = "More than 1000 pages: the first is used."

EXPORTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "linked_to_itself.jpg": (lambda: jpeg(_exif_segment(_links_to_itself())), ""),
    "linked_to_itself.tif": (_tiff_linked_to_itself, ""),
    "many_strips.png": (lambda: png(_exif_chunk(_thumbnail_of_many_strips())), EXIF),
    "million_starts.png": (
        lambda: png(_exif_chunk(_STARTS + b"\xff\xd8\xff\xda\0\0" * 170_000)),
        "",
    ),
    "starts_in_segments.png": (
        lambda: png(_exif_chunk(_STARTS + b"\xff\xd8\xff\xe1\0\x0a\0\0\0\0\0\0" * 60_000)),
        "",
    ),
    "xmp_50mb.png": (lambda: png(packed_xmp(b"<a/>" * 12_000_000)), XMP),
    "xmp_50mb_behind.png": (lambda: png(b"", packed_xmp(b"<a/>" * 12_000_000)), XMP),
    "xmp_many_elements.png": (lambda: png(packed_xmp(b"<a/>" * 900_000)), XMP),
    "xmp_2000_deep.png": (lambda: png(packed_xmp(b"<a>" * 2000 + b"</a>" * 2000)), XMP),
    "xmp_stale.png": (
        lambda: png(
            maker.chunk(
                b"iTXt",
                b"XML:com.adobe.xmp\0\0\0\0\0"
                + (_CAMERA + b"<a/>" * 25_000 + b"<g:a/>" * 24_000 + XMP_TAIL),
            )
        ),
        "",
    ),
    "texts.png": (lambda: png(_TEXT * 1_500_000), TEXTS),
    "texts_behind.png": (lambda: png(b"", _TEXT * 1_500_000), TEXTS),
    "texts_deep.png": (lambda: png(_TEXT * 1_500_000, deep=True), TEXTS),
    "packed_texts.png": (lambda: png(_ZTXT * 2000), TEXTS),
    "pages_100000.tif": (lambda: _pages(100_000), PAGES),
}
"""Files that are photos after all: how they are made, and what the person is told of them."""

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "declares_490mp.jpg": (lambda: _declares("JPEG"), "hardly any data"),
    "declares_490mp.png": (lambda: _declares("PNG"), "hardly any data"),
    "comments.jpg": (lambda: jpeg(b"\xff\xfe\0\3a" * 1_500_000), "does not end"),
    "nothing_between.jpg": (lambda: jpeg(b"\xff\xfe\0\3a" + bytes(20_000_000)), "does not end"),
    "entries.tif": (_big_tiff_of_many_entries, "does not end"),
    "empty_pieces.png": (lambda: png(maker.chunk(b"IDAT", b"") * 1_000_000), "damaged"),
}
"""Files that are refused, and a part of the reason."""


def make(name: str, folder: Path) -> Path:
    """Write one of them."""
    path = folder / name
    path.write_bytes({**EXPORTED, **REFUSED}[name][0]())
    return path
