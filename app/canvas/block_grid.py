"""The grid of a JPEG's blocks, while a crop is dragged that is to be cut without loss."""

from __future__ import annotations

from PySide6.QtCore import QRect

from app.canvas.paint_context import BLACK, WHITE, PaintContext, frame_bars, paint_bars, with_alpha
from cropcore.geometry.boxes import to_pixels
from cropcore.geometry.crop import Box, Crop
from cropcore.geometry.refit import keeps
from cropcore.images.lossless_jpeg import BlockGrid

_CLOSEST = 6
"""Device-independent pixels between two lines below which they are not drawn."""
_ALPHA = 0.22


def moved_onto(
    grid: BlockGrid, crop: Crop, ratio: float | None, size: tuple[int, int]
) -> Box | None:
    """The box that is cut out of a photo of a ``size``, in its fractions; None where it needs decoding.

    ``ratio`` is the one that the crop keeps, if any.
    """
    if crop.angle % 360 or crop.shape == "circle":
        return None
    kept = ratio if ratio is not None and keeps(crop, ratio, *size) else None
    x1, y1, x2, y2 = grid.snapped(to_pixels(crop.box, *size, kept))
    return x1 / size[0], y1 / size[1], x2 / size[0], y2 / size[1]


def paint_blocks(context: PaintContext, crop: Crop, ratio: float | None, grid: BlockGrid) -> None:
    """Draw the lines inside the crop, where there is room between them, and what will be cut out."""
    size = round(context.width), round(context.height)
    cut = moved_onto(grid, crop, ratio, size)
    if cut is None:
        return
    painter = context.painter
    inside = context.rect(crop.box)
    colour = with_alpha(WHITE, _ALPHA)
    across, down = grid.lines
    if across.step * inside.width() / max(1, _side(crop, 0) * size[0]) >= context.px(_CLOSEST):
        first, last = (crop.box[side] * size[0] for side in (0, 2))
        for x in across:
            if first < x < last:
                at = round(context.point(x / size[0], 0).x())
                painter.fillRect(QRect(at, inside.top(), 1, inside.height()), colour)
    if down.step * inside.height() / max(1, _side(crop, 1) * size[1]) >= context.px(_CLOSEST):
        first, last = (crop.box[side] * size[1] for side in (1, 3))
        for y in down:
            if first < y < last:
                at = round(context.point(0, y / size[1]).y())
                painter.fillRect(QRect(inside.left(), at, inside.width(), 1), colour)
    bars = frame_bars(context.rect(cut), context.px(1))
    paint_bars(painter, bars, context.on_photo.accent, with_alpha(BLACK, 0.4))


def _side(crop: Crop, axis: int) -> float:
    return crop.box[axis + 2] - crop.box[axis]
