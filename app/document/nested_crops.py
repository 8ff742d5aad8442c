"""Nested crops of an edit: which ratios, the boxes found so far, and their geometry."""

from __future__ import annotations

from collections.abc import Mapping

from app.document.open_photo import OpenPhoto
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import centre, from_centre, rotated_size
from cropcore.geometry.crop import Crop, Nested, Shape
from cropcore.geometry.nested import fit_within, later_shapes
from cropcore.geometry.refit import as_box


def known(photo: OpenPhoto, crop: Crop) -> tuple[Nested, ...] | None:
    """What the engine would cut later from a crop in hand; None where it has not said so yet."""
    best, question = photo.current_suggestions, photo.edit.question
    found = next((c for c in best.candidates if c.crop == crop), None) if best else None
    if found is not None:
        return found.nested
    nested = photo.suggestion_state.nested
    if nested is not None and nested[:2] == (question, crop) and nested[2]:
        return nested[2]
    return None


def nested_aspects(photo: OpenPhoto) -> list[Aspect]:
    """The aspects that are cut later from the crop in hand, without its own."""
    return later_shapes(photo.edit.aspect, photo.edit.also, photo.width, photo.height)


def fitted(
    outer: Crop, aspects: list[Aspect], near: Mapping[Aspect, Crop], width: int, height: int
) -> dict[Aspect, Crop]:
    """Crops of some aspects inside a crop, by geometry alone: as near as can be to earlier ones.

    An aspect without an earlier one, or with one at another angle, gets the largest in the middle.
    Sizes are those of the photo.
    """
    made = {}
    wide, high = rotated_size(width, height, outer.angle)
    for aspect in aspects:
        before = near.get(aspect)
        shape: Shape = "circle" if aspect.is_circle else "rect"
        if before is not None and before.angle == outer.angle:
            box = before.box
        else:
            ratio = aspect.ratio_for(width, height) or width / height
            long = max(outer.box[2] - outer.box[0], outer.box[3] - outer.box[1])
            # Larger than the crop both ways: it is shrunk to the largest that fits.
            size = max(1.0, ratio * high / wide) * long, max(1.0, wide / high / ratio) * long
            box = as_box(from_centre(centre(outer.box), size))
        inside = fit_within(box, outer.box, wide / high, outer.shape == "circle", shape == "circle")
        made[aspect] = Crop(as_box(inside), shape, outer.angle)
    return made
