"""Training on several processes, as ``torchrun`` starts them: ranks, sums over all, gradients.

Every process draws the same steps and the same crops from the same seed, and computes on photos of its
own. Denominators are summed over all processes before anything is divided, so that a step is that of one
process that sees all photos, whoever has how many of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import torch
from torch import Tensor
from torch import distributed as dist

T = TypeVar("T")

_PATIENCE = timedelta(hours=2)
"""How long processes wait for the first, which alone fills caches and judges validation photos."""


def rank() -> int:
    """The number of this process, 0 for the first or only one."""
    return int(os.environ.get("RANK", "0"))


def count() -> int:
    """How many processes train."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def local_device(device: str) -> str:
    """The device of this process: of several on a machine with cards, each has the card of its local rank."""
    if device == "cuda" and count() > 1:
        return f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    return device


@contextmanager
def joined(device: torch.device) -> Iterator[None]:
    """The processes as a group, where there are several: NCCL between cards, gloo between processors."""
    if count() == 1 or dist.is_initialized():
        yield
        return
    if device.type == "cuda":
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield
    finally:
        dist.destroy_process_group()


def together() -> bool:
    """Whether several processes are joined."""
    return dist.is_initialized() and dist.get_world_size() > 1


def wait_for_all() -> None:
    """Go on when every process has come this far."""
    if together():
        dist.barrier()


def summed(value: Tensor) -> Tensor:
    """A tensor without gradient, such as a denominator, summed over all processes."""
    if not together():
        return value
    total = value.detach().clone()
    dist.all_reduce(total)
    return total


def own_part(members: Sequence[T]) -> tuple[Sequence[T], tuple[int, ...], bool]:
    """This process' share of a batch's photos, their places in it, and whether they count.

    A process that has none gets one all the same, which does not count: all processes then do the same
    work, and none waits for another for ever.
    """
    if not together():
        return members, tuple(range(len(members))), True
    places = tuple(range(dist.get_rank(), len(members), dist.get_world_size()))
    counted = bool(places)
    places = places or (0,)
    return [members[i] for i in places], places, counted
