"""Small picture of the photo with the crop, its score map and the borders that cut salient parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.canvas.crop_frame import OUTSIDE, paint_outside
from app.canvas.map_overlay import Heatmap
from app.canvas.paint_context import BLACK, PaintContext, frame_bars, with_alpha
from app.style import theme
from cropcore.geometry.crop import Crop, Explanation, Map

SOME_CUT, MUCH_CUT = 0.02, 0.08
"""A border along the whole photo cuts 8 % where the gaze is even."""
_HIGHEST = 220
_OPACITY = 0.9


def cut_colour(share: float, colours: theme.Palette) -> QColor:
    """The colour of a border that cuts this share of the gaze."""
    if share >= MUCH_CUT:
        return colours.error
    return colours.warning if share >= SOME_CUT else colours.text


def inside_of(values: Map, crop: Crop) -> Map:
    """The part of a map whose cells have their centre in the crop; never empty."""
    high, wide = values.values.shape
    left, top, right, bottom = crop.box
    x1, x2 = _cells(left, right, wide)
    y1, y2 = _cells(top, bottom, high)
    return replace(values, values=np.ascontiguousarray(values.values[y1:y2, x1:x2]))


def _cells(low: float, high: float, count: int) -> tuple[int, int]:
    first = min(max(round(low * count), 0), count - 1)
    return first, max(min(round(high * count), count), first + 1)


class WhyPicture(QWidget):
    """Paints an explanation; takes no clicks."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("What the crop gains from where"))
        self._image: QImage | None = None
        self._explanation: Explanation | None = None
        self._heatmap: Heatmap | None = None
        self._ratio = 1.5
        self._wide = 240

    @property
    def room(self) -> QSize:
        """How large a picture of the photo should be, in device pixels."""
        scale = self.devicePixelRatioF()
        return QSize(round(self._wide * scale), round(_HIGHEST * scale))

    def set_room(self, wide: int) -> None:
        """How wide it may be.

        Its own width must not decide its height: that decides whether a scroll bar is needed, which
        takes from the width.
        """
        self._wide = max(wide, 64)
        self._fit()

    def set_photo(self, image: QImage | None, ratio: float) -> None:
        """A small picture of the photo, which is ``ratio`` times as wide as high."""
        self._ratio = ratio
        self._image = (
            None if image is None else image.convertToFormat(QImage.Format.Format_Grayscale8)
        )
        self._fit()

    def show_explanation(self, explanation: Explanation | None) -> None:
        """Show what is to be explained, or nothing."""
        self._explanation = explanation
        self._heatmap = None
        if explanation is not None:
            self._heatmap = Heatmap(inside_of(explanation.map, explanation.crop), _OPACITY)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        place = self._place()
        if self._image is None:
            painter.fillRect(place, theme.mixed(theme.current().panel, theme.current().text, 0.08))
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        if self._explanation is not None:
            view = QTransform.fromTranslate(place.left(), place.top())
            size = (place.width(), place.height())
            painter.setWorldTransform(view)
            context = PaintContext.open(painter, self.rect(), view, self.devicePixelRatioF(), size)
            self._paint_crop(context, self._explanation)
        painter.end()

    def _paint_crop(self, context: PaintContext, explanation: Explanation) -> None:
        crop, painter = explanation.crop, context.painter
        paint_outside(context, crop, OUTSIDE)
        rect = context.rect(crop.box)
        if self._heatmap is not None:
            painter.save()
            if crop.shape == "circle":
                disc = QPainterPath()
                disc.addEllipse(QRectF(rect))
                painter.setClipPath(disc)
            corner = context.point(crop.box[0], crop.box[1])
            to_crop = QTransform.fromTranslate(corner.x(), corner.y())
            self._heatmap.paint(
                replace(context, to_device=to_crop, width=rect.width(), height=rect.height())
            )
            painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        thick = context.px(2)
        for bar in frame_bars(rect, thick + 2, outset=1):
            painter.fillRect(bar, with_alpha(BLACK, 0.5))
        top, bottom, left, right = frame_bars(rect, thick)
        sides: tuple[QRect, ...] = (left, top, right, bottom)
        for bar, share in zip(sides, explanation.gaze_cut, strict=True):
            painter.fillRect(bar, cut_colour(share, context.on_photo))
        # A border that cuts much is thick as well: colour alone does not tell everybody.
        for bar, share in zip(sides, explanation.gaze_cut, strict=True):
            if share >= MUCH_CUT:
                grown = bar.adjusted(-1, -1, 1, 1).intersected(context.viewport)
                painter.fillRect(grown, cut_colour(share, context.on_photo))

    def _place(self) -> QRect:
        size = QSize(round(self.height() * self._ratio), self.height()).boundedTo(self.size())
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        return place

    def _fit(self) -> None:
        self.setFixedHeight(min(max(round(self._wide / self._ratio), 80), _HIGHEST))
        self.update()
