"""An open photo: file, edit, undo stack, preview, and the engine's answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from PySide6.QtGui import QImage, QUndoStack

from app.document.edit import CropScore, Edit, Question
from app.document.photo_transform import Origins
from app.document.replaced_file import carried
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop, Map, Nested, Suggestions
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import refit
from cropcore.images.photo import Photo
from cropcore.sidecar.sidecar import new_id


class OpenPhoto:
    """One photo of the document: its file, the person's edit, and what the engine said.

    ``header`` is None until the file's was read, ``photo`` the same, turned as the person turned it;
    ``stamp`` tells when the file was changed and how large it was then. ``revision`` grows with every
    change of the edit.
    ``suggestions`` answer ``answered``, quickly or ``refined``; ``score`` is that of the question
    and crop in ``scored``, ``nested`` the crops to be cut later from such a crop, and ``crop_scores`` what
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
        self.crop_scores: dict[str, CropScore] = {}
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
        found = self.suggestions
        return self.confidence_before if found is None else found.confidence

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
        self.crop_scores.clear()
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
