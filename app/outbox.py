"""Signals from worker threads, emitted on the thread that the outbox lives in.

A signal that carries Python objects may not be queued by Qt from one thread to another: the copies
that Qt makes on the way are not safe with the interpreter's reference counts, and a receiver can
meet an object that is gone. Here the objects wait in Python and only an empty signal crosses.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance


class Outbox(QObject):
    """Takes signals from any thread and emits them, in order, on its own."""

    _filled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._letters: deque[tuple[SignalInstance, tuple[Any, ...]]] = deque()
        self._filled.connect(self._empty, Qt.ConnectionType.QueuedConnection)

    def send(self, signal: SignalInstance, *values: object) -> None:
        """Have ``signal`` emitted with ``values`` soon; may be called from any thread."""
        self._letters.append((signal, values))
        self._filled.emit()

    def _empty(self) -> None:
        while self._letters:
            signal, values = self._letters.popleft()
            signal.emit(*values)
