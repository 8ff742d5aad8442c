"""Who a crop belongs to, and when the engine may change it.

Nothing ever moves the person's own crop: the engine proposes only on a photo whose crop is not
``MINE``, while no button is down, in answer to the latest question, and only if the crop has not
changed since that question was asked.
"""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """Whose crop it is."""

    WHOLE = "whole"
    """A fresh photo: nobody has cropped it yet."""
    PROPOSED = "proposed"
    """The best suggestion is drawn; nothing of it is saved."""
    MINE = "mine"
    """Touched, taken, typed, reset, accepted or exported by the person."""


def may_propose(
    owner: Owner,
    *,
    button_down: bool,
    answer_id: int,
    latest_id: int,
    asked_revision: int,
    revision: int,
) -> bool:
    """Whether an answer of the engine may become the crop of its photo."""
    return (
        owner is not Owner.MINE
        and not button_down
        and answer_id == latest_id
        and asked_revision == revision
    )
