"""What one paint event needs: painter, pixel ratio, geometry in whole device pixels.

Lines that are meant to be one device pixel wide stay so at every zoom and screen scale only when
they are placed on whole device pixels; the context undoes the painter's own scaling and maps the
photo to that grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QRegion, QTransform

from app.canvas.photo_pose import Pose
from app.style import theme
from cropcore.geometry.crop import Box

BLACK, WHITE = QColor(0, 0, 0), QColor(255, 255, 255)


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """``colour`` at an opacity in [0, 1]."""
    result = QColor(colour)
    result.setAlphaF(min(max(alpha, 0.0), 1.0))
    return result


@dataclass(frozen=True, slots=True)
class PaintContext:
    """A painter that works in device pixels, and how photo and screen map to them."""

    painter: QPainter
    to_device: QTransform
    """Photo pixels to device pixels."""
    unit: float
    """Device pixels per device-independent pixel."""
    viewport: QRect
    """The visible part, in device pixels."""
    width: float
    height: float
    colours: theme.Palette
    pose: Pose

    @property
    def on_photo(self) -> theme.Palette:
        """Colours of what lies on the photo: the bright ones, since its surroundings are dimmed."""
        return theme.palette(dark=True)

    @classmethod
    def open(
        cls,
        painter: QPainter,
        viewport: QRect,
        view: QTransform,
        unit: float,
        size: tuple[float, float],
        pose: Pose | None = None,
    ) -> PaintContext:
        """Put ``painter`` (whose world transform is ``view``) into device pixels.

        ``size`` is that of the photo, or of the canvas that holds it in a ``pose``.
        """
        to_device = painter.deviceTransform()
        to_logical = view.inverted()[0]
        on_device = (to_logical * to_device).mapRect(QRectF(viewport)).toAlignedRect()
        painter.setWorldTransform(to_device.inverted()[0] * painter.worldTransform())
        return cls(painter, to_device, unit, on_device, *size, theme.current(), pose or Pose())

    def px(self, logical: float) -> int:
        """A length in whole device pixels, at least one."""
        return max(1, round(logical * self.unit))

    def rect(self, box: Box) -> QRect:
        """A box of the photo (fractions) on whole device pixels, at least one wide and high."""
        low = self.point(box[0], box[1])
        high = self.point(box[2], box[3])
        left, top = round(low.x()), round(low.y())
        return QRect(left, top, max(1, round(high.x()) - left), max(1, round(high.y()) - top))

    def point(self, x: float, y: float) -> QPointF:
        """A place on the photo (fractions) in device pixels."""
        return self.to_device.map(QPointF(x * self.width, y * self.height))

    def photo_edge(self) -> QPainterPath:
        """The outline of the photo; a rectangle on whole pixels where it is not straightened."""
        path = QPainterPath()
        if self.pose.angle:
            path.addPolygon(self.to_device.map(self.pose.edge))
            path.closeSubpath()
        else:
            path.addRect(QRectF(self.rect((0.0, 0.0, 1.0, 1.0))))
        return path

    def font(self, size: int = theme.SMALL, bold: bool = False) -> QFont:
        """The interface font at ``size`` device-independent pixels."""
        return theme.font(self.px(size), bold)


def frame_bars(rect: QRect, thickness: int, outset: int = 0) -> tuple[QRect, QRect, QRect, QRect]:
    """Four bars of a frame whose outer side lies ``outset`` outside ``rect``; corners once only."""
    outer = rect.adjusted(-outset, -outset, outset, outset)
    high = max(0, outer.height() - 2 * thickness)
    top = QRect(outer.left(), outer.top(), outer.width(), thickness)
    bottom = QRect(outer.left(), outer.bottom() - thickness + 1, outer.width(), thickness)
    left = QRect(outer.left(), outer.top() + thickness, thickness, high)
    right = QRect(outer.right() - thickness + 1, outer.top() + thickness, thickness, high)
    return top, bottom, left, right


def corner_bars(rect: QRect, long: int, thick: int) -> list[QRect]:
    """Eight bars that make an angle in each corner of ``rect``, inside it."""
    bars = []
    for right in (False, True):
        for low in (False, True):
            x = rect.right() - thick + 1 if right else rect.left()
            y = rect.bottom() - thick + 1 if low else rect.top()
            x_long = rect.right() - long + 1 if right else rect.left()
            y_long = rect.bottom() - long + 1 if low else rect.top()
            bars += [QRect(x_long, y, long, thick), QRect(x, y_long, thick, long)]
    return bars


def paint_bars(painter: QPainter, bars: Iterable[QRect], colour: QColor, rim: QColor) -> None:
    """Fill bars with a rim of one pixel; where they overlap nothing is painted twice."""
    filled, rimmed = QRegion(), QRegion()
    for bar in bars:
        filled += bar
        rimmed += bar.adjusted(-1, -1, 1, 1)
    for region, brush in ((rimmed - filled, rim), (filled, colour)):
        for part in region:  # type: ignore[attr-defined]
            painter.fillRect(part, brush)


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


def checker(context: PaintContext) -> QImage:
    """What shows through the transparent parts of a photo, as a tile."""
    step = context.px(_CHECKER_SIZE)
    tile = QImage(2 * step, 2 * step, QImage.Format.Format_RGB32)
    tile.fill(_CHECKER[0])
    painter = QPainter(tile)
    painter.fillRect(0, 0, step, step, _CHECKER[1])
    painter.fillRect(step, step, step, step, _CHECKER[1])
    painter.end()
    return tile
