"""Folders of record files, one file a record, each locked while a process uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from cropcore.files.atomic_write import move_new, sweep
from cropcore.files.file_lock import locked


def lock_record(record: Path) -> AbstractContextManager[None]:
    """Lock a record while the block runs; other processes see that it is in use.

    Raises:
        TimeoutError: somebody else holds it.
        NotOwnError: what is there in the place of its lock is none.
    """
    return locked(_lock_of(record), 0.0)


def remove_record(record: Path) -> None:
    """Remove a record and its lock, as far as the system lets."""
    for path in (record, _lock_of(record)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def move_record(record: Path, target: Path) -> None:
    """Give a record that nobody holds another place on the same drive; a mere lock is removed.

    Raises:
        TimeoutError: somebody holds it.
        FileExistsError: the new place is taken.
        OSError: it cannot be moved.
    """
    lock = _lock_of(record)
    with lock_record(record):
        if record != lock:
            move_new(record, target)
    lock.unlink(missing_ok=True)


def oldest_first(folder: Path, ending: str) -> Iterator[Path]:
    """The records in a folder by their last change; what a crash left half written is removed."""
    sweep(folder)
    yield from sorted(folder.glob(f"[!.]*{ending}"), key=_changed)


def _lock_of(record: Path) -> Path:
    return record.with_suffix(".lock")


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
