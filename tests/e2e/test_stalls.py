"""What keeps the event loop from coming round is recorded, and nothing does so for long."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer

from app.runtime.gc_on_gui_thread import GuiCollector
from app.runtime.stall_recorder import StallRecorder
from tests.app.helpers.gui import WAIT_MS, Desk

# What is measured here is time, which a busy machine stretches as it likes.
pytestmark = pytest.mark.slow

LONGEST = 0.15
"""Seconds of computing in one round, on a machine that does other things too."""


@pytest.fixture
def recorder(qtbot: Any) -> Iterator[StallRecorder]:
    recorder = StallRecorder()
    yield recorder
    recorder.stop()  # once more does no harm


def compute(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_long_round_is_recorded_with_its_length(qtbot: Any, recorder: StallRecorder) -> None:
    QTimer.singleShot(20, lambda: compute(0.3))
    qtbot.waitUntil(lambda: any(s.seconds >= 0.2 for s in recorder.stalls))
    QTimer.singleShot(20, lambda: time.sleep(0.3))
    qtbot.waitUntil(lambda: sum(s.seconds >= 0.2 for s in recorder.stalls) >= 2)
    # The bell may ring a moment late, so that the beginning of a round is missed.
    long = [stall for stall in recorder.stalls if stall.seconds >= 0.2]
    assert max(stall.busy for stall in long) >= 0.2
    assert min(stall.busy for stall in long) < 0.1


def test_a_stall_names_what_ran(
    desk: Desk, recorder: StallRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.runtime.gc_on_gui_thread.gc.collect", lambda generation: compute(0.3))
    monkeypatch.setattr("app.runtime.gc_on_gui_thread.gc.get_count", lambda: (10**9,) * 3)
    collector = GuiCollector(desk.window)
    gc.enable()
    QTimer.singleShot(0, collector.collect)
    desk.until(lambda: any(stall.seconds > 0.2 for stall in recorder.stalls))
    assert any("collect" in " ".join(stall.running) for stall in recorder.stalls)


def test_nothing_is_recorded_of_a_stopped_loop(qtbot: Any, recorder: StallRecorder) -> None:
    recorder.stop()
    recorder.stalls.clear()
    QTimer.singleShot(0, lambda: compute(0.05))
    qtbot.wait(100)
    assert recorder.stalls == []


def test_nothing_is_kept_alive_by_the_watching_thread(qtbot: Any, recorder: StallRecorder) -> None:
    """A widget that goes out of use is deleted here, and not by the thread that looks on."""
    threads: list[int] = []

    class Local:
        def __del__(self) -> None:
            threads.append(threading.get_ident())

    def work() -> None:
        local = Local()
        compute(0.02)
        del local

    for _ in range(20):
        work()
        qtbot.wait(1)
    qtbot.waitUntil(lambda: len(threads) == 20, timeout=WAIT_MS)
    assert set(threads) == {threading.get_ident()}


def test_a_person_at_work_never_waits_for_the_window(tmp_path: Path) -> None:
    """With the real engine, in a process of its own as the program is."""
    lines = "import sys; from app.main import prepare_imports; prepare_imports(); " + (
        "from pathlib import Path; from tests.e2e.person import days_work; "
        "waited = days_work(Path(sys.argv[1])); "
        "worst = [s for stalls in waited.values() for s in stalls if s.busy > float(sys.argv[2])]; "
        "print(len(waited), *worst, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines, str(tmp_path), str(LONGEST)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n") == ["8", ""], done.stdout


def test_a_large_folder_never_makes_a_person_wait(tmp_path: Path) -> None:
    """Opened, scrolled, filtered, sorted, searched and selected in, with an engine that answers at once."""
    lines = "import sys; from app.main import prepare_imports; prepare_imports(); " + (
        "from pathlib import Path; from tests.e2e.large_folder import steps_in_a_large_folder; "
        "waited = steps_in_a_large_folder(Path(sys.argv[1]), 1500); "
        "worst = [s for stalls in waited.values() for s in stalls if s.busy > float(sys.argv[2])]; "
        "print(len(waited) > 15, *worst, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", lines, str(tmp_path), str(LONGEST / 2)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n") == ["True", ""], done.stdout
