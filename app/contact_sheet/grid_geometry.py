"""Geometry of the grid: where the cell of each row lies; pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.filmstrip.photo_cell import NAME_HEIGHT

SMALLEST, LARGEST = 96, 384
"""Width of a cell, in device-independent pixels."""
_GAP = 6
_MARGIN = 10
_PICTURE_HEIGHT = 0.78
"""Height of a picture's room over its width: landscapes fill it, portraits are not too small in it."""
_FRAME = 10


@dataclass(frozen=True)
class Grid:
    """Cells in rows from left to right, as many as fit into ``width``, which they fill.

    All places are of the whole grid: from its own top left, in device-independent pixels.
    """

    width: int
    wanted: int
    count: int

    @cached_property
    def columns(self) -> int:
        """How many cells stand beside one another."""
        return max(1, (self.width - 2 * _MARGIN + _GAP) // (self.wanted + _GAP))

    @cached_property
    def lines(self) -> int:
        """How many lines of cells there are."""
        return -(-self.count // self.columns)

    @cached_property
    def cell_width(self) -> int:
        """How wide each cell is: where a line has room left, its cells share it."""
        room = self.width - 2 * _MARGIN + _GAP
        # Few photos in a wide window do not grow into posters.
        return max(24, min(room // self.columns - _GAP, self.wanted * 3 // 2))

    @cached_property
    def cell_height(self) -> int:
        """How high each cell is, with the name below the picture."""
        return round((self.cell_width - _FRAME) * _PICTURE_HEIGHT) + _FRAME // 2 + NAME_HEIGHT + 1

    @cached_property
    def pitch(self) -> int:
        """From the top of a line to the top of the next."""
        return self.cell_height + _GAP

    @cached_property
    def height(self) -> int:
        """How high the whole grid is."""
        return self.lines * self.pitch - _GAP + 2 * _MARGIN if self.count else 0

    def place(self, row: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of a row's cell."""
        line, column = divmod(row, self.columns)
        left = _MARGIN + column * (self.cell_width + _GAP)
        return left, _MARGIN + line * self.pitch, self.cell_width, self.cell_height

    def row_at(self, x: float, y: float) -> int:
        """The row whose cell has a point; -1 beside all cells."""
        across, within_x = divmod(x - _MARGIN, self.cell_width + _GAP)
        line, within_y = divmod(y - _MARGIN, self.pitch)
        row = int(line * self.columns + across)
        inside = within_x < self.cell_width and within_y < self.cell_height
        return row if inside and 0 <= across < self.columns and 0 <= row < self.count else -1

    def rows_between(self, top: float, bottom: float) -> range:
        """The rows of which something lies between two heights."""
        first = max(0, int((top - _MARGIN) // self.pitch)) * self.columns
        last = (int((bottom - _MARGIN) // self.pitch) + 1) * self.columns
        return range(min(first, self.count), min(max(last, 0), self.count))
