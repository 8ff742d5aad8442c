"""Baselines that every method must beat, such as the largest centred crop.

``none`` keeps the whole photo; ``centre90`` is the centred box with sides of 90 %; ``constant`` is
the one box per orientation that suits most people's crops; ``ten_constant`` are the ten boxes that
together cover them best; ``centre_ratio`` is the largest centred box of the wanted ratio. The
ratio-given crops have their ratio enforced in pixels.
For gaze, ``centre_gaze`` is a blob in the middle of the photo, since people look there first;
``spectral_residual``, which does look at the photo but never learned, stands beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import (
    WHOLE,
    Boxes,
    area,
    as_boxes,
    iou,
    iou_matrix,
    largest_with_ratio,
    ratio_of,
)
from cropcore.geometry.crop import Box

T = TypeVar("T")

Orientation = Literal["landscape", "portrait"]
Side = Literal["landscape", "portrait", "square"]

BASELINES = ("none", "centre90", "constant", "ten_constant", "centre_ratio")
GAZE_BASELINES = ("centre_gaze", "spectral_residual")

CENTRE_90: Box = (0.05, 0.05, 0.95, 0.95)

_STEPS = (0.1, 0.05, 0.02, 0.01, 0.005)

TEN = 10

_GRID = 16
_LEAST_AREA = 0.1
_AT_ONCE = 256


def orientation(labels: Labels) -> Orientation:
    """Square photos count as landscape."""
    return "landscape" if labels.width >= labels.height else "portrait"


def people_crops(labels: Labels) -> NDArray[np.float64]:
    """The crops that people chose for a photo, (M, 4): ``best_crop``, or ``crops`` without MOS."""
    if labels.best_crop is not None:
        return as_boxes([labels.best_crop])
    return as_boxes(np.reshape(() if labels.mos else labels.crops, (-1, 4)))


@dataclass(frozen=True, slots=True)
class Placement:
    """Where to put a box whose ratio is given.

    ``scale`` in (0, 1] of the largest box of that ratio; ``x`` and ``y`` in [0, 1] share out the
    room that is left: 0 is the left or top border, 1 the right or bottom one.
    """

    scale: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def box(self, ratio: float, photo_ratio: float) -> Box:
        """The placed box for a pixel ratio on a photo."""
        placed = _place(np.array([self.scale, self.x, self.y]), _largest(ratio, photo_ratio))
        return _as_box(placed)


CENTRED = Placement()


@dataclass(frozen=True, slots=True)
class Constant:
    """The constant crop fitted to some photos: a free box and a placement per orientation."""

    boxes: Mapping[Orientation, Box]
    placements: Mapping[Orientation, Placement]

    def free(self, labels: Labels) -> Box:
        """The constant box; the whole photo for an orientation never seen."""
        return self.boxes.get(orientation(labels), WHOLE)

    def with_ratio(self, labels: Labels, ratio: float) -> Box:
        """The constant placement of a pixel ratio; centred for an orientation never seen."""
        placement = self.placements.get(orientation(labels), CENTRED)
        return placement.box(ratio, labels.photo_ratio)


def fit_constant(photos: Iterable[Labels]) -> Constant:
    """Fit :class:`Constant` for the highest mean IoU with people's crops.

    Where a photo has several people's crops, the nearest counts. Photos without any are ignored.
    The search is deterministic: from the mean box, steps from 0.1 down to 0.005.
    """
    groups: dict[Orientation, list[Labels]] = {"landscape": [], "portrait": []}
    for labels in photos:
        if len(people_crops(labels)):
            groups[orientation(labels)].append(labels)
    boxes: dict[Orientation, Box] = {}
    placements: dict[Orientation, Placement] = {}
    for name, members in groups.items():
        if members:
            boxes[name] = _fit_box(members)
        chosen = [m for m in members if m.best_crop is not None]
        if chosen:
            placements[name] = _fit_placement(chosen)
    return Constant(boxes, placements)


@dataclass(frozen=True, slots=True)
class TenConstant:
    """The ten constant crops fitted to some photos: free boxes and placements per orientation.

    Their order is that of their worth to the set: any first K are as good as was found of K.
    """

    boxes: Mapping[Side, Boxes]
    placements: Mapping[Side, NDArray[np.float64]]

    def free(self, labels: Labels) -> Boxes:
        """The boxes (10, 4); the whole photo alone for an orientation never seen."""
        return self.boxes.get(_side(labels), as_boxes([WHOLE]))

    def with_ratio(self, labels: Labels, ratio: float) -> Boxes:
        """The boxes (10, 4) of a pixel ratio; a centred one alone for an orientation never seen."""
        placements = self.placements.get(_side(labels), np.array([[1.0, 0.5, 0.5]]))
        return _place(placements, _largest(ratio, labels.photo_ratio))


def fit_ten_constant(photos: Iterable[Labels]) -> TenConstant:
    """Fit :class:`TenConstant` for the highest expected best IoU of ten boxes with a person's crop.

    All crops of a photo count together as much as those of any other. The search is deterministic:
    over a grid of boxes, the one that adds most ten times, then exchanges for as long as they add.
    """
    groups: dict[Side, list[Labels]] = {}
    for labels in photos:
        if len(people_crops(labels)):
            groups.setdefault(_side(labels), []).append(labels)
    grid, where = _grid_boxes(), _grid_placements()
    boxes, placements = {}, {}
    for side, members in groups.items():
        people = [people_crops(m) for m in members]
        crops = [len(p) for p in people]
        targets = np.concatenate(people)
        largest = np.stack(
            [
                _largest(float(ratio_of(crop, m.photo_ratio)), m.photo_ratio)
                for m, of_photo in zip(members, people, strict=True)
                for crop in of_photo
            ]
        )
        weights = np.repeat(1 / np.array(crops), crops)
        parts = [slice(i, i + _AT_ONCE) for i in range(0, len(targets), _AT_ONCE)]
        boxes[side] = grid[_covering((iou_matrix(grid, targets[p]) for p in parts), weights)]
        by_placement = (
            iou(_place(where[:, None], largest[None, p]), targets[None, p]) for p in parts
        )
        placements[side] = where[_covering(by_placement, weights)]
    return TenConstant(boxes, placements)


def fit_without_fold(
    photos: Iterable[Labels], fit: Callable[[Iterable[Labels]], T], folds: Iterable[int]
) -> dict[int, T]:
    """For each of ``folds`` what ``fit`` finds on all other folds, never on its own photos."""
    everything = list(photos)
    return {fold: fit(p for p in everything if p.fold != fold) for fold in sorted(set(folds))}


def centre_gaze(shape: tuple[int, int], spread: float = 0.25) -> NDArray[np.float64]:
    """A Gaussian in the middle, (h, w) in (0, 1]; ``spread`` is its deviation per photo side."""
    rows, columns = (
        np.exp(-(((np.arange(n) + 0.5) / n - 0.5) ** 2) / (2 * spread**2)) for n in shape
    )
    return np.asarray(rows[:, None] * columns[None, :])


def _side(labels: Labels) -> Side:
    return "square" if labels.width == labels.height else orientation(labels)


def _grid_boxes() -> Boxes:
    """All boxes (N, 4) with corners on a grid, but for the smallest."""
    spans = np.array(list(itertools.combinations(np.arange(_GRID + 1) / _GRID, 2)))
    boxes = np.array([(x1, y1, x2, y2) for x1, x2 in spans for y1, y2 in spans])
    return boxes[area(boxes) >= _LEAST_AREA]


def _grid_placements() -> NDArray[np.float64]:
    """Placements (N, 3): scale, x and y on a grid."""
    steps = np.linspace(0.0, 1.0, 9)
    return np.array(list(itertools.product(np.linspace(1.0, 0.3, 15), steps, steps)))


def _covering(parts: Iterable[NDArray[np.float64]], weights: NDArray[np.float64]) -> list[int]:
    """Which ten candidates cover the targets best: the weighted mean of each target's highest IoU.

    Args:
        parts: IoU of all candidates with the targets, (C, ...) each, some targets at a time.
        weights: (T,) of the targets.

    Returns:
        Indices, each the one that adds most to those before it.
    """
    overlap = np.concatenate([part.astype(np.float32) for part in parts], axis=1)
    share = (weights / weights.sum()).astype(np.float32)
    chosen = _greedy(overlap, share)
    value, before = float(overlap[chosen].max(0) @ share), 0.0
    while value > before:
        before = value
        for place in range(TEN):
            others = chosen[:place] + chosen[place + 1 :]
            index, reached = _best_beside(overlap, share, others)
            if reached > value + 1e-6:
                chosen[place], value = index, reached
    return [chosen[i] for i in _greedy(overlap[chosen], share)]


def _greedy(overlap: NDArray[np.float32], share: NDArray[np.float32]) -> list[int]:
    chosen: list[int] = []
    for _ in range(TEN):
        chosen.append(_best_beside(overlap, share, chosen)[0])
    return chosen


def _best_beside(
    overlap: NDArray[np.float32], share: NDArray[np.float32], others: list[int]
) -> tuple[int, float]:
    """The candidate that covers best together with some others, and how well."""
    values = np.maximum(overlap, overlap[others].max(0, initial=0.0)) @ share
    values[others] = -1.0
    return int(values.argmax()), float(values.max())


def _fit_box(members: list[Labels]) -> Box:
    people = [people_crops(m) for m in members]
    most = max(len(p) for p in people)
    # Repeating a photo's first crop fills the table without changing which of its crops is nearest.
    targets = np.stack([np.concatenate([p, p[:1].repeat(most - len(p), 0)]) for p in people])

    def quality(candidates: NDArray[np.float64]) -> NDArray[np.float64]:
        value = iou(candidates[:, None, None], targets[None]).max(-1).mean(-1)
        return np.where(area(candidates) > 0, value, -1.0)

    return _as_box(_climb(targets.reshape(-1, 4).mean(0), quality))


def _fit_placement(members: list[Labels]) -> Placement:
    targets = np.concatenate([people_crops(m) for m in members])
    ratios = np.array(
        [float(ratio_of(t, m.photo_ratio)) for t, m in zip(targets, members, strict=True)]
    )
    largest = np.stack([_largest(r, m.photo_ratio) for r, m in zip(ratios, members, strict=True)])

    def quality(candidates: NDArray[np.float64]) -> NDArray[np.float64]:
        return iou(_place(candidates[:, None], largest[None]), targets[None]).mean(-1)

    scale, x, y = _climb(np.array([0.9, 0.5, 0.5]), quality)
    return Placement(float(scale), float(x), float(y))


def _climb(
    start: NDArray[np.float64], quality: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Steepest ascent inside [0, 1]^D over all neighbours at each step size."""
    moves = np.array(list(itertools.product((0.0, -1.0, 1.0), repeat=len(start))))
    here, value = start, float(quality(start[None])[0])
    for step in _STEPS:
        while True:
            around = np.clip(here + step * moves, 0.0, 1.0)
            values = quality(around)
            best = int(values.argmax())
            if values[best] <= value + 1e-12:
                break
            here, value = around[best], float(values[best])
    return here


def _largest(ratio: float, photo_ratio: float) -> NDArray[np.float64]:
    """Size (2,) of the largest box of a pixel ratio, as fractions."""
    box = largest_with_ratio(ratio, photo_ratio)
    return np.asarray(box[2:] - box[:2])


def _place(placement: NDArray[np.float64], largest: NDArray[np.float64]) -> NDArray[np.float64]:
    size = largest * np.maximum(placement[..., :1], 0.01)
    start = placement[..., 1:] * (1.0 - size)
    return np.concatenate([start, start + size], axis=-1)


def _as_box(box: ArrayLike) -> Box:
    x1, y1, x2, y2 = (float(v) for v in np.asarray(box))
    return x1, y1, x2, y2
