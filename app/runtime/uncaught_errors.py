"""Handles uncaught exceptions of all threads: logs them and signals them for a notice."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.runtime.background import ThreadSignals

_LOG = logging.getLogger("cropsight")
_REMEMBERED = 200
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class UncaughtError:
    """One error: ``summary`` is a line for a person, ``details`` the traceback to copy."""

    summary: str
    details: str


class UncaughtErrors(QObject):
    """Receives uncaught exceptions once :meth:`watch` was called.

    An error that comes again from the same place, as one in painting does sixty times a second,
    is caught once, and logged at its 1st, 2nd, 4th, 8th ... time.

    Signals: ``caught`` (UncaughtError), on this object's thread.
    """

    caught = Signal(UncaughtError)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._signals = ThreadSignals(self)
        self._times: Counter[tuple[str, str, int]] = Counter()
        self._guard = threading.Lock()
        self._before: tuple[Any, Any, Any] | None = None

    def watch(self) -> None:
        """Take the place of Python's own hooks, which would only print."""
        if self._before is None:
            self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
            sys.excepthook = self._uncaught
            threading.excepthook = self._uncaught_in_thread
            sys.unraisablehook = self._unraisable

    def leave(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def hear(self, error: BaseException, where: str = "") -> None:
        """Log an error and have it caught; may be called on any thread."""
        details = "".join(traceback.format_exception(error)).rstrip()
        frames = traceback.extract_tb(error.__traceback__)
        place = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
        with self._guard:
            if len(self._times) > _REMEMBERED:
                self._times.clear()
            self._times[type(error).__name__, *place] += 1
            times = self._times[type(error).__name__, *place]
        if times & (times - 1) == 0:
            again = f" (for the {times}th time)" if times > 2 else ""
            _LOG.error("Uncaught%s%s\n%s", f" {where}" if where else "", again, details)
        if times == 1:
            said = str(error).strip().splitlines()
            name = type(error).__name__
            summary = f"{name}: {said[0]}" if said else name
            if len(summary) > _LONGEST:
                summary = summary[: _LONGEST - 1] + "…"
            self._signals.send(self.caught, UncaughtError(summary, details))

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt) and self._before is not None:
            self._before[0](kind, error, trace)
            return
        self.hear(error.with_traceback(trace))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
            self.hear(args.exc_value, f"in thread {args.thread.name if args.thread else '?'}")

    def _unraisable(self, args: Any) -> None:
        if args.exc_value is not None:
            self.hear(args.exc_value, f"in {args.object!r}"[:_LONGEST])
