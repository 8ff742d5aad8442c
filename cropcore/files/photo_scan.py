"""Finds photo files in folders, recursively, sorted by name."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cropcore.errors import OptionError, PhotoError, system_reason
from cropcore.files.natural_order import natural
from cropcore.files.path_checks import Stamp, file_stamp, is_folder, same

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp"),
    *(".tif", ".tiff", ".avif", ".heic", ".heif", ".hif"),
)
"""Endings by which a file in a folder is taken for a photo; a file that is named is always tried."""

RAW_SUFFIXES = (
    *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mos"),
    *(".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw"),
    ".x3f",
)
"""Endings of raw files."""

_BESIDE_RAW = (".jpg", ".jpeg", ".jpe", ".heic", ".heif", ".hif")
"""Endings of what cameras write beside a raw file."""
_KINDS = {
    ".bmp": "BMP",
    ".gif": "GIF",
    ".jp2": "JPEG 2000",
    ".j2k": "JPEG 2000",
    ".jpx": "JPEG 2000",
    ".jxl": "JPEG XL",
    ".psd": "Photoshop",
    ".psb": "Photoshop",
    ".exr": "OpenEXR",
    ".svg": "SVG",
}
# Kinds of pictures, by their endings, that a folder may hold and that cannot be read.

EXPORT_FOLDER = "Cropsight"
"""The folder beside a photo that exports go to, where no other is given."""

Listed = tuple[Path, Stamp]
"""A file with the stamp that it has now."""


def looks_like_photo(name: str) -> bool:
    """Whether a file of this name is taken for a photo that is no raw file."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - of thousands of names


def reads_raw() -> bool:
    """Whether the extra for raw files is installed; it is not imported for that."""
    try:
        return importlib.util.find_spec("rawpy") is not None
    except ValueError:  # it was looked for before, in vain
        return False


def is_raw_name(name: str) -> bool:
    """Whether a file of this name is taken for a raw file."""
    return os.path.splitext(name)[1].lower() in RAW_SUFFIXES  # noqa: PTH122 - of thousands of names


@dataclass(slots=True)
class PhotoWalk:
    """Walks files and folders, and notes what it could not look into and how many files it left out.

    ``out`` is a folder that exports go to. A file in a folder is left out where its name is no photo's;
    ``kinds`` counts those among them that are pictures of another kind, such as "GIF", or "raw" where raw
    files cannot be read. With ``pairs`` the camera's JPEG or HEIC of a raw file in the same folder is no
    photo of its own.
    """

    out: Path | None = None
    pairs: bool = True
    failures: list[PhotoError] = field(default_factory=list)
    left_out: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    _reads_raw: bool = field(default_factory=reads_raw)

    @property
    def raw_left_out(self) -> int:
        """Raw files that cannot be read here."""
        return self.kinds["raw"]

    def photos(self, path: Path) -> Iterator[Listed]:
        """The file ``path`` itself, whatever it is called, or the photos in this folder and below.

        They come in natural order of their names, the files of a folder before the folders in it.
        Hidden files and folders are left out, and so are links to folders, which could lead in a
        circle, the folder ``out``, and those called :data:`EXPORT_FOLDER`: what was exported is no
        photo to crop again.
        """
        if not is_folder(path):
            yield path, file_stamp(path)
            return
        ahead = [path]
        while ahead:
            folder = ahead.pop()
            files, folders = self._listed(folder)
            for name, stamp in sorted(files, key=lambda file: natural(file[0])):
                yield folder / name, stamp
            for name in sorted(folders, key=natural, reverse=True):
                ahead.append(folder / name)

    def _listed(self, folder: Path) -> tuple[list[tuple[str, Stamp]], list[str]]:
        files: list[tuple[str, Stamp]] = []
        folders: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if _leads_to_folder(entry):
                        if not entry.is_symlink() and not self._takes_exports(entry):
                            folders.append(entry.name)
                    elif looks_like_photo(entry.name) or (
                        self._reads_raw and is_raw_name(entry.name)
                    ):
                        files.append((entry.name, file_stamp(entry)))
                    else:
                        self.left_out += 1
                        ending = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122
                        kind = "raw" if ending in RAW_SUFFIXES else _KINDS.get(ending)
                        if kind:
                            self.kinds[kind] += 1
        except OSError as error:
            self.failures.append(
                PhotoError(
                    folder,
                    "could not be looked into: {reason}.",
                    "Change the permissions of the folder.",
                    reason=system_reason(error),
                )
            )
        return (_paired(files) if self.pairs else files), folders

    def _takes_exports(self, entry: os.DirEntry[str]) -> bool:
        if entry.name == EXPORT_FOLDER:
            return True
        return self.out is not None and same(Path(entry.path), self.out)


@dataclass(frozen=True, slots=True)
class PhotoScan:
    """Photos in the order of a batch, each once, what could not be looked into, and what was left out.

    ``left_out`` are the files in folders whose names are no photos', ``kinds`` those of them that are
    pictures of another kind, counted by kind.
    """

    photos: list[Path]
    failures: list[PhotoError]
    left_out: int
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def raw_left_out(self) -> int:
        """Raw files that cannot be read here."""
        return self.kinds["raw"]


def gather(paths: Iterable[Path], out: Path, pairs: bool = True) -> PhotoScan:
    """The photos of files and folders for a batch into the folder ``out``, by a :class:`PhotoWalk`.

    Raises:
        OptionError: one of the paths is ``out`` itself.
    """
    walk = PhotoWalk(out, pairs)
    found: dict[str, Path] = {}
    for path in paths:
        if is_folder(path) and same(path, out):
            raise OptionError(
                "{path}: crops cannot go to the folder of the photos itself, "
                "where a next batch would take them for photos. Choose another, "
                "such as one inside it.",
                path=path,
            )
        for photo, _ in walk.photos(path):
            place = os.path.abspath(photo)  # noqa: PTH100 - Path.resolve would follow links
            found.setdefault(place, photo)
    return PhotoScan(list(found.values()), walk.failures, walk.left_out, walk.kinds)


def _paired(files: list[tuple[str, Stamp]]) -> list[tuple[str, Stamp]]:
    """Files of a folder without those that a camera made beside a raw file."""
    raws = {os.path.splitext(name)[0] for name, _ in files if is_raw_name(name)}  # noqa: PTH122
    return [
        (name, stamp)
        for name, stamp in files
        if os.path.splitext(name)[0] not in raws  # noqa: PTH122
        or os.path.splitext(name)[1].lower() not in _BESIDE_RAW  # noqa: PTH122
    ]


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
