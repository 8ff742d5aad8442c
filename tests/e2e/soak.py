"""A person at work with the real engine for as long as wanted; memory, threads and open files on the way.

    python -m tests.e2e.soak --seconds 3600 --plot soak.png

Each round opens a photo that was not open before, edits, pages, looks around, exports, closes the oldest photo,
and notes what the process holds. Ends with 1 where the second half of the rounds goes on growing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.main import prepare_imports
from app.runtime.stall_recorder import LIMIT
from app.shell.startup import settle_process
from tests.app.helpers.gui import write_photo
from tests.e2e.person import Person, person_at_work

OPEN_PHOTOS = 4
GROWTH = {"memory": 1.10, "threads": 1.0, "files": 1.0}
"""How much more the last quarter of the rounds may hold at most than the quarter before the middle."""


@dataclass(frozen=True)
class Held:
    """What the process holds after a round: seconds since the start, megabytes, threads, open files."""

    second: float
    memory: float
    threads: int
    files: int


def held(begun: float) -> Held:
    """What this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    files = len(list(Path("/proc/self/fd").iterdir()))
    return Held(time.monotonic() - begun, megabytes, threading.active_count(), files)


def soak(folder: Path, seconds: float) -> list[Held]:
    """Work in ``folder`` for at least so long; what was held after each round."""
    rounds: list[Held] = []
    begun = time.monotonic()
    with person_at_work(folder, LIMIT, Person) as person:
        document = person.window.parts.document
        photos = [write_photo(folder / f"photo {number}.jpg") for number in range(OPEN_PHOTOS)]
        while time.monotonic() - begun < seconds:
            person.work(photos)
            rounds.append(held(begun))
            _say(rounds[-1])
            number = OPEN_PHOTOS + len(rounds)
            oldest = document.own.at(photos.pop(0))
            assert oldest is not None
            document.remove(oldest)
            photos.append(write_photo(folder / f"photo {number}.jpg"))
    return rounds


def growing(rounds: Sequence[Held]) -> list[str]:
    """What the last quarter of the rounds holds more of than the one before the middle."""
    quarter = len(rounds) // 4
    if quarter == 0:
        return []
    before, after = rounds[quarter : 2 * quarter], rounds[-quarter:]
    return [
        name
        for name, most in GROWTH.items()
        if max(getattr(h, name) for h in after) > most * max(getattr(h, name) for h in before)
    ]


def plot(rounds: Sequence[Held], path: Path) -> None:
    """The three curves over minutes, as a picture."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 7), layout="constrained")
    axes = figure.subplots(3, sharex=True)
    minutes = [one.second / 60 for one in rounds]
    for axis, name, unit in zip(axes, GROWTH, ("MB", "", ""), strict=True):
        values = [getattr(one, name) for one in rounds]
        axis.plot(minutes, values, marker=".")
        axis.set_ylabel(f"{name} {unit}".strip())
        axis.set_ylim(0, 1.15 * max(values, default=1))
        axis.grid(alpha=0.3)
    axes[-1].set_xlabel("minutes")
    figure.savefig(path, dpi=110)


def _say(one: Held) -> None:
    print(  # noqa: T201 - what the command is for
        f"{one.second:6.0f} s  {one.memory:6.0f} MB  {one.threads:3} threads  {one.files:3} files",
        flush=True,
    )


def main() -> int:
    """Soak, plot, and tell what grows; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cropsight-soak-") as folder:
        rounds = soak(Path(folder), args.seconds)
    if args.plot:
        plot(rounds, args.plot)
    grown = growing(rounds)
    print(f"{len(rounds)} rounds; growing: {', '.join(grown) or 'nothing'}")  # noqa: T201
    return 1 if grown else 0


if __name__ == "__main__":
    prepare_imports()
    settle_process()
    sys.exit(main())
