"""The engine double on workers of a cluster, some of which die of a photo or after a file.

Run as a program it is ``cropcore`` with a double that takes its time on its workers.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cropcore.cluster import dask_workers
from cropcore.cluster.photo_work import PhotoWork
from cropcore.cluster.targets import Target
from tests.cropcore.conftest import EngineDouble

KILLER = "killer"
"""In a photo's name: no worker survives it."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DeadlyEngine(EngineDouble):
    def encode(self, photo: Any, pixels: Any = None) -> Any:
        if KILLER in photo.path.name:
            die()
        return super().encode(photo, pixels)


class DyingTarget:
    """Kills its process once a file is published, before that is told: at the first chance of each of
    the names in ``once``, a folder of marks.
    """  # fmt: skip

    def __init__(self, target: Target, once: Path) -> None:
        self._target, self._once = target, once

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def publish(self, token: str, stem: str, suffix: str, data: bytes) -> str:
        name = self._target.publish(token, stem, suffix, data)
        mark = self._once / stem
        if mark.exists():
            mark.unlink()
            die()
        return name


@dataclass(frozen=True, slots=True)
class DoubleLoader(dask_workers.WorkLoader):
    """``once`` is the folder of a :class:`DyingTarget`."""

    once: Path | None = None

    def __call__(self) -> PhotoWork:
        work = dask_workers.WorkLoader.__call__(self)
        if self.once is not None:
            work._target = DyingTarget(work._target, self.once)  # type: ignore[assignment]
        return work

    def engine(self) -> Any:
        return DeadlyEngine()


class SlowEngine(EngineDouble):
    """Takes long enough over a photo for a batch to be interrupted."""

    def encode(self, photo: Any, pixels: Any = None) -> Any:
        time.sleep(0.1)
        return super().encode(photo, pixels)


class SlowLoader(DoubleLoader):
    """Loads an engine that takes its time."""

    def engine(self) -> Any:
        return SlowEngine()


if __name__ == "__main__":
    from cropcore.cli.main import main
    from tests.cropcore.helpers.cluster_double import SlowLoader as Loader  # as workers know it

    # As in a terminal, also where the tests run behind a shell, which has them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    dask_workers.WorkLoader = Loader  # type: ignore[misc]
    sys.exit(main())
