"""Files of one folder whose names differ by their endings alone."""

from __future__ import annotations

import time
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from cropcore.files.path_checks import file_stamp

_SETTLED_NS = 3 * 10**9
"""A folder that was changed later than so before now is listed anew: its next change may have the same time."""
_HOLDS_SECONDS = 5
"""And so is any after a while, for some file systems do not tell that a folder was changed."""
_FOLDERS = 16


def same_stem(folder: Path, stem: str) -> tuple[str, ...]:
    """Names in a folder that are ``stem`` with any ending, sorted; none where it cannot be listed.

    Thousands of questions about one folder list it once, as long as nothing in it changes.
    """
    changed = file_stamp(folder)[0]
    if time.time_ns() - changed < _SETTLED_NS:
        return tuple(sorted(name for name in _names(folder) if _stem(name) == stem))
    return _by_stem(folder, changed, int(time.monotonic() / _HOLDS_SECONDS)).get(stem, ())


@lru_cache(maxsize=_FOLDERS)
def _by_stem(folder: Path, _changed: int, _when: int) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in _names(folder):
        found[_stem(name)].append(name)
    return {stem: tuple(sorted(names)) for stem, names in found.items()}


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []
