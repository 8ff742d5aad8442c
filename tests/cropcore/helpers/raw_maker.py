"""Raw files made by code: DNGs with a colour filter array, preview, default crop and orientation."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.cropcore.helpers.foreign_maker import grid

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SRATIONAL = 1, 2, 3, 4, 5, 10
_FORMS = {_BYTE: "B", _SHORT: "H", _LONG: "I"}


def mosaic(width: int, height: int) -> NDArray[np.uint16]:
    """The grid's linear light under an RGGB filter, black at 256 and white at 16383."""
    rgb = np.asarray(grid(width, height)).astype(np.float64) / 255
    light = 256 + rgb**2.2 * (16383 - 256) * 0.9
    out = np.empty((height, width))
    for row, column, plane in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)):
        out[row::2, column::2] = light[row::2, column::2, plane]
    return out.round().astype(np.uint16)


def preview_jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=92)
    return stream.getvalue()


def letterboxed(size: tuple[int, int] = (600, 600), margin: int = 4) -> Image.Image:
    """A preview of another ratio than the photo's, between black bars."""
    whole = Image.new("RGB", size)
    inner = grid().resize((size[0], size[0] * 392 // 592))
    whole.paste(inner, (0, (size[1] - inner.height) // 2))
    return whole


def write_dng(
    path: Path,
    width: int = 600,
    height: int = 400,
    default_crop: tuple[int, int, int, int] | None = (4, 4, 592, 392),
    orientation: int = 1,
    preview: Image.Image | None = None,
    masked: tuple[int, int] = (0, 0),
    taken: str = "2024:05:17 08:09:10",
) -> Path:
    """Write a DNG of ``width`` x ``height`` active pixels; ``default_crop`` is (x, y, width, height).

    ``masked`` are columns at the left and rows at the top that are no part of the active area.
    """
    left, top = masked
    active = mosaic(width, height)
    pixels = np.full((height + top, width + left), 256, np.uint16)
    pixels[top:, left:] = active
    raw: list[tuple[int, int, object]] = [
        (254, _LONG, [0]), (256, _LONG, [width + left]), (257, _LONG, [height + top]),
        (258, _SHORT, [16]),
        (259, _SHORT, [1]), (262, _SHORT, [32803]), (277, _SHORT, [1]), (278, _LONG, [height + top]),
        (279, _LONG, [pixels.nbytes]), (284, _SHORT, [1]),
        (33421, _SHORT, [2, 2]), (33422, _BYTE, [0, 1, 1, 2]),
        (50714, _SHORT, [256]), (50717, _LONG, [16383]),
        (50829, _LONG, [top, left, height + top, width + left]),
    ]  # fmt: skip
    if default_crop is not None:
        raw += [(50719, _LONG, list(default_crop[:2])), (50720, _LONG, list(default_crop[2:]))]
    main: list[tuple[int, int, object]] = [
        (271, _ASCII, "Cropsight"), (272, _ASCII, "Test camera"), (274, _SHORT, [orientation]),
        (50706, _BYTE, [1, 4, 0, 0]), (50707, _BYTE, [1, 1, 0, 0]),
        (50708, _ASCII, "Cropsight Test camera"),
        (50721, _SRATIONAL, [(3240, 1000), (-1537, 1000), (-498, 1000), (-969, 1000), (1876, 1000),
                             (41, 1000), (55, 1000), (-204, 1000), (1057, 1000)]),
        (50728, _RATIONAL, [(1, 1), (1, 1), (1, 1)]), (50778, _SHORT, [21]),
        (306, _ASCII, taken),
    ]  # fmt: skip
    blobs = [pixels.tobytes()]
    subs = [raw]
    if preview is not None:
        data = preview_jpeg(preview)
        blobs.append(data)
        subs.append([
            (254, _LONG, [1]), (256, _LONG, [preview.width]), (257, _LONG, [preview.height]),
            (258, _SHORT, [8, 8, 8]), (259, _SHORT, [7]), (262, _SHORT, [6]), (277, _SHORT, [3]),
            (278, _LONG, [preview.height]), (279, _LONG, [len(data)]),
        ])  # fmt: skip
    out = bytearray(struct.pack("<2sHI", b"II", 42, 0))
    places = []
    for blob in blobs:
        places.append(len(out))
        out += blob + b"\0" * (len(blob) % 2)
    links = []
    for entries, place in zip(subs, places, strict=True):
        links.append(_directory(out, [*entries, (273, _LONG, [place])]))
    exif = _directory(out, [(36867, _ASCII, taken)])
    first = _directory(out, [*main, (330, _LONG, links), (34665, _LONG, [exif])])
    struct.pack_into("<I", out, 4, first)
    path.write_bytes(bytes(out))
    return path


def _directory(out: bytearray, entries: list[tuple[int, int, object]]) -> int:
    """Append a directory and return its place."""
    packed = []
    for tag, kind, values in sorted(entries, key=lambda entry: entry[0]):
        data, count = _packed(kind, values)
        if len(data) > 4:
            at = len(out)
            out += data + b"\0" * (len(data) % 2)
            data = struct.pack("<I", at)
        packed.append(struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0"))
    place = len(out)
    out += struct.pack("<H", len(packed)) + b"".join(packed) + struct.pack("<I", 0)
    return place


def _packed(kind: int, values: object) -> tuple[bytes, int]:
    if isinstance(values, str):
        data = values.encode() + b"\0"
        return data, len(data)
    assert isinstance(values, list)
    if kind in (_RATIONAL, _SRATIONAL):
        form = "<ii" if kind == _SRATIONAL else "<II"
        return b"".join(struct.pack(form, *pair) for pair in values), len(values)
    return struct.pack(f"<{len(values)}{_FORMS[kind]}", *values), len(values)
