"""Star and reject flags of the selected photos, one undo step each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from app.document.edit import CropAction, Owner
from app.document.open_photo import OpenPhoto
from app.document.steps_in_slices import StepsInSlices
from app.document.undo import StepGroup

Flags = tuple[bool, bool]
"""Starred, rejected."""


class FlagCommand(QUndoCommand):
    """Flags of several photos, known by their keys; nothing else of them is changed."""

    def __init__(
        self, document: Document, changes: Sequence[tuple[int, Flags, Flags]], text: str
    ) -> None:
        super().__init__(text)
        self._document = document
        self._changes = changes

    def redo(self) -> None:
        """Set the flags after the step."""
        for key, _, after in self._changes:
            self._set(key, after)

    def undo(self) -> None:
        """Set the flags before the step."""
        for key, before, _ in self._changes:
            self._set(key, before)

    def _set(self, key: int, flags: Flags) -> None:
        photo = self._document.find(key)
        if photo is not None:
            starred, rejected = flags
            self._document.amend(photo, replace(photo.edit, starred=starred, rejected=rejected))


class PhotoFlags(QObject):
    """Sets flags of the ``selected`` photos; the step lies on the undo stack of the shown one.

    Where some of them have the flag and some have not, all get it.
    """

    def __init__(self, document: Document, selected: Callable[[], Sequence[OpenPhoto]]) -> None:
        super().__init__(document)
        self._document = document
        self._selected = selected
        self._accepting = StepsInSlices(self)

    def star(self) -> None:
        """Flag the photos as good ones, or take the flag back."""
        chosen = self._chosen()
        on = not all(photo.edit.starred for photo in chosen)
        text = self.tr("Star") if on else self.tr("Remove star")
        self._flag(chosen, (on, False), text)

    def reject(self) -> bool:
        """Flag the photos as rejected, or take the flag back; no file is ever deleted.

        Returns whether they are rejected now.
        """
        chosen = self._chosen()
        on = not all(photo.edit.rejected for photo in chosen)
        self._flag(chosen, (False, on), self.tr("Reject") if on else self.tr("Take back reject"))
        return on

    def accept(self) -> None:
        """Make the crops that are proposed for the photos the person's own, all in one step."""
        self._accepting.begin(self._chosen(), self._accept)

    def _accept(self, photo: OpenPhoto, group: StepGroup) -> None:
        edit = photo.edit
        if edit.owner is Owner.PROPOSED and not photo.failure:
            after = edit.mine(edit.crop, CropAction("accepted"))
            self._document.push_together(photo, edit, after, self.tr("Accept crop"), group)

    def _chosen(self) -> Sequence[OpenPhoto]:
        current = self._document.current
        selected = self._selected()
        return selected if current in selected else [current] if current is not None else []

    def _flag(self, photos: Sequence[OpenPhoto], after: Flags, text: str) -> None:
        current = self._document.current
        before = ((p, (p.edit.starred, p.edit.rejected)) for p in photos)
        changes = [(p.key, flags, after) for p, flags in before if flags != after]
        if current is not None and changes:
            if len(changes) > 1:
                text = self.tr("{0}, {1} photos").format(text, len(changes))
            current.stack.push(FlagCommand(self._document, changes, text))
