"""Runs a batch over a folder in a window of its own, in a process of its own, with the real engine.

Arguments: an aspect, the folder of photos, the one for the crops, and one for settings and records. A
process that finds the batch unfinished goes on with it as a click on Resume does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from app.batch.batch_order import BatchOrder
from app.engine.engine_thread import EngineThread, load_engine
from app.settings import Settings
from app.shell.startup import build_window, create_app
from cropcore.batch.preset import Preset
from cropcore.files.photo_scan import gather
from cropcore.geometry.aspect import Aspect
from tests.app.helpers.notice_buttons import click_once_offered


def main(aspect: str, photos: Path, out: Path, home: Path) -> int:
    """Begin or resume, and end with the batch."""
    os.environ |= {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    app = create_app()
    store = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(Settings(store), EngineThread(lambda: load_engine("cpu")))
    window.show()
    window.start_engine()
    window.parts.running_batch.ended.connect(lambda _: QTimer.singleShot(0, finish))

    def finish() -> None:
        window.close()
        app.quit()

    if out.exists():
        click_once_offered(window, "Resume")
    else:
        found = tuple(gather([photos], out).photos)
        order = BatchOrder(Preset.of_aspect(Aspect.parse(aspect)), found, out)
        window.parts.running_batch.start(order)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:5])))
