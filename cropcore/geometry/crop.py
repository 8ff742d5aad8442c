"""Immutable result values: crops, candidates, suggestions, maps, explanations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE
from cropcore.messages import Message

Box = tuple[float, float, float, float]
Shape = Literal["rect", "circle"]


@dataclass(frozen=True, slots=True)
class Crop:
    """A box in a photo plus its shape and an optional straighten angle.

    ``box`` is xyxy in [0, 1]; with an ``angle`` (degrees clockwise) it lives in the rotated canvas,
    which has the same centre as the photo. A circle's box is its circumscribed square in pixels.

    Raises:
        GeometryError: the box has no area, or one of the numbers is not finite.
    """

    box: Box = WHOLE
    shape: Shape = "rect"
    angle: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*self.box, self.angle))):
            raise GeometryError(
                "A crop has four finite numbers (x1, y1, x2, y2) and such an angle."
            )
        x1, y1, x2, y2 = self.box
        if not (x1 < x2 and y1 < y2):
            raise GeometryError(
                "A crop has an area: x1 < x2 and y1 < y2, not {box}.", box=str(self.box)
            )

    def __repr__(self) -> str:
        sides = ", ".join(f"{side:.4g}" for side in self.box)
        circle = ", circle" if self.shape == "circle" else ""
        angle = f", {self.angle:.4g}°" if self.angle else ""
        return f"Crop(({sides}){circle}{angle})"


@dataclass(frozen=True, slots=True)
class Nested:
    """A crop of another aspect that lies wholly inside an outer crop, to be cut from it later.

    ``score`` is 0-100, as a candidate's: the expected overlap with the crop of that aspect that a
    person would make of the whole photo.
    """

    aspect: Aspect
    crop: Crop
    score: float

    def __repr__(self) -> str:
        return f"Nested({self.aspect}: {self.crop}, score {self.score:.1f})"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A crop with its score, its rank (1 is best) and the method that proposed it.

    ``score`` is 0-100, the calibrated expected overlap (IoU, in per cent) with the crop that a
    person would choose, or None where a method is not calibrated. ``raw_score`` is the method's own.
    ``nested`` are the crops of other aspects inside it, where such were asked for. ``idea`` says in a
    word or two what sets it apart from the first one, and ``cuts`` what it cuts of what should be
    whole: ``head``, ``text`` or ``protected``.
    """

    rank: int
    crop: Crop
    score: float | None
    raw_score: float
    proposed_by: str
    nested: tuple[Nested, ...] = ()
    idea: str = ""
    cuts: tuple[str, ...] = ()

    @property
    def box(self) -> Box:
        """The crop's box: fractions of the upright photo, or of the rotated canvas."""
        return self.crop.box

    def __repr__(self) -> str:
        score = "no score" if self.score is None else f"score {self.score:.1f}"
        return f"Candidate({self.rank}: {self.crop}, {score}, by {self.proposed_by})"


@dataclass(frozen=True, slots=True)
class Suggestions(Sequence[Candidate]):
    """Candidates for one aspect; ``confidence`` in [0, 1] says how far the first can be trusted.

    It is a sequence of its candidates. The first is the best; each further one is that which adds most
    to those before it, so that their scores need not fall. ``doubts`` tell why a crop that matches a
    pattern may be wrong: ``missing``, ``several``, ``uncertain`` or ``beyond``
    (:data:`cropcore.geometry.match.Doubt`).
    """

    aspect: Aspect
    method: str
    confidence: float
    candidates: tuple[Candidate, ...]
    doubts: tuple[str, ...] = ()

    @overload
    def __getitem__(self, place: int) -> Candidate: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Candidate, ...]: ...

    def __getitem__(self, place: int | slice) -> Candidate | tuple[Candidate, ...]:
        return self.candidates[place]

    def __len__(self) -> int:
        return len(self.candidates)

    def __repr__(self) -> str:
        return (
            f"Suggestions({self.aspect} by {self.method}: {len(self)} candidates, "
            f"confidence {self.confidence:.2f})"
        )


MAP_TITLES = {
    "saliency": Message("Saliency"),
    "content": Message("Content"),
    "sensitivity": Message("Sensitivity"),
    "area": Message("Area"),
    "attention": Message("Attention"),
}
"""Titles of the maps of a photo, by their names."""


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
    title: Message
    meaning: Message

    def __repr__(self) -> str:
        height, width = self.values.shape
        return f"Map({self.name}: {width} x {height}, drawn from {self.low:.3g} to {self.high:.3g})"


@dataclass(frozen=True, slots=True)
class MethodOpinion:
    """What one method makes of a crop: its rank among ``of`` crops, 1 being the best."""

    method: str
    rank: int
    of: int
    raw_score: float


@dataclass(frozen=True, eq=False, slots=True)
class Explanation:
    """Why a crop is as good as it is.

    Attributes:
        crop: the crop that is explained.
        map: the crop's own score map phi_k of asm (Eq. 2), over the whole photo: what each place adds
            where it lies in this crop, relative to the photo's mean; 0 outside the crop.
        partition: the composition partition that speaks most for the crop, in words.
        gaze_inside: share of what people look at that lies inside, in [0, 1].
        gaze_cut: shares that the left, top, right and bottom borders cut, each in [0, 1].
        opinions: its rank by every method, in the engine's order.
    """

    crop: Crop
    map: Map
    partition: Message
    gaze_inside: float
    gaze_cut: tuple[float, float, float, float]
    opinions: tuple[MethodOpinion, ...]

    def __repr__(self) -> str:
        return f"Explanation({self.crop}: {self.gaze_inside:.0%} of the gaze, {self.partition})"
