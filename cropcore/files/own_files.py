"""Opens the program's own files - journals, records, locks, sidecars - safely in shared folders.

What lies under the name of such a file may be somebody else's: a link to a photo, a pipe, a device.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from cropcore.messages import Message

LARGEST = 2**28
"""Bytes that no list of photos and no preset reaches."""

_WAITS_FOR_NOBODY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_PHOTO = re.compile(rb"\xff\xd8|\x89PNG|RIFF|II[*+]\0|MM\0[*+]|.{4}ftyp", re.DOTALL)
_HEAD = 16


class NotOwnError(OSError):
    """A file that is not to be opened as one of the program's own; ``reason`` is a predicate."""

    def __init__(self, path: Path, reason: Message) -> None:
        super().__init__(errno.EINVAL, str(reason).rstrip("."), str(path))
        self.reason = reason


def open_own(path: Path, append: bool = False, largest: int = LARGEST) -> int:
    """Open a file that the program appends to, or locks, and return its descriptor.

    It is opened for reading, or with ``append`` for both, and then made where it is not there. Links
    are not followed.

    Raises:
        NotOwnError: it is a link, has a second name, is no regular file, holds a photo, or more bytes
            than ``largest``.
        OSError: the system does not let.
    """
    wanted = os.O_RDWR | os.O_APPEND | os.O_CREAT if append else os.O_RDONLY
    if not _NO_LINK and path.is_symlink():
        raise _link(path)
    try:
        descriptor = os.open(path, wanted | _NO_LINK | _WAITS_FOR_NOBODY, 0o666)
    except OSError as error:
        if path.is_symlink():
            raise _link(path) from error
        if error.errno == errno.ENXIO:  # what opening a socket raises
            raise _no_file(path) from error
        raise
    try:
        status = _checked(path, descriptor, largest)
        if status.st_nlink > 1:
            raise NotOwnError(path, Message("is one file under several names (a hard link)."))
        if status.st_size:  # Windows lets nobody read a file that another process has locked
            if _PHOTO.match(os.read(descriptor, _HEAD)):
                raise NotOwnError(
                    path, Message("holds a photo under a name of Cropsight's own files.")
                )
            os.lseek(descriptor, 0, os.SEEK_SET)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_own(path: Path, largest: int = LARGEST) -> bytes:
    """The whole of a file that the program writes anew each time; a link may lead to it.

    Raises:
        NotOwnError: it is no regular file, or holds more bytes than ``largest``.
        OSError: the system does not let.
    """
    with os.fdopen(open_regular(path, largest), "rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise _too_large(path)
    return data


def open_regular(path: Path, largest: int | None = None) -> int:
    """Open a regular file, be it at the end of a link, for reading and return its descriptor.

    Raises:
        NotOwnError: it is no regular file, or holds more bytes than ``largest``.
        OSError: the system does not let.
    """
    descriptor = os.open(path, os.O_RDONLY | _WAITS_FOR_NOBODY)
    try:
        _checked(path, descriptor, largest)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _checked(path: Path, descriptor: int, largest: int | None) -> os.stat_result:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise _no_file(path)
    if largest is not None and status.st_size > largest:
        raise _too_large(path)
    return status


def _link(path: Path) -> NotOwnError:
    return NotOwnError(path, Message("is a link to another file."))


def _no_file(path: Path) -> NotOwnError:
    return NotOwnError(path, Message("is a device or a pipe, not a file."))


def _too_large(path: Path) -> NotOwnError:
    return NotOwnError(path, Message("is larger than any file of its kind."))
