"""Parts of a file presented as one file, with some bytes appended."""

from __future__ import annotations

import io
import os
from bisect import bisect_right
from typing import BinaryIO

Span = tuple[int, int]
"""Where bytes of the file begin and end."""


class SplicedFile(io.RawIOBase):
    """Parts of a file as one, and some bytes behind them; read-only.

    The file stays the caller's to close. A part at least is needed.
    """

    def __init__(self, file: BinaryIO, spans: list[Span], end: bytes) -> None:
        super().__init__()
        self._file, self._spans, self._end = file, spans, end
        self._starts = [0]
        for start, stop in spans:
            self._starts.append(self._starts[-1] + stop - start)
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to a place, which may lie behind the end."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        if base is None:
            base = self._starts[-1] + len(self._end)
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, into: object) -> int:
        """Fill a buffer as far as one part reaches; the number of bytes, zero at the end."""
        room = memoryview(into).cast("B")  # type: ignore[arg-type]
        place = bisect_right(self._starts, self._at) - 1
        inside = self._at - self._starts[place]
        if place == len(self._spans):
            data = self._end[inside : inside + len(room)]
        else:
            start, stop = self._spans[place]
            self._file.seek(start + inside)
            data = self._file.read(min(len(room), stop - start - inside))
        room[: len(data)] = data
        self._at += len(data)
        return len(data)
