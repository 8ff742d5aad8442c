"""Merges two versions of a sidecar: of each crop and each decision the newest change wins."""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from typing import TypeVar

from cropcore.sidecar.sidecar import NEVER, DatedValue, SavedCrop, Sidecar

_T = TypeVar("_T")


def merged(mine: Sidecar, other: Sidecar) -> Sidecar:
    """Two sidecars of one photo as one: of each crop and each decision, the newest change wins.

    What only one of them has is kept, unless the other removed it later. Of a field that this
    version does not understand, the value of ``other`` counts: whoever wrote it understood it.
    """
    crops = {c.id: c for c in other.crops}
    for crop in mine.crops:
        crops[crop.id] = _newer_crop(crop, crops[crop.id]) if crop.id in crops else crop
    removed = dict(other.removed)
    for key, at in mine.removed.items():
        removed[key] = max(at, removed.get(key, NEVER))
    removed = {
        key: at for key, at in removed.items() if key not in crops or crops[key].changed <= at
    }
    order = [c.id for c in mine.crops] + [c.id for c in other.crops]
    return Sidecar(
        photo=replace(mine.photo, extra={**mine.photo.extra, **other.photo.extra}),
        crops=tuple(crops[key] for key in dict.fromkeys(order) if key not in removed),
        removed=removed,
        flag=_newer(mine.flag, other.flag),
        orientation=_newer(mine.orientation, other.orientation),
        protect=_newer(mine.protect, other.protect),
        heads=_newer(mine.heads, other.heads),
        extra={**mine.extra, **other.extra},
    )


def _newer(mine: DatedValue[_T], other: DatedValue[_T]) -> DatedValue[_T]:
    if mine.at == other.at:  # equal times, which is rare: the same choice on every machine
        return max(mine, other, key=lambda decided: repr(decided.value))
    return mine if mine.at > other.at else other


def _newer_crop(mine: SavedCrop, other: SavedCrop) -> SavedCrop:
    if mine.changed == other.changed:
        first, second = sorted((mine, other), key=_content)
    else:
        first, second = sorted((mine, other), key=lambda crop: crop.changed)
    return replace(second, extra={**first.extra, **second.extra})


def _content(crop: SavedCrop) -> str:
    """An order among crops of equal time; any will do that is the same on every machine."""
    return repr(astuple(replace(crop, extra={}))) + json.dumps(crop.extra, sort_keys=True)
