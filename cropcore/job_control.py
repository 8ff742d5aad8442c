"""Pause, cancel, progress and priority of long work, such as a batch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


class JobControl:
    """Pause, go on and cancel, from any thread. What was cancelled stays so.

    With ``priority`` the steps of the work wait while it is claimed.
    """

    def __init__(self, priority: InteractivePriority | None = None) -> None:
        self._priority = priority
        self._going = threading.Event()
        self._going.set()
        self._cancelled = threading.Event()

    def pause(self) -> None:
        """Hold before the next photo; those under way are finished."""
        self._going.clear()

    def go_on(self) -> None:
        """End a pause."""
        self._going.set()

    def cancel(self) -> None:
        """End the work after the files that are being written, a pause as well."""
        self._cancelled.set()
        self._going.set()
        if self._priority is not None:
            self._priority.wake()

    @property
    def paused(self) -> bool:
        """Whether the work is to hold."""
        return not self._going.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether the work is to end."""
        return self._cancelled.is_set()

    def wait(self) -> None:
        """Return once there is no pause."""
        self._going.wait()

    def give_way(self) -> None:
        """Block before a step while interactive work has claimed priority, for 2 s at most."""
        if self._priority is not None:
            self._priority.wait(self._cancelled.is_set)


@dataclass(frozen=True, slots=True)
class Progress:
    """Jobs that are done, of all; jobs per second of work, and the seconds left, None before both
    are known.
    """  # fmt: skip

    done: int
    total: int
    per_second: float | None = None
    seconds_left: float | None = None


class ProgressMeter:
    """Reckons the progress of long work; pauses and jobs that were finished before do not count."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._start = clock()
        self._total = total
        self._done = self._worked = 0

    def count(self, jobs: int, resumed: int = 0) -> None:
        """Count finished jobs; ``resumed`` of them were finished by an earlier run."""
        self._done += jobs
        self._worked += jobs - resumed

    def rest(self, wait: Callable[[], None]) -> None:
        """Wait without counting the time."""
        start = self._clock()
        wait()
        self._start += self._clock() - start

    def progress(self) -> Progress:
        """The progress now."""
        seconds = self._clock() - self._start
        if not self._worked or seconds <= 0:
            return Progress(self._done, self._total)
        speed = self._worked / seconds
        return Progress(self._done, self._total, speed, (self._total - self._done) / speed)


_CLAIM_SECONDS = 2.0
_PATIENCE_SECONDS = 2.0


class InteractivePriority:
    """Makes steps of long work wait while interactive work claims priority; for any thread.

    A claim holds until it is released, or for two seconds since it was made last. A step waits as long
    at most: so long work goes on, slowly, whatever is claimed.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until = 0.0

    def claim(self) -> None:
        """Claim priority: the person is at work, or waits for an answer."""
        with self._changed:
            self._until = monotonic() + _CLAIM_SECONDS

    def release(self) -> None:
        """Release the claim: the person waits for nothing."""
        with self._changed:
            self._until = 0.0
            self._changed.notify_all()

    @property
    def claimed(self) -> bool:
        """Whether interactive work has priority now."""
        return monotonic() < self._until

    def wake(self) -> None:
        """Wake waiting steps, to check whether they were given up."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, given_up: Callable[[], bool] = lambda: False) -> None:
        """Block until the claim ends, the step has waited for 2 s, or it is ``given_up``."""
        latest = monotonic() + _PATIENCE_SECONDS
        with self._changed:
            while not given_up() and (left := min(self._until, latest) - monotonic()) > 0:
                self._changed.wait(left)
