"""Ten candidates as a set: crops that together come nearest to whatever crop a person would choose.

The value of a set S is the expected best overlap E_w~q [max over s in S of IoU(s, w)] under a
distribution q over windows. It is monotone and submodular, so greedy choice comes within 1 - 1/e of
the best set (Nemhauser, Wolsey and Fisher, 1978), and no weight stands between merit and diversity.
The first crop is given: the one of highest expected overlap by itself, under a sharper distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes, iou_matrix

SET = 10
"""Crops that are decided together; fewer wanted are the first of these, more follow by gain."""

ALIKE = 0.85
"""Two crops that overlap more than this never stand in one set."""

FLATTER = 3.5
"""How many times higher the softmax temperature of the set's distribution is than the first crop's."""

SURVIVES, MOVED = 0.8, 0.5
"""A crop stands in the place of an earlier one that it overlaps by so much: at rest, and while a slider
moves."""

_BETTER = 1e-6
"""By how much an exchange must raise the value of a set."""


def crop_set(
    crops: Boxes,
    first: int,
    windows: Boxes,
    weights: NDArray[np.float64],
    k: int,
    alike: float = ALIKE,
    kept: Sequence[int] = (),
) -> NDArray[np.int64]:
    """Indices of up to ``k`` crops, ``first`` in front, the others by what each adds to those before.

    Ten are decided, and each but the first is exchanged once for whatever raises the value of the set
    more. Fewer come back where every further crop is like one of the set.

    Args:
        crops: (M, 4) to choose from.
        first: index of the crop in front.
        windows: (N, 4) that carry the distribution.
        weights: (N,) probabilities of the windows.
        k: how many, at least 1.
        alike: the largest IoU of two crops of the set.
        kept: crops that are among the ten in any case, unless one before them is like them.
    """
    # Single precision is exact enough to choose by, and twice as fast.
    overlap = iou_matrix(crops, windows).astype(np.float32)
    choice = _Choice(iou_matrix(crops, crops) <= alike, overlap, weights.astype(np.float32))
    chosen = [first]
    for other in kept:
        if choice.apart(chosen)[other]:
            chosen.append(other)
    fixed = len(chosen)
    everything = np.ones(len(crops), bool)
    chosen = choice.greedy(chosen, everything, max(k, SET))
    chosen = choice.exchanged(chosen, fixed)
    among = np.zeros(len(crops), bool)
    among[chosen] = True
    return np.array(choice.greedy([first], among, k), np.int64)


def slots(boxes: Boxes, before: Boxes, least: float) -> NDArray[np.int64]:
    """An order of candidates (K, 4) in which those like an earlier one take its place again.

    The first stays the first. The pairs of largest IoU are matched first, none below ``least``; the
    others fill what is left in their order.

    Args:
        boxes: candidates, best first.
        before: (L, 4) those shown before, of the same shape.
        least: the smallest IoU of a candidate with the one whose place it takes.
    """
    count = len(boxes)
    places = np.full(count, -1, np.int64)
    places[:1] = 0
    free = list(range(1, count))
    overlap = iou_matrix(boxes, before[:count]) if len(before) else np.zeros((count, 0))
    overlap[:1], overlap[:, :1] = 0.0, 0.0
    while overlap.size and overlap.max() >= least:
        new, old = np.unravel_index(int(overlap.argmax()), overlap.shape)
        places[old] = new
        free.remove(int(new))
        overlap[new], overlap[:, old] = 0.0, 0.0
    for place in np.flatnonzero(places < 0):
        places[place] = free.pop(0)
    return places


def set_value(crops: Boxes, windows: Boxes, weights: NDArray[np.float64]) -> float:
    """Expected best IoU in [0, 1] of a set of crops (K, 4) with a window drawn by ``weights`` (N,)."""
    return float(iou_matrix(crops, windows).max(axis=0) @ weights)


@dataclass(frozen=True, eq=False, slots=True)
class _Choice:
    """Which crops are unlike each other (M, M), their overlap (M, N) with windows, and these' weights."""

    unlike: NDArray[np.bool_]
    overlap: NDArray[np.float32]
    weights: NDArray[np.float32]

    def apart(self, chosen: Sequence[int]) -> NDArray[np.bool_]:
        """Which crops (M,) are like none of the chosen ones."""
        return np.asarray(self.unlike[list(chosen)].all(axis=0))

    def gains(self, covered: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each crop (M,) adds to a set that overlaps the windows by ``covered`` (N,)."""
        return np.asarray(np.maximum(self.overlap - covered, 0.0) @ self.weights)

    def greedy(self, chosen: Sequence[int], among: NDArray[np.bool_], k: int) -> list[int]:
        """``chosen``, and of those ``among`` (M,) what adds most, one by one, up to ``k``."""
        chosen = list(chosen)
        covered = self.overlap[chosen].max(axis=0)
        free = among & self.apart(chosen)
        while len(chosen) < k and free.any():
            gains = np.where(free, self.gains(covered), -1.0)
            best = int(np.argmax(gains))
            chosen.append(best)
            covered = np.maximum(covered, self.overlap[best])
            free &= self.apart([best])
        return chosen

    def exchanged(self, chosen: Sequence[int], fixed: int) -> list[int]:
        """One round: each but the first ``fixed`` gives way to the crop that adds most to the others."""
        chosen = list(chosen)
        for place in range(fixed, len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            gains = self.gains(self.overlap[others].max(axis=0))
            allowed = np.where(self.apart(others), gains, -1.0)
            best = int(np.argmax(allowed))
            if allowed[best] > gains[chosen[place]] + _BETTER:
                chosen[place] = best
        return chosen
