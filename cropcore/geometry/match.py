"""Pure: a crop of one photo as a pattern by its subject, and the crops of other photos that match it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Crop
from cropcore.messages import Message

MATCH = "match"
"""What a method's name begins with that is a pattern: ``match:head:0.3,0.2,0.7,0.6:0.8``."""

EYE_LINE = 0.5
"""Where in a head the line of the eyes lies: share of its height, from above."""

SubjectKind = Literal["head", "object"]
Doubt = Literal["missing", "several", "uncertain", "beyond"]
"""Why a matched crop may be wrong: no such subject, more than one, measured badly, or no room for it."""

HEIGHT_SLACK, LINE_SLACK, ACROSS_SLACK = 0.015, 0.01, 0.04
"""By how much a crop that is kept inside the photo may miss the pattern: shares of the subject's height,
of the crop's height and of its width."""

_KINDS: tuple[SubjectKind, ...] = ("head", "object")
_MOST = 20.0
_WANTED = Message(
    "A pattern is head or object, the subject's box in the crop as shares of it, and the crop's width over "
    "height: head:0.3,0.2,0.7,0.6:0.8"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a crop is placed by: a person's head, or an object.

    Attributes:
        kind: ``head`` or ``object``.
        box: of the photo, in fractions; a head's may reach beyond its edge.
        certainty: in [0, 1], how far the box can be trusted.
        others: how many more there are that could have been meant.
    """

    kind: SubjectKind
    box: Box
    certainty: float = 1.0
    others: int = 0


@dataclass(frozen=True, slots=True)
class MatchPattern:
    """Where in a crop its subject lies.

    Attributes:
        kind: of the subject.
        box: the subject's box as shares of the crop; it may reach beyond the crop.
        ratio: the crop's width over height in pixels.

    Raises:
        GeometryError: the subject has no area, or a number is not finite or beyond what a crop could hold.
    """

    kind: SubjectKind
    box: Box
    ratio: float

    def __post_init__(self) -> None:
        x1, y1, x2, y2 = self.box
        numbers = (*self.box, self.ratio)
        fits = all(math.isfinite(n) and abs(n) <= _MOST for n in numbers)
        if not (fits and x1 < x2 and y1 < y2 and self.ratio > 0 and self.kind in _KINDS):
            raise GeometryError("{text!r} is no pattern. {wanted}", text=str(self), wanted=_WANTED)

    @classmethod
    def of(cls, crop: Crop, subject: Subject, size: tuple[float, float]) -> MatchPattern:
        """The pattern of a crop; its box and the subject's are of one canvas of ``size`` pixels."""
        x1, y1, x2, y2 = crop.box
        low, span = np.array([x1, y1, x1, y1]), np.array([x2 - x1, y2 - y1, x2 - x1, y2 - y1])
        left, top, right, bottom = ((np.array(subject.box) - low) / span).tolist()
        ratio = (x2 - x1) * size[0] / ((y2 - y1) * size[1])
        return cls(subject.kind, (left, top, right, bottom), ratio)

    @classmethod
    def parse(cls, text: str) -> MatchPattern:
        """Read what ``str`` writes.

        Raises:
            GeometryError: it is no pattern.
        """
        kind, _, rest = text.strip().partition(":")
        sides, _, ratio = rest.partition(":")
        try:
            if kind not in _KINDS:
                raise ValueError(kind)
            x1, y1, x2, y2 = (float(part) for part in re.split(r"[,\s]+", sides.strip()))
            return cls("head" if kind == "head" else "object", (x1, y1, x2, y2), float(ratio))
        except ValueError:
            raise GeometryError(
                "{text!r} is no pattern. {wanted}", text=text[:80], wanted=_WANTED
            ) from None

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(f'{side:.5g}' for side in self.box)}:{self.ratio:.6g}"

    @property
    def method(self) -> str:
        """It in place of a method's name, as presets hold it."""
        return f"{MATCH}:{self}"

    @property
    def line(self) -> float:
        """The height in the crop by which it is placed: a head's eye line, an object's middle."""
        return _line(self.kind, self.box[1], self.box[3])

    def crop(
        self, subject: Subject, aspect: Aspect, width: int, height: int
    ) -> tuple[Crop, tuple[Doubt, ...]]:
        """The crop of another photo in which its subject lies as in the pattern, and what is doubtful.

        A head has the pattern's height and eye line; an object fits into the pattern's box, its middle
        at that one's. Where the photo has no room, the crop is the nearest that it has room for.

        Args:
            subject: of the photo, of the pattern's kind.
            aspect: of the crop; ``free`` is the pattern's own ratio.
            width, height: of the photo in pixels.
        """
        own = aspect.ratio_for(width, height)
        ratio = self.ratio if own is None else own
        left, top, right, bottom = subject.box
        wide, high = (right - left) * width, (bottom - top) * height
        x1, y1, x2, y2 = self.box
        tall = high / (y2 - y1)
        if self.kind == "object":
            tall = max(tall, wide / (x2 - x1) / ratio)
        wanted = np.array([tall * ratio, tall])
        middle = (left + right) / 2 * width, _line(self.kind, top, bottom) * height
        at = np.array([middle[0] - (x1 + x2) / 2 * wanted[0], middle[1] - self.line * wanted[1]])
        size = wanted * min(1.0, width / wanted[0], height / wanted[1])
        # Shrunk about the point that is to stay where it is, then shifted by the shortest way.
        at = np.array([(x1 + x2) / 2, self.line]) * (wanted - size) + at
        at = np.clip(at, 0, np.array([width, height]) - size)
        low, far = at / [width, height], (at + size) / [width, height]
        box: Box = (float(low[0]), float(low[1]), min(float(far[0]), 1.0), min(float(far[1]), 1.0))
        return Crop(box, "circle" if aspect.is_circle else "rect"), self._doubts(
            subject, abs(tall / size[1] - 1), (np.array(middle) - at) / size
        )

    def _doubts(
        self, subject: Subject, scale: float, place: NDArray[np.float64]
    ) -> tuple[Doubt, ...]:
        """What is doubtful where the subject's size is off by ``scale`` and it lies at ``place``."""
        doubts: list[Doubt] = []
        if subject.others:
            doubts.append("several")
        if subject.certainty < SURE:
            doubts.append("uncertain")
        off_line, off_across = place[1] - self.line, place[0] - (self.box[0] + self.box[2]) / 2
        if scale > HEIGHT_SLACK or abs(off_line) > LINE_SLACK or abs(off_across) > ACROSS_SLACK:
            doubts.append("beyond")
        return tuple(doubts)


SURE = 0.5
"""The certainty from which a subject's box is taken as it is."""


def match_pattern(method: str) -> MatchPattern | None:
    """The pattern that a method's name means, None where it means anything else.

    Raises:
        GeometryError: it begins like one and is none.
    """
    kind, colon, rest = method.partition(":")
    return MatchPattern.parse(rest) if colon and kind == MATCH else None


def _line(kind: SubjectKind, top: float, bottom: float) -> float:
    return top + (bottom - top) * (EYE_LINE if kind == "head" else 0.5)
