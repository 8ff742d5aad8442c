"""Watches the open folders: photos that come into them are opened as well.

Like files, folders are looked at beside the window, at a pace that follows how long it takes: nothing
tells of changes in a network folder.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.photos.opener import Opener
from app.runtime.background import BackgroundWorker, single_shot
from app.runtime.workers import StopOrder
from cropcore.files.path_checks import Stamp
from cropcore.files.photo_scan import Listed, PhotoWalk

LOOK_MS = 2000
"""How often the folders are looked at, at the most."""
_SHARE = 20
"""They are looked at again after so many times as long as looking took."""


class FolderWatcher(QObject):
    """Looks into the folders that were opened, and below, until no photo is open any more.

    A new file counts once two looks have seen the same of it: one that is still being copied is left
    alone until then. What was there before, or was closed, is not opened again.

    Signals: ``came_meanwhile`` (how many photos came into folders of the last run since then).
    """

    came_meanwhile = Signal(int)
    _looked = Signal(tuple, float)
    """The files (Listed) that came, and how many seconds looking took."""

    def __init__(self, document: Document, opener: Opener) -> None:
        super().__init__(opener)
        self._document = document
        self._opener = opener
        self._worker = BackgroundWorker(self, "folder watcher", StopOrder.READERS)
        self._folders: tuple[Path, ...] = ()
        self._closed: set[Path] = set()
        self._waiting: list[Listed] = []
        self._known: dict[Path, set[Path]] = {}  # these belong to the worker's thread
        self._begun: set[Path] = set()
        self._meanwhile: set[Path] = set()
        self._growing: dict[Path, Stamp] = {}
        self._timer = single_shot(self, LOOK_MS, self.look)
        self._looked.connect(self._take)
        opener.folder_listed.connect(self._watch)
        document.photos_changed.connect(self._forget_closed)
        document.photo_closed.connect(self._note_closed)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that are watched."""
        return self._folders

    @property
    def closed(self) -> tuple[Path, ...]:
        """The photos of these folders that the person closed, and that are not open again."""
        return tuple(path for path in self._closed if self._document.own.at(path) is None)

    def watch(self, folders: Iterable[Path], closed: Iterable[Path] | None = None) -> None:
        """Look into these folders of an earlier run as well.

        Photos that came since then are opened: those that are neither open nor among the ``closed``. Where
        it is not known which were closed, only those count that come from now on.
        """
        folders = tuple(folders)
        if closed is not None:
            self._closed.update(closed)
            known = self._closed | {photo.path for photo in self._document.own.photos}
            self._worker.submit(partial(self._begin, folders, frozenset(known)))
        self._folders = tuple(dict.fromkeys((*self._folders, *folders)))
        self.look()

    def look(self) -> None:
        """Look into all folders."""
        if self._folders:
            self._worker.submit(partial(self._look, self._folders, self._opener.pairs))

    # In the background ------------------------------------------------------------------------

    def _begin(self, folders: tuple[Path, ...], known: frozenset[Path]) -> None:
        for folder in folders:
            if folder not in self._known:
                self._known[folder] = {path for path in known if folder in path.parents}
                self._begun.add(folder)

    def _look(self, folders: tuple[Path, ...], pairs: bool) -> None:
        began = time.monotonic()
        fresh: list[Listed] = []
        for gone in self._known.keys() - set(folders):
            del self._known[gone]
        for folder in folders:
            first, begun = folder not in self._known, folder in self._begun
            self._begun.discard(folder)
            known = self._known.setdefault(folder, set())
            for path, stamp in PhotoWalk(pairs=pairs).photos(folder):
                if self._worker.is_stopped:
                    return
                if first or path in known:
                    known.add(path)
                elif self._growing.get(path) == stamp:
                    del self._growing[path]
                    known.add(path)
                    fresh.append((path, stamp))
                else:
                    self._growing[path] = stamp
                    if begun:
                        self._meanwhile.add(path)
        if came := sum(path in self._meanwhile for path, _ in fresh):
            self._worker.send(self.came_meanwhile, came)
        self._worker.send(self._looked, tuple(fresh), time.monotonic() - began)

    # On the window's thread -------------------------------------------------------------------

    def _watch(self, folder: Path, count: int) -> None:
        if folder not in self._folders:
            self._folders += (folder,)
            self.look()

    def _note_closed(self, path: Path) -> None:
        if any(folder in path.parents for folder in self._folders):
            self._closed.add(path)

    def _forget_closed(self) -> None:
        if not self._document.own.photos:
            self._folders = ()
            self._closed.clear()

    def _take(self, fresh: tuple[Listed, ...], seconds: float) -> None:
        if self._worker.is_stopped:
            return
        self._waiting += fresh
        if self._waiting and self._document.shows_own:  # a review is not left for them
            own = self._document.own
            self._opener.add_arrived([one for one in self._waiting if own.at(one[0]) is None])
            self._waiting.clear()
        self._timer.start(max(LOOK_MS, round(1000 * _SHARE * seconds)))
