"""A person in a folder of thousands of photos, and how long the window computed in one round.

``python -m tests.e2e.large_folder [--photos 5000] [--folder DIR]`` prints, for each step, how long it
took and the rounds of the event loop in which the GUI thread computed longer than 10 ms.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest

from app.document.photo_order import Order, Show
from app.engine.engine_thread import EngineThread
from app.main import prepare_imports
from app.runtime.gc_on_gui_thread import GuiCollector
from app.runtime.stall_recorder import Stall, StallRecorder
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import build_window, create_app, settle_process
from app.style import theme
from tests.app.helpers.engine_double import EngineDouble
from tests.e2e.person import Person, wheel

LIMIT = 0.010
"""Seconds of computing in one round."""
_DIFFERENT = 20
_STEPS = 12


def write_photos(folder: Path, count: int) -> None:
    """Files of their own, with 20 different pictures, landscapes and portraits."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    pictures = []
    for number in range(_DIFFERENT):
        size = (900, 600) if number % 3 else (600, 900)
        rough = random.integers(0, 255, (6, 9, 3), np.uint8)
        file = io.BytesIO()
        Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC).save(file, "JPEG")
        pictures.append(file.getvalue())
    for number in range(count):
        (folder / f"IMG_{number:05}.jpg").write_bytes(pictures[number % _DIFFERENT])


class LargeFolder(Person):
    """A person who opens a folder and goes through its contact sheet."""

    def work_in(self, folder: Path, count: int) -> None:
        """Open the folder, scroll, filter, sort, search, select; back to the photo; close it."""
        parts = self.window.parts
        model = parts.filmstrip.model
        with self.step("open the folder"):
            self.window.open_paths([folder])
            self.until(lambda: model.rowCount() == count)
        with self.step("its sidecars are read"):
            self.until(lambda: parts.sidecar_sync.is_read(parts.document.photos[-1]))
        with self.step("photos by PgDn"):
            for _ in range(5):
                self.key(Qt.Key.Key_PageDown)
                QTest.qWait(100)
        with self.step("show the contact sheet"):
            self.key(Qt.Key.Key_G)
            QTest.qWait(500)
        self._in_the_sheet()
        with self.step("back to the photo"):
            self.key(Qt.Key.Key_G)
            QTest.qWait(300)
        with self.step("the strip by the wheel"):
            for _ in range(_STEPS):
                wheel(parts.filmstrip.view.viewport(), -360)
                QTest.qWait(30)

    def _in_the_sheet(self) -> None:
        parts = self.window.parts
        strip, view = parts.filmstrip, parts.contact_sheet.view
        model, port = strip.model, view.viewport()
        for name, turn in (("scroll by the wheel", -120), ("scroll fast", -1200)):
            with self.step(name):
                for _ in range(_STEPS):
                    wheel(port, turn)
                    QTest.qWait(30)
        with self.step("pages, end and home"):
            for key in (*[Qt.Key.Key_PageDown] * 6, Qt.Key.Key_End, Qt.Key.Key_Home):
                self.key(key)
                QTest.qWait(100)
        with self.step("select by Shift and arrows"):
            for _ in range(_STEPS):
                self.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
                QTest.qWait(30)
        with self.step("select all"):
            self.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            QTest.qWait(200)
        with self.step("select to the end"):
            self.key(Qt.Key.Key_Home)
            QTest.qWait(100)
            self.key(Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
            QTest.qWait(200)
            self.key(Qt.Key.Key_Home)
            QTest.qWait(200)
        with self.step("select by Ctrl and clicks"):
            for row in (1, 3, 5, 7, 3):
                at = view.visualRect(view.model().index(row, 0)).center()
                QTest.mouseClick(
                    port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at
                )
                QTest.qWait(50)
        with self.step("star and unstar"):
            for _ in range(2):
                parts.actions["star"].trigger()
                QTest.qWait(200)
        for name, show in (("undecided", Show.UNDECIDED), ("starred", Show.STARRED)):
            for shown in (show, Show.ALL):
                with self.step(f"filter: {name}" if shown is show else "filter: all"):
                    strip.choose(model.order, False, shown)
                    QTest.qWait(300)
        for order in (Order.NAME, Order.CHANGED, Order.OPENED):
            with self.step(f"sort: {order.value}, backwards"):
                strip.choose(order, order is not Order.OPENED, Show.ALL)
                QTest.qWait(300)
        with self.step("search a name, and all again"):
            field = parts.contact_sheet.header.field
            field.setFocus()
            QTest.keyClicks(field, "12", delay=60)
            QTest.qWait(400)
            QTest.keyClick(field, Qt.Key.Key_Escape)
            QTest.qWait(400)
            view.setFocus()
        with self.step("sizes of the cells"):
            for size in (96, 140, 200, 300, 384, 176):
                parts.contact_sheet.header.slider.setValue(size)
                QTest.qWait(200)


@contextmanager
def person_in(home: Path, size: tuple[int, int]) -> Iterator[LargeFolder]:
    """A window with an engine that answers at once, settings in ``home``; closed after."""
    app = create_app()
    theme.apply(app, theme.Mode.DARK)
    collector = GuiCollector(app)
    settings = Settings(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    double = EngineDouble(held=False)
    window: MainWindow = build_window(settings, EngineThread(double.load))
    window.resize(*size)
    window.show()
    window.start_engine()
    collector.go_on()
    recorder = StallRecorder(app, LIMIT)
    try:
        person = LargeFolder(window, recorder)
        person.until(lambda: window.parts.editor.suggester.facts is not None)
        yield person
    finally:
        recorder.stop()
        window.close()
        collector.rest()


def steps_in_a_large_folder(home: Path, count: int) -> dict[str, list[Stall]]:
    """The stalls of every step with ``count`` photos, which are made in ``home``."""
    write_photos(home / "photos", count)
    with person_in(home, (1920, 1080)) as person:
        person.work_in(home / "photos", count)
    return person.waited


def main() -> None:
    """Print what kept the window busy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--folder", type=Path, help="where the photos are, or are to be made")
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080))
    chosen = parser.parse_args()
    settle_process()
    with tempfile.TemporaryDirectory(prefix="cropsight-large-") as home:
        folder = chosen.folder or Path(home) / "photos"
        if not folder.is_dir():
            write_photos(folder, chosen.photos)
        with person_in(Path(home), tuple(chosen.size)) as person:
            person.work_in(folder, chosen.photos)
    for name, stalls in person.waited.items():
        long = sorted((s for s in stalls if s.busy > LIMIT), key=lambda stall: -stall.busy)
        print(f"{name}: {person.seconds[name]:.2f} s, {len(long)} rounds")  # noqa: T201
        for stall in long[:6]:
            print(f"    {stall}")  # noqa: T201


if __name__ == "__main__":
    prepare_imports()
    main()
