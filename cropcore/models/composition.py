"""Composition patterns of the asm paper: which partition each cell of a crop belongs to."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PATTERNS = (
    "grid1x1",
    "grid1x3",
    "grid3x1",
    "grid3x3",
    "grid5x5",
    "multi_rectangle",
    "multi_rectangle3",
    "multi_direction",
    "cross_rectangle",
)


@lru_cache(maxsize=len(PATTERNS))
def pattern_cells(name: str) -> NDArray[np.int64]:
    """Partition index of every cell of a composition pattern, (rows, columns), read-only.

    ``gridRxC`` has R x C partitions of one cell each; ``multi_rectangle`` five nested frames on 10x10
    cells, as table 1 counts them, ``multi_rectangle3`` three on 6x6, as figure 3 draws them;
    ``multi_direction`` eight sectors on 12x12 cells; ``cross_rectangle`` three nested frames times the
    four sectors between the diagonals, on 12x12 cells.

    Raises:
        ValueError: no pattern of this name.
    """
    if name.startswith("grid"):
        rows, columns = (int(n) for n in name.removeprefix("grid").split("x"))
        cells = np.arange(rows * columns).reshape(rows, columns)
    elif name == "multi_rectangle":
        cells = _frames(10, 5)
    elif name == "multi_rectangle3":
        cells = _frames(6, 3)
    elif name == "multi_direction":
        cells = _sectors(12, 8)
    elif name == "cross_rectangle":
        cells = _frames(12, 3) * 4 + _sectors(12, 4)
    else:
        raise ValueError(f"{name!r} is no composition pattern; there are {', '.join(PATTERNS)}.")
    cells.setflags(write=False)
    return cells


def _frames(side: int, count: int) -> NDArray[np.int64]:
    """``count`` nested square frames of equal width, the first in the centre."""
    offset = np.abs(np.arange(side) + 0.5 - side / 2)
    return (np.maximum(offset[:, None], offset[None]) // (side / 2 / count)).astype(np.int64)


def _sectors(side: int, count: int) -> NDArray[np.int64]:
    """Sectors about the centre, the first around the right-hand direction, then clockwise.

    Four sectors lie between the two diagonals; eight between the diagonals and the axes. Cells cut
    by a border go to either side in turn from the centre outwards, so all sectors have equal area.
    """
    offset = np.arange(side) + 0.5 - side / 2
    ring = np.floor(np.maximum(np.abs(offset)[:, None], np.abs(offset)[None]))
    angle = np.arctan2(offset[:, None], offset[None]) + np.where(ring % 2, -1e-9, 1e-9)
    width = 2 * np.pi / count
    start = width / 2 if count == 4 else 0.0
    return np.floor((angle + start) / width).astype(np.int64) % count
