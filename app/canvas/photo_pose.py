"""Size and straighten angle of the photo on the canvas, and the transforms that follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF, QTransform

from cropcore.geometry.boxes import WHOLE, rotated_size
from cropcore.geometry.crop import Box
from cropcore.geometry.orientation import Orientation
from cropcore.geometry.straighten import StraightView


@dataclass(frozen=True)
class Pose:
    """A photo of ``width`` x ``height`` pixels, turned by ``angle`` degrees clockwise.

    The canvas that holds it has its top left corner at 0, 0 of the scene; scene units are photo pixels.
    """

    width: int = 0
    height: int = 0
    angle: float = 0.0

    @cached_property
    def canvas(self) -> tuple[float, float]:
        """Width and height of the canvas."""
        return rotated_size(self.width, self.height, self.angle)

    @cached_property
    def to_canvas(self) -> QTransform:
        """Pixels of the photo to those of the canvas."""
        wide, high = self.canvas
        place = QTransform.fromTranslate(wide / 2, high / 2)
        place.rotate(self.angle)
        return place.translate(-self.width / 2, -self.height / 2)

    @cached_property
    def edge(self) -> QPolygonF:
        """The photo's four corners on the canvas."""
        return self.to_canvas.map(QPolygonF(QRectF(0, 0, self.width, self.height)))

    @cached_property
    def seen(self) -> Box:
        """The part of the canvas that the engine sees, and that maps lie over."""
        if not (self.angle and self.width):
            return WHOLE
        return StraightView.of(self.width, self.height, self.angle).box

    def spot_of(self, other: Pose, at: QPointF) -> QPointF:
        """Where a place on the canvas of ``other`` is on this one: the same spot of the photo."""
        return self.to_canvas.map(other.to_canvas.inverted()[0].map(at))


def pixel_transform(size: tuple[int, int], turn: Orientation, pose: Pose) -> QTransform:
    """From the pixels of a picture of ``size`` that still has to be turned to those of the canvas."""
    place = QTransform.fromScale(1 / size[0], 1 / size[1])
    if turn.mirrored:
        place *= QTransform(-1, 0, 0, 1, 1, 0)
    for _ in range(turn.rotation // 90):
        place *= QTransform(0, 1, -1, 0, 1, 0)
    return place * QTransform.fromScale(pose.width, pose.height) * pose.to_canvas
