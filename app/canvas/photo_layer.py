"""The photo on the canvas: scaled off the GUI thread to be sharp at every zoom, in colour or grey.

A photo is kept as levels, each half as large as the one before, so that any zoom draws from pixels
near its own size. Once the zoom rests, one more level is made at exactly that size; of a straightened
photo, what is visible of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, QRect, QRectF, Signal, Slot
from PySide6.QtGui import QImage

from app.canvas.image_pyramid import PyramidLevel, exact_level, make_levels, turned_levels
from app.canvas.paint_context import BLOCKS_FROM, PaintContext, checker, paint_image
from app.canvas.photo_pose import pixel_transform
from app.canvas.photo_rotated import (
    RotatedPixels,
    RotatedPlacement,
    make_layer,
    paint_checker_in,
    paint_layer,
    paint_slanted,
)
from app.runtime.background import ThreadSignals, single_shot
from app.runtime.workers import StopOrder, end_pool, register_worker
from cropcore.geometry.orientation import UPRIGHT, Orientation

_log = logging.getLogger(__name__)

_EXACT_LIMIT = 16_000_000
_REST_MS = 70


class _LoaderSignals(QObject):
    """Carries results from the worker to the GUI thread.

    Signals:
        levels: number of the image, its turn, and its levels (tuple of PyramidLevel).
        exact: the level it was made of, and the one of the very size that is shown.
        layer: the rotated pixels.
    """

    levels = Signal(int, Orientation, tuple)
    exact = Signal(PyramidLevel, PyramidLevel)
    layer = Signal(RotatedPixels)

    def __init__(self) -> None:
        super().__init__()
        self.signals = ThreadSignals(self)


class PhotoImage(QObject):
    """The pixels of one photo, ready to be painted.

    Signals:
        sharpened: better pixels arrived; paint again.
    """

    sharpened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        register_worker(self, "canvas", StopOrder.READERS)
        self._source: QImage | None = None
        self._levels: tuple[PyramidLevel, ...] = ()
        self._exact: PyramidLevel | None = None
        self._turn = self._levels_turn = UPRIGHT
        self._layer: RotatedPixels | None = None
        self._slanted: RotatedPlacement | None = None
        self._layer_asked: RotatedPlacement | None = None
        self._generation = 0
        self._arrived = 0
        self._wanted = (0, 0)
        self._asked = (0, 0)
        self._stopped = False
        self._worker: Executor = ThreadPoolExecutor(1, thread_name_prefix="canvas")
        self._loader_signals = _LoaderSignals()
        self._loader_signals.levels.connect(self._take_levels)
        self._loader_signals.exact.connect(self._take_exact)
        self._loader_signals.layer.connect(self._take_layer)
        self._rest = single_shot(self, _REST_MS, self._ask_exact)
        self.destroyed.connect(_Shutdown(self._worker))

    @property
    def turn(self) -> Orientation:
        """What the pixels are shown after."""
        return self._turn

    @property
    def is_ready(self) -> bool:
        """Whether the latest pixels are shown at every level."""
        return self._generation == self._arrived and self._levels_turn == self._turn

    @property
    def is_exact(self) -> bool:
        """Whether the last painting had pixels of exactly its size and place."""
        if self._slanted is not None:
            return self._layer is not None and self._layer.placing == self._slanted
        return self._exact is not None and _size(self._exact.colour) == self._wanted

    def stop(self) -> None:
        """Wait for what is being scaled; nothing more is begun."""
        self._rest.stop()
        self._stopped = True
        end_pool(self._worker)

    def set_image(self, image: QImage | None, turn: Orientation = UPRIGHT) -> None:
        """Show another image, drawn as it is until its levels are there; it must own its pixels.

        It is shown after ``turn``.
        """
        self._generation += 1
        self._levels, self._exact, self._asked = (), None, (0, 0)
        self._turn, self._levels_turn = turn, UPRIGHT
        self._slanted = self._layer = self._layer_asked = None
        self._source = image if image is not None and not image.isNull() else None
        if self._source is not None:
            self._make_levels(self._source, turn)

    def set_turn(self, turn: Orientation) -> None:
        """Show the same pixels after another turn: at once, and sharp in a moment."""
        if turn != self._turn:
            self._turn = turn
            self._turn_levels()

    def sharpen(self, image: QImage) -> None:
        """Go over to other pixels of the same photo once they are ready."""
        if self._source is None:
            self.set_image(image)
        elif not image.isNull():
            self._generation += 1
            self._make_levels(image, self._turn)

    def paint(self, context: PaintContext, grey: bool, clip: QRect | None = None) -> None:
        """Draw the whole photo (grey where wanted and ready), only within ``clip`` if given."""
        if self._source is None:
            return
        if context.pose.angle or self._levels_turn != self._turn:
            self._paint_slanted(context, grey, clip)
            return
        self._slanted = None
        target = context.rect((0.0, 0.0, 1.0, 1.0))
        self._want((target.width(), target.height()))
        visible = target.intersected(context.viewport)
        if clip is not None:
            visible = visible.intersected(clip)
        if visible.isEmpty():
            return
        image = self._image_for(target.width(), grey)
        if image.hasAlphaChannel():
            context.painter.setBrushOrigin(target.topLeft())
            context.painter.fillRect(visible, checker(context))
        paint_image(context.painter, image, target, visible)

    def _paint_slanted(self, context: PaintContext, grey: bool, clip: QRect | None) -> None:
        """Draw a straightened photo, or one whose pixels are not turned yet."""
        edge = context.photo_edge()
        visible = edge.boundingRect().toAlignedRect().intersected(context.viewport)
        if clip is not None:
            visible = visible.intersected(clip)
        if visible.isEmpty():
            return
        on_screen = context.to_device.mapRect(QRectF(0, 0, context.pose.width, context.pose.height))
        image = self._image_for(
            round(max(on_screen.width(), on_screen.height())), grey, longest=True
        )
        if image.hasAlphaChannel():
            context.painter.setBrushOrigin(visible.topLeft())
            paint_checker_in(context, checker(context), visible)
        left = self._levels_turn.inverse.then(self._turn)
        place = pixel_transform(_size(image), left, context.pose) * context.to_device
        scale = abs(place.determinant()) ** 0.5
        placing = RotatedPlacement(
            self._arrived,
            _size(image),
            grey,
            place,
            (visible.left(), visible.top(), visible.width(), visible.height()),
            scale >= BLOCKS_FROM,
        )
        if self._layer is not None and self._layer.placing == placing:
            paint_layer(context.painter, self._layer)
        else:
            paint_slanted(context.painter, image, placing)
        if placing != self._slanted:
            self._slanted = placing
            self._rest.start()

    def _turn_levels(self) -> None:
        """Bring the levels to the turn that is wanted; the GUI thread goes on meanwhile."""
        if self._levels and self._levels_turn != self._turn:
            by = self._levels_turn.inverse.then(self._turn)
            levels, loader_signals, turn, number = (
                self._levels,
                self._loader_signals,
                self._turn,
                self._generation,
            )
            self._work(
                lambda: loader_signals.signals.send(
                    loader_signals.levels, number, turn, turned_levels(levels, by)
                )
            )

    def _make_levels(self, image: QImage, turn: Orientation) -> None:
        loader_signals, number = self._loader_signals, self._generation
        self._work(
            lambda: loader_signals.signals.send(
                loader_signals.levels, number, turn, make_levels(image, turn)
            )
        )

    def _work(self, job: Callable[[], None]) -> None:
        if not self._stopped:
            self._worker.submit(job).add_done_callback(_report)

    def _image_for(self, length: int, grey: bool, longest: bool = False) -> QImage:
        level = self._long_level(length) if longest else self._level_for(length)
        if level is None:
            assert self._source is not None
            return self._source
        return level.grey if grey else level.colour

    def _level_for(self, width: int) -> PyramidLevel | None:
        if self._exact is not None and self._exact.width == width:
            return self._exact
        return next((x for x in reversed(self._levels) if x.width >= width), None) or (
            self._levels[0] if self._levels else None
        )

    def _long_level(self, length: int) -> PyramidLevel | None:
        """The smallest level whose longer side is as long; else the largest."""
        return next(
            (x for x in reversed(self._levels) if max(_size(x.colour)) >= length), None
        ) or (self._levels[0] if self._levels else None)

    def _want(self, size: tuple[int, int]) -> None:
        if size != self._wanted:
            self._wanted = size
            self._rest.start()

    def _ask_exact(self) -> None:
        if self._slanted is not None:
            self._ask_layer(self._slanted)
            return
        wide, high = self._wanted
        if not self._levels or self._asked == self._wanted:
            return
        if wide >= self._levels[0].width or wide * high > _EXACT_LIMIT:
            return
        level = self._level_for(wide)
        if level is not None:
            self._asked = self._wanted
            loader_signals = self._loader_signals
            self._work(
                lambda: loader_signals.signals.send(
                    loader_signals.exact, level, exact_level(level, (wide, high))
                )
            )

    def _ask_layer(self, placing: RotatedPlacement) -> None:
        level = next((x for x in self._levels if _size(x.colour) == placing.size), None)
        if level is not None and placing != self._layer_asked:
            self._layer_asked = placing
            loader_signals, pixels = self._loader_signals, level.pixels
            self._work(
                lambda: loader_signals.signals.send(
                    loader_signals.layer, make_layer(pixels, placing)
                )
            )

    @Slot(int, object, object)
    def _take_levels(
        self, generation: int, turn: Orientation, levels: tuple[PyramidLevel, ...]
    ) -> None:
        if generation == self._generation:
            self._arrived = generation
            self._levels, self._levels_turn = levels, turn
            self._exact = None
            self._source, self._asked = levels[0].colour, (0, 0)
            self._layer_asked = None
            self._turn_levels()
            self._rest.start()
            self.sharpened.emit()

    @Slot(object, object)
    def _take_exact(self, source: PyramidLevel, exact: PyramidLevel) -> None:
        if source in self._levels:
            self._exact = exact
            self.sharpened.emit()

    @Slot(object)
    def _take_layer(self, layer: RotatedPixels) -> None:
        if layer.placing == self._slanted:
            self._layer = layer
            self.sharpened.emit()


class _Shutdown:
    """Waits for what the worker does, so that it lets go of the signals before their owner does."""

    def __init__(self, worker: Executor) -> None:
        self._worker = worker

    def __call__(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)


def _report(job: Future[None]) -> None:
    """A photo that cannot be prepared is still drawn as it came; the cause belongs in the log."""
    if not job.cancelled() and (error := job.exception()) is not None:
        _log.error("The photo could not be made sharp on screen.", exc_info=error)


def _size(image: QImage) -> tuple[int, int]:
    return image.width(), image.height()
