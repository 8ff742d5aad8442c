"""An open photo: file, edit, undo stack, preview, and what the engine has said of it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from PySide6.QtGui import QImage, QUndoStack

from app.document.edit import Edit
from app.document.foreign_mark import ForeignMark
from app.document.photo_transform import Origins
from app.document.replaced_file import carried
from app.document.suggestion_state import SuggestionState
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Suggestions
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import refit
from cropcore.images.photo import Photo
from cropcore.sidecar.sidecar import new_id


class OpenPhoto:
    """One photo of the document: its file, the person's edit, and what the engine said.

    ``header`` is None until the file's was read, ``photo`` the same, turned as the person turned it;
    ``stamp`` tells when the file was changed and how large it was then. ``revision`` grows with every
    change of the edit. ``suggestion_state`` is what the engine has said; only the suggester sets it.
    ``anchor`` is the crop that changes of the aspect refit, beside the crop that came of it.
    ``failure`` says why the file cannot be read; empty where it can, or was not tried.
    ``kept_aspect`` is the only one that it may have, where there is such; several photos may share a
    ``stack``. ``foreign_marks`` tell, by crop, which came from other programs. ``camera_preview`` is whether
    the picture of a raw photo is the camera's, not LibRaw's; None: it is no raw photo, or not known yet.
    ``taken`` is when the photo was taken, as EXIF writes it; empty while unknown.
    """

    def __init__(
        self,
        key: int,
        path: Path,
        edit: Edit,
        stack: QUndoStack | None = None,
        kept_aspect: Aspect | None = None,
        suggestion_state: SuggestionState | None = None,
    ) -> None:
        self.key = key
        self.path = path
        self.header: Photo | None = None
        self.stamp: tuple[int, int] = (0, 0)
        self.edit = edit
        self.revision = 0
        self.failure = ""
        self.taken = ""
        self.kept_aspect = kept_aspect
        if stack is not None:
            self.stack = stack
        self.preview: QImage | None = None
        self.suggestion_state = suggestion_state or SuggestionState()
        self.anchor: tuple[Crop, Crop] | None = None
        self.origins = Origins()
        self.camera_preview: bool | None = None
        self.foreign_marks: dict[str, ForeignMark] = {}
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

    @property
    def foreign_mark(self) -> ForeignMark | None:
        """Where the crop in hand came from, if it is still as another program made it."""
        edit = self.edit
        mark = self.foreign_marks.get(edit.crop_id)
        return mark if mark is not None and mark.holds(edit.crop, edit.orientation) else None

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
        self.anchor = None
        return after

    def anchor_of(self, crop: Crop) -> Crop:
        """The crop to refit for another aspect.

        As long as only the aspect changes it stays the crop that was there before, so that any way
        through other aspects and back restores it exactly.
        """
        return self.anchor[0] if self.anchor and self.anchor[1] == crop else crop

    @property
    def is_answered(self) -> bool:
        """Whether what is asked now has been answered, be it without suggestions."""
        return self.suggestion_state.answered == self.edit.question

    @property
    def current_suggestions(self) -> Suggestions | None:
        """The suggestions, where they answer what is asked now."""
        return self.suggestion_state.suggestions if self.is_answered else None

    def allowed(self, edit: Edit) -> Edit:
        """The edit, refitted where it leaves the only aspect that the photo may have."""
        aspect = self.kept_aspect
        if aspect is None or edit.aspect == aspect or self.header is None:
            return edit
        photo = self.header.turned(edit.orientation)
        crop = refit(edit.crop, aspect, photo.width, photo.height)
        return replace(edit.with_aspect(aspect), crop=crop)
