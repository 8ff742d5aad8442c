"""What is written for other editors: the kind of files, and what is replaced or made anew there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ForeignKind = Literal["xmp", "pp3", "copies"]
KINDS: Final[tuple[ForeignKind, ...]] = ("xmp", "pp3", "copies")


@dataclass(frozen=True, slots=True)
class ForeignOptions:
    """How crops go to other editors.

    ``kind`` is ``xmp`` (sidecars for Lightroom and darktable), ``pp3`` (RawTherapee's settings) or
    ``copies`` (of JPEG, TIFF, PNG and DNG, with the crop inside). ``replace`` says whether another crop in
    a sidecar is replaced, ``new_pp3`` whether RawTherapee's settings of a raw file are made where there are
    none, ``stars`` whether stars and rejections are written as well.
    """

    kind: ForeignKind = "xmp"
    replace: bool = False
    new_pp3: bool = False
    stars: bool = False
