"""The open photos and what the person decided about each, free of widgets.

Everything that can be undone is one immutable :class:`app.document.edit.Edit`; a photo's undo stack holds pairs of
them. What the engine said about a photo lies beside it and is never undone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QUndoGroup, QUndoStack

from app.document.edit import ORIGINAL, Edit, Question
from app.document.edit_crops import own_crops
from app.document.kept import Said
from app.document.photo_list import Roll
from app.document.photo_transform import Origins, areas_at
from app.document.replaced_file import carried
from app.document.undo import EditCommand
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Map, Nested, Suggestions
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import refit
from cropcore.images.photo import Photo
from cropcore.sidecar.sidecar import new_id

__all__ = ["ORIGINAL", "Document", "Edit", "OpenPhoto", "Question"]


class OpenPhoto:
    """One photo of the document: its file, the person's edit, and what the engine said.

    ``header`` is None until the file's was read, ``photo`` the same, turned as the person turned it;
    ``stamp`` tells when the file was changed and how large it was then. ``revision`` grows with every
    change of the edit.
    ``suggestions`` answer ``answered``, quickly or ``refined``; ``score`` is that of the question
    and crop in ``scored``, ``nested`` the crops to be cut later from such a crop, and ``said`` what
    was said last of each crop, by its id. ``maps`` holds the latest map of each name, beside the
    aspect that it was made for where it depends on one. ``anchor`` is the crop that changes of the
    aspect refit, beside the crop that came of it. ``due`` is the revision that the latest answer
    found unchanged. ``failure`` says why the file cannot be read; empty where it can, or was not
    tried. ``confidence_before`` is what an earlier run found. ``kept_aspect`` is the only one that
    it may have, where there is such; several photos may share a ``stack``. ``taken`` is when the
    photo was taken, as EXIF writes it; empty while unknown.
    """

    def __init__(
        self,
        key: int,
        path: Path,
        edit: Edit,
        stack: QUndoStack | None = None,
        kept_aspect: Aspect | None = None,
    ) -> None:
        self.key = key
        self.path = path
        self.header: Photo | None = None
        self.stamp: tuple[int, int] = (0, 0)
        self.edit = edit
        self.revision = 0
        self.failure = ""
        self.taken = ""
        self.confidence_before: float | None = None
        self.kept_aspect = kept_aspect
        if stack is not None:
            self.stack = stack
        self.preview: QImage | None = None
        self.latest_ask = 0
        self.due = -1
        self.suggestions: Suggestions | None = None
        self.answered: Question | None = None
        self.refined = False
        self.scored: tuple[Question, Crop] | None = None
        self.score: float | None = None
        self.nested: tuple[Question, Crop, tuple[Nested, ...]] | None = None
        self.said: dict[str, Said] = {}
        self.maps: dict[str, tuple[Aspect | None, Map]] = {}
        self.anchor: tuple[Crop, Crop] | None = None
        self.origins = Origins()
        self._turned: dict[Orientation, Photo] = {}
        self._carried: tuple[Edit, Photo, Edit] | None = None

    @property
    def photo(self) -> Photo | None:
        """The photo as the person turned it; the very same object for the same turn of one file."""
        if self.header is None or self.edit.orientation == UPRIGHT:
            return self.header
        turn = self.edit.orientation
        if turn not in self._turned:
            self._turned[turn] = self.header.turned(turn)
        return self._turned[turn]

    @cached_property
    def first_id(self) -> str:
        """The id of the crop whose id in the edit is empty."""
        return new_id()

    @cached_property
    def stack(self) -> QUndoStack:
        """The photo's steps; made when it is first needed, for there may be thousands of photos."""
        return QUndoStack()

    @property
    def is_result(self) -> bool:
        """Whether it is a result of a batch, in review."""
        return self.kept_aspect is not None

    @property
    def confidence(self) -> float | None:
        """How far the best suggestion can be trusted, 0 to 1; None where nothing is known of it."""
        return self.suggestions.confidence if self.suggestions else self.confidence_before

    @property
    def width(self) -> int:
        """Width of the turned photo in pixels; 0 while unknown."""
        return self.photo.width if self.photo else 0

    @property
    def height(self) -> int:
        """Height of the turned photo in pixels; 0 while unknown."""
        return self.photo.height if self.photo else 0

    @property
    def ratio(self) -> float:
        """Width over height; 1 while unknown."""
        return self.photo.width / self.photo.height if self.photo else 1.0

    def replace_file(self, header: Photo, stamp: tuple[int, int]) -> Edit:
        """Another file lies in the place of the one that was opened: nothing said of that holds.

        Returns the edit for it. Where nothing was decided since an earlier replacement, it is made
        from the edit before that: a file that is put back finds its crops as they were.
        """
        edit, before = self.edit, self.header or header
        first, lay = edit, before
        if self._carried is not None and self._carried[2] == edit:
            first, lay, _ = self._carried
        after = carried(first, lay, header)
        self._carried = first, lay, after
        self.header, self.stamp = header, stamp
        self._turned.clear()
        self.origins = Origins()
        self.preview = None
        self.confidence_before = None
        self.due = -1
        self.suggestions = self.answered = None
        self.refined = False
        self.scored = self.score = self.nested = None
        self.said.clear()
        self.maps.clear()
        self.anchor = None
        return after

    def forget_suggestions(self) -> None:
        """Another question will be asked; how sure the engine was is still worth knowing."""
        self.confidence_before = self.confidence
        self.suggestions = self.answered = None
        self.refined = False

    def anchor_of(self, crop: Crop) -> Crop:
        """The crop to refit for another aspect.

        As long as only the aspect changes it stays the crop that was there before, so that any way
        through other aspects and back restores it exactly.
        """
        return self.anchor[0] if self.anchor and self.anchor[1] == crop else crop

    @property
    def current_suggestions(self) -> Suggestions | None:
        """The suggestions, where they answer what is asked now."""
        return self.suggestions if self.answered == self.edit.question else None

    def turn_suggestions(self, by: Orientation) -> None:
        """Until the turned photo is asked about, what was said of it before holds, turned."""
        if self.suggestions is not None and by != UPRIGHT:
            aspect = self.suggestions.aspect
            self.suggestions = replace(
                self.suggestions,
                aspect=aspect.swapped() if by.swaps_sides else aspect,
                candidates=tuple(
                    replace(c, crop=by.crop(c.crop), nested=()) for c in self.suggestions.candidates
                ),
            )

    def allowed(self, edit: Edit) -> Edit:
        """The edit, refitted where it leaves the only aspect that the photo may have."""
        aspect = self.kept_aspect
        if aspect is None or edit.aspect == aspect or self.header is None:
            return edit
        photo = self.header.turned(edit.orientation)
        crop = refit(edit.crop, aspect, photo.width, photo.height)
        return replace(edit.with_aspect(aspect), crop=crop)

    def knows_map(self, name: str) -> bool:
        """Whether the map of this name is there, and for the aspect that is wanted now."""
        aspect, found = self.maps.get(name, (None, None))
        return found is not None and aspect in (None, self.edit.aspect)


class Document(QObject):
    """The open photos, which of them is shown, and one undo stack for each.

    Another roll can be laid over the person's own, which waits unchanged until it is put back.

    Signals: ``photos_changed`` (added or removed), ``current_changed`` (another photo is shown, or
    none, or the file of the shown one was changed), ``current_changing`` (just before, to clear
    away), ``edit_changed`` (key of the photo whose edit is different now), ``failure_changed`` (key
    of the photo whose file can no longer, or again, be read), ``showing`` (OpenPhoto that is about
    to be shown).
    """

    photos_changed = Signal()
    showing = Signal(object)
    current_changing = Signal()
    current_changed = Signal()
    edit_changed = Signal(int)
    failure_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_group = QUndoGroup(self)
        self._own = self._roll = Roll()
        self._keys = itertools.count(1)

    @property
    def photos(self) -> tuple[OpenPhoto, ...]:
        """The open photos in their order."""
        return self._roll.photos

    @property
    def current(self) -> OpenPhoto | None:
        """The photo that is shown."""
        return self._roll.current

    @property
    def roll(self) -> Roll:
        """The roll that is shown."""
        return self._roll

    @property
    def own(self) -> Roll:
        """The person's own roll, whether it is shown or waits."""
        return self._own

    @property
    def index(self) -> int:
        """Place of the shown photo, -1 when there is none."""
        return self._roll.place_of(self.current) if self.current else -1

    def find(self, key: int) -> OpenPhoto | None:
        """The open photo with this key, if it is still open, be it in the roll that waits."""
        return self._roll.find(key) or self._own.find(key)

    def place_of(self, photo: OpenPhoto) -> int:
        """Place of an open photo, -1 where it is not in the roll that is shown."""
        return self._roll.place_of(photo)

    def next_key(self) -> int:
        """A key for a photo of another roll."""
        return next(self._keys)

    def lay_over(self, roll: Roll) -> None:
        """Show another roll in place of the person's own."""
        self._show_roll(roll)

    def put_back(self) -> None:
        """Show the person's own roll as it was."""
        if self._roll is not self._own:
            self._show_roll(self._own)

    def add(self, paths: Iterable[Path], edit: Edit) -> list[OpenPhoto]:
        """Append photos that begin with ``edit`` to the person's own roll; those already open are
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
        """Whether the person's own roll is shown, and no other lies over it."""
        return self._roll is self._own

    @property
    def shown(self) -> Sequence[OpenPhoto]:
        """The photos that the filmstrip shows, in its order: the way from one to the next."""
        return self._roll.way

    def set_shown(self, photos: list[OpenPhoto]) -> None:
        """Go from photo to photo in this order from now on; the list is kept, not copied."""
        self._roll.way = photos

    def set_failure(self, photo: OpenPhoto, text: str) -> None:
        """Remember why a photo's file cannot be read; an empty text says that it can again."""
        if text != photo.failure:
            photo.failure = text
            self.failure_changed.emit(photo.key)

    def refresh(self, photo: OpenPhoto, header: Photo, stamp: tuple[int, int]) -> None:
        """Take in that the file of an open photo was changed.

        What the person decided stays, see :func:`app.document.replaced_file.carried`.
        """
        self.amend(photo, photo.replace_file(header, stamp))
        if photo is self.current:
            self._announce()

    def remove(self, photo: OpenPhoto) -> None:
        """Close a photo; the next one is shown in its place."""
        roll = self._own if self._roll.find(photo.key) is None else self._roll
        shown = photo is self.current
        roll.remove(photo)
        if roll is self._own:  # in another one the stack may be that of many
            self.undo_group.removeStack(photo.stack)
        if shown:
            # Never announce a list without the photo that is said to be shown.
            self._make_current(roll.current)
        self.photos_changed.emit()
        if shown:
            self._announce()

    def show(self, photo: OpenPhoto | None) -> None:
        """Make a photo of the roll the current one."""
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

    def amend(self, photo: OpenPhoto, edit: Edit) -> None:
        """Replace the edit outside of undo: previews of a drag, proposals, export."""
        edit = photo.allowed(edit)
        if edit != photo.edit:
            before, photo.edit = photo.edit, edit
            if (edit.orientation, edit.crop.angle) != (before.orientation, before.crop.angle):
                photo.maps.clear()
                photo.turn_suggestions(before.orientation.inverse.then(edit.orientation))
            photo.revision += 1
            self.edit_changed.emit(photo.key)

    def _announce(self) -> None:
        self.current_changing.emit()
        self.current_changed.emit()

    def _show_roll(self, roll: Roll) -> None:
        self._roll = roll
        self._make_current(roll.current)
        self.photos_changed.emit()
        self._announce()

    def _make_current(self, photo: OpenPhoto | None) -> None:
        if photo is not None:
            self.showing.emit(photo)
        self._roll.current = photo
        if photo is not None:
            self.undo_group.addStack(photo.stack)
        self.undo_group.setActiveStack(photo.stack if photo else None)  # type: ignore[arg-type]
