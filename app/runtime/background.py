"""Signals from worker threads, emitted on the thread of their receiver, and single-shot timers.

No call of Qt is made from a worker: signals that carry Python objects from one thread to another,
and even empty ones, have ended the program now and then, when Qt's and the interpreter's ideas of
what is still alive differed. Here the objects wait in Python, and a byte through a socket wakes the
event loop that takes them.
"""

from __future__ import annotations

import contextlib
import math
import socket
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, SignalInstance, Slot

_MOMENT_SECONDS = 0.005


def single_shot(parent: QObject, ms: int, then: Callable[[], object] | SignalInstance) -> QTimer:
    """A timer, not started yet, that calls ``then`` once, ``ms`` after its latest start."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(ms)
    timer.timeout.connect(then)
    return timer


class ThreadSignals(QObject):
    """Takes signals from any thread and emits them, in order, on its own."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[SignalInstance, tuple[Any, ...]]] = deque()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._notifier = QSocketNotifier(self._woken.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._deliver_some)

    def send(self, signal: SignalInstance, *values: object) -> None:
        """Have ``signal`` emitted with ``values`` soon; may be called from any thread."""
        self._waiting.append((signal, values))
        # EAGAIN: a wake-up is pending already. EBADF: the receiver was destroyed.
        with contextlib.suppress(OSError):
            self._wake.send(b"!")

    @Slot()
    def deliver(self) -> None:
        """Emit all that waits; on this object's own thread only."""
        self._deliver_until(math.inf)

    @Slot()
    def _deliver_some(self) -> None:
        """Emit for a moment: thousands of signals must not block the GUI thread."""
        self._deliver_until(monotonic() + _MOMENT_SECONDS)
        if self._waiting:
            with contextlib.suppress(OSError):
                self._wake.send(b"!")

    def _deliver_until(self, end: float) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._woken.recv(4096):
                pass
        while self._waiting and monotonic() < end:
            signal, values = self._waiting.popleft()
            signal.emit(*values)
