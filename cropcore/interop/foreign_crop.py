"""A crop that another program made of a photo, and the photo's stored pixels that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cropcore.errors import PhotoError
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.images.photo import Photo
from cropcore.images.photo_file import opened
from cropcore.messages import NOTHING, Message

Source = Literal["xmp", "embedded", "darktable", "rawtherapee"]
SOURCES: dict[Source, Message] = {
    "xmp": Message("an XMP sidecar"),
    "embedded": Message("the photo's own XMP"),
    "darktable": Message("darktable"),
    "rawtherapee": Message("RawTherapee"),
}

_ORIENTATION_TAG = 274


@dataclass(frozen=True, slots=True)
class ForeignCrop:
    """A crop as found; ``turn`` is what the person did to the photo on top of the file's orientation.

    ``crop`` is of the photo so turned. ``approximate`` is a sentence on why it may show a little
    more or less there, empty where it is exact. ``changed`` is the file's time of change in seconds.
    """

    source: Source
    path: Path
    crop: Crop
    turn: Orientation = UPRIGHT
    approximate: Message = NOTHING
    changed: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundCrop:
    """What one place holds: a crop, or none; sentences for the person; ``rating`` -1 to 5 if told."""

    crop: ForeignCrop | None = None
    notices: tuple[Message, ...] = ()
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class StoredPixels:
    """The pixel array as it lies in the file: its size, and what the file says makes it upright."""

    width: int
    height: int
    orientation: Orientation

    @classmethod
    def of(cls, photo: Photo) -> StoredPixels:
        """The stored pixels of a photo, be it turned by the person or not.

        Raises:
            PhotoError: the file cannot be read.
        """
        width, height = photo.width, photo.height
        # In a TIFF's size, its orientation is included already by the decoder.
        own = _tiff_orientation(photo.path) if photo.format == "TIFF" else photo.exif
        if own.then(photo.turn).swaps_sides:
            width, height = height, width
        return cls(width, height, own)

    def size(self, turn: Orientation = UPRIGHT) -> tuple[int, int]:
        """Width and height of the photo, upright and then turned."""
        swap = self.orientation.then(turn).swaps_sides
        return (self.height, self.width) if swap else (self.width, self.height)


def about(path: Path, text: Message) -> Message:
    """A sentence about a file."""
    return Message("{file}: {text}", file=path.name, text=text)


def _tiff_orientation(path: Path) -> Orientation:
    with opened(path) as image:
        if image.format != "TIFF":
            raise PhotoError(path, "has changed since it was opened.", "Open it again.")
        tag = image.tag_v2.get(_ORIENTATION_TAG, 1)  # type: ignore[attr-defined]
    return Orientation.of_exif(tag if isinstance(tag, int) else 1)
