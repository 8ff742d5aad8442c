"""Runs exports one after the other and shows progress, cancel and failures."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.document.document import Document
from app.document.edit_crops import own_crops
from app.document.nested_crops import nested_aspects
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.engine.messages import EngineClient
from app.export.export_job import ExportJob
from app.export.export_plan import (
    ExportTask,
    keeping_another,
    plan_candidates,
    plan_exports,
    plan_in_one_ratio,
)
from app.i18n import plurals
from app.i18n.aspect_texts import aspect_name
from app.i18n.engine_messages import translated
from app.runtime.workers import StopOrder, register_worker
from app.settings import Settings
from app.widgets.notices import NoticeStack, Severity
from app.widgets.work_notices import WorkNotices
from cropcore.export.export import Exported
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Suggestions
from cropcore.images.photo import Photo

if TYPE_CHECKING:
    from app.export.export_panel import Scope

_NAMED = 5
_RESULT, _UNSUGGESTED, _RATIOS = "export", "unsuggested", "export ratios"
"""Topics of notices."""


class HeaderReader(Protocol):
    """The part of :class:`app.photos.opener.Opener` that is used here."""

    def read_headers(self, photos: Sequence[OpenPhoto], then: Callable[[], None], /) -> None:
        """Read the headers that are not known yet, and call ``then``."""


class Exporter(QObject):
    """Runs export jobs and tells of them in notices.

    Signals: ``finished`` (number of files written by the job that ended).
    """

    finished = Signal(int)

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
        register_worker(self, "exports", StopOrder.JOBS)
        self._document = document
        self._editor = editor
        self._engine = engine
        self._settings = settings
        self._notices = notices
        self._headers = headers
        self._queue: deque[tuple[ExportTask, ...]] = deque()
        self._job: ExportJob | None = None
        self._told = WorkNotices(notices, self)
        self._done = 0
        self._written: list[Path] = []
        self._unsuggested: list[str] = []
        self._stopped = False
        self.last_folder: Path | None = None

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

    def export_crop(self, aspects: Sequence[Aspect] = ()) -> None:
        """Export the shown photo: the crop in hand, or one crop for each aspect."""
        if self._editor.photo is not None and not self._editor.button_down:
            turn = self._settings.turn_ratio
            self._start(plan_exports([self._editor.photo], aspects, turn=turn))

    def export_nested(self) -> None:
        """Export the crop in hand, and from it those that are to be cut later."""
        photo = self._editor.photo
        if photo is not None and not self._editor.button_down:
            self._start(plan_exports([photo], (photo.edit.aspect, *nested_aspects(photo))))

    def export_crops(self) -> None:
        """Export every crop of the shown photo that the person keeps."""
        if self._editor.photo is not None and not self._editor.button_down:
            self._start(plan_exports([self._editor.photo], all_kept=True))

    def export_candidates(self, painted: Suggestions | None) -> None:
        """Export all the candidates that are painted."""
        photo = self._editor.photo
        if photo is not None and painted is not None:
            crops = [(c.rank, c.crop) for c in painted.candidates]
            self._start(plan_candidates(photo, crops, painted.aspect))

    def export_photos(
        self, aspects: Sequence[Aspect] = (), photos: Sequence[OpenPhoto] | None = None
    ) -> None:
        """Export each kept crop, or several aspects, of every open photo or of some of them.

        Rejected photos are left out. Where some have no crop of the ratio that was chosen last, a notice
        asks first.
        """
        chosen = self._document.photos if photos is None else photos
        photos = [photo for photo in chosen if not photo.edit.rejected]
        unread = sum(p.header is None and not p.failure for p in photos)
        if not unread:
            self._start_photos(photos, aspects)
            return
        notice = self._notices.add(self.tr("Looking at {0} more photos first …").format(unread))
        notice.keep()
        waiting = [notice]
        notice.closed.connect(waiting.clear)

        def go_on() -> None:
            for open_notice in tuple(waiting):
                open_notice.close_notice()
            self._start_photos(photos, aspects)

        self._headers.read_headers(photos, go_on)

    def _start_photos(self, photos: Sequence[OpenPhoto], aspects: Sequence[Aspect]) -> None:
        """Export some photos, or ask first whether all are to have the ratio that was chosen last."""
        self._notices.withdraw(_RATIOS)
        turn = self._settings.turn_ratio
        chosen = self._editor.chosen_aspect
        # One that was undone since is none.
        if aspects or not any(p.edit.aspect == chosen for p in self._document.photos):
            chosen = None
        others = keeping_another(photos, chosen, turn) if chosen is not None else ()
        if chosen is None or not others:
            self._start(plan_exports(photos, aspects, all_kept=True, turn=turn))
            return
        name, one = aspect_name(chosen), chosen
        question = self._notices.add(plurals.kept_in_another(len(others), name), topic=_RATIOS)
        question.keep()
        plans: tuple[tuple[str, Callable[[], tuple[ExportTask, ...]]], ...] = (
            (self.tr("Use {0}").format(name), lambda: plan_in_one_ratio(photos, one, turn)),
            (self.tr("Keep"), lambda: plan_exports(photos, all_kept=True)),
            (self.tr("Cancel"), lambda: ()),
        )
        for text, plan in plans:
            question.add_button(text, partial(self._answer_ratio, plan))

    def _answer_ratio(self, plan: Callable[[], tuple[ExportTask, ...]]) -> None:
        self._notices.withdraw(_RATIOS)
        self._start(plan())

    def export(
        self,
        scope: Scope,
        aspects: Sequence[Aspect],
        painted: Suggestions | None,
        selected: Sequence[OpenPhoto] = (),
    ) -> None:
        """Export what the page of options says; ``selected`` are the photos chosen in the strip."""
        if scope == "candidates":
            self.export_candidates(painted)
        elif scope == "photos":
            self.export_photos(aspects)
        elif scope == "selected":
            self.export_photos(aspects, selected)
        elif scope == "nested":
            self.export_nested()
        elif scope == "crops":
            self.export_crops()
        else:
            self.export_crop(aspects)

    def count(self, photos: Sequence[OpenPhoto] | None, aspects: Sequence[Aspect]) -> int:
        """How many files an export would write, of some photos or (None) of the shown crop."""
        if photos is None:
            return max(len(aspects), 1)
        edits = [photo.edit for photo in photos if not (photo.edit.rejected or photo.failure)]
        if aspects:
            return len(edits) * len(aspects)
        return sum(max(len(own_crops(edit)), 1) for edit in edits)

    def show_folder(self) -> None:
        """Show the folder of the last export in the system's file manager."""
        if self.last_folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.last_folder)))

    def holds_close(self) -> bool:
        """Whether the window should stay, because files are still being written.

        The first time a notice says so; to ask again while it is there means to stop the export.
        """
        return self.is_running and self._told.holds_close(self._say_close())

    def stop(self) -> None:
        """Cancel, wait for the file that is being written, and begin no other."""
        self._stopped = True
        self._queue.clear()
        if self._job is not None:
            self._job.end()

    def _start(self, tasks: tuple[ExportTask, ...]) -> None:
        if tasks and not self._stopped:
            self._queue.append(tasks)
            self._next()

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        self._written, self._unsuggested, self._done = [], [], 0
        job = ExportJob(self._queue.popleft(), self._settings.export, self._engine, self)
        job.progress.connect(self._progress)
        job.wrote.connect(self._wrote)
        job.unsuggested.connect(self._note_unsuggested)
        job.failed.connect(self._told.fail)
        job.finished.connect(self._finish)
        self._job = job
        if len(job.tasks) > 1:
            self._told.begin(self.tr("Exporting …"), job.cancel)
        job.start()

    def _progress(self, done: int, total: int) -> None:
        self._done = done
        self._told.renew_question(self._say_close())
        text = self.tr("Exporting {0} of {1}").format(min(done + 1, total), total)
        self._told.show_progress(text, done, total)

    def _wrote(self, task: ExportTask, crop: Crop, written: Exported) -> None:
        self._written.append(written.path)
        self.last_folder = written.path.parent
        if task.crop_id is not None:
            lay = task.question.orientation
            self._editor.mark_exported(task.key, task.crop_id, crop, task.aspect, lay)
        for warning in written.warnings:
            text = f"{written.path.name}: {translated(warning)}"
            self._notices.add(text, Severity.WARNING, topic="export warnings")

    def _note_unsuggested(self, photo: Photo) -> None:
        if photo.path.name not in self._unsuggested:
            self._unsuggested.append(photo.path.name)

    def _say_close(self) -> str:
        files = len(self._job.tasks) - self._done if self._job is not None else 0
        files += sum(len(tasks) for tasks in self._queue)
        return plurals.files_left(files)

    def _finish(self) -> None:
        job, self._job = self._job, None
        count = len(self._written)
        self._told.end(count)
        if count:
            folder = self._written[-1].parent.name
            text = plurals.files_exported(count, folder)
            if count == 1:
                text = self.tr("Exported {0} to {1}").format(self._written[0].name, folder)
            if job is not None and job.was_cancelled:
                text += ". " + self.tr("The rest was cancelled.")
            self._tell_result(text)
        elif job is not None and job.was_cancelled:
            self._notices.add(self.tr("Export cancelled; nothing was written."), Severity.INFO)
        if job is not None:
            job.deleteLater()
        self.finished.emit(count)
        self._next()
        if self._job is None:
            self._told.close_question()

    def _tell_result(self, text: str) -> None:
        """Say what was written; crops that nobody chose are a warning, which stays."""
        kind = Severity.INFO
        if self._unsuggested:
            kind = Severity.WARNING
            names = ", ".join(self._unsuggested[:_NAMED])
            if (more := len(self._unsuggested) - _NAMED) > 0:
                names += " " + plurals.more(more)
            text += ". " + self.tr(
                "Without suggestions, cropped at the centre: {0}. Look at them and export again."
            ).format(names)
        if kind is Severity.INFO:
            self._notices.withdraw(_RESULT)  # what it told is superseded
        before = tuple(self._notices.notices)
        topic = _RESULT if kind is Severity.INFO else _UNSUGGESTED
        notice = self._notices.add(text, kind, topic=topic)
        if notice not in before:
            notice.add_button(self.tr("Show"), self.show_folder)
