"""CUDA graphs: kernels recorded once for each input shape and replayed.

At the size of our photos launching a kernel from Python takes longer than the kernel itself.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Operation = Callable[[Tensor], tuple[Tensor, ...]]
"""From an input to outputs of fixed shapes; of equal shapes always the same operations."""

Capture = Callable[[Operation, Tensor], Operation]
"""Records an operation for inputs like an example; raises CaptureError. The outputs of what it gives are
overwritten when that is called again."""

MOST_GRAPHS = 12
"""Graphs that are kept, of which each holds some ten megabytes of the card."""

LEAST_FREE = 512 << 20
"""Bytes of the card that must be free for another graph."""

_WARM_UP = 3
"""Runs before a recording: libraries choose and allocate in the first ones."""


class CaptureError(Exception):
    """An operation cannot be recorded as a graph; it can still be run directly."""


class CudaGraphs:
    """Runs an operation by replaying CUDA graphs where possible.

    An input's shape is recorded when it comes for the second time, as many come once only. The graphs
    unused for longest are dropped. After a recording that failed nothing more is recorded.
    """

    def __init__(self, work: Operation, capture: Capture | None, most: int = MOST_GRAPHS) -> None:
        """Without ``capture`` the operation is always run directly."""
        self._work, self._capture, self._most = work, capture, most
        self._met: set[torch.Size] = set()
        self._replays: OrderedDict[torch.Size, Operation] = OrderedDict()
        self.trouble = ""
        """Why nothing more is recorded; empty while all is well."""

    def __call__(self, x: Tensor) -> tuple[Tensor, ...]:
        """The work's outputs, which the next call may overwrite."""
        replay = self._replays.get(x.shape) or self._recorded(x)
        if replay is None:
            return self._work(x)
        self._replays.move_to_end(x.shape)
        return replay(x)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Input shapes that have a graph, the one unused for longest first."""
        return tuple(tuple(shape) for shape in self._replays)

    def _recorded(self, x: Tensor) -> Operation | None:
        if self._capture is None or x.shape not in self._met:
            self._met.add(x.shape)
            return None
        while len(self._replays) >= self._most:
            self._replays.popitem(last=False)
        try:
            self._replays[x.shape] = self._capture(self._work, x)
        except CaptureError as error:
            self.trouble, self._capture = str(error), None
            return None
        return self._replays[x.shape]


class CudaCapture:
    """Records on a CUDA device; all graphs share one pool of memory."""

    def __init__(self, device: torch.device, least_free: int = LEAST_FREE) -> None:
        self._device, self._least_free = device, least_free
        self._pool: Any = None

    def __call__(self, work: Operation, like: Tensor) -> Operation:
        """A replay of ``work`` for inputs of the shape and layout of ``like``.

        Raises:
            CaptureError: the card's memory is short, or the work does what no graph can hold.
        """
        free, _ = torch.cuda.mem_get_info(self._device)
        if free < self._least_free:
            raise CaptureError(f"Only {free >> 20} MB of the graphics card's memory are free.")
        try:
            with torch.cuda.device(self._device):  # a graph records what the current card does
                return self._record(work, like)
        except RuntimeError as error:  # out of memory is one, too
            raise CaptureError(str(error)) from error

    def _record(self, work: Operation, like: Tensor) -> Operation:
        held = torch.empty_like(like)
        held.copy_(like)
        here, aside = torch.cuda.current_stream(self._device), torch.cuda.Stream(self._device)
        aside.wait_stream(here)
        with torch.cuda.stream(aside):
            for _ in range(_WARM_UP):
                work(held)
        here.wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        # What other threads do on the card meanwhile is no part of it and does not disturb it.
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            made = work(held)
        self._pool = graph.pool()

        def replay(x: Tensor) -> tuple[Tensor, ...]:
            held.copy_(x)
            graph.replay()
            return made

        return replay
