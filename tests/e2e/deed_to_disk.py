"""How long a deed takes to the disk: from the key that takes a candidate to the new name of the sidecar.

    python -m tests.e2e.deed_to_disk --deeds 200

Prints the median, the 95th percentile and the longest, in a library of its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from app.engine.engine_thread import EngineThread
from app.settings import Settings
from app.shell.startup import build_window, create_app, settle_process
from cropcore.sidecar.store import SidecarStore
from tests.app.helpers.engine_double import EngineDouble
from tests.app.helpers.gui import write_photo
from tests.e2e.day_driver import is_proposed, key, until

KEYS = (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)


def deeds(folder: Path, count: int) -> list[float]:
    """Seconds from each deed to its sidecar's name, with a photo and a library in ``folder``."""
    written: list[float] = []
    save = SidecarStore.save

    def timed(self: SidecarStore, *arguments: Any) -> Any:
        saved = save(self, *arguments)
        written.append(time.monotonic())
        return saved

    SidecarStore.save = timed  # type: ignore[method-assign]
    create_app()
    double = EngineDouble(held=False)
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(Settings(store), EngineThread(double.load))
    window.resize(1440, 900)
    window.show()
    window.start_engine()
    window.open_paths([write_photo(folder / "photo.jpg")])
    until(lambda: is_proposed(window) and len(window.parts.canvas.pills()) == 10)
    taken = []
    for number in range(count):
        before = len(written)
        begun = time.monotonic()
        key(window, KEYS[number % len(KEYS)])
        until(lambda before=before: len(written) > before)
        taken.append(written[-1] - begun)
        QTest.qWait(100)  # what comes back from the disk is taken in
    window.close()
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--deeds", type=int, default=200)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cropsight-deeds-") as folder:
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        seconds = np.array(deeds(Path(folder), args.deeds))
    middle, most = np.percentile(seconds, (50, 95))
    print(  # noqa: T201 - what the command is for
        f"{len(seconds)} deeds: median {middle:.3f} s, 95th percentile {most:.3f} s, "
        f"longest {seconds.max():.3f} s; load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    settle_process()
    sys.exit(main())
