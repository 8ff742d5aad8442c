"""Keeps journals of cancelled batches with the program's state, out of the person's folders."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cropcore.batch.journal import (
    LARGEST,
    LOCK,
    NAME,
    Journal,
    held_folder,
    lines_of,
    opened_journal,
    read_line,
)
from cropcore.errors import ExportError
from cropcore.files.atomic_write import write_at
from cropcore.files.own_files import read_own
from cropcore.files.user_dirs import state_dir


def set_aside(folder: Path) -> None:
    """Take the journal of a batch that was cancelled out of its folder.

    The folder is removed where it is empty then. :func:`resumed_journal` brings the journal back. Where
    another batch is at work there, or nothing can be written, it stays.
    """
    with suppress(ExportError, OSError):
        with held_folder(folder):
            journal = folder / NAME
            if any(read_line(line) for _, line in lines_of(journal, LARGEST)):
                place = _place(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                write_at(place, read_own(journal, LARGEST), replace=True)
            journal.unlink(missing_ok=True)
            (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()


@contextmanager
def resumed_journal(folder: Path) -> Iterator[Journal]:
    """As :func:`opened_journal`; one that was set aside is back in its folder.

    Raises:
        ExportError: another batch is at work there, or the journal cannot be read.
    """
    place = _place(folder)
    with suppress(OSError):
        if place.exists():
            with held_folder(folder), suppress(FileExistsError):
                write_at(folder / NAME, read_own(place, LARGEST))
            place.unlink()
    with opened_journal(folder) as journal:
        yield journal


def _place(folder: Path) -> Path:
    name = hashlib.sha256(os.path.abspath(folder).encode("utf-8", "surrogateescape"))  # noqa: PTH100
    return state_dir() / "journals" / f"{name.hexdigest()[:32]}.jsonl"
