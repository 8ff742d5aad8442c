"""A day at the desk in a process of its own, so that a test may kill it.

``day_driver.py work PHOTO PHOTO PHOTO`` takes a candidate on the first photo, drags on the second and
leaves the third proposed; ``day_driver.py look`` starts again without arguments. Both print one line
of JSON, what the person sees of each photo, and then wait.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.document.edit import Owner
from app.engine.engine_thread import EngineThread
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import build_window, create_app
from tests.app.helpers.engine_double import EngineDouble


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end
        QTest.qWait(10)


def work(window: MainWindow, paths: list[Path]) -> None:
    window.open_paths(paths)
    for place in range(3):
        until(lambda: is_proposed(window))
        until(lambda: len(window.parts.canvas.pills()) == 10)
        if place == 0:
            key(window, Qt.Key.Key_3)
        if place == 1:
            drag(window)
        if place < 2:
            key(window, Qt.Key.Key_PageDown)
    key(window, Qt.Key.Key_PageUp)


def is_proposed(window: MainWindow) -> bool:
    photo = window.parts.editor.photo
    return photo is not None and photo.preview is not None and photo.edit.owner is Owner.PROPOSED


def key(window: MainWindow, name: Qt.Key) -> None:
    QTest.keyClick(window.focusWidget() or window, name)


def drag(window: MainWindow) -> None:
    viewport, crop = window.parts.canvas.viewport(), window.parts.editor.crop
    middle = window.parts.canvas.crop_rect(crop.box).center().toPoint() + QPoint(30, 30)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseMove(viewport, middle)
    QTest.mousePress(viewport, left, none, middle)
    for step in (1, 2):
        QTest.mouseMove(viewport, middle + QPoint(13, 9) * step)
    QTest.mouseRelease(viewport, left, none, middle + QPoint(26, 18))


def look(window: MainWindow) -> None:
    window.parts.session.restore()
    until(lambda: len(window.parts.document.photos) == 3)
    until(lambda: sum(p.edit.owner is Owner.MINE for p in window.parts.document.photos) == 2)
    until(lambda: window.parts.editor.photo is not None)


def report(window: MainWindow) -> None:
    current = window.parts.document.current
    seen = {
        "shown": current.path.name if current else None,
        "photos": [
            [p.path.name, str(p.edit.owner), list(p.edit.crop.box)]
            for p in window.parts.document.photos
        ],
    }
    print(json.dumps(seen), flush=True)  # noqa: T201 - what the test reads


def main() -> None:
    app = create_app()
    double = EngineDouble(held=False)
    window = build_window(Settings(), EngineThread(double.load))
    window.resize(1440, 900)
    window.show()
    window.start_engine()
    if sys.argv[1] == "work":
        work(window, [Path(name) for name in sys.argv[2:]])
    else:
        look(window)
    report(window)
    app.exec()


if __name__ == "__main__":
    assert QApplication.instance() is None
    main()
