"""Scans dropped files and folders for photos in a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QCoreApplication

from app.i18n import plurals
from app.i18n.engine_messages import translated
from cropcore.files.photo_scan import Listed, PhotoWalk

_PORTION = 500
_PORTION_SECONDS = 0.2


def list_photos(
    paths: Iterable[Path],
    found: Callable[[list[Listed]], None],
    trouble: Callable[[str], None],
    stopped: Callable[[], bool] = lambda: False,
    pairs: bool = True,
) -> None:
    """Tell the photos of files and folders in portions, the first one soon.

    Which they are, and in which order, :class:`PhotoWalk` says. What cannot be looked into, and a
    folder without photos, goes to ``trouble`` and ends nothing. Runs on any thread; ``stopped`` is
    asked between files. ``pairs`` as in :class:`PhotoWalk`.
    """
    portion: list[Listed] = []
    began = monotonic()
    for listed in _photos(paths, trouble, pairs):
        if stopped():
            return
        portion.append(listed)
        # A first small portion, so that the first photo is shown at once.
        if len(portion) >= _PORTION or monotonic() - began > _PORTION_SECONDS:
            found(portion)
            portion, began = [], monotonic()
    found(portion)


def _photos(paths: Iterable[Path], trouble: Callable[[str], None], pairs: bool) -> Iterator[Listed]:
    for path in paths:
        walk = PhotoWalk(pairs=pairs)
        empty = True
        for listed in walk.photos(path):
            empty = False
            yield listed
        for failure in walk.failures:
            trouble(translated(failure))
        if walk.raw_left_out:
            trouble(plurals.raw_left_out(walk.raw_left_out))
        elif empty and not walk.failures:
            trouble(_tr("{0}: no photos in this folder.").format(path.name))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Listing", text)
