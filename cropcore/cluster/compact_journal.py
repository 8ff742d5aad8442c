"""The journal of a batch of millions of jobs: that of :mod:`cropcore.batch.journal`, with little memory.

The lines are the same, and each begins with the digest of its job; so a million are found again within
seconds, in 24 bytes of memory each, and a batch can go on with one journal or the other.
"""

from __future__ import annotations

import json
import os
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cropcore.batch.journal import (
    LONGEST_LINE,
    NAME,
    JobKey,
    JournalEntry,
    journal_line,
    lines_of,
    not_own,
    read_line,
    unreadable,
)
from cropcore.cluster.targets import Sizes
from cropcore.errors import ExportError, system_reason
from cropcore.files.own_files import NotOwnError, open_own

_LARGEST = 2**40
_BEGIN = b'{"job": "'
_FILES, _AFTER_FILES = b'"files": ', b', "skipped": '
_HEX = slice(len(_BEGIN), len(_BEGIN) + 32)
_PRESET = re.compile(rb'"preset": "([0-9a-f]{64})"')


class CompactJournal:
    """The finished jobs of all batches into one folder, as they were when this was made.

    Jobs that are added are not looked up again: a batch has each once. ``sizes`` are those of the files
    in the target; a job counts as finished where its files are there, as large as they were.
    """

    def __init__(self, folder: Path, sizes: Sizes | None = None) -> None:
        """Without ``sizes`` no job counts as finished.

        Raises:
            ExportError: the journal cannot be read.
        """
        self._path = folder / NAME
        self._presets: set[bytes] = set()
        self._ends_torn = False
        high, low, places, there = array("Q"), array("Q"), array("Q"), bytearray()
        for place, line in self._lines():
            found = self._read(line, sizes)
            if found is not None:
                digest, is_there = found
                high.append(int.from_bytes(digest[:8]))
                low.append(int.from_bytes(digest[8:]))
                places.append(place)
                there.append(is_there)
        columns = [np.frombuffer(column, np.uint64) for column in (high, low, places)]
        order = np.lexsort(columns[::-1])
        # Of several lines of a job the last one counts.
        sorted_high, sorted_low, _ = (column[order] for column in columns)
        last = np.ones(len(order), bool)
        last[:-1] = (sorted_high[1:] != sorted_high[:-1]) | (sorted_low[1:] != sorted_low[:-1])
        order = order[last]
        order = order[np.frombuffer(there, np.uint8)[order] != 0]
        self._high, self._low, self._places = (
            array("Q", column[order].tobytes()) for column in columns
        )
        self._reader: int | None = None

    def __len__(self) -> int:
        """How many jobs are finished."""
        return len(self._places)

    def knows(self, preset: str) -> bool:
        """Whether a job of the preset with this digest was finished here."""
        return preset.encode() in self._presets

    def is_finished(self, digest: bytes) -> bool:
        """Whether the job with this digest was finished, and all of its files were there."""
        return self._place(digest) is not None

    def finished(self, digest: bytes) -> JournalEntry | None:
        """What was noted of a job that :meth:`is_finished`.

        Raises:
            ExportError: the journal cannot be read any more.
        """
        place = self._place(digest)
        if place is None:
            return None
        try:
            if self._reader is None:
                self._reader = open_own(self._path, largest=_LARGEST)
            with os.fdopen(self._reader, "rb", closefd=False) as file:
                file.seek(place)
                read = read_line(file.readline(LONGEST_LINE))
        except OSError as error:
            raise unreadable(self._path, error) from error
        return read[1] if read is not None and read[0].digest == digest else None

    def add(self, key: JobKey, entry: JournalEntry) -> None:
        """Note a finished job.

        Raises:
            ExportError: the journal cannot be written to.
        """
        line = _BEGIN + key.digest.hex().encode() + b'", ' + journal_line(key, entry)[1:]
        try:
            with os.fdopen(open_own(self._path, True, _LARGEST), "ab", buffering=0) as file:
                if self._ends_torn:
                    line = b"\n" + line
                self._ends_torn = file.write(line) != len(line)
        except NotOwnError as error:
            raise not_own(error) from error
        except OSError as error:
            self._ends_torn = True
            raise ExportError(
                self._path,
                "could not be written to: {reason}.",
                "Free some space or choose another folder.",
                reason=system_reason(error),
            ) from error

    def close(self) -> None:
        """Close the file that finished jobs are read from."""
        if self._reader is not None:
            os.close(self._reader)
            self._reader = None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        for place, line in lines_of(self._path, _LARGEST):
            self._ends_torn = not line.endswith(b"\n")
            yield place, line

    def _read(self, line: bytes, sizes: Sizes | None) -> tuple[bytes, bool] | None:
        """The digest of a whole line's job, and whether its files are there."""
        if not line.startswith(_BEGIN) or not line.endswith(b"}\n"):
            read = read_line(line)  # of a batch on one machine
            if read is None:
                return None
            self._presets.add(read[0].preset.encode())
            return read[0].digest, _are_there(read[1].files, sizes)
        try:
            digest = bytes.fromhex(line[_HEX].decode())
            # Of a million lines most is not looked at. Quotes in names are escaped, so that what
            # is found is the field itself.
            end = line.rindex(_AFTER_FILES)
            files = json.loads(line[line.rindex(_FILES, 0, end) + len(_FILES) : end])
            is_there = _are_there(files, sizes)
        except (ValueError, TypeError, RecursionError):
            return None
        if preset := _PRESET.search(line):
            self._presets.add(preset[1])
        return digest, is_there

    def _place(self, digest: bytes) -> int | None:
        """Where the line of a job begins."""
        high, low = int.from_bytes(digest[:8]), int.from_bytes(digest[8:])
        place = bisect_left(self._high, high)
        while place < len(self._high) and self._high[place] == high:
            if self._low[place] == low:
                return self._places[place]
            place += 1
        return None


def _are_there(files: Any, sizes: Sizes | None) -> bool:
    return sizes is not None and all(sizes.get(name) == size for name, size in files)
