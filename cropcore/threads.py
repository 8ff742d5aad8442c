"""How torch's worker threads behave; to be settled before torch is imported."""

from __future__ import annotations

import os


def rest_idle_threads() -> None:
    """Let worker threads sleep while they wait, unless the environment says otherwise.

    By default they spin at every barrier, which on a machine with other work, such as a window to
    paint or files to decode, makes an encoder pass several times slower.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
