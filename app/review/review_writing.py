"""The writing of accepted crops in a worker thread."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from app.runtime.background import Outbox
from app.runtime.shutdown import end_thread
from cropcore.batch.control import BatchControl
from cropcore.batch.preset import Preset
from cropcore.batch.review import Accepted, write_accepted

log = logging.getLogger(__name__)


class ReviewWriting(QThread):
    """Writes crops one after the other; a failure never stops the rest.

    Signals: ``told`` (Outcome), ``broke`` (a text: something that no outcome tells). ``cancel`` ends
    it after the file in work.
    """

    told = Signal(object)
    broke = Signal(str)

    def __init__(
        self, accepted: Sequence[Accepted], preset: Preset, folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.accepted = tuple(accepted)
        self.preset = preset
        self.folder = folder
        self._control = BatchControl()
        self._outbox = Outbox(self)
        # Before anybody else hears of the end, which Qt tells by a way of its own.
        self.finished.connect(self._outbox.deliver)

    def cancel(self) -> None:
        """Stop after the file that is being written."""
        self._control.cancel()

    def end(self) -> None:
        """Stop after the file that is being written, and tell of all that were."""
        self.cancel()
        end_thread(self)
        self._outbox.deliver()

    @property
    def was_cancelled(self) -> bool:
        """Whether the person stopped it."""
        return self._control.cancelled

    def run(self) -> None:
        """The thread's work."""
        try:
            for outcome in write_accepted(self.accepted, self.preset, self.folder, self._control):
                self._outbox.send(self.told, outcome)
        except Exception as error:  # The person must hear of the end in any case.
            log.exception("Cannot write accepted crops to %s", self.folder)
            self._outbox.send(self.broke, str(error))
