"""Photos made by code: every format, mode and orientation, with metadata worth losing."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

THUMBNAIL = b"\xff\xd8THUMBNAIL-OF-THE-WHOLE-PHOTO\xff\xd9"
MAKER_NOTE = b"MAKER\0note with a place in it\0"
DESCRIPTION = "Café © Zürich".encode()
TAKEN = "2024:05:17 08:09:10"
GPS_LATITUDE = struct.pack("<6I", 48, 1, 8, 1, 1234, 100)

XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" tiff:Orientation="6" '
    'exif:GPSLatitude="48,8.2N" photoshop:City="Paris" exif:PixelXDimension="9999">'
    "<dc:creator><rdf:Seq><rdf:li>José</rdf:li></rdf:Seq></dc:creator>"
    "<exif:GPSLongitude>2,20E</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
).encode()
PLAIN_XMP = XMP[: XMP.index(b" tiff:Orientation")] + XMP[XMP.index(b"><dc:creator") :].replace(
    b"<exif:GPSLongitude>2,20E</exif:GPSLongitude>", b""
)


def iptc_set(number: int, text: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text


IPTC = iptc_set(120, b"A caption") + iptc_set(90, b"Paris") + iptc_set(80, b"A byline")


def scene(width: int = 96, height: int = 64, channels: int = 3, bits: int = 8) -> NDArray[Any]:
    """A smooth picture in which no two corners look alike; the last channel of 2 or 4 is alpha."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = [x, y, (x + 1 - y) / 2, 0.25 + 0.75 * x]
    if channels <= 2:
        planes = [(2 * x + y) / 3, planes[3]]
    top = 2**bits - 1
    values = np.stack(planes[:channels], axis=-1) * top
    return np.rint(values).astype(np.uint8 if bits == 8 else np.uint16)


def image(mode: str = "RGB", width: int = 96, height: int = 64) -> Image.Image:
    """The scene in any of Pillow's 8-bit modes."""
    if mode == "P":
        return image("RGB", width, height).quantize(64)
    if mode == "1":
        return image("L", width, height).convert("1")
    channels = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}[mode]
    pixels = scene(width, height, channels)
    return Image.frombytes(mode, (width, height), pixels.tobytes())


def exif_block(orientation: int = 1, width: int = 96, height: int = 64, order: str = "<") -> bytes:
    """An EXIF block with GPS, maker's note, text that is not ASCII, and a thumbnail."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    block = bytearray(mark + struct.pack(order + "I", 8))
    latitude = struct.pack(order + "6I", 48, 1, 8, 1, 1234, 100)

    def directory(entries: list[tuple[int, int, int, Any]], link: bool = False) -> int:
        start = len(block)
        block.extend(struct.pack(order + "H", len(entries)) + bytes(12 * len(entries) + 4))
        for i, (tag, kind, count, value) in enumerate(entries):
            if isinstance(value, int):
                raw = struct.pack(order + ("H2x" if kind == 3 else "I"), value)
            elif len(value) > 4:
                raw = struct.pack(order + "I", len(block))
                block.extend(value)
            else:
                raw = value.ljust(4, b"\0")
            head = struct.pack(order + "HHI", tag, kind, count)
            block[start + 2 + 12 * i : start + 14 + 12 * i] = head + raw
        return start

    text = DESCRIPTION + b"\0"
    resolution = struct.pack(order + "II", 300, 1)
    taken = TAKEN.encode() + b"\0"
    first = directory(
        [
            (0x010E, 2, len(text), text),
            (0x010F, 2, 4, b"Cam\0"),
            (0x0112, 3, 1, orientation),
            (0x011A, 5, 1, resolution),
            (0x011B, 5, 1, resolution),
            (0x0128, 3, 1, 2),
            (0x8769, 4, 1, 0),
            (0x8825, 4, 1, 0),
        ]
    )
    exif = directory(
        [
            (0x9003, 2, len(taken), taken),
            (0x927C, 7, len(MAKER_NOTE), MAKER_NOTE),
            (0xA002, 3, 1, width),
            (0xA003, 4, 1, height),
        ]
    )
    gps = directory([(1, 2, 2, b"N\0"), (2, 5, 3, latitude)])
    second = directory([(0x0103, 3, 1, 6), (0x0201, 4, 1, 0), (0x0202, 4, 1, len(THUMBNAIL))])
    thumbnail = len(block)
    block.extend(THUMBNAIL)

    def point(at: int, value: int) -> None:
        struct.pack_into(order + "I", block, at, value)

    point(first + 2 + 12 * 6 + 8, exif)
    point(first + 2 + 12 * 7 + 8, gps)
    point(first + 2 + 12 * 8, second)
    point(second + 2 + 12 + 8, thumbnail)
    return bytes(block)


def icc_profile(space: str = "RGB", gamma: float = 1.0, name: str = "Test") -> bytes:
    """A small profile: RGB with red and green exchanged, or GRAY, with a plain gamma."""

    def xyz(x: float, y: float, z: float) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in (x, y, z)))

    def text(kind: bytes, value: str) -> bytes:
        data = value.encode() + b"\0"
        if kind == b"text":
            return b"text\0\0\0\0" + data
        return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + bytes(78)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags = {b"desc": text(b"desc", name), b"cprt": text(b"text", "none")}
    tags[b"wtpt"] = xyz(0.9642, 1.0, 0.8249)
    if space == "RGB":
        tags[b"rXYZ"] = xyz(0.3851, 0.7169, 0.0971)
        tags[b"gXYZ"] = xyz(0.4361, 0.2225, 0.0139)
        tags[b"bXYZ"] = xyz(0.1431, 0.0606, 0.7141)
        tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    else:
        tags[b"kTRC"] = curve
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        data += bytes(-len(data) % 4)
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI", size, b"lcms", 0x02400000) + b"mntr" + space.ljust(4).encode()
    header += b"XYZ " + struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp"
    header = header.ljust(68, b"\0") + xyz(0.9642, 1.0, 0.8249)[8:]
    return header.ljust(128, b"\0") + table + body


def png16(pixels: NDArray[np.uint16], extra: bytes = b"") -> bytes:
    """A 16-bit PNG of (h, w, c); ``extra`` are chunks before the pixels."""
    height, width, channels = pixels.shape
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0))
        + extra
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def iptc_segment(block: bytes) -> bytes:
    """An APP13 segment with captions and, before them, a resource with a thumbnail."""
    body = b"Photoshop 3.0\0"
    for number, data in ((0x040C, THUMBNAIL), (0x0404, block)):
        body += b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + bytes(len(data) % 2)
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def full_jpeg(path: Path, orientation: int = 1, **arguments: Any) -> Path:
    """A JPEG with EXIF, XMP, IPTC, a profile and 300 dpi."""
    settings: dict[str, Any] = {
        "quality": 95,
        "exif": b"Exif\0\0" + exif_block(orientation),
        "xmp": XMP,
        "icc_profile": icc_profile(),
        "dpi": (300, 300),
        "extra": iptc_segment(IPTC),
    }
    image().save(path, "JPEG", **settings | arguments)
    return path


def full_png(path: Path, orientation: int = 1, **arguments: Any) -> Path:
    """A PNG with EXIF, XMP, a caption, a profile and 300 dpi."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add_text("Caption", "Au café")
    settings: dict[str, Any] = {
        "exif": b"Exif\0\0" + exif_block(orientation),
        "icc_profile": icc_profile(),
        "dpi": (300, 300),
        "pnginfo": info,
    }
    image().save(path, "PNG", **settings | arguments)
    return path


def saved(picture: Image.Image, file_format: str, **arguments: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, file_format, **arguments)
    return buffer.getvalue()


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """The pixels that a file with this orientation holds, so that upright they are ``pixels``."""
    transposed = np.swapaxes(pixels, 0, 1)
    return {
        1: pixels,
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: transposed,
        6: transposed[::-1],
        7: transposed[::-1, ::-1],
        8: transposed[:, ::-1],
    }[orientation].copy()
