"""Writes crops for Lightroom, darktable and RawTherapee from the window, and tells what is read where."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.document.document import Document
from app.document.edit import Edit
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.engine.messages import EngineClient
from app.export.export_plan import plan_exports
from app.export.exporter import HeaderReader
from app.export.foreign_job import (
    ForeignJob,
    ForeignTask,
    WrittenForeign,
    is_copied,
    raw_without_sidecar,
)
from app.i18n import plurals
from app.i18n.engine_messages import translated
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder, register_worker
from app.settings import Settings
from app.widgets.notices import Notice, NoticeStack, Severity
from app.widgets.work_notices import WorkNotices
from cropcore.interop.foreign_options import ForeignOptions
from cropcore.interop.sidecar_writer import LIGHTROOM_DANGER

if TYPE_CHECKING:
    from app.export.export_panel import Scope

_NAMED = 5
_TOPIC = "crops for other editors"


@dataclass(frozen=True, slots=True)
class _Order:
    tasks: tuple[ForeignTask, ...]
    options: ForeignOptions
    left_out: int = 0


class ForeignExporter(QObject):
    """Runs one job after the other; before the first sidecar for Lightroom the person is told of its danger."""

    def __init__(
        self,
        document: Document,
        editor: Editor,
        engine: EngineClient,
        settings: Settings,
        notices: NoticeStack,
        headers: HeaderReader,
    ) -> None:
        super().__init__(notices)
        register_worker(self, "crops for other editors", StopOrder.JOBS)
        self._document = document
        self._editor = editor
        self._engine = engine
        self._settings = settings
        self._notices = notices
        self._headers = headers
        self._worker = BackgroundWorker(self, "looking for sidecars", StopOrder.READERS)
        self._told = WorkNotices(notices, self)
        self._queue: deque[_Order] = deque()
        self._job: ForeignJob | None = None
        self._order = _Order((), ForeignOptions())
        self._wrote: list[WrittenForeign] = []
        self._unsuggested: list[str] = []
        self._stopped = False

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

    def export(self, scope: Scope, selected: Sequence[OpenPhoto] = ()) -> None:
        """Write the crop in hand of the shown photo, of the ``selected`` ones, or of all.

        In a review these are the results that were accepted.
        """
        if self._editor.button_down:
            return
        current = [self._editor.photo] if self._editor.photo is not None else []
        chosen = {"selected": selected, "photos": self._document.photos}.get(scope, current)
        photos = self.chosen(chosen, single=scope not in ("selected", "photos"))
        if any(photo.header is None and not photo.failure for photo in photos):
            self._headers.read_headers(photos, lambda: self._write_photos(photos))
        else:
            self._write_photos(photos)

    def count(self, photos: Sequence[OpenPhoto] | None) -> int:
        """How many photos' crops would be written, of some photos or (None) of the shown one."""
        return 1 if photos is None else len(self.chosen(photos))

    def chosen(self, photos: Sequence[OpenPhoto], single: bool = False) -> list[OpenPhoto]:
        """Those of the photos whose crops are wanted; of one file once."""
        stars = self._settings.foreign.stars
        found: dict[object, OpenPhoto] = {}
        for photo in photos:
            edit = photo.edit
            wanted = edit.accepted if photo.is_result else single or stars or not edit.rejected
            if wanted and not photo.failure:
                found.setdefault(photo.path, photo)
        return list(found.values())

    def write(self, tasks: Iterable[ForeignTask], options: ForeignOptions | None = None) -> None:
        """Write the crops of these tasks, the first one of each file, as ``options`` or the settings say."""
        options = options or self._settings.foreign
        first: dict[object, ForeignTask] = {}
        for task in tasks:
            first.setdefault(task.path, task)
        wanted = tuple(first.values())
        left_out = 0
        if options.kind == "copies":
            fitting = tuple(task for task in wanted if is_copied(task.path))
            left_out, wanted = len(wanted) - len(fitting), fitting
        if self._stopped:
            return
        if not wanted:
            if left_out:
                self._notices.add(self.tr("Copies are made of JPEG, PNG, TIFF and DNG only."))
            return
        order = _Order(wanted, options, left_out)
        if options.kind == "xmp":
            paths = [task.path for task in wanted]
            self._worker.submit(partial(raw_without_sidecar, paths), partial(self._ask, order))
        else:
            self._begin(order)

    def offer(self, tasks: Sequence[ForeignTask]) -> None:
        """Ask in a notice for which editor the crops of these tasks are to be written."""
        if not tasks or self._stopped:
            return
        notice = self._notices.add(plurals.crops_for_editors(len({one.path for one in tasks})))
        notice.keep()
        options = self._settings.foreign
        for text, kind in (
            (self.tr("Lightroom, darktable"), replace(options, kind="xmp")),
            (self.tr("RawTherapee"), replace(options, kind="pp3")),
            (self.tr("Copies"), replace(options, kind="copies")),
        ):
            notice.add_button(text, partial(_once, notice, partial(self.write, tasks, kind)))

    def offer_photos(self, photos: Sequence[OpenPhoto]) -> None:
        """Ask for which editor the crops of these photos are to be written."""
        self.offer([task for task in map(self._task, self.chosen(photos)) if task is not None])

    def holds_close(self) -> bool:
        """Whether the window should stay, because files are still being written.

        The first time a notice says so; to ask again while it is there means to stop.
        """
        text = self.tr("Crops for other editors are still being written. Close again to stop.")
        return self.is_running and self._told.holds_close(text)

    def stop(self) -> None:
        """Cancel, wait for the file that is being written, and begin no other."""
        self._stopped = True
        self._queue.clear()
        if self._job is not None:
            self._job.end()

    # Before anything is written ---------------------------------------------------------------

    def _write_photos(self, photos: Sequence[OpenPhoto]) -> None:
        self.write(task for task in map(self._task, photos) if task is not None)

    def _task(self, photo: OpenPhoto) -> ForeignTask | None:
        planned = plan_exports([photo])
        if not planned:
            return None
        task = planned[0]
        rating = _rating(photo.edit)
        if photo.edit.rejected and photo is not self._editor.photo:
            return ForeignTask(photo.path, None, task.aspect, task.photo, rating=rating)
        return ForeignTask(
            photo.path, task.crop, task.aspect, task.photo, rating=rating, export=task
        )

    def _ask(self, order: _Order, raw_made: int) -> None:
        """Say what a person should know before sidecars are written; go on at once where it is known."""
        words = []
        if not self._settings.lightroom_danger_told:
            words.append(translated(LIGHTROOM_DANGER))
        if raw_made:
            words.append(plurals.raw_without_sidecar(raw_made))
        if not words:
            self._begin(order)
            return
        notice = self._notices.add(" ".join(words), Severity.WARNING)
        notice.add_button(self.tr("Write"), partial(self._confirm, order, notice))
        notice.add_button(self.tr("Cancel"), notice.close_notice)

    def _confirm(self, order: _Order, notice: Notice) -> None:
        notice.close_notice()
        self._settings.lightroom_danger_told = True
        self._begin(order)

    def _begin(self, order: _Order) -> None:
        if not self._stopped:
            self._queue.append(order)
            self._next()

    # The job ----------------------------------------------------------------------------------

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        order = self._order = self._queue.popleft()
        self._wrote, self._unsuggested = [], []
        folder = self._settings.export.folder
        job = ForeignJob(order.tasks, order.options, folder, self._engine, self)
        job.progress.connect(self._progress)
        job.wrote.connect(self._take)
        job.unsuggested.connect(self._unsuggested.append)
        job.noticed.connect(
            lambda text: self._notices.add(text, Severity.WARNING, topic="sidecars written")
        )
        job.failed.connect(self._told.fail)
        job.finished.connect(self._finish)
        self._job = job
        if len(job.tasks) > 1:
            self._told.begin(self.tr("Writing crops …"), job.cancel)
        job.start(ForeignJob.Priority.LowPriority)

    def _progress(self, done: int, total: int) -> None:
        text = self.tr("Writing crop {0} of {1}").format(min(done + 1, total), total)
        self._told.show_progress(text, done, total)

    def _take(self, written: WrittenForeign) -> None:
        self._wrote.append(written)
        export, crop = written.task.export, written.crop
        if export is None or export.crop_id is None or crop is None or written.state == "kept":
            return
        lay = export.question.orientation
        self._editor.mark_exported(export.key, export.crop_id, crop, export.aspect, lay)

    def _finish(self) -> None:
        job, self._job = self._job, None
        if job is None:
            return
        done = [one for one in self._wrote if one.state != "kept"]
        self._told.end(len(done))
        self._tell(job, self._order, tuple(self._wrote), done)
        job.deleteLater()
        self._next()
        if self._job is None:
            self._told.close_question()

    def _tell(
        self,
        job: ForeignJob,
        order: _Order,
        wrote: Sequence[WrittenForeign],
        done: Sequence[WrittenForeign],
    ) -> None:
        """One notice: what was written, what of it is read where, and what can be done about the rest."""
        options, counts = order.options, job.counts
        words: list[str] = []
        offers: list[tuple[str, Callable[[], object]]] = []
        grave = bool(self._unsuggested)
        if options.kind == "copies":
            if counts["copied"]:
                folder = wrote[-1].path.parent.name
                words.append(plurals.copies_written(counts["copied"], folder))
            if order.left_out:
                words.append(plurals.not_copied(order.left_out))
        else:
            written = counts["made"] + counts["changed"]
            words.append(plurals.sidecars_written(written))
            if counts["same"]:
                words.append(plurals.sidecars_same(counts["same"]))
        if counts["not_read"]:
            words.append(plurals.developed_in_darktable(counts["not_read"]))
            grave = True
        copied = tuple(
            one.task for one in done if is_copied(one.task.path) and one.crop is not None
        )
        if options.kind == "xmp" and copied:
            words.append(plurals.for_copies(len(copied)))
            offers.append(
                (
                    self.tr("Make copies"),
                    lambda: self.write(copied, replace(options, kind="copies")),
                )
            )
        kept = tuple(one.task for one in wrote if one.state == "kept")
        if kept:
            words.append(plurals.crops_kept_there(len(kept)))
            grave = True
            offers.append(
                (self.tr("Replace"), lambda: self.write(kept, replace(options, replace=True)))
            )
        if self._unsuggested:
            names = ", ".join(self._unsuggested[:_NAMED])
            if (more := len(self._unsuggested) - _NAMED) > 0:
                names += " " + plurals.more(more)
            words.append(self.tr("Without suggestions, cropped at the centre: {0}.").format(names))
        if job.was_cancelled:
            words.append(self.tr("The rest was cancelled."))
        if not words or not (wrote or order.left_out or job.was_cancelled):
            return
        self._notices.withdraw(_TOPIC)
        kind = Severity.WARNING if grave else Severity.INFO
        notice = self._notices.add(" ".join(words), kind, topic=_TOPIC)
        for text, act in offers:
            notice.add_button(text, partial(_once, notice, act))


def _once(notice: Notice, act: Callable[[], object]) -> None:
    notice.close_notice()
    act()


def _rating(edit: Edit) -> int:
    """Stars as XMP has them: -1 rejected, 1 starred, 0 neither."""
    return -1 if edit.rejected else int(edit.starred)
