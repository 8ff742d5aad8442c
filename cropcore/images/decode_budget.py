"""One budget of pixels for all photos that a process decodes at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cropcore.errors import DecodeStoppedError
from cropcore.files.limits import DECODE_PIXELS, SMALL_DECODE

_LOOK_SECONDS = 0.1

_thread = threading.local()


class DecodeBudget:
    """Lets decodes begin one after the other, as far as their pixels fit in together.

    A photo larger than the whole budget is decoded alone. Requests are served in their order, so that a
    large one is not starved; small ones never wait.
    """

    def __init__(self, pixels: int = DECODE_PIXELS, small: int = SMALL_DECODE) -> None:
        self._most = pixels
        self._small = small
        self._used = 0
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Waits until ``pixels`` more may be decoded; they count until the block is left.

        Raises:
            DecodeStoppedError: the thread was told to give up, see :func:`give_up_when`.
            RuntimeError: the thread is in such a block already, and would wait for itself.
        """
        if getattr(_thread, "decodes", False):
            raise RuntimeError("a decode within a decode would wait for itself")
        counted = pixels if pixels > self._small else 0
        if counted:
            self._wait(counted)
        _thread.decodes = True
        try:
            yield
        finally:
            _thread.decodes = False
            if counted:
                with self._changed:
                    self._used -= counted
                    self._changed.notify_all()

    def _wait(self, pixels: int) -> None:
        given_up: Callable[[], bool] = getattr(_thread, "given_up", lambda: False)
        ticket = object()
        with self._changed:
            self._line.append(ticket)
            try:
                while self._line[0] is not ticket or (
                    self._used and self._used + pixels > self._most
                ):
                    if given_up():
                        raise DecodeStoppedError("Stopped before it was decoded.")
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


budget = DecodeBudget()
"""The budget of this process."""
