"""Keeps each open photo's edit and its sidecar file in step.

Only the person's own photos are kept so, not those of another list shown in their place. Nothing is
read or written on this thread.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edit import CropAction, CropScore
from app.document.foreign_mark import ForeignMark
from app.document.open_photo import OpenPhoto
from app.editor.editor import Editor
from app.i18n.engine_messages import translated
from app.runtime.background import single_shot
from app.runtime.workers import StopOrder, register_worker
from app.settings import Settings
from app.sidecars.edit_to_sidecar import EditHistory, folded, score_of, taken_in, with_judgement
from app.sidecars.foreign_crops import is_untouched, newer_crop
from app.sidecars.sidecar_worker import FRESH, SidecarWorker, SidecarWrite, unkept
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.interop.foreign_crop import SOURCES
from cropcore.sidecar.merge import merged
from cropcore.sidecar.sidecar import SavedCrop, Sidecar, new_id
from cropcore.sidecar.store import LoadedSidecar, SavedSidecar, SidecarStore, default_library

log = logging.getLogger(__name__)

_SAVE_MS = 30


@dataclass
class _Record:
    """One photo: ``sidecar`` is what is to be on the disk, None until the file there was read.

    ``written`` is what was handed over to be written last. ``news`` waits for the person to let go.
    """

    photo: OpenPhoto
    sidecar: Sidecar | None = None
    written: Sidecar = FRESH
    news: list[Sidecar] = field(default_factory=list)

    @cached_property
    def memory(self) -> EditHistory:
        """What is to be remembered; made when it is first needed, for there may be thousands."""
        return EditHistory(self.photo.first_id)


class SidecarSync(QObject):
    """Saves each photo's crops, flags, turn and protected areas shortly after a change; reads them again.

    Signals: ``warned`` (text), each text once; ``newer_found`` (text: another program has a later crop, which
    :meth:`read_again` takes); ``read`` (what is kept of a further photo is known now).
    """

    warned = Signal(str)
    newer_found = Signal(str)
    read = Signal()

    def __init__(
        self,
        document: Document,
        editor: Editor,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        register_worker(self, "edits", StopOrder.RECORDS)
        self._document = document
        self._editor = editor
        self._settings = settings
        self._worker = SidecarWorker(SidecarStore(default_library()), self)
        self._records: dict[int, _Record] = {}
        self._unsaved: set[int] = set()
        self._told: set[str] = set()
        self._newer: dict[int, Sidecar] = {}
        self._newer_told: dict[int, datetime] = {}
        self._timer = single_shot(self, _SAVE_MS, self._save_changes)
        self._follow_settings()
        self._worker.loaded.connect(self._loaded)
        self._worker.newer.connect(self._tell_newer)
        self._worker.saved.connect(self._saved)
        self._worker.failed.connect(self._unwritten)
        self._worker.refused.connect(lambda _, text: self._warn(text))
        self._worker.added.connect(self._added)
        document.photos_changed.connect(self._follow_roll)
        document.current_changed.connect(self.reload_changed)
        document.edit_changed.connect(self._edited)
        editor.suggester.scored.connect(self._judged)

    def reload_changed(self) -> None:
        """Read the sidecar of the shown photo: another program may have changed it."""
        current = self._document.current
        if current is not None and self._document.own.find(current.key) is current:
            self._record(current)
            self._follow_settings()
            self._worker.load(current.key, current.path)

    def look_again(self) -> None:
        """The person comes back to the window: other programs may have changed crops of any photo."""
        self.reload_changed()
        current = self._document.current
        others = [photo for photo in self._document.own.photos if photo is not current]
        self._worker.look_again([(photo.key, photo.path) for photo in others])

    def read_again(self) -> None:
        """Take the later crops of other programs for the person's own; one undo step for each photo."""
        for key, foreign in self._newer.items():
            photo = self._document.own.find(key)
            if photo is None or self._is_held(photo):
                continue
            edit, saved = photo.edit, foreign.crops[0]
            by = foreign.orientation.value.inverse.then(edit.orientation)
            crop, what = by.crop(saved.crop), saved.changes[-1].what
            mark = ForeignMark.of_change(what, crop, edit.orientation)
            if mark is not None:
                photo.foreign_marks[edit.crop_id] = mark
            after = edit.with_aspect(Aspect("free")).mine(crop, CropAction(what))
            self._document.push(photo, edit, after, self.tr("Read again"))
        self._newer.clear()

    def _follow_settings(self) -> None:
        self._worker.reads_foreign = self._settings.read_foreign_crops
        self._worker.reads_stars = self._settings.foreign.stars

    def _tell_newer(self, key: int, foreign: Sidecar) -> None:
        record, changed = self._records.get(key), foreign.crops[0].changed
        if record is None or self._newer_told.get(key) == changed:
            return
        if record.sidecar is not None and not newer_crop(record.sidecar, foreign):
            return  # decided here meanwhile
        self._newer[key], self._newer_told[key] = foreign, changed
        mark = ForeignMark.of_change(foreign.crops[0].changes[-1].what, Crop(), UPRIGHT)
        if mark is not None:
            text = self.tr("{0}: a later crop of it is in {1}.")
            program = translated(SOURCES[mark.source])
            self.newer_found.emit(text.format(record.photo.path.name, program))

    def keep_crop(
        self,
        path: Path,
        crop: Crop,
        aspect: Aspect,
        orientation: Orientation = UPRIGHT,
        crop_score: CropScore | None = None,
        candidate: int | None = None,
        tightness: float | None = None,
        crop_id: str = "",
    ) -> str:
        """Keep a crop of a photo, open or not, as the person's own; returns its id.

        ``orientation`` is how the photo is turned that the crop lies in, ``crop_score`` what was said of
        it, ``candidate`` its rank where it was taken as it is. With the ``crop_id`` of an earlier
        call that crop is changed. :meth:`drop_crop` takes it back.
        """
        saved = SavedCrop(crop_id or new_id(), crop, aspect, (), tightness=tightness)
        if crop_score is not None:
            saved = with_judgement(saved, crop_score, self._weights)
        saved = saved.with_change(crop, "accepted" if candidate is None else "taken", candidate)
        self._worker.add(path, orientation, saved, self._settings.sidecars_beside)
        return saved.id

    def drop_crop(
        self, path: Path, crop_id: str, crop: Crop, orientation: Orientation = UPRIGHT
    ) -> None:
        """Take back a ``crop`` that :meth:`keep_crop` kept, unless the person made another of it."""
        self._worker.remove(path, orientation, crop_id, crop, self._settings.sidecars_beside)

    def stop(self) -> None:
        """Have everything written that is not written yet."""
        self._timer.stop()
        for key in tuple(self._unsaved):
            self._finish(self._records.get(key))

    @property
    def _weights(self) -> dict[str, str]:
        facts = self._editor.suggester.facts
        return dict(facts.weights) if facts is not None else {}

    def _record(self, photo: OpenPhoto) -> _Record:
        return self._records.setdefault(photo.key, _Record(photo))

    def _follow_roll(self) -> None:
        own = self._document.own
        fresh = [photo for photo in own.photos if photo.key not in self._records]
        for photo in fresh:
            self._record(photo)
        self._worker.load_later([(photo.key, photo.path) for photo in fresh])
        if len(self._records) > len(own.photos):
            for key in [key for key in self._records if own.find(key) is None]:
                if key in self._unsaved:
                    self._finish(self._records[key])
                self._unsaved.discard(key)
                del self._records[key]

    def _edited(self, key: int) -> None:
        record = self._records.get(key)
        if record is None:
            return
        with self._alone(record.photo):
            if record.sidecar is not None and not self._is_held(record.photo):
                record.sidecar = self._folded(
                    record
                )  # one entry for each change, however soon after the last
            self._unsaved.add(key)
            if not self._timer.isActive():
                self._timer.start()

    def _judged(self) -> None:
        """What was said of the crop in hand may have come after it was kept."""
        current = self._document.current
        record = self._records.get(current.key) if current is not None else None
        if record is None or record.sidecar is None:
            return
        edit = record.photo.edit
        crop_score = record.photo.suggestion_state.crop_scores.get(edit.crop_id)
        name = edit.crop_id or record.memory.first
        saved = next((crop for crop in record.sidecar.crops if crop.id == name), None)
        if saved and crop_score and saved.score is None and saved.crop == crop_score.crop:
            self._edited(record.photo.key)

    def _is_held(self, photo: OpenPhoto) -> bool:
        return self._editor.button_down and photo is self._document.current

    def _save_changes(self) -> None:
        for key in tuple(self._unsaved):
            record = self._records.get(key)
            if record is None:
                self._unsaved.discard(key)
            elif not self._is_held(record.photo):
                self._save(record)
                self._take_news(record)
        if self._unsaved and any(
            self._records[key].sidecar is not None for key in self._unsaved if key in self._records
        ):
            self._timer.start()

    def _finish(self, record: _Record | None) -> None:
        """The last chance to save: what was not read yet is merged on the disk."""
        if record is not None:
            record.sidecar = record.sidecar or FRESH
            self._save(record)

    def _save(self, record: _Record) -> None:
        """Hand over what the person decided; a photo whose sidecar was not read yet waits for it."""
        if record.sidecar is None:
            return
        photo = record.photo
        with self._alone(photo):
            record.sidecar = self._folded(record)
            self._unsaved.discard(photo.key)
            if _says(record.sidecar, record.written) or is_untouched(record.sidecar):
                return
            record.written = record.sidecar
            wide, high = (photo.header.width, photo.header.height) if photo.header else (0, 0)
            beside = self._settings.sidecars_beside
            self._worker.save(
                SidecarWrite(photo.key, photo.path, wide, high, record.sidecar, beside)
            )

    @contextmanager
    def _alone(self, photo: OpenPhoto) -> Iterator[None]:
        """One photo's trouble is told, and keeps no other photo from being kept."""
        try:
            yield
        except Exception as error:
            log.exception("Cannot keep the crops of %s", photo.path)
            self._unsaved.discard(
                photo.key
            )  # not tried again before the next edit, since it would fail every time
            self._warn(translated(unkept(photo.path, error)))

    def _folded(self, record: _Record) -> Sidecar:
        photo = record.photo
        assert record.sidecar is not None
        size = photo.width, photo.height
        return folded(
            record.sidecar,
            photo.edit,
            record.memory,
            photo.suggestion_state.crop_scores,
            photo.origins,
            self._weights,
            size,
        )

    def _loaded(self, key: int, found: LoadedSidecar) -> None:
        for notice in found.notices:
            self._warn(translated(notice))
        record = self._records.get(key)
        if record is None:
            return
        if found.sidecar is None and record.sidecar is None and key not in self._unsaved:
            record.sidecar = FRESH  # most photos of a large folder have no sidecar
        else:
            record.sidecar = record.sidecar or FRESH
            record.news.append(found.sidecar or FRESH)
            self._take_news(record)
        self.read.emit()

    def is_read(self, photo: OpenPhoto) -> bool:
        """Whether what is kept of a photo is known."""
        record = self._records.get(photo.key)
        return record is not None and record.sidecar is not None

    def _saved(self, key: int, saved: SavedSidecar) -> None:
        for notice in saved.notices:
            self._warn(translated(notice))
        record = self._records.get(key)
        if record is not None:
            record.news.append(saved.sidecar)
            self._take_news(record)

    def _unwritten(self, key: int, text: str) -> None:
        """It is tried again with whatever is kept next, and at the end."""
        self._warn(text)
        record = self._records.get(key)
        if record is not None:
            record.written = FRESH
            self._unsaved.add(key)

    def _added(self, path: Path, sidecar: Sidecar) -> None:
        photo = self._document.own.at(path)
        record = self._records.get(photo.key) if photo is not None else None
        if record is not None and record.sidecar is not None:
            record.news.append(sidecar)
            self._take_news(record)

    def _take_news(self, record: _Record) -> None:
        """Take in what is on the disk, unless the person holds the photo's crop just now."""
        if not record.news or record.sidecar is None:
            return
        if self._is_held(record.photo):
            self._edited(record.photo.key)
            return
        with self._alone(record.photo):
            self._take(record, record.sidecar)

    def _take(self, record: _Record, sidecar: Sidecar) -> None:
        photo = record.photo
        news, record.news = record.news, []
        if photo.key in self._unsaved:
            sidecar = self._folded(record)
        if not sidecar.photo.width:
            # What areas and crops are fractions of, as long as the file was not looked into.
            sidecar = replace(sidecar, photo=news[-1].photo)
        before = sidecar
        for found in news:
            sidecar = merged(sidecar, found)
        record.sidecar = sidecar
        scores: dict[str, CropScore] = {}
        for saved in sidecar.crops:
            crop_score = score_of(saved)
            name = "" if saved.id == record.memory.first else saved.id
            if crop_score is not None:
                scores[name] = crop_score
            if saved.changes:
                what, lay = saved.changes[-1].what, sidecar.orientation.value
                mark = ForeignMark.of_change(what, saved.crop, lay)
                if mark is not None:
                    photo.foreign_marks[name] = mark
            if saved.origin is not None:
                photo.origins.tell(sidecar.orientation.value, saved.crop, saved.origin)
        self._editor.suggester.recall_scores(photo, scores)
        size = photo.width, photo.height
        edit = taken_in(photo.edit, before, sidecar, record.memory, size)
        self._document.amend(photo, edit)
        if _says(record.sidecar, news[-1]):
            record.written = record.sidecar
        elif not _says(record.sidecar, record.written):
            self._unsaved.add(photo.key)
        if photo.key in self._unsaved:
            self._timer.start()

    def _warn(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self.warned.emit(text)


def _says(sidecar: Sidecar, other: Sidecar) -> bool:
    """Whether two sidecars say the same of whatever file."""
    return replace(sidecar, photo=other.photo) == other
