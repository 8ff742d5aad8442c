"""Paints the canvas, layer by layer."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from app.canvas import candidate_marks, composition_guides, crop_frame, other_crops, protected_areas
from app.canvas.candidate_marks import Pill
from app.canvas.canvas_state import CanvasState, ViewMode
from app.canvas.other_crops import paint_beside
from app.canvas.paint_context import PaintContext, frame_bars
from app.document.edit import Owner
from cropcore.geometry.crop import Crop


class CanvasPainter(CanvasState):
    """Paints what is shown; takes no clicks."""

    def pills(self) -> tuple[Pill, ...]:
        """The numbers that are shown, where they are in the viewport."""
        shown = self._candidates_visible and not self._straightening
        if not (self._candidates and shown and self._mode is ViewMode.EDIT):
            return ()
        edges = [(c.rank, self.crop_rect(c.crop.box)) for c in self._at_hand()]
        grips: list[QRectF] = []
        if self._crop is not None and self._owner is not Owner.WHOLE:
            grips = crop_frame.reserved_areas(self.crop_rect(self._crop.box))
        return candidate_marks.place_pills(edges, QRectF(self.viewport().rect()), grips)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The canvas colour; the photo is painted with everything else."""

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Paint everything, from the photo up."""
        painter.save()
        context = PaintContext.open(
            painter,
            self.viewport().rect(),
            self.viewportTransform(),
            self.devicePixelRatioF(),
            self._size,
            self._pose,
        )
        painter.fillRect(context.viewport, context.colours.canvas)
        if self._size[0]:
            match self._mode:
                case ViewMode.EDIT:
                    self._paint_edit(context)
                case ViewMode.BEFORE:
                    self._photo.paint(context, grey=False)
                case ViewMode.RESULT:
                    self._paint_result(context)
                case ViewMode.MASKED:
                    self._paint_masked(context)
        if self._focus_shown:
            for bar in frame_bars(context.viewport, context.px(2)):
                painter.fillRect(bar, context.colours.accent)
        painter.restore()

    def _paint_edit(self, context: PaintContext) -> None:
        heatmap = self._heatmap
        self._photo.paint(context, grey=heatmap is not None)
        if heatmap is not None:
            heatmap.paint(context, self._pose.seen)
        preview = self._previewed()
        crop = self._crop
        around = preview or crop
        if around is not None:
            strength = crop_frame.OUTSIDE if heatmap is None else crop_frame.OUTSIDE_MAP
            crop_frame.paint_outside(context, around, strength * self._dimming.value)
        editable = self._dragging or self._owner is not Owner.WHOLE
        if crop is not None and preview is None and (self._dragging or self._guides_always):
            composition_guides.paint_guide(context, crop, self._guide, self._turn)
        if crop is not None and preview is None and editable:
            other_crops.paint_nested(context, self._nested)
        protected_areas.paint_protected(
            context, self._protected, self._protect_mode, self._protect_hovered
        )
        if preview is None and not self._dragging:
            paint_beside(context, self._beside, crop, self._shown.value)
        if crop is not None and editable:
            plain = preview is not None or self._protect_mode or self._straightening
            crop_frame.paint_frame(context, crop, handles=not plain, strength=0.6 if plain else 1.0)
        self._paint_candidates(context, preview)
        legend = heatmap.paint_legend(context, self._map_value) if heatmap is not None else None
        if crop is not None and editable and self._label and preview is None:
            crop_frame.paint_label(context, crop, self._label, legend)

    def _paint_masked(self, context: PaintContext) -> None:
        self._photo.paint(context, grey=False)
        if self._mask is not None:
            self._mask.paint(context, self._pose.seen)
        if self._crop is not None:
            crop_frame.paint_frame(context, self._crop, handles=False)

    def _paint_candidates(self, context: PaintContext, preview: Crop | None) -> None:
        opacity = 0.0 if self._protect_mode or self._straightening else self._shown.value
        if opacity > 0:
            candidate_marks.paint_brackets(context, self._at_hand(), self._crop, opacity)
        if preview is not None:
            candidate_marks.paint_outline(context, preview)
        if opacity > 0:
            in_hand = next((c.rank for c in self._candidates if c.crop == self._crop), None)
            shown = self._hovered if self._hovered is not None else self._preview
            candidate_marks.paint_pills(context, self.pills(), shown, in_hand, opacity)

    def _paint_result(self, context: PaintContext) -> None:
        crop = self._crop or Crop()
        rect = context.rect(crop.box)
        self._photo.paint(context, grey=False, clip=rect)
        if crop.shape == "circle":
            corners = QPainterPath()
            corners.setFillRule(Qt.FillRule.OddEvenFill)
            corners.addRect(QRectF(rect.adjusted(-1, -1, 1, 1)))
            corners.addEllipse(QRectF(rect))
            context.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            context.painter.fillPath(corners, context.colours.canvas)
