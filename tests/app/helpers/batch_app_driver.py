"""Runs a batch in a window of its own, in a process of its own, which may kill itself.

Arguments: a moment (``never``, ``part``, ``named``, ``torn`` or ``noted``), which of its occurrences
is the last that the process sees, and a folder with ``photos``, where the rest goes too. The first
process begins the batch; a later one finds it unfinished and goes on as a click on Resume does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSettings, QTimer

from app.batch.batch_order import BatchOrder
from app.engine.engine_thread import EngineThread
from app.settings import Settings
from app.shell.startup import build_window, create_app
from cropcore.batch.preset import Preset
from cropcore.geometry.aspect import Aspect
from tests.app.helpers.engine_double import EngineDouble
from tests.app.helpers.notice_buttons import click_once_offered
from tests.cropcore.helpers import batch_driver

PRESET = Preset("Killed", (Aspect.parse("4:5"), Aspect.parse("1:1")), format="png")


def main(moment: str, nth: int, folder: Path) -> int:
    batch_driver.install(batch_driver.Fate(moment, nth))
    app = create_app()
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(Settings(store), EngineThread(EngineDouble(held=False).load))
    window.show()
    window.start_engine()
    window.parts.running_batch.ended.connect(lambda end: finish(end.error, end.there))

    def finish(error: str, there: int) -> None:
        sys.stdout.write(f"{there} {error}\n")
        QTimer.singleShot(0, lambda: (window.close(), app.quit()))

    if (folder / "out").exists():
        click_once_offered(window, "Resume")
    else:
        photos = tuple(sorted((folder / "photos").rglob("*.jpg")))
        window.parts.running_batch.start(BatchOrder(PRESET, photos, folder / "out"))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
