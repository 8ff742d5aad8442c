"""What keeps the event loop from coming round is recorded, and nothing does so for long."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.garbage import GuiCollector
from app.stalls import StallRecorder
from tests.app.gui import LEFT, NO_KEY, Desk

# Frames of a running thread are looked at from another one: for debugging, not for every run.
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
    monkeypatch.setattr("app.garbage.gc.collect", lambda generation: compute(0.3))
    monkeypatch.setattr("app.garbage.gc.get_count", lambda: (10**9,) * 3)
    collector = GuiCollector(desk.window)
    gc.enable()
    QTimer.singleShot(0, collector.collect)
    desk.until(lambda: any(stall.seconds > 0.2 for stall in recorder.stalls))
    assert any("GuiCollector.collect" in " ".join(stall.running) for stall in recorder.stalls)


def test_nothing_is_recorded_of_a_stopped_loop(qtbot: Any, recorder: StallRecorder) -> None:
    recorder.stop()
    recorder.stalls.clear()
    QTimer.singleShot(0, lambda: compute(0.05))
    qtbot.wait(100)
    assert recorder.stalls == []


def test_a_person_at_work_never_waits_for_the_window(
    desk: Desk, big_photo: Path, tmp_path: Path, recorder: StallRecorder
) -> None:
    """Open, slide, drag, zoom, export."""
    source = tmp_path / "photo.jpg"
    source.write_bytes(big_photo.read_bytes())
    window, canvas = desk.window, desk.window.canvas
    desk.open(source)
    desk.deliver()
    desk.until(lambda: desk.painted == 10)

    slider = window.aspect.slider
    home = QPoint(round(slider.x_of(slider.ratio)), 11)
    QTest.mousePress(slider, LEFT, NO_KEY, home)
    for ratio in (1.4, 1.2, 1.0, 0.9, 0.8, 1.1):
        QTest.mouseMove(slider, QPoint(round(slider.x_of(ratio)), 11))
        desk.qtbot.wait(20)
    QTest.mouseRelease(slider, LEFT, NO_KEY, QPoint(round(slider.x_of(1.1)), 11))
    desk.deliver()

    middle = desk.place(0.5, 0.5)
    desk.press(middle)
    for step in range(12):
        desk.move(middle + QPoint(4 * step, 2 * step))
        desk.qtbot.wait(5)
    desk.release(middle + QPoint(44, 22))

    for steps in (1, 1, 1, -1, -1, -1):
        at = QPointF(canvas.viewport().rect().center())
        event = QWheelEvent(
            at,
            QPointF(canvas.viewport().mapToGlobal(at.toPoint())),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            NO_KEY,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas.viewport(), event)
        desk.qtbot.wait(20)

    with desk.qtbot.waitSignal(window.exporting.finished):
        desk.click(window.export_page.button.main)
    desk.qtbot.wait(50)
    worst = sorted(recorder.stalls, key=lambda stall: -stall.busy)
    told = "\n".join(str(stall) for stall in worst[:12])
    assert all(stall.busy < LONGEST for stall in worst), told
