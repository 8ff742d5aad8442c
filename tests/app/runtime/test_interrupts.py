"""Ctrl+C in the terminal ends the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.helpers.gui import WAIT_MS

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from app.shell import startup

show = startup.show_window

def show_and_say(*args):
    window = show(*args)
    for loaded in (window.parts.engine.ready, window.parts.engine.unavailable):
        loaded.connect(lambda *_: print("shown", flush=True))
    return window

startup.show_window = show_and_say
sys.exit(startup.run([], "cpu", False))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a console sends no SIGINT to a child")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_as_closing_its_window_does(
    number: signal.Signals, tmp_path: Path
) -> None:
    places = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **dict.fromkeys(places, str(tmp_path))},
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "shown\n"
        program.send_signal(number)
        assert program.wait(WAIT_MS / 1000) == 0
    assert list(tmp_path.rglob("*.conf")), "what the window remembers was written"
