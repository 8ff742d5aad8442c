"""Memory and scheduling priority of this process."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

_BEHIND = 5


def step_back() -> None:
    """Let the calling thread run behind others, where the system lets threads differ.

    Not far behind: one that is starved while it holds the interpreter keeps everybody waiting.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            usual = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, usual + _BEHIND)


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST = 32 << 20  # bytes: the largest threshold that glibc accepts
_KEPT = 64 << 20


def keep_freed_memory() -> None:
    """Let glibc keep up to 64 MB that was given back, for the next thing of that size.

    Otherwise every layer's features are handed to the system and asked for anew, page by page, which
    costs a fifth of an encoder pass and half of a slider's tick. glibc comes to these limits by
    itself once it has given back something of 32 MB. Other C libraries know no such setting.
    """
    try:
        adjust = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    adjust(_MMAP_THRESHOLD, _LARGEST)
    adjust(_TRIM_THRESHOLD, _KEPT)


_STATUS = Path("/proc/self/status")


def peak_mb() -> int:
    """The most resident memory so far, in megabytes of 2^20 bytes.

    Linux is asked for that of this program alone: what ``getrusage`` tells begins with the memory of
    the process that started it.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    import resource  # not on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most >> 20 if sys.platform == "darwin" else most >> 10)


LARGE_PIXELS = 30_000_000
"""Pixels from which a photo frees so much memory that giving it back is worth the time."""


def give_back() -> None:
    """Give back what the C library keeps of freed memory for later, where it can be told to.

    After a photo of 100 megapixels that is three quarters of a gigabyte. It takes some milliseconds:
    for worker threads.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not every C library knows of it
            ctypes.CDLL(None).malloc_trim(0)
