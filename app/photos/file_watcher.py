"""Watches the files of open photos: changed, deleted or restored ones.

Polls on a thread, since systems report no changes in network folders and watch a limited number of
files; the interval follows how long a round takes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.photos.missing_files import MissingFiles
from app.photos.opener import Opener
from app.runtime.background import BackgroundWorker, single_shot
from app.runtime.workers import StopOrder
from app.widgets.notices import NoticeStack
from cropcore.files.path_checks import file_stamp

LOOK_MS = 2000
"""How often the shown photo is looked at, and all of them at the most."""
_SHARE = 20
"""All are looked at again after so many times as long as looking took."""
_DOUBT_MS = 500
_PORTION = 250
_MISSING = (0, 0)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """A photo's key and the stamp that its file has; zeros where it is not there."""

    key: int
    stamp: tuple[int, int]


class FileWatcher(QObject):
    """Looks at the files of the person's own photos and has the document follow.

    A change counts once two looks have seen the same: a file that is still being written, or is
    replaced by another, is left alone until then. A photo whose file is gone stays open with all
    that was decided, and is whole again when the file is back.
    """

    _seen = Signal(tuple)

    def __init__(
        self, document: Document, opener: Opener, missing_files: MissingFiles, notices: NoticeStack
    ) -> None:
        super().__init__(notices)
        self._document = document
        self._opener = opener
        self._missing_files = missing_files
        self._notices = notices
        self._worker = BackgroundWorker(self, "file watcher", StopOrder.READERS, threads=2)
        self._sweeping = False
        self._doubtful: dict[int, tuple[int, int]] = {}
        self._gone: set[int] = set()
        self._reread: dict[int, tuple[int, int]] = {}
        self._shown_timer = QTimer(self)
        self._shown_timer.setInterval(LOOK_MS)
        self._shown_timer.timeout.connect(self._look_at_shown)
        self._shown_timer.start()
        self._sweep_timer = single_shot(self, LOOK_MS, self.check_files)
        self._sweep_timer.start()
        self._doubt_timer = single_shot(self, _DOUBT_MS, self._look_at_doubtful)
        self._seen.connect(self._take)
        document.current_changed.connect(self._look_at_shown)

    def check_files(self) -> None:
        """Look at all files now, unless that is being done."""
        photos = self._document.own.photos
        if self._sweeping:
            return
        self._sweeping = True
        self._worker.submit(partial(self._sweep, photos), self._pause)

    # In the background ------------------------------------------------------------------------

    def _sweep(self, photos: Sequence[OpenPhoto]) -> float:
        """Look at all of them; how many seconds that took."""
        began = time.monotonic()
        for start in range(0, len(photos), _PORTION):
            if self._worker.is_stopped:
                break
            self._look_at([(p.key, p.path, p.stamp) for p in photos[start : start + _PORTION]])
        return time.monotonic() - began

    def _look_at(self, files: Sequence[tuple[int, Path, tuple[int, int]]]) -> None:
        """Report files whose stamp differs; those in doubt or missing are reported in any case."""
        found = []
        for key, path, stamp in files:
            now = file_stamp(path)
            if now != stamp or key in self._doubtful or key in self._gone:
                found.append(FileCheck(key, now))
        if found:
            self._worker.send(self._seen, tuple(found))

    # On the window's thread -------------------------------------------------------------------

    def _look_at_shown(self) -> None:
        photo = self._document.current
        if photo is not None and self._document.shows_own:
            self._submit([photo])

    def _look_at_doubtful(self) -> None:
        found = (self._document.own.find(key) for key in self._doubtful)
        photos = [photo for photo in found if photo is not None]
        if photos:
            self._submit(photos)

    def _submit(self, photos: Sequence[OpenPhoto]) -> None:
        files = [(photo.key, photo.path, photo.stamp) for photo in photos]
        self._worker.submit(partial(self._look_at, files))

    def _pause(self, seconds: float) -> None:
        self._sweeping = False
        self._sweep_timer.start(max(LOOK_MS, round(1000 * _SHARE * seconds)))

    def _take(self, checks: Sequence[FileCheck]) -> None:
        for check in checks:
            photo = self._document.own.find(check.key)
            if photo is None:
                self._gone.discard(check.key)
                self._doubtful.pop(check.key, None)
                self._reread.pop(check.key, None)
            elif check.stamp == photo.stamp:
                self._doubtful.pop(photo.key, None)
                self._reread.pop(photo.key, None)
                self._come_back(photo)
            elif check.stamp == self._reread.get(photo.key) and not photo.failure:
                continue  # it is told already, and still being read
            elif self._doubtful.get(photo.key) == check.stamp:
                del self._doubtful[photo.key]
                if check.stamp == _MISSING:
                    self._lose(photo)
                else:
                    self._change(photo, check.stamp)
            elif check.stamp != _MISSING or photo.key not in self._gone:
                self._doubtful[photo.key] = check.stamp
        if self._doubtful:
            self._doubt_timer.start()

    def _lose(self, photo: OpenPhoto) -> None:
        self._gone.add(photo.key)
        if not photo.failure:
            self._document.set_failure(photo, self.tr("The file is not where it was."))
            self._missing_files.tell_gone(photo.key)

    def _come_back(self, photo: OpenPhoto) -> None:
        if photo.key in self._gone:
            self._gone.discard(photo.key)
            self._document.set_failure(photo, "")
            if photo.header is None or photo is self._document.current:
                self._opener.reread(photo)

    def _change(self, photo: OpenPhoto, stamp: tuple[int, int]) -> None:
        unknown = photo.stamp == _MISSING
        self._gone.discard(photo.key)
        if photo.header is None and not photo.failure:
            photo.stamp = stamp  # nobody has looked into it yet
            return
        if unknown and not photo.failure:
            photo.stamp = stamp
            return
        if photo is self._document.current and not photo.failure:
            text = self.tr("{0} was changed by another program. It is shown as it is now.")
            self._notices.add(text.format(photo.path.name))
        self._document.set_failure(photo, "")
        self._reread[photo.key] = stamp
        self._opener.reread(photo)
