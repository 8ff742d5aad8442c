"""A picture painted upright: copied, interpolated, or shown as the blocks that its pixels are."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.paint_context import Stage

BLOCKS_FROM = 4.0
"""Device pixels per pixel from which these are shown as blocks."""
_CHECKER = (QColor(204, 204, 204), QColor(240, 240, 240))
_CHECKER_SIZE = 8


def paint_image(painter: QPainter, image: QImage, target: QRect, visible: QRect) -> None:
    """Draw ``image`` stretched over ``target``, but only its part in ``visible`` (device pixels).

    Pixels that are exactly as large as the device's are copied, smaller or slightly larger ones
    are interpolated, and from 400 % on they are shown as the blocks they are.
    """
    scale_x = image.width() / target.width()
    scale_y = image.height() / target.height()
    blocks = scale_x * BLOCKS_FROM <= 1 and image.format() not in _PALETTED
    exact = image.width() == target.width() and image.height() == target.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not (blocks or exact))
    source = QRectF(
        (visible.left() - target.left()) * scale_x,
        (visible.top() - target.top()) * scale_y,
        visible.width() * scale_x,
        visible.height() * scale_y,
    )
    painter.drawImage(QRectF(visible), image, source)


_PALETTED = (QImage.Format.Format_Indexed8,)


def checker(stage: Stage) -> QImage:
    """What shows through the transparent parts of a photo, as a tile."""
    step = stage.px(_CHECKER_SIZE)
    tile = QImage(2 * step, 2 * step, QImage.Format.Format_RGB32)
    tile.fill(_CHECKER[0])
    painter = QPainter(tile)
    painter.fillRect(0, 0, step, step, _CHECKER[1])
    painter.fillRect(step, step, step, step, _CHECKER[1])
    painter.end()
    return tile
