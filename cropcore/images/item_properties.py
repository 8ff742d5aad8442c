"""Reads properties of the main picture of an AVIF or HEIC file: code points of colour, bits, gain maps.

The file is of ISO boxes (ISO/IEC 14496-12); pictures are items with properties (ISO/IEC 23008-12). Pillow
tells nothing of these for AVIF.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from cropcore.files import limits

_BOX_HEAD = 8
_MOST_BOXES = 5000
_GAIN_MAPS = (b"hdrgainmap", b"tmap")


@dataclass(frozen=True, slots=True)
class ItemProperties:
    """Properties of the main picture; None and zero where the file does not tell.

    ``cicp`` are primaries, transfer, matrix and full range; ``bits`` is per channel; ``gain_map`` is
    whether a further item turns the picture into HDR.
    """

    cicp: tuple[int, int, int, bool] | None = None
    bits: int = 0
    gain_map: bool = False


def item_properties(file: io.BufferedIOBase) -> ItemProperties:
    """The properties of the main picture of an open file, whose place is left as it was.

    Damage costs the properties, not the photo.
    """
    place = file.tell()
    try:
        return _properties(_meta(file))
    except (struct.error, IndexError, ValueError, OSError):
        return ItemProperties()
    finally:
        file.seek(place)


def _meta(file: io.BufferedIOBase) -> bytes:
    """The content of the box ``meta`` at the top; empty where there is none of a sane size."""
    size = file.seek(0, os.SEEK_END)
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < _BOX_HEAD:
            return b""
        length, name = struct.unpack_from(">I4s", head)
        start = _BOX_HEAD
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
            start = 16
        if name == b"meta":
            stop = size if length == 0 else min(size, at + length)
            if stop - at > limits.META_BOX_BYTES:
                return b""
            file.seek(at + start)
            return file.read(stop - at - start)
        if length < start:
            return b""
        at += length
    return b""


def _boxes(data: bytes, at: int = 0) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(_MOST_BOXES):
        if at + _BOX_HEAD > len(data):
            return
        length, name = struct.unpack_from(">I4s", data, at)
        if length == 0:
            length = len(data) - at
        if length < _BOX_HEAD:
            return
        yield name, data[at + _BOX_HEAD : at + length]
        at += length


def _properties(meta: bytes) -> ItemProperties:
    boxes = dict(_boxes(meta, 4))
    inside = list(_boxes(boxes.get(b"iprp", b"")))
    table = next((data for name, data in inside if name == b"ipco"), b"")
    every = list(_boxes(table))
    links = [data for name, data in inside if name == b"ipma"]
    main = _main_item(boxes.get(b"pitm", b""))
    own = _associated(links, main, every) or every
    cicp, bits = None, 0
    for name, data in own:
        if name == b"colr" and data[:4] == b"nclx":
            primaries, transfer, matrix, full = struct.unpack_from(">HHHB", data, 4)
            cicp = primaries, transfer, matrix, bool(full & 0x80)
        elif name == b"pixi" and len(data) > 5:
            bits = data[5]
        elif name == b"av1C" and len(data) > 2 and not bits:
            bits = 12 if data[2] & 0x20 else 10 if data[2] & 0x40 else 8
        elif name == b"hvcC" and len(data) > 17 and not bits:
            bits = (data[17] & 7) + 8
    gain_map = any(name == b"auxC" and _GAIN_MAPS[0] in data.lower() for name, data in every)
    gain_map = gain_map or _GAIN_MAPS[1] in boxes.get(b"iinf", b"")
    return ItemProperties(cicp, bits, gain_map)


def _main_item(data: bytes) -> int:
    if not data:
        return -1
    return int(struct.unpack_from(">I" if data[0] else ">H", data, 4)[0])


def _associated(
    links: list[bytes], item: int, every: list[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """The properties that boxes ``ipma`` give to an item."""
    for data in links:
        version, wide = data[0], data[3] & 1
        (count,) = struct.unpack_from(">I", data, 4)
        at = 8
        for _ in range(min(count, _MOST_BOXES)):
            (number,) = struct.unpack_from(">I" if version else ">H", data, at)
            at += 4 if version else 2
            length = data[at]
            at += 1
            places = struct.unpack_from(f">{length}{'H' if wide else 'B'}", data, at)
            at += length * (2 if wide else 1)
            if number == item:
                mask = 0x7FFF if wide else 0x7F
                return [every[p - 1] for p in (v & mask for v in places) if 0 < p <= len(every)]
    return []
