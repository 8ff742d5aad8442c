"""Readers of argument values; each tells what it would have taken."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from cropcore.errors import AspectError
from cropcore.geometry.aspect import Aspect


def later_aspect(text: str) -> Aspect:
    """An aspect that can be cut from a crop later: not ``free``."""
    wanted = aspect(text)
    if wanted.kind == "free":
        raise argparse.ArgumentTypeError("only a ratio or a circle can be cut from a crop later")
    return wanted


def aspect(text: str) -> Aspect:
    """An aspect such as ``4:5``."""
    try:
        return Aspect.parse(text)
    except AspectError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``low`` to ``high``."""

    def read(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}.")
        return int(text)

    return read


def folds(text: str) -> tuple[int, ...]:
    """Folds such as ``1,2,3,4``."""
    parts = text.split(",")
    if not all(re.fullmatch(r"[0-4]", part) for part in parts) or len(set(parts)) < len(parts):
        raise argparse.ArgumentTypeError(f"{text!r} are no folds: write some of 0,1,2,3,4.")
    return tuple(int(part) for part in parts)
