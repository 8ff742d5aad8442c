"""The ways of a slider's tick and of an export through the program stay short."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import app

ROOT = Path(app.__file__).parents[1]
MOST = {"tick": (20, 0), "export": (18, 3)}
"""Hops and those that lead back. An export asks for pixels, a file and its writing one after the other, and
writes twice through one module: the crop and the sidecar."""


def test_no_way_grows_longer_nor_leads_back() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "hops.py"), "--list"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {
        name: (int(hops), int(back))
        for name, hops, back in re.findall(
            r"(\w+): (\d+) hops in \d+ files, (\d+) back", done.stdout
        )
    }
    assert found.keys() == MOST.keys()
    for name, (hops, back) in MOST.items():
        assert found[name][0] <= hops, done.stdout
        assert found[name][1] <= back, done.stdout
