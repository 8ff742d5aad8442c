"""Pure: pastes a crop or its settings from one photo's edit into another's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.document.edit import CropAction, Edit, Owner
from app.document.edit_crops import begun, own_crops
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import fit_to_ratio
from cropcore.geometry.crop import Crop
from cropcore.geometry.refit import as_box, pixel_ratio, refit
from cropcore.geometry.straighten import fit_inside, without_empty_corners


@dataclass(frozen=True, slots=True)
class CopiedCrop:
    """A crop that was copied, the width over height of its pixels, and the settings that it came of."""

    crop: Crop
    ratio: float
    aspect: Aspect
    tightness: float
    method: str


def copied(edit: Edit, crop: Crop, size: tuple[int, int]) -> CopiedCrop:
    """The crop in hand of a photo of ``size`` (width, height in pixels)."""
    ratio = pixel_ratio(crop, *size)
    return CopiedCrop(crop, ratio, edit.aspect, edit.tightness, edit.method)


def turned(what: CopiedCrop, size: tuple[int, int]) -> CopiedCrop:
    """What was copied, its ratio turned as a photo of ``size`` is."""
    aspect = what.aspect.turned_for(*size)
    ratio = what.ratio if aspect == what.aspect else 1 / what.ratio
    return replace(what, aspect=aspect, ratio=ratio)


def with_pasted_crop(edit: Edit, what: CopiedCrop, size: tuple[int, int]) -> Edit:
    """The crop at the same relative place of another photo, in its ratio; straightened as that is.

    A copied ``original`` ratio becomes that of the photo itself.
    """
    angle = edit.crop.angle
    crop = Crop(what.crop.box, "circle" if what.aspect.is_circle else "rect", angle)
    if what.aspect.kind == "free":
        if angle:
            box = fit_inside(crop.box, *size, angle, what.ratio)
        else:
            box = fit_to_ratio(crop.box, what.ratio, size[0] / size[1])
        crop = replace(crop, box=as_box(box))
    else:
        crop = refit(crop, what.aspect, *size)
    crop = without_empty_corners(crop, *size)
    return with_settings(edit, what).mine(crop, CropAction("pasted"))


def with_pasted_settings(edit: Edit, what: CopiedCrop, size: tuple[int, int]) -> Edit:
    """Aspect, method and tightness on another photo; its crop is refitted, and stays whose it is."""
    after = with_settings(edit, what)
    if what.aspect == edit.aspect:
        return after
    crop = refit(edit.crop, what.aspect, *size)
    proposed = edit.owner is Owner.WHOLE and crop != edit.crop
    return replace(
        after,
        crop=crop,
        owner=Owner.PROPOSED if proposed else edit.owner,
        action=CropAction("aspect"),
    )


def with_matched(edit: Edit, what: CopiedCrop, crop: Crop) -> Edit:
    """The crop of another photo in which its subject lies as in the copied one."""
    return with_settings(edit, what).mine(crop, CropAction("pasted"))


def with_best(edit: Edit, what: CopiedCrop, best: Crop, fresh_id: str) -> Edit:
    """The best suggestion as the person's own; a crop that is theirs already stays beside it.

    A photo that has an own crop in this aspect is left as it is.
    """
    own = own_crops(edit)
    if any(kept.aspect == what.aspect for kept in own):
        return edit
    if edit.owner is Owner.MINE:
        edit = begun(edit, fresh_id, best, Owner.MINE)
    return with_settings(edit, what).mine(best, CropAction("taken", 1))


def with_settings(edit: Edit, what: CopiedCrop) -> Edit:
    """The edit with the aspect, the tightness and the method of what was copied."""
    return replace(edit.with_aspect(what.aspect), tightness=what.tightness, method=what.method)
