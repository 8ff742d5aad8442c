"""Notices about photos whose files are missing or unreadable."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.document.document import Document
from app.photos.opener import Opener
from app.widgets.grouped_notice import GroupedNotice
from app.widgets.notices import NoticeStack, Severity


class MissingFiles(QObject):
    """Adds and removes the notices. ``show_failed`` filters the filmstrip by these photos."""

    def __init__(
        self,
        document: Document,
        opener: Opener,
        notices: NoticeStack,
        show_failed: Callable[[], object],
    ) -> None:
        super().__init__(notices)
        self._document = document
        show = (self.tr("Show them"), show_failed)
        self._unreadable = GroupedNotice(
            notices, Severity.ERROR, self.tr("{0} photos cannot be read: {1}."), show
        )
        self._gone = GroupedNotice(
            notices,
            Severity.WARNING,
            self.tr("{0} photos are gone: {1}. They stay here with all that you decided."),
            show,
        )
        opener.unreadable.connect(self._tell_unreadable)
        opener.rejected.connect(self._unreadable.tell)
        document.failure_changed.connect(self._follow)
        document.photos_changed.connect(self._forget_closed)
        self._failing: set[int] = set()

    def tell_gone(self, key: int) -> None:
        """The file of an open photo is not where it was."""
        photo = self._document.find(key)
        if photo is not None:
            self._failing.add(key)
            text = self.tr("{0} is gone. It stays here with all that you decided.")
            self._gone.add(key, photo.path.name, text.format(photo.path.name))

    def _tell_unreadable(self, key: int, text: str) -> None:
        photo = self._document.find(key)
        if photo is not None:
            self._failing.add(key)
            self._unreadable.add(key, photo.path.name, text)

    def _follow(self, key: int) -> None:
        photo = self._document.find(key)
        if photo is None or not photo.failure:
            self._drop(key)

    def _forget_closed(self) -> None:
        for key in [key for key in self._failing if self._document.find(key) is None]:
            self._drop(key)

    def _drop(self, key: int) -> None:
        self._failing.discard(key)
        self._unreadable.drop(key)
        self._gone.drop(key)
