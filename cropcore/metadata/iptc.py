"""IPTC captions: the Photoshop segment of a JPEG and the profile of a PNG that hold them."""

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
    resource = _resource(block)
    length = 2 + len(_HEADER) + len(resource)
    if length > SEGMENT_LIMIT:
        return b""
    return b"\xff\xed" + struct.pack(">H", length) + _HEADER + resource


def png_profile(block: bytes) -> str:
    """The text of a PNG that holds an IPTC block, in the form that ImageMagick and ExifTool write."""
    data = _resource(block)
    digits = data.hex()
    lines = [digits[at : at + 72] for at in range(0, len(digits), 72)]
    return "\n".join(["", "iptc", f"{len(data):8}", *lines, ""])


def from_png_profile(text: object) -> bytes:
    """The IPTC block in such a text, where it lies bare or among Photoshop's resources; else nothing."""
    try:
        data = bytes.fromhex("".join(text.split("\n")[3:])) if isinstance(text, str) else b""
    except ValueError:
        return b""
    at = 0
    while data[at : at + 4] == b"8BIM" and at + 12 <= len(data):
        (number,) = struct.unpack_from(">H", data, at + 4)
        name = data[at + 6] + 1  # with its length, padded to even
        at += 6 + name + name % 2
        if at + 4 > len(data):
            return b""
        (length,) = struct.unpack_from(">I", data, at)
        value, at = data[at + 4 : at + 4 + length], at + 4 + length + length % 2
        if number == _CAPTIONS:
            return value
    return data if data[:1] == bytes([_MARKER]) else b""


def _resource(block: bytes) -> bytes:
    """Photoshop's resource for an IPTC block."""
    head = b"8BIM" + struct.pack(">HHI", _CAPTIONS, 0, len(block))
    return head + block + bytes(len(block) % 2)


def from_resources(resources: object) -> bytes:
    """The IPTC block among the Photoshop resources that Pillow reads from a JPEG."""
    value = resources.get(_CAPTIONS) if isinstance(resources, dict) else None
    return value if isinstance(value, bytes) else b""
