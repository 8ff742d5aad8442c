"""Base of the threads that write files for the window: how they are cancelled and ended."""

from __future__ import annotations

from PySide6.QtCore import QObject, QThread

from app.runtime.background import ThreadSignals
from app.runtime.workers import end_thread
from cropcore.job_control import JobControl


class WriteThread(QThread):
    """Writes files through the core's pipeline; ``cancel`` ends it after the file in work."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.control = JobControl()
        self.signals = ThreadSignals(self)
        # Before anybody else hears of the end, which Qt tells by a way of its own.
        self.finished.connect(self.signals.deliver)

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self.control.cancel()

    def end(self) -> None:
        """Stop after the file that is being written, and tell of all that were."""
        self.cancel()
        end_thread(self)
        self.signals.deliver()

    @property
    def was_cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self.control.cancelled
