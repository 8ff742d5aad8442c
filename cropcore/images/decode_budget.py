"""One budget of pixels for all photos that a process decodes, or holds in full, at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cropcore.errors import DecodeStoppedError
from cropcore.files.limits import DECODE_PIXELS, HELD_PIXELS, SMALL_DECODE

_LOOK_SECONDS = 0.1

_thread = threading.local()


class DecodeBudget:
    """Lets decodes begin one after the other, as far as their pixels fit in together.

    A photo larger than the whole budget is decoded alone. Requests are served in their order, so that a
    large one is not starved; small ones never wait. The same holds, by a count of
    its own, for the photos that exports hold in full: a person who looks at photos waits for no encoder.
    """

    def __init__(
        self, pixels: int = DECODE_PIXELS, small: int = SMALL_DECODE, held: int = HELD_PIXELS
    ) -> None:
        self._small = small
        self._decodes = _Share(pixels)
        self._holds = _Share(held)

    @property
    def waiting(self) -> int:
        """How many threads wait to decode or to hold a photo."""
        return self._decodes.waiting + self._holds.waiting

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Waits until ``pixels`` more may be decoded; they count until the block is left.

        Raises:
            DecodeStoppedError: the thread was told to give up, see :func:`give_up_when`.
            RuntimeError: the thread is in such a block already, and would wait for itself.
        """
        if getattr(_thread, "decodes", False):
            raise RuntimeError("a decode within a decode would wait for itself")
        with self._decodes.taken(pixels if pixels > self._small else 0):
            _thread.decodes = True
            try:
                yield
            finally:
                _thread.decodes = False

    @contextmanager
    def held(self, pixels: int) -> Iterator[None]:
        """Waits until ``pixels`` more may be held for an export, from their decode to the written file.

        Threads that wait for one another within the block must enter it in the same order.

        Raises:
            DecodeStoppedError: the thread was told to give up, see :func:`give_up_when`.
        """
        with self._holds.taken(pixels if pixels > self._small else 0):
            yield


class _Share:
    """A number of pixels that blocks take a part of, first come first served."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used = 0
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many threads stand in line."""
        return len(self._line)

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Waits until ``pixels`` fit in, or there are no others; 0 never waits."""
        if pixels:
            self._wait(pixels)
        try:
            yield
        finally:
            if pixels:
                with self._changed:
                    self._used -= pixels
                    self._changed.notify_all()

    def _wait(self, pixels: int) -> None:
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            try:
                while self._line[0] is not ticket or (
                    self._used and self._used + pixels > self._most
                ):
                    raise_if_given_up()
                    self._changed.wait(_LOOK_SECONDS)
                self._used += pixels
            finally:
                self._line.remove(ticket)
                self._changed.notify_all()


def give_up_when(stopped: Callable[[], bool]) -> None:
    """Let the calling thread wait for its decodes only until ``stopped`` says so.

    For the beginning of a worker thread, whose program may end while it waits.
    """
    _thread.given_up = stopped


def raise_if_given_up() -> None:
    """Between two steps of a long work on the calling thread.

    Raises:
        DecodeStoppedError: it was told to give up, see :func:`give_up_when`.
    """
    given_up: Callable[[], bool] = getattr(_thread, "given_up", lambda: False)
    if given_up():
        raise DecodeStoppedError("Stopped before it was finished.")


budget = DecodeBudget()
"""The budget of this process."""
