"""Photos of 10 to 16 bits per channel, which Pillow would reduce to 8.

Pixels are uint16 arrays (h, w, c): c is 1 for grey, 2 for grey with alpha, 3 for RGB, 4 for RGB
with alpha. Alpha is straight, never premultiplied.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.images.photo_file import (
    opened,
    orientation,
    read_bytes,
    translated,
    used_channels,
)
from cropcore.images.png_chunks import without_animation
from cropcore.process import LARGE_PIXELS

Pixels16 = NDArray[np.uint16]

WHITE = 65535

_PLANAR, _EXTRA_SAMPLES, _ORIENTATION, _PHOTOMETRIC, _BITS = 284, 338, 274, 262, 258
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_COLOUR_TYPE_AT, _PNG_ALPHA, _PNG_GREY_ALPHA = 25, 4, 4

_UPRIGHT: dict[int, Callable[[Pixels16], Pixels16]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a.swapaxes(0, 1)[:, ::-1],
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a.swapaxes(0, 1)[::-1],
}


_large = threading.Lock()


def alone(photo_pixels: int) -> AbstractContextManager[object]:
    """Holds other threads back from decoding large photos of 16 bits meanwhile.

    Each takes a gigabyte or more for a moment; a program that shows one, asks about it and keeps a
    small copy of it would take several at once.
    """
    return _large if photo_pixels > LARGE_PIXELS else nullcontext()


def is_deep(image: Image.Image) -> bool:
    """Whether an opened PNG, TIFF or HEIC holds more than 8 bits of grey or RGB per channel."""
    if image.format == "HEIF":
        return int(image.info.get("bit_depth", 8)) > 8 and image.mode in ("RGB", "RGBA")
    if image.format == "PNG":
        return any("16" in str(tile.args) for tile in image.tile)  # type: ignore[attr-defined]
    if image.format == "TIFF":
        tags = image.tag_v2  # type: ignore[attr-defined]
        return tags.get(_PHOTOMETRIC) in (0, 1, 2) and set(tags.get(_BITS, (1,))) == {16}
    return False


def read_16_bit(path: Path) -> Pixels16:
    """Decode a PNG or TIFF of 16 bits, or a HEIC of 10 or 12, upright as uint16 (h, w, c).

    Raises:
        PhotoError: the file is damaged or packed in a way that cannot be read.
    """
    with opened(path) as image:
        turn = orientation(image)
        planar, premultiplied, white_is_zero, used = False, False, False, None
        if image.format == "HEIF":
            return _heif(path, int(image.info["bit_depth"]))
        if image.format == "TIFF":
            tags = image.tag_v2  # type: ignore[attr-defined]
            planar = tags.get(_PLANAR) == 2
            turn = tags.get(_ORIENTATION, turn) if planar else turn  # OpenCV turns TIFFs itself
            premultiplied = tags.get(_EXTRA_SAMPLES) == (1,)
            white_is_zero = tags.get(_PHOTOMETRIC) == 0
            used = used_channels(image)
        else:
            image.verify()
    data = read_bytes(path)
    with translated(path):
        pixels = _planes(data) if planar else _interleaved(data)
    del data  # as large as the pixels may be
    if pixels is None or pixels.dtype != np.uint16:
        raise PhotoError(
            path,
            "is damaged, or its 16-bit values are packed in a way that cannot be read.",
            "Save it again as PNG or TIFF.",
        )
    pixels = oriented(pixels[..., :used], turn)
    if white_is_zero:
        pixels = WHITE - pixels
    return divided(pixels.astype(np.float32)) if premultiplied else pixels


def oriented(pixels: Pixels16, number: int) -> Pixels16:
    """Pixels after what the EXIF orientation 1 to 8 asks for; any other number asks for nothing."""
    return np.ascontiguousarray(_UPRIGHT.get(number, _UPRIGHT[1])(pixels))


def through_planes(pixels: Pixels16, change: Callable[[Image.Image], Image.Image]) -> Pixels16:
    """Apply a resampling ``change``, made for Pillow's float images, to each channel.

    Colours are weighted by their alpha, so that what is transparent leaves no fringe.
    """
    channels = pixels.shape[2]
    has_alpha = channels in (2, 4)
    planes = []
    for c in range(channels):
        # One channel at a time: all of a large photo's as floats would take twice its own memory.
        values = pixels[..., c].astype(np.float32)
        if has_alpha and c < channels - 1:
            values *= pixels[..., -1].astype(np.float32) / np.float32(WHITE)
        planes.append(np.asarray(change(Image.fromarray(values))))
    return divided(np.stack(planes, axis=-1))


def divided(values: NDArray[np.float32]) -> Pixels16:
    """Float values 0-65535, premultiplied where there is alpha, as 16-bit with straight alpha."""
    if values.shape[2] in (2, 4):
        alpha = values[..., -1:]
        share = np.divide(WHITE, alpha, out=np.zeros_like(alpha), where=alpha > 0)
        values = np.concatenate([values[..., :-1] * share, alpha], axis=-1)
    return np.clip(np.rint(values), 0, WHITE).astype(np.uint16)


def _heif(path: Path, bits: int) -> Pixels16:
    """A HEIC of more than 8 bits: libheif turns it upright, and shifts its values to the left."""
    import pillow_heif

    with translated(path):
        file = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        values = np.asarray(file[file.primary_index]) >> (16 - bits)
        white = (1 << bits) - 1
        return np.asarray((values.astype(np.uint32) * WHITE + white // 2) // white, np.uint16)


def _interleaved(data: bytes) -> Pixels16 | None:
    import cv2

    _silence(cv2)
    if data.startswith(_PNG):
        data = without_animation(data)
    pixels: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        return None
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.shape[2] > 2:
        order = cv2.COLOR_BGR2RGB if pixels.shape[2] == 3 else cv2.COLOR_BGRA2RGBA
        pixels = cv2.cvtColor(pixels, order, dst=pixels)  # in place: a large photo is there once
    if data.startswith(b"\x89PNG"):
        kind = data[_PNG_COLOUR_TYPE_AT]
        if kind == _PNG_GREY_ALPHA:
            return pixels[..., [0, 3]]
        if not kind & _PNG_ALPHA:  # OpenCV makes alpha of a key colour, which is dropped here
            return pixels[..., :3]
    return pixels


def _silence(cv2: Any) -> None:
    """Keep OpenCV from printing: what it says to standard error says less than the PhotoError."""
    if hasattr(cv2, "setLogLevel"):  # OpenCV 4
        cv2.setLogLevel(0)
    else:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _planes(data: bytes) -> Pixels16:
    import tifffile

    with tifffile.TiffFile(io.BytesIO(data)) as file:
        return np.moveaxis(file.pages[0].asarray(), 0, -1)
