"""Scans dropped files and folders for photos in a worker thread."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QCoreApplication

from app.document.photo_order import natural
from cropcore.export.export import FOLDER
from cropcore.files.photo_scan import SUFFIXES

Listed = tuple[Path, tuple[int, int]]
"""A file with the stamp that it has now; zeros where that is not told."""

_PORTION = 500
_PORTION_SECONDS = 0.2


def looks_like_photo(name: str) -> bool:
    """Whether a file of this name is taken for a photo."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - of thousands of names


def list_photos(
    paths: Iterable[Path],
    found: Callable[[list[Listed]], None],
    trouble: Callable[[str], None],
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Tell the photos of files and folders in portions, the first one soon.

    A folder is taken with all folders below it: by name, numbers by their value, files before
    folders. Hidden files and folders are left out, so are links to folders, and the folders that
    exports go to. A file that is named itself is always taken. What cannot be looked into goes to
    ``trouble`` and ends nothing. Runs on any thread; ``stopped`` is asked between files.
    """
    portion: list[Listed] = []
    began = monotonic()
    for listed in _files(paths, trouble):
        if stopped():
            return
        portion.append(listed)
        # The first photo is to be seen at once, whatever comes behind it.
        if len(portion) >= _PORTION or monotonic() - began > _PORTION_SECONDS:
            found(portion)
            portion, began = [], monotonic()
    found(portion)


def _files(paths: Iterable[Path], trouble: Callable[[str], None]) -> Iterator[Listed]:
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:
            yield path, (0, 0)  # reading it will tell the person
            continue
        except OSError as error:
            trouble(f"{path.name}: {error.strerror}.")
            continue
        if not stat.S_ISDIR(status.st_mode):
            yield path, (status.st_mtime_ns, status.st_size)
            continue
        empty = True
        for listed in _walk(path, trouble):
            empty = False
            yield listed
        if empty:
            trouble(_tr("{0}: no photos in this folder.").format(path.name))


def _walk(folder: Path, trouble: Callable[[str], None]) -> Iterator[Listed]:
    files: list[tuple[str, tuple[int, int]]] = []
    folders: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    # What was exported beside the photos is no photo to crop again.
                    if entry.name != FOLDER:
                        folders.append(entry.name)
                elif looks_like_photo(entry.name) and not _is_folder(entry):
                    files.append((entry.name, _stamp(entry)))
    except OSError as error:
        trouble(f"{folder.name}: {error.strerror}.")
        return
    for name, stamp in sorted(files, key=lambda file: (natural(file[0]), file[0])):
        yield folder / name, stamp
    for name in sorted(folders, key=lambda name: (natural(name), name)):
        yield from _walk(folder / name, trouble)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        status = entry.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _tr(text: str) -> str:
    return QCoreApplication.translate("Listing", text)
