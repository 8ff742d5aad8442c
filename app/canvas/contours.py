"""Contour lines of a map, by marching squares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lines = list[NDArray[np.float64]]

_UP, _RIGHT, _DOWN, _LEFT = range(4)
# For each case (top left 1, top right 2, bottom right 4, bottom left 8 when above the level): the
# cell sides that a line connects. The two saddles are cut the same way everywhere.
_CASES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((_LEFT, _UP),),
    2: ((_UP, _RIGHT),),
    3: ((_LEFT, _RIGHT),),
    4: ((_RIGHT, _DOWN),),
    5: ((_LEFT, _UP), (_RIGHT, _DOWN)),
    6: ((_UP, _DOWN),),
    7: ((_LEFT, _DOWN),),
    8: ((_DOWN, _LEFT),),
    9: ((_DOWN, _UP),),
    10: ((_UP, _RIGHT), (_DOWN, _LEFT)),
    11: ((_DOWN, _RIGHT),),
    12: ((_RIGHT, _LEFT),),
    13: ((_RIGHT, _UP),),
    14: ((_UP, _LEFT),),
}


def contour_lines(values: NDArray[np.float32], level: float) -> Lines:
    """Polylines, each (n, 2) of (x, y), where ``values`` (h, w) crosses ``level``.

    Coordinates are fractions of the whole grid's area, whose samples lie at cell centres: sample
    (row, column) is at ((column + 0.5) / w, (row + 0.5) / h). Closed lines end where they began.
    """
    starts, ends, points = _segments(values, level)
    return [points[chain] for chain in _chains(starts, ends)]


def _segments(
    values: NDArray[np.float32], level: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Start and end point numbers of every segment, and the points (fractions) by number."""
    rows, columns = values.shape
    if rows < 2 or columns < 2:
        empty = np.zeros(0, np.int64)
        return empty, empty, np.zeros((0, 2))
    above = values >= level
    case = (
        above[:-1, :-1] * 1 + above[:-1, 1:] * 2 + above[1:, 1:] * 4 + above[1:, :-1] * 8
    ).ravel()
    active = np.flatnonzero((case > 0) & (case < 15))
    kinds = case[active]
    row, column = np.divmod(active, columns - 1)
    # Every side of a cell has a number of its own that its neighbour shares.
    level_sides = rows * (columns - 1)
    sides = np.stack(
        [
            row * (columns - 1) + column,
            level_sides + row * columns + column + 1,
            (row + 1) * (columns - 1) + column,
            level_sides + row * columns + column,
        ]
    )
    starts: list[NDArray[np.int64]] = []
    ends: list[NDArray[np.int64]] = []
    for kind, pairs in _CASES.items():
        chosen = np.flatnonzero(kinds == kind)
        for a, b in pairs:
            starts.append(sides[a, chosen])
            ends.append(sides[b, chosen])
    start, end = np.concatenate(starts), np.concatenate(ends)
    used, packed = np.unique(np.concatenate([start, end]), return_inverse=True)
    points = _crossings(used, values, level, level_sides)
    return packed[: len(start)], packed[len(start) :], points


def _crossings(
    sides: NDArray[np.int64], values: NDArray[np.float32], level: float, level_sides: int
) -> NDArray[np.float64]:
    rows, columns = values.shape
    along_x = sides < level_sides
    upright = np.maximum(sides - level_sides, 0)
    row = np.where(along_x, np.minimum(sides, level_sides - 1) // (columns - 1), upright // columns)
    column = np.where(along_x, sides % (columns - 1), upright % columns)
    next_row, next_column = row + ~along_x, column + along_x
    low = values[row, column].astype(np.float64)
    high = values[np.minimum(next_row, rows - 1), np.minimum(next_column, columns - 1)]
    share = np.clip((level - low) / np.where(high == low, 1.0, high - low), 0.0, 1.0)
    x = (column + 0.5 + np.where(along_x, share, 0.0)) / columns
    y = (row + 0.5 + np.where(along_x, 0.0, share)) / rows
    return np.stack([x, y], axis=-1)


def _chains(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> list[list[int]]:
    """Join segments end to end; open lines first, then the closed ones."""
    onward = dict(zip(starts.tolist(), ends.tolist(), strict=True))
    heads = onward.keys() - set(onward.values())
    chains = []
    for head in (*sorted(heads), *list(onward)):
        chain = [head]
        while chain[-1] in onward:
            chain.append(onward.pop(chain[-1]))
        if len(chain) > 1:
            chains.append(chain)
    return chains
