"""Edits of a rotated, mirrored or straightened photo.

Every such edit is made from the first one, before any of it: so the way does not matter, nothing adds up,
and back where it began the first crop is there again, to the last bit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from app.document.edit import Owner
from cropcore.geometry.boxes import centre, clip, from_centre, rotated_size
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.geometry.refit import as_box, keeps
from cropcore.geometry.straighten import with_angle

MOST = 45.0
"""Degrees by which a photo can be straightened, either way."""
_KEPT = 200


@dataclass(frozen=True, slots=True)
class PhotoTransform:
    """How a photo of ``width`` x ``height`` pixels (as in its file) lies, and what lies in it.

    ``anchor`` is the crop that changes of the aspect refit.
    """

    width: int
    height: int
    orientation: Orientation
    crop: Crop
    anchor: Crop
    protect: tuple[Box, ...]
    owner: Owner

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as it lies."""
        swaps = self.orientation.swaps_sides
        return (self.height, self.width) if swaps else (self.width, self.height)

    def turned(self, orientation: Orientation) -> PhotoTransform:
        """The same in another orientation."""
        by = self.orientation.inverse.then(orientation)
        if by == UPRIGHT:
            return self
        return replace(
            self,
            orientation=orientation,
            crop=by.crop(self.crop),
            anchor=by.crop(self.anchor),
            protect=tuple(as_box(by.boxes(box)) for box in self.protect),
        )

    def straightened(self, angle: float, ratio: float | None) -> PhotoTransform:
        """The same straightened by ``angle`` degrees; ``ratio`` is what the crop must keep, if any."""
        if angle == self.crop.angle:
            return self
        wide, high = self.size

        def turn(crop: Crop) -> Crop:
            kept = ratio is not None and keeps(crop, ratio, wide, high)
            # What is whole has not been brought into its ratio yet.
            wanted = ratio if kept or self.owner is Owner.WHOLE else None
            return with_angle(crop, wide, high, angle, wanted)

        return replace(
            self,
            crop=turn(self.crop),
            anchor=turn(self.anchor),
            protect=areas_at(self.protect, self.crop.angle, angle, self.size),
            owner=Owner.PROPOSED if self.owner is Owner.WHOLE else self.owner,
        )


class Origins:
    """Remembers, for what was turned or straightened, what it was made from."""

    def __init__(self) -> None:
        self._known: OrderedDict[
            tuple[Orientation, Crop], tuple[PhotoTransform, PhotoTransform]
        ] = OrderedDict()
        self._told: OrderedDict[tuple[Orientation, Crop], Crop] = OrderedDict()

    def first(self, transform: PhotoTransform) -> PhotoTransform:
        """What ``transform`` came from; itself where it was not made by turning, or changed since."""
        key = transform.orientation, transform.crop
        if key in self._told and key not in self._known:
            return self._as_told(transform, self._told[key])
        first, made = self._known.get(key, (transform, transform))
        if made.protect != transform.protect:
            back = replace(transform, owner=first.owner).turned(first.orientation)
            first = replace(first, protect=back.straightened(first.crop.angle, None).protect)
        # A crop that was only proposed may have become the person's own meanwhile.
        return first if made.owner is transform.owner else replace(first, owner=transform.owner)

    def remember(self, first: PhotoTransform, made: PhotoTransform) -> None:
        """``made`` came from ``first``."""
        if first is made:
            return
        self._known[made.orientation, made.crop] = first, made
        self._known[first.orientation, first.crop] = first, first
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)

    def origin(self, orientation: Orientation, crop: Crop) -> Crop | None:
        """The crop that one was made from, as the photo lies now; None where it is a first one."""
        key = orientation, crop
        if key not in self._known:
            return self._told.get(key)
        origin = self._known[key][0].turned(orientation).crop
        return None if origin == crop else origin

    def tell(self, orientation: Orientation, crop: Crop, origin: Crop) -> None:
        """What a crop was made from in an earlier run; what this one saw itself says more."""
        if (orientation, crop) not in self._known:
            self._told[orientation, crop] = origin
        while len(self._told) > _KEPT:
            self._told.popitem(last=False)

    @staticmethod
    def _as_told(transform: PhotoTransform, origin: Crop) -> PhotoTransform:
        protect = transform.straightened(origin.angle, None).protect
        return replace(transform, crop=origin, anchor=origin, protect=protect)


def areas_at(
    boxes: Collection[Box], angle: float, to: float, size: tuple[int, int]
) -> tuple[Box, ...]:
    """Areas of a photo of ``size``, straightened by one angle, in the canvas of another.

    They stay about the same spot and as large as they are, only cut at the canvas: so any number of
    ways there and back lets none of them grow or wander. Where the size is not known (zeros), they are
    left as they are.
    """
    if angle == to or not all(size):
        return tuple(boxes)
    before, after = (np.array(rotated_size(*size, degrees)) for degrees in (angle, to))
    cos, sin = np.cos(np.radians(to - angle)), np.sin(np.radians(to - angle))
    turn = np.array([[cos, -sin], [sin, cos]])

    def moved(box: Box) -> Box:
        low, high = np.array(box[:2]), np.array(box[2:])
        spot = turn @ ((centre(box) - 0.5) * before) / after + 0.5
        return as_box(clip(from_centre(spot, (high - low) * before / after)))

    return tuple(moved(box) for box in boxes)
