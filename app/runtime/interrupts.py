"""Ends the program on Ctrl+C in its terminal."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier


class Interrupts(QObject):
    """Calls ``act`` on the GUI thread at every SIGINT and SIGTERM, also while nothing else happens.

    Python runs its handlers only between two of its own instructions, of which Qt's loop has none.
    """

    def __init__(self, act: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._read, self._write = socket.socketpair()
        for end in (self._read, self._write):
            end.setblocking(False)
        signal.set_wakeup_fd(self._write.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: act())
        notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(self._drain)

    def _drain(self) -> None:
        """That this runs at all is what has Python call its handlers."""
        self._read.recv(64)
