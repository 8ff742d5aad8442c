"""What crops cut of heads, texts and protected areas, and how their scores fall for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.window_search import CropRequest
from cropcore.geometry.boxes import Boxes, as_boxes
from cropcore.geometry.crop import Box
from cropcore.geometry.holding import holds, share_inside

HEAD, TEXT, PROTECTED = "head", "text", "protected"
WHOLE_ENOUGH = 0.97
"""A head or text of which so much lies inside counts as whole."""

_COST = 25.0
"""Points that a head, a text or an area costs of which nothing is left, of 100."""
_LEAST = 5.0
"""Points that any cut costs."""
_BELOW = 1.0
"""Points below the best crop that cuts nothing."""


@dataclass(frozen=True, eq=False, slots=True)
class CutAreas:
    """Areas that matter for one question: heads, pieces of text, and those that the person protects.

    ``heads`` and ``texts`` are as they were found, ``protect`` as it was drawn; ``request`` says which
    shape is wanted.
    """

    heads: tuple[Box, ...]
    texts: tuple[Box, ...]
    protect: tuple[Box, ...]
    request: CropRequest

    def kinds(self, boxes: Boxes) -> list[tuple[str, ...]]:
        """What each crop (N, 4) cuts: any of ``head``, ``text`` and ``protected``."""
        cut = np.stack(
            [
                (self._share(boxes, self.heads) < WHOLE_ENOUGH).any(axis=1),
                (self._share(boxes, self.texts) < WHOLE_ENOUGH).any(axis=1),
                ~self._protects(boxes).all(axis=1),
            ],
            axis=1,
        )
        kinds = (HEAD, TEXT, PROTECTED)
        return [tuple(k for k, found in zip(kinds, row, strict=True) if found) for row in cut]

    def none(self, boxes: Boxes) -> NDArray[np.bool_]:
        """Which crops (N, 4) cut nothing."""
        whole = (self._share(boxes, self.heads + self.texts) >= WHOLE_ENOUGH).all(axis=1)
        return np.asarray(whole & self._protects(boxes).all(axis=1))

    def lowered(
        self, scores: NDArray[np.float64], boxes: Boxes, best_whole: float
    ) -> NDArray[np.float64]:
        """Scores 0-100 (N,) of crops (N, 4), lower where they cut something.

        Such a crop stays below ``best_whole``, the best score of a crop that cuts nothing, 0 where
        there is none.
        """
        areas = as_boxes(np.reshape(self.protect, (-1, 4)))
        found = self._share(boxes, self.heads + self.texts)
        inside = np.concatenate([found, share_inside(boxes, areas)], axis=1)
        lost = 1 - inside.min(axis=1, initial=1.0)
        fallen = np.maximum(scores - np.maximum(_COST * lost, _LEAST), 0.0)
        if best_whole > 0:
            fallen = np.minimum(fallen, max(best_whole - _BELOW, 0.0))
        return np.where(self.none(boxes), scores, fallen)

    def _share(self, boxes: Boxes, areas: tuple[Box, ...]) -> NDArray[np.float64]:
        found = as_boxes(np.reshape(areas, (-1, 4)))
        share = share_inside(boxes, found)
        if self.request.circles:
            # A circle has a head whole when its disc has; what lies in the square's corners is lost.
            disc = holds(boxes, found, self.request.photo_ratio, circle=True)
            share = np.where(disc, 1.0, np.minimum(share, 0.9))
        return share

    def _protects(self, boxes: Boxes) -> NDArray[np.bool_]:
        areas = as_boxes(np.reshape(self.protect, (-1, 4)))
        return holds(boxes, areas, self.request.photo_ratio, self.request.circles)
