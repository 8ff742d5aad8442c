"""Pure conversion between an edit and a sidecar.

Crops of an edit have ids of their own but for the photo's first, whose id is empty there; ``first``
is what a sidecar calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from app.document.edit import CropAction, CropEntry, CropScore, Edit, Owner
from app.document.edit_crops import all_crops, arranged, own_crops, turned_edit
from app.document.photo_transform import Origins, areas_at
from cropcore.geometry.crop import Crop
from cropcore.sidecar.sidecar import Flag, SavedCrop, Sidecar

_SAME_SIZE = 1e-9
_HAIR = timedelta(microseconds=1)


@dataclass
class EditHistory:
    """What has to be remembered between two looks at one photo's edit.

    ``first`` is what the sidecar calls the photo's first crop. ``known`` are ids that the edit has
    had: only of these, a missing one was removed by the person. ``actions`` are told already. ``gone``
    are removed crops as they were, for a redo.
    """

    first: str
    known: set[str] = field(default_factory=set)
    actions: dict[str, CropAction | None] = field(default_factory=dict)
    gone: dict[str, SavedCrop] = field(default_factory=dict)


def folded(
    sidecar: Sidecar,
    edit: Edit,
    memory: EditHistory,
    crop_scores: Mapping[str, CropScore],
    origins: Origins,
    weights: Mapping[str, str],
    size: tuple[int, int],
) -> Sidecar:
    """The sidecar with everything that the person decided since; the very same where that is nothing.

    ``crop_scores`` is by the ids of the edit, ``origins`` are the photo's, ``weights`` by method; ``size`` is
    that of the turned photo in pixels. What is only proposed leaves no trace.
    """
    was_turned = edit.orientation != sidecar.orientation.value
    if was_turned:
        sidecar = replace(sidecar, orientation=sidecar.orientation.instead(edit.orientation))
    flag: Flag = "star" if edit.starred else "reject" if edit.rejected else "none"
    if flag != sidecar.flag.value:
        sidecar = replace(sidecar, flag=sidecar.flag.instead(flag))
    protect = areas_at(edit.protect, edit.crop.angle, 0.0, _known(size, sidecar))
    if protect != sidecar.protect.value:
        sidecar = replace(sidecar, protect=sidecar.protect.instead(protect))
    if edit.heads != sidecar.heads.value:
        sidecar = replace(sidecar, heads=sidecar.heads.instead(edit.heads))
    kept = {one.id or memory.first: one for one in own_crops(edit)}
    before = {saved.id: saved for saved in sidecar.crops}
    for key, one in kept.items():
        saved = _saved(before.get(key), one, key, memory, was_turned)
        if saved != before.get(key):
            saved = replace(saved, origin=origins.origin(edit.orientation, one.crop))
        saved = _judged(saved, crop_scores.get(one.id), weights)
        if saved != before.get(key):
            sidecar = sidecar.with_crop(saved)
    for key in before.keys() & (memory.known - kept.keys()):
        memory.gone[key] = before[key]
        sidecar = sidecar.without_crop(key)
    memory.known |= kept.keys()
    order = {key: place for place, key in enumerate(kept)}
    crops = tuple(sorted(sidecar.crops, key=lambda saved: order.get(saved.id, len(order))))
    return sidecar if crops == sidecar.crops else replace(sidecar, crops=crops)


def taken_in(
    edit: Edit, old: Sidecar, new: Sidecar, memory: EditHistory, size: tuple[int, int]
) -> Edit:
    """The edit with everything that differs between two sidecars as it is in ``new``.

    ``size`` is that of the photo as it was turned before. Where nothing is the person's own yet, the
    crop that was changed last comes to hand, in the place of what was proposed until then.
    """
    by = old.orientation.value.inverse.then(new.orientation.value)
    edit = turned_edit(edit, by)
    angle = edit.crop.angle
    if old.flag.value != new.flag.value:
        edit = replace(edit, starred=new.flag.value == "star", rejected=new.flag.value == "reject")
    crops = {one.id or memory.first: one for one in all_crops(edit)}
    had_own = bool(own_crops(edit))
    before = {saved.id: saved for saved in old.crops}
    fresh = [saved for saved in new.crops if saved != before.get(saved.id)]
    for key in before.keys() - {saved.id for saved in new.crops}:
        crops.pop(key, None)
    for saved in fresh:
        crops[saved.id] = _kept(saved, memory)
    memory.known |= {saved.id for saved in fresh}
    hand = edit.crop_id or memory.first
    if fresh and not had_own:
        crops = {saved.id: crops[saved.id] for saved in fresh}
        hand = max(fresh, key=lambda saved: saved.changed).id
    if crops and hand not in crops:
        hand = next(iter(crops))
    if crops:
        edit = arranged(edit, tuple(crops.values()), crops[hand].id)
    else:
        edit = replace(edit, crop=Crop(), owner=Owner.WHOLE)
    if old.heads.value != new.heads.value:
        edit = replace(edit, heads=new.heads.value)
    if old.protect.value != new.protect.value or edit.crop.angle != angle:
        size = _known(size[::-1] if by.swaps_sides else size, new)
        areas = areas_at(new.protect.value, 0.0, edit.crop.angle, size)
        edit = replace(edit, protect=areas)
    return edit


def with_judgement(
    saved: SavedCrop, crop_score: CropScore, weights: Mapping[str, str]
) -> SavedCrop:
    """A saved crop with what a method, whose weights are listed by its name, said of it."""
    return replace(
        saved,
        method=crop_score.method,
        score=crop_score.score,
        confidence=crop_score.confidence,
        weights_sha256=weights.get(crop_score.method),
    )


def score_of(saved: SavedCrop) -> CropScore | None:
    """What a sidecar remembers to have been said of a crop."""
    if saved.score is None or saved.method is None:
        return None
    return CropScore(saved.crop, saved.method, saved.score, saved.confidence)


def _saved(
    before: SavedCrop | None, one: CropEntry, key: str, memory: EditHistory, was_turned: bool
) -> SavedCrop:
    if before is not None and (before.crop, before.aspect) == (one.crop, one.aspect):
        return before
    saved = before or memory.gone.get(key) or SavedCrop(key, one.crop, one.aspect, ())
    told = one.action if one.action is not memory.actions.get(key) else None
    memory.actions[key] = one.action
    if told is None:
        told = CropAction("turned" if was_turned and before else _read_off(before, one))
    saved = replace(
        saved,
        aspect=one.aspect,
        method=one.method,
        score=None,
        confidence=None,
        weights_sha256=None,
        tightness=one.tightness,
    )
    return saved.with_change(one.crop, told.what, told.candidate)


def _judged(
    saved: SavedCrop, crop_score: CropScore | None, weights: Mapping[str, str]
) -> SavedCrop:
    """With what was said of it, where that came after the crop was kept."""
    if crop_score is None or crop_score.crop != saved.crop or saved.score is not None:
        return saved
    changes = saved.changes
    if changes:
        # 1 us later, so that merging prefers this version, but before any later change.
        last = changes[-1]
        changes = (*changes[:-1], replace(last, at=saved.changed + _HAIR))
    return with_judgement(replace(saved, changes=changes), crop_score, weights)


def _read_off(before: SavedCrop | None, one: CropEntry) -> str:
    """What was done to a crop, by how it differs from the one before."""
    if before is None:
        return "drawn"
    if before.aspect != one.aspect:
        return "aspect"
    if before.crop.angle != one.crop.angle:
        return "straightened"
    (a1, b1, a2, b2), (c1, d1, c2, d2) = before.crop.box, one.crop.box
    same = abs((a2 - a1) - (c2 - c1)) < _SAME_SIZE and abs((b2 - b1) - (d2 - d1)) < _SAME_SIZE
    return "moved" if same else "resized"


def _kept(saved: SavedCrop, memory: EditHistory) -> CropEntry:
    return CropEntry(
        "" if saved.id == memory.first else saved.id,
        saved.crop,
        Owner.MINE,
        saved.aspect,
        Edit().with_aspect(saved.aspect).before_circle,
        0.5 if saved.tightness is None else saved.tightness,
        saved.method or "default",
    )


def _known(size: tuple[int, int], sidecar: Sidecar) -> tuple[int, int]:
    """The size of the turned photo; as long as its file was not looked into, what the sidecar says."""
    if all(size):
        return size
    wide, high = sidecar.photo.width, sidecar.photo.height
    return (high, wide) if sidecar.orientation.value.swaps_sides else (wide, high)
