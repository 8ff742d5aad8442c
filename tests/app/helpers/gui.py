"""A window as a person would use it, for tests: real mouse and key events, a held engine."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.document.edit import Owner
from app.document.open_photo import OpenPhoto
from app.engine.engine_thread import EngineThread
from app.engine.messages import Answer
from app.settings import Settings
from app.shell.main_window import MainWindow
from app.shell.startup import build_window
from app.style import theme
from cropcore.geometry.crop import Crop
from tests.app.helpers.engine_double import EngineDouble

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
WAIT_MS = 120_000
"""How long any wait may take: longer than the busiest machine needs for one step."""


class Desk:
    """A window, its engine double, and a hand on mouse and keyboard."""

    def __init__(self, qtbot: Any, window: MainWindow, engine: EngineDouble) -> None:
        self.qtbot = qtbot
        self.window = window
        self.engine = engine
        self.answers = 0
        window.parts.engine.answered.connect(self._count)

    @property
    def photo(self) -> OpenPhoto:
        photo = self.window.parts.document.current
        assert photo is not None
        return photo

    @property
    def crop(self) -> Crop:
        return self.photo.edit.crop

    @property
    def undo_count(self) -> int:
        return self.photo.stack.count()

    @property
    def painted(self) -> int:
        """How many thumbnails are in the strip."""
        return sum(t.candidate is not None and t.isVisible() for t in self.window.parts.strip.cards)

    def until(self, what: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(what()))

    def drop(self, *paths: Path) -> None:
        """Drop files on the canvas area of the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(p)) for p in paths])
        at, copy = QPoint(300, 300), Qt.DropAction.CopyAction
        with warnings.catch_warnings():
            # The newest Qt wants QPointF here, the oldest that is supported knows only QPoint.
            warnings.simplefilter("ignore", DeprecationWarning)
            enter = QDragEnterEvent(at, copy, data, LEFT, NO_KEY)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(at), copy, data, LEFT, NO_KEY))

    def open(self, *paths: Path) -> None:
        """Drop files and wait until the first can be edited."""
        self.drop(*paths)
        self.until(lambda: self.window.parts.editor.photo and self.photo.preview is not None)

    def deliver(self) -> None:
        """Let the engine answer the question that it works on, and take the answer in."""
        self.until(lambda: self.engine.running)
        before = self.answers
        self.engine.deliver_next()
        self.until(lambda: self.answers > before)

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, LEFT, NO_KEY, widget.rect().center())

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def hover(self, widget: QWidget) -> None:
        """Rest the pointer on a widget."""
        QTest.mouseMove(widget, widget.rect().center() - QPoint(6, 6))
        QTest.mouseMove(widget, widget.rect().center())
        self.until(widget.underMouse)

    def place(self, x: float, y: float) -> QPoint:
        """Where a point of the photo (fractions) is on the canvas."""
        return self.window.parts.canvas.crop_rect((x, y, x, y)).topLeft().toPoint()

    def press(self, at: QPoint) -> None:
        QTest.mouseMove(self.window.parts.canvas.viewport(), at)
        QTest.mousePress(self.window.parts.canvas.viewport(), LEFT, NO_KEY, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.window.parts.canvas.viewport(), at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.window.parts.canvas.viewport(), LEFT, NO_KEY, at)

    def drag(self, start: QPoint, stop: QPoint) -> None:
        """A drag in three moves."""
        self.press(start)
        self.move(start + (stop - start) / 2)
        self.move(stop)
        self.release(stop)

    def draw_crop(self, box: tuple[float, float, float, float]) -> Crop:
        """Draw a crop on a photo that nobody cropped yet."""
        self.drag(self.place(box[0], box[1]), self.place(box[2], box[3]))
        return self.crop

    def leave(self) -> None:
        """Take the pointer to where nothing reacts to it."""
        QTest.mouseMove(self.window.parts.status_bar, QPoint(5, 5))

    def notices(self) -> list[str]:
        return [n.text for n in self.window.parts.notices.notices]

    def _count(self, answer: Answer) -> None:
        if answer.suggestions is not None:
            self.answers += 1


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Waits as long as a busy machine takes, not five seconds."""
    for name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
        patient = partial(getattr(qtbot, name), timeout=WAIT_MS)
        setattr(qtbot, name, patient)
    return qtbot


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def make_desk(qtbot: Any, settings: Settings) -> Callable[..., Desk]:
    """Makes a shown window; at the end it is closed, which waits for every thread."""

    def make(
        size: tuple[int, int] = (1440, 900),
        dark: bool = True,
        held: bool = True,
        ahead: bool = False,
    ) -> Desk:
        # Without ``ahead`` the engine is asked about shown photos alone, so that tests can count.
        settings.mode = theme.Mode.DARK if dark else theme.Mode.LIGHT
        theme.apply(QApplication.instance(), settings.mode)  # type: ignore[arg-type]
        double = EngineDouble(held)
        window = build_window(settings, EngineThread(double.load))
        window.parts.prefetcher.set_on(ahead)
        qtbot.addWidget(window, before_close_func=lambda _: double.let_all_go())
        window.resize(*size)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        window.start_engine()
        desk = Desk(qtbot, window, double)
        desk.until(lambda: window.parts.editor.suggester.facts is not None)
        return desk

    return make


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def _picture(width: int, height: int) -> Image.Image:
    x = np.linspace(0, 255, width, dtype=np.uint8)[None, :]
    y = np.linspace(0, 255, height, dtype=np.uint8)[:, None]
    red = np.broadcast_to(x, (height, width))
    green = np.broadcast_to(y, (height, width))
    blue = np.full((height, width), 90, np.uint8)
    blue[height // 3 : height // 2, width // 4 : width // 2] = 230
    return Image.fromarray(np.stack([red, green, blue], -1))


def write_photo(path: Path, width: int = 6000, height: int = 4000) -> Path:
    """A JPEG with a colour profile, a camera, and an orientation that is upright already."""
    exif = Image.Exif()
    exif[0x010F] = "Cropsight tests"
    exif[0x0112] = 1
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # Never half there, for whoever watches the folder meanwhile.
    part = path.with_name(f"{path.name}.part")
    _picture(width, height).save(part, "JPEG", quality=85, exif=exif, icc_profile=profile)
    return part.replace(path)


@pytest.fixture(scope="session")
def big_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One photo of 6000 x 4000 pixels, alone in its folder; tests must not write beside it."""
    return write_photo(tmp_path_factory.mktemp("photos") / "IMG_0412.jpg")


@pytest.fixture
def small_photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path / "small.jpg", 1200, 800)


@pytest.fixture
def quick(make_desk: Callable[..., Desk], small_photo: Path) -> Desk:
    """A desk with a photo and its suggestions, whose engine answers at once."""
    desk = make_desk(held=False)
    desk.open(small_photo)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    return desk


class Thumb:
    """A hand on the ratio slider."""

    def __init__(self, desk: Desk) -> None:
        self.slider = desk.window.parts.aspect_panel.slider

    def at(self, ratio: float) -> QPoint:
        return QPoint(round(self.slider.x_of(ratio)), 11)

    def press(self) -> None:
        QTest.mousePress(self.slider, LEFT, NO_KEY, self.at(self.slider.ratio))

    def move(self, ratio: float) -> None:
        QTest.mouseMove(self.slider, self.at(ratio))

    def release(self, ratio: float) -> None:
        QTest.mouseRelease(self.slider, LEFT, NO_KEY, self.at(ratio))
