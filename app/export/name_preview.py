"""Looks up in a worker thread how an export's file will be named: its real date, ending and number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.runtime.background import BackgroundWorker, single_shot
from app.runtime.workers import StopOrder
from cropcore.errors import CropsightError
from cropcore.export import file_names
from cropcore.export.export import changed_on, format_of
from cropcore.export.options import ExportOptions
from cropcore.files.atomic_write import free_name
from cropcore.files.export_folder import export_folder
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from cropcore.images.render import plan
from cropcore.metadata.metadata import read_metadata

_REST_MS = 80


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """What a name depends on: the photo, the crop and its aspect, and the options."""

    photo: Photo
    crop: Crop
    aspect: Aspect
    options: ExportOptions


class NamePreview(QObject):
    """Names the first file of an export; a later question takes the place of an earlier one.

    Signals: ``named`` (the name, whether it has a number because the wanted one is taken).
    """

    named = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self, "export names", StopOrder.READERS)
        self._question: NameQuestion | None = None
        self._rest = single_shot(self, _REST_MS, self._ask)
        self._dates: dict[tuple[Path, float], str] = {}

    def ask(self, question: NameQuestion) -> None:
        """Find the name; nothing happens where its template is none."""
        self._question = question
        self._rest.start()

    def _ask(self) -> None:
        if (question := self._question) is not None:
            self._worker.submit(partial(self._name, question), partial(self._tell, question))

    def _tell(self, question: NameQuestion, found: tuple[str, bool] | None) -> None:
        if question == self._question and found is not None:
            self.named.emit(*found)

    def _name(self, question: NameQuestion) -> tuple[str, bool] | None:
        photo, options = question.photo, question.options
        size = plan(photo.width, photo.height, question.crop, question.aspect, options.size).size
        slug = question.aspect.slug
        fields = file_names.NameFields(photo.path.stem, slug, 1, *size, self._date(photo.path))
        try:
            stem = file_names.file_stem(options.template, fields)
        except CropsightError:
            return None
        folder = options.folder or export_folder(photo.path)
        suffix = format_of(photo, options)[1]
        name = free_name(folder, stem, suffix).name
        return name, name != stem + suffix

    def _date(self, path: Path) -> str:
        """The day that a file has in its name; on the worker's thread alone."""
        try:
            known = path, path.stat().st_mtime
            if known not in self._dates:
                self._dates = {known: read_metadata(path).taken or changed_on(path)}
            return self._dates[known]
        except (OSError, CropsightError):
            return changed_on(path)
