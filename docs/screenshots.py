"""Make the pictures of the app: every panel, dark and light, in both window sizes.

    python docs/screenshots.py FOLDER

Photos are scikit-image's. The engine is the real one where its weights are there; without them the
largest centred crops stand in for suggestions, so that the layout can be looked at all the same.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from skimage import data

from app import theme
from app.engine_thread import Engine, EngineThread, load_engine
from app.main import create_app
from app.panels.notices import Kind
from app.refit import as_box, refit
from app.settings import Settings
from app.window import MainWindow
from cropcore.aspect import Aspect
from cropcore.crop import Candidate, Crop, Map, Suggestions
from cropcore.errors import CropsightError
from cropcore.photo import Photo

SIZES = ((1440, 900), (1280, 720))
PATIENCE = 60.0


class StandIn:
    """Crops around the middle, where no weights are installed."""

    device, device_note = "CPU", ""
    methods: tuple[str, ...] = ("asm", "gaic")
    map_names: tuple[str, ...] = ("saliency", "content", "sensitivity")

    def encode(self, photo: Photo) -> Photo:
        """The photo is its own scene."""
        return photo

    def suggest(self, scene: Photo, aspect: Aspect, k: int = 10, **_: Any) -> Suggestions:
        """Boxes that wander and shrink."""
        found = []
        for rank in range(1, k + 1):
            size, x, y = 0.8 - 0.04 * rank, 0.38 + 0.03 * rank, 0.55 - 0.02 * rank
            low_x, low_y = max(0.0, x - size / 2), max(0.0, y - size / 2)
            box = as_box((low_x, low_y, min(1.0, low_x + size), min(1.0, low_y + size)))
            crop = refit(Crop(box), aspect, scene.width, scene.height)
            found.append(Candidate(rank, crop, 86.0 - 2 * rank, 1 / rank, "asm"))
        return Suggestions(aspect, "asm", 0.8, tuple(found))

    def calibrated(self, scene: Photo, crops: Any, *_: Any, **__: Any) -> np.ndarray:
        """One score for all."""
        return np.full(len(crops), 78.0)

    def maps(self, scene: Photo, aspect: Aspect, names: Any = None) -> dict[str, Map]:
        """A soft spot."""
        y, x = np.mgrid[0:64, 0:96] / 64
        values = np.exp(-((x - 0.75) ** 2 + (y - 0.45) ** 2) / 0.09).astype(np.float32)
        meaning = "Where people look first. Bright means many."
        return {name: Map(name, values, 0.0, 1.0, name.title(), meaning) for name in names or ()}


def load_or_stand_in() -> Engine:
    """The real engine, or what stands in for it."""
    try:
        return load_engine()
    except CropsightError:
        return StandIn()  # type: ignore[return-value]


class Photographer:
    """Drives a window and takes its picture."""

    def __init__(self, app: QApplication, window: MainWindow, folder: Path, prefix: str) -> None:
        self._app, self._window, self._folder, self._prefix = app, window, folder, prefix

    def until(self, what: Callable[[], object]) -> None:
        """Wait for something, and for what follows from it."""
        end = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > end:
                raise TimeoutError(f"{self._prefix}: nothing happened in {PATIENCE:.0f} s")
            self._app.processEvents()
            time.sleep(0.005)
        self.rest()

    def rest(self, seconds: float = 0.5) -> None:
        """Let fades and thumbnails finish."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)

    def suggested(self) -> None:
        """Wait for the answer to what is asked now, pictures included."""
        window = self._window
        self.until(lambda: window.editor.photo and window.editor.photo.current_suggestions)
        self.until(lambda: all(t.has_picture for t in window.strip.thumbs if t.candidate))

    def shoot(self, name: str) -> None:
        """Take a picture."""
        self._window.grab().save(str(self._folder / f"{self._prefix}_{name}.png"))


def take_all(app: QApplication, folder: Path, photos: list[Path], dark: bool, at: int) -> None:
    """All pictures of one theme and one window size."""
    width, height = SIZES[at]
    mode = theme.Mode.DARK if dark else theme.Mode.LIGHT
    store = folder / "settings.ini"
    store.unlink(missing_ok=True)
    settings = Settings(QSettings(str(store), QSettings.Format.IniFormat))
    settings.mode = mode
    theme.apply(app, mode)
    window = MainWindow(settings, EngineThread(load_or_stand_in))
    window.resize(width, height)
    window.show()
    person = Photographer(app, window, folder, f"{mode}_{width}")
    person.rest(0.1)
    person.shoot("empty")
    window.start_engine()
    window.open_paths(photos[:1])
    person.suggested()
    person.shoot("proposed")
    window.aspect.chips["4:5"].click()
    person.suggested()
    window.strip.take(2)
    person.rest()
    person.shoot("candidate")
    QTest.mouseMove(window.strip.thumbs[4], window.strip.thumbs[4].rect().center())
    person.rest()
    person.shoot("hover")
    QTest.mouseMove(window.status, QPoint(3, 3))
    window.maps.combo.setCurrentIndex(1)
    person.until(lambda: window.editor.map is not None)
    canvas = window.canvas
    QTest.mouseMove(canvas.viewport(), canvas.to_viewport(QPointF(300, 200)).toPoint())
    person.rest()
    person.shoot("map")
    window.maps.combo.setCurrentIndex(0)
    window.aspect.chips["circle"].click()
    person.suggested()
    person.shoot("circle")
    for section in (window.numbers_section, window.method_section, window.protect_section):
        section.set_open(True)
    window.guides.choose("golden", True)
    canvas.set_guide("golden")
    canvas.set_guides_always(True)
    person.rest()
    person.shoot("sections")
    for section in (window.numbers_section, window.method_section, window.protect_section):
        section.set_open(False)
    canvas.set_guides_always(False)
    window.open_paths(photos)
    person.until(lambda: len(window.document.photos) == len(photos))
    person.rest(1.0)
    window.notices.add(
        "IMG_2207.jpg: the file is cut off. Copy it again from the camera.", Kind.ERROR
    )
    person.shoot("filmstrip")
    window.notices.clear()
    window.act["export_with"].trigger()
    window.export_panel.size_kind.setCurrentIndex(2)
    person.rest()
    person.shoot("export")
    window.show_export_page(False)
    window.act["result"].trigger()
    person.rest()
    person.shoot("result")
    window.act["result"].trigger()
    QTest.keyClick(window, Qt.Key.Key_F1)
    person.rest()
    person.shoot("keys")
    window.close()
    store.unlink(missing_ok=True)


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    photos = []
    for name in ("chelsea", "astronaut", "coffee", "rocket"):
        path = folder / f"{name}.jpg"
        Image.fromarray(getattr(data, name)()).save(path, quality=95)
        photos.append(path)
    app = create_app()
    for dark in (True, False):
        for at in range(len(SIZES)):
            take_all(app, folder, photos, dark, at)
    for path in photos:
        path.unlink()


if __name__ == "__main__":
    main()
