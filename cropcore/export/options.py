"""Export options, validated when they are made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cropcore.errors import OptionError
from cropcore.images.output_size import Size
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


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a crop becomes a file.

    ``format`` is ``keep`` or a key of ``FORMATS``. ``quality`` is 1-100 and means what the format's
    encoder makes of it; 100 is lossless in WebP. ``size`` of None leaves the crop's own pixels.
    ``background`` is the sRGB colour behind a circle or a transparent photo where the format has no
    alpha. ``folder`` of None is a ``Cropsight`` folder beside the photo.

    With ``lossless`` a JPEG is cut without decoding it, wherever that can be. With ``source_quality`` a JPEG
    that is made of a JPEG gets the quantisation tables of that one in place of ``quality``. With
    ``keep_date`` a file gets the photo's time of change, and is told when that was taken whatever
    ``metadata`` says.
    """

    format: str = "keep"
    quality: int = 92
    size: Size | None = None
    metadata: Keep = "all"
    background: tuple[int, int, int] = (255, 255, 255)
    template: str = "{name}_{aspect}_{rank}"
    folder: Path | None = None
    lossless: bool = False
    source_quality: bool = False
    keep_date: bool = False

    def __post_init__(self) -> None:
        if self.format != "keep" and self.format not in FORMATS:
            raise OptionError(
                "{format!r} is no format: choose keep, {choices}.",
                format=self.format,
                choices=", ".join(FORMATS),
            )
        if not 1 <= self.quality <= 100:
            raise OptionError("Quality is a number from 1 to 100.")
        if self.metadata not in METADATA:
            raise OptionError(
                "{metadata!r} is no choice for metadata: {choices}.",
                metadata=self.metadata,
                choices=", ".join(METADATA),
            )
        if len(self.background) != 3 or not all(0 <= v <= 255 for v in self.background):
            raise OptionError("A background is three numbers from 0 to 255: red, green, blue.")
