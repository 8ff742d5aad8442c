"""The photo on the canvas: sharp at every zoom, in colour or grey, scaled off the GUI thread.

A photo is kept as levels, each half as large as the one before, so that any zoom draws from pixels
near its own size. Once the zoom rests, one more level is made at exactly that size. cv2 does the
scaling because it lets go of the interpreter lock meanwhile, which QImage does not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter

from app.canvas.stage import Stage
from app.outbox import Outbox

Pixels = NDArray[np.uint8]

_log = logging.getLogger(__name__)

_SMALLEST_LEVEL = 512
_EXACT_LIMIT = 16_000_000
_REST_MS = 70
_BLOCKS_FROM = 4.0
_CHECKER = (QColor(204, 204, 204), QColor(240, 240, 240))
_CHECKER_SIZE = 8


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The photo at one size; the images share the arrays' memory."""

    pixels: Pixels
    colour: QImage
    grey_pixels: Pixels
    grey: QImage

    @property
    def width(self) -> int:
        """Columns."""
        return self.colour.width()


class _Courier(QObject):
    """Carries results from the worker to the GUI thread."""

    levels = Signal(int, object)
    exact = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox(self)


class PhotoImage(QObject):
    """The pixels of one photo, ready to be painted.

    Signals:
        sharpened: better pixels arrived; paint again.
    """

    sharpened = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QImage | None = None
        self._levels: tuple[Level, ...] = ()
        self._exact: Level | None = None
        self._generation = 0
        self._arrived = 0
        self._wanted = (0, 0)
        self._asked = (0, 0)
        self._stopped = False
        self._worker: Executor = ThreadPoolExecutor(1, thread_name_prefix="canvas")
        self._courier = _Courier()
        self._courier.levels.connect(self._take_levels)
        self._courier.exact.connect(self._take_exact)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask_exact)
        self.destroyed.connect(_Shutdown(self._worker))

    @property
    def is_ready(self) -> bool:
        """Whether the latest pixels are shown at every level."""
        return self._generation == self._arrived

    @property
    def is_exact(self) -> bool:
        """Whether the last painting had pixels of exactly its size."""
        return self._exact is not None and _size(self._exact.colour) == self._wanted

    def stop(self) -> None:
        """Wait for what is being scaled; nothing more is begun."""
        self._rest.stop()
        self._stopped = True
        self._worker.shutdown(wait=True, cancel_futures=True)

    def set_image(self, image: QImage | None) -> None:
        """Show another image, drawn as it is until its levels are there; it must own its pixels."""
        self._generation += 1
        self._levels, self._exact, self._asked = (), None, (0, 0)
        self._source = image if image is not None and not image.isNull() else None
        if self._source is not None:
            self._work(_make_levels, self._source)

    def sharpen(self, image: QImage) -> None:
        """Go over to other pixels of the same photo once they are ready."""
        if self._source is None:
            self.set_image(image)
        elif not image.isNull():
            self._generation += 1
            self._work(_make_levels, image)

    def paint(self, stage: Stage, grey: bool, clip: QRect | None = None) -> None:
        """Draw the whole photo (grey where wanted and ready), only within ``clip`` if given."""
        if self._source is None:
            return
        target = stage.rect((0.0, 0.0, 1.0, 1.0))
        self._want((target.width(), target.height()))
        visible = target.intersected(stage.viewport)
        if clip is not None:
            visible = visible.intersected(clip)
        if visible.isEmpty():
            return
        image = self._image_for(target.width(), grey)
        if image.hasAlphaChannel():
            _paint_checker(stage, target, visible)
        paint_image(stage.painter, image, target, visible)

    def _work(self, job: Callable[..., None], *args: object) -> None:
        if not self._stopped:
            job_done = self._worker.submit(job, self._courier, self._generation, *args)
            job_done.add_done_callback(_report)

    def _image_for(self, width: int, grey: bool) -> QImage:
        level = self._level_for(width)
        if level is None:
            assert self._source is not None
            return self._source
        return level.grey if grey else level.colour

    def _level_for(self, width: int) -> Level | None:
        if self._exact is not None and self._exact.width == width:
            return self._exact
        return next((x for x in reversed(self._levels) if x.width >= width), None) or (
            self._levels[0] if self._levels else None
        )

    def _want(self, size: tuple[int, int]) -> None:
        if size != self._wanted:
            self._wanted = size
            self._rest.start()

    def _ask_exact(self) -> None:
        wide, high = self._wanted
        if not self._levels or self._asked == self._wanted:
            return
        if wide >= self._levels[0].width or wide * high > _EXACT_LIMIT:
            return
        level = self._level_for(wide)
        if level is not None:
            self._asked = self._wanted
            self._work(_make_exact, level, (wide, high))

    @Slot(int, object)
    def _take_levels(self, generation: int, levels: tuple[Level, ...]) -> None:
        if generation == self._generation:
            self._arrived = generation
            self._levels = levels
            self._source, self._asked = levels[0].colour, (0, 0)
            self._rest.start()
            self.sharpened.emit()

    @Slot(int, object)
    def _take_exact(self, generation: int, level: Level) -> None:
        if generation == self._generation:
            self._exact = level
            self.sharpened.emit()


class _Shutdown:
    """Waits for what the worker does, so that it lets go of the courier before its owner does."""

    def __init__(self, worker: Executor) -> None:
        self._worker = worker

    def __call__(self) -> None:
        self._worker.shutdown(wait=True, cancel_futures=True)


def paint_image(painter: QPainter, image: QImage, target: QRect, visible: QRect) -> None:
    """Draw ``image`` stretched over ``target``, but only its part in ``visible`` (device pixels).

    Pixels that are exactly as large as the device's are copied, smaller or slightly larger ones
    are interpolated, and from 400 % on they are shown as the blocks they are.
    """
    scale_x = image.width() / target.width()
    scale_y = image.height() / target.height()
    blocks = scale_x * _BLOCKS_FROM <= 1 and image.format() not in _PALETTED
    exact = image.width() == target.width() and image.height() == target.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not (blocks or exact))
    source = QRectF(
        (visible.left() - target.left()) * scale_x,
        (visible.top() - target.top()) * scale_y,
        visible.width() * scale_x,
        visible.height() * scale_y,
    )
    painter.drawImage(QRectF(visible), image, source)


_PALETTED = (QImage.Format.Format_Indexed8,)


def _paint_checker(stage: Stage, target: QRect, visible: QRect) -> None:
    """What shows through the transparent parts of a photo."""
    step = stage.px(_CHECKER_SIZE)
    tile = QImage(2 * step, 2 * step, QImage.Format.Format_RGB32)
    tile.fill(_CHECKER[0])
    painter = QPainter(tile)
    painter.fillRect(0, 0, step, step, _CHECKER[1])
    painter.fillRect(step, step, step, step, _CHECKER[1])
    painter.end()
    stage.painter.setBrushOrigin(target.topLeft())
    stage.painter.fillRect(visible, tile)


def _report(job: Future[None]) -> None:
    """A photo that cannot be prepared is still drawn as it came; the cause belongs in the log."""
    if not job.cancelled() and (error := job.exception()) is not None:
        _log.error("The photo could not be made sharp on screen.", exc_info=error)


def _size(image: QImage) -> tuple[int, int]:
    return image.width(), image.height()


def _make_levels(courier: _Courier, generation: int, image: QImage) -> None:
    import cv2

    pixels = _as_bgra(image)
    opaque = not image.hasAlphaChannel()
    levels = [_level(pixels, opaque)]
    while max(pixels.shape[:2]) > 2 * _SMALLEST_LEVEL and min(pixels.shape[:2]) >= 2:
        size = (pixels.shape[1] + 1) // 2, (pixels.shape[0] + 1) // 2
        pixels = _pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
        levels.append(_level(pixels, opaque))
    courier.outbox.send(courier.levels, generation, tuple(levels))


def _make_exact(courier: _Courier, generation: int, level: Level, size: tuple[int, int]) -> None:
    import cv2

    pixels = _pixels(cv2.resize(level.pixels, size, interpolation=cv2.INTER_AREA))
    exact = _level(pixels, not level.colour.hasAlphaChannel())
    courier.outbox.send(courier.exact, generation, exact)


def _as_bgra(image: QImage) -> Pixels:
    """The pixels (h, w, 4) as the screen wants them: blue first, alpha multiplied in."""
    import cv2

    form = image.format()
    if form == QImage.Format.Format_RGB888:
        return _pixels(cv2.cvtColor(_view(image, 3), cv2.COLOR_RGB2BGRA))
    if form == QImage.Format.Format_RGBX8888:
        return _pixels(cv2.cvtColor(_view(image, 4), cv2.COLOR_RGBA2BGRA))
    if form == QImage.Format.Format_RGBA8888:
        multiplied = cv2.cvtColor(_view(image, 4), cv2.COLOR_RGBA2mRGBA)
        return _pixels(cv2.cvtColor(multiplied, cv2.COLOR_RGBA2BGRA))
    alpha = image.hasAlphaChannel()
    wanted = QImage.Format.Format_ARGB32_Premultiplied if alpha else QImage.Format.Format_RGB32
    # The view does not keep its image alive, so the image must outlast the copying.
    converted = image.convertToFormat(wanted)
    return _view(converted, 4).copy()


def _view(image: QImage, channels: int) -> Pixels:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels)


def _pixels(array: object) -> Pixels:
    return np.ascontiguousarray(array, dtype=np.uint8)


def _level(pixels: Pixels, opaque: bool) -> Level:
    import cv2

    high, wide = pixels.shape[:2]
    grey = _pixels(cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY))
    form, grey_form = QImage.Format.Format_RGB32, QImage.Format.Format_Grayscale8
    if not opaque:
        grey = _pixels(cv2.merge([grey, grey, grey, pixels[..., 3]]))
        form = grey_form = QImage.Format.Format_ARGB32_Premultiplied
    return Level(
        pixels,
        QImage(pixels.data, wide, high, pixels.strides[0], form),
        grey,
        QImage(grey.data, wide, high, grey.strides[0], grey_form),
    )
