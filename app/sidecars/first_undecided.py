"""Goes to the first undecided photo of a folder that was opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.document.document import Document
from app.document.open_photo import OpenPhoto
from app.document.photo_order import is_undecided
from app.photos.opener import Opener
from app.runtime.background import single_shot
from app.sidecars.sidecar_sync import SidecarSync


class FirstUndecided(QObject):
    """Work in a folder goes on where it ended: photos decided already are passed over.

    What is decided stands in the sidecars, which are read one after the other; the photos are passed
    over as far as that is known. Whoever goes to another photo meanwhile, or changes the crop, stays.
    """

    def __init__(self, document: Document, opener: Opener, sidecars: SidecarSync) -> None:
        super().__init__(sidecars)
        self._document = document
        self._sidecars = sidecars
        self._start: OpenPhoto | None = None
        self._steps = 0
        self._place = 0
        self._folder = Path()
        self._soon = single_shot(self, 0, self._begin)
        opener.folder_listed.connect(self._listed)
        sidecars.read.connect(self._go_on)
        document.current_changed.connect(self._check)

    def _listed(self, folder: Path, _count: int) -> None:
        self._folder = folder
        # The opener adds the first photos, and shows one, in a turn of the event loop before this.
        self._soon.start()

    def _begin(self) -> None:
        current = self._document.current
        if current is None or not self._document.shows_own:
            return
        if self._folder in current.path.parents:
            self._start, self._steps, self._place = current, current.stack.index(), 0
            self._go_on()

    def _check(self) -> None:
        if self._document.current is not self._start:
            self._start = None

    def _go_on(self) -> None:
        start = self._start
        if start is None:
            return
        if start.stack.index() != self._steps:
            self._start = None
            return
        way = self._document.shown
        while self._place < len(way):
            photo = way[self._place]
            within = self._folder in photo.path.parents
            if within and not self._sidecars.is_read(photo):
                return
            if within and is_undecided(photo):
                self._start = None
                self._document.show(photo)
                return
            self._place += 1
