"""Worker thread that writes crops for other editors: sidecars, or byte copies with the crop inside."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.engine.messages import EngineClient
from app.export.best_crop import taken_crop
from app.export.export_plan import ExportTask
from app.export.write_thread import WriteThread
from app.i18n.engine_messages import translated
from cropcore.errors import CropsightError
from cropcore.files.export_folder import export_folder
from cropcore.files.photo_scan import is_raw_name
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.images.photo import Photo, read_photo
from cropcore.interop.embedded_xmp import COPIED, copy_with_crop
from cropcore.interop.foreign_options import ForeignOptions
from cropcore.interop.sidecar_writer import SidecarWriter
from cropcore.interop.xmp_sidecar import xmp_path
from cropcore.messages import Message

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ForeignTask:
    """One photo whose crop other editors are to read.

    ``photo`` is as the person turned it; None has it read from ``path`` and turned by ``turn``. Without a
    ``crop`` that of ``export`` is taken, for which the engine may be asked; without that the stars are
    written alone. ``rating`` is -1, 0 or 1, None for leaving stars alone.
    """

    path: Path
    crop: Crop | None
    aspect: Aspect
    photo: Photo | None = None
    turn: Orientation = UPRIGHT
    rating: int | None = None
    export: ExportTask | None = None


@dataclass(frozen=True, slots=True)
class WrittenForeign:
    """A file that holds the crop now, or holds another that was kept; ``state`` as of sidecars."""

    task: ForeignTask
    crop: Crop | None
    path: Path
    state: str


class ForeignJob(WriteThread):
    """Writes the crops of many photos; a failure never stops the rest.

    Signals: ``progress`` (done, total), ``wrote`` (WrittenForeign), ``unsuggested`` (the name of a photo
    whose crop is only the largest centred one), ``noticed`` (text), ``failed`` (text). ``counts`` are those
    of :class:`cropcore.interop.sidecar_writer.SidecarWriter`, and ``copied``; they hold once it has ended.
    """

    progress = Signal(int, int)
    wrote = Signal(WrittenForeign)
    unsuggested = Signal(str)
    noticed = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        tasks: Sequence[ForeignTask],
        options: ForeignOptions,
        folder: Path | None,
        engine: EngineClient,
        parent: QObject | None = None,
    ) -> None:
        """``folder`` is where copies go; None: a folder beside each photo."""
        super().__init__(parent)
        self.tasks = tuple(tasks)
        self.options = options
        self.counts: Counter[str] = Counter()
        self._folder = folder
        self._engine = engine
        self._writer: SidecarWriter | None = None
        if options.kind != "copies":
            self._writer = SidecarWriter(options.kind, None, options.replace, options.new_pp3)
            self.counts = self._writer.counts

    def run(self) -> None:
        """The thread's work."""
        total = len(self.tasks)
        for done, task in enumerate(self.tasks):
            if self.was_cancelled:
                return
            self.signals.send(self.progress, done, total)
            try:
                self._do(task)
            except CropsightError as error:
                self.signals.send(self.failed, translated(error))
            except Exception as error:  # The rest must have its turn.
                log.exception("Cannot write the crop of %s", task.path)
                text = Message(
                    "{file}: its crop cannot be written ({reason}).",
                    file=task.path.name,
                    reason=str(error),
                )
                self.signals.send(self.failed, translated(text))
        self.signals.send(self.progress, total, total)

    def _do(self, task: ForeignTask) -> None:
        crop = task.crop
        if crop is None and task.export is not None:
            taken = taken_crop(task.export, self._engine, lambda: self.was_cancelled)
            if taken is None:
                return
            crop = taken.crop
            if not taken.suggested:
                self.signals.send(self.unsuggested, task.path.name)
        photo = task.photo
        if photo is None:
            photo = read_photo(task.path)
            photo = photo if task.turn == UPRIGHT else photo.turned(task.turn)
        if self._writer is not None:
            rating = task.rating if self.options.stars else None
            done = self._writer.write(photo, crop, task.aspect, rating)
            for notice in done.notices:
                self.signals.send(self.noticed, translated(notice))
            told = WrittenForeign(task, crop, done.path, done.state)
        elif crop is None:
            return
        else:
            rating = task.rating if self.options.stars else None
            folder = self._folder or export_folder(task.path)
            path = copy_with_crop(photo, crop, folder, rating)
            self.counts["copied"] += 1
            told = WrittenForeign(task, crop, path, "made")
        self.signals.send(self.wrote, told)


def raw_without_sidecar(paths: Sequence[Path]) -> int:
    """How many raw files have no XMP sidecar yet; looks at the disk."""
    return sum(
        is_raw_name(path.name) and path.suffix.lower() != ".dng" and not xmp_path(path).exists()
        for path in paths
    )


def is_copied(path: Path) -> bool:
    """Whether Lightroom reads a photo's crop in the file itself, so that only a copy brings it there."""
    return path.suffix.lower() in COPIED
