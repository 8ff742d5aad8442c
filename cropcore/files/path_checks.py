"""Path checks (exists, is a folder) that never raise: what cannot be read is not there.

A path may lie in a folder without permission, or have a name longer than any file's; pathlib then
answers some of these questions with an OSError.
"""

from __future__ import annotations

import os
from pathlib import Path

Stamp = tuple[int, int]
"""Time of a file's last change (nanoseconds) and its size (bytes); zeros where they are not told."""


def is_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether it is a file, or a link to one; no device and no pipe."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Whether there is anything, at the end of a link as well."""
    try:
        return path.exists()
    except OSError:
        return False


def same(path: Path, other: Path) -> bool:
    """Whether both lead to one and the same file or folder that is there."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def file_stamp(file: Path | os.DirEntry[str]) -> Stamp:
    """Time of last change (ns) and size (bytes), to notice later that a file was changed."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
