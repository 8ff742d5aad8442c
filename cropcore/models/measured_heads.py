"""Measures a head anew on several views around it, each of which shows it at about one size.

A box of the detector is good for several per cent only, by how large a head is and how it lies among the
encoder's cells. Seen at one size, as the mean of views that differ a little, most of that error falls out
where two photos are compared; how far the views differ says how sure the mean is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.geometry.boxes import Boxes, iou
from cropcore.geometry.crop import Box
from cropcore.geometry.match import SURE, Subject
from cropcore.models.detected_heads import DetectedHeads
from cropcore.models.input_size import SHORT_SIDE

Pixels = NDArray[np.uint8]
Detect: TypeAlias = Callable[[Sequence[Pixels]], Sequence[DetectedHeads | None]]
"""From upright sRGB pixels (h, w, 3) of several pictures to the heads of each."""

_HEAD_SHARE = 0.42
"""Height of a head in the usual view."""
_FIRST = ((1.0, 0.0, 0.0, False),)
# Sizes within 20 %, shifts by fractions of the encoder's cells, every other one mirrored.
_AGAIN = (
    (0.80, 0.01, -0.03, False),
    (0.84, -0.03, 0.02, True),
    (0.89, 0.03, 0.03, False),
    (0.94, -0.01, -0.02, True),
    (1.00, 0.02, 0.01, False),
    (1.06, -0.02, -0.03, True),
    (1.12, 0.03, -0.01, False),
    (1.18, -0.03, 0.03, True),
    (1.24, 0.01, 0.02, False),
)
"""Views: their size as a multiple of the usual one, their shift in shares of it, whether mirrored."""
_SAME = 0.3
"""IoU from which a find is the head that is measured."""
_HALF_SURE = 0.075
"""Standard deviation of the views' heights, as a share, at which a head is just not sure: on portraits
moved and scaled by known amounts it tells those whose heights are off by more than 3 % from the others."""
_LEAST_FOUND = 0.6
"""Share of the views that have to show the head."""


def measured_head(detect: Detect, pixels: Pixels, head: Box) -> Subject | None:
    """A head that was found in a photo, measured on views around it; None where they do not show it.

    Args:
        detect: finds heads.
        pixels: the photo, upright sRGB (h, w, 3), larger than the encoder's input where it can be.
        head: as it was found, in fractions.
    """
    height, width = pixels.shape[:2]
    size = np.array([width, height, width, height], np.float64)
    known = np.array(head, np.float64) * size
    for kinds in (_FIRST, _AGAIN):
        views = [_View.around(known, *kind) for kind in kinds]
        heads = detect([view.cut(pixels) for view in views])
        seen = [view.head(found, known) for view, found in zip(views, heads, strict=True)]
        found = np.array([box for box in seen if box is not None])
        if len(found) < _LEAST_FOUND * len(views):
            return None
        known = _mean(found)
    spread = float(np.log(found[:, 3] - found[:, 1]).std())
    x1, y1, x2, y2 = (known / size).tolist()
    return Subject("head", (x1, y1, x2, y2), SURE ** (spread / _HALF_SURE))


@dataclass(frozen=True, slots=True)
class _View:
    """A square of a photo around a head, in pixels of the photo; it may reach beyond the photo."""

    left: float
    top: float
    side: float
    mirrored: bool

    @classmethod
    def around(
        cls, head: NDArray[np.float64], scale: float, dx: float, dy: float, mirrored: bool
    ) -> _View:
        side = float(head[3] - head[1]) / _HEAD_SHARE * scale
        x, y = (head[:2] + head[2:]) / 2 + np.array([dx, dy]) * side
        return cls(float(x) - side / 2, float(y) - side / 2, side, mirrored)

    def cut(self, pixels: Pixels) -> Pixels:
        """Its pixels at the size that the encoder sees; beyond the photo its edge goes on."""
        height, width = pixels.shape[:2]
        far = self.left + self.side, self.top + self.side
        over = max(-self.left, -self.top, far[0] - width, far[1] - height, 0.0)
        edge = int(np.ceil(over))
        if edge:
            pixels = np.pad(pixels, ((edge, edge), (edge, edge), (0, 0)), mode="edge")
        box = (self.left + edge, self.top + edge, far[0] + edge, far[1] + edge)
        view = Image.fromarray(pixels).resize(
            (SHORT_SIDE, SHORT_SIDE), Image.Resampling.BILINEAR, box=box
        )
        seen = np.asarray(view)
        return seen[:, ::-1] if self.mirrored else seen

    def head(self, found: DetectedHeads | None, known: Boxes) -> Boxes | None:
        """Of the heads found in the view that which is the known one, in pixels of the photo."""
        if found is None or not len(found.boxes):
            return None
        boxes = np.array(found.boxes, np.float64)
        if self.mirrored:
            boxes[:, [0, 2]] = 1 - boxes[:, [2, 0]]
        boxes = boxes * self.side + np.array([self.left, self.top] * 2)
        overlap = iou(boxes, known)
        best = int(overlap.argmax())
        return boxes[best] if overlap[best] >= _SAME else None


def _mean(boxes: Boxes) -> Boxes:
    """The mean (4,) of boxes (N, 4): of their middles, and of their sides as factors."""
    middle = ((boxes[:, :2] + boxes[:, 2:]) / 2).mean(axis=0)
    size = np.exp(np.log(boxes[:, 2:] - boxes[:, :2]).mean(axis=0))
    return np.concatenate([middle - size / 2, middle + size / 2])
