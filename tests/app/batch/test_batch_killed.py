"""The program is killed in the midst of a batch; the next start finishes it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.app.helpers.batch_photos import made, make_pile

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL there")

ROOT = Path(__file__).parents[3]
PATIENCE = 240
"""Seconds that one process may take on the busiest machine."""


@pytest.fixture
def desk_folder(tmp_path: Path) -> Path:
    make_pile(tmp_path / "photos", 8, bad_every=4)
    return tmp_path


def start(moment: str, nth: int, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.app.helpers.batch_app_driver", moment, str(nth), str(folder)],
        cwd=ROOT,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def records(folder: Path) -> list[Path]:
    return list(folder.glob("data/**/batches/*.json"))


def check_finished(folder: Path, count: int = 12, bad: int = 2) -> None:
    files = made(folder / "out")
    assert len(files) == count
    assert not any("(2)" in p.name for p in files)
    for path in files:
        with Image.open(path) as image:
            image.load()
            ratio = 0.8 if "4x5" in path.name else 1.0
            assert abs(image.width - ratio * image.height) <= 1
            assert image.getexif()[0x010F] == "Cropsight tests"
    assert not list((folder / "out").glob(".*.cropsight-part"))
    assert records(folder) == []
    report = json.loads((folder / "out" / "report.json").read_text())
    assert report["totals"]["failed"] == bad
    assert len(report["results"]) == count


# The batch's record is the first file that is written.
@pytest.mark.parametrize(
    ("moment", "nth", "written", "noted"),
    [("part", 3, 1, 1), ("named", 6, 5, 4), ("torn", 7, 7, 6), ("noted", 12, 12, 12)],
)
def test_killed_at_a_moment(
    desk_folder: Path, moment: str, nth: int, written: int, noted: int
) -> None:
    process = start(moment, nth, desk_folder)
    assert process.wait(PATIENCE) == -signal.SIGKILL
    process.communicate()
    left = {p.name: p.read_bytes() for p in made(desk_folder / "out")}
    assert len(left) == written
    assert len(records(desk_folder)) == 1
    again = start("never", 0, desk_folder)
    told, _ = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0
    assert told == f"{noted} \n"
    assert {n: (desk_folder / "out" / n).read_bytes() for n in left} == left
    check_finished(desk_folder)


@pytest.mark.slow
def test_killed_at_any_time_again_and_again(tmp_path: Path) -> None:
    make_pile(tmp_path / "photos", 120, bad_every=20)
    dice, kills = random.Random(5), 0
    for _ in range(20):
        process = start("never", 0, tmp_path)
        wait_until = time.monotonic() + 30
        while not (tmp_path / "out").exists() and time.monotonic() < wait_until:
            time.sleep(0.005)
        time.sleep(dice.uniform(0.2, 1.2))
        kills += process.poll() is None
        process.kill()
        process.communicate()
        if not records(tmp_path):
            break
    else:
        start("never", 0, tmp_path).communicate(timeout=PATIENCE)
    assert kills > 3
    check_finished(tmp_path, 228, 6)
