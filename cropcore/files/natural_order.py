"""Natural sort order of file names: numbers inside a name count by their value."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBERS = re.compile(r"(\d+)")

NaturalKey = tuple[tuple[tuple[int, int, str], ...], str]


@lru_cache(maxsize=20_000)
def natural(text: str) -> NaturalKey:
    """A sort key under which 2 comes before 10, whatever the case.

    Names that differ by nothing else, such as ``a.jpg`` and ``A.jpg``, come in the order of their
    characters, so that every list of the same files has the same order. Cached: the thread that scans a
    folder computes the keys, and the GUI thread sorts the filmstrip by the same ones later.
    """
    parts = tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in _NUMBERS.split(text.casefold())
        if part
    )
    return parts, text
