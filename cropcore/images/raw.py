"""Reads raw files by LibRaw, in a child process: size, preview and plain rendering.

A photo of a raw file is its default crop, which is what cameras and converters show, not all pixels of
the sensor. What is seen first is the camera's own preview, where there is one that shows the same area;
it was developed by the camera. Exports are developed plainly by LibRaw with the camera's white balance.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.files.limits import MAX_PIXELS
from cropcore.files.photo_scan import reads_raw
from cropcore.geometry.orientation import Orientation
from cropcore.images.photo_file import check_regular, check_size, needs_raw_extra

# LibRaw's bits: 1 mirrors left to right, 2 top to bottom, 4 exchanges the axes first.
_FLIPS = {0: 1, 1: 2, 2: 4, 3: 3, 4: 5, 5: 8, 6: 6, 7: 7}
_RATIO_SLACK = 0.01
"""By how much a preview's ratio may differ from the photo's, for sides that are rounded to 8 or 16."""
_BLACK = 24
"""Bars beside a preview are darker than this, of 255."""
_SECONDS = 120.0
_IDLE_LIMIT = 2

Bits = Literal[8, 16]


@dataclass(frozen=True, slots=True)
class RawHeader:
    """Where a raw file's photo lies: ``visible`` is the size of all that LibRaw renders, ``crop`` the
    default crop in it (left, top, width, height), ``orientation`` makes the stored pixels upright,
    ``taken`` is when it was, ``YYYY:MM:DD HH:MM:SS``, or empty.
    """  # fmt: skip

    visible: tuple[int, int]
    crop: tuple[int, int, int, int]
    orientation: Orientation
    taken: str = ""


def require_raw(path: Path) -> None:
    """Raise PhotoError where the extra for raw files is not installed."""
    if not reads_raw():
        raise needs_raw_extra(path)


def read_raw_header(path: Path) -> RawHeader:
    """Size and orientation of a raw file.

    Raises:
        PhotoError: the extra is not installed, or LibRaw cannot read the file.
    """
    require_raw(path)
    check_regular(path)
    told, _ = _ask(path, "header")
    width, height = told["visible"]
    check_size(path, width, height)
    left, top, wide, high = told["crop"]
    left, top = left - told["margin"][0], top - told["margin"][1]
    inside = left >= 0 and top >= 0 and left + wide <= width and top + high <= height
    if not inside or min(wide, high) < min(width, height) / 4:
        left, top, wide, high = 0, 0, width, height  # none is told
    orientation = Orientation.of_exif(_FLIPS.get(told["flip"], 1))
    return RawHeader((width, height), (left, top, wide, high), orientation, str(told["taken"]))


def raw_preview(path: Path, header: RawHeader, least: int) -> Image.Image | None:
    """The camera's preview of the photo, as stored, without bars; None where it shows another area.

    Nor is one taken whose long side has less than ``least`` pixels.

    Raises:
        PhotoError: LibRaw cannot read the file.
    """
    try:
        told, data = _ask(path, "preview")
    except _NoPreviewError:
        return None
    try:
        whole = _jpeg(data) if told["kind"] == "jpeg" else _plain(told["size"], data)
    except Exception:  # a damaged preview is none; the photo itself may be whole
        return None
    shown = _same_area(whole, header)
    return shown if shown is not None and max(shown.size) >= least else None


def raw_preview_bytes(path: Path) -> bytes:
    """The camera's preview as the JPEG that it is, empty where there is none.

    Raises:
        PhotoError: LibRaw cannot read the file.
    """
    try:
        told, data = _ask(path, "preview")
    except _NoPreviewError:
        return b""
    return data if told["kind"] == "jpeg" else b""


def raw_pixels(path: Path, header: RawHeader, bits: Bits = 8, half: bool = False) -> NDArray[Any]:
    """LibRaw's plain rendering of the photo, as stored: sRGB, uint8 or uint16 (h, w, 3).

    With ``half`` it has half the size, and costs a fraction of the time.

    Raises:
        PhotoError: LibRaw cannot read the file.
    """
    told, data = _ask(path, "half" if half else "full", bits)
    width, height = told["size"]
    pixels = np.frombuffer(data, np.uint16 if bits == 16 else np.uint8).reshape(height, width, 3)
    scale_x, scale_y = width / header.visible[0], height / header.visible[1]
    left, top, wide, high = header.crop
    x, y = round(left * scale_x), round(top * scale_y)
    return pixels[y : y + max(1, round(high * scale_y)), x : x + max(1, round(wide * scale_x))]


def _jpeg(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("too large")
        return image.convert("RGB")


def _plain(size: list[int], data: bytes) -> Image.Image:
    return Image.frombytes("RGB", (size[0], size[1]), data)


def _same_area(image: Image.Image, header: RawHeader) -> Image.Image | None:
    """A preview without bars where it shows the photo's area, as far as its ratio tells."""
    wide, high = header.crop[2:]
    wanted = wide / high
    ratio = image.width / image.height
    if abs(ratio / wanted - 1) <= _RATIO_SLACK:
        return image
    if header.orientation.swaps_sides and abs(ratio * wanted - 1) <= _RATIO_SLACK:
        # It lies upright already, as the photo will.
        return image.transpose(_TRANSPOSE[header.orientation.inverse.exif])
    box: tuple[int, int, int, int]
    if ratio > wanted:
        side = round(image.height * wanted)
        left = (image.width - side) // 2
        box = left, 0, left + side, image.height
        bars = [(0, 0, left - 1, image.height), (left + side + 1, 0, image.width, image.height)]
    else:
        side = round(image.width / wanted)
        top = (image.height - side) // 2
        box = 0, top, image.width, top + side
        bars = [(0, 0, image.width, top - 1), (0, top + side + 1, image.width, image.height)]
    for bar in bars:
        if bar[2] - bar[0] < 1 or bar[3] - bar[1] < 1:
            return None
        if np.asarray(image.crop(bar)).mean() > _BLACK:
            return None
    return image.crop(box)


_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class _NoPreviewError(Exception):
    """A raw file without a preview."""


class _Child:
    """One child process, which answers one request at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cropcore.images.raw_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The answer to a request.

        Raises:
            EOFError: the child ended, or took too long and was ended.
        """
        late = threading.Timer(_SECONDS, self._process.kill)
        late.daemon = True
        late.start()
        try:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            if not line:
                raise EOFError
            header = cast(dict[str, Any], json.loads(line))
            size = int(header.get("bytes", 0))
            data = self._process.stdout.read(size)
            if len(data) < size:
                raise EOFError
        except OSError as e:
            raise EOFError from e
        finally:
            late.cancel()
        return header, data

    def end(self) -> None:
        """End the process and wait for that."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):  # what was not sent yet
                    stream.close()
        self._process.wait()


class _Children:
    """Child processes that wait for the next request, at most a few of them."""

    def __init__(self) -> None:
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[_Child]:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        child = child or _Child()
        try:
            yield child
        except BaseException:
            child.end()
            raise
        with self._lock:
            if len(self._idle) < _IDLE_LIMIT:
                self._idle.append(child)
                return
        child.end()

    def end(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()


_CHILDREN = _Children()


def end_raw_processes() -> None:
    """End the child processes that wait for raw files; the next file starts one anew."""
    _CHILDREN.end()


def _ask(path: Path, what: str, bits: Bits = 8) -> tuple[dict[str, Any], bytes]:
    require_raw(path)
    request = {"path": os.fspath(path.absolute()), "what": what, "bits": bits}
    try:
        with _CHILDREN.one() as child:
            header, data = child.ask(request)
    except EOFError:
        raise PhotoError(
            path,
            "ended the reader of raw files: it is damaged.",
            "Copy it again from where it came from.",
        ) from None
    match header.get("error"):
        case None:
            return header, data
        case "no preview":
            raise _NoPreviewError
        case "unsupported":
            raise PhotoError(
                path, "is of a kind that LibRaw does not read.", "Convert it to DNG first."
            )
        case _:
            raise PhotoError(
                path, "is damaged or incomplete.", "Copy it again from where it came from."
            )
