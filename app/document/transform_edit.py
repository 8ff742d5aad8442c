"""Edit of a rotated, mirrored or straightened photo, which undoes exactly."""

from __future__ import annotations

from dataclasses import replace

from app.document.document import Edit
from app.document.edit_crops import turned_edit
from app.document.open_photo import OpenPhoto
from app.document.photo_transform import PhotoTransform


def transform_of(photo: OpenPhoto) -> PhotoTransform:
    """How a photo whose header was read lies now, and what lies in it."""
    edit, header = photo.edit, photo.header
    assert header is not None
    anchor = photo.anchor_of(edit.crop)
    return PhotoTransform(
        header.width, header.height, edit.orientation, edit.crop, anchor, edit.protect, edit.owner
    )


def straightened(photo: OpenPhoto, first: PhotoTransform, angle: float) -> PhotoTransform:
    """The first edit as the photo lies now, straightened by another angle."""
    transform = first.turned(photo.edit.orientation)
    return transform.straightened(angle, photo.edit.aspect.ratio_for(*transform.size))


def edit_of(edit: Edit, transform: PhotoTransform) -> Edit:
    """An edit of a photo that lies otherwise now."""
    return with_place(
        turned_edit(edit, edit.orientation.inverse.then(transform.orientation)), transform
    )


def with_place(edit: Edit, other: Edit | PhotoTransform) -> Edit:
    """An edit with the crop in hand, its owner and the protected areas of another one."""
    return replace(edit, crop=other.crop, owner=other.owner, protect=other.protect, action=None)


def with_exact_others(photo: OpenPhoto, edit: Edit) -> Edit:
    """The further crops of a turned edit, made from their first ones as well."""
    others = []
    for old, new in zip(photo.edit.others, edit.others, strict=True):
        kept = replace(transform_of(photo), crop=old.crop, anchor=old.crop, owner=old.owner)
        first = photo.origins.first(kept)
        ratio = new.aspect.ratio_for(*first.turned(edit.orientation).size)
        made = first.turned(edit.orientation).straightened(new.crop.angle, ratio)
        photo.origins.remember(first, made)
        others.append(replace(new, crop=made.crop))
    return replace(edit, others=tuple(others))


def remember(photo: OpenPhoto, first: PhotoTransform, made: PhotoTransform) -> None:
    """What a photo will lie like came from ``first``; changes of the aspect go on from its anchor."""
    photo.origins.remember(first, made)
    photo.anchor = (made.anchor, made.crop)
