"""How threads share the machine: torch's workers among others, and long work behind the rest."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

_BEHIND = 5


def rest_idle_threads() -> None:
    """Let torch's workers sleep while they wait, unless the environment says otherwise.

    By default they spin at every barrier, which on a machine with other work, such as a window to
    paint or files to decode, makes an encoder pass several times slower. To be called before torch is
    imported.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def step_back() -> None:
    """Let the calling thread run behind others, where the system lets threads differ.

    Not far behind: one that is starved while it holds the interpreter keeps everybody waiting.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            usual = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, usual + _BEHIND)
