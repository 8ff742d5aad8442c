"""Pure: adapts the edits of an open photo whose file was replaced on the disk."""

from __future__ import annotations

from dataclasses import replace

from app.document.edit import Edit, Owner
from app.document.edit_crops import turned_edit
from app.document.heads import turned
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import keeps, refit
from cropcore.geometry.straighten import without_empty_corners
from cropcore.images.photo import Photo


def turn_between(before: Photo, now: Photo) -> Orientation:
    """How the upright photo of a file lies in that of the file in its place, as their headers tell.

    A program that turns a photo writes another orientation into its EXIF. Or it turns the pixels: so
    that the orientation is not needed any more and the photo looks as before, which cannot always be
    told from a turn, or so that it looks turned, which the header does not tell.
    """
    by = before.exif.inverse.then(now.exif)
    baked = now.exif == UPRIGHT and (now.width, now.height) == (before.width, before.height)
    return UPRIGHT if baked or _stored_size(before) != _stored_size(now) else by


def carried(edit: Edit, before: Photo, now: Photo) -> Edit:
    """An edit of the photo ``before`` for the one in its place; both are headers as they were read.

    Where only its orientation is another, every crop and area shows the same. Otherwise they keep
    their fractions, and crops that would leave their ratio or the photo are fitted.
    """
    by = turn_between(before, now)
    if by == UPRIGHT and (before.width, before.height) == (now.width, now.height):
        return edit
    orientation = edit.orientation
    here = orientation.inverse.then(by).then(orientation)
    edit = replace(turned_edit(edit, here), orientation=orientation, heads=turned(edit.heads, by))
    photo = now.turned(orientation)
    wide, high = photo.width, photo.height
    if edit.owner is not Owner.WHOLE:
        edit = replace(edit, crop=_fitted(edit.crop, edit.aspect, wide, high))
    others = (replace(o, crop=_fitted(o.crop, o.aspect, wide, high)) for o in edit.others)
    return replace(edit, others=tuple(others))


def _fitted(crop: Crop, aspect: Aspect, width: int, height: int) -> Crop:
    crop, ratio = without_empty_corners(crop, width, height), aspect.ratio_for(width, height)
    if ratio is not None and not keeps(crop, ratio, width, height):
        crop = refit(crop, aspect, width, height)
    return crop


def _stored_size(photo: Photo) -> tuple[int, int]:
    """Width and height of the file's pixels before its EXIF turns them."""
    swaps = photo.exif.swaps_sides
    return (photo.height, photo.width) if swaps else (photo.width, photo.height)
