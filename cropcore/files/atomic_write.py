"""Atomic writes of new files that never overwrite."""

from __future__ import annotations

import errno
import itertools
import os
import re
import secrets
import time
from collections.abc import Container, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cropcore.files.file_lock import lock_now
from cropcore.files.path_checks import same

_PART = ".cropsight-part"
_PROCESS = secrets.token_hex(4)
_LOCKED_NAME = re.compile(rf"\.(?P<process>[0-9a-f]{{8}})-[0-9a-f]{{16}}{re.escape(_PART)}")
_STALE_SECONDS = 86_400
_NO_LINKS = {
    getattr(errno, name)
    for name in ("EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "EXDEV", "EINVAL")
    if hasattr(errno, name)
}


def write_new(
    folder: Path, stem: str, suffix: str, data: bytes | Iterable[bytes], tidy: bool = True
) -> Path:
    """Write ``data``, whole or in pieces, to a new file in ``folder`` and return its path.

    The name is ``stem + suffix``, or ``stem (2)`` and so on where that is taken, be it by a file,
    a folder or a dangling link, and be it by another process a moment ago. The bytes go to a hidden
    temporary file in the same folder first, which is removed whatever happens. With ``tidy`` what killed
    processes left in the folder is removed before, for which the whole folder is looked through.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    if tidy:
        sweep(folder)
    with _temporary(folder, data) as temporary:
        for target in _names(folder, stem, suffix):
            with suppress(FileExistsError):
                _publish(temporary, target)
                return target
        raise AssertionError("names never end")


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Where :func:`write_new` would write now."""
    return next(path for path in _names(folder, stem, suffix) if not os.path.lexists(path))


def write_at(path: Path, data: bytes, replace: bool = False, mode: int | None = None) -> None:
    """Write ``data`` to ``path``, whole or not at all; ``mode`` are its permissions, if not the usual.

    When it returns, the file and its name outlive a power cut, where the system can promise that.

    Raises:
        FileExistsError: the name is taken, and ``replace`` was not asked for.
        OSError: the folder cannot be written to, or the disk is full.
    """
    with _temporary(path.parent, data) as temporary:
        if mode is not None:
            temporary.chmod(mode)
        if replace:
            temporary.replace(path)
        else:
            _publish(temporary, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; systems that know no such thing are left in peace."""
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move_new(source: Path, target: Path) -> None:
    """Give a file another place on the same drive, whose name is free.

    A file that has both names, since this was interrupted, loses the old one.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be moved.
    """
    try:
        _publish(source, target)
    except FileExistsError:
        # By way of a linked folder it could be one name as well.
        if not same(source, target) or source.stat().st_nlink == 1:
            raise
    source.unlink(missing_ok=True)


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


def sweep(folder: Path) -> None:
    """Remove what processes that were killed while writing left behind.

    A temporary file is locked while its process lives. Where the system knows no locks, or the name
    is not one that this version gives, only a file that was not written to for a day is removed.
    """
    for part in folder.glob(f".*{_PART}"):
        with suppress(OSError):
            if time.time() - part.lstat().st_mtime >= _STALE_SECONDS:
                part.unlink()
            elif (name := _LOCKED_NAME.fullmatch(part.name)) and name["process"] != _PROCESS:
                _unlink_unlocked(part)


def _unlink_unlocked(part: Path) -> None:
    if os.name == "nt":
        return  # Windows renames no open file, so temporary files are not locked there
    descriptor = os.open(part, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        if lock_now(descriptor):
            part.unlink()
    finally:
        os.close(descriptor)


@contextmanager
def _temporary(folder: Path, data: bytes | Iterable[bytes]) -> Iterator[Path]:
    """A hidden file that holds ``data``, on the disk for sure, and is gone at the end of the block."""
    temporary, descriptor = _created(folder)
    with ExitStack() as stack:
        stack.callback(temporary.unlink, missing_ok=True)
        file = stack.enter_context(os.fdopen(descriptor, "wb"))
        file.writelines([data] if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(descriptor)
        if os.name == "nt":
            file.close()  # Windows renames no open file
        yield temporary


def _created(folder: Path) -> tuple[Path, int]:
    """A new file and its descriptor, locked where the system knows locks."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        temporary = folder / f".{_PROCESS}-{secrets.token_hex(8)}{_PART}"
        descriptor = os.open(temporary, flags, 0o666)
        if os.name == "nt" or (lock_now(descriptor) is not False and temporary.exists()):
            return temporary, descriptor
        os.close(descriptor)  # another process's ``sweep`` removed it before it was locked


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
