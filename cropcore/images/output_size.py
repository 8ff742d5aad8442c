"""Output size of a picture: exact pixels, or its long side."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cropcore.errors import OptionError

LARGEST_SIDE = 65_500


_SIZE = re.compile(r"^\s*(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """The wanted size in pixels: exact, or of the long side alone where ``height`` is 0."""

    width: int
    height: int = 0

    def __post_init__(self) -> None:
        sides = (self.width, self.height) if self.height else (self.width,)
        if not all(1 <= side <= LARGEST_SIDE for side in sides):
            raise OptionError("A size is between 1 and {most} pixels a side.", most=LARGEST_SIDE)

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``1080x1350`` (exact) or ``2048`` (long side).

        Raises:
            OptionError: the text is neither.
        """
        match = _SIZE.match(text)
        if match is None or match[2] == "0":
            raise OptionError(
                "{text!r} is no size: write 1080x1350, or 2048 for the long side alone.", text=text
            )
        return cls(int(match[1]), int(match[2] or 0))

    @property
    def exact(self) -> bool:
        """Whether both sides are given."""
        return self.height > 0

    def for_ratio(self, ratio: float) -> tuple[int, int]:
        """Width and height for a crop of a pixel ratio; at least 1 each."""
        if self.exact:
            return self.width, self.height
        if ratio >= 1:
            return self.width, max(1, round(self.width / ratio))
        return max(1, round(self.width * ratio)), self.width

    def __str__(self) -> str:
        return f"{self.width}x{self.height}" if self.exact else str(self.width)
