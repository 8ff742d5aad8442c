"""A graphics view that zooms about the cursor, pans, and fits, in device pixels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QNativeGestureEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGestureEvent,
    QGraphicsScene,
    QGraphicsView,
    QPinchGesture,
    QWidget,
)

MARGIN_X, MARGIN_Y = 28, 32
"""Room around a fitted photo for handles, pills and the line under the crop."""
LARGEST = 32.0
LARGEST_FIT = 4.0
_WHEEL_STEP = 1.2
_BUTTON_STEP = 1.25


class ZoomView(QGraphicsView):
    """Scene units are photo pixels; the zoom is device pixels per photo pixel (1 is 100 %).

    Signals:
        zoom_changed: the new zoom, after every change.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self._extent = QRectF()
        self._zoom = 1.0
        self._centre = QPointF()
        self._fitted = True
        self._anchor: tuple[QPointF, QPointF] | None = None
        self._pan_from: tuple[QPointF, QPointF] | None = None

    @property
    def zoom(self) -> float:
        """Device pixels per photo pixel."""
        return self._zoom

    @property
    def is_fitted(self) -> bool:
        """Whether the photo is fitted and stays so when the window changes."""
        return self._fitted

    @property
    def is_panning(self) -> bool:
        """Whether a pan is in progress."""
        return self._pan_from is not None

    def set_extent(self, extent: QRectF) -> None:
        """What fitting shows, in photo pixels; an empty one means that nothing is loaded."""
        self._extent = QRectF(extent)

    def look_again(self, extent: QRectF, centre: QPointF, refit: bool = True) -> None:
        """Go on with another extent: fitted anew where it was and ``refit`` says so, else about a place.

        Without ``refit`` a fitted photo keeps its zoom until it is fitted the next time.
        """
        self._extent = QRectF(extent)
        if self._fitted and refit:
            self.zoom_fit()
        else:
            self._look(self._zoom, extent.center() if self._fitted else centre)

    def zoom_fit(self) -> None:
        """Show everything, centred, and keep doing so when the window is resized."""
        self._fitted = True
        self._look(self._fit_zoom(), self._extent.center())

    def zoom_actual(self, at: QPointF | None = None) -> None:
        """One photo pixel per device pixel, about ``at`` (viewport) or the middle."""
        self.zoom_by(1.0 / self._zoom, at)

    def zoom_to(self, rect: QRectF) -> None:
        """Show a part of the photo as large as it can be, which of an icon may be far above 400 %."""
        if self._extent.isEmpty() or rect.isEmpty():
            return
        self._fitted = False
        self._look(min(self._zoom_for(rect), LARGEST), rect.center())

    def zoom_toggle(self, at: QPointF | None = None) -> None:
        """100 % when fitted, fitted otherwise."""
        if self._fitted:
            self.zoom_actual(at)
            self._fitted = False
        else:
            self.zoom_fit()

    def zoom_in(self) -> None:
        """One step nearer, about the cursor when it is over the canvas."""
        self.zoom_by(_BUTTON_STEP, self._cursor())

    def zoom_out(self) -> None:
        """One step back, about the cursor when it is over the canvas."""
        self.zoom_by(1 / _BUTTON_STEP, self._cursor())

    def zoom_by(self, factor: float, at: QPointF | QPoint | None = None) -> None:
        """Multiply the zoom, keeping the photo's point under ``at`` (viewport) in its place.

        Zooming out ends at the fitted view (or at 100 % where that is smaller).
        """
        if self._extent.isEmpty() or factor <= 0:
            return
        fit = self._fit_zoom()
        zoom = min(max(self._zoom * factor, min(fit, 1.0)), max(LARGEST, fit))
        if zoom <= fit * 1.0001 and factor < 1 and fit <= 1:
            self.zoom_fit()
            return
        self._fitted = False
        middle = QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        held = QPointF(at) if at is not None else middle
        below = self._anchored(held)
        self._look(zoom, below + (middle - held) / self._scale_for(zoom))
        self._anchor = (held, below)
        if self.is_panning:
            self.begin_pan(held)

    def to_scene(self, at: QPointF) -> QPointF:
        """A place of the viewport in photo pixels, without rounding."""
        return self.viewportTransform().inverted()[0].map(at)

    def to_viewport(self, at: QPointF) -> QPointF:
        """A place of the photo (pixels) in the viewport, without rounding."""
        return self.viewportTransform().map(at)

    def begin_pan(self, at: QPointF) -> None:
        """The photo follows the pointer from ``at`` (viewport) on."""
        self._pan_from = (QPointF(at), QPointF(self._centre))

    def pan_to(self, at: QPointF) -> None:
        """Go on with a pan."""
        if self._pan_from is None:
            return
        start, centre = self._pan_from
        self._fitted = False
        self._look(self._zoom, centre - (at - start) / self._scale_for(self._zoom))

    def pan_by(self, distance: QPointF) -> None:
        """Move the photo by a distance of the viewport."""
        self._fitted = False
        self._look(self._zoom, self._centre - distance / self._scale_for(self._zoom))

    def end_pan(self) -> None:
        """Leave the photo where it is."""
        self._pan_from = None

    def saved_look(self) -> tuple[bool, float, QPointF]:
        """What :meth:`restore_look` takes."""
        return self._fitted, self._zoom, QPointF(self._centre)

    def restore_look(self, look: tuple[bool, float, QPointF]) -> None:
        """Go back to an earlier zoom and place."""
        fitted, zoom, centre = look
        if fitted:
            self.zoom_fit()
        else:
            self._fitted = False
            self._look(zoom, centre)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        delta = event.pixelDelta().y() or event.angleDelta().y()
        if delta:
            self.zoom_by(_WHEEL_STEP ** (delta / 120), event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted photo fitted, and any other about the same middle."""
        super().resizeEvent(event)
        self._settle()

    def event(self, event: QEvent) -> bool:
        """Follow a move to a screen of another scale."""
        handled = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._settle()
        return handled

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom by pinching, on touch pads and touch screens."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = self.viewport().mapFromGlobal(pinch.centerPoint())
                self.zoom_by(pinch.scaleFactor(), at)
                event.accept(pinch)
                return True
        return super().viewportEvent(event)

    def _settle(self) -> None:
        if self._fitted:
            self.zoom_fit()
        else:
            self._look(self._zoom, self._centre)

    def _anchored(self, at: QPointF) -> QPointF:
        """The photo's point at ``at``; the last step's own point where that was about here too.

        The view scrolls by whole pixels; asking anew at every step would add up its roundings.
        """
        if self._anchor is not None and self._anchor[0] == at:
            return self._anchor[1]
        return self.to_scene(at)

    def _cursor(self) -> QPointF | None:
        at = self.viewport().mapFromGlobal(self.cursor().pos())
        return QPointF(at) if self.viewport().underMouse() else None

    def _scale_for(self, zoom: float) -> float:
        return zoom / self.devicePixelRatioF()

    def _fit_zoom(self) -> float:
        if self._extent.isEmpty():
            return 1.0
        return min(self._zoom_for(self._extent), LARGEST_FIT)

    def _zoom_for(self, rect: QRectF) -> float:
        room_x = max(self.viewport().width() - 2 * MARGIN_X, 16)
        room_y = max(self.viewport().height() - 2 * MARGIN_Y, 16)
        scale = min(room_x / rect.width(), room_y / rect.height())
        return scale * self.devicePixelRatioF()

    def _look(self, zoom: float, centre: QPointF) -> None:
        if self._extent.isEmpty():
            return
        changed = zoom != self._zoom
        self._anchor = None
        scale = self._scale_for(zoom)
        self._zoom = zoom
        e = self._extent
        self._centre = QPointF(
            min(max(centre.x(), e.left()), e.right()), min(max(centre.y(), e.top()), e.bottom())
        )
        # Enough room around the photo for any of its points to be the middle of the view.
        pad_x = self.viewport().width() / scale
        pad_y = self.viewport().height() / scale
        self.setSceneRect(e.adjusted(-pad_x, -pad_y, pad_x, pad_y))
        self.setTransform(QTransform.fromScale(scale, scale))
        # centerOn cuts off fractions where rounding keeps the photo still under the cursor.
        middle = self._centre * scale
        self.horizontalScrollBar().setValue(round(middle.x() - self.viewport().width() / 2))
        self.verticalScrollBar().setValue(round(middle.y() - self.viewport().height() / 2))
        self.viewport().update()
        if changed:
            self.zoom_changed.emit(zoom)
