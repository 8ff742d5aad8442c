"""Contour lines of a map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Lines = list[NDArray[np.float64]]


def contour_lines(values: NDArray[np.float32], level: float) -> Lines:
    """Polylines, each (n, 2) of (x, y), where ``values`` (h, w) crosses ``level``.

    Coordinates are fractions of the whole grid's area, whose samples lie at cell centres: sample
    (row, column) is at ((column + 0.5) / w, (row + 0.5) / h). Closed lines end where they began. No
    line goes past a value that is not finite.
    """
    from contourpy import contour_generator  # here, because only a shown map needs it

    rows, columns = values.shape
    if rows < 2 or columns < 2:
        return []
    x, y = (np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows
    lines = contour_generator(x=x, y=y, z=values, name="serial").lines(level)
    return [np.asarray(line, np.float64) for line in lines]
