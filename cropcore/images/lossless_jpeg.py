"""Cuts a JPEG without decoding it: every coefficient stays, so nothing is lost.

The cut begins on the grid of the stored blocks (MCUs: 8, 16 or 32 pixels wide); its size stays as
wanted, so that its ratio holds, and it moves by less than a block.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cropcore.errors import PhotoError
from cropcore.geometry.orientation import Orientation
from cropcore.images.photo import Photo
from cropcore.images.photo_file import read_bytes

PixelBox = tuple[int, int, int, int]

_CROP, _NO_MARKERS, _PROGRESSIVE = 4, 64, 32
_LIBRARIES = {
    "linux": ("libturbojpeg.so.0", "/opt/libjpeg-turbo/lib64/libturbojpeg.so.0"),
    "darwin": (
        "libturbojpeg.dylib",
        "/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.dylib",
        "/usr/local/opt/jpeg-turbo/lib/libturbojpeg.dylib",
    ),
    "win32": ("turbojpeg.dll", "C:/libjpeg-turbo64/bin/turbojpeg.dll"),
}
"""Where the library lies, by system; looking for it in any other way would run a compiler."""
_FRAMES = {0xC0, 0xC1, 0xC2}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


class _Transform(ctypes.Structure):
    """``tjtransform`` of libjpeg-turbo 2 and 3."""

    _fields_ = (
        ("x", ctypes.c_int),
        ("y", ctypes.c_int),
        ("w", ctypes.c_int),
        ("h", ctypes.c_int),
        ("op", ctypes.c_int),
        ("options", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("custom_filter", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True)
class BlockGrid:
    """The blocks of a stored JPEG: its size and theirs, in pixels, and what makes it upright."""

    width: int
    height: int
    block: tuple[int, int]
    progressive: bool
    orientation: Orientation

    @classmethod
    def of(cls, photo: Photo) -> BlockGrid:
        """The grid of a photo, which may be turned by the person.

        Raises:
            PhotoError: the file cannot be read, or is no JPEG that can be cut without loss.
        """
        frame = _frame(read_bytes(photo.path)) if photo.format == "JPEG" else None
        if frame is None:
            raise PhotoError(
                photo.path,
                "is no JPEG that can be cut without loss.",
                "Export it with a quality instead.",
            )
        width, height, block, progressive = frame
        return cls(width, height, block, progressive, photo.exif.then(photo.turn))

    @property
    def lines(self) -> tuple[range, range]:
        """Where the blocks of the photo as it is shown begin: x of their left and y of their upper edges."""
        across = range(0, self.width, self.block[0]), self.width
        down = range(0, self.height, self.block[1]), self.height
        right, lower = self._shown((0, 0, *self.block))[:2]
        if self.orientation.swaps_sides:
            across, down = down, across
        return _from_either_end(*across, right == 0), _from_either_end(*down, lower == 0)

    def snapped(self, pixels: PixelBox) -> PixelBox:
        """A box of the photo as it is shown, moved onto the grid; its size stays."""
        return self._shown(self.stored(pixels))

    def stored(self, pixels: PixelBox) -> PixelBox:
        """A box of the photo as it is shown, moved onto the grid, in the stored pixels."""
        size = (
            (self.height, self.width) if self.orientation.swaps_sides else (self.width, self.height)
        )
        left, top, right, bottom = _turned(pixels, self.orientation.inverse, *size)
        wide, high = right - left, bottom - top
        x = _on_grid(left, wide, self.width, self.block[0])
        y = _on_grid(top, high, self.height, self.block[1])
        return x, y, x + wide, y + high

    def _shown(self, box: PixelBox) -> PixelBox:
        return _turned(box, self.orientation, self.width, self.height)


def cuts_lossless() -> bool:
    """Whether the library is there."""
    return _library() is not None


def cut_lossless(path: Path, grid: BlockGrid, pixels: PixelBox) -> bytes:
    """The JPEG of a part of a photo, in stored orientation, without metadata and profile.

    Args:
        path: the photo's file.
        grid: its blocks.
        pixels: the wanted part of the photo as it is shown; it is moved onto the grid.

    Raises:
        PhotoError: the file cannot be read or cut.
    """
    library = _library()
    if library is None:
        raise PhotoError(
            path,
            "cannot be cut without loss: the library libturbojpeg is not installed.",
            "Install it, or export with a quality instead.",
        )
    data = read_bytes(path)
    left, top, right, bottom = grid.stored(pixels)
    options = _CROP | _NO_MARKERS | (_PROGRESSIVE if grid.progressive else 0)
    wanted = _Transform(left, top, right - left, bottom - top, 0, options, None, None)
    handle = library.tjInitTransform()
    if not handle:
        raise PhotoError(path, "does not fit in memory.", "Close other programs.")
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    try:
        failed = library.tjTransform(
            handle, data, len(data), 1, ctypes.byref(out), ctypes.byref(size),
            ctypes.byref(wanted), 0,
        )  # fmt: skip
        if failed or not out.value:
            raise PhotoError(
                path, "could not be cut without loss.", "Export it with a quality instead."
            )
        return ctypes.string_at(out.value, size.value)
    finally:
        if out.value:
            library.tjFree(out)
        library.tjDestroy(handle)


@cache
def _library() -> Any | None:
    for name in _LIBRARIES.get(sys.platform, ()):
        try:
            return _declared(ctypes.CDLL(name))
        except (OSError, AttributeError):  # not there, or without what is needed
            continue
    return None


def _declared(library: Any) -> Any:
    """The library with the types of the functions that are called."""
    library.tjInitTransform.restype = ctypes.c_void_p
    library.tjDestroy.argtypes = [ctypes.c_void_p]
    library.tjFree.argtypes = [ctypes.c_void_p]
    library.tjTransform.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_ulong,
        ctypes.c_int,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_int,
    ]
    return library


def _frame(data: bytes) -> tuple[int, int, tuple[int, int], bool] | None:
    """Width, height, block size and whether it is progressive, of a JPEG's first frame."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _OTHER_FRAMES or marker == 0xDA:
            return None
        if marker in _FRAMES:
            try:
                height, width, parts = struct.unpack_from(">HHB", data, at + 5)
                factors = [data[at + 11 + 3 * part] for part in range(parts)]
            except (struct.error, IndexError):
                return None
            across, down = max(f >> 4 for f in factors), max(f & 15 for f in factors)
            if parts == 1:
                across = down = 1  # a single component is not interleaved
            return width, height, (8 * across, 8 * down), marker == 0xC2
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _from_either_end(starts: range, size: int, from_start: bool) -> range:
    """The places of blocks that are counted from the start of a side, or from its end."""
    if from_start:
        return starts
    return range(size % starts.step, size, starts.step)


def _on_grid(start: int, size: int, whole: int, block: int) -> int:
    """The nearest place on the grid where something of a size still fits in."""
    place = (start + block // 2) // block * block
    return place if place + size <= whole else start // block * block


def _turned(box: PixelBox, orientation: Orientation, width: int, height: int) -> PixelBox:
    """Where a box of pixels lies after a picture of ``width`` x ``height`` is laid otherwise."""
    left, top, right, bottom = box
    if orientation.mirrored:
        left, right = width - right, width - left
    for _ in range(orientation.rotation // 90):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom
