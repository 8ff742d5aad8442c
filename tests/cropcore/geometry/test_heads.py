"""Corrections of heads: what they leave of those found, and what they add."""

from __future__ import annotations

from cropcore.geometry.crop import Box
from cropcore.geometry.heads import HeadCorrections

FIRST: Box = (0.1, 0.1, 0.2, 0.2)
SECOND: Box = (0.5, 0.5, 0.6, 0.6)
MOVED: Box = (0.105, 0.11, 0.2, 0.205)


def test_a_dismissed_head_stays_away_where_it_is_found_a_little_aside() -> None:
    edit = HeadCorrections().dismissing(FIRST)
    assert edit.applied([MOVED, SECOND]) == (SECOND,)


def test_a_drawn_head_that_is_dismissed_leaves_nothing_behind() -> None:
    edit = HeadCorrections().drawing(FIRST)
    assert edit.applied([SECOND]) == (SECOND, FIRST)
    assert edit.dismissing(FIRST) == HeadCorrections()


def test_a_head_drawn_where_one_was_dismissed_is_a_head() -> None:
    edit = HeadCorrections().dismissing(FIRST).drawing(MOVED)
    assert edit == HeadCorrections((), (MOVED,))
