"""Several crops in one edit: add, choose, remove, and undo steps that keep the other crops.

All functions are pure. One crop is in hand, the others lie beside it in a fixed order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from app.document.edit import CropAction, CropEntry, Edit, Owner
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import as_box

_OF_CROP = ("crop", "owner", "aspect", "before_circle")
_SETTINGS = ("tightness", "method")
_OF_HAND = {"crop_id", "others", "place", "action", *_OF_CROP, *_SETTINGS}


def in_hand(edit: Edit) -> CropEntry:
    """The crop in hand."""
    # Each by itself, for it is asked of thousands of photos at once.
    return CropEntry(
        edit.crop_id,
        edit.crop,
        edit.owner,
        edit.aspect,
        edit.before_circle,
        edit.tightness,
        edit.method,
        edit.action,
    )


def all_crops(edit: Edit) -> tuple[CropEntry, ...]:
    """Every crop of an edit in order, the one in hand among them."""
    place = min(edit.place, len(edit.others))
    return (*edit.others[:place], in_hand(edit), *edit.others[place:])


def own_crops(edit: Edit) -> tuple[CropEntry, ...]:
    """The crops that are the person's own, in order."""
    if edit.owner is not Owner.MINE and not edit.others:
        return ()  # as with most of thousands of photos
    return tuple(kept for kept in all_crops(edit) if kept.owner is Owner.MINE)


def arranged(edit: Edit, crops: Sequence[CropEntry], hand: str) -> Edit:
    """The edit with these crops, the one with the id ``hand`` in hand.

    What is whole still was never cropped, and does not lie beside.
    """
    held = next(kept for kept in crops if kept.id == hand)
    crops = [kept for kept in crops if kept is held or kept.owner is not Owner.WHOLE]
    values = {name: getattr(held, name) for name in (*_OF_CROP, *_SETTINGS)}
    return replace(
        edit,
        **values,
        crop_id=hand,
        action=held.action,
        others=tuple(kept for kept in crops if kept is not held),
        place=crops.index(held),
    )


def begun(edit: Edit, crop_id: str, crop: Crop, owner: Owner) -> Edit:
    """Keep the crop in hand as the person's own and begin another with the same settings."""
    crops = all_crops(edit.mine(edit.crop, edit.action or CropAction("kept")))
    fresh = replace(in_hand(edit), id=crop_id, crop=crop, owner=owner, action=None)
    return arranged(edit, (*crops, fresh), crop_id)


def chosen(edit: Edit, crop_id: str) -> Edit:
    """Another crop in hand."""
    return arranged(edit, all_crops(edit), crop_id)


def removed(edit: Edit, crop_id: str, fresh_id: str, whole: Crop = Crop()) -> Edit:  # noqa: B008
    """Without a crop; where it was the only one, the photo is ``whole`` again."""
    crops = all_crops(edit)
    place = next(i for i, kept in enumerate(crops) if kept.id == crop_id)
    rest = (*crops[:place], *crops[place + 1 :])
    if not rest:
        fresh = replace(crops[place], id=fresh_id, crop=whole, owner=Owner.WHOLE, action=None)
        return arranged(edit, (fresh,), fresh_id)
    hand = edit.crop_id if crop_id != edit.crop_id else rest[min(place, len(rest) - 1)].id
    return arranged(edit, rest, hand)


def turned_edit(edit: Edit, by: Orientation) -> Edit:
    """The edit of the photo turned or mirrored further: every crop and area shows the same."""
    others = tuple(
        replace(
            other,
            crop=by.crop(other.crop),
            aspect=_turned_aspect(other.aspect, by),
            before_circle=_turned_aspect(other.before_circle, by),
        )
        for other in edit.others
    )
    return replace(
        edit,
        orientation=edit.orientation.then(by),
        crop=by.crop(edit.crop),
        aspect=_turned_aspect(edit.aspect, by),
        before_circle=_turned_aspect(edit.before_circle, by),
        others=others,
        protect=tuple(as_box(by.boxes(box)) for box in edit.protect),
    )


def _turned_aspect(aspect: Aspect, by: Orientation) -> Aspect:
    return aspect.swapped() if by.swaps_sides else aspect


def stepped(current: Edit, start: Edit, end: Edit) -> Edit:
    """``current`` with everything that differs between ``start`` and ``end`` as it is in ``end``.

    So a step can be undone and redone whatever came about beside it: a star leaves the crop alone,
    and a crop leaves those alone that another program added. The crop that changes is in hand then.
    """
    by = UPRIGHT
    if start.orientation != end.orientation:
        by = current.orientation.inverse.then(end.orientation)
    if by != UPRIGHT:
        current = turned_edit(current, by)
    plain = {
        field.name: getattr(end, field.name)
        for field in fields(Edit)
        if field.name not in _OF_HAND and getattr(start, field.name) != getattr(end, field.name)
    }
    first = {kept.id: kept for kept in all_crops(start)}
    last = {kept.id: kept for kept in all_crops(end)}
    result = {kept.id: kept for kept in all_crops(current)}
    changed = [key for key in {**first, **last} if first.get(key) != last.get(key) or by != UPRIGHT]
    for key in changed:
        if key not in last:
            result.pop(key, None)
        else:
            result[key] = _changed(result.get(key), first.get(key), last[key])
    hand = current.crop_id
    if hand == start.crop_id or (end.crop_id in changed and hand not in changed):
        hand = end.crop_id
    if hand not in result:
        hand = end.crop_id if end.crop_id in result else next(iter(result), "")
    if not result:
        result[hand := end.crop_id] = last[end.crop_id]
    order = [key for key in last if key in result]
    order += [key for key in result if key not in last]
    return arranged(replace(current, **plain), [result[key] for key in order], hand)


def _changed(now: CropEntry | None, start: CropEntry | None, end: CropEntry) -> CropEntry:
    if now is None or start is None:
        return end
    values = {
        name: getattr(end, name) for name in _SETTINGS if getattr(start, name) != getattr(end, name)
    }
    if start == end or any(getattr(start, n) != getattr(end, n) for n in _OF_CROP):
        values |= {name: getattr(end, name) for name in (*_OF_CROP, "action")}
    return replace(now, **values)
