"""A folder of all kinds of photos, some damaged, comes out of a batch right, or named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from cropcore.cli.main import main
from tests.cropcore.helpers.mixed_check import faults
from tests.cropcore.helpers.mixed_files import make_mixed
from tests.cropcore.helpers.mixed_run import main as run_mixed


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("astronaut", "chelsea", "coffee", "rocket"):
        Image.fromarray(getattr(skimage.data, name)()).save(folder / f"{name}.png")
    return sorted(folder.iterdir())


def test_every_good_one_is_written_and_every_bad_one_named(
    pictures: list[Path], installed_engine: object, tmp_path: Path
) -> None:
    out, told = tmp_path / "out", tmp_path / "told.json"
    files = make_mixed(tmp_path / "photos", 84, pictures, largest=400)
    assert {f.damage for f in files} != {""}
    status = main(
        ["batch", "4:5", str(tmp_path / "photos"), "--out", str(out), "--json", str(told)]
    )
    assert status == 1
    assert list(faults(files, json.loads(told.read_text()), out)) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_at_twenty_moments(pictures: list[Path], tmp_path: Path) -> None:
    arguments = ["--pictures", str(pictures[0].parent), "--work", str(tmp_path / "work")]
    assert run_mixed([*arguments, "--count", "210", "--largest", "1600"]) == 0
