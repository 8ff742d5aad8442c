"""How threads share the machine: torch's workers among others, and long work behind the rest."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

_BEHIND = 5
_SPINS = "20000"


def rest_idle_threads() -> None:
    """Let torch's workers sleep soon while they wait, unless the environment says otherwise.

    By default they spin for milliseconds at every barrier, which on a machine with other work, such as
    a window to paint or files to decode, makes an encoder pass several times slower. Asleep at once
    they have to be woken for every layer, which doubles a pass on an idle machine. GNU's OpenMP, which
    torch's Linux wheels use, spins for about as long as a layer's own work; others sleep at once. To
    be called before torch is imported.
    """
    if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & os.environ.keys():
        os.environ.update(OMP_WAIT_POLICY="PASSIVE", GOMP_SPINCOUNT=_SPINS)


def step_back() -> None:
    """Let the calling thread run behind others, where the system lets threads differ.

    Not far behind: one that is starved while it holds the interpreter keeps everybody waiting.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            usual = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, usual + _BEHIND)
