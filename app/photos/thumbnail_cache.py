"""Disk cache of photo thumbnails.

One small file for each photo, named by the photo's path, size and time of change: a photo that was
changed has another name. What is damaged, or of another make, is taken away and made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import os
import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.files.own_files import read_own
from cropcore.files.user_dirs import cache_dir

Pixels = NDArray[np.uint8]

LARGEST_BYTES = 256 * 2**20
"""When the files are larger than this together, those not used for longest go."""
_KEPT_SHARE = 0.8
_MAGIC = b"cropsight-miniature-1\n"
_DIGEST = 16
_SUFFIX = ".mini"
_USED_SECONDS = 86_400
_SWEEP_AFTER = 500


def cache_folder() -> Path:
    """Where the platform wants such files."""
    return cache_dir() / "miniatures"


def bytes_kept(folder: Path) -> int:
    """How large all thumbnails of a cache are together."""
    total = 0
    for file in folder.glob(f"*/*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            total += file.stat().st_size
    return total


def clear(folder: Path) -> None:
    """Remove all thumbnails of a cache; they are made anew when they are wanted."""
    for file in folder.glob(f"*/*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            file.unlink()


class ThumbnailCache:
    """Files in one folder, bounded in size; any thread may use it. No method ever raises.

    In a folder that cannot be written to nothing is cached.
    """

    def __init__(self, folder: Path, largest_bytes: int = LARGEST_BYTES) -> None:
        self._folder = folder
        self._largest = largest_bytes
        self._parts = itertools.count()
        self._stored = 0
        self._lock = threading.Lock()

    def load(self, path: Path, stamp: tuple[int, int], side: int) -> tuple[Pixels, bool] | None:
        """The thumbnail of a photo as (h, w, 4) sRGB with straight alpha, and whether it is opaque."""
        file = self._file(path, stamp, side)
        try:
            data = read_own(file)
        except OSError:
            return None
        body = data[len(_MAGIC) + _DIGEST :]
        if data != _framed(body):
            self._drop(file)
            return None
        try:
            with Image.open(io.BytesIO(body), formats=("JPEG", "PNG")) as image:
                opaque = image.mode == "RGB"
                pixels = np.array(image.convert("RGBA"))
        except Exception:  # Whatever a decoder raises, the picture is made anew.
            self._drop(file)
            return None
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > _USED_SECONDS:
                os.utime(file)
        return pixels, opaque

    def store(
        self, path: Path, stamp: tuple[int, int], side: int, pixels: Pixels, opaque: bool
    ) -> None:
        """Keep a thumbnail; ``pixels`` as :meth:`load` gives them."""
        buffer = io.BytesIO()
        image = Image.fromarray(pixels)
        if opaque:
            image.convert("RGB").save(buffer, "JPEG", quality=85)
        else:
            image.save(buffer, "PNG", compress_level=3)
        file = self._file(path, stamp, side)
        part = file.with_name(f"{file.stem}.{os.getpid()}-{next(self._parts)}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_framed(buffer.getvalue()))
            part.replace(file)
        except OSError:
            self._drop(part)
            return
        with self._lock:
            due = self._stored % _SWEEP_AFTER == 0
            self._stored += 1
        if due:
            self.sweep()

    def sweep(self) -> None:
        """Remove what was not used for longest until little enough is left."""
        found: list[tuple[float, int, Path]] = []
        for file in self._folder.glob("*/*"):
            with contextlib.suppress(OSError):
                status = file.stat()
                if file.suffix != _SUFFIX and time.time() - status.st_mtime > _USED_SECONDS:
                    self._drop(file)  # left by a process that was killed while writing
                    continue
                found.append((status.st_mtime, status.st_size, file))
        total = sum(size for _, size, _ in found)
        if total <= self._largest:
            return
        for _, size, file in sorted(found):
            if total <= self._largest * _KEPT_SHARE:
                break
            self._drop(file)
            total -= size

    def _file(self, path: Path, stamp: tuple[int, int], side: int) -> Path:
        said = f"{path}\0{stamp[0]}\0{stamp[1]}\0{side}"
        name = hashlib.blake2b(said.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
        return self._folder / name[:2] / (name[2:] + _SUFFIX)

    @staticmethod
    def _drop(file: Path) -> None:
        with contextlib.suppress(OSError):
            file.unlink()


def _framed(body: bytes) -> bytes:
    return _MAGIC + hashlib.blake2b(body, digest_size=_DIGEST).digest() + body
