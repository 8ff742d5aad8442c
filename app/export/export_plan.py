"""Plans an export: from photos and edits to one task for each file."""

from __future__ import annotations

import math
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

_SAME_RATIO = 0.005
"""The original ratio of a camera's photo is 3:2, say, but for some pixels."""


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
    photos: Sequence[OpenPhoto],
    aspects: Sequence[Aspect] = (),
    all_kept: bool = False,
    turn: bool = False,
) -> tuple[ExportTask, ...]:
    """What to write for some photos in some aspects; without aspects, each photo in its own.

    Of a photo that is the crop in hand, or with ``all_kept`` each crop that the person keeps. In
    other aspects, a crop that is kept in that aspect goes before the one in hand refitted; a
    proposed crop is used for its own aspect; an aspect that is to be cut later is cut from it;
    everything else is left to the engine. Photos that were not read yet are passed over. With ``turn``
    the aspects turn with each photo.
    """
    tasks: list[ExportTask] = []
    for photo in photos:
        if photo.photo is None:
            continue
        if aspects:
            shapes = (_for(photo, aspect, turn) for aspect in aspects)
            tasks += [_in_aspect(photo, photo.photo, aspect) for aspect in shapes]
        elif all_kept:
            tasks += _each_kept(photo, photo.photo)
        else:
            tasks.append(_in_aspect(photo, photo.photo, photo.edit.aspect))
    return tuple(tasks)


def plan_in_one_ratio(
    photos: Sequence[OpenPhoto], aspect: Aspect, turn: bool = False
) -> tuple[ExportTask, ...]:
    """Each kept crop of the photos that have one of an aspect, and of the others one in that aspect."""
    tasks: list[ExportTask] = []
    others = set(keeping_another(photos, aspect, turn))
    for photo in photos:
        aspects = (aspect,) if photo in others else ()
        tasks += plan_exports([photo], aspects, all_kept=True, turn=turn)
    return tuple(tasks)


def keeping_another(
    photos: Sequence[OpenPhoto], aspect: Aspect, turn: bool = False
) -> tuple[OpenPhoto, ...]:
    """The photos of which no crop that would be exported has the ratio of an aspect.

    Photos that were not read yet are passed over. Where any ratio will do, there are none.
    """
    if aspect.kind == "free":
        return ()
    return tuple(
        photo
        for photo in photos
        if photo.photo is not None
        and not any(
            _has_ratio(photo, own, _for(photo, aspect, turn)) for own in _exported_aspects(photo)
        )
    )


def _for(photo: OpenPhoto, aspect: Aspect, turn: bool) -> Aspect:
    return aspect.turned_for(photo.width, photo.height) if turn else aspect


def _exported_aspects(photo: OpenPhoto) -> list[Aspect]:
    return [kept.aspect for kept in own_crops(photo.edit)] or [photo.edit.aspect]


def _has_ratio(photo: OpenPhoto, own: Aspect, wanted: Aspect) -> bool:
    ratio = own.ratio_for(photo.width, photo.height)
    target = wanted.ratio_for(photo.width, photo.height)
    if ratio is None or target is None or own.is_circle != wanted.is_circle:
        return False
    return math.isclose(ratio, target, rel_tol=_SAME_RATIO)


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
