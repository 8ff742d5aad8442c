"""Drag tool of the canvas: from mouse press to release, one edited crop or protected area."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.canvas import crop_frame, drag_geometry, protected_areas
from app.canvas.drag_geometry import Bounds, Handle
from app.canvas.painter import CanvasPainter
from app.document.edit import Owner
from cropcore.geometry.crop import Box, Crop

_SMALLEST_ON_SCREEN = 20.0
_SCROLL_MS = 16
_SCROLL_SHARE, _SCROLL_MOST = 0.15, 24.0
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_CENTRED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class DragTool(CanvasPainter):
    """A canvas whose crop and protected areas can be dragged; events reach it from CropView.

    A drag shows its own crop from its first move to its release; what is set meanwhile by
    ``set_crop`` is not shown, because nothing may move a crop under the person's hand.

    Signals:
        drag_started: a drag passed its threshold; ``crop_edited`` or ``drag_cancelled`` follows.
        crop_dragging: the crop (Crop) at every move of a drag.
        crop_edited: crop before (None for a newly drawn one), crop after, and what was done.
        drag_cancelled: the drag ended without a change; the crop before it is drawn again.
        protect_edited: all protected areas (tuple of boxes) after one was changed.
    """

    drag_started = Signal()
    crop_dragging = Signal(Crop)
    crop_edited = Signal(object, Crop, str)
    drag_cancelled = Signal()
    protect_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture: Gesture | None = None
        self._crop_before: Crop | None = None
        self._protected_before: tuple[Box, ...] = ()
        self._pointer = QPointF(-1, -1)
        self._keys = _NO_MODIFIER
        self._scroll = QTimer(self)
        self._modifiers = _NO_MODIFIER
        self._scroll.setInterval(_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)

    @property
    def is_dragging(self) -> bool:
        """Whether a drag has passed its threshold and not ended."""
        return self._gesture is not None and self._gesture.under_way

    def set_crop(self, crop: Crop | None, owner: Owner) -> None:
        """Draw ``crop``, unless a drag has one in hand; a press that has not moved yet is void."""
        if not self.is_dragging:
            self._gesture = None
            super().set_crop(crop, owner)

    def cancel_drag(self) -> None:
        """Give up the drag in progress, if any: everything is as before it."""
        gesture, self._gesture = self._gesture, None
        self._scroll.stop()
        if gesture is not None and gesture.under_way:
            self._dragging = False
            self._crop = self._crop_before
            self._protected = self._protected_before
            self._repaint()
            self.drag_cancelled.emit()

    def _press_crop(self, at: QPointF) -> None:
        """Begin what a press at ``at`` does to the crop."""
        handle, inside = self._under(at)
        crop = self._crop
        circle = self._circle or (crop is not None and crop.shape == "circle" and inside)
        width, height = self._size
        gesture = Gesture(
            act=DragKind.DRAW,
            pressed_at=self.to_scene(at),
            pressed_on=QPointF(at),
            start=crop.box if crop is not None else None,
            lock=1.0 if circle else self._ratio,
            current_ratio=self._pixel_ratio(crop.box) if crop is not None else width / height,
            may_invert=not circle,
        )
        if handle is not None:
            gesture.act, gesture.handle = DragKind.RESIZE, handle
        elif inside:
            gesture.act = DragKind.MOVE
        self._gesture = gesture

    def _under(self, at: QPointF) -> tuple[drag_geometry.Handle | None, bool]:
        """The crop's handle at ``at``, and whether a press there concerns the crop at all."""
        crop = self._crop
        if crop is None or self._owner is Owner.WHOLE:
            return None, False
        rect = self.crop_rect(crop.box)
        handle = crop_frame.handle_at(rect, at)
        # A crop of the whole photo has nowhere to go: a drag inside it draws.
        whole = drag_geometry.same(crop.box, (0.0, 0.0, 1.0, 1.0), self._bounds())
        return handle, handle is not None or (rect.contains(at) and not whole)

    def _press_protect(self, at: QPointF) -> None:
        """Begin what a press at ``at`` does to the protected areas."""
        gesture = Gesture(
            DragKind.DRAW, self.to_scene(at), QPointF(at), None, None, 1.0, may_invert=False
        )
        hit = protected_areas.area_at([self.crop_rect(box) for box in self._protected], at)
        if hit is not None and hit.remove:
            self._protected = (*self._protected[: hit.index], *self._protected[hit.index + 1 :])
            self._protect_hovered = None
            self._repaint()
            self.protect_edited.emit(self._protected)
            return
        if hit is not None:
            gesture.start = self._protected[hit.index]
            gesture.protected, gesture.handle = hit.index, hit.handle
            gesture.act = DragKind.MOVE if hit.handle is None else DragKind.RESIZE
        self._gesture = gesture

    def _drag_on(self, modifiers: Qt.KeyboardModifier) -> None:
        """Bring the drag to where the pointer is now."""
        gesture = self._gesture
        if gesture is None:
            return
        if not gesture.under_way:
            if not gesture.begins(self._pointer):
                return
            gesture.under_way = True
            self._crop_before, self._protected_before = self._crop, self._protected
            self._dragging = not self._protect_mode
            self.drag_started.emit()
        if self._beyond() is not None and not self._scroll.isActive():
            self._scroll.start()
        self._modifiers = modifiers
        held = modifiers | self._keys
        box = gesture.box_at(
            self.to_scene(self._pointer),
            self._bounds(),
            bool(held & Qt.KeyboardModifier.ShiftModifier),
            bool(held & _CENTRED),
        )
        if self._protect_mode:
            before, index = self._protected_before, gesture.protected
            kept = before if index is None else before[:index] + before[index + 1 :]
            self._protected = (*kept, box)
        else:
            self._crop = self._reshaped(gesture, box)
            self.crop_dragging.emit(self._crop)
        self._repaint()

    def _beyond(self) -> QPointF | None:
        """How far the pointer is outside a view that does not show the whole photo."""
        room = self.viewport().rect()
        x = self._pointer.x() - min(max(self._pointer.x(), 0.0), float(room.width()))
        y = self._pointer.y() - min(max(self._pointer.y(), 0.0), float(room.height()))
        return None if self.is_fitted or (x == 0 and y == 0) else QPointF(x, y)

    def _scroll_on(self) -> None:
        """Bring more of the photo into view while a drag is held beyond its edge."""
        beyond = self._beyond()
        if beyond is None:
            self._scroll.stop()
            return
        steps = (
            max(-_SCROLL_MOST, min(_SCROLL_MOST, part * _SCROLL_SHARE))
            for part in (beyond.x(), beyond.y())
        )
        self.pan_by(-QPointF(*steps))
        self._drag_on(self._modifiers)

    def _reshaped(self, gesture: Gesture, box: Box) -> Crop:
        crop = self._crop_before or Crop()
        if gesture.act is DragKind.DRAW:
            return dataclasses.replace(crop, box=box, shape="circle" if self._circle else "rect")
        return dataclasses.replace(crop, box=box)

    def _finish(self) -> None:
        """The button came up: report the drag, once, if it changed anything."""
        gesture = self._gesture
        assert gesture is not None
        self._scroll.stop()
        if not gesture.under_way:
            self._gesture = None
            return
        after = self._protected[-1] if self._protect_mode else self._crop.box  # type: ignore[union-attr]
        start = None if gesture.act is DragKind.DRAW else gesture.start
        if start is not None and drag_geometry.same(start, after, self._bounds()):
            self.cancel_drag()
            return
        self._gesture, self._dragging, self._keys = None, False, _NO_MODIFIER
        self._repaint()
        if self._protect_mode:
            self.protect_edited.emit(self._protected)
            return
        self._owner = Owner.MINE
        names = {
            DragKind.MOVE: self.tr("Move crop"),
            DragKind.RESIZE: self.tr("Resize crop"),
            DragKind.DRAW: self.tr("New crop"),
        }
        before = None if gesture.act is DragKind.DRAW else self._crop_before
        self.crop_edited.emit(before, self._crop, names[gesture.act])

    def _pixel_ratio(self, box: Box) -> float:
        width, height = self._size
        return (box[2] - box[0]) * width / ((box[3] - box[1]) * height)

    def _bounds(self) -> Bounds:
        scale = self.viewportTransform().m11()
        smallest = max(drag_geometry.MINIMUM, _SMALLEST_ON_SCREEN / scale)
        pose = self._pose
        return Bounds.straightened(pose.width, pose.height, pose.angle, smallest)


DRAW_FROM = 8.0
"""Pixels on screen that the pointer must travel before a new crop begins."""
GRIP_FROM = 3.0
"""Pixels on screen before a move or resize begins, so that clicks change nothing."""


class DragKind(StrEnum):
    """What a drag does."""

    MOVE = "move"
    RESIZE = "resize"
    DRAW = "draw"


@dataclass(slots=True)
class Gesture:
    """One drag from press to release.

    ``pressed_at`` is in photo pixels, ``pressed_on`` in the viewport; ``start`` is the box in hand
    when it began (None when there was none) and ``lock`` the ratio (pixels) it must keep.
    """

    act: DragKind
    pressed_at: QPointF
    pressed_on: QPointF
    start: Box | None
    lock: float | None
    current_ratio: float
    handle: Handle | None = None
    may_invert: bool = True
    protected: int | None = None
    """Index of the protected area it changes; None for the crop or a new area."""
    under_way: bool = False

    def begins(self, on: QPointF) -> bool:
        """Whether the pointer, now at ``on`` (viewport), has gone far enough to mean it."""
        gone = on - self.pressed_on
        needed = DRAW_FROM if self.act is DragKind.DRAW else GRIP_FROM
        return max(abs(gone.x()), abs(gone.y())) >= needed

    def box_at(self, to: QPointF, bounds: Bounds, inverted: bool, about_centre: bool) -> Box:
        """The box with the pointer at ``to`` (photo pixels) and these keys held."""
        dx, dy = to.x() - self.pressed_at.x(), to.y() - self.pressed_at.y()
        if self.act is DragKind.MOVE and self.start is not None:
            return drag_geometry.move(self.start, dx, dy, bounds)
        ratio = drag_geometry.dragged_ratio(
            self.lock, self.current_ratio, inverted and self.may_invert
        )
        if self.act is DragKind.RESIZE and self.start is not None and self.handle is not None:
            return drag_geometry.resize(
                self.start, self.handle, dx, dy, bounds, ratio, about_centre
            )
        anchor = (self.pressed_at.x(), self.pressed_at.y())
        return drag_geometry.draw(anchor, (to.x(), to.y()), bounds, ratio, about_centre)
