"""Benchmark of the window: start-up time, and dragging the ratio slider by mouse events."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import create_app, settle_process, show_window
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect

_LEFT, _NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_GOLDEN = 0.6180339887498949
_WAIT_MS = 120_000


def run(what: Sequence[str]) -> NoReturn:
    """Do what was asked, print it as JSON and end the process at once, without closing anything.

    Args:
        what: ``("start",)`` shows a window; ``("candidates", photo, home, device)`` waits for what it
            shows of a photo too; ``("slider", photo, home, device, most, seconds)`` prints what
            :func:`slider_seconds` returns.
    """
    if what[0] == "start":
        app = create_app()
        show_window(app, Settings())
        app.processEvents()
    elif what[0] == "candidates":
        photo, home, device = what[1:]
        _opened(Path(photo), Path(home), device)
    else:
        photo, home, device, most, seconds = what[1:]
        taken = slider_seconds(Path(photo), Path(home), device, int(most), float(seconds))
        sys.stdout.write(json.dumps(taken))
        sys.stdout.flush()
    os._exit(0)


def slider_seconds(photo: Path, home: Path, device: str, most: int, seconds: float) -> list[float]:
    """Time a drag of the ratio slider in a new window, in a process that has none yet.

    Args:
        photo: the photo to open.
        home: a folder for settings; what the window remembers goes where the environment says.
        device: where the engine computes, as for ``cropsight --device``.
        most: steps of the drag at most.
        seconds: no step begins later than this, but for the third.

    Returns:
        For each step the seconds that :meth:`SliderDriver.step` took.

    Raises:
        CropsightError: the photo or its candidates did not come within two minutes.
    """
    window, hand = _opened(photo, home, device)
    hand.press()
    hand.step()
    taken: list[float] = []
    begun = time.perf_counter()
    while len(taken) < most and (len(taken) < 3 or time.perf_counter() - begun < seconds):
        taken.append(hand.step())
    hand.release()
    window.close()
    return taken


def _opened(photo: Path, home: Path, device: str) -> tuple[MainWindow, SliderDriver]:
    """A new window that shows a photo with its candidates."""
    settle_process()
    settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    window = show_window(create_app(), settings, device)
    window.open_paths([photo])
    window.start_engine()
    hand = SliderDriver(window)
    hand.wait(lambda: hand.shows_all)
    return window, hand


class SliderDriver(QObject):
    """A hand on the ratio slider of a shown window, and eyes on its strip and its canvas."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._slider = window, window.parts.aspect_panel.slider
        self._stride = 0
        self._been: set[Aspect] = set()
        self._ready: set[QObject] = set()
        self._painted: set[QObject] = set()
        self._canvas = window.parts.canvas.viewport()
        for part in (self._canvas, *window.parts.strip.cards):
            part.installEventFilter(self)
        window.parts.shown_candidates.changed.connect(self._begin_anew)
        # Heard behind the window, which connected first: the picture is in its place.
        window.parts.crop_thumbnails.made.connect(self._see_picture)

    @property
    def shows_all(self) -> bool:
        """Whether candidates for the aspect in hand are painted, on the canvas and with pictures."""
        photo, found = (
            self._window.parts.editor.photo,
            self._window.parts.shown_candidates.suggestions,
        )
        if photo is None or found is None or found.aspect != photo.edit.aspect:
            return False
        wanted = self._window.parts.strip.cards[: len(found.candidates)]
        return bool(wanted) and self._painted.issuperset({self._canvas, *wanted})

    def press(self) -> None:
        """Take hold of the thumb."""
        self._send(QEvent.Type.MouseButtonPress, self._slider.thumb_x(), _LEFT)

    def step(self) -> float:
        """Drag the held thumb to a ratio where it has not been yet.

        Returns:
            Seconds from the mouse event until the strip has painted the candidates of that ratio with
            all their pictures, and the canvas has painted them too.

        Raises:
            CropsightError: that took more than two minutes.
        """
        x = self._new_place()
        begun = time.perf_counter()
        self._send(QEvent.Type.MouseMove, x, _LEFT)
        self.wait(lambda: self.shows_all)
        return time.perf_counter() - begun

    def release(self) -> None:
        """Let go of the thumb."""
        self._send(QEvent.Type.MouseButtonRelease, self._slider.thumb_x(), _NO_BUTTON)

    def wait(self, what: Callable[[], bool]) -> None:
        """Serve the window until something holds.

        Raises:
            CropsightError: it did not within two minutes.
        """
        late = QTimer(self)
        late.setSingleShot(True)
        late.start(_WAIT_MS)
        while not what():
            if not late.isActive():
                raise CropsightError("The window did not show candidates within two minutes.")
            # Sleeping until something happens: spinning would take the interpreter from the engine.
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        late.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is about to be painted as it is now."""
        if event.type() == QEvent.Type.Paint and (
            watched is self._canvas or watched in self._ready
        ):
            self._painted.add(watched)
        return False

    def _begin_anew(self) -> None:
        """Other candidates: nothing of them is painted, and no picture of them is there."""
        self._ready.clear()
        self._painted.clear()

    def _see_picture(self, number: int, place: int, image: QImage) -> None:
        thumb = self._window.parts.strip.cards[place]
        if number == self._window.parts.crop_thumbnails.latest and thumb.has_picture:
            self._ready.add(thumb)
            self._painted.discard(thumb)

    def _new_place(self) -> float:
        """A place on the slider, in its pixels, whose aspect nobody has asked for."""
        while True:
            self._stride += 1
            x = self._slider.x_of(0.5 * 4 ** math.modf(self._stride * _GOLDEN)[0])
            aspect = self._slider.aspect_at(x)
            if aspect not in self._been:
                self._been.add(aspect)
                return x

    def _send(self, kind: QEvent.Type, x: float, held: Qt.MouseButton) -> None:
        place = QPointF(x, self._slider.height() / 2)
        button = _NO_BUTTON if kind == QEvent.Type.MouseMove else _LEFT
        seen = self._slider.mapToGlobal(place)
        event = QMouseEvent(kind, place, seen, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._slider, event)
