"""A drag in progress: what was pressed, where, and what it makes of a crop or protected area."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF

from app.canvas import drag_geometry
from app.canvas.drag_geometry import Bounds, Handle
from cropcore.geometry.crop import Box

DRAW_FROM = 8.0
"""Pixels on screen that the pointer must travel before a new crop begins."""
GRIP_FROM = 3.0
"""Pixels on screen before a move or resize begins, so that clicks change nothing."""


class Act(StrEnum):
    """What a drag does."""

    MOVE = "move"
    RESIZE = "resize"
    DRAW = "draw"


@dataclass(slots=True)
class Gesture:
    """One drag from press to release.

    ``pressed_at`` is in photo pixels, ``pressed_on`` in the viewport; ``start`` is the box in hand
    when it began (None when there was none) and ``lock`` the ratio (pixels) it must keep.
    """

    act: Act
    pressed_at: QPointF
    pressed_on: QPointF
    start: Box | None
    lock: float | None
    current_ratio: float
    handle: Handle | None = None
    may_invert: bool = True
    protected: int | None = None
    """Index of the protected area it changes; None for the crop or a new area."""
    under_way: bool = False

    def begins(self, on: QPointF) -> bool:
        """Whether the pointer, now at ``on`` (viewport), has gone far enough to mean it."""
        gone = on - self.pressed_on
        needed = DRAW_FROM if self.act is Act.DRAW else GRIP_FROM
        return max(abs(gone.x()), abs(gone.y())) >= needed

    def box_at(self, to: QPointF, bounds: Bounds, inverted: bool, about_centre: bool) -> Box:
        """The box with the pointer at ``to`` (photo pixels) and these keys held."""
        dx, dy = to.x() - self.pressed_at.x(), to.y() - self.pressed_at.y()
        if self.act is Act.MOVE and self.start is not None:
            return drag_geometry.move(self.start, dx, dy, bounds)
        ratio = drag_geometry.dragged_ratio(
            self.lock, self.current_ratio, inverted and self.may_invert
        )
        if self.act is Act.RESIZE and self.start is not None and self.handle is not None:
            return drag_geometry.resize(
                self.start, self.handle, dx, dy, bounds, ratio, about_centre
            )
        anchor = (self.pressed_at.x(), self.pressed_at.y())
        return drag_geometry.draw(anchor, (to.x(), to.y()), bounds, ratio, about_centre)
