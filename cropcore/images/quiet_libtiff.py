"""Keeps libtiff, which Pillow reads TIFFs by, from writing to standard error: errors tell what is damaged."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from pathlib import Path

_LOADED = Path("/proc/self/maps")


@cache
def silence_libtiff() -> None:
    """Take libtiff's own way of telling errors out of every copy of it that this process has loaded.

    Only Linux tells where they lie; elsewhere libtiff goes on writing.
    """
    try:
        lines = _LOADED.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return
    paths = {fields[5] for line in lines if len(fields := line.split(maxsplit=5)) == 6}
    for path in paths:
        if Path(path).name.startswith("libtiff"):
            with suppress(OSError, AttributeError):
                ctypes.CDLL(path).TIFFSetErrorHandler(None)
