"""Crop tool of the canvas: draws, moves, resizes and turns the crop, and takes candidates by their pills."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, QPointF, Qt, Signal

from app.canvas import crop_frame, drag_geometry
from app.canvas.candidate_marks import pill_at
from app.canvas.canvas_state import CanvasState
from app.canvas.corner_turn import CornerTurn, turn_cursor
from app.canvas.drag import Drag, DragKind, Gesture
from app.canvas.paint_context import PaintContext
from app.canvas.tools import Cursor
from app.canvas.view_geometry import ViewGeometry
from app.document.edit import Owner
from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box, Crop


class CropTool(QObject):
    """What the left button does to the crop.

    A drag shows its own crop from its first move to its release; a crop that is set meanwhile is
    not shown, because nothing may move a crop under the person's hand. A drag outside a corner is that of
    ``turn``: the photo turns, and the crop that is set meanwhile is what that makes of it.

    Signals:
        drag_started: a drag passed its threshold; ``crop_edited`` or ``drag_cancelled`` follows.
        crop_dragging: the crop (Crop) at every move of a drag.
        crop_edited: crop before (Crop, None for a newly drawn one), crop after, and what was done.
        drag_cancelled: the drag ended without a change; the crop before it is drawn again.
        candidate_hovered: rank (int) of the pill under the pointer, or None.
        candidate_taken: rank of the pill that was clicked.
    """

    drag_started = Signal()
    crop_dragging = Signal(Crop)
    crop_edited = Signal(object, Crop, str)
    drag_cancelled = Signal()
    candidate_hovered = Signal(object)
    candidate_taken = Signal(int)

    def __init__(self, state: CanvasState, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._geometry = geometry
        self._drag = Drag(geometry, self)
        self._drag.started.connect(self._begin)
        self._drag.moved.connect(self._reshape)
        self.turn = CornerTurn(state, geometry, self)
        self._act = DragKind.DRAW
        self._before: tuple[Crop | None, Owner] = (None, Owner.WHOLE)
        self._pressed_pill: int | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a press on the crop has not ended."""
        return self._drag.is_held or self.turn.is_held

    def press(self, at: QPointF) -> None:
        """On a pill or on the crop, whose candidates' marks make room."""
        self._pressed_pill = pill_at(self._geometry.pills(), at)
        if self._pressed_pill is None and not self.turn.press(at):
            self._state.set_candidates_visible(False)
            gesture = self._gesture(at)
            self._act = gesture.act
            self._drag.begin(gesture)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Go on with the drag."""
        self.turn.move(at, keys)
        self._drag.move(at, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Report the drag or the click, once."""
        rank, self._pressed_pill = self._pressed_pill, None
        if rank is not None:
            if pill_at(self._geometry.pills(), at) == rank:
                self.candidate_taken.emit(rank)
            return
        if self.turn.is_held:
            self.turn.release(at, keys)
            return
        self._drag.move(at, keys)
        ended = self._drag.end()
        if ended is None:
            return
        _, _, is_changed = ended
        if not is_changed:
            self._put_back()
            return
        after = self._state.crop
        self._state.end_drag(after, Owner.MINE)
        names = {
            DragKind.MOVE: self.tr("Move crop"),
            DragKind.RESIZE: self.tr("Resize crop"),
            DragKind.DRAW: self.tr("New crop"),
        }
        before = None if self._act is DragKind.DRAW else self._before[0]
        self.crop_edited.emit(before, after, names[self._act])

    def cancel(self) -> None:
        """Draw the crop as it was before the drag."""
        self.turn.cancel()
        if self._drag.end() is not None:
            self._put_back()

    def void_press(self) -> bool:
        """Forget a press that has not moved yet; False where a drag is under way."""
        if self._drag.is_under_way:
            return False
        self._drag.end()
        if not self.turn.is_under_way:
            self.turn.cancel()
        return True

    def takes_double_click(self, at: QPointF) -> bool:
        """A pill takes clicks one by one."""
        return pill_at(self._geometry.pills(), at) is not None

    def cursor(self, at: QPointF) -> Cursor:
        """Mark the pill at a place; the cursor for it, or for what of the crop is there."""
        shown = self._geometry.shows(at)
        self._hover(pill_at(self._geometry.pills(), at) if shown else None)
        if self._state.hovered is not None:
            return Qt.CursorShape.PointingHandCursor
        handle, inside = self._under(at)
        if handle is not None:
            return crop_frame.cursor_for(handle)
        if (corner := self.turn.corner_at(at)) is not None:
            return turn_cursor(corner, self._geometry.view.devicePixelRatioF())
        return Qt.CursorShape.SizeAllCursor if inside else Qt.CursorShape.CrossCursor

    def leave(self) -> None:
        """No pill is under the pointer."""
        self._hover(None)

    def paint(self, context: PaintContext) -> None:
        """The angle, while the photo turns; crop and candidates are painted with the photo."""
        self.turn.paint(context)

    def _hover(self, rank: int | None) -> None:
        if rank != self._state.hovered:
            self._state.hover_candidate(rank)
            self.candidate_hovered.emit(rank)

    def _gesture(self, at: QPointF) -> Gesture:
        """What a press at ``at`` begins."""
        state, geometry = self._state, self._geometry
        handle, inside = self._under(at)
        crop = state.crop
        circle = state.circle or (crop is not None and crop.shape == "circle" and inside)
        act = DragKind.MOVE if inside else DragKind.DRAW
        return Gesture(
            act=DragKind.RESIZE if handle is not None else act,
            pressed_at=geometry.view.to_scene(at),
            pressed_on=QPointF(at),
            start=crop.box if crop is not None else None,
            lock=1.0 if circle else state.ratio,
            current_ratio=geometry.pixel_ratio(crop.box if crop is not None else WHOLE),
            handle=handle,
            may_invert=not circle,
        )

    def _under(self, at: QPointF) -> tuple[drag_geometry.Handle | None, bool]:
        """The crop's handle at ``at``, and whether a press there concerns the crop at all."""
        crop = self._state.crop
        if crop is None or self._state.owner is Owner.WHOLE:
            return None, False
        rect = self._geometry.rect(crop.box)
        handle = crop_frame.handle_at(rect, at)
        # A crop of the whole photo has nowhere to go: a drag inside it draws.
        whole = drag_geometry.same(crop.box, WHOLE, self._geometry.bounds())
        return handle, handle is not None or (rect.contains(at) and not whole)

    def _begin(self) -> None:
        self._before = self._state.crop, self._state.owner
        self.drag_started.emit()

    def _reshape(self, box: Box) -> None:
        before = self._before[0] or Crop()
        crop = dataclasses.replace(before, box=box)
        if self._act is DragKind.DRAW:
            crop = dataclasses.replace(crop, shape="circle" if self._state.circle else "rect")
        self._state.drag_crop(crop)
        self.crop_dragging.emit(crop)

    def _put_back(self) -> None:
        self._state.end_drag(*self._before)
        self.drag_cancelled.emit()
