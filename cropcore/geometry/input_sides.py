"""Size at which the encoder sees a photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STRIDE = 32
SHORT_SIDE, LONG_SIDE = 256, 1024


@dataclass(frozen=True, slots=True)
class InputSides:
    """To which sides a photo is brought before the encoder sees it.

    Attributes:
        short_side: the shorter side in pixels; None lets the longer one decide alone.
        long_side: the most that the longer side has, or its length where ``short_side`` is None.
        stretch: a photo too long for both is pressed into them; otherwise it is made smaller, and its
            ratio stays.
    """

    short_side: int | None = SHORT_SIDE
    long_side: int = LONG_SIDE
    stretch: bool = True

    @classmethod
    def of_record(cls, preprocessing: Mapping[str, Any]) -> InputSides:
        """From the ``preprocessing`` part of an encoder's record; what is absent keeps its default."""
        known = {name: preprocessing[name] for name in cls.__slots__ if name in preprocessing}
        return cls(**known)

    def decoded(self, width: int, height: int) -> tuple[int, int]:
        """Width and height to which a photo is decoded: of its own ratio, both at least 1."""
        scale = self._scale(width, height, keep=True)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def net_input(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of the net input of a photo: multiples of 32.

        The photo is resized to this size exactly, so its ratio may change by a few per cent; boxes are
        fractions and do not notice.
        """
        scale = self._scale(width, height, keep=not self.stretch)
        least = self.short_side if self.stretch and self.short_side else STRIDE
        first, second = (
            min(max(round(side * scale / STRIDE) * STRIDE, least), max(self.long_side, STRIDE))
            for side in (width, height)
        )
        return first, second

    def _scale(self, width: int, height: int, keep: bool) -> float:
        longest = self.long_side / max(width, height)
        if self.short_side is None:
            return longest
        scale = self.short_side / min(width, height)
        return min(scale, longest) if keep else scale


PRODUCT = InputSides()
"""What the shipped weights see."""
