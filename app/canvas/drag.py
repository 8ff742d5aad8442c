"""A drag on the canvas from press to release: its threshold, its box, scrolling beyond the view."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal

from app.canvas import drag_geometry
from app.canvas.drag_geometry import Bounds, Handle
from app.canvas.view_geometry import ViewGeometry
from cropcore.geometry.crop import Box

DRAW_FROM = 8.0
"""Pixels on screen that the pointer must travel before a new box begins."""
GRIP_FROM = 3.0
"""Pixels on screen before a move or resize begins, so that clicks change nothing."""
_SCROLL_MS = 16
_SCROLL_SHARE, _SCROLL_MOST = 0.15, 24.0
_CENTRED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class DragKind(StrEnum):
    """What a drag does."""

    MOVE = "move"
    RESIZE = "resize"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Gesture:
    """What a press begins.

    ``pressed_at`` is in photo pixels, ``pressed_on`` in the viewport; ``start`` is the box in hand
    (None when there was none), ``lock`` the ratio (pixels) it must keep, and ``current_ratio`` the
    one that Shift locks a free box at.
    """

    act: DragKind
    pressed_at: QPointF
    pressed_on: QPointF
    start: Box | None = None
    lock: float | None = None
    current_ratio: float = 1.0
    handle: Handle | None = None
    may_invert: bool = False

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


class Drag(QObject):
    """The gesture in hand, if any. While it is held beyond the view's edge the photo scrolls.

    Signals:
        started: it passed its threshold.
        moved: the box (Box, a tuple of four floats) at every move from then on.
    """

    started = Signal()
    moved = Signal(tuple)

    def __init__(self, geometry: ViewGeometry, parent: QObject) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._gesture: Gesture | None = None
        self._box: Box | None = None
        self._at = QPointF()
        self._keys = Qt.KeyboardModifier.NoModifier
        self._scroll = QTimer(self)
        self._scroll.setInterval(_SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)

    @property
    def is_held(self) -> bool:
        """Whether a press began a gesture that has not ended."""
        return self._gesture is not None

    @property
    def is_under_way(self) -> bool:
        """Whether it has passed its threshold."""
        return self._box is not None

    def begin(self, gesture: Gesture) -> None:
        """The button went down."""
        self._gesture, self._box = gesture, None

    def move(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The pointer is at ``at`` (viewport) with ``keys`` held."""
        gesture = self._gesture
        self._at, self._keys = QPointF(at), keys
        if gesture is None:
            return
        fresh = self._box is None
        if fresh and not gesture.begins(at):
            return
        self._box = gesture.box_at(
            self._geometry.view.to_scene(at),
            self._geometry.bounds(),
            bool(keys & Qt.KeyboardModifier.ShiftModifier),
            bool(keys & _CENTRED),
        )
        if fresh:
            self.started.emit()
        if self._beyond() is not None and not self._scroll.isActive():
            self._scroll.start()
        self.moved.emit(self._box)

    def end(self) -> tuple[Gesture, Box, bool] | None:
        """Let go: the gesture, its box, and whether that differs from where it began.

        None where no gesture got under way.
        """
        gesture, box = self._gesture, self._box
        self._gesture = self._box = None
        self._scroll.stop()
        if gesture is None or box is None:
            return None
        start = None if gesture.act is DragKind.DRAW else gesture.start
        bounds = self._geometry.bounds()
        return gesture, box, start is None or not drag_geometry.same(start, box, bounds)

    def _beyond(self) -> QPointF | None:
        """How far the pointer is outside a view that does not show the whole photo."""
        view = self._geometry.view
        room = view.viewport().rect()
        x = self._at.x() - min(max(self._at.x(), 0.0), float(room.width()))
        y = self._at.y() - min(max(self._at.y(), 0.0), float(room.height()))
        return None if view.is_fitted or (x == 0 and y == 0) else QPointF(x, y)

    def _scroll_on(self) -> None:
        """Bring more of the photo into view while the drag is held beyond its edge."""
        beyond = self._beyond()
        if beyond is None:
            self._scroll.stop()
            return
        steps = (
            max(-_SCROLL_MOST, min(_SCROLL_MOST, part * _SCROLL_SHARE))
            for part in (beyond.x(), beyond.y())
        )
        self._geometry.view.pan_by(-QPointF(*steps))
        self.move(self._at, self._keys)
