"""Nested crops: joint search for a crop and crops of other aspects inside it.

A nested crop lies wholly inside its outer crop; inside a circle that means inside the disc. All boxes
are fractions of the whole photo.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.calibration import Calibration
from cropcore.engine.crop_distribution import WindowDistribution, diverse_order
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import (
    Boxes,
    area,
    as_boxes,
    contains,
)
from cropcore.geometry.crop import Box, Crop, Nested, Shape, Suggestions
from cropcore.geometry.holding import holds
from cropcore.geometry.nested import fit_within, grown

STARTS = 12
"""Crops of an inner shape that are fitted into every outer crop; into the chosen ones all are."""

PLACED = 10
"""So many crops, at least, are compared with their inner crops placed exactly."""

_HELD = 8
"""Outer crops that are grown until they hold the best inner ones."""


@dataclass(frozen=True, eq=False, slots=True)
class InnerShape:
    """A shape that is to be cut from a crop later.

    ``chances`` says where in the whole photo a person's crop of that shape probably lies, by a method
    whose constants are in ``calibration``; ``protected`` (P, 4) are areas that it should hold whole.
    """

    aspect: Aspect
    chances: WindowDistribution
    calibration: Calibration
    protected: Boxes

    def calibrated(self, expected: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores 0-100 from the expected IoU (N,) of crops of the shape."""
        return self.calibration.calibrated(expected, self.chances.ratio)


@dataclass(frozen=True, eq=False, slots=True)
class NestedSearch:
    """The shapes that are to be cut from crops later.

    Attributes:
        inner: at least one shape.
        calibration: of the method that judges the outer crops.
        ratio: the outer crops' wanted pixel ratio; None allows any.
        disc: the outer crops are circles.
    """

    inner: tuple[InnerShape, ...]
    calibration: Calibration
    ratio: float | None
    disc: bool

    def more(self, choices: Boxes, chances: WindowDistribution, largest: float) -> Boxes:
        """Outer crops (N, 4) to choose from, and some that were grown to hold good inner ones.

        None of the grown ones covers more than ``largest`` of the photo.
        """
        best = choices[diverse_order(choices, chances.expected_iou(choices), _HELD)]
        every = [choices]
        for shape in self.inner:
            offered = shape.chances.choices
            for box in offered[diverse_order(offered, shape.chances.expected_iou(offered), 2)]:
                wide = grown(best, box, chances.photo_ratio, chances.ratio)
                every.append(wide[area(wide) <= largest + 1e-9])
        return np.concatenate(every)

    def joint(
        self, expected: NDArray[np.float64], outer: Boxes, starts: int | None = STARTS
    ) -> NDArray[np.float64]:
        """How good outer crops (N, 4) of an ``expected`` IoU (N,) are with all that is cut from them.

        It is half the calibrated expected overlap, in [0, 1], of the outer crop, and half the mean
        of those of the best crop of each shape inside it: what is made now counts as much as all
        that comes of it later, however many shapes that are. A protected area that an inner crop has
        to cut costs one.
        """
        later = np.zeros(len(outer))
        for shape in self.inner:
            boxes, merits = best_inside(shape, outer, self.disc, starts)
            lost = ~holds(boxes, shape.protected, shape.chances.photo_ratio, shape.aspect.is_circle)
            later += shape.calibrated(merits) / 100 - lost.sum(axis=1)
        now = self.calibration.calibrated(expected, self.ratio) / 100
        return np.asarray((now + later / len(self.inner)) / 2)

    def best_inside(self, outer: Boxes) -> tuple[tuple[Nested, ...], ...]:
        """The best crops of all shapes inside each of the outer crops (N, 4)."""
        columns = []
        for shape in self.inner:
            boxes, merits = best_inside(shape, outer, self.disc)
            form: Shape = "circle" if shape.aspect.is_circle else "rect"
            columns.append(
                [
                    Nested(shape.aspect, Crop(_box(box), form), float(score))
                    for box, score in zip(boxes, shape.calibrated(merits), strict=True)
                ]
            )
        return tuple(zip(*columns, strict=True))

    def filled(self, found: Suggestions) -> Suggestions:
        """The suggestions, each candidate with the crops inside it."""
        inside = self.best_inside(as_boxes([c.crop.box for c in found.candidates]))
        pairs = zip(found.candidates, inside, strict=True)
        return replace(found, candidates=tuple(replace(c, nested=n) for c, n in pairs))


def best_inside(
    inner: InnerShape, outer: Boxes, disc: bool, starts: int | None = None
) -> tuple[Boxes, NDArray[np.float64]]:
    """The best crop (M, 4) of a shape inside each of ``outer`` (M, 4), and its expected IoU (M,).

    It is the best of the shape's crops in the whole photo: those that lie inside as they are, and the
    others fitted in; with ``starts`` only so many of these others. Protected areas are kept whole
    where that is possible.
    """
    offered, ratio = inner.chances.choices, inner.chances.photo_ratio
    circle = inner.aspect.is_circle
    expected = inner.chances.expected_iou(offered)
    fitting = offered
    if starts is not None and starts < len(offered):
        fitting = offered[diverse_order(offered, expected, starts)]
    boxes = fit_within(fitting[None], outer[:, None], ratio, disc, circle)
    merits = inner.chances.expected_iou(boxes.reshape(-1, 4)).reshape(boxes.shape[:2])
    if not disc and len(fitting) < len(offered):
        lies = contains(outer[:, None], offered[None], 0.0)
        boxes = np.concatenate([boxes, np.broadcast_to(offered, (len(outer), *offered.shape))], 1)
        merits = np.concatenate([merits, np.where(lies, expected, -np.inf)], axis=1)
    held = holds(boxes.reshape(-1, 4), inner.protected, ratio, circle)
    kept = held.sum(axis=1).reshape(boxes.shape[:2])
    place = np.argmax(merits + kept, axis=1)
    row = np.arange(len(outer))
    return boxes[row, place], merits[row, place]


def _box(box: NDArray[np.float64]) -> Box:
    x1, y1, x2, y2 = (float(v) for v in box)
    return x1, y1, x2, y2
