"""How far a photo has come: what filters, counts and marks go by."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.ownership import Owner

if TYPE_CHECKING:
    from app.document import OpenPhoto


class Standing(StrEnum):
    """Where a photo stands in a day's work."""

    UNCROPPED = "uncropped"
    """Nobody has cropped it yet, and nothing is proposed."""
    TO_REVIEW = "to_review"
    """A crop is proposed and waits for the person."""
    ACCEPTED = "accepted"
    """Its crop is the person's own: drawn, taken, typed, accepted or exported."""
    FAILED = "failed"
    """Its file cannot be read, or is gone."""


_OF_OWNER = {
    Owner.WHOLE: Standing.UNCROPPED,
    Owner.PROPOSED: Standing.TO_REVIEW,
    Owner.MINE: Standing.ACCEPTED,
}


def standing_of(photo: OpenPhoto) -> Standing:
    """Where a photo stands now; a file that cannot be read counts before all else.

    A result in review stands where the person's decision puts it, whoever moved its crop.
    """
    if photo.failure:
        return Standing.FAILED
    if photo.is_result and not photo.edit.accepted:
        return Standing.UNCROPPED if photo.edit.rejected else Standing.TO_REVIEW
    return _OF_OWNER[photo.edit.owner]
