"""A straightened photo on the canvas: painted through a transform, resampled off the GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from app.canvas.paint_context import PaintContext

Pixels = NDArray[np.uint8]

_PAINTED_PIXELS = 1_200_000
"""A turning photo is painted at most so large and then enlarged, to keep up with the hand."""
# The filter reaches so many pixels of the result to each side.
_REACH = 4


@dataclass(frozen=True, slots=True)
class RotatedPlacement:
    """Which pixels lie where: ``to_device`` is from the picture's, ``visible`` is what is wanted.

    ``blocks`` shows pixels as the blocks they are.
    """

    generation: int
    size: tuple[int, int]
    grey: bool
    to_device: QTransform
    visible: tuple[int, int, int, int]
    blocks: bool

    @property
    def rect(self) -> QRect:
        """What is wanted, in device pixels."""
        return QRect(*self.visible)

    @property
    def scale(self) -> float:
        """Device pixels per pixel of the picture."""
        return math.sqrt(abs(self.to_device.determinant()))


@dataclass(frozen=True, slots=True, eq=False)
class RotatedPixels:
    """The visible part of a turned photo, pixel by pixel; the image shares the array's memory."""

    placing: RotatedPlacement
    pixels: Pixels
    image: QImage


def paint_slanted(painter: QPainter, image: QImage, placing: RotatedPlacement) -> None:
    """Draw a picture turned, quickly; what is large is drawn smaller and enlarged."""
    rect = placing.rect
    area = rect.width() * rect.height()
    if area <= _PAINTED_PIXELS:
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        _draw(painter, image, placing, placing.to_device)
        painter.restore()
        return
    share = math.sqrt(_PAINTED_PIXELS / area)
    small = QImage(
        max(1, round(rect.width() * share)),
        max(1, round(rect.height() * share)),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    small.fill(Qt.GlobalColor.transparent)
    inside = QPainter(small)
    smaller = QTransform.fromTranslate(-rect.left(), -rect.top())
    smaller *= QTransform.fromScale(small.width() / rect.width(), small.height() / rect.height())
    _draw(inside, image, placing, placing.to_device * smaller)
    inside.end()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(rect), small)


def paint_layer(painter: QPainter, layer: RotatedPixels) -> None:
    """Copy what was made sharp to its place."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(layer.placing.rect.topLeft(), layer.image)


def make_layer(pixels: Pixels, placing: RotatedPlacement) -> RotatedPixels:
    """The sharp picture of what is wanted, from a picture (h, w, 4) as the screen has it."""
    import cv2

    rect, scale = placing.rect, min(placing.scale, 1.0)
    back = placing.to_device.inverted()[0]
    needed = back.mapRect(QRectF(rect)).adjusted(
        *(side * _REACH / scale for side in (-1, -1, 1, 1))
    )
    high, wide = pixels.shape[:2]
    x1, x2 = _clipped(needed.left(), wide), _clipped(needed.right() + 1, wide)
    y1, y2 = _clipped(needed.top(), high), _clipped(needed.bottom() + 1, high)
    result = np.zeros((rect.height(), rect.width(), 4), np.uint8)
    if x2 > x1 and y2 > y1:
        source = pixels[y1:y2, x1:x2]
        size = source.shape[1], source.shape[0]
        if scale < 1 and not placing.blocks:
            size = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
            source = np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_AREA), np.uint8)
        to_source = back * QTransform.fromTranslate(-x1, -y1)
        to_source *= QTransform.fromScale(size[0] / (x2 - x1), size[1] / (y2 - y1))
        start = to_source.map(QPointF(rect.left() + 0.5, rect.top() + 0.5))
        matrix = np.array(
            [
                [to_source.m11(), to_source.m21(), start.x() - 0.5],
                [to_source.m12(), to_source.m22(), start.y() - 0.5],
            ]
        )
        result = _warped(source, matrix, (rect.width(), rect.height()), placing.blocks)
    if placing.grey:
        grey = cv2.cvtColor(result, cv2.COLOR_BGRA2GRAY)
        result = np.asarray(cv2.merge([grey, grey, grey, result[..., 3]]), np.uint8)
    result = np.ascontiguousarray(result)
    form = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(result.data, rect.width(), rect.height(), result.strides[0], form)
    return RotatedPixels(placing, result, image)


def paint_checker_in(context: PaintContext, tile: QImage, visible: QRect) -> None:
    """What shows through the transparent parts, up to the photo's edge."""
    context.painter.save()
    context.painter.setClipPath(context.photo_edge(), Qt.ClipOperation.IntersectClip)
    context.painter.fillRect(visible, tile)
    context.painter.restore()


def _draw(painter: QPainter, image: QImage, placing: RotatedPlacement, place: QTransform) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not placing.blocks)
    painter.setWorldTransform(place * painter.worldTransform())
    painter.drawImage(QPointF(0, 0), image)


def _warped(
    source: Pixels, matrix: NDArray[np.float64], size: tuple[int, int], blocks: bool
) -> Pixels:
    import cv2

    how = cv2.INTER_NEAREST if blocks else cv2.INTER_CUBIC
    warped = cv2.warpAffine(
        source,
        matrix,
        size,
        flags=how | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    )
    # The filter may overshoot; no colour may be more than its alpha.
    return np.asarray(np.minimum(warped, warped[..., 3:]), np.uint8)


def _clipped(place: float, most: int) -> int:
    return min(max(math.floor(place), 0), most)
