"""The program is killed in the midst of a review; the next start goes on with it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL there")

ROOT = Path(__file__).parents[3]


def run(what: str, folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.helpers.review_app_driver", what, str(folder)],
        cwd=ROOT,
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=240,
    )
    return done.returncode, done.stdout.splitlines()


def test_no_decision_is_lost(tmp_path: Path) -> None:
    status, (before,) = run("decide", tmp_path)
    assert status == -signal.SIGKILL
    sources = {p: hashlib.sha256(p.read_bytes()).digest() for p in tmp_path.glob("photos/*")}
    stands = json.loads(before)
    assert [one[1:4] for one in stands] == [
        [True, False, "mine"],
        [True, False, "mine"],
        [False, True, "proposed"],
        [False, False, "mine"],
        [False, False, "proposed"],
        [False, False, "proposed"],
    ]
    status, (after, written) = run("go-on", tmp_path)
    assert status == 0
    assert after == before
    assert written == "2"
    first, second = stands[0][0][:3], stands[1][0][:3]
    assert {p.name for p in tmp_path.glob("out/*")} == {f"{first}_4x5_1.png", f"{second}_4x5_4.png"}
    assert {p: hashlib.sha256(p.read_bytes()).digest() for p in sources} == sources
