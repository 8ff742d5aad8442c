"""What the first window needs, and nothing else, is there when it is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.app.helpers.gui import write_photo

ROOT = Path(__file__).parents[3]
SHOWN = """
import sys
sys.path.insert(0, sys.argv[1])
import json
from app.main import prepare_imports
qt_first = "PySide6" in sys.modules
prepare_imports()
from app.shell.startup import create_app, show_window
from app.settings import Settings
app = create_app()
window = show_window(app, Settings())
app.processEvents()
seen = window.isVisible(), app.styleSheet() != "", window.windowHandle().isExposed()
hooked = "feature" in __import__.__name__
facts = {"modules": list(sys.modules), "qt_first": qt_first, "hooked": hooked, "seen": seen}
print(json.dumps(facts))
window.close()
"""
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
LATER = (
    "torch", "cv2", "scipy", "importlib.metadata", "app.runtime.stall_recorder", "app.shell.licences",
    "app.shell.about_page", "app.shell.preferences_page", "app.shell.shortcuts_page", "app.export.export_panel",
    "app.suggest.compare_page", "app.suggest.why_panel", "app.suggest.methods_page", "app.batch.page",
)  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Facts about a fresh process that shows the window as the program does."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, str(ROOT)],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(FOLDERS, str(home))},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_window_is_seen_before_the_heavy_modules_are_there(shown: dict[str, list]) -> None:
    assert shown["seen"] == [True, True, True]
    assert [name for name in LATER if name in shown["modules"]] == []


OPENED = """
import json, sys
from PySide6.QtCore import QTimer
from app import main
from app.shell import startup
class Window(startup.MainWindow):
    def start_engine(self):
        self.timer = QTimer(self, interval=5)
        self.timer.timeout.connect(self.look)
        self.timer.start()
    def look(self):
        told = [notice.text for notice in self.parts.notices.notices]
        if told or (self.parts.editor.photo and self.parts.editor.photo.preview is not None):
            self.timer.stop()
            print(json.dumps(told))
            self.close()
startup.MainWindow = Window
sys.exit(main.main(sys.argv[1:]))
"""


def opened(photo: Path, home: Path) -> tuple[list[str], str]:
    """What is told, and what reaches the terminal, when the program is started with one photo."""
    done = subprocess.run(
        [sys.executable, "-c", OPENED, str(photo)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(FOLDERS, str(home))},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def test_one_damaged_photo_in_the_arguments_is_told_of(tmp_path: Path) -> None:
    photo = write_photo(tmp_path / "torn.jpg", 300, 200)
    photo.write_bytes(photo.read_bytes()[:900])
    (told,), _ = opened(photo, tmp_path / "home")
    assert told.startswith("torn.jpg is damaged or incomplete.")


def test_what_libraries_say_of_a_photo_goes_to_the_log(tmp_path: Path) -> None:
    photo = tmp_path / "odd.jpg"
    Image.new("RGB", (300, 200)).save(photo, exif=b"Exif\0\0II*\0\xff\xff\0\0rubbish")
    _, terminal = opened(photo, tmp_path / "home")
    assert terminal == ""
    logs = [path.read_text() for path in (tmp_path / "home").rglob("cropsight.log")]
    assert any("EXIF" in log for log in logs)


def test_no_module_is_read_twice_for_the_sake_of_qt(shown: dict[str, bool]) -> None:
    assert not shown["qt_first"]
    assert not shown["hooked"]
