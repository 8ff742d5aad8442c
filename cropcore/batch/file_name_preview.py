"""Computes the names of a batch's files before it runs."""

from __future__ import annotations

import itertools
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cropcore.batch.journal import JobKey, Journal
from cropcore.batch.preset import Preset
from cropcore.batch.prior_edits import PriorEdits
from cropcore.errors import CropsightError
from cropcore.export import file_names
from cropcore.export.export import changed_on, format_of
from cropcore.export.options import FORMATS, ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import fit_to_ratio
from cropcore.geometry.crop import Crop
from cropcore.images import render
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.metadata.metadata import read_metadata

_WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """What a name may need of a photo's file: its header, and the day as YYYY-MM-DD."""

    photo: Photo
    date: str


@dataclass(frozen=True, slots=True)
class FileNamePreview:
    """A file's name: ``new``, ``numbered`` because the wanted one is taken, or ``there`` already.

    Where ``sure`` is False the name has fields that only the photo, or the crop, can tell.
    """

    photo: Path
    name: str
    fate: Literal["new", "numbered", "there"]
    sure: bool = True


def named_photo(path: Path) -> NamedPhoto | None:
    """Read a photo's header and date; None where it cannot be read."""
    try:
        return NamedPhoto(read_photo(path), read_metadata(path).taken or changed_on(path))
    except CropsightError:
        return None


def file_name_previews(
    preset: Preset,
    photos: Sequence[Path],
    folder: Path,
    facts: Callable[[int, Path], NamedPhoto | None] = lambda place, path: None,
    prior_edits: Mapping[Path, PriorEdits] | None = None,
) -> Iterator[FileNamePreview]:
    """The names of all files of a batch into ``folder``, in the order in which they are written.

    ``facts`` tells what is known of a photo, None for nothing; then its path alone has to do. ``prior_edits``
    is what the person did to photos. As a batch that goes on, jobs that are finished keep the files
    that they have.

    Raises:
        TemplateError: the template cannot name a file.
        ExportError: the folder's journal cannot be read.
    """
    file_names.check(preset.template)
    fields = {field for _, field, _, _ in string.Formatter().parse(preset.template) if field}
    options = preset.options(folder)
    journal = Journal(folder)
    digest = preset.digest
    folders: dict[Path, _Taken] = {}
    for place, path in enumerate(photos):
        known, done = facts(place, path), (prior_edits or {}).get(path, PriorEdits())
        where = preset.folder_of(path) or folder
        if where not in folders:
            folders[where] = _Taken(where)
        taken = folders[where]
        for i, wanted in enumerate(preset.aspects):
            aspect = wanted
            own = done.own(aspect, preset.turn_ratios) if preset.keep_own_crops else None
            asked = done.digest(digest, own)
            there = journal.knows(asked)
            entry = journal.finished(JobKey.of(path, asked, aspect.slug)) if there else None
            if entry is not None:
                names = (Path(name).name for name, _ in entry.files)
                yield from (FileNamePreview(path, name, "there") for name in names)
                continue
            n = place * len(preset.aspects) + i + 1
            turned = not preset.turn_ratios or known is not None or aspect.swapped() == aspect
            if known is not None:
                aspect = preset.aspect_of(aspect, done.oriented(known.photo))
            aspect = own.aspect if own is not None else aspect
            size = preset.size_of(aspect)
            width, height = _size(done.oriented(known.photo) if known else None, aspect, size)
            sized = not fields & {"width", "height"} or (size is not None and size.exact)
            dated = known is not None or "date" not in fields
            for rank in range(1, (len(own.candidates) if own else preset.k) + 1):
                date = known.date if known else changed_on(path) if "date" in fields else ""
                values = file_names.NameFields(path.stem, aspect.slug, rank, width, height, date, n)
                stem = file_names.file_stem(preset.template, values)
                name, free = taken.take(stem, _suffix(known, path, options))
                yield FileNamePreview(
                    path, name, "new" if free else "numbered", sized and dated and turned
                )


class _Taken:
    """The names that are taken in a folder, and in the course of the batch."""

    def __init__(self, folder: Path) -> None:
        try:
            self._names = {path.name for path in folder.iterdir()}
        except OSError:
            self._names = set()
        self._next: dict[str, int] = {}

    def take(self, stem: str, suffix: str) -> tuple[str, bool]:
        """The name that a file gets, and whether it is the one that it wants."""
        wanted = f"{stem}{suffix}"
        if wanted not in self._names:
            self._names.add(wanted)
            return wanted, True
        for number in itertools.count(self._next.get(wanted, 2)):
            name = f"{stem} ({number}){suffix}"
            if name not in self._names:
                break
        self._next[wanted] = number + 1
        self._names.add(name)
        return name, False


def _size(photo: Photo | None, aspect: Aspect, size: Size | None) -> tuple[int, int]:
    """Width and height of the largest crop there can be; the best one may be smaller."""
    if size is not None and size.exact:
        return size.width, size.height
    if photo is None:
        return 0, 0
    ratio = aspect.ratio_for(photo.width, photo.height) or photo.ratio
    left, top, right, bottom = fit_to_ratio(_WHOLE, ratio, photo.ratio).tolist()
    crop = Crop((left, top, right, bottom))
    return render.plan(photo.width, photo.height, crop, aspect, size).size


def _suffix(known: NamedPhoto | None, path: Path, options: ExportOptions) -> str:
    if options.format != "keep":
        return FORMATS[options.format][1]
    return format_of(known.photo, options)[1] if known else path.suffix.lower()
