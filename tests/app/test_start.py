"""What the first window needs, and nothing else, is there when it is shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOWN = """
import sys
sys.path.insert(0, sys.argv[1])
import json
from app.main import prepare_imports
qt_first = "PySide6" in sys.modules
prepare_imports()
from app.running import create_app, show_window
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
LATER = (
    "torch", "cv2", "scipy", "importlib.metadata", "app.stalls", "app.components",
    "app.panels.about", "app.panels.preferences", "app.panels.keys", "app.panels.export",
    "app.panels.compare", "app.panels.why", "app.panels.methods_page", "app.panels.batch_page",
)  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Facts about a fresh process that shows the window as the program does."""
    home = tmp_path_factory.mktemp("home")
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, str(ROOT)],
        capture_output=True,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(folders, str(home))},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_window_is_seen_before_the_heavy_modules_are_there(shown: dict[str, list]) -> None:
    assert shown["seen"] == [True, True, True]
    assert [name for name in LATER if name in shown["modules"]] == []


def test_no_module_is_read_twice_for_the_sake_of_qt(shown: dict[str, bool]) -> None:
    assert not shown["qt_first"]
    assert not shown["hooked"]
