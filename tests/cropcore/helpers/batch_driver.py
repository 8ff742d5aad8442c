"""Runs ``cropcore`` with the engine double in a process of its own, which may kill itself.

Arguments: a moment (``never``, ``part``, ``named``, ``torn`` or ``noted``), which of its occurrences
is the last that the process sees, and those of the command line.
"""

from __future__ import annotations

import os
import signal
import sys
import types
from pathlib import Path
from typing import Any

from cropcore.batch.journal import NAME, Journal
from cropcore.cli import main
from cropcore.files import atomic_write
from tests.cropcore.conftest import EngineDouble


class Fate:
    """Kills this process, without any chance to clean up, at the nth occurrence of its moment."""

    def __init__(self, moment: str, nth: int) -> None:
        self.moment, self.left = moment, nth

    def comes(self, moment: str) -> bool:
        self.left -= moment == self.moment
        return moment == self.moment and self.left == 0

    def strike(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def install(fate: Fate) -> None:
    publish, add = atomic_write._publish, Journal.add

    def publishing(temporary: Path, target: Path) -> None:
        if not target.exists() and fate.comes("part"):
            with temporary.open("r+b") as file:  # half of it is on the disk
                file.truncate(temporary.stat().st_size // 2)
            fate.strike()
        publish(temporary, target)
        if fate.comes("named"):
            fate.strike()

    def adding(self: Journal, key: Any, entry: Any) -> None:
        if fate.comes("torn"):
            with (self._folder / NAME).open("ab") as file:
                file.write(b'{"schema": 1, "photo": "half of a li')
            fate.strike()
        add(self, key, entry)
        if fate.comes("noted"):
            fate.strike()

    atomic_write._publish, Journal.add = publishing, adding  # type: ignore[method-assign]
    module: Any = types.ModuleType("cropcore.engine.engine")
    module.CropEngine = types.SimpleNamespace(load=lambda *_: EngineDouble())
    sys.modules["cropcore.engine.engine"] = module


if __name__ == "__main__":
    install(Fate(sys.argv[1], int(sys.argv[2])))
    sys.exit(main.main(sys.argv[3:]))
