"""Crops the photos of a burst alike: the crop of the shown one follows its subject through the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from app.document.document import Document
from app.document.edit import CropAction, Edit
from app.document.edit_crops import turned_edit
from app.document.heads import shown_heads
from app.document.open_photo import OpenPhoto
from app.document.pasted_edits import copied, with_settings
from app.document.photo_transform import areas_at
from app.document.undo import StepGroup
from app.i18n import plurals
from app.photos.opener import Opener
from app.runtime.background import BackgroundWorker
from app.runtime.workers import StopOrder
from app.widgets.notices import NoticeStack, Severity
from cropcore.errors import CropsightError
from cropcore.geometry.boxes import centre, clip, from_centre, rotated_size, shift_inside
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.refit import as_box
from cropcore.geometry.straighten import without_empty_corners
from cropcore.images.bursts import WORKING_SIDE, Grey, Motion, follow
from cropcore.images.photo import Photo, grey_preview

_MIDDLE = 0.6
"""Where no head is known, the middle of the crop is the subject: so much of its sides."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Pattern:
    """The shown photo as it was when the others were asked to follow it.

    ``subject`` lies in the canvas, as the crop of ``edit`` does.
    """

    photo: OpenPhoto
    edit: Edit
    size: tuple[int, int]
    subject: Box


class StackCrops(QObject):
    """Crops the other photos of a stack like the shown one, all in one step.

    ``stack`` tells the photos of a photo's stack. A frame in which the subject is not found for sure gets
    the crop at the same place, and is named.
    """

    def __init__(
        self,
        document: Document,
        opener: Opener,
        notices: NoticeStack,
        stack: Callable[[OpenPhoto], Sequence[OpenPhoto]],
    ) -> None:
        super().__init__(document)
        self._document = document
        self._opener = opener
        self._notices = notices
        self._stack = stack
        self._worker = BackgroundWorker(self, "bursts alike", StopOrder.READERS)

    def crop_alike(self) -> None:
        """Crop the stack of the shown photo like that."""
        shown = self._document.current_read
        if shown is None or not self._document.shows_own:
            return
        others = [p for p in self._stack(shown) if p is not shown and not p.failure]
        if not others:
            self._notices.add(self.tr("This photo is in no stack."), topic="stacks")
            return
        size = shown.width, shown.height
        pattern = _Pattern(shown, shown.edit, size, subject_of(shown))
        self._opener.read_headers(others, lambda: self._follow(pattern, others))

    def _follow(self, pattern: _Pattern, others: Sequence[OpenPhoto]) -> None:
        turn = pattern.edit.orientation
        first = pattern.photo.photo
        frames = [(p.key, p.header.turned(turn)) for p in others if p.header is not None]
        (level,) = areas_at([pattern.subject], pattern.edit.crop.angle, 0.0, pattern.size)
        if first is not None and frames:
            self._worker.submit(
                partial(_motions, first, frames, level), partial(self._crop, pattern)
            )

    def _crop(self, pattern: _Pattern, motions: list[tuple[int, Motion | None]]) -> None:
        if self._document.own.find(pattern.photo.key) is not pattern.photo:
            return
        group, text, unsure = StepGroup(), self.tr("Crop stack alike"), []
        edit = pattern.photo.edit
        mine = edit.mine(edit.crop, CropAction("accepted")) if edit == pattern.edit else edit
        self._document.push_together(pattern.photo, edit, mine, text, group)
        for key, motion in motions:
            photo = self._document.own.find(key)
            if photo is None or photo.header is None:
                continue
            if motion is None:
                unsure.append(photo.path.name)
            after = _like(photo, pattern, motion)
            self._document.push_together(photo, photo.edit, after, text, group)
        said = plurals.stack_cropped(len(group.keys) - 1)
        if unsure:
            names = ", ".join(unsure[:_NAMED])
            if len(unsure) > _NAMED:
                names += " " + plurals.more(len(unsure) - _NAMED)
            said += " " + self.tr("The subject was not found in {0}: same place.").format(names)
        self._notices.add(said, Severity.WARNING if unsure else Severity.INFO, topic="stacks")


def subject_of(photo: OpenPhoto) -> Box:
    """What a crop is about, in its canvas: the heads within it, else its middle."""
    edit, size = photo.edit, (photo.width, photo.height)
    left, top, right, bottom = edit.crop.box
    within = [
        head
        for head in shown_heads(edit, photo.suggestion_state, size)
        if left <= centre(head)[0] <= right and top <= centre(head)[1] <= bottom
    ]
    if within:
        lefts, tops, rights, bottoms = zip(*within, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)
    sides = (right - left) * _MIDDLE, (bottom - top) * _MIDDLE
    return as_box(clip(from_centre(centre(edit.crop.box), sides)))


def moved_crop(crop: Crop, subject: Box, motion: Motion, size: tuple[int, int]) -> Crop:
    """A crop that goes along with its subject, within a photo of ``size`` pixels; ``motion`` is the photo's.

    ``subject`` lies in the canvas of the crop. At the photo's edge the crop stays inside, in its size.
    """
    angle = np.radians(crop.angle)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    canvas = np.array(rotated_size(*size, crop.angle))
    dx, dy = (turn @ (np.array([motion.dx, motion.dy]) * size) / canvas).tolist()
    wide, high = crop.box[2] - crop.box[0], crop.box[3] - crop.box[1]
    scale = min(motion.scale, 1 / wide, 1 / high)
    box = Motion(dx, dy, scale).box(crop.box, subject)
    return without_empty_corners(replace(crop, box=as_box(shift_inside(box))), *size)


def _like(photo: OpenPhoto, pattern: _Pattern, motion: Motion | None) -> Edit:
    edit = photo.edit
    turn = edit.orientation.inverse.then(pattern.edit.orientation)
    edit = turned_edit(edit, turn)
    crop = pattern.edit.crop
    if motion is not None:
        crop = moved_crop(crop, pattern.subject, motion, pattern.size)
    what = copied(pattern.edit, crop, pattern.size)
    return with_settings(edit, what).mine(crop, CropAction("pasted"))


def _motions(
    first: Photo, frames: Sequence[tuple[int, Photo]], subject: Box
) -> list[tuple[int, Motion | None]]:
    """How the subject moved in each frame; runs on any thread."""
    reference = grey_preview(first, WORKING_SIDE)
    return [(key, _motion(reference, first, frame, subject)) for key, frame in frames]


def _motion(reference: Grey, first: Photo, frame: Photo, subject: Box) -> Motion | None:
    if (frame.width, frame.height) != (first.width, first.height):
        return None
    try:
        return follow(reference, grey_preview(frame, WORKING_SIDE), subject)
    except (CropsightError, OSError):
        return None  # it is named among those where the subject was not found
