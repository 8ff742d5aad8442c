"""A review in a window of its own, in a process of its own, which kills itself in the midst of it.

Arguments: ``decide`` or ``go-on``, and a folder with ``photos``, where the rest goes too. To decide
ends with SIGKILL once every decision is on the disk; to go on finds the review, prints what stands
about each result, writes what was accepted and prints the number of files.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.engine.engine_thread import EngineThread
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import build_window, create_app
from cropcore.batch.preset import Preset
from cropcore.files.user_dirs import reviews_dir
from tests.app.helpers.engine_double import EngineDouble
from tests.app.helpers.notice_buttons import button_in_notice
from tests.app.helpers.review_maker import PORTRAIT, results

K = Qt.Key
KEYS = (K.Key_Return, K.Key_4, K.Key_Return, K.Key_Delete, K.Key_Right, K.Key_Right)
WAIT_SECONDS = 200


def until(what: Callable[[], object]) -> None:
    give_up = time.monotonic() + WAIT_SECONDS
    while not what():
        if time.monotonic() > give_up:
            sys.exit("It takes too long.")
        QApplication.processEvents()
        time.sleep(0.005)


def stands(window: MainWindow) -> str:
    return json.dumps(
        [
            [p.path.name, p.edit.accepted, p.edit.rejected, p.edit.owner, list(p.edit.crop.box)]
            for p in window.parts.document.photos
        ]
    )


def decide(window: MainWindow, folder: Path) -> None:
    preset = Preset("Shop", (PORTRAIT,), format="png")
    window.parts.review_mode.begin(results(folder / "photos", 6), preset, folder / "out")
    for key in KEYS:
        until(lambda: window.parts.review_mode.can_decide)
        QTest.keyClick(window.parts.canvas, key)
    sys.stdout.write(stands(window) + "\n")
    sys.stdout.flush()
    # One line for each key, and one more for each accepted crop, which gets a name.
    until(lambda: sum(p.read_text().count("verdict") for p in records()) == len(KEYS) + 2)
    os.kill(os.getpid(), signal.SIGKILL)


def go_on(window: MainWindow) -> None:
    until(lambda: button_in_notice(window, "Go on"))
    button = button_in_notice(window, "Go on")
    assert button is not None
    button.click()
    until(lambda: window.parts.review_mode.review)
    sys.stdout.write(stands(window) + "\n")
    told: list[int] = []
    window.parts.review_mode.files.finished.connect(told.append)
    window.parts.review_mode.write()
    until(lambda: told)
    sys.stdout.write(f"{told[0]}\n")
    window.close()


def records() -> list[Path]:
    return list(reviews_dir().glob("*.jsonl"))


def main(what: str, folder: Path) -> None:
    create_app()
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = build_window(Settings(store), EngineThread(EngineDouble(held=False).load))
    window.show()
    window.activateWindow()
    window.start_engine()
    if what == "decide":
        decide(window, folder)
    else:
        go_on(window)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
