"""Stops worker threads at exit, with one deadline for all.

A thread cannot be ended from outside, and one that reads a damaged file or from a dead network drive
may never come back. So whoever ends the program says how long it may take together; nothing else is
limited. What is being written for the person has a time of its own, however much others have used up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from PySide6.QtCore import QThread

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0
"""How long all threads that read may take together to end with the program."""
WRITING_SECONDS = 5.0
"""How long one thread that writes what the person decided may take over one file."""
_MOMENT_SECONDS = 0.1
_STEP_SECONDS = 0.05


class ShutdownDeadline:
    """How long the end of the program may still take; ``left`` names what did not end in time."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.left: list[str] = []

    @property
    def seconds(self) -> float:
        """Seconds left for threads that read; never zero, so that idle ones can end."""
        return max(self._end - time.monotonic(), _MOMENT_SECONDS)


_ending: ContextVar[ShutdownDeadline | None] = ContextVar("ending", default=None)


@contextmanager
def limited(ending: ShutdownDeadline | None) -> Iterator[None]:
    """Limit the waits inside the block by a deadline; without one they are unlimited."""
    before = _ending.set(ending)
    try:
        yield
    finally:
        _ending.reset(before)


def end_pool(pool: Executor, cancel: bool = True, writes: bool = False) -> None:
    """Wait for an executor's threads; with ``cancel`` what has not begun is dropped.

    ``writes`` says that it writes what the person decided.
    """
    pool.shutdown(wait=False, cancel_futures=cancel)
    end = partial(pool.shutdown, wait=True)
    if (ending := _ending.get()) is None:
        end()
        return
    waiting = threading.Thread(target=end, name="ending", daemon=True)
    waiting.start()
    waiting.join(max(ending.seconds, WRITING_SECONDS if writes else 0.0))
    if waiting.is_alive():
        _give_up(ending, type(pool).__name__)


def end_thread(thread: QThread) -> None:
    """Wait for a thread of Qt that was asked to end."""
    if (ending := _ending.get()) is None:
        thread.wait()
    elif not thread.wait(round(1000 * ending.seconds)):
        _give_up(ending, type(thread).__name__)


def end_writer(thread: threading.Thread, done: Callable[[], int]) -> None:
    """Wait for a thread that writes what the person decided, as long as it gets on.

    ``done`` counts the files that it is through with.
    """
    if (ending := _ending.get()) is None:
        thread.join()
        return
    count, since = done(), time.monotonic()
    while thread.is_alive():
        thread.join(_STEP_SECONDS)
        if done() != count:
            count, since = done(), time.monotonic()
        elif time.monotonic() - since > WRITING_SECONDS:
            _give_up(ending, thread.name)
            return


def _give_up(ending: ShutdownDeadline, name: str) -> None:
    log.warning("The program ends without waiting longer for: %s", name)
    ending.left.append(name)
