"""Paints the canvas, layer by layer."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from app.canvas import (
    block_grid,
    candidate_marks,
    composition_guides,
    crop_frame,
    heads,
    other_crops,
    protected_areas,
)
from app.canvas.canvas_state import CanvasState, ToolKind, ViewMode
from app.canvas.paint_context import BLACK, PaintContext, frame_bars
from app.canvas.tools import CanvasTool
from app.canvas.view_geometry import ViewGeometry
from app.document.edit import Owner
from app.style import theme
from cropcore.geometry.crop import Crop

_FAINT = 0.4
"""Opacity of the marks of candidates that cannot be taken."""
_DARK_IN_HAND = 0.8
"""How dark the photo is at most around a crop that is being dragged, with the lights out."""


class CanvasPainter:
    """Paints what ``state`` says, and over it what the tools have to show."""

    def __init__(
        self, state: CanvasState, geometry: ViewGeometry, tools: Iterable[CanvasTool]
    ) -> None:
        self._state = state
        self._geometry = geometry
        self._tools = tuple(tools)

    def paint(self, painter: QPainter) -> None:
        """Paint everything, from the photo up; ``painter`` is that of the view."""
        state, view = self._state, self._geometry.view
        painter.save()
        context = PaintContext.open(
            painter,
            view.viewport().rect(),
            view.viewportTransform(),
            view.devicePixelRatioF(),
            state.pose.canvas,
            state.pose,
        )
        around = theme.mixed(context.colours.canvas, BLACK, state.darkness)
        painter.fillRect(context.viewport, around)
        if state.has_photo:
            match state.mode:
                case ViewMode.EDIT:
                    paint = self._paint_in_the_dark if state.darkness else self._paint_edit
                    paint(context)
                    for tool in self._tools:
                        tool.paint(context)
                case ViewMode.BEFORE:
                    state.photo.paint(context, grey=False)
                case ViewMode.RESULT:
                    self._paint_result(context, around)
                case ViewMode.MASKED:
                    self._paint_masked(context)
        if state.focus_shown:
            for bar in frame_bars(context.viewport, context.px(2)):
                painter.fillRect(bar, context.colours.accent)
        painter.restore()

    def _paint_edit(self, context: PaintContext) -> None:
        state = self._state
        heatmap, crop, preview = state.heatmap, state.crop, state.previewed
        state.photo.paint(context, grey=heatmap is not None)
        if heatmap is not None:
            heatmap.paint(context, state.pose.seen)
        around = preview or crop
        if around is not None:
            strength = crop_frame.OUTSIDE if heatmap is None else crop_frame.OUTSIDE_MAP
            crop_frame.paint_outside(context, around, strength * state.dimming.value)
        editable = state.dragging or state.owner is not Owner.WHOLE
        if crop is not None and preview is None:
            self._paint_guide(context, crop)
        if crop is not None and preview is None and editable:
            other_crops.paint_nested(context, state.nested)
            if state.safe_area is not None:
                other_crops.paint_safe_area(context, crop, *state.safe_area)
            if state.trimmed is not None:
                other_crops.paint_trimmed(context, crop, state.trimmed)
        if crop is not None and state.dragging and state.blocks is not None:
            block_grid.paint_blocks(context, crop, state.ratio, state.blocks)
        protected_areas.paint_protected(
            context, state.protected, state.is_on(ToolKind.AREAS), state.protect_hovered
        )
        if state.heads_visible or state.is_on(ToolKind.HEADS):
            heads.paint_heads(context, state.heads, state.head_hovered, state.head_drawn)
        if preview is None and not state.dragging:
            other_crops.paint_beside(context, state.other_crops, crop, state.marks.value)
        if crop is not None and editable:
            plain = preview is not None or state.tool is not ToolKind.CROP
            crop_frame.paint_frame(context, crop, handles=not plain, strength=0.6 if plain else 1.0)
        self._paint_candidates(context, preview)
        legend = heatmap.paint_legend(context, state.map_value) if heatmap is not None else None
        if crop is not None and editable and state.label and preview is None:
            crop_frame.paint_label(context, crop, state.label, legend)

    def _paint_in_the_dark(self, context: PaintContext) -> None:
        """The crop alone, with what is in hand; what lies around it shows faintly during a drag."""
        state = self._state
        state.photo.paint(context, grey=False)
        crop = state.previewed or state.crop
        if crop is None:
            return
        dark = min(state.darkness, _DARK_IN_HAND) if state.dragging else state.darkness
        crop_frame.paint_outside(context, crop, max(dark, crop_frame.OUTSIDE))
        self._paint_guide(context, crop)
        if state.is_on(ToolKind.AREAS):
            protected_areas.paint_protected(context, state.protected, True, state.protect_hovered)
        if state.is_on(ToolKind.HEADS):
            heads.paint_heads(context, state.heads, state.head_hovered, state.head_drawn)
        if state.dragging or state.owner is not Owner.WHOLE:
            crop_frame.paint_frame(context, crop, handles=state.tool is ToolKind.CROP)

    def _paint_masked(self, context: PaintContext) -> None:
        state = self._state
        state.photo.paint(context, grey=False)
        if state.mask is not None:
            state.mask.paint(context, state.pose.seen)
        if state.crop is not None:
            crop_frame.paint_frame(context, state.crop, handles=False)

    def _paint_guide(self, context: PaintContext, crop: Crop) -> None:
        state = self._state
        if (strength := state.guide_strength) > 0:
            composition_guides.paint_guide(context, crop, state.guide, state.turn, strength)

    def _paint_candidates(self, context: PaintContext, preview: Crop | None) -> None:
        state = self._state
        opacity = state.marks.value if state.tool is ToolKind.CROP else 0.0
        opacity *= 1.0 if state.takeable else _FAINT
        if opacity > 0:
            candidate_marks.paint_brackets(context, state.at_hand, state.crop, opacity)
        if preview is not None:
            candidate_marks.paint_outline(context, preview)
        if opacity > 0:
            in_hand = next((c.rank for c in state.candidates if c.crop == state.crop), None)
            shown = state.hovered if state.hovered is not None else state.preview
            pills = self._geometry.pills()
            candidate_marks.paint_pills(context, pills, shown, in_hand, opacity)

    def _paint_result(self, context: PaintContext, around: QColor) -> None:
        crop = self._state.crop or Crop()
        if self._state.trimmed is not None:
            _, crop = self._state.trimmed
        rect = context.rect(crop.box)
        self._state.photo.paint(context, grey=False, clip=rect)
        if crop.shape == "circle":
            corners = QPainterPath()
            corners.setFillRule(Qt.FillRule.OddEvenFill)
            corners.addRect(QRectF(rect.adjusted(-1, -1, 1, 1)))
            corners.addEllipse(QRectF(rect))
            context.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            context.painter.fillPath(corners, around)
