"""Background work: worker threads, their signals on the thread of the receiver, single-shot timers.

No call of Qt is made from a worker: signals that carry Python objects from one thread to another,
and even empty ones, have ended the program now and then, when Qt's and the interpreter's ideas of
what is still alive differed. Here the objects wait in Python, and a byte through a socket wakes the
event loop that takes them.
"""

from __future__ import annotations

import contextlib
import logging
import math
import socket
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal, SignalInstance, Slot

from app.runtime.workers import StopOrder, end_pool, register_worker

log = logging.getLogger(__name__)

Result = TypeVar("Result")

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


class BackgroundWorker(QObject):
    """A thread, or a few, that work for ``owner`` one thing after the other, and end with its window.

    ``name`` and ``order`` are those of :func:`register_worker`. As it stops, what has not begun is
    dropped; of what the person decided (``StopOrder.RECORDS``) nothing is.
    """

    _ended = Signal(object, object)
    """What is to be called, and the result that it gets."""

    def __init__(self, owner: QObject, name: str, order: StopOrder, threads: int = 1) -> None:
        super().__init__(owner)
        register_worker(self, name, order)
        self._name = name
        self._drops = order is not StopOrder.RECORDS
        self._signals = ThreadSignals(self)
        self._pool = ThreadPoolExecutor(threads, name)
        self._stopped = False
        self._ended.connect(self._call)

    @property
    def is_stopped(self) -> bool:
        """Whether nobody will see a result any more; long work asks between two steps, on any thread."""
        return self._stopped

    def submit(
        self, work: Callable[[], Result], then: Callable[[Result], object] | None = None
    ) -> None:
        """Do ``work`` on the thread, then call ``then`` with its result on the thread of the owner.

        Work that raises is logged, and ``then`` is not called; nor is it once the worker was stopped,
        when no more work is taken either.
        """
        if not self._stopped:
            self._pool.submit(self._run, work, then)

    def send(self, signal: SignalInstance, *values: object) -> None:
        """Have a signal emitted on the thread of the owner; for work that tells more than its result."""
        self._signals.send(signal, *values)

    def stop(self) -> None:
        """Take no more work, and wait for what was begun."""
        self._stopped = True
        end_pool(self._pool, cancel=self._drops)

    def _run(self, work: Callable[[], Result], then: Callable[[Result], object] | None) -> None:
        try:
            result = work()
        except Exception:  # The next work must have its turn.
            log.exception("Background work failed: %s", self._name)
            return
        if then is not None:
            self._signals.send(self._ended, then, result)

    def _call(self, then: Callable[[Result], object], result: Result) -> None:
        if not self._stopped:
            then(result)
