"""What becomes of memory that is given back; to be settled as a process starts."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST = 32 << 20  # bytes: glibc takes no more for what it keeps to itself
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
