"""Writes the crops of several photos as sidecars of one kind, and counts what will be read there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final, Literal

from cropcore.errors import SidecarError
from cropcore.files.photo_scan import is_raw_name
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from cropcore.interop.darktable import is_developed
from cropcore.interop.rawtherapee import pp3_path, write_pp3
from cropcore.interop.xmp_sidecar import WrittenSidecar, write_xmp, xmp_path
from cropcore.messages import Message

Kind = Literal["xmp", "pp3"]
KINDS: Final[tuple[Kind, ...]] = ("xmp", "pp3")

LIGHTROOM_DANGER = Message(
    "Lightroom replaces a photo's development by that of the sidecar when it reads metadata from files: "
    "save metadata to files there before crops are written."
)


class SidecarWriter:
    """Writes sidecars of one kind, ``xmp`` (Lightroom, darktable) or ``pp3`` (RawTherapee).

    ``folder`` is where they lie, if not beside the photos; ``replace`` says whether other crops in them
    are replaced, ``make_for_raw`` whether RawTherapee's settings of a raw file are made where there are
    none. ``counts`` tells of what was written so far: each state of :class:`WrittenSidecar`, ``raw_made``
    (raw files that had no sidecar before), ``for_copies`` (crops that Lightroom reads from copies alone)
    and ``not_read`` (photos that darktable has developed, so that it will not read the crop).
    """

    def __init__(
        self,
        kind: Kind,
        folder: Path | None = None,
        replace: bool = False,
        make_for_raw: bool = False,
    ) -> None:
        self.kind = kind
        self.counts: Counter[str] = Counter()
        self._folder = folder
        self._replace = replace
        self._make_for_raw = make_for_raw
        self._owners: dict[Path, Path] = {}

    def write(
        self,
        photo: Photo,
        crop: Crop | None,
        aspect: Aspect | None = None,
        rating: int | None = None,
    ) -> WrittenSidecar:
        """Write a crop of a photo, which may be turned by the person, and its stars.

        Stars, and stars alone without a crop, go to XMP only.

        Raises:
            SidecarError: it cannot be written, or another photo's crop was written there just now.
            PhotoError: the photo cannot be read.
        """
        path = self.path(photo.path)
        owner = self._owners.setdefault(path, photo.path)
        if owner != photo.path:
            raise SidecarError(
                path,
                "holds the crop of {name} already.",
                "Choose another folder for it.",
                name=owner.name,
            )
        if self.kind == "xmp":
            done = write_xmp(photo, crop, self._folder, self._replace, rating)
            self._count_readers(photo.path, done)
        elif crop is None:
            done = WrittenSidecar(path, "same")
        else:
            done = write_pp3(photo, crop, aspect, self._folder, self._replace, self._make_for_raw)
        self.counts[done.state] += 1
        return done

    def path(self, photo: Path) -> Path:
        """Where the sidecar of a photo lies."""
        of = xmp_path if self.kind == "xmp" else pp3_path
        return of(photo, self._folder)

    def _count_readers(self, photo: Path, done: WrittenSidecar) -> None:
        if is_raw_name(photo.name) and photo.suffix.lower() != ".dng":
            self.counts["raw_made"] += done.state == "made"
        else:
            self.counts["for_copies"] += 1
        self.counts["not_read"] += is_developed(photo)
