"""Finds photo files in folders, recursively, sorted by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cropcore.errors import OptionError, PhotoError
from cropcore.files.path_checks import is_folder, same

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"),
    *(".tif", ".tiff", ".avif", ".heic", ".heif"),
)
"""Endings by which a file in a folder is taken for a photo; a file that is named is always tried."""


@dataclass(slots=True)
class PhotoScan:
    """Photos in the order of a batch, each once; what could not be looked into; and the number of
    files in folders whose names are no photos'.
    """  # fmt: skip

    photos: list[Path] = field(default_factory=list)
    failures: list[PhotoError] = field(default_factory=list)
    left_out: int = 0


def gather(paths: Iterable[Path], out: Path) -> PhotoScan:
    """Expand files and folders, these recursively: by name, files before folders.

    Hidden files and folders are left out, and so is the folder ``out`` with what is in it.

    Raises:
        OptionError: one of the paths is ``out`` itself.
    """
    found = PhotoScan()
    seen: set[str] = set()
    for path in paths:
        if not is_folder(path):
            _take(path, found, seen)
            continue
        if same(path, out):
            raise OptionError(
                f"{path}: crops cannot go to the folder of the photos itself, where a next batch would "
                "take them for photos. Choose another, such as one inside it."
            )
        for file in _walk(path, out, found):
            if file.suffix.lower() in SUFFIXES:
                _take(file, found, seen)
            else:
                found.left_out += 1
    return found


def _take(path: Path, found: PhotoScan, seen: set[str]) -> None:
    place = os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow links to other names
    if place not in seen:
        seen.add(place)
        found.photos.append(path)


def _walk(folder: Path, out: Path, found: PhotoScan) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=lambda p: (p.name.casefold(), p.name))
    except OSError as error:
        reason = f"could not be looked into: {(error.strerror or str(error)).lower()}."
        found.failures.append(PhotoError(folder, reason, "Change the permissions of the folder."))
        return
    folders = []
    for path in entries:
        if path.name.startswith("."):
            continue
        if not is_folder(path):
            yield path
        # A link to a folder could lead in a circle.
        elif not path.is_symlink() and not same(path, out):
            folders.append(path)
    for path in folders:
        yield from _walk(path, out, found)
