"""Finds where the pixels of a JPEG end, and supplies the end marker of a file that has none.

A file that was not copied to its end, or whose end was overwritten, still holds most of its rows. Decoders
fill the rest with grey once they meet an end marker (ITU-T T.81, B.1.1.3).
"""

from __future__ import annotations

import io
import mmap
import os
import re
from typing import BinaryIO

from cropcore.images.spliced_file import SplicedFile

END = b"\xff\xd9"
_START = b"\xff\xd8"
_SCAN = 0xDA
# A marker among entropy-coded bytes: not a stuffed zero, a fill byte or a restart.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# What may stand between two scans: tables, comments, application segments, number of lines.
_SEGMENTS = {0xC4, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)}
_MOST_SEGMENTS = 10_000


def with_end(file: BinaryIO, filler: bytes = b"") -> BinaryIO | None:
    """A JPEG that lacks its end marker, with one in place; None for a file that has its own.

    What stands behind the pixels goes. ``filler`` is put before the end marker: rows that change with it
    are missing in the file.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(END)))
    if file.read() == END:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        stop = _end_of_pixels(data)
    if stop is None:
        return None
    return io.BufferedReader(SplicedFile(file, [(0, stop)], filler + END))


def _end_of_pixels(data: mmap.mmap) -> int | None:
    """Where the pixels stop without an end marker; None where there is one, or no scan."""
    at = len(_START)
    scanned = False
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, at)
        if found is None:
            return len(data) if scanned else None
        marker, start = data[found.start() + 1], found.start()
        if marker == END[1]:
            return None
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        if (scanned and marker not in _SEGMENTS) or length < 2 or start + 2 + length > len(data):
            return start if scanned else None
        scanned = scanned or marker == _SCAN
        at = start + 2 + length
    return None
