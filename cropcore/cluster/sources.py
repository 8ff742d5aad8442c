"""Photos behind URLs: listing them, and fetching one to a local file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cropcore.cluster.targets import S3, s3_pages
from cropcore.cluster.url_system import opened_system, system_errors
from cropcore.errors import PhotoError, system_reason
from cropcore.files.photo_scan import EXPORT_FOLDER, looks_like_photo

_LONGEST_NAME = 200
_CHANGED = ("LastModified", "mtime", "last_modified", "updated", "created")


class Listed(NamedTuple):
    """A photo's path or URL, its size in bytes and time of change (-1 where they are not told)."""

    photo: str
    size: int
    mtime_ns: int


class UrlSource:
    """A photo or a folder of photos behind a URL."""

    def __init__(self, url: str, **options: Any) -> None:
        """``options`` are those of the store's fsspec module.

        Raises:
            OptionError: the store's package is not installed.
        """
        self.url = url
        self.left_out = 0
        self._scheme = urlsplit(url).scheme
        self._system, self._path = opened_system(url, **options)

    def photos(self, out: str = "") -> Iterator[Listed]:
        """The file itself, whatever it is called, or the photos below it, in the store's order.

        As in a folder hidden files and folders are left out, and what was exported: the folder ``out``
        (a URL) and those called :data:`~cropcore.files.photo_scan.EXPORT_FOLDER`.

        Raises:
            OSError: the store cannot be asked; FileNotFoundError where there is nothing.
        """
        with system_errors():
            if self._system.isfile(self._path):
                yield self._listed("", self._system.info(self._path))
                return
            files = self._objects() if self._scheme in S3 else self._files()
            count, out_below = 0, f"{out}/".removeprefix(f"{self.url}/") if out else ""
            inside = f"{out}/".startswith(f"{self.url}/")
            for name, facts in files:
                count += 1
                if inside and name.startswith(out_below):
                    continue
                *folders, last = name.split("/")
                if any(part.startswith(".") or part == EXPORT_FOLDER for part in folders):
                    continue
                if last.startswith("."):
                    continue
                if not looks_like_photo(last):
                    self.left_out += 1
                    continue
                yield self._listed(f"/{name}", facts)
            if not count and not self._system.isdir(self._path):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self.url)

    def _objects(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All objects of S3 below the path, in pages: there may be millions."""
        bucket, _, key = self._path.partition("/")
        prefix = f"{key}/" if key else ""
        for found in s3_pages(self._system, bucket, prefix):
            if not found["Key"].endswith("/"):  # how consoles mark empty folders
                yield found["Key"][len(prefix) :], {**found, "size": found["Size"]}

    def _files(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All files below the path, folder by folder; a folder's listing is held in memory."""
        for path, folders, files in self._system.walk(self._path, detail=True):
            # Names begin with a slash in some systems, and not in others.
            below = f"{path}/".lstrip("/").removeprefix(self._path.lstrip("/")).lstrip("/")
            for name in sorted(folders):
                folders[name] = folders.pop(name)  # walked in this order
            for name in sorted(files):
                yield below + name, files[name]

    def _listed(self, below: str, facts: dict[str, Any]) -> Listed:
        size = facts.get("size")
        return Listed(self.url + below, -1 if size is None else int(size), _changed_ns(facts))


def fetched(photo: str, folder: Path, system_of: Callable[[str], tuple[Any, str]]) -> Path:
    """Fetch a photo to a folder of its own, under its own name.

    ``system_of`` gives the file system and the path in it of a URL.

    Raises:
        PhotoError: it is gone, may not be read, or the store fails; nothing is left of it.
    """
    path = folder / _local_name(photo)
    try:
        with system_errors():
            system, name = system_of(photo)
            system.get_file(name, str(path))
    except FileNotFoundError as error:
        raise PhotoError(path, "is not there.", "It may have been moved or renamed.") from error
    except PermissionError as error:
        raise PhotoError(path, "may not be read.", "Change its permissions.") from error
    except OSError as error:
        raise PhotoError(
            path,
            "could not be fetched: {reason}.",
            "Try it again with --resume.",
            reason=system_reason(error),
        ) from error
    return path


def _local_name(photo: str) -> str:
    name = PurePosixPath(photo).name
    if len(name.encode("utf-8", "surrogateescape")) <= _LONGEST_NAME:
        return name
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    return stem.encode()[: _LONGEST_NAME - len(suffix)].decode(errors="ignore") + suffix


def _changed_ns(facts: dict[str, Any]) -> int:
    for name in _CHANGED:
        match facts.get(name):
            case datetime() as when:
                return int(when.timestamp()) * 10**9
            case int() | float() as seconds:
                return int(seconds) * 10**9
            case str() as text:
                try:
                    return int(datetime.fromisoformat(text).timestamp()) * 10**9
                except ValueError:
                    continue
    return -1
