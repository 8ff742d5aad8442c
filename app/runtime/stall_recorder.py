"""Records stalls of the GUI thread's event loop with the stack that caused them.

For debugging: ``cropsight --stalls``, or the environment variable CROPSIGHT_STALLS. The event loop
is rung again and again by a thread, which looks at what the GUI thread is doing until it is heard.

That thread reads the places that :mod:`faulthandler` writes, and no frames of Python's: whoever holds a
frame holds what is in it, and a widget whose last holder is another thread is deleted there.
"""

from __future__ import annotations

import contextlib
import faulthandler
import re
import socket
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QObject, QSocketNotifier, Slot

import app

LIMIT = 0.016
"""Seconds: a frame of 60 Hz."""

_RING_EVERY, _LOOK_EVERY = 0.002, 0.004
_THREAD = re.compile(r"hread 0x([0-9a-f]+)")
_OURS = re.compile(
    rf'File "{re.escape(str(Path(app.__file__).parent))}[/\\](.+)", line (\d+) in (.+)'
)
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
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._notifier = QSocketNotifier(self._woken.fileno(), QSocketNotifier.Type.Read, self)
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
            self._woken.recv(64)
        self._heard.set()

    def _look(self) -> None:
        """Runs on its own thread: wake the event loop, and note what runs until it answers. Calls
        nothing of Qt."""
        with tempfile.TemporaryFile(buffering=0) as places:
            self._listen(places)

    def _listen(self, places: BinaryIO) -> None:
        while not self._ended.wait(_RING_EVERY):
            self._heard.clear()
            begun, busy = time.perf_counter(), self._computed()
            running: tuple[str, ...] = ()
            self._wake.send(b"!")
            while not (self._heard.wait(_LOOK_EVERY) or self._ended.is_set()):
                running = _places(places, self._gui) or running
            seconds = time.perf_counter() - begun
            if seconds > self._limit and len(self.stalls) < _KEPT and not self._ended.is_set():
                self.stalls.append(Stall(seconds, self._computed() - busy, running))

    def _computed(self) -> float:
        """Seconds that the GUI thread has computed so far, where the system tells."""
        if not hasattr(time, "pthread_getcpuclockid"):
            return time.perf_counter()
        return time.clock_gettime(time.pthread_getcpuclockid(self._gui))


def _places(file: BinaryIO, thread: int) -> tuple[str, ...]:
    """Stack of a thread within this program, innermost first; ``file`` takes faulthandler's dump."""
    file.seek(0)
    file.truncate()
    faulthandler.dump_traceback(file)
    file.seek(0)
    told = file.read().decode(errors="replace")
    for part in told.split("\n\n"):
        head, _, lines = part.partition("\n")
        if (found := _THREAD.search(head)) and int(found[1], 16) == thread:
            return tuple(f"{m[1]}:{m[2]} {m[3]}" for m in _OURS.finditer(lines))
    return ()
