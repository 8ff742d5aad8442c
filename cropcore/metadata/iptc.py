"""IPTC captions: the Photoshop segment of a JPEG that holds them."""

from __future__ import annotations

import struct

SEGMENT_LIMIT = 65533
_HEADER = b"Photoshop 3.0\0"
_CAPTIONS = 0x0404
_MARKER = 0x1C
# Record 2: content location code and name, city, sublocation, province, country code and name.
_PLACES = {26, 27, 90, 92, 95, 100, 101}


def without_places(block: bytes) -> bytes:
    """The data sets of an IPTC block except those that name a place; cut at the first bad one."""
    kept = bytearray()
    at = 0
    while at + 5 <= len(block) and block[at] == _MARKER:
        record, number, length = struct.unpack_from(">BBH", block, at + 1)
        if length & 0x8000:  # the rare data sets above 32 KB, previews among them
            break
        stop = at + 5 + length
        if not (record == 2 and number in _PLACES):
            kept += block[at:stop]
        at = stop
    return bytes(kept)


def jpeg_segment(block: bytes) -> bytes:
    """The APP13 segment of a JPEG for an IPTC block; empty where it does not fit."""
    padded = block + bytes(len(block) % 2)
    resource = b"8BIM" + struct.pack(">HHI", _CAPTIONS, 0, len(block)) + padded
    length = 2 + len(_HEADER) + len(resource)
    if length > SEGMENT_LIMIT:
        return b""
    return b"\xff\xed" + struct.pack(">H", length) + _HEADER + resource


def from_resources(resources: object) -> bytes:
    """The IPTC block among the Photoshop resources that Pillow reads from a JPEG."""
    value = resources.get(_CAPTIONS) if isinstance(resources, dict) else None
    return value if isinstance(value, bytes) else b""
