"""Undo commands: each holds the edit before and the edit after."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol
from weakref import ref

from PySide6.QtGui import QUndoCommand

from app.document.edit import CropAction, Edit
from app.document.edit_crops import stepped
from app.document.open_photo import OpenPhoto
from app.document.photo_transform import areas_at
from app.document.replaced_file import carried

NUDGE = 1
"""Merge kind of nudges: a run of them is one step."""
STRAIGHTEN = 1000
"""First merge kind of steps by which the angle is changed; each run of keys has its own."""


class StepGroup:
    """Steps of several photos that are undone and redone as one.

    ``keys`` are the photos'; ``is_undone`` says that they were taken back, for who still makes some.
    """

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.is_undone = False

    def is_next(self, photo: OpenPhoto, forwards: bool) -> bool:
        """Whether the step that undo, or redo, would take on a photo is one of these."""
        index = photo.stack.index() - (not forwards)
        return 0 <= index < photo.stack.count() and group_of(photo.stack.command(index)) is self


def group_of(command: QUndoCommand) -> StepGroup | None:
    """The steps that a step is undone with."""
    return command.group if isinstance(command, EditCommand) else None


class EditTarget(Protocol):
    """Where commands find their photo and set its edit; the document is one."""

    @property
    def current(self) -> OpenPhoto | None:
        """The photo that is shown."""

    def find(self, key: int) -> OpenPhoto | None:
        """The open photo with this key."""

    def amend(self, photo: OpenPhoto, edit: Edit) -> None:
        """Set a photo's edit."""

    def show(self, photo: OpenPhoto) -> None:
        """Make a photo the current one."""

    def place_of(self, photo: OpenPhoto) -> int:
        """The photo's place in the list; -1 where it is not in it."""


class EditCommand(QUndoCommand):
    """One step of one photo.

    The photo is known by its key: a command never keeps a closed photo alive, nor changes it. What
    a step left alone stays alone when it is undone, whatever it has become since, and where another
    file has taken the photo's place, the step is that of the photo as it is now. Where photos share a
    stack, the one that is changed is shown, unless others of its ``group`` change too. The document undoes
    it together with these.
    """

    def __init__(
        self,
        document: EditTarget,
        key: int,
        before: Edit,
        after: Edit,
        text: str,
        merge: int,
        group: StepGroup | None = None,
    ) -> None:
        super().__init__(text)
        self.group = group
        # Shiboken may keep a stack for ever; what it holds must not keep all photos along.
        self._document = ref(document)
        self._key = key
        photo = document.find(key)
        self._header = photo.header if photo is not None else None
        self._before = before
        self._after = after
        self._merge = merge
        self._is_new = True

    def id(self) -> int:
        """Steps with the same id of 0 and above may become one."""
        return self._merge

    def redo(self) -> None:
        """Set the edit after the step."""
        again = self._after if self._is_new else replace(self._after, action=CropAction("redone"))
        self._set(self._before, again)

    def undo(self) -> None:
        """Set the edit before the step."""
        self._set(self._after, replace(self._before, action=CropAction("undone")))

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the next step of the same kind in."""
        if not isinstance(other, EditCommand) or other.id() != self.id():
            return False
        if other._key != self._key or other._header is not self._header:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True

    def _set(self, start: Edit, end: Edit) -> None:
        document = self._document()
        photo = document.find(self._key) if document is not None else None
        if document is None or photo is None:
            return
        if self._header is not None and photo.header is not None:
            start = carried(start, self._header, photo.header)
            end = carried(end, self._header, photo.header)
        after = stepped(photo.edit, start, end)
        if after.protect == end.protect != photo.edit.protect:
            # Another crop may be in hand than at the time, and lie at another angle.
            size = photo.width, photo.height
            areas = areas_at(end.protect, end.crop.angle, after.crop.angle, size)
            after = replace(after, protect=areas)
        document.amend(photo, after)
        shown = document.current
        shared = shown is not None and shown.stack is photo.stack
        alone = self.group is None or len(self.group.keys) == 1
        if alone and not self._is_new and shared and document.place_of(photo) >= 0:
            document.show(photo)
        self._is_new = False
