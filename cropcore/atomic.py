"""Write new files so that nothing is ever overwritten and no half file is ever seen."""

from __future__ import annotations

import errno
import itertools
import os
import secrets
import time
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PART = ".cropsight-part"
_STALE_SECONDS = 3600
_NO_LINKS = {
    getattr(errno, name)
    for name in ("EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV", "EINVAL")
    if hasattr(errno, name)
}


def write_new(folder: Path, stem: str, suffix: str, data: bytes | Iterable[bytes]) -> Path:
    """Write ``data``, whole or in pieces, to a new file in ``folder`` and return its path.

    The name is ``stem + suffix``, or ``stem (2)`` and so on where that is taken, be it by a file,
    a folder or a dangling link, and be it by another process a moment ago. The bytes go to a hidden
    temporary file in the same folder first, which is removed whatever happens.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    sweep(folder)
    with _temporary(folder, data) as temporary:
        for target in _names(folder, stem, suffix):
            with suppress(FileExistsError):
                _publish(temporary, target)
                return target
        raise AssertionError("names never end")


def write_at(path: Path, data: bytes, replace: bool = False) -> None:
    """Write ``data`` to ``path``, whole or not at all.

    Raises:
        FileExistsError: the name is taken, and ``replace`` was not asked for.
        OSError: the folder cannot be written to, or the disk is full.
    """
    with _temporary(path.parent, data) as temporary:
        if replace:
            temporary.replace(path)
        else:
            _publish(temporary, path)


def same_file(
    folder: Path, stem: str, suffix: str, data: bytes, known: Container[Path]
) -> Path | None:
    """The file that :func:`write_new` wrote of ``data`` at another time; None where there is none.

    Files in ``known`` are somebody else's, whatever they hold.
    """
    for path in _names(folder, stem, suffix):
        try:
            if path in known or path.stat().st_size != len(data):
                continue
            if path.read_bytes() == data:
                return path
        except FileNotFoundError:
            return None
        except OSError:
            continue
    raise AssertionError("names never end")


def sweep(folder: Path, older_than: float = _STALE_SECONDS) -> None:
    """Remove what a process that was killed while writing left behind ``older_than`` seconds ago."""
    for part in folder.glob(f".*{_PART}"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime >= older_than:
                part.unlink()


@contextmanager
def _temporary(folder: Path, data: bytes | Iterable[bytes]) -> Iterator[Path]:
    """A hidden file that holds ``data``, on the disk for sure, and is gone at the end of the block."""
    temporary = folder / f".{secrets.token_hex(8)}{_PART}"
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _names(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    yield folder / f"{stem}{suffix}"
    for number in itertools.count(2):
        yield folder / f"{stem} ({number}){suffix}"


def _publish(temporary: Path, target: Path) -> None:
    """Give a finished file its name; FileExistsError where the name is taken."""
    if os.name == "nt":
        temporary.rename(target)  # refuses a taken name
        return
    try:
        os.link(temporary, target)
    except OSError as e:
        if e.errno not in _NO_LINKS:
            raise
        # A file system without hard links (FAT, some network drives): reserve the name, then fill.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
        try:
            temporary.replace(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
