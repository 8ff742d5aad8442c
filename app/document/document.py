"""The document: open photos, the current one, their edits and undo; no widgets.

Everything that can be undone is one immutable :class:`app.document.edit.Edit`; a photo's undo stack
holds pairs of them. What the engine said about a photo lies beside it and is never undone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup

from app.document.edit import ORIGINAL, Edit
from app.document.edit_crops import own_crops
from app.document.open_photo import OpenPhoto
from app.document.photo_list import PhotoList
from app.document.photo_order import is_undecided
from app.document.photo_transform import areas_at
from app.document.undo import EditCommand, StepGroup, group_of
from cropcore.images.photo import Photo

__all__ = ["ORIGINAL", "Document", "Edit", "OpenPhoto"]


class Document(QObject):
    """The open photos, which of them is shown, and one undo stack for each.

    Another list can be shown in place of the person's own, which stays unchanged until it is shown again.

    Signals: ``photos_changed`` (added or removed), ``photo_closed`` (Path of a photo that was taken from the
    person's own list), ``current_changed`` (another photo is shown, or
    none, or the file of the shown one was changed), ``current_changing`` (just before, to clear
    away), ``edit_changed`` (key of the photo whose edit is different now), ``file_replaced`` (OpenPhoto
    in whose place another file lies, before its edit follows), ``failure_changed`` (key of the photo
    whose file can no longer, or again, be read), ``showing`` (OpenPhoto that is about to be shown).
    """

    photos_changed = Signal()
    photo_closed = Signal(Path)
    showing = Signal(OpenPhoto)
    current_changing = Signal()
    current_changed = Signal()
    edit_changed = Signal(int)
    file_replaced = Signal(OpenPhoto)
    failure_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_group = QUndoGroup(self)
        self._own = self._photo_list = PhotoList()
        self._keys = itertools.count(1)

    @property
    def photos(self) -> tuple[OpenPhoto, ...]:
        """The open photos in their order."""
        return self._photo_list.photos

    @property
    def current(self) -> OpenPhoto | None:
        """The photo that is shown."""
        return self._photo_list.current

    @property
    def current_read(self) -> OpenPhoto | None:
        """The shown photo, once its header was read and its size is known."""
        current = self.current
        return current if current is not None and current.header is not None else None

    @property
    def photo_list(self) -> PhotoList:
        """The list that is shown."""
        return self._photo_list

    @property
    def own(self) -> PhotoList:
        """The person's own list, whether it is shown or waits."""
        return self._own

    @property
    def index(self) -> int:
        """Place of the shown photo, -1 when there is none."""
        return self._photo_list.place_of(self.current) if self.current else -1

    def find(self, key: int) -> OpenPhoto | None:
        """The open photo with this key, if it is still open, be it in the list that waits."""
        return self._photo_list.find(key) or self._own.find(key)

    def place_of(self, photo: OpenPhoto) -> int:
        """Place of an open photo, -1 where it is not in the list that is shown."""
        return self._photo_list.place_of(photo)

    def next_key(self) -> int:
        """A key for a photo of another list."""
        return next(self._keys)

    def show_list(self, photo_list: PhotoList) -> None:
        """Show another list in place of the person's own."""
        self._show_list(photo_list)

    def show_own(self) -> None:
        """Show the person's own list as it was."""
        if self._photo_list is not self._own:
            self._show_list(self._own)

    def add(self, paths: Iterable[Path], edit: Edit) -> list[OpenPhoto]:
        """Append photos that begin with ``edit`` to the person's own list; those already open are
        found, not doubled.
        """  # fmt: skip
        result, fresh = [], False
        for path in paths:
            photo = self._own.at(path)
            if photo is None:
                photo = OpenPhoto(next(self._keys), path, edit)
                self._own.append(photo)
                fresh = True
            result.append(photo)
        if fresh:
            self.photos_changed.emit()
        return result

    @property
    def shows_own(self) -> bool:
        """Whether the person's own list is shown."""
        return self._photo_list is self._own

    @property
    def shown(self) -> Sequence[OpenPhoto]:
        """The photos that the filmstrip shows, in its order: the way from one to the next."""
        return self._photo_list.way

    def set_shown(self, photos: list[OpenPhoto]) -> None:
        """Go from photo to photo in this order from now on; the list is kept, not copied."""
        self._photo_list.way = photos

    def set_failure(self, photo: OpenPhoto, text: str) -> None:
        """Remember why a photo's file cannot be read; an empty text says that it can again."""
        if text != photo.failure:
            photo.failure = text
            self.failure_changed.emit(photo.key)

    def refresh(self, photo: OpenPhoto, header: Photo, stamp: tuple[int, int]) -> None:
        """Take in that the file of an open photo was changed.

        What the person decided stays, see :func:`app.document.replaced_file.carried`.
        """
        edit = photo.replace_file(header, stamp)
        self.file_replaced.emit(photo)
        self.amend(photo, edit)
        if photo is self.current:
            self._announce()

    def remove(self, photo: OpenPhoto) -> None:
        """Close a photo; the next one is shown in its place."""
        photo_list = self._own if self._photo_list.find(photo.key) is None else self._photo_list
        shown = photo is self.current
        photo_list.remove(photo)
        if photo_list is self._own:  # in another one the stack may be that of many
            self.undo_group.removeStack(photo.stack)
            self.photo_closed.emit(photo.path)
        if shown:
            # Never announce a list without the photo that is said to be shown.
            self._make_current(photo_list.current)
        self.photos_changed.emit()
        if shown:
            self._announce()

    def show(self, photo: OpenPhoto | None) -> None:
        """Make a photo of the list the current one."""
        if photo is self.current or (photo is not None and self.place_of(photo) < 0):
            return
        self._make_current(photo)
        self._announce()

    def step(self, by: int) -> bool:
        """Show the photo ``by`` places on, in the order of the filmstrip; False at either end.

        Photos whose file cannot be read are passed over, unless they have a crop of the person's
        own, or the shown one is such a photo.
        """
        following = self.after(by)
        if following is None:
            return False
        self.show(following)
        return True

    def show_first(self) -> None:
        """Show the first photo of the filmstrip."""
        if self.shown:
            self.show(self.shown[0])

    def show_last(self) -> None:
        """Show the last photo of the filmstrip."""
        if self.shown:
            self.show(self.shown[-1])

    def show_undecided(self) -> bool:
        """Show the next photo that waits for the person, at the end from the first one on; or False."""
        current, way = self.current, self.shown
        place = way.index(current) if current is not None and current in way else -1
        for photo in (*way[place + 1 :], *way[: max(place, 0)]):
            if is_undecided(photo):
                self.show(photo)
                return True
        return False

    def after(self, by: int, readable: bool = False) -> OpenPhoto | None:
        """The photo that :meth:`step` would show; with ``readable`` it is none that failed."""
        current, way = self.current, self.shown
        if current is None or current not in way:
            return None
        place = way.index(current) + by
        while 0 <= place < len(way):
            photo = way[place]
            lost = photo.failure and (readable or not own_crops(photo.edit))
            if not lost or (current.failure and not readable):
                return photo
            place += 1 if by > 0 else -1
        return None

    def push(self, photo: OpenPhoto, before: Edit, after: Edit, text: str, merge: int = -1) -> None:
        """Make one undoable step from ``before`` to ``after``; nothing happens if they are equal.

        Steps of one ``merge`` kind (0 and above) that follow one another become one.
        """
        after = photo.allowed(after)
        if after.protect == before.protect and after.orientation == before.orientation:
            size = photo.width, photo.height
            areas = areas_at(before.protect, before.crop.angle, after.crop.angle, size)
            after = replace(after, protect=areas)
        if before != after:
            photo.stack.push(EditCommand(self, photo.key, before, after, text, merge))

    def push_together(
        self, photo: OpenPhoto, before: Edit, after: Edit, text: str, group: StepGroup
    ) -> None:
        """Make one step that is undone and redone together with those of other photos in its group.

        One that changes nothing is there so that the photo's undo takes back what became of the others.
        """
        group.keys.append(photo.key)
        photo.stack.push(
            EditCommand(self, photo.key, before, photo.allowed(after), text, -1, group)
        )

    def undo(self) -> int:
        """Undo the shown photo's last step, and what was done together with it.

        Returns on how many photos that was left as it is, as more was done to them since.
        """
        return self._step_back_or_on(forwards=False)

    def redo(self) -> int:
        """Redo the shown photo's next step, and what was done together with it; returns as undo does."""
        return self._step_back_or_on(forwards=True)

    def undo_together(self, group: StepGroup, forwards: bool = False) -> int:
        """Undo, or redo, the steps of a group; returns as undo does."""
        left = 0
        group.is_undone = not forwards
        for key in group.keys:
            photo = self.find(key)
            if photo is None:
                continue
            if not group.is_next(photo, forwards):
                left += 1
            elif forwards:
                photo.stack.redo()
            else:
                photo.stack.undo()
        return left

    def _step_back_or_on(self, forwards: bool) -> int:
        photo = self.current
        if photo is None:
            return 0
        index = photo.stack.index() - (not forwards)
        if 0 <= index < photo.stack.count():
            group = group_of(photo.stack.command(index))
            if group is not None:
                return self.undo_together(group, forwards)
        if forwards:
            self.undo_group.redo()
        else:
            self.undo_group.undo()
        return 0

    def amend(self, photo: OpenPhoto, edit: Edit) -> None:
        """Replace the edit outside of undo: previews of a drag, proposals, export."""
        edit = photo.allowed(edit)
        if edit != photo.edit:
            photo.edit = edit
            photo.revision += 1
            self.edit_changed.emit(photo.key)

    def _announce(self) -> None:
        self.current_changing.emit()
        self.current_changed.emit()

    def _show_list(self, photo_list: PhotoList) -> None:
        self._photo_list = photo_list
        self._make_current(photo_list.current)
        self.photos_changed.emit()
        self._announce()

    def _make_current(self, photo: OpenPhoto | None) -> None:
        if photo is not None:
            self.showing.emit(photo)
        self._photo_list.current = photo
        if photo is not None:
            self.undo_group.addStack(photo.stack)
        self.undo_group.setActiveStack(photo.stack if photo else None)  # type: ignore[arg-type]
