"""Plans an export: from photos and edits to one task for each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.document.edit import Owner
from app.document.edit_crops import own_crops
from app.document.nested_crops import known, nested_aspects
from app.document.open_photo import OpenPhoto
from cropcore.engine.crop_question import CropQuestion
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import refit
from cropcore.images.photo import Photo


@dataclass(frozen=True, slots=True)
class ExportTask:
    """One file to write. Without a ``crop`` the best one for ``question`` is asked for first.

    ``crop_id`` is that of the photo's crop that the file is of. With ``inside`` the aspect is cut from
    the ``outer`` crop, or where there is none from the best one for the question.
    """

    key: int
    photo: Photo
    crop: Crop | None
    aspect: Aspect
    rank: int
    question: CropQuestion
    crop_id: str | None = None
    inside: bool = False
    outer: Crop | None = None


def plan_exports(
    photos: Sequence[OpenPhoto], aspects: Sequence[Aspect] = (), all_kept: bool = False
) -> tuple[ExportTask, ...]:
    """What to write for some photos in some aspects; without aspects, each photo in its own.

    Of a photo that is the crop in hand, or with ``all_kept`` each crop that the person keeps. In
    other aspects, a crop that is kept in that aspect goes before the one in hand refitted; a
    proposed crop is used for its own aspect; an aspect that is to be cut later is cut from it;
    everything else is left to the engine. Photos that were not read yet are passed over.
    """
    tasks: list[ExportTask] = []
    for photo in photos:
        if photo.photo is None:
            continue
        if aspects:
            tasks += [_in_aspect(photo, photo.photo, aspect) for aspect in aspects]
        elif all_kept:
            tasks += _each_kept(photo, photo.photo)
        else:
            tasks.append(_in_aspect(photo, photo.photo, photo.edit.aspect))
    return tuple(tasks)


def _in_aspect(photo: OpenPhoto, header: Photo, aspect: Aspect) -> ExportTask:
    edit, crop_id = photo.edit, None
    inside, outer, question = False, None, replace(edit.question, aspect=aspect)
    kept = next((other for other in edit.others if other.aspect == aspect), None)
    crop: Crop | None = None
    if aspect == edit.aspect:
        crop_id = edit.crop_id
        crop = None if edit.owner is Owner.WHOLE else edit.crop
    elif kept is not None:
        crop, crop_id = kept.crop, kept.id
    elif aspect in nested_aspects(photo):
        inside, question = True, edit.question
        outer = None if edit.owner is Owner.WHOLE else edit.crop
        shown = () if outer is None else known(photo, outer) or ()
        crop = next((one.crop for one in shown if one.aspect == aspect), None)
    elif edit.owner is Owner.MINE:
        crop = refit(edit.crop, aspect, photo.width, photo.height)
    return ExportTask(photo.key, header, crop, aspect, 1, question, crop_id, inside, outer)


def _each_kept(photo: OpenPhoto, header: Photo) -> list[ExportTask]:
    """One task for each kept crop; of those of one aspect each has a rank of its own."""
    kept = own_crops(photo.edit)
    if not kept:
        return [_in_aspect(photo, header, photo.edit.aspect)]
    tasks = []
    for place, one in enumerate(kept):
        rank = 1 + sum(before.aspect == one.aspect for before in kept[:place])
        question = replace(photo.edit.question, aspect=one.aspect)
        task = ExportTask(photo.key, header, one.crop, one.aspect, rank, question, one.id)
        tasks.append(task)
    return tasks


def plan_candidates(
    photo: OpenPhoto, crops: Sequence[tuple[int, Crop]], aspect: Aspect
) -> tuple[ExportTask, ...]:
    """Tasks for several crops of one photo, each with its rank in the file's name."""
    if photo.photo is None:
        return ()
    edit, header = photo.edit, photo.photo
    return tuple(
        ExportTask(
            photo.key,
            header,
            crop,
            aspect,
            rank,
            edit.question,
            edit.crop_id if rank == 1 else None,
        )
        for rank, crop in crops
    )
