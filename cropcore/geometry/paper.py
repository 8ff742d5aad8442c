"""Paper sizes as people type them: A4, 10x15 cm, 8x10 in@300."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cropcore.errors import OptionError

Unit = Literal["mm", "cm", "in"]

LEAST_PPI = 150
"""Fewer of a crop's pixels on an inch than this look soft in a print."""
USUAL_PPI = 300.0
_MOST_PPI = 2400.0
_LONGEST_INCHES = 400.0

_PER_INCH: dict[Unit, float] = {"mm": 25.4, "cm": 2.54, "in": 1.0}
_UNITS: dict[str, Unit] = {
    "mm": "mm", "cm": "cm", "in": "in", "inch": "in", "inches": "in", "zoll": "in", '"': "in", "″": "in",
}  # fmt: skip
_NAMED: dict[str, tuple[float, float, Unit]] = {
    "A2": (420, 594, "mm"),
    "A3": (297, 420, "mm"),
    "A4": (210, 297, "mm"),
    "A5": (148, 210, "mm"),
    "A6": (105, 148, "mm"),
    "Letter": (8.5, 11, "in"),
    "Legal": (8.5, 14, "in"),
}

_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"
_UNIT = r"mm|cm|inches|inch|in|zoll|\"|″"
_PPI = rf"(?:\s*@\s*(?P<ppi>{_NUMBER})\s*(?:ppi|dpi)?)?"
_SIDES = re.compile(
    rf"(?P<width>{_NUMBER})\s*(?P<own>{_UNIT})?\s*[x×:/]\s*(?P<height>{_NUMBER})\s*(?P<unit>{_UNIT}){_PPI}",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?P<name>{'|'.join(_NAMED)}){_PPI}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """The size of a print in its own unit, and the pixels on an inch of it; ``name`` such as A4.

    Raises:
        OptionError: it is larger than any print, or has no side, or no such resolution.
    """

    width: float
    height: float
    unit: Unit
    ppi: float = USUAL_PPI
    name: str = ""

    def __post_init__(self) -> None:
        if not all(0 < side <= _LONGEST_INCHES for side in self.inches):
            raise OptionError("A print is larger than nothing and at most 10 metres a side.")
        if not 1 <= self.ppi <= _MOST_PPI:
            raise OptionError(
                "A print has 1 to {most} pixels per inch, such as 10x15 cm@300.",
                most=round(_MOST_PPI),
            )

    @classmethod
    def parse(cls, text: str) -> Paper | None:
        """The paper that a text means; None where it is no paper size.

        Raises:
            OptionError: it is one that cannot be.
        """
        word = text.strip()
        if match := _NAME.fullmatch(word):
            name = next(n for n in _NAMED if n.lower() == match["name"].lower())
            return cls(*_NAMED[name], _ppi(match["ppi"]), name)
        match = _SIDES.fullmatch(word)
        if match is None:
            return None
        unit = _UNITS[match["unit"].lower()]
        if match["own"] and _UNITS[match["own"].lower()] != unit:
            return None
        return cls(_number(match["width"]), _number(match["height"]), unit, _ppi(match["ppi"]))

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height in inches."""
        return self.width / _PER_INCH[self.unit], self.height / _PER_INCH[self.unit]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels, at least 1 each."""
        wide, high = self.inches
        return max(round(wide * self.ppi), 1), max(round(high * self.ppi), 1)

    @property
    def label(self) -> str:
        """The size as people write it: ``A4``, ``10 × 15 cm``."""
        return self.name or f"{self.width:g} × {self.height:g} {self.unit}"

    def ppi_of(self, width: int, height: int) -> float:
        """How many pixels of a picture lie on an inch where it fills the paper, turned as it is best."""
        short, long = sorted(self.inches)
        return min(min(width, height) / short, max(width, height) / long)

    def __str__(self) -> str:
        size = self.name or f"{self.width:g}x{self.height:g}{self.unit}"
        return f"{size}@{self.ppi:g}"


def offered_papers() -> tuple[Paper, ...]:
    """The sizes that panels offer."""
    texts = (
        "10x15cm",
        "13x18cm",
        "20x30cm",
        "4x6in",
        "5x7in",
        "8x10in",
        "A5",
        "A4",
        "A3",
        "Letter",
    )
    return tuple(paper for paper in map(Paper.parse, texts) if paper is not None)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _ppi(text: str | None) -> float:
    return USUAL_PPI if text is None else _number(text)
