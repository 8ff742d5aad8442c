"""Work that steps back while somebody waits for something else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

_CLAIM_SECONDS = 2.0
_PATIENCE_SECONDS = 2.0


class Courtesy:
    """Lets somebody go before the steps of long work, from any thread.

    A claim holds until it is released, or for two seconds since it was made last. A step waits as long
    at most: so long work goes on, slowly, whatever is claimed.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until = 0.0

    def claim(self) -> None:
        """Somebody is at work, or waits for an answer."""
        with self._changed:
            self._until = monotonic() + _CLAIM_SECONDS

    def release(self) -> None:
        """Everything is there that somebody could wait for."""
        with self._changed:
            self._until = 0.0
            self._changed.notify_all()

    @property
    def claimed(self) -> bool:
        """Whether somebody goes first now."""
        return monotonic() < self._until

    def wake(self) -> None:
        """Let the steps that wait look whether they are given up."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, given_up: Callable[[], bool] = lambda: False) -> None:
        """Return when nobody goes first, when a step has waited for long enough, or is ``given_up``."""
        latest = monotonic() + _PATIENCE_SECONDS
        with self._changed:
            while not given_up() and (left := min(self._until, latest) - monotonic()) > 0:
                self._changed.wait(left)
