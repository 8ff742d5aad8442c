"""The edit that a newly opened photo gets, from the settings used last."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.document.document import Document
from app.document.edit import Edit, Owner
from app.document.open_photo import OpenPhoto
from app.settings import Settings
from cropcore.engine.text_network import text_network
from cropcore.geometry.crop import Crop


class InitialEdit(QObject):
    """Fills the edit of a photo that was never shown: aspect, method and aspects to be cut later.

    A photo that was shown, or about which anything was decided, keeps its edit.
    """

    def __init__(self, document: Document, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._settings = settings
        self._seen: set[int] = set()
        document.showing.connect(self._begin_shown)

    def fresh(self) -> Edit:
        """The edit of a photo that is being opened."""
        settings = self._settings
        edit = Edit(
            method=settings.method,
            also=settings.also,
            keep_heads=settings.keep_heads,
            keep_text=settings.keep_text and text_network() is not None,
        )
        return edit.with_aspect(settings.aspect)

    def begin(self, photo: OpenPhoto) -> None:
        """Give a photo that was never shown the settings used last; called before it is shown."""
        edit = photo.edit
        if photo.key in self._seen or not _is_untouched(photo):
            return
        fresh = self._turned(self.fresh(), photo)
        begun = replace(
            edit,
            aspect=fresh.aspect,
            before_circle=fresh.before_circle,
            method=fresh.method,
            also=fresh.also,
            keep_heads=fresh.keep_heads,
            keep_text=fresh.keep_text,
        )
        if begun != edit:
            self._document.amend(photo, replace(begun, crop=Crop(), owner=Owner.WHOLE))

    def header_read(self, photo: OpenPhoto) -> None:
        """The size of a photo is known now, by which its ratio may turn."""
        turned = self._turned(photo.edit, photo)
        if turned != photo.edit and _is_untouched(photo):
            self._document.amend(photo, turned)

    def _turned(self, edit: Edit, photo: OpenPhoto) -> Edit:
        if photo.header is None or not self._settings.turn_ratio:
            return edit
        return edit.with_aspect(edit.aspect.turned_for(photo.width, photo.height))

    def _begin_shown(self, photo: OpenPhoto) -> None:
        self.begin(photo)
        self._seen.add(photo.key)


def _is_untouched(photo: OpenPhoto) -> bool:
    edit = photo.edit
    decided = edit.owner is Owner.MINE or edit.others or edit.crop.angle or photo.is_result
    return not decided and photo.stack.count() == 0
