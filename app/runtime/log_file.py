"""Rotating log file in the platform's log folder."""

from __future__ import annotations

import atexit
import contextlib
import faulthandler
import logging
import logging.handlers
import queue
from pathlib import Path

from cropcore.files.user_dirs import log_dir

_LARGEST, _KEPT = 512 * 1024, 2
"""Bytes of one file, and how many older ones stay beside it."""
_NAME, _CRASHES = "cropsight.log", "crashes.log"
_OWN = ("app", "cropcore", "cropsight")
_LINE = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"


def keep_terminal_quiet() -> None:
    """Print only this program's own messages on the terminal; those of libraries go to the log file
    alone. To be called once a :class:`LogFile` is open.
    """
    logging.captureWarnings(True)
    for handler in logging.getLogger().handlers:
        if type(handler) is logging.StreamHandler:
            handler.addFilter(lambda record: record.name.partition(".")[0] in _OWN)


class LogFile:
    """Writes what is logged, from a thread of its own, so that nobody waits for the disk."""

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (log_dir() if folder is None else folder) / _NAME
        self._listener: logging.handlers.QueueListener | None = None
        self._handler: logging.handlers.QueueHandler | None = None

    def open(self) -> bool:
        """Begin; False where the folder cannot be written, and the program does without."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = logging.handlers.RotatingFileHandler(
                self.path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8"
            )
        except OSError:
            return False
        file.setFormatter(logging.Formatter(_LINE))
        waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = logging.handlers.QueueHandler(waiting)
        self._handler.setLevel(logging.WARNING)
        self._listener = logging.handlers.QueueListener(waiting, file)
        self._listener.start()
        logging.getLogger().addHandler(self._handler)
        atexit.register(self.close)
        return True

    def close(self) -> None:
        """Write what waits and end the thread."""
        if self._listener is None or self._handler is None:
            return
        logging.getLogger().removeHandler(self._handler)
        self._listener.stop()
        for handler in self._listener.handlers:
            handler.close()
        self._listener = self._handler = None
        atexit.unregister(self.close)


def record_crashes(folder: Path) -> None:
    """Have faulthandler write every thread's stack when native code crashes the process."""
    path = folder / _CRASHES
    with contextlib.suppress(OSError):
        if path.exists() and path.stat().st_size > _LARGEST:
            path.unlink()
        # Open as long as the process: faulthandler writes to it when the interpreter crashes.
        faulthandler.enable(path.open("a", encoding="utf-8"))
