"""JPEGs with a gain map behind them, made by code, and a reader of such files of its own."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

Kind = Literal["android", "iso", "apple"]
XMP = b"http://ns.adobe.com/xap/1.0/\0"
ISO = b"urn:iso:std:iso:ts:21496:-1\0"
ISO_OF_MAP = ISO + struct.pack(">HHB", 0, 0, 0) + bytes(range(1, 60))
_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {}>'
    "{}</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_HDRGM = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" '
_NUMBERS = (
    'hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625" '
    'hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2" '
    'hdrgm:BaseRenditionIsHDR="False" '
)
PER_CHANNEL = (
    "<hdrgm:GainMapMax><rdf:Seq><rdf:li>1.5</rdf:li><rdf:li>2</rdf:li><rdf:li>1</rdf:li></rdf:Seq>"
    "</hdrgm:GainMapMax>"
)
_APPLE = (
    'xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/" '
    'xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/" HDRGainMap:HDRGainMapVersion="131072" '
    'apdi:AuxiliaryImageType="urn:com:apple:photo:2020:aux:hdrgainmap"'
)
_DIRECTORY = (
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" xmp:Rating="3" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
)


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def scene(width: int, height: int, colours: bool = False) -> Image.Image:
    """A map of slopes and one bright block, in which every part looks another way."""
    y, x = np.mgrid[0:height, 0:width]
    values = 40 + 100 * x / width + 80 * y / height
    values[height // 3 : height // 2, width // 3 : width // 2] = 250
    grey = values.astype(np.uint8)
    return Image.fromarray(np.dstack([grey, grey // 2, 255 - grey]) if colours else grey)


def jpeg(image: Image.Image, *segments: bytes, **how: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, **how)  # type: ignore[arg-type]
    data = buffer.getvalue()
    return data[:20] + b"".join(segments) + data[20:]


def hdr_jpeg(
    path: Path,
    photo: Image.Image,
    gain: Image.Image,
    kind: Kind = "android",
    exif: bytes = b"",
    order: str = ">",
) -> Path:
    """A JPEG with a gain map, its index of pictures in either byte order.

    A map in colours has a maximum for each of them.
    """
    at_map, at_photo = [], [segment(0xE1, b"Exif\0\0" + exif)] if exif else []
    if kind == "iso":
        at_map.append(segment(0xE2, ISO_OF_MAP))
        at_photo.append(segment(0xE2, ISO + bytes(4)))
    else:
        told = _APPLE if kind == "apple" else _HDRGM + _NUMBERS
        body = ""
        if gain.mode == "RGB":
            told = told.replace('hdrgm:GainMapMax="2" ', "")
            body = PER_CHANNEL
        place = 'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,8.2N" '
        at_map.append(segment(0xE1, XMP + _PACKET.format(place + told, body).encode()))
    second = jpeg(gain, *at_map, **({"subsampling": 0} if gain.mode == "RGB" else {}))
    if kind == "android":
        items = "".join(
            f'<rdf:li rdf:parseType="Resource"><Container:Item {item} Item:Mime="image/jpeg"/></rdf:li>'
            for item in (
                'Item:Semantic="Primary"',
                f'Item:Semantic="GainMap" Item:Length="{len(second)}"',
            )
        )
        directory = f"<Container:Directory><rdf:Seq>{items}</rdf:Seq></Container:Directory>"
        packet = _PACKET.format(_DIRECTORY + _HDRGM, directory)
        at_photo.append(segment(0xE1, XMP + packet.encode()))
    mark = b"MM\0*" if order == ">" else b"II*\0"

    def index(first: int, offset: int) -> bytes:
        body = mark + struct.pack(order + "IH", 8, 3)
        body += struct.pack(order + "HHI4s", 0xB000, 7, 4, b"0100")
        body += struct.pack(order + "HHII", 0xB001, 4, 1, 2)
        body += struct.pack(order + "HHII", 0xB002, 7, 32, 50) + bytes(4)
        body += struct.pack(order + "IIIHH", 0x030000, first, 0, 0, 0)
        body += struct.pack(order + "IIIHH", 0, len(second), offset, 0, 0)
        return segment(0xE2, b"MPF\0" + body)

    bare = jpeg(photo, *at_photo, index(0, 0))
    base = bare.index(b"MPF\0") + 4
    path.write_bytes(jpeg(photo, *at_photo, index(len(bare), len(bare) - base)) + second)
    return path


@dataclass(frozen=True)
class Read:
    """What a reader of its own finds in a file with two pictures."""

    photo: Image.Image
    gain: Image.Image
    photo_xmp: bytes
    gain_xmp: bytes
    gain_head: bytes
    told_length: int | None
    length: int


def read(path: Path) -> Read:
    """Both pictures, by the index in the file, each whole from its start to its end."""
    data = path.read_bytes()
    base = data.index(b"MPF\0") + 4
    order = ">" if data[base : base + 2] == b"MM" else "<"
    at = data.index(struct.pack(order + "HHI", 0xB002, 7, 32), base)
    (entries,) = struct.unpack_from(order + "I", data, at + 8)
    first, zero = struct.unpack_from(order + "II", data, base + entries + 4)
    length, offset = struct.unpack_from(order + "II", data, base + entries + 20)
    start = base + offset
    assert zero == 0
    assert first == start, "the photo ends where its map begins"
    assert start + length == len(data), "nothing stands behind the map"
    assert data[first - 2 : first] == data[-2:] == b"\xff\xd9"
    photo, gain = (
        Image.open(io.BytesIO(part), formats=["JPEG"]) for part in (data[:first], data[start:])
    )
    told = re.search(rb'Semantic="GainMap"[^>]*Length="(\d+)"', data[:first])
    return Read(
        photo,
        gain,
        photo.info.get("xmp", b""),
        gain.info.get("xmp", b""),
        data[start : start + 2000],
        int(told[1]) if told else None,
        length,
    )
