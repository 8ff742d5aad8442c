"""Workers as the client of a batch sees them, and the one that is this process itself."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from types import TracebackType
from typing import Literal, Protocol

from cropcore.cluster.photo_work import PhotoDone, PhotoTask, Work

Tasks = tuple[PhotoTask, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a group: its photos; or its worker ``died``, was ``refused``, or ``failed`` with
    an error that nobody expected, and nothing is known of them.
    """  # fmt: skip

    tasks: Tasks
    done: tuple[PhotoDone, ...] = ()
    trouble: Literal["", "died", "refused", "failed"] = ""
    reason: str = ""


class Workers(Protocol):
    """Does groups of photos somewhere, several at once."""

    def room(self) -> int:
        """How many groups are to be on their way, so that no worker waits."""

    def submit(self, tasks: Tasks) -> None:
        """Have a group done."""

    def wait(self) -> list[Finished]:
        """Wait for groups that are finished, at least one.

        Raises:
            ClusterError: there is nobody any more who could finish one.
        """

    def stop(self) -> list[Finished]:
        """Let no further photo be begun, and wait, not without end, for those that are; what is known."""


class OwnProcess:
    """One group at a time on a thread of this process, with the next one waiting."""

    def __init__(self, work: Callable[[], Work]) -> None:
        """``work`` is asked, once, when there is something to do."""
        self._make = work
        self._work: Work | None = None
        self._thread = ThreadPoolExecutor(1, "cluster work")
        self._finished: queue.SimpleQueue[Finished] = queue.SimpleQueue()
        self._waiting = 0
        self._stopped = Event()

    def __enter__(self) -> OwnProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.shutdown(cancel_futures=True)

    def room(self) -> int:
        """Two groups."""
        return 2

    def submit(self, tasks: Tasks) -> None:
        """Have a group done.

        Raises:
            CropsightError: what is needed for it, such as the engine, cannot be loaded.
        """
        if self._work is None:
            self._work = self._make()
        self._waiting += 1
        done = self._thread.submit(self._work.do, tasks, self._stopped.is_set)
        done.add_done_callback(lambda done: self._finished.put(_finished(tasks, done)))

    def wait(self) -> list[Finished]:
        """Wait for the next group."""
        finished = self._finished.get()
        self._waiting -= 1
        return [finished]

    def stop(self) -> list[Finished]:
        """Wait for the photos that are begun."""
        self._stopped.set()
        known = []
        while self._waiting:
            known += self.wait()
        return known


def _finished(tasks: Tasks, done: Future[list[PhotoDone]]) -> Finished:
    error = done.exception()
    if error is not None:
        return Finished(tasks, trouble="failed", reason=told(error))
    return Finished(tasks, tuple(done.result()))


def told(error: BaseException) -> str:
    """An error that nobody expected, on one line."""
    return f"{type(error).__name__}: {error}".strip().splitlines()[0]
