"""Crops as programs give them (crops, candidates, boxes as numbers), checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import Any

from numpy.typing import NDArray

from cropcore.errors import GeometryError
from cropcore.geometry.boxes import as_boxes
from cropcore.geometry.crop import Box, Candidate, Crop, Nested

CropLike = Crop | Candidate | Nested | Sequence[float] | NDArray[Any]
"""A crop, a candidate, or a box (x1, y1, x2, y2) in fractions of the upright photo."""

_SLACK = 1e-3
"""By how much a box may reach over the photo's border, as rounded ones do."""


def as_crop(given: CropLike) -> Crop:
    """The crop that is meant.

    Raises:
        GeometryError: it is no crop, has no area, or its numbers are pixels rather than fractions.
    """
    if isinstance(given, Candidate | Nested):
        given = given.crop
    if isinstance(given, Crop):
        _check_fractions(given.box)
        return given
    try:
        box = as_boxes(given)
    except GeometryError:
        raise
    except (TypeError, ValueError) as error:
        raise GeometryError(
            "A crop is a Crop, a candidate, or a box (x1, y1, x2, y2), not {given}.",
            given=f"{given!r:.80}",
        ) from error
    if box.shape != (4,):
        raise GeometryError(
            "One box is wanted, (x1, y1, x2, y2), not the shape {shape}.", shape=str(box.shape)
        )
    x1, y1, x2, y2 = box.tolist()
    _check_fractions((x1, y1, x2, y2))
    return Crop((x1, y1, x2, y2))


def as_crops(given: Iterable[CropLike]) -> list[Crop]:
    """The crops that are meant by a list of them, or by boxes (N, 4).

    Raises:
        GeometryError: as :func:`as_crop`; or it is a single crop, outside a list.
    """
    several = list(given) if isinstance(given, Iterable) else [0.0]
    if any(isinstance(one, Real) for one in several):
        raise GeometryError("Crops come as a list or an array (N, 4): put a single one in a list.")
    return [as_crop(one) for one in several]


def _check_fractions(box: Box) -> None:
    beyond = [side for side in box if not -_SLACK <= side <= 1 + _SLACK]
    if beyond:
        raise GeometryError(
            "A box is in fractions of the photo, from 0 to 1, not {number:g}. "
            "Divide pixels by the width (x1, x2) and the height (y1, y2) of the "
            "upright photo.",
            number=float(beyond[0]),
        )
