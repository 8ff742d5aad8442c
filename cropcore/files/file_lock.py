"""File locks between processes, released by the system when their holder ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cropcore.files.own_files import NotOwnError, open_own

_PAUSE = 0.005


@contextmanager
def locked(path: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock on the file ``path``, made where it is not there, until the block ends.

    Where nothing can be locked, in a folder that is read-only or not there or on a drive that
    knows no locks, the block runs without.

    Raises:
        TimeoutError: somebody else has held it for ``seconds``.
        NotOwnError: what is there is no lock file.
    """
    try:
        descriptor = open_own(path, append=True)
    except NotOwnError:
        raise
    except OSError:
        yield
        return
    try:
        give_up = time.monotonic() + seconds
        while lock_now(descriptor) is False:
            if time.monotonic() > give_up:
                raise TimeoutError(f"{path} is locked.")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def lock_now(descriptor: int) -> bool | None:
    """Take the lock on an open file: False where somebody else holds it, None where there is none."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True
