"""Sort orders, filters and status of photos in the filmstrip; no widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from app.document.edit import Owner
from app.document.open_photo import OpenPhoto
from cropcore.files.natural_order import NaturalKey, natural


class PhotoStatus(StrEnum):
    """Where a photo stands in a day's work."""

    UNCROPPED = "uncropped"
    """Nobody has cropped it yet, and nothing is proposed."""
    TO_REVIEW = "to_review"
    """A crop waits for the person: one that is proposed, or a further one that was begun."""
    ACCEPTED = "accepted"
    """All its crops are the person's own: drawn, taken, typed, accepted or exported."""
    FAILED = "failed"
    """Its file cannot be read, or is gone."""


def status_of(photo: OpenPhoto) -> PhotoStatus:
    """Where a photo stands now; a file that cannot be read counts before all else.

    It stands by all its crops, whichever is in hand: what one of them waits for is not to be forgotten.
    A result in review stands where the person's decision puts it, whoever moved its crop.
    """
    if photo.failure:
        return PhotoStatus.FAILED
    if photo.is_result and not photo.edit.accepted:
        return PhotoStatus.UNCROPPED if photo.edit.rejected else PhotoStatus.TO_REVIEW
    owners = {photo.edit.owner, *(kept.owner for kept in photo.edit.others)}
    if owners == {Owner.WHOLE}:
        return PhotoStatus.UNCROPPED
    return PhotoStatus.ACCEPTED if owners == {Owner.MINE} else PhotoStatus.TO_REVIEW


class Order(StrEnum):
    """What the strip is sorted by."""

    OPENED = "opened"
    NAME = "name"
    TAKEN = "taken"
    CHANGED = "changed"
    CONFIDENCE = "confidence"


class Show(StrEnum):
    """Which photos the strip shows."""

    ALL = "all"
    UNCROPPED = "uncropped"
    TO_REVIEW = "to_review"
    ACCEPTED = "accepted"
    FAILED = "failed"
    STARRED = "starred"
    UNDECIDED = "undecided"
    REJECTED = "rejected"


def shows_of(photo: OpenPhoto) -> frozenset[Show]:
    """All choices of :class:`Show` under which a photo is seen."""
    return _SHOWS[status_of(photo), photo.edit.starred, photo.edit.rejected]


def is_undecided(photo: OpenPhoto) -> bool:
    """Whether a photo waits for the person: neither accepted nor rejected, and readable."""
    return Show.UNDECIDED in shows_of(photo)


def sort_key(order: Order) -> Callable[[OpenPhoto], Any] | None:
    """What photos are sorted by; None keeps the order in which they were opened.

    Photos of unknown confidence come last. A photo that does not tell when it was taken goes by the
    last change of its file.
    """
    return _KEYS[order]


def _name(photo: OpenPhoto) -> NaturalKey:
    return natural(photo.path.name)


def _taken(photo: OpenPhoto) -> str:
    return photo.taken or time.strftime("%Y:%m:%d %H:%M:%S", time.localtime(photo.stamp[0] / 1e9))


def _changed(photo: OpenPhoto) -> int:
    return photo.stamp[0]


def _confidence(photo: OpenPhoto) -> tuple[bool, float]:
    known = photo.suggestion_state.confidence
    return known is None, known or 0.0


_KEYS: dict[Order, Callable[[OpenPhoto], Any] | None] = {
    Order.OPENED: None,
    Order.NAME: _name,
    Order.TAKEN: _taken,
    Order.CHANGED: _changed,
    Order.CONFIDENCE: _confidence,
}
_OPEN = (PhotoStatus.UNCROPPED, PhotoStatus.TO_REVIEW)


def _shows(status: PhotoStatus, starred: bool, rejected: bool) -> frozenset[Show]:
    undecided = status in _OPEN and not rejected
    flags = {Show.STARRED: starred, Show.UNDECIDED: undecided, Show.REJECTED: rejected}
    return frozenset((Show.ALL, Show(status.value), *(show for show, on in flags.items() if on)))


_SHOWS = {
    (status, starred, rejected): _shows(status, starred, rejected)
    for status in PhotoStatus
    for starred in (False, True)
    for rejected in (False, True)
}
