"""The journal of a batch: one line for each finished job, so that a stopped batch can go on.

It lies hidden in the folder that the batch writes to, as JSON lines. A line counts once it is whole;
whatever is torn or strange is passed over.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cropcore.batch.result_json import result_in
from cropcore.errors import ExportError, system_reason
from cropcore.files.file_lock import locked
from cropcore.files.own_files import NotOwnError, open_own
from cropcore.files.photo_scan import EXPORT_FOLDER
from cropcore.geometry.crop_json import whole_in

NAME = ".cropsight-batch.jsonl"
LOCK = ".cropsight-batch.lock"
SCHEMA = 1
_MOST = 2**63 - 1
_WAIT_SECONDS = 0.5
LARGEST = 2**30
LONGEST_LINE = 2**20


@dataclass(frozen=True, slots=True)
class JobKey:
    """What a job is known by: the photo's absolute path, its size in bytes and time of change, the
    digest of the preset, and the aspect's slug.
    """  # fmt: skip

    photo: str
    size: int
    mtime_ns: int
    preset: str
    aspect: str

    @classmethod
    def of(cls, path: Path, preset: str, aspect: str) -> JobKey:
        """The key of a job on the file as it is now; size and time are -1 where they are not told."""
        try:
            status = path.stat()
            size, changed = status.st_size, status.st_mtime_ns
        except OSError:
            size, changed = -1, -1  # opening it will say what is wrong
        whole = os.path.abspath(path)  # noqa: PTH100 - as the person named it, links and all
        return cls(whole, size, changed, preset, aspect)

    @property
    def digest(self) -> bytes:
        """Sixteen bytes that stand for all of it."""
        text = "\0".join((self.photo, str(self.size), str(self.mtime_ns), self.preset, self.aspect))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What is noted of a finished job: the photo's size in pixels, the published result, the files
    with their sizes in bytes, one per candidate of the result, and why it was skipped if it was.
    """  # fmt: skip

    width: int
    height: int
    result: dict[str, Any]
    files: tuple[tuple[str, int], ...] = ()
    skipped: str = ""


class Journal:
    """The finished jobs of all batches into one folder. Any thread may ask, one at a time may add."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._lock = threading.Lock()
        self._places: dict[JobKey, int] = {}
        self._names: dict[str, JobKey] = {}
        self._presets: set[str] = set()
        self._begun: dict[str, datetime] = {}
        self._ends_torn = False
        for place, line in self._lines():
            self._index(place, line)

    def knows(self, preset: str) -> bool:
        """Whether a job of the preset with this digest was finished here."""
        return preset in self._presets

    def finished(self, key: JobKey) -> JournalEntry | None:
        """What was noted of a job, if all of its files are there, as large as they were.

        Raises:
            ExportError: the journal cannot be read any more.
        """
        with self._lock:
            place = self._places.get(key)
            if place is None:
                return None
            try:
                with os.fdopen(open_own(self._path, largest=LARGEST), "rb") as file:
                    file.seek(place)
                    read = read_line(file.readline(LONGEST_LINE))
            except OSError as error:
                raise unreadable(self._path, error) from error
        if read is None:
            return None
        for name, size in read[1].files:
            try:
                if (self._folder / name).stat().st_size != size:
                    return None
            except (OSError, ValueError):  # ValueError: no file can have this name
                return None
        return read[1]

    def others(self, key: JobKey) -> _Others:
        """The files that jobs other than this one have written."""
        return _Others(self._names, key)

    def begin(self, preset: str, resume: bool) -> datetime:
        """Note that a batch with the preset of this digest begins; returns when it did.

        One that resumes what was killed began when that did: files say when they were made, and those of
        which nothing is noted yet are known by their bytes.

        Raises:
            ExportError: the journal cannot be written to.
        """
        begun = self._begun.get(preset) if resume else None
        if begun is None:
            begun = datetime.now().astimezone().replace(microsecond=0)
            self._append(_beginning_line(preset, begun))
            self._begun[preset] = begun
        return begun

    def end(self, preset: str) -> None:
        """Note that a batch ended, so that one that resumes it later has its own time.

        Raises:
            ExportError: the journal cannot be written to.
        """
        if self._begun.pop(preset, None) is not None:
            self._append(_beginning_line(preset, None))

    def add(self, key: JobKey, entry: JournalEntry) -> None:
        """Note a finished job.

        Raises:
            ExportError: the journal cannot be written to.
        """
        self._note(self._append(journal_line(key, entry)), key, entry.files)

    def _append(self, line: bytes) -> int:
        """Write a line; returns where it begins."""
        with self._lock:
            try:
                descriptor = open_own(self._path, append=True, largest=LARGEST)
                with os.fdopen(descriptor, "ab", buffering=0) as file:
                    if self._ends_torn:
                        line = b"\n" + line
                    self._ends_torn = True
                    place = file.tell() + line.startswith(b"\n")
                    if file.write(line) == len(line):
                        self._ends_torn = False
            except NotOwnError as error:
                raise not_own(error) from error
            except OSError as error:
                raise ExportError(
                    self._path,
                    "could not be written to: {reason}.",
                    "Free some space or choose another folder.",
                    reason=system_reason(error),
                ) from error
            return place

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        for place, line in lines_of(self._path, LARGEST):
            self._ends_torn = not line.endswith(b"\n")
            yield place, line

    def _index(self, place: int, line: bytes) -> None:
        read = read_line(line)
        if read is not None:
            self._note(place, read[0], read[1].files)
        elif (beginning := _read_beginning(line)) is not None:
            preset, begun = beginning
            self._begun.pop(preset, None)
            if begun is not None:
                self._begun[preset] = begun

    def _note(self, place: int, key: JobKey, files: Sequence[tuple[str, int]]) -> None:
        self._places[key] = place
        self._presets.add(key.preset)
        for name, _ in files:
            self._names[name] = key


class _Others:
    """The paths of files, asked by ``in``, that belong to other jobs than one."""

    def __init__(self, names: dict[str, JobKey], key: JobKey) -> None:
        self._names = names
        self._key = key

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, Path):
            return False
        owner = self._names.get(path.name) or self._names.get(str(path))
        return owner is not None and owner != self._key


def noted_name(path: Path, folder: Path) -> str:
    """How a file is noted in the journal of a folder: by its name, or by its path where it lies elsewhere."""
    return path.name if path.parent == folder else str(path.absolute())


def _is_noted(name: str) -> bool:
    path = Path(name)
    if path.is_absolute():
        return path.parent.name == EXPORT_FOLDER and ".." not in path.parts
    return path.name == name and name not in ("", "..")


@contextmanager
def opened_journal(folder: Path) -> Iterator[Journal]:
    """The journal of a folder, which no other batch writes to until the block ends.

    Raises:
        ExportError: another batch is at work there, or the journal cannot be read.
    """
    with held_folder(folder):
        yield Journal(folder)


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Keep other batches from a folder until the block ends.

    Raises:
        ExportError: another batch is at work there.
    """
    try:
        with locked(folder / LOCK, _WAIT_SECONDS):
            yield
    except TimeoutError:
        raise ExportError(
            folder, "Another batch is writing to this folder.", "Wait for it, or choose another."
        ) from None
    except NotOwnError as error:
        raise not_own(error) from error


def not_own(error: NotOwnError) -> ExportError:
    """What lies in the place of a journal is none."""
    return ExportError(error.filename, error.reason, "Remove it or choose another folder.")


def lines_of(path: Path, largest: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a journal of at most ``largest`` bytes and where they begin; none where it is not there.

    Raises:
        ExportError: it cannot be read.
    """
    try:
        with os.fdopen(open_own(path, largest=largest), "rb") as file:
            place = 0
            while line := file.readline(LONGEST_LINE):
                yield place, line
                place += len(line)
    except FileNotFoundError:
        return
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> ExportError:
    """A journal cannot be read."""
    if isinstance(error, NotOwnError):
        return not_own(error)
    return ExportError(
        path, "could not be read: {reason}.", "Choose another folder.", reason=system_reason(error)
    )


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number that can be noted")
    return number


def journal_line(key: JobKey, entry: JournalEntry) -> bytes:
    """A finished job as a line of a journal."""
    values = {"schema": SCHEMA, **{n: getattr(key, n) for n in JobKey.__slots__}}
    values |= {n: getattr(entry, n) for n in JournalEntry.__slots__}
    return json.dumps(values, allow_nan=False).encode() + b"\n"


def _beginning_line(preset: str, begun: datetime | None) -> bytes:
    """A line on the beginning of a batch, or on its end."""
    values = {"schema": SCHEMA, "preset": preset, "begun": begun.isoformat() if begun else None}
    return json.dumps(values).encode() + b"\n"


def _read_beginning(line: bytes) -> tuple[str, datetime | None] | None:
    """The preset's digest and the time, None at its end; None where a line says no such thing."""
    if not line.endswith(b"\n"):
        return None
    try:
        values = json.loads(line)
        if values["schema"] != SCHEMA:
            return None
        told = values["begun"]
        begun = None if told is None else datetime.fromisoformat(told)
        if begun is not None and begun.tzinfo is None:
            return None
        return str(values["preset"]), begun
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def read_line(line: bytes) -> tuple[JobKey, JournalEntry] | None:
    """A line's job; None where it is torn or strange."""
    if not line.endswith(b"\n"):
        return None
    try:
        values = json.loads(line, parse_float=_finite, parse_constant=_finite)
        if values["schema"] != SCHEMA:
            return None
        files = tuple((str(name), whole_in(size, 0, _MOST)) for name, size in values["files"])
        if not all(_is_noted(name) for name, _ in files):
            return None
        key = JobKey(
            str(values["photo"]),
            whole_in(values["size"], -1, _MOST),
            whole_in(values["mtime_ns"], -_MOST, _MOST),
            str(values["preset"]),
            str(values["aspect"]),
        )
        result, skipped = result_in(values["result"]), str(values["skipped"])
        if len(result["candidates"]) != len(files):
            return None
        width, height = (whole_in(values[side], 1, LARGEST) for side in ("width", "height"))
        return key, JournalEntry(width, height, result, files, skipped)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
