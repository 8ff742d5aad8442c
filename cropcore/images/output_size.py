"""Output size of a picture: exact pixels, its long or short side, megapixels, or the size of a print."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from cropcore.errors import OptionError
from cropcore.geometry.paper import Paper

LARGEST_SIDE = 65_500
MOST_MEGAPIXELS = 4000.0

Side = Literal["long", "short"]
SizeKind = Literal["exact", "long", "short", "megapixels", "print"]


_SIZE = re.compile(r"(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?(?:px)?", re.IGNORECASE)
_SIDE = re.compile(r"(long|short)\s*:?\s*(\d{1,9})\s*(?:px)?", re.IGNORECASE)
_AREA = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(?:mpx?|megapixels?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """The wanted size in pixels.

    Exact where ``height`` is given; else ``width`` is that of one ``side``, or there are ``megapixels``
    to fill. With ``paper`` it is exact as well, and turned as the crop is.
    """

    width: int = 0
    height: int = 0
    side: Side = "long"
    megapixels: float = 0.0
    paper: Paper | None = None

    def __post_init__(self) -> None:
        if self.megapixels:
            if not 0.001 <= self.megapixels <= MOST_MEGAPIXELS:
                raise OptionError(
                    "A size is at most {most} megapixels.", most=round(MOST_MEGAPIXELS)
                )
            return
        sides = (self.width, self.height) if self.height else (self.width,)
        if not all(1 <= side <= LARGEST_SIDE for side in sides):
            raise OptionError("A size is between 1 and {most} pixels a side.", most=LARGEST_SIDE)

    @classmethod
    def of_paper(cls, paper: Paper) -> Size:
        """The size of a print, at its pixels per inch."""
        return cls(*paper.pixels, paper=paper)

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``1080x1350`` (exact), ``2048`` (long side), ``short:1080``, ``12MP`` or ``10x15cm@300``.

        Raises:
            OptionError: the text is none of these.
        """
        word = text.strip()
        if (match := _SIZE.fullmatch(word)) and match[2] != "0":
            return cls(int(match[1]), int(match[2] or 0))
        if match := _SIDE.fullmatch(word):
            return cls(int(match[2]), side="short" if match[1].lower() == "short" else "long")
        if match := _AREA.fullmatch(word):
            megapixels = float(match[1].replace(",", "."))
            if not megapixels:
                raise OptionError("A size has more than 0 megapixels.")
            return cls(megapixels=megapixels)
        if (paper := Paper.parse(word)) is not None:
            return cls.of_paper(paper)
        raise OptionError(
            "{text!r} is no size: write 1080x1350, or 2048 for the long side alone, short:1080, 12MP, "
            "or a print such as 10x15cm@300.",
            text=text,
        )

    @property
    def kind(self) -> SizeKind:
        """What is given."""
        if self.paper is not None:
            return "print"
        if self.megapixels:
            return "megapixels"
        return "exact" if self.height else self.side

    @property
    def exact(self) -> bool:
        """Whether both sides are given."""
        return self.height > 0

    def for_ratio(self, ratio: float) -> tuple[int, int]:
        """Width and height for a crop of a pixel ratio; at least 1 each."""
        if self.exact:
            turned = self.paper is not None and (ratio - 1) * (self.width - self.height) < 0
            return (self.height, self.width) if turned else (self.width, self.height)
        if self.megapixels:
            high = math.sqrt(self.megapixels * 1e6 / ratio)
            return max(1, round(high * ratio)), max(1, round(high))
        if (ratio >= 1) == (self.side == "long"):
            return self.width, max(1, round(self.width / ratio))
        return max(1, round(self.width * ratio)), self.width

    def swapped(self) -> Size:
        """Width and height exchanged where both are given."""
        return replace(self, width=self.height, height=self.width) if self.exact else self

    def __str__(self) -> str:
        match self.kind:
            case "print":
                return str(self.paper)
            case "megapixels":
                return f"{self.megapixels:g}MP"
            case "exact":
                return f"{self.width}x{self.height}"
            case "short":
                return f"short:{self.width}"
            case _:
                return str(self.width)
