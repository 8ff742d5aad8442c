"""The pipeline that writes crops: decodes and encodes on several threads, names files in the callers' order."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Generic, Literal, TypeVar

from cropcore.errors import CropsightError, DecodeStoppedError, ExportError
from cropcore.export.export import EncodedFile, Exported, PhotoSource, Pick, held_pixels
from cropcore.export.options import ExportOptions
from cropcore.images.decode_budget import budget, give_up_when, raise_if_given_up
from cropcore.images.photo import Photo
from cropcore.job_control import JobControl
from cropcore.process import LARGE_PIXELS, give_back, step_back

log = logging.getLogger(__name__)

WORKERS = max(2, min(4, os.cpu_count() or 2))
"""Threads; each holds one photo in full, as far as the budget lets it, and files of at most
``ENCODED_BYTES`` and one more."""

IN_FLIGHT = 2 * WORKERS
"""Photos between the taking of their request and the end of their last crop."""

ENCODED_BYTES = 64 << 20
"""So much of a photo's files is encoded ahead; then it waits until the photos before it are written."""

Tag = TypeVar("Tag")
State = Literal["started", "written", "failed", "skipped", "cancelled", "ended"]

_File = EncodedFile | CropsightError
"""A crop's file, or why there is none."""


@dataclass(frozen=True, slots=True)
class WriteRequest(Generic[Tag]):
    """The crops that are wanted of one photo; ``tag`` is the caller's own.

    ``crops`` is read once, on a worker's thread, before the photo is decoded; it may be an iterator that
    waits for something. ``photo`` is None only where there are no crops.
    """

    photo: Photo | None
    crops: Iterable[Pick]
    options: ExportOptions
    tag: Tag


@dataclass(frozen=True, slots=True)
class WriteEvent(Generic[Tag]):
    """How far a request is.

    ``started``: a worker has taken it. Then for each crop, by its ``index`` in the request: ``written`` with
    what was ``exported``; ``failed`` with the ``error`` of this crop; ``skipped`` with the ``error`` of its
    photo; or ``cancelled``. A photo whose crops cannot be told, or that cannot be read, is ``failed`` itself
    before that, without ``index``. ``ended`` comes last, and always.
    """

    state: State
    request: WriteRequest[Tag]
    index: int | None = None
    exported: Exported | None = None
    error: CropsightError | None = None


class WriteQueue(Generic[Tag]):
    """Writes the crops of photos that come one after the other; used once.

    Files are named in the order of the requests and of their crops, whatever is ready first, and never over
    another file. What goes wrong with a crop fails that crop alone; what goes wrong with a photo, lack of
    memory included, fails that photo alone.

    Args:
        control: Pause holds before the next request. Cancel ends the decode or encode in hand between two of
            its steps, and the queue after the file that is being written; nothing half is left.
        in_turn: Is told of all but ``started`` in their order, on the thread that writes, before the next
            file is written. Where it raises for a written crop, the crop has failed.
        rest: Calls what it is given, which returns after a pause.
        workers: Threads that decode and encode.
        in_flight: Requests that are taken and have not ended, at most.
        behind: Whether the threads run behind others.
    """

    def __init__(
        self,
        control: JobControl | None = None,
        in_turn: Callable[[WriteEvent[Tag]], object] = lambda event: None,
        rest: Callable[[Callable[[], None]], object] = lambda wait: wait(),
        workers: int = WORKERS,
        in_flight: int = IN_FLIGHT,
        behind: bool = False,
    ) -> None:
        self._control = control or JobControl()
        self._in_turn = in_turn
        self._rest = rest
        self._workers = workers
        self._most = in_flight
        self._behind = behind
        self._in_flight = 0
        self._told: SimpleQueue[WriteEvent[Tag]] = SimpleQueue()
        self._admission = TurnQueue()
        self._turns = TurnQueue()
        self._abandoned = False
        self._tidied: set[Path] = set()

    @property
    def in_flight(self) -> int:
        """Requests that were taken and whose end was not told yet; on the thread of :meth:`run`."""
        return self._in_flight

    def run(self, requests: Iterable[WriteRequest[Tag]]) -> Generator[WriteEvent[Tag], None, None]:
        """Write everything, and tell of it while it goes on.

        Requests are taken on the calling thread, as there is room for them. Events come in the order of
        requests and crops, ``started`` alone as it happens. Closing the generator cancels the rest.
        """
        with ThreadPoolExecutor(self._workers, "export", self._settle_in) as pool:
            try:
                yield from self._flow(iter(requests), pool)
            finally:
                self._abandoned = True

    def _flow(
        self, requests: Iterator[WriteRequest[Tag]], pool: ThreadPoolExecutor
    ) -> Iterator[WriteEvent[Tag]]:
        control, place, more = self._control, 0, True
        while True:
            while not self._told.empty():
                yield self._next()
            more = more and not control.cancelled
            if more and not control.paused and self._in_flight < self._most:
                request = next(requests, None)
                if request is None:
                    more = False
                    continue
                self._in_flight += 1
                pool.submit(self._work, place, request)
                place += 1
            elif self._in_flight:
                yield self._next()
            elif more:
                self._rest(control.wait)
            else:
                return

    def _next(self) -> WriteEvent[Tag]:
        event = self._told.get()
        self._in_flight -= event.state == "ended"
        return event

    def _settle_in(self) -> None:
        """On each of the threads, first of all."""
        give_up_when(lambda: self._stopped)
        if self._behind:
            step_back()

    @property
    def _stopped(self) -> bool:
        return self._abandoned or self._control.cancelled

    # On a worker's thread ------------------------------------------------------------------------

    def _work(self, place: int, request: WriteRequest[Tag]) -> None:
        self._told.put(WriteEvent("started", request))
        try:
            with ExitStack() as held:
                self._write(place, request, held)
            photo = request.photo
            if photo is not None and photo.width * photo.height > LARGE_PIXELS:
                give_back()
        finally:
            self._admission.leave(place)
            self._turns.wait(place)
            self._tell(WriteEvent("ended", request))
            self._turns.leave(place)

    def _write(self, place: int, request: WriteRequest[Tag], held: ExitStack) -> None:
        """All crops of a photo; they are encoded ahead of their turn as far as that may be."""
        crops: tuple[Pick, ...] = ()
        files: Iterator[_File] = iter(())
        error: CropsightError | None = None
        try:
            crops = tuple(request.crops)
            if crops:
                files = self._encoded(self._read(place, request, crops, held), request, crops)
        except DecodeStoppedError:
            pass
        except Exception as e:
            error = _as_typed(e, request)
        # Not only when the pixels are read: those behind wait for it.
        self._admission.leave(place)
        ready: deque[_File] = deque()
        told = size = 0
        for file in files:
            ready.append(file)
            size += len(file.data) if isinstance(file, EncodedFile) else 0
            if size > ENCODED_BYTES:
                self._turns.wait(place)
            if self._turns.has_come(place):
                told += self._finish(request, crops, told, ready)
                size = 0
        self._turns.wait(place)
        told += self._finish(request, crops, told, ready)
        if error is not None:
            self._tell(WriteEvent("failed", request, error=error))
        state: State = "cancelled" if error is None else "skipped"
        for index in range(told, len(crops)):
            self._tell(WriteEvent(state, request, index, error=error))

    def _read(
        self, place: int, request: WriteRequest[Tag], crops: Sequence[Pick], held: ExitStack
    ) -> PhotoSource:
        """The decoded photo, for which there is room until ``held`` is left."""
        photo = request.photo
        assert photo is not None, "there are crops of no photo"
        self._control.give_way()
        pixels = held_pixels(photo, crops, request.options)
        # In the order of places: who has room waits for those before it, and these must not wait for room.
        self._admission.wait(place)
        held.enter_context(budget.held(pixels))
        self._admission.leave(place)
        raise_if_given_up()
        return PhotoSource.read(photo, request.options)

    def _encoded(
        self, source: PhotoSource, request: WriteRequest[Tag], crops: Sequence[Pick]
    ) -> Iterator[_File]:
        """The file of each crop, or why there is none, until the thread is told to give up."""
        for pick in crops:
            file: _File
            try:
                self._control.give_way()
                raise_if_given_up()
                file = source.encode(pick)
            except DecodeStoppedError:
                return
            except Exception as e:
                file = _as_typed(e, request)
            yield file

    # In its turn ---------------------------------------------------------------------------------

    def _finish(
        self,
        request: WriteRequest[Tag],
        crops: Sequence[Pick],
        first: int,
        ready: deque[_File],
    ) -> int:
        """Write the files that are ready, from that of the crop ``first`` on; returns how many."""
        count = len(ready)
        for index in range(first, first + count):
            file = ready.popleft()
            event: WriteEvent[Tag] = WriteEvent("cancelled", request, index)
            if isinstance(file, CropsightError):
                event = replace(event, state="failed", error=file)
            elif not self._stopped:
                try:
                    # Once a folder: among many files that takes longer than to write one.
                    done = file.write(crops[index].known, tidy=file.folder not in self._tidied)
                    self._tidied.add(file.folder)
                    event = replace(event, state="written", exported=done)
                except Exception as e:
                    event = replace(event, state="failed", error=_as_typed(e, request))
            self._tell(event)
        return count

    def _tell(self, event: WriteEvent[Tag]) -> None:
        try:
            self._in_turn(event)
        except Exception as e:
            error = _as_typed(e, event.request)
            if event.state == "written":
                event = replace(event, state="failed", error=error)
            else:
                self._told.put(WriteEvent("failed", event.request, error=error))
        self._told.put(event)


class TurnQueue:
    """Lets threads pass one after another, by their places 0, 1, 2 ..."""

    def __init__(self) -> None:
        self._next = 0
        self._changed = threading.Condition()

    def has_come(self, place: int) -> bool:
        """Whether all earlier places have left."""
        return self._next >= place

    def wait(self, place: int) -> None:
        """Return when all earlier places have left."""
        with self._changed:
            self._changed.wait_for(lambda: self._next >= place)

    def leave(self, place: int) -> None:
        """Let the next pass; waits for its own turn first. To leave twice changes nothing."""
        with self._changed:
            self._changed.wait_for(lambda: self._next >= place)
            self._next = max(self._next, place + 1)
            self._changed.notify_all()


def _as_typed(error: Exception, request: WriteRequest[Any]) -> CropsightError:
    """An error that names the file and what to do."""
    if isinstance(error, CropsightError):
        return error
    path = request.photo.path if request.photo is not None else request.options.folder or Path()
    if isinstance(error, MemoryError):
        return ExportError(
            path, "does not fit in memory.", "Close other programs or choose a smaller size."
        )
    log.error("Cannot export %s", path, exc_info=error)
    return ExportError(
        path, "cannot be exported ({reason}).", "Try another format.", reason=str(error)
    )
