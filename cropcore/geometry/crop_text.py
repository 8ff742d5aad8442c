"""Reads a crop from text: numbers in pixels, a box in fractions, centred, or JSON of ``cropcore crop``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cropcore.errors import DataError, GeometryError
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.crop_json import crop_in
from cropcore.messages import Message

WANTED = Message(
    "It takes x, y, width and height in pixels (10 20 300 400), centre and a size (centre 300 400), a box in "
    "fractions (0.1 0.2 0.9 0.8), or the JSON of cropcore crop."
)

_LONGEST = 4_000_000
"""Characters beyond which no text is looked at."""
_LABEL = r"(?:x|y|w|h|left|top|width|height)\s*[:=]?\s*"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_FOUR = re.compile(
    rf"[\[(]?\s*{_LABEL.join(['(?:', ')?'])}({_NUMBER})\s*(?:px)?"
    + rf"[\s,;x×]+(?:{_LABEL})?({_NUMBER})\s*(?:px)?" * 3
    + r"\s*[\])]?",
    re.IGNORECASE,
)
_PLACED = re.compile(r"(\d+)\s*[x×]\s*(\d+)\s*\+(\d+)\+(\d+)", re.IGNORECASE)
_CENTRED = re.compile(
    rf"(?:centre|center)(?:[\s,;:=]+({_NUMBER})\s*(?:px)?[\s,;x×]+({_NUMBER})\s*(?:px)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextCrop:
    """A crop that a text tells.

    ``of_file`` is whether it lies in the upright photo of the file, as JSON tells it, or in the photo as
    it is shown. Without a ``crop`` the largest centred one is meant.
    """

    crop: Crop | None
    of_file: bool = False


def crop_of_text(
    text: str, width: int, height: int, angle: float = 0.0, file_name: str = ""
) -> TextCrop:
    """The crop that a text means.

    Args:
        text: numbers or JSON, see :data:`WANTED`.
        width, height: of the photo as it is shown.
        angle: by which it is straightened; numbers are of the straightened photo's canvas.
        file_name: of the photo, to find it among several in JSON.

    Raises:
        GeometryError: the text is no crop, or one beyond the photo.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        raise _no_crop(text)
    if text[0] in "{[":
        found = _of_json(text, file_name)
        if found is not None:
            return TextCrop(found, True)
    wide, high = rotated_size(width, height, angle)
    if centred := _CENTRED.fullmatch(text):
        if centred[1] is None:
            return TextCrop(None)
        size = float(centred[1]), float(centred[2])
        box = (wide - size[0]) / 2, (high - size[1]) / 2, (wide + size[0]) / 2, (high + size[1]) / 2
        return TextCrop(_inside(box, wide, high, angle, text))
    if placed := _PLACED.fullmatch(text):
        w, h, x, y = (float(part) for part in placed.groups())
        return TextCrop(_inside((x, y, x + w, y + h), wide, high, angle, text))
    four = _FOUR.fullmatch(text)
    if four is None:
        raise _no_crop(text)
    a, b, c, d = (float(part) for part in four.groups())
    if "." in text and max(a, b, c, d) <= 1:
        return TextCrop(_inside((a * wide, b * high, c * wide, d * high), wide, high, angle, text))
    return TextCrop(_inside((a, b, a + c, b + d), wide, high, angle, text))


def _inside(
    box: tuple[float, float, float, float], wide: float, high: float, angle: float, text: str
) -> Crop:
    """A box in pixels as a crop; what reaches over the edge is cut off."""
    x1, y1, x2, y2 = box
    if not all(map(math.isfinite, box)) or x2 <= x1 or y2 <= y1:
        raise _no_crop(text)
    left, top, right, bottom = max(x1, 0.0), max(y1, 0.0), min(x2, wide), min(y2, high)
    if right - left < 1 or bottom - top < 1:
        raise GeometryError(
            "{text!r} lies beyond the photo, which has {width} x {height} pixels.",
            text=_short(text),
            width=round(wide),
            height=round(high),
        )
    fractions: Box = left / wide, top / high, right / wide, bottom / high
    return Crop(fractions, "rect", angle)


def _of_json(text: str, file_name: str) -> Crop | None:
    """The first candidate of the photo in JSON; None where the JSON is only a list of numbers."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise _no_crop(text) from None
    if isinstance(values, list) and not any(isinstance(one, dict | list) for one in values):
        return None
    try:
        return _candidate(values, file_name)
    except (LookupError, TypeError, ValueError, DataError):
        raise _no_crop(text) from None


def _candidate(values: Any, file_name: str) -> Crop:
    """The first candidate in what ``cropcore crop --json`` writes, or in a part of that."""
    if isinstance(values, Sequence):
        values = values[0]
    if not isinstance(values, Mapping):
        raise TypeError("no object")
    if "photos" in values:
        photos = values["photos"]
        named = [one for one in photos if re.split(r"[/\\]", one["file"])[-1] == file_name]
        return _candidate(named[0] if named or len(photos) != 1 else photos[0], file_name)
    for inner in ("results", "candidates"):
        if inner in values:
            return _candidate(values[inner][0], file_name)
    return crop_in([values["box"], values.get("shape", "rect"), values.get("angle", 0.0)])


def _no_crop(text: str) -> GeometryError:
    return GeometryError("{text!r} is no crop. {wanted}", text=_short(text), wanted=WANTED)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"
