"""The photos of a large batch, listed once into a temporary file, so that memory does not grow with them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from cropcore.cluster.sources import Listed, UrlSource
from cropcore.cluster.url_system import in_words
from cropcore.errors import CropsightError, FileError, OptionError, system_reason
from cropcore.files.path_checks import is_folder, same
from cropcore.files.photo_scan import PhotoWalk


class Listing:
    """Photos in the order of a batch, each once.

    ``failures`` are of folders and stores that could not be looked into, each with its path or URL;
    ``left_out`` counts files without a photo's ending.
    """

    def __init__(self, photos: Iterable[Listed] = ()) -> None:
        """Raises OptionError where the temporary file cannot be made."""
        self._count = 0
        self.left_out = 0
        self.failures: list[tuple[str, CropsightError]] = []
        try:
            # Open as long as the listing lives; it has no name and ends with it.
            self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="ascii")  # noqa: SIM115
            for photo in photos:
                self._add(photo)
        except OSError as error:
            raise _full(error) from error

    @classmethod
    def of(cls, places: Iterable[Path | str], out: Path | str) -> Listing:
        """List files, folders and URLs for a batch into the folder or URL ``out``.

        Raises:
            OptionError: one of the places is ``out`` itself, a store's package is missing, or the
                temporary file cannot be written.
        """
        listing, places = cls(), list(places)
        seen: set[str] | None = set() if len(places) > 1 else None
        for place in places:
            if place == out or (
                isinstance(place, Path) and isinstance(out, Path) and _both(place, out)
            ):
                raise OptionError(
                    "{place}: crops cannot go to the folder of the photos itself, where a next batch "
                    "would take them for photos. Choose another, such as one inside it.",
                    place=place,
                )
            found = (
                listing._walk(place, out) if isinstance(place, Path) else listing._ask(place, out)
            )
            for photo in found:
                if seen is None or photo.photo not in seen:
                    listing._add(photo)
                if seen is not None:
                    seen.add(photo.photo)
        return listing

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Listed]:
        try:
            self._file.seek(0)
            for line in self._file:
                yield Listed(*json.loads(line))
        except OSError as error:
            raise _full(error) from error

    def _add(self, photo: Listed) -> None:
        try:
            self._file.write(json.dumps(photo) + "\n")
        except OSError as error:
            raise _full(error) from error
        self._count += 1

    def _walk(self, path: Path, out: Path | str) -> Iterator[Listed]:
        walk = PhotoWalk(out if isinstance(out, Path) else None)
        for photo, (mtime_ns, size) in walk.photos(path):
            whole = os.path.abspath(photo)  # noqa: PTH100 - as the person named it, links and all
            told = (size, mtime_ns) if (size or mtime_ns) else (-1, -1)
            yield Listed(whole, *told)
        self.left_out += walk.left_out
        self.failures += [(str(failure.path), failure) for failure in walk.failures]

    def _ask(self, url: str, out: Path | str) -> Iterator[Listed]:
        source = UrlSource(url)
        try:
            yield from source.photos(out if isinstance(out, str) else "")
        except OSError as error:
            self.failures.append((url, CropsightError(in_words(url, error))))
        self.left_out += source.left_out


def _both(path: Path, out: Path) -> bool:
    return is_folder(path) and same(path, out)


def _full(error: OSError) -> FileError:
    return FileError(
        tempfile.gettempdir(),
        "takes no list of the photos: {reason}.",
        "Free some space there, or set TMPDIR to another folder.",
        reason=system_reason(error),
    )
