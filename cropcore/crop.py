"""The immutable values that cross every line of the program: crops, candidates, suggestions, maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.aspect import Aspect
from cropcore.geometry import WHOLE

Box = tuple[float, float, float, float]
Shape = Literal["rect", "circle"]


@dataclass(frozen=True, slots=True)
class Crop:
    """A box in a photo plus its shape and an optional straighten angle.

    ``box`` is xyxy in [0, 1]; with an ``angle`` (degrees clockwise) it lives in the rotated canvas,
    which has the same centre as the photo. A circle's box is its circumscribed square in pixels.
    """

    box: Box = WHOLE
    shape: Shape = "rect"
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A crop with its score, its rank (1 is best) and the method that proposed it.

    ``score`` is 0-100, the calibrated expected overlap (IoU, in per cent) with the crop that a
    person would choose, or None where a method is not calibrated. ``raw_score`` is the method's own.
    """

    rank: int
    crop: Crop
    score: float | None
    raw_score: float
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Ranked candidates for one aspect; ``confidence`` in [0, 1] says how far the first can be trusted."""

    aspect: Aspect
    method: str
    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Map:
    """A per-pixel output that a person can look at.

    ``values`` is float32 (h, w) over the whole photo, at the method's own resolution; ``low`` and
    ``high`` give the range to draw, beyond which values look like its ends; ``title`` and
    ``meaning`` are for the legend.
    """

    name: str
    values: NDArray[np.float32]
    low: float
    high: float
    title: str
    meaning: str
