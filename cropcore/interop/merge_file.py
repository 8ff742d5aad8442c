"""Changes a file of another program: whole or not at all, and never under its hands."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from cropcore.errors import SidecarError, system_reason
from cropcore.files.atomic_write import sweep, write_at
from cropcore.files.file_lock import lock_now
from cropcore.files.own_files import NotOwnError, open_regular
from cropcore.files.path_checks import file_stamp
from cropcore.messages import Message

LARGEST = 16 << 20
"""Bytes that no sidecar of another program reaches."""

Change = Callable[[bytes | None], bytes | None]
"""From what a file holds (None: there is none) to what it is to hold (None: leave it)."""


def read_sidecar(path: Path) -> bytes | None:
    """What a sidecar of another program holds, None where there is none.

    Raises:
        SidecarError: it cannot be read.
    """
    try:
        with os.fdopen(open_regular(path, LARGEST), "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except NotOwnError as e:
        raise SidecarError(path, e.reason, "It is left as it is.") from e
    except OSError as e:
        raise _failure(
            path, Message("could not be read: {reason}.", reason=system_reason(e))
        ) from e


def merge_file(path: Path, change: Change) -> bool:
    """Change a file by ``change``, which sees what it holds; returns whether it was written.

    A link leads to the file that is changed. Permissions stay. A file that may not be written, that
    another program has locked, or that is changed meanwhile is left alone.

    Raises:
        SidecarError: it is left as it was; whatever ``change`` raises leaves it so too.
    """
    target = Path(os.path.realpath(path))
    sweep(target.parent)
    try:
        descriptor = open_regular(target, LARGEST)
    except FileNotFoundError:
        return _made(path, target, change(None))
    except NotOwnError as e:
        raise SidecarError(path, e.reason, "It is left as it is.") from e
    except OSError as e:
        raise _failure(
            path, Message("could not be read: {reason}.", reason=system_reason(e))
        ) from e
    with os.fdopen(descriptor, "rb") as file:
        # Held until the file is replaced.
        if os.name != "nt" and lock_now(descriptor) is False:
            raise SidecarError(
                path, "is locked by another program.", "Close it there, then try again."
            )
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if not mode & 0o222 or not os.access(target, os.W_OK):
            raise SidecarError(path, "is read-only.", "Allow it to be written, then try again.")
        stamp = file_stamp(target)
        data = file.read()
        new = change(data)
        if new is None or new == data:
            return False
        if os.name == "nt":
            file.close()
        if file_stamp(target) != stamp:
            raise SidecarError(
                path, "was changed meanwhile by another program.", "Try again when it is done."
            )
        try:
            write_at(target, new, replace=True, mode=mode)
        except OSError as e:
            raise _failure(
                path, Message("could not be written: {reason}.", reason=system_reason(e))
            ) from e
    return True


def _made(path: Path, target: Path, new: bytes | None) -> bool:
    if new is None:
        return False
    try:
        write_at(target, new)
    except FileExistsError as e:
        raise SidecarError(
            path, "was made meanwhile by another program.", "Try again when it is done."
        ) from e
    except OSError as e:
        raise _failure(
            path, Message("could not be written: {reason}.", reason=system_reason(e))
        ) from e
    return True


def _failure(path: Path, reason: Message) -> SidecarError:
    return SidecarError(
        path, reason, "Check the folder {folder}, then try again.", folder=path.parent
    )
