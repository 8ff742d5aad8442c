"""Where crops, pills and drags are on the screen: from boxes of the photo to the viewport."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from app.canvas import candidate_marks, crop_frame, drag_geometry
from app.canvas.candidate_marks import Pill
from app.canvas.canvas_state import CanvasState, ToolKind, ViewMode
from app.canvas.drag_geometry import Bounds
from app.canvas.zoom_view import ZoomView
from app.document.edit import Owner
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box

_SMALLEST_ON_SCREEN = 20.0


class ViewGeometry:
    """What ``view`` makes of the boxes in ``state``; boxes are fractions of the canvas."""

    def __init__(self, view: ZoomView, state: CanvasState) -> None:
        self.view = view
        self._state = state

    def rect(self, box: Box) -> QRectF:
        """A box in the viewport."""
        width, height = self._state.pose.canvas
        low = self.view.to_viewport(QPointF(box[0] * width, box[1] * height))
        high = self.view.to_viewport(QPointF(box[2] * width, box[3] * height))
        return QRectF(low, high)

    def shows(self, at: QPointF) -> bool:
        """Whether a place of the viewport is visible."""
        return QRectF(self.view.viewport().rect()).contains(at)

    def pixel_ratio(self, box: Box) -> float:
        """Width / height of a box in pixels of the photo."""
        width, height = self._state.pose.canvas
        return (box[2] - box[0]) * width / ((box[3] - box[1]) * height)

    def bounds(self) -> Bounds:
        """What a drag must stay in; its smallest box can still be gripped at this zoom."""
        scale = self.view.viewportTransform().m11()
        smallest = max(drag_geometry.MINIMUM, _SMALLEST_ON_SCREEN / scale)
        pose = self._state.pose
        return Bounds.straightened(pose.width, pose.height, pose.angle, smallest)

    def pills(self) -> tuple[Pill, ...]:
        """The candidates' numbers that are shown, where they are in the viewport."""
        state = self._state
        shown = state.candidates_visible and state.tool is ToolKind.CROP
        if not (state.candidates and shown and state.mode is ViewMode.EDIT) or state.darkness:
            return ()
        edges = [(c.rank, self.rect(c.crop.box)) for c in state.at_hand]
        grips: list[QRectF] = []
        if state.crop is not None and state.owner is not Owner.WHOLE:
            grips = crop_frame.reserved_areas(self.rect(state.crop.box))
        visible = self.rect(WHOLE).intersected(QRectF(self.view.viewport().rect()))
        return candidate_marks.place_pills(edges, visible, grips)
