"""Many small photos made by code, a few of them damaged, for tests of batches."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.app.helpers.gui import write_photo

SIZES = ((300, 200), (240, 240), (200, 320))


@dataclass
class Pile:
    """A folder of photos: those that are good, and those that are not."""

    folder: Path
    good: list[Path] = field(default_factory=list)
    bad: list[Path] = field(default_factory=list)

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(sorted((*self.good, *self.bad)))


def make_pile(folder: Path, count: int, bad_every: int = 0) -> Pile:
    """``count`` JPEGs with profile and EXIF; every ``bad_every``-th is cut, empty or no photo."""
    folder.mkdir(parents=True, exist_ok=True)
    pile = Pile(folder)
    for i in range(count):
        path = write_photo(folder / f"{i:03}.jpg", *SIZES[i % len(SIZES)])
        if bad_every and i % bad_every == bad_every - 1:
            data = path.read_bytes()
            path.write_bytes((data[: len(data) // 3], b"", b"no photo")[len(pile.bad) % 3])
            pile.bad.append(path)
        else:
            pile.good.append(path)
    return pile


def made(folder: Path) -> list[Path]:
    """What a batch wrote that a person can see, reports aside."""
    if not folder.is_dir():
        return []
    files = (p for p in folder.iterdir() if not p.name.startswith("."))
    return sorted(p for p in files if not p.name.startswith("report"))
