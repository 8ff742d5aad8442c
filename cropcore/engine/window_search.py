"""Candidate windows of a request: all of them, a two-stage search, or a method's own proposals.

A method that scores thousands of windows at once looks at all of them; one that takes longer over each
looks where it matters; one that proposes crops of its own looks at these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.crop_distribution import within_tightness
from cropcore.errors import QuestionError
from cropcore.geometry.boxes import Boxes, area, as_boxes, clip, iou_matrix
from cropcore.geometry.crop import Box
from cropcore.geometry.holding import can_hold, held_together, holds, moved_to_hold
from cropcore.geometry.windows import refine, windows

Score = Callable[[Boxes], NDArray[np.float64]]
"""Scores (N,) of boxes (N, 4)."""

_REACH = 0.08
"""Radius, in 1 - IoU, within which a window's score predicts its neighbours'."""


ENOUGH = 48
"""Windows that hold what is to be held, from which on none is moved."""


HEAD_MARGINS = (0.08, 0.0, -0.007)
"""Shares of a head's size by which it is held more amply, exactly, or but for the 3 % it may lose: as
the shape allows for all heads."""


TEXT_MARGINS = (0.02, 0.0)
"""As above, of a text's size."""


@lru_cache(maxsize=64)
def _held(
    protect: tuple[Box, ...],
    heads: tuple[Box, ...],
    texts: tuple[Box, ...],
    ratio: float | None,
    photo_ratio: float,
    circles: bool,
) -> Boxes:
    """What is held: as many protected areas as fit, then heads, then texts."""
    shape = (ratio, photo_ratio, circles)
    areas = as_boxes(np.reshape(protect, (-1, 4)))
    kept = areas[held_together(areas, *shape)]
    for found, margins in ((heads, HEAD_MARGINS), (texts, TEXT_MARGINS)):
        kept = _with_largest(kept, as_boxes(np.reshape(found, (-1, 4))), margins, *shape)
    kept.setflags(write=False)
    return kept


def _with_largest(
    kept: Boxes,
    found: Boxes,
    margins: tuple[float, ...],
    ratio: float | None,
    photo_ratio: float,
    circles: bool,
) -> Boxes:
    """``kept``, and all of ``found``; where not all fit, the largest of them, then as many as fit."""
    shape = (ratio, photo_ratio, circles)
    found = found[np.argsort(-area(found), kind="stable")]
    for margin in margins:
        around = clip(found + margin * np.tile(found[:, 2:] - found[:, :2], 2) * (-1, -1, 1, 1))
        if len(found) and can_hold(np.concatenate([kept, around]), *shape):
            return np.concatenate([kept, around])
    largest = found[:1][held_together(found[:1], *shape, kept)]
    kept = np.concatenate([kept, largest])
    rest = found[len(largest) :]
    return np.concatenate([kept, rest[held_together(rest, *shape, kept)]])


@dataclass(frozen=True, slots=True)
class CropRequest:
    """What crops are wanted of which shape of photo.

    Attributes:
        ratio: wanted width over height in pixels; None allows any.
        photo_ratio: width over height of the photo.
        circles: a crop is the circle inscribed in its box.
        tightness: 0 keeps most of the photo, 1 little of it, 0.5 is no preference.
        protect: areas that no crop may cut where that can be helped.
        heads: persons' heads that no crop may cut where that can be helped; protected areas go first.
        texts: pieces of text that no crop may cut where that can be helped; heads go first.

    Raises:
        QuestionError: ``tightness`` is no number from 0 to 1.
    """

    ratio: float | None
    photo_ratio: float
    circles: bool = False
    tightness: float = 0.5
    protect: tuple[Box, ...] = ()
    heads: tuple[Box, ...] = ()
    texts: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.tightness <= 1:
            raise QuestionError(
                "Tightness is a number from 0 to 1, not {tightness}.", tightness=self.tightness
            )

    @property
    def windows(self) -> Boxes:
        """The product's windows for it: (N, 4)."""
        return self.among(windows(self.ratio, self.photo_ratio))

    @property
    def held(self) -> Boxes:
        """Areas (P, 4) that every suggestion holds whole: what of areas, heads and texts fits together."""
        return _held(
            self.protect, self.heads, self.texts, self.ratio, self.photo_ratio, self.circles
        )

    def among(self, boxes: Boxes) -> Boxes:
        """Those of boxes (N, 4) that suit tightness, and hold what is to be held.

        Where few do as they are, the others are moved until they do; a tight wish then gives way.
        """
        suited = boxes[within_tightness(boxes, self.tightness)]
        held = self.held
        if len(held) == 0:
            return suited
        whole = self.holding(suited)
        if whole.sum() >= ENOUGH:
            return suited[whole]
        moved = self.moved(suited)
        moved = np.unique(np.round(moved[self.holding(moved)], 9), axis=0)
        return moved if len(moved) else suited

    def holding(self, boxes: Boxes) -> NDArray[np.bool_]:
        """Which of boxes (N, 4) hold all that is to be held."""
        return np.asarray(holds(boxes, self.held, self.photo_ratio, self.circles).all(axis=1))

    def moved(self, boxes: Boxes) -> Boxes:
        """Boxes (N, 4) moved by little until they hold what is to be held."""
        return moved_to_hold(boxes, self.held, self.ratio, self.photo_ratio, self.circles)


def all_windows(request: CropRequest, score: Score) -> tuple[Boxes, NDArray[np.float64]]:
    """Every window (N, 4) and its score (N,)."""
    boxes = request.windows
    return boxes, score(boxes)


def promising_windows(
    request: CropRequest, score: Score, first: int = 160, second: int = 160
) -> tuple[Boxes, NDArray[np.float64]]:
    """Scores where it matters: some windows from everywhere, then the most promising of the others.

    What a window promises is the mean score of those seen, weighted by their overlap with it. Returns
    up to ``first + second`` windows (N, 4) in their usual order, and their scores (N,).
    """
    boxes = request.windows
    order = np.random.default_rng(0).permutation(len(boxes))
    seen, left = np.sort(order[:first]), np.sort(order[first:])
    scores = score(boxes[seen])
    if len(left) == 0:
        return boxes[seen], scores
    nearness = np.exp((iou_matrix(boxes[left], boxes[seen]) - 1) / _REACH)
    promise = nearness @ scores / np.maximum(nearness.sum(axis=1), 1e-12)
    chosen = left[np.argsort(-promise, kind="stable")[:second]]
    index = np.concatenate([seen, chosen])
    values = np.concatenate([scores, score(boxes[chosen])])
    order = np.argsort(index)
    return boxes[index[order]], values[order]


def two_stage_search(
    score: Callable[[Boxes], NDArray[np.float64]],
    coarse: Boxes,
    photo_ratio: float,
    ratio: float | None,
    top: int = 10,
) -> tuple[Boxes, NDArray[np.float64]]:
    """The search of the asm paper (Tu et al., AAAI 2020, section 3.3).

    Scores the ``coarse`` windows (N, 4), then boxes around the ``top`` best of them.

    The second stage varies centre, size and, where ``ratio`` is None, shape. Returns all boxes and
    their scores, best first; equal scores keep their order.
    """
    scores = score(coarse)
    best = np.argsort(-scores, kind="stable")[:top]
    fine = refine(coarse[best], photo_ratio, ratio)
    return _in_order(np.concatenate([coarse, fine]), np.concatenate([scores, score(fine)]))


def best_first(
    boxes: Boxes, score: Callable[[Boxes], NDArray[np.float64]]
) -> tuple[Boxes, NDArray[np.float64]]:
    """Boxes (N, 4) and their scores (N,), best first; equal scores keep their order."""
    return _in_order(boxes, score(boxes))


def _in_order(boxes: Boxes, scores: NDArray[np.float64]) -> tuple[Boxes, NDArray[np.float64]]:
    order = np.argsort(-scores, kind="stable")
    return boxes[order], scores[order]
