"""Where torch cannot be imported everything but training works: the commands, and the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

ROOT = Path(__file__).parents[2]
# Not None in sys.modules: scipy takes a name that is there for a library that is installed.
BLOCKED = """
import sys
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("torch", "torchvision"):
            raise ModuleNotFoundError(f"No module named {name!r}")
sys.meta_path.insert(0, NotInstalled())
"""
COMMAND = BLOCKED + "from cropcore.cli.main import main; sys.exit(main(sys.argv[1:]))"
WINDOW = (
    BLOCKED
    + """
from pathlib import Path
from app.main import prepare_imports
prepare_imports()
from app.shell.window_benchmark import slider_seconds
steps = slider_seconds(Path(sys.argv[1]), Path(sys.argv[2]), "auto", most=3, seconds=0.0)
print(len(steps))
"""
)
FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "astronaut.jpg"
    Image.fromarray(data.astronaut()).save(path)
    return path


def run(program: str, *arguments: object, home: Path) -> str:
    """What a fresh process without torch prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(FOLDERS, str(home))},
    )
    assert done.returncode == 0, done.stderr
    assert "torch" not in done.stderr
    return done.stdout


def test_crop_and_maps(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run(
        COMMAND, "crop", photo, "--aspect", "4:5", "--method", "all", "--out", out, "--json", "-",
        home=tmp_path,
    )  # fmt: skip
    results = json.loads(told)["photos"][0]["results"]
    assert len(results) == 6
    assert all(result["candidates"] for result in results)
    run(COMMAND, "maps", photo, "--out", tmp_path / "maps", home=tmp_path)
    assert len(list((tmp_path / "maps").glob("*_overlay.png"))) == 5


def test_batch(photo: Path, tmp_path: Path) -> None:
    run(COMMAND, "batch", "1:1", photo, "--out", tmp_path / "out", home=tmp_path)
    (made,) = (tmp_path / "out").glob("*.jpg")
    with Image.open(made) as image:
        assert image.width == image.height


def test_eval(photo: Path, tmp_path: Path) -> None:
    crop = {"width": 512, "height": 512, "best_crop": [0.1, 0.0, 0.9, 0.8]}
    (tmp_path / "people.json").write_text(json.dumps({photo.name: crop}))
    told = run(
        COMMAND,
        "eval",
        tmp_path / "people.json",
        "--images",
        tmp_path,
        "--json",
        "-",
        home=tmp_path,
    )
    assert "iou" in told


def test_the_window_shows_candidates(photo: Path, tmp_path: Path) -> None:
    assert run(WINDOW, photo, tmp_path, home=tmp_path).split() == ["3"]
