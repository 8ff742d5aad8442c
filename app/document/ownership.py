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


def may_propose(owner: Owner, *, button_down: bool, due: bool) -> bool:
    """Whether the best suggestion for what is asked now may be drawn as the crop.

    ``due`` says that the answer to the latest question came while the crop was still the one that
    the question was asked about. A crop that is proposed already is by definition the best
    suggestion; a whole photo stays whole unless an answer is due.
    """
    if owner is Owner.MINE or button_down:
        return False
    return due or owner is Owner.PROPOSED
