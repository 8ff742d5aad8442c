"""One of a photo's crops as a value, and what the person did to it last."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.document.ownership import Owner
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop


@dataclass(frozen=True, slots=True)
class Deed:
    """What the person did to a crop: ``typed``, ``taken``, ``undone`` and so on, as sidecars say it.

    ``candidate`` is the rank of a candidate that was taken.
    """

    what: str
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class KeptCrop:
    """A crop of a photo with all that belongs to it alone.

    ``id`` stays with it for life; empty stands for the photo's first crop. ``tightness`` and
    ``method`` are the wishes that it came of. ``deed`` is no part of what it is, only how it came to
    be so; None leaves that to be read off from the crop before.
    """

    id: str
    crop: Crop
    owner: Owner
    aspect: Aspect
    before_circle: Aspect
    tightness: float
    method: str
    deed: Deed | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What a method said of a crop: its score (0-100), and where it is its best one, how sure it is.

    ``confidence`` is 0 to 1, None for other crops.
    """

    crop: Crop
    method: str
    score: float
    confidence: float | None = None
