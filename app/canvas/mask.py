"""The photo darkened where the area map says that the crop should not lie."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from app.canvas.crop_frame import OUTSIDE, paint_outside
from app.canvas.map_overlay import resample
from app.canvas.paint_context import Stage
from app.canvas.plain_photo import paint_image
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box, Crop, Map

_LONG_SIDE = 384
_SHADES = [(255 - value) << 24 for value in range(256)]


class AreaMask:
    """An area map in [0, 1] made ready for painting, smoothly enlarged."""

    def __init__(self, area: Map) -> None:
        self.map = area
        share = np.nan_to_num(np.clip(area.values, 0.0, 1.0)).astype(np.float32)
        smooth = resample(share, _LONG_SIDE)
        self._index = np.ascontiguousarray(np.rint(smooth * 255), dtype=np.uint8)
        high, wide = self._index.shape
        self._image = QImage(
            self._index.data, wide, high, self._index.strides[0], QImage.Format.Format_Indexed8
        )
        self._image.setColorTable(_SHADES)

    def paint(self, stage: Stage, over: Box = WHOLE) -> None:
        """Darken the photo by one minus the area; what the map does not lie over, evenly."""
        paint_outside(stage, Crop(over), OUTSIDE)
        target = stage.rect(over)
        visible = target.intersected(stage.viewport)
        if not visible.isEmpty():
            paint_image(stage.painter, self._image, target, visible)
