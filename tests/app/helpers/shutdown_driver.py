"""The program in a process of its own, which is closed while one of its threads never comes back.

Arguments: what does not come back (``header``, ``decode``, ``export`` or ``stop``), then two photos. A
crop is taken on the first; reading or exporting the second never ends, or stopping the file watcher does
not. Then the window is closed.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from app.document.edit import Owner
from app.photos import file_watcher, photo_loader
from app.settings import Settings
from app.shell import startup
from app.shell.main_window import MainWindow
from cropcore.export import export
from tests.app.helpers.engine_double import EngineDouble

LOOK_MS = 20


class Person:
    """Takes a crop, goes on to the next photo, and closes the window once something hangs."""

    def __init__(self, hanging: threading.Event, what: str) -> None:
        self._hanging = hanging
        self._what = what
        self._taken = False
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)

    def begin(self, window: MainWindow) -> None:
        self._window = window
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        window, photo = self._window, self._window.parts.editor.photo
        if self._hanging.is_set():
            window.close()  # the first time an export only says that it is at work
        elif self._taken:
            return
        elif (
            photo is not None
            and photo.edit.owner is Owner.PROPOSED
            and window.parts.shown_candidates.suggestions
        ):
            self._taken = True
            QTest.keyClick(window.parts.canvas, Qt.Key.Key_3)
            if self._what == "export":
                window.parts.exporter.export_crop()
            window.parts.document.step(1)


def main(what: str, first: Path, second: Path) -> int:
    hanging = threading.Event()
    person = Person(hanging, what)
    show_window = startup.show_window

    def hang(real: Any, always: bool = False) -> Any:
        def work(photo: Any, *more: Any) -> Any:
            if always or getattr(photo, "path", photo) == second:
                hanging.set()
                threading.Event().wait()
            return real(photo, *more)

        return work

    def told(real: Any) -> Any:
        def work(photo: Path) -> Any:
            if photo == second:
                hanging.set()
            return real(photo)

        return work

    def show(app: Any, settings: Settings, device: str | None = None) -> MainWindow:
        window = show_window(app, settings, device)
        window.parts.prefetcher.set_on(False)
        person.begin(window)
        return window

    startup.load_engine = lambda where: EngineDouble(held=False)  # type: ignore[assignment]
    startup.show_window = show
    if what == "header":
        photo_loader.read_photo = hang(photo_loader.read_photo)
    elif what == "decode":
        photo_loader.srgb_preview = hang(photo_loader.srgb_preview)
    elif what == "stop":
        file_watcher.FileWatcher.stop = lambda self: threading.Event().wait()  # type: ignore
        photo_loader.read_photo = told(photo_loader.read_photo)
    else:
        export.decode = hang(export.decode, always=True)
    return startup.run([first, second], "cpu", stalls=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
