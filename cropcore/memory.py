"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

LARGE_PIXELS = 30_000_000
"""Photos from this size on leave so much behind that it is worth the while."""


def give_back() -> None:
    """Give back what the C library keeps of freed memory for later, where it can be told to.

    After a photo of 100 megapixels that is three quarters of a gigabyte. It takes some milliseconds:
    for worker threads.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not every C library knows of it
            ctypes.CDLL(None).malloc_trim(0)
