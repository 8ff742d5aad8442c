"""Which crop of other programs counts for a photo, where several speak."""

from __future__ import annotations

from cropcore.errors import PhotoError
from cropcore.geometry.boxes import rotated_size
from cropcore.images.photo import Photo
from cropcore.interop.darktable import read_darktable
from cropcore.interop.embedded_xmp import read_embedded
from cropcore.interop.foreign_crop import SOURCES, ForeignCrop, FoundCrop, StoredPixels, about
from cropcore.interop.rawtherapee import read_pp3
from cropcore.interop.xmp_sidecar import read_xmp
from cropcore.messages import Message

_SAME_PIXELS = 2.0
_SAME_DEGREES = 0.01


def find_crop(photo: Photo) -> FoundCrop:
    """The crop of other programs that counts, with notices; the newest file's does.

    It is looked for in the XMP sidecar, in the photo's own XMP, in darktable's history and in
    RawTherapee's settings. That several hold different crops is a notice. The stars are those of the
    newest crop that has some, else any.
    """
    try:
        stored = StoredPixels.of(photo)
    except PhotoError:  # told when the photo itself is read
        return FoundCrop()
    found = [read(photo, stored) for read in (read_xmp, read_embedded, read_darktable, read_pp3)]
    crops = sorted(
        (one.crop for one in found if one.crop), key=lambda crop: crop.changed, reverse=True
    )
    notices = [notice for one in found for notice in one.notices]
    ratings = sorted(
        ((one.crop.changed if one.crop else 0.0, one.rating) for one in found if one.rating),
        reverse=True,
    )
    rating = ratings[0][1] if ratings else None
    if not crops:
        return FoundCrop(None, tuple(notices), rating)
    first = crops[0]
    for other in crops[1:]:
        if not _same(first, other, stored):
            notices.append(
                Message(
                    "{file}: {first} and {other} hold different crops; the newer one is used.",
                    file=photo.path.name,
                    first=SOURCES[first.source],
                    other=SOURCES[other.source],
                )
            )
            break
    if first.approximate:
        notices.append(about(first.path, first.approximate))
    return FoundCrop(first, tuple(notices), rating)


def _same(one: ForeignCrop, other: ForeignCrop, stored: StoredPixels) -> bool:
    """Whether two crops show the same, give or take a rounding."""
    other_crop = other.turn.inverse.then(one.turn).crop(other.crop)
    if abs(other_crop.angle - one.crop.angle) > _SAME_DEGREES:
        return False
    canvas = rotated_size(*stored.size(one.turn), one.crop.angle)
    sides = zip(one.crop.box, other_crop.box, canvas * 2, strict=True)
    return all(abs(a - b) * size <= _SAME_PIXELS for a, b, size in sides)
