"""Reads darktable's own crop from the history in its sidecar ``NAME.EXT.xmp``; nothing is written there."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from cropcore.errors import MetadataLimitError, SidecarError
from cropcore.files.path_checks import file_stamp
from cropcore.files.xml_limits import check_xml
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.orientation import Orientation
from cropcore.images.photo import Photo
from cropcore.interop.foreign_crop import ForeignCrop, FoundCrop, StoredPixels, about
from cropcore.interop.merge_file import read_sidecar
from cropcore.messages import NOTHING, Message

_DT = "{http://darktable.sf.net/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RATING = "{http://ns.adobe.com/xap/1.0/}Rating"

_CROP = struct.Struct("<ffffii")
_FLIP = struct.Struct("<i")
# darktable's bits: 1 mirrors top to bottom, 2 left to right, 4 exchanges the axes first.
_FLIPS = {0: 1, 1: 4, 2: 2, 3: 3, 4: 5, 5: 6, 6: 8, 7: 7}
_SMALLEST = 1e-4
_WHOLE_SLACK = 1e-4

LENS = Message("darktable corrects the lens before it crops, so that the crop may differ a little.")
WARPED = Message("darktable crops after a change of perspective or rotation, which is not read.")
UNKNOWN = Message("The crop there makes no sense and is left out.")


def darktable_path(photo: Path) -> Path:
    """Where darktable keeps its own sidecar of a photo."""
    return photo.with_name(photo.name + ".xmp")


def is_developed(photo: Path) -> bool:
    """Whether darktable has a history of the photo, so that it reads no other program's sidecar."""
    try:
        data = read_sidecar(darktable_path(photo))
        return data is not None and bool(_History.of(data).entries)
    except (SidecarError, ValueError):
        return False


def read_darktable(photo: Photo, stored: StoredPixels | None = None) -> FoundCrop:
    """The crop in darktable's history of a photo; whatever goes wrong becomes a notice."""
    path = darktable_path(photo.path)
    try:
        data = read_sidecar(path)
        if data is None:
            return FoundCrop()
        history = _History.of(data)
    except SidecarError as e:
        return FoundCrop(notices=(e.message,))
    except ValueError:
        error = SidecarError(path, "is not well formed.", "It is left as it is.")
        return FoundCrop(notices=(error.message,))
    params = history.active("crop")
    if params is None:
        return FoundCrop(rating=history.rating)
    if history.active("ashift") is not None or history.active("clipping") is not None:
        return FoundCrop(notices=(about(path, WARPED),), rating=history.rating)
    stored = stored or StoredPixels.of(photo)
    orientation = history.orientation() or stored.orientation
    box = _box(params)
    if box is None:
        return FoundCrop(notices=(about(path, UNKNOWN),), rating=history.rating)
    if max(abs(a - b) for a, b in zip(box, WHOLE, strict=True)) < _WHOLE_SLACK:
        return FoundCrop(rating=history.rating)
    approximate = NOTHING if history.active("lens") is None else LENS
    turn = stored.orientation.inverse.then(orientation)
    changed = file_stamp(path)[0] / 1e9
    crop = ForeignCrop("darktable", path, Crop(box), turn, approximate, changed)
    return FoundCrop(crop, rating=history.rating)


@dataclass(frozen=True, slots=True)
class _Entry:
    operation: str
    enabled: bool
    params: str


@dataclass(frozen=True, slots=True)
class _History:
    """The steps that are in force, in their order, and the stars."""

    entries: tuple[_Entry, ...]
    rating: int | None

    @classmethod
    def of(cls, data: bytes) -> _History:
        """Read a sidecar of darktable.

        Raises:
            ValueError: it is none.
        """
        try:
            text = data.strip(b"\0 \r\n\t")
            check_xml(text)
            root = ElementTree.fromstring(text)
        except (MetadataLimitError, ExpatError, ElementTree.ParseError, LookupError) as e:
            raise ValueError("not well formed") from e
        description = root.find(f".//{_RDF}Description")
        if description is None:
            return cls((), None)
        items = description.findall(f"{_DT}history/{_RDF}Seq/{_RDF}li")
        steps = []
        for place, item in enumerate(items):
            number = _whole(item.get(f"{_DT}num"), place)
            entry = _Entry(
                item.get(f"{_DT}operation", ""),
                item.get(f"{_DT}enabled") == "1",
                item.get(f"{_DT}params", ""),
            )
            steps.append((number, entry))
        end = _whole(description.get(f"{_DT}history_end"), len(steps))
        steps.sort(key=lambda step: step[0])
        rating = _whole(description.get(_RATING), -2)
        return cls(
            tuple(entry for number, entry in steps if number < end),
            rating if -1 <= rating <= 5 else None,
        )

    def active(self, operation: str) -> bytes | None:
        """Parameters of the last step of an operation; None where there is none, or it is off."""
        last = next((e for e in reversed(self.entries) if e.operation == operation), None)
        if last is None or not last.enabled:
            return None
        try:
            return bytes.fromhex(last.params)
        except ValueError:  # longer ones are packed; those of a crop are not
            return b""

    def orientation(self) -> Orientation | None:
        """How darktable lays the stored pixels, None where it goes by the file."""
        params = self.active("flip")
        if params is None or len(params) != _FLIP.size:
            return None
        number = _FLIPS.get(_FLIP.unpack(params)[0])
        return None if number is None else Orientation.of_exif(number)


def _box(params: bytes) -> Box | None:
    if len(params) < _CROP.size:
        return None
    left, top, right, bottom = (float(v) for v in _CROP.unpack_from(params)[:4])
    # NaN fails every comparison.
    if not (-0.01 <= left < right <= 1.01 and -0.01 <= top < bottom <= 1.01):
        return None
    box = max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0)
    small = box[2] - box[0] < _SMALLEST or box[3] - box[1] < _SMALLEST
    return None if small else box


def _whole(text: str | None, otherwise: int) -> int:
    try:
        return otherwise if text is None else int(text)
    except ValueError:
        return otherwise
