"""What a person did is there again, however the program ended."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cropcore.sidecar.store import default_library
from tests.app.helpers.gui import write_photo

ROOT = Path(__file__).parents[2]


def start(*words: str) -> tuple[subprocess.Popen[str], Any]:
    """A second process at its desk, and what it said it shows."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.day_driver", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        pytest.fail(f"The child ended with {child.wait()}.")
    return child, json.loads(line)


def kill(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    assert child.stdout is not None
    child.stdout.close()


def test_crops_and_session_outlive_a_kill(tmp_path: Path) -> None:
    # Copies would be taken for photos that were renamed, so each is another one.
    sizes = {"b": (1200, 800), "c": (1202, 800), "a": (1204, 800)}
    photos = [write_photo(tmp_path / f"{name}.jpg", *size) for name, size in sizes.items()]
    before = [hashlib.sha256(path.read_bytes()).digest() for path in photos]
    child, left = start("work", *map(str, photos))
    time.sleep(1)
    kill(child)
    assert len(list(default_library().glob("*.json"))) == 2, "only two crops were the person's own"

    child, found = start("look")
    kill(child)
    assert [name for name, *_ in found["photos"]] == ["b.jpg", "c.jpg", "a.jpg"]
    assert [owner for _, owner, _ in left["photos"]] == ["mine", "mine", "proposed"]
    assert found["photos"][:2] == left["photos"][:2]
    assert found["photos"][2][1] != "mine"
    assert found["shown"] == left["shown"] == "c.jpg"
    assert [hashlib.sha256(path.read_bytes()).digest() for path in photos] == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jpg", "b.jpg", "c.jpg"]
