"""Nothing is cut or sticks out: long words at 1280 x 720, long names, 200 %, 5K."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.shell.main_window import strip_height
from app.widgets.notices import Severity
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo
from tests.app.helpers.layout_facts import Pseudo, misfits

ROOT = Path(__file__).parents[3]
LONG = "A very long name that cameras give and people type, " * 4
PAGES = ("preferences", "about", "keys", "methods", "export_with", "why", "compare")


@pytest.fixture
def pseudo(qapp: Any) -> Iterator[None]:
    translator = Pseudo(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def lasting(desk: Desk) -> list[str]:
    """What still does not fit once the layouts had time to settle."""
    for _ in range(400):
        if not (found := misfits(desk.window)):
            return []
        desk.qtbot.wait(25)
    return found


def tour(desk: Desk, folder: Path) -> list[str]:
    """Every page of the window, with what does not fit on it."""
    found = [f"empty: {fault}" for fault in lasting(desk)]
    photo = write_photo(folder / "small.jpg", 600, 400)
    long = folder / f"{LONG}.jpg"
    shutil.copy(photo, long)
    desk.open(long, photo)
    desk.until(lambda: desk.photo.current_suggestions)
    sections = (desk.window.parts.numbers_section, desk.window.parts.method_section)
    last = desk.window.parts.heads_section, desk.window.parts.protect_section
    for section in (*sections, *last):
        section.set_open(True)
    found += [f"photo: {fault}" for fault in lasting(desk)]
    for name in PAGES:
        desk.window.parts.actions[name].trigger()
        found += [f"{name}: {fault}" for fault in lasting(desk)]
        desk.window.commands.escape()
    desk.window.parts.notices.add(f"{LONG}: is damaged.", Severity.ERROR, "details\n" * 40)
    desk.window.parts.notices.notices[-1].toggle_details()
    return found + [f"notice: {fault}" for fault in lasting(desk)]


def test_words_a_third_longer_fit_at_1280x720(
    make_desk: Callable[..., Desk], pseudo: None, tmp_path: Path
) -> None:
    assert tour(make_desk((1280, 720), held=False), tmp_path) == []


def test_the_smallest_window(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    assert tour(make_desk((960, 600), held=False), tmp_path) == []


def test_5k_at_100_percent(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = make_desk((5120, 2880), held=False)
    assert tour(desk, tmp_path) == []
    first, last = desk.window.parts.strip.cards[0], desk.window.parts.strip.cards[-1]
    across = last.geometry().right() - first.geometry().left()
    assert across < 10 * 190, "thumbnails stay together"
    assert desk.window.parts.notices.width() <= 420
    for page in (
        desk.window.parts.program_pages.about,
        desk.window.parts.program_pages.preferences,
    ):
        assert page.width() <= 960, "lines stay short enough to read"


@pytest.mark.parametrize(
    ("size", "height"),
    [((1280, 720), 96), ((1440, 900), 124), ((2560, 1440), 164), ((2560, 1080), 124)],
)
def test_the_strip_grows_with_the_window(size: tuple[int, int], height: int) -> None:
    assert strip_height(*size) == height


@pytest.mark.parametrize("size", [(1280, 720), (2560, 1440)])
def test_thumbnails_fill_their_room_after_the_strip_grew(
    make_desk: Callable[..., Desk],
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = make_desk((1440, 900), held=False)
    desk.open(write_photo(tmp_path / "small.jpg", 600, 400))
    strip = desk.window.parts.strip
    desk.until(lambda: strip.cards[0].has_picture)
    asked: list[tuple[int, int]] = []
    make = desk.window.parts.crop_thumbnails.make

    def asking(image: QImage, crops: Any, size: QSize, turn: Any) -> int:
        asked.append(size.toTuple())  # type: ignore[arg-type]
        return make(image, crops, size, turn)

    monkeypatch.setattr(desk.window.parts.crop_thumbnails, "make", asking)
    desk.window.resize(*size)
    desk.until(lambda: strip.height() == strip_height(*size))
    desk.until(lambda: asked and asked[-1] == strip.picture_size.toTuple())


LARGE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QLabel
from app.style import theme
from app.engine.engine_thread import EngineThread
from app.shell.startup import build_window, create_app
from app.settings import Settings
from app.shell.main_window import MainWindow
from tests.app.helpers.engine_double import EngineDouble
from tests.app.helpers.layout_facts import misfits

app = create_app()
settings = Settings(QSettings(sys.argv[2], QSettings.Format.IniFormat))
theme.apply(app, theme.Mode.DARK)
window = build_window(settings, EngineThread(EngineDouble(False).load))
window.resize(1280, 720)
window.show()
app.processEvents()
print("scale", window.devicePixelRatioF())
print("misfits", misfits(window))
icon = window.parts.tool_bar.buttons["open"].icon().pixmap(QSize(16, 16), window.devicePixelRatioF())
print("icon", icon.width(), icon.devicePixelRatio())
blurred = [
    label.pixmap().size().toTuple()
    for label in window.findChildren(QLabel)
    if not label.pixmap().isNull() and label.pixmap().devicePixelRatio() != 2
]
print("blurred", blurred)
window.close()
"""


def test_200_percent_is_sharp_and_whole(tmp_path: Path) -> None:
    """In a process of its own, since the scale is chosen before the first window."""
    script = tmp_path / "large.py"
    script.write_text(LARGE)
    done = subprocess.run(
        [sys.executable, str(script), str(ROOT), str(tmp_path / "s.ini")],
        capture_output=True,
        text=True,
        timeout=WAIT_MS / 1000,
        env={**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"},
    )
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    assert said.get("scale") == "2.0", done.stderr
    assert said["misfits"] == "[]"
    assert said["icon"] == "32 2.0"
    assert said["blurred"] == "[]"


class TestOnePlaceForColours:
    ALLOWED: ClassVar = {
        "app/style/theme.py": "the colours themselves",
        "app/photos/sample_photos.py": "painted scenes",
        "app/canvas/colormap.py": "the table of maps",
        "app/canvas/paint_context.py": "black and white of the crop, the board behind transparency",
        "app/canvas/crop_frame.py": "the label on the photo, the same in both themes",
    }
    COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b|QColor\(\s*\d|QColor\(\s*[\"']")

    def test_nobody_else_chooses_a_colour(self) -> None:
        found = {}
        for path in (ROOT / "app").rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if name not in self.ALLOWED and (hits := self.COLOUR.findall(path.read_text())):
                found[name] = hits
        assert found == {}

    def test_the_style_sheet_takes_them_by_name(self) -> None:
        page = (ROOT / "resources/style.qss").read_text()
        page = re.sub(r"#[a-zA-Z]+(?=[\s,{:\[.>])", "", page)  # names of widgets
        assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(", page)

    def test_icons_are_one_set_that_follows_the_theme(self) -> None:
        for path in (ROOT / "resources/icons").glob("*.svg"):
            if path.stem == "cropsight":
                continue
            drawing = path.read_text()
            assert 'viewBox="0 0 16 16"' in drawing, path.name
            assert "currentColor" in drawing, path.name
            assert not re.findall(r"#[0-9A-Fa-f]{3,6}", drawing), path.name
            assert 'stroke-width="1.4"' in drawing, path.name
