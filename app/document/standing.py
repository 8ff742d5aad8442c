"""How far a photo has come: what filters, counts and marks go by."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from app.document.ownership import Owner

if TYPE_CHECKING:
    from app.document.document import OpenPhoto


class Standing(StrEnum):
    """Where a photo stands in a day's work."""

    UNCROPPED = "uncropped"
    """Nobody has cropped it yet, and nothing is proposed."""
    TO_REVIEW = "to_review"
    """A crop waits for the person: one that is proposed, or a further one that was begun."""
    ACCEPTED = "accepted"
    """All its crops are the person's own: drawn, taken, typed, accepted or exported."""
    FAILED = "failed"
    """Its file cannot be read, or is gone."""


def standing_of(photo: OpenPhoto) -> Standing:
    """Where a photo stands now; a file that cannot be read counts before all else.

    It stands by all its crops, whichever is in hand: what one of them waits for is not to be forgotten.
    A result in review stands where the person's decision puts it, whoever moved its crop.
    """
    if photo.failure:
        return Standing.FAILED
    if photo.is_result and not photo.edit.accepted:
        return Standing.UNCROPPED if photo.edit.rejected else Standing.TO_REVIEW
    owners = {photo.edit.owner, *(kept.owner for kept in photo.edit.others)}
    if owners == {Owner.WHOLE}:
        return Standing.UNCROPPED
    return Standing.ACCEPTED if owners == {Owner.MINE} else Standing.TO_REVIEW
