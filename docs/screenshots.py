"""Make the pictures of the app.

    python docs/screenshots.py FOLDER       every panel, dark and light, in both window sizes
    python docs/screenshots.py --readme     those of the README, into docs/pictures

Photos are scikit-image's, enlarged to the size of a camera's, and the program's own samples. The
engine is the real one where its weights are there; without them the largest centred crops stand in
for suggestions, so that the layout can be looked at all the same.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from skimage import data

from app.batch.batch_order import BatchOrder
from app.batch.page import BatchPage
from app.engine.engine_thread import Engine, EngineThread, load_engine
from app.photos.sample_photos import write_samples
from app.settings import Settings
from app.shell.startup import build_window, create_app
from app.style import theme
from app.widgets.notices import Severity
from cropcore.batch.preset import Preset
from cropcore.engine.crop_question import CropQuestion
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Box, Candidate, Crop, Map, Suggestions
from cropcore.geometry.refit import as_box, refit
from cropcore.images.photo import Photo
from cropcore.messages import NOTHING, Message

SIZES = ((1440, 900), (1280, 720))
PHOTOS = ("chelsea", "astronaut", "coffee", "rocket", "hubble_deep_field", "camera")
LONG_SIDE = 4800
"""Of the photos, in pixels, once they are enlarged."""
PICTURES = Path(__file__).parent / "pictures"
LARGEST_FILE = 900_000
COARSEST = 6
"""Rounding colours to multiples of this cannot be seen yet."""
PATIENCE = 60.0


class StandIn:
    """Crops around the middle, where no weights are installed."""

    device, device_note = "CPU", NOTHING
    methods: tuple[str, ...] = ("asm", "gaic")
    map_names: tuple[str, ...] = ("saliency", "content", "sensitivity")
    weights_sha256: dict[str, str] = {}  # noqa: RUF012 - never changed

    def encode(self, photo: Photo, *_: Any) -> Photo:
        """The photo is its own scene."""
        return photo

    def heads(self, scene: Photo) -> tuple[Box, ...]:
        """None: the pictures have no persons."""
        return ()

    def answer(self, scene: Photo, question: CropQuestion) -> Suggestions:
        """Boxes that wander and shrink."""
        found, aspect = [], question.aspect
        for rank in range(1, question.k + 1):
            size, x, y = 0.8 - 0.04 * rank, 0.38 + 0.03 * rank, 0.55 - 0.02 * rank
            low_x, low_y = max(0.0, x - size / 2), max(0.0, y - size / 2)
            box = as_box((low_x, low_y, min(1.0, low_x + size), min(1.0, low_y + size)))
            crop = refit(Crop(box), aspect, scene.width, scene.height)
            found.append(Candidate(rank, crop, 86.0 - 2 * rank, 1 / rank, "asm"))
        return Suggestions(aspect, "asm", 0.8, tuple(found))

    def calibrated(self, scene: Photo, crops: Any, *_: Any) -> np.ndarray:
        """One score for all."""
        return np.full(len(crops), 78.0)

    def maps(self, scene: Photo, aspect: Aspect, names: Any = None) -> dict[str, Map]:
        """A soft spot."""
        y, x = np.mgrid[0:64, 0:96] / 64
        values = np.exp(-((x - 0.75) ** 2 + (y - 0.45) ** 2) / 0.09).astype(np.float32)
        meaning = Message("Where people look first. Bright means many.")
        return {
            name: Map(name, values, 0.0, 1.0, Message(name.title()), meaning)
            for name in names or ()
        }


def load_or_stand_in() -> Engine:
    """The real engine, or what stands in for it."""
    try:
        return load_engine()
    except CropsightError:
        return StandIn()  # type: ignore[return-value]


class Photographer:
    """Opens a window, drives it and takes its picture."""

    def __init__(self, app: QApplication, folder: Path, dark: bool, size: tuple[int, int]) -> None:
        self._app, self._folder = app, folder
        mode = theme.Mode.DARK if dark else theme.Mode.LIGHT
        self.name = f"{mode}_{size[0]}"
        store = QSettings(str(folder / f"{self.name}.ini"), QSettings.Format.IniFormat)
        store.clear()
        settings = Settings(store)
        settings.mode = mode
        theme.apply(app, mode)
        self.window = build_window(settings, EngineThread(load_or_stand_in))
        self.window.resize(*size)
        self.window.show()
        self.rest(0.1)

    def until(self, what: Callable[[], object]) -> None:
        """Wait for something, and for what follows from it."""
        end = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.name}: nothing happened in {PATIENCE:.0f} s")
            self._app.processEvents()
            time.sleep(0.005)
        self.rest()

    def rest(self, seconds: float = 0.5) -> None:
        """Let fades and thumbnails finish."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)

    def open(self, *photos: Path) -> None:
        """Open photos and wait for the first one's suggestions."""
        if not self.window.parts.engine.isRunning():
            self.window.start_engine()
        self.window.open_paths(photos)
        self.until(lambda: len(self.window.parts.document.photos) >= len(photos))
        self.suggested()

    def choose(self, aspect: str) -> None:
        """Click a chip."""
        self.window.parts.aspect_panel.chips[aspect].click()
        self.suggested()

    def show_map(self, name: str, x: float, y: float) -> None:
        """Turn a map on and rest the pointer on a place of the photo (fractions)."""
        window = self.window
        window.parts.maps_panel.combo.setCurrentIndex(window.parts.maps_panel.combo.findData(name))
        self.until(lambda: window.parts.editor.suggester.map is not None)
        canvas = window.parts.canvas
        at = canvas.crop_rect((x, y, x, y)).topLeft().toPoint()
        QTest.mouseMove(canvas.viewport(), at)
        self.rest()

    def suggested(self) -> None:
        """Wait for the answer to what is asked now, pictures and sharp pixels included."""
        window = self.window
        self.until(
            lambda: window.parts.editor.photo and window.parts.editor.photo.current_suggestions
        )
        self.until(lambda: all(t.has_picture for t in window.parts.strip.cards if t.candidate))
        self.until(
            lambda: window.parts.canvas.photo.is_ready and window.parts.canvas.photo.is_exact
        )

    def review(self, photos: Sequence[Path], out: Path) -> None:
        """Have crops of all photos found, and look at them before they are written."""
        batching = self.window.parts.running_batch
        ended: list[object] = []
        batching.ended.connect(ended.append)
        preset = Preset("Portrait", (Aspect.parse("4:5"),), k=10)
        batching.start(BatchOrder(preset, tuple(photos), out, review=True))
        self.until(lambda: ended)
        offered = [b for b in batching.bar.findChildren(QPushButton) if b.text() == "Review"]
        offered[0].click()
        self.until(lambda: self.window.parts.review_mode.review)
        for _ in range(3):
            self.until(lambda: self.window.parts.review_mode.can_decide)
            self.window.parts.actions["accept"].trigger()
            self.rest(0.2)
        self.suggested()

    def shoot(self, name: str, of: QWidget | None = None) -> None:
        """Take a picture of the window, or of another widget."""
        (of or self.window).grab().save(str(self._folder / f"{self.name}_{name}.png"))

    def shoot_small(self, path: Path) -> None:
        """Take a picture for the web: its colours are rounded until its file is small enough."""
        shot = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), -1)
        pixels = rows[:, : shot.width() * 3].reshape(shot.height(), shot.width(), 3)
        for step in range(1, COARSEST + 1):
            rounded = np.minimum(np.rint(pixels / step) * step, 255).astype(np.uint8)
            Image.fromarray(rounded).save(path, optimize=True)
            if path.stat().st_size <= LARGEST_FILE:
                return
        raise ValueError(f"{path} is larger than {LARGEST_FILE} bytes.")

    def leave(self) -> None:
        """Close the window."""
        self.window.close()


def take_all(app: QApplication, folder: Path, photos: list[Path], dark: bool, at: int) -> None:
    """All pictures of one theme and one window size."""
    person = Photographer(app, folder, dark, SIZES[at])
    window, canvas = person.window, person.window.parts.canvas
    person.shoot("empty")
    person.open(photos[0])
    person.shoot("proposed")
    person.choose("4:5")
    window.parts.strip.cards[1].click()
    person.rest()
    person.shoot("candidate")
    QTest.mouseMove(window.parts.strip.cards[4], window.parts.strip.cards[4].rect().center())
    person.rest()
    person.shoot("hover")
    QTest.mouseMove(window.parts.status_bar, QPoint(3, 3))
    person.show_map("saliency", 0.7, 0.6)
    person.shoot("map")
    window.parts.maps_panel.combo.setCurrentIndex(0)
    person.choose("circle")
    person.shoot("circle")
    for section in (
        window.parts.numbers_section,
        window.parts.method_section,
        window.parts.protect_section,
    ):
        section.set_open(True)
    window.parts.guides_panel.choose("golden", True)
    canvas.set_guide("golden")
    canvas.set_guides_always(True)
    editor = window.parts.editor
    editor.set_protected(((0.3, 0.35, 0.55, 0.65),))
    window.parts.protect_panel.mark.setChecked(True)
    person.suggested()
    person.shoot("sections")
    window.parts.protect_panel.mark.setChecked(False)
    for section in (
        window.parts.numbers_section,
        window.parts.method_section,
        window.parts.protect_section,
    ):
        section.set_open(False)
    canvas.set_guides_always(False)
    person.open(*photos)
    person.rest(1.0)
    window.parts.notices.add(
        "IMG_2207.jpg: the file is cut off. Copy it again from the camera.", Severity.ERROR
    )
    person.shoot("filmstrip")
    window.parts.notices.clear()
    window.parts.actions["export_with"].trigger()
    window.parts.export_controls.panel.sizes.size_kind.setCurrentIndex(3)
    person.rest()
    person.shoot("export")
    window.parts.export_controls.show(False)
    window.parts.actions["result"].trigger()
    person.rest()
    person.shoot("result")
    window.parts.actions["result"].trigger()
    QTest.keyClick(window, Qt.Key.Key_F1)
    person.rest()
    person.shoot("keys")
    person.leave()


def take_many(app: QApplication, folder: Path, photos: list[Path], dark: bool, at: int) -> None:
    """What is for many photos, and the pages of the program."""
    person = Photographer(app, folder, dark, SIZES[at])
    window = person.window
    person.open(*photos)
    person.choose("4:5")
    window.parts.actions["accept"].trigger()
    person.suggested()
    person.choose("1:1")
    window.parts.strip.cards[0].click()
    window.parts.actions["new_crop"].trigger()
    person.choose("16:9")
    person.rest()
    person.shoot("crops")
    window.parts.actions["next_photo"].trigger()
    person.suggested()
    window.parts.nested_crops_section.set_open(True)
    window.parts.nested_crops_panel.chips["1:1"].click()
    window.parts.nested_crops_panel.chips["16:9"].click()
    person.suggested()
    person.shoot("also")
    window.parts.nested_crops_section.set_open(False)
    window.parts.actions["straighten"].trigger()
    window.parts.straighten_tool.set_angle(3.0)
    person.rest(1.0)
    person.shoot("straighten")
    window.parts.straighten_tool.cancel()
    for name in ("preferences", "about"):
        window.parts.actions[name].trigger()
        person.rest(1.0)
        person.shoot(name)
        window.parts.actions[name].trigger()
    window.parts.actions["batch"].trigger()
    person.rest(1.0)
    page = window.findChild(BatchPage)
    assert page is not None
    person.shoot("batch", page)
    page.close()
    person.review(photos, folder / "out")
    person.shoot("review")
    person.leave()


def take_for_readme(app: QApplication, folder: Path, photos: dict[str, Path]) -> None:
    """The three pictures of the README."""
    PICTURES.mkdir(exist_ok=True)
    person = Photographer(app, folder, True, SIZES[0])
    first = [photos[name] for name in ("coffee", "astronaut", "chelsea", "rocket")]
    person.open(*dict.fromkeys((*first, *photos.values())))
    person.choose("4:5")
    person.rest(1.0)
    person.shoot_small(PICTURES / "app-dark.png")
    person.show_map("content", 0.5, 0.45)
    person.shoot_small(PICTURES / "app-map.png")
    person.leave()
    person = Photographer(app, folder, False, SIZES[0])
    person.open(*photos.values())
    person.review(list(photos.values()), folder / "out")
    person.shoot_small(PICTURES / "app-review.png")
    person.leave()


def write_photos(folder: Path) -> dict[str, Path]:
    """The photos in the size of a camera's, by name."""
    photos = {}
    for name in PHOTOS:
        photo = Image.fromarray(getattr(data, name)())
        share = LONG_SIDE / max(photo.size)
        large = photo.resize(
            (round(photo.width * share), round(photo.height * share)), Image.Resampling.LANCZOS
        )
        photos[name] = folder / f"{name}.jpg"
        large.save(photos[name], quality=92)
    return photos | {path.stem: path for path in write_samples(folder)}


def main() -> None:
    """Make all pictures, or those of the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("folder", type=Path, nargs="?")
    where.add_argument("--readme", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as home:
        # The person's own settings and decisions are neither shown nor touched.
        for kind in ("CONFIG", "DATA", "STATE"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(home) / kind.lower())
        app = create_app()
        photos = write_photos(Path(name))
        if chosen.readme:
            take_for_readme(app, Path(name), photos)
            return
        chosen.folder.mkdir(parents=True, exist_ok=True)
        for dark in (True, False):
            for at in range(len(SIZES)):
                take_all(app, chosen.folder, list(photos.values()), dark, at)
                take_many(app, chosen.folder, list(photos.values()), dark, at)
        for store in chosen.folder.glob("*.ini"):
            store.unlink()


if __name__ == "__main__":
    main()
