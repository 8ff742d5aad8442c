"""The photo's other crops on the canvas: thin quiet outlines that take no clicks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.canvas.paint_context import BLACK, WHITE, Stage, with_alpha
from cropcore.geometry.crop import Crop

_SHADE, _LINE = 0.35, 0.55
_DASH = 4


def paint_beside(stage: Stage, crops: Sequence[Crop], in_hand: Crop | None, opacity: float) -> None:
    """Outline crops that lie in the same turned photo as the one in hand, dashed, one pixel wide."""
    painter = stage.painter
    angle = in_hand.angle if in_hand is not None else 0.0
    for crop in crops:
        if crop.angle != angle or crop == in_hand:
            continue
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, crop.shape == "circle")
        for colour, alpha, dashed in ((BLACK, _SHADE, False), (WHITE, _LINE, True)):
            pen = QPen(with_alpha(colour, alpha * opacity), 1)
            if dashed:
                pen.setStyle(Qt.PenStyle.CustomDashLine)
                pen.setDashPattern([stage.px(_DASH), stage.px(_DASH)])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            rect = QRectF(stage.rect(crop.box)).adjusted(0.5, 0.5, -0.5, -0.5)
            if crop.shape == "circle":
                painter.drawEllipse(rect)
            else:
                painter.drawRect(rect)
        painter.restore()
