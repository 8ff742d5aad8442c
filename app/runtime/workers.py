"""Registry of background workers: stops them in one order as the window closes, each within its time.

Whoever owns a thread, or a timer behind which something is written, registers with a name and a place in
the order. The entry lies in Qt's tree of objects below its owner, so what was made below a window is
stopped with that window, however late it was made, and nothing has to be handed around.

A thread cannot be ended from outside, and one that reads a damaged file or from a dead network drive
may never come back. So whoever closes the program says how long its threads may take together; what is
being written for the person has a time of its own, however much others have used up.
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from contextvars import ContextVar
from enum import IntEnum
from functools import partial
from typing import NoReturn, Protocol, cast

from PySide6.QtCore import QObject, QThread

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 3.0
"""How long all workers that write no records may take together to end with the program."""
WRITING_SECONDS = 5.0
"""How long a worker may take over one file of what the person decided."""
_MOMENT_SECONDS = 0.1
_STEP_SECONDS = 0.05
_GRACE_SECONDS = 2.0
"""How much longer than its time a worker's ``stop`` may keep the GUI thread."""
_numbers = itertools.count()


class StopOrder(IntEnum):
    """When a worker is stopped, the lowest first; those of one place in the order of their registration."""

    JOBS = 1
    """Exports and batches: cancelled after the file in hand, whose result still becomes a record."""
    RECORDS = 2
    """What the person decided, to be written in any case: sidecars, presets, reviews, the session."""
    READERS = 3
    """What only reads, computes or asks, and whose results nobody will see."""
    ENGINE = 4
    """The engine, which all others ask."""


class Stoppable(Protocol):
    """Owner of threads or timers."""

    def stop(self) -> object:
        """Begin nothing more and wait, by one of the functions below, for what was begun."""


class RegisteredWorker(QObject):
    """The entry of one worker; made by :func:`register_worker`."""

    def __init__(
        self, owner: QObject, name: str, order: StopOrder, worker: Stoppable | None
    ) -> None:
        super().__init__(owner)
        self.name, self.order, self.number = name, order, next(_numbers)
        self._worker = worker

    def stop(self) -> None:
        """Stop the worker."""
        worker = self._worker if self._worker is not None else cast(Stoppable, self.parent())
        worker.stop()


def register_worker(
    owner: QObject, name: str, order: StopOrder, worker: Stoppable | None = None
) -> None:
    """Have a worker stopped when the window closes below which ``owner`` lies.

    ``worker`` is the owner itself unless it is given. ``name`` is for the log.
    """
    RegisteredWorker(owner, name, order, worker)


def registered_workers(root: QObject) -> list[RegisteredWorker]:
    """The workers below ``root`` in the order in which they are stopped."""
    found = root.findChildren(RegisteredWorker)
    return sorted(found, key=lambda worker: (worker.order, worker.number))


def stop_workers(root: QObject, patience: float | None = None) -> list[str]:
    """Stop every worker below ``root``, also those that are registered meanwhile.

    One that raises, or whose thread does not end in time, keeps no other from being stopped. One whose
    ``stop`` itself never returns ends the process, as nothing else would.

    Args:
        patience: seconds that all may take together, but for :data:`WRITING_SECONDS`; None: as long
            as they take.

    Returns:
        The names of those that raised or did not end.
    """
    shutdown = _Shutdown(patience)
    token = _running.set(shutdown)
    watchdog = threading.Thread(target=shutdown.watch, name="shutdown", daemon=True)
    try:
        if patience is not None:
            watchdog.start()
        stopped: set[int] = set()
        while waiting := [w for w in registered_workers(root) if w.number not in stopped]:
            stopped.add(waiting[0].number)
            shutdown.stop(waiting[0])
    finally:
        shutdown.over.set()
        _running.reset(token)
    return shutdown.left


class _Shutdown:
    """The stopping of all workers of a window; ``left`` names those that failed or did not end."""

    def __init__(self, patience: float | None) -> None:
        self.limited = patience is not None
        self.left: list[str] = []
        self.over = threading.Event()
        self._end = time.monotonic() + (patience or 0.0)
        self._name, self._order = "", StopOrder.JOBS
        self._allowed_until = self._end

    @property
    def seconds(self) -> float:
        """What is left for the worker being stopped; a moment always is, in which idle ones end."""
        least = WRITING_SECONDS if self._order is StopOrder.RECORDS else _MOMENT_SECONDS
        return max(self._end - time.monotonic(), least)

    def stop(self, worker: RegisteredWorker) -> None:
        self._name, self._order = worker.name, worker.order
        self.get_on()
        try:
            worker.stop()
        except Exception:
            log.exception("%s did not end well", worker.name)
            self.left.append(worker.name)

    def get_on(self) -> None:
        """Something was done: the watchdog waits for the next thing."""
        self._allowed_until = time.monotonic() + max(self.seconds, WRITING_SECONDS) + _GRACE_SECONDS

    def give_up(self) -> None:
        log.warning("The program ends without waiting longer for: %s", self._name)
        if self._name not in self.left:
            self.left.append(self._name)

    def watch(self) -> None:
        """End the process once one worker's ``stop`` keeps the GUI thread; on a thread of its own."""
        while not self.over.wait(_STEP_SECONDS):
            if time.monotonic() > self._allowed_until:
                log.error("The program ends while %s is being stopped", self._name)
                end_process(0)


_running: ContextVar[_Shutdown | None] = ContextVar("running shutdown", default=None)


def end_process(status: int) -> NoReturn:
    """End the process though threads are still at work, which nothing can end and Python waits for.

    All that had to be written is: what they have in hand are files under names that are not final.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)


def end_pool(pool: Executor, cancel: bool = True) -> None:
    """Wait for an executor's threads; with ``cancel`` what has not begun is dropped."""
    pool.shutdown(wait=False, cancel_futures=cancel)
    end = partial(pool.shutdown, wait=True)
    shutdown = _running.get()
    if shutdown is None or not shutdown.limited:
        end()
        return
    waiting = threading.Thread(target=end, name="ending", daemon=True)
    waiting.start()
    waiting.join(shutdown.seconds)
    if waiting.is_alive():
        shutdown.give_up()


def end_thread(thread: QThread) -> None:
    """Wait for a thread of Qt that was asked to end."""
    shutdown = _running.get()
    if shutdown is None or not shutdown.limited:
        thread.wait()
    elif not thread.wait(round(1000 * shutdown.seconds)):
        shutdown.give_up()


def end_writer(thread: threading.Thread, done: Callable[[], int]) -> None:
    """Wait for a thread that writes what the person decided, as long as it gets on.

    ``done`` counts the files that it is through with.
    """
    shutdown = _running.get()
    if shutdown is None or not shutdown.limited:
        thread.join()
        return
    count, since = done(), time.monotonic()
    while thread.is_alive():
        thread.join(_STEP_SECONDS)
        if done() != count:
            count, since = done(), time.monotonic()
            shutdown.get_on()
        elif time.monotonic() - since > WRITING_SECONDS:
            shutdown.give_up()
            return
