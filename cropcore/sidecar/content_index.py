"""Index of a folder's sidecars by the content hash of their photos."""

from __future__ import annotations

import os
from pathlib import Path

from cropcore.files.own_files import read_own
from cropcore.sidecar.json_format import DamagedError, NewerError, from_json
from cropcore.sidecar.sidecar import Sidecar

LARGEST = 2**24
"""Bytes of a sidecar that is read."""


class ContentIndex:
    """The sidecars of a folder; looked through when first asked, later only what has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder_changed = -1
        self._known: dict[str, tuple[int, Sidecar | None]] = {}

    def newest(self, digest: str) -> Sidecar | None:
        """The sidecar changed last of those whose photo has a content digest."""
        self._refresh()
        sidecars = [s for _, s in self._known.values() if s and s.photo.digest == digest]
        return max(sidecars, key=lambda s: s.changed, default=None)

    def _refresh(self) -> None:
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed == self._folder_changed:
                return
            known: dict[str, tuple[int, Sidecar | None]] = {}
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and ".damaged-" not in entry.name:
                        known[entry.name] = self._entry(entry)
        except OSError:
            return
        self._known, self._folder_changed = known, changed

    def _entry(self, entry: os.DirEntry[str]) -> tuple[int, Sidecar | None]:
        written = entry.stat().st_mtime_ns
        before = self._known.get(entry.name)
        if before and before[0] == written:
            return before
        try:
            return written, from_json(read_own(Path(entry.path), LARGEST))
        except (OSError, DamagedError, NewerError):
            return written, None
