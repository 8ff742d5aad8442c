"""A record of every time the window's event loop did not come round for too long, and of what ran.

For debugging: ``cropsight --stalls``, or the environment variable CROPSIGHT_STALLS. The event loop
is rung again and again by a thread, which looks at what the GUI thread is doing until it is heard.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Slot

LIMIT = 0.016
"""Seconds: a frame of 60 Hz."""

_RING_EVERY, _LOOK_EVERY = 0.002, 0.004
_PACKAGE = str(Path(__file__).parent)
_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Stall:
    """One round of the event loop that took too long.

    Attributes:
        seconds: how long it took.
        busy: seconds of it in which the GUI thread was computing; the rest it waited, as for the
            interpreter, for a lock or for its turn on the processor.
        running: what ran, innermost first, as ``file:line function``; empty if nobody looked in time.
    """

    seconds: float
    busy: float
    running: tuple[str, ...]

    def __str__(self) -> str:
        where = " < ".join(self.running[:4]) or "?"
        return f"{self.seconds * 1000:.0f} ms ({self.busy * 1000:.0f} ms computing): {where}"


class StallRecorder(QObject):
    """Records the stalls of the GUI thread, on which it is made, until it is stopped."""

    def __init__(self, parent: QObject | None = None, limit: float = LIMIT) -> None:
        super().__init__(parent)
        self.stalls: list[Stall] = []
        self._limit = limit
        self._gui = threading.get_ident()
        self._heard, self._ended = threading.Event(), threading.Event()
        self._bell, self._ear = socket.socketpair()
        self._ear.setblocking(False)
        self._notifier = QSocketNotifier(self._ear.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)
        self._watch = threading.Thread(target=self._look, name="stalls", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Record no more."""
        self._ended.set()
        self._heard.set()
        self._watch.join()
        self._notifier.setEnabled(False)

    @Slot()
    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ear.recv(64)
        self._heard.set()

    def _look(self) -> None:
        """On its own thread: ring, and note what runs until it is heard. Calls nothing of Qt."""
        while not self._ended.wait(_RING_EVERY):
            self._heard.clear()
            begun, busy = time.perf_counter(), self._computed()
            running: tuple[str, ...] = ()
            self._bell.send(b"!")
            while not (self._heard.wait(_LOOK_EVERY) or self._ended.is_set()):
                frame = sys._current_frames().get(self._gui)
                running = _names(frame) or running
            seconds = time.perf_counter() - begun
            if seconds > self._limit and len(self.stalls) < _KEPT and not self._ended.is_set():
                self.stalls.append(Stall(seconds, self._computed() - busy, running))

    def _computed(self) -> float:
        """Seconds that the GUI thread has computed so far, where the system tells."""
        if not hasattr(time, "pthread_getcpuclockid"):
            return time.perf_counter()
        return time.clock_gettime(time.pthread_getcpuclockid(self._gui))


def _names(frame: FrameType | None) -> tuple[str, ...]:
    """The frames that are this program's own, innermost first."""
    names = []
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_PACKAGE) and code.co_filename != __file__:
            place = Path(code.co_filename).relative_to(_PACKAGE)
            names.append(f"{place}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return tuple(names)
