"""A person at work with the real engine, and how often the window kept them waiting.

``python -m tests.e2e.person [SECONDS]`` prints every round of the event loop that took longer than
SECONDS (0.016 unless told) and what ran in it, step by step, on photos that it makes.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.main import prepare_imports
from app.runtime.gc_on_gui_thread import GuiCollector
from app.runtime.stall_recorder import LIMIT, Stall, StallRecorder
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import create_app, settle_process, show_window
from tests.app.helpers.gui import write_photo

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
AnyPerson = TypeVar("AnyPerson", bound="Person")
PATIENCE = 300


class Person:
    """A hand on mouse and keyboard; ``waited`` lists the stalls of each step, ``seconds`` how long it took."""

    def __init__(self, window: MainWindow, recorder: StallRecorder) -> None:
        self.window = window
        self.waited: dict[str, list[Stall]] = {}
        self.seconds: dict[str, float] = {}
        self._recorder = recorder

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What happens inside belongs to this step."""
        self._recorder.stalls.clear()
        begun = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - begun
        QTest.qWait(30)  # a round that is not over yet is not recorded yet
        self.waited[name] = list(self._recorder.stalls)

    def until(self, what: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait for something, as a person does: doing nothing."""
        end = time.monotonic() + patience
        while not what():
            assert time.monotonic() < end, "the engine never answered"
            QTest.qWait(5)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def drag(self, widget: QWidget, points: list[QPoint]) -> None:
        """Press at the first point, move through the others, let go at the last."""
        QTest.mouseMove(widget, points[0])
        QTest.mousePress(widget, LEFT, NO_KEY, points[0])
        for point in points[1:]:
            QTest.mouseMove(widget, point)
            QTest.qWait(12)
        QTest.mouseRelease(widget, LEFT, NO_KEY, points[-1])

    def has_candidates(self) -> bool:
        """Whether the strip shows pictures for what is asked now."""
        photo = self.window.parts.editor.photo
        found = photo is not None and photo.is_answered
        return found and self.window.parts.strip.cards[0].has_picture

    def start(self) -> None:
        """Start the engine and wait for it."""
        with self.step("start the engine"):
            self.window.start_engine()
            self.until(lambda: self.window.parts.editor.suggester.facts is not None)

    def work(self, photos: list[Path]) -> None:
        """Open, slide, drag, zoom, page, look around, export."""
        window, canvas = self.window, self.window.parts.canvas
        with self.step("open"):
            window.open_paths(photos)
            self.until(self.has_candidates)
        with self.step("slide"):
            slider = window.parts.aspect_panel.slider
            places = [1.5, 1.4, 1.3, 1.25, 1.1, 1.0, 0.9, 0.8, 0.7, 0.8, 1.0, 1.2]
            self.drag(slider, [QPoint(round(slider.x_of(r)), 11) for r in places])
            self.until(self.has_candidates)
        with self.step("drag"):
            middle = canvas.crop_rect(window.parts.editor.crop.box).center().toPoint() + QPoint(
                25, 25
            )
            points = [middle + QPoint(4, 2) * n for n in range(20)]
            self.drag(canvas.viewport(), points)
            self.until(lambda: window.parts.editor.suggester.label() != "")
        with self.step("zoom"):
            for notches in (1, 1, 1, 1, -1, -1, -1, -1):
                wheel(canvas.viewport(), 120 * notches)
                QTest.qWait(15)
        with self.step("page"):
            for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                self.key(key)
                self.until(self.has_candidates)
        with self.step("look around"):
            for name in ("preferences", "about", "keys", "compare", "why", "maps", "maps"):
                window.parts.actions[name].trigger()
                QTest.qWait(60)
                window.commands.escape()
        with self.step("export"):
            count = len(self._written(photos))
            window.parts.actions["export"].trigger()
            self.until(lambda: len(self._written(photos)) > count)
            self.until(lambda: not window.parts.exporter.is_running)

    @staticmethod
    def _written(photos: list[Path]) -> list[Path]:
        return list(photos[0].parent.glob("Cropsight/*"))


def wheel(widget: QWidget, turn: int) -> None:
    """Turn the wheel over the middle of a widget."""
    at = QPointF(widget.rect().center())
    place = QPointF(widget.mapToGlobal(at.toPoint()))
    phase, button = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
    event = QWheelEvent(at, place, QPoint(), QPoint(0, turn), button, NO_KEY, phase, False)
    QApplication.sendEvent(widget, event)


@contextmanager
def person_at_work(folder: Path, limit: float, kind: type[AnyPerson]) -> Iterator[AnyPerson]:
    """A person at a window with the engine on the CPU; settings in ``folder``, closed after."""
    app = create_app()
    collector = GuiCollector(app)
    collector.rest()
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = show_window(app, Settings(store), "cpu")
    window.resize(1440, 900)
    window.parts.engine.ready.connect(collector.go_on)
    recorder = StallRecorder(app, limit)
    try:
        person = kind(window, recorder)
        person.start()
        yield person
    finally:
        recorder.stop()
        window.close()
        collector.rest()


def days_work(folder: Path, limit: float = LIMIT) -> dict[str, list[Stall]]:
    """The stalls of every step, with photos and settings in ``folder``."""
    photos = [write_photo(folder / f"photo {number}.jpg") for number in range(1, 4)]
    with person_at_work(folder, limit, Person) as person:
        person.work(photos)
    return person.waited


def main() -> None:
    """Print what kept the person waiting."""
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else LIMIT
    with tempfile.TemporaryDirectory(prefix="cropsight-person-") as folder:
        waited = days_work(Path(folder), limit)
    for step, stalls in waited.items():
        print(f"{step}: {len(stalls)}")  # noqa: T201 - what the command is for
        for stall in sorted(stalls, key=lambda stall: -stall.busy):
            print(f"  {stall}")  # noqa: T201


if __name__ == "__main__":
    prepare_imports()
    settle_process()
    main()
