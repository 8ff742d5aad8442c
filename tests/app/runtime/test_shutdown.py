"""Closing the window ends the process, whatever its threads are at, and loses nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.shell.main_window import MainWindow
from cropcore.sidecar.store import SidecarStore
from tests.app.helpers.gui import Desk, write_photo

ROOT = Path(__file__).parents[3]
PATIENCE = 120
"""Seconds that the process may take on the busiest machine; what hangs would hang for ever."""


@pytest.mark.parametrize("what", ["header", "decode", "export"])
def test_a_thread_that_never_comes_back_does_not_keep_the_process(
    what: str, tmp_path: Path
) -> None:
    photos = [write_photo(tmp_path / name, 300, 200) for name in ("a.jpg", "b.jpg")]
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in photos]
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    homes = {name: str(tmp_path / name.lower()) for name in names}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.helpers.shutdown_driver", what, *map(str, photos)],
        cwd=ROOT,
        env={**os.environ, **homes},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, told = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, told
    assert "Traceback" not in told
    library = tmp_path / "xdg_data_home" / "cropsight" / "sidecars"
    kept = SidecarStore(library).load(photos[0]).sidecar
    assert kept is not None, "it was taken before the window was closed"
    assert [change.what for change in kept.crops[0].changes] == ["taken"]
    (session,) = tmp_path.glob("xdg_state_home/**/session.json")
    assert json.loads(session.read_text())["photos"] == [str(path) for path in photos]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in photos] == before
    assert {path.name for path in tmp_path.glob("Cropsight/*.jpg")} == set()


def test_what_fails_at_the_end_keeps_nothing_else_from_its_end(
    quick: Desk, small_photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window: MainWindow = quick.window

    def fail() -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(window.parts.sidecar_sync, "stop", fail)
    assert window.close()
    assert window.left_running == ["SidecarSync"]
    assert window.parts.engine.isFinished()
    monkeypatch.undo()
    window.parts.sidecar_sync.stop()
