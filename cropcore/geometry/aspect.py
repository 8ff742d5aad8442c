"""Aspect: the wanted shape of a crop, parsed from and written as text; the table of ratios offered."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from cropcore.errors import AspectError, OptionError
from cropcore.geometry.paper import Paper

Kind = Literal["free", "original", "ratio", "circle"]

_PAIR = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*[:x×/]\s*(\d+(?:[.,]\d+)?)\s*$", re.IGNORECASE)
_LIMIT = 100.0
_LARGEST_TERM = 1e9
_SMALL, _LARGE = 9, 40
_CUSTOMARY = ((21, 9), (9, 21), (16, 10), (10, 16))
"""Ratios that nobody writes in their lowest terms."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """What shape is wanted.

    ``kind`` is ``free`` (any ratio), ``original`` (the photo's own ratio), ``ratio`` or ``circle``.
    ``width`` and ``height`` are the two terms of a ratio (4 and 5 for 4:5) and 0 otherwise. One ratio
    has one name: 1080:1350 and 0.8:1 are made 4:5.
    """

    kind: Kind
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise AspectError(
                "An aspect is {choices}, not {kind!r}.",
                choices=", ".join(get_args(Kind)),
                kind=self.kind,
            )
        if self.kind != "ratio":
            return
        terms = (self.width, self.height)
        if not all(1 / _LARGEST_TERM <= t <= _LARGEST_TERM for t in terms):
            raise AspectError("A ratio is two positive numbers, such as 4:5.")
        if not 1 / _LIMIT <= self.width / self.height <= _LIMIT:
            raise AspectError(
                "The ratio {ratio} is beyond 1:100 or 100:1; choose one in between.",
                ratio=str(self),
            )
        width, height = _named(self.width, self.height)
        object.__setattr__(self, "width", width)
        object.__setattr__(self, "height", height)

    @classmethod
    def parse(cls, text: str) -> Aspect:
        """Read ``free | original | circle | W:H | WxH | W/H | decimal`` (width over height), or a paper
        size such as ``A4``, ``10x15 cm`` or ``8x10 in``, of which the ratio is taken.

        Decimals have a point or a comma.

        Raises:
            AspectError: the text is none of these.
        """
        word = text.strip().lower()
        if word in ("free", "original", "circle"):
            return cls(word)  # type: ignore[arg-type]
        if pair := _PAIR.match(word):
            return cls("ratio", _number(pair[1]), _number(pair[2]))
        if (paper := _paper(text)) is not None:
            return cls("ratio", paper.width, paper.height)
        try:
            value = _number(word)
        except ValueError:
            raise AspectError(
                "{text!r} is no aspect: write free, original, circle, a ratio "
                "such as 4:5, a number such as 1.91, or a paper size such as 10x15 cm.",
                text=text,
            ) from None
        if not (math.isfinite(value) and value > 0):
            raise AspectError("{text!r} is no ratio: it must be a positive number.", text=text)
        return cls("ratio", value, 1.0)

    @classmethod
    def of_ratio(cls, value: float) -> Aspect:
        """The aspect of a decimal ratio, written as a small fraction where one is within 0.2 %."""
        if not (math.isfinite(value) and value > 0):
            raise AspectError("A ratio is a positive number.")
        near = Fraction(value).limit_denominator(21)
        small = near.numerator <= 40
        if small and near > 0 and abs(float(near) / value - 1) < 0.002:
            return cls("ratio", float(near.numerator), float(near.denominator))
        return cls("ratio", round(value, 4), 1.0)

    def ratio_for(self, photo_width: float, photo_height: float) -> float | None:
        """Wanted pixel ratio on a photo of this size; None where the ratio is free."""
        match self.kind:
            case "free":
                return None
            case "original":
                return photo_width / photo_height
            case "circle":
                return 1.0
            case _:
                return self.width / self.height

    def swapped(self) -> Aspect:
        """Width and height exchanged; shapes without a ratio stay as they are."""
        return Aspect("ratio", self.height, self.width) if self.kind == "ratio" else self

    def turned_for(self, photo_width: float, photo_height: float) -> Aspect:
        """The ratio turned upright or level as a photo of this size is; squares turn nothing."""
        own, photo = self.width - self.height, photo_width - photo_height
        return self.swapped() if own * photo < 0 else self

    @property
    def is_circle(self) -> bool:
        """Whether the wanted shape is a circle."""
        return self.kind == "circle"

    @property
    def slug(self) -> str:
        """The form for file names and ids: ``4x5``, ``1.91x1``, ``free``."""
        return str(self).replace(":", "x")

    def __str__(self) -> str:
        if self.kind != "ratio":
            return self.kind
        return f"{self.width:g}:{self.height:g}"


def as_aspect(aspect: Aspect | str) -> Aspect:
    """An aspect, or the one that a text names.

    Raises:
        AspectError: it is neither.
    """
    if isinstance(aspect, Aspect):
        return aspect
    if isinstance(aspect, str):
        return Aspect.parse(aspect)
    raise AspectError(
        "An aspect is a text such as '4:5' or an Aspect, not {aspect}.", aspect=repr(aspect)
    )


def _named(width: float, height: float) -> tuple[float, float]:
    """The terms by which people know a ratio: small ones where there are, else as they are."""
    if (width, height) in _CUSTOMARY:
        return width, height
    exact = Fraction(str(width)) / Fraction(str(height))
    most = max(exact.numerator, exact.denominator)
    pixels = width == round(width) and height == round(height) and max(width, height) > _LARGE
    if most <= _SMALL or (pixels and most <= _LARGE):
        return float(exact.numerator), float(exact.denominator)
    return width, height


def _paper(text: str) -> Paper | None:
    try:
        return Paper.parse(text)
    except OptionError as error:
        raise AspectError(error.message) from None


def _number(text: str) -> float:
    return float(text.replace(",", "."))
