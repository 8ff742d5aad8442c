"""What a person can choose about an export; each value is checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cropcore.errors import CropsightError
from cropcore.metadata.metadata import Keep

# Name in options -> Pillow's name and the usual file ending.
FORMATS: Final = {
    "jpeg": ("JPEG", ".jpg"),
    "png": ("PNG", ".png"),
    "webp": ("WEBP", ".webp"),
    "tiff": ("TIFF", ".tif"),
    "avif": ("AVIF", ".avif"),
    "heic": ("HEIF", ".heic"),
}
METADATA: Final[tuple[Keep, ...]] = ("all", "no-location", "none")
LARGEST_SIDE = 65_500

_SIZE = re.compile(r"^\s*(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?$", re.IGNORECASE)


class OptionError(CropsightError, ValueError):
    """An export option that cannot be understood or carried out."""


@dataclass(frozen=True, slots=True)
class Size:
    """The wanted size in pixels: exact, or of the long side alone where ``height`` is 0."""

    width: int
    height: int = 0

    def __post_init__(self) -> None:
        sides = (self.width, self.height) if self.height else (self.width,)
        if not all(1 <= side <= LARGEST_SIDE for side in sides):
            raise OptionError(f"A size is between 1 and {LARGEST_SIDE} pixels a side.")

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read ``1080x1350`` (exact) or ``2048`` (long side).

        Raises:
            OptionError: the text is neither.
        """
        match = _SIZE.match(text)
        if match is None or match[2] == "0":
            raise OptionError(
                f"{text!r} is no size: write 1080x1350, or 2048 for the long side alone."
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


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a crop becomes a file.

    ``format`` is ``keep`` or a key of ``FORMATS``. ``quality`` is 1-100 and means what the format's
    encoder makes of it; 100 is lossless in WebP. ``size`` of None leaves the crop's own pixels.
    ``background`` is the sRGB colour behind a circle or a transparent photo where the format has no
    alpha. ``folder`` of None is a ``Cropsight`` folder beside the photo.
    """

    format: str = "keep"
    quality: int = 92
    size: Size | None = None
    metadata: Keep = "all"
    background: tuple[int, int, int] = (255, 255, 255)
    template: str = "{name}_{aspect}_{rank}"
    folder: Path | None = None

    def __post_init__(self) -> None:
        if self.format != "keep" and self.format not in FORMATS:
            raise OptionError(f"{self.format!r} is no format: choose keep, {', '.join(FORMATS)}.")
        if not 1 <= self.quality <= 100:
            raise OptionError("Quality is a number from 1 to 100.")
        if self.metadata not in METADATA:
            raise OptionError(
                f"{self.metadata!r} is no choice for metadata: {', '.join(METADATA)}."
            )
        if len(self.background) != 3 or not all(0 <= v <= 255 for v in self.background):
            raise OptionError("A background is three numbers from 0 to 255: red, green, blue.")
