"""Errors that nobody expected: raised in slots and threads, seen as one quiet notice, and logged."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.runtime.log_file import LogFile
from app.runtime.uncaught_errors import UncaughtError, UncaughtErrors
from tests.app.helpers.gui import Desk

pytestmark = pytest.mark.qt_no_exception_capture


class Sender(QObject):
    sent = Signal(int)


@pytest.fixture
def failures(qapp: Any) -> Iterator[UncaughtErrors]:
    made = UncaughtErrors(qapp)
    made.watch()
    yield made
    made.leave()


@pytest.fixture
def told(failures: UncaughtErrors) -> list[UncaughtError]:
    heard: list[UncaughtError] = []
    failures.caught.connect(heard.append)
    return heard


def break_down(_: int = 0) -> None:
    raise ValueError("the spoon is too big")


def test_an_error_in_a_slot_becomes_one_notice_with_details(
    desk: Desk, failures: UncaughtErrors
) -> None:
    failures.caught.connect(desk.window.parts.program_pages.show_failure)
    sender = Sender()
    sender.sent.connect(break_down)
    for number in range(5):
        sender.sent.emit(number)
    desk.until(desk.notices)
    (notice,) = desk.window.parts.notices.notices
    assert "the spoon is too big" in notice.text
    assert notice.details is not None
    assert notice.details.isHidden()
    desk.until(lambda: desk.window.parts.notices.height() > 60)
    before = desk.window.parts.notices.height()
    (button,) = (b for b in notice.findChildren(type(notice.details.copy_button)) if b.isVisible())
    desk.click(button)
    assert notice.details.isVisible()
    desk.until(lambda: desk.window.parts.notices.height() > before + 100)
    desk.click(notice.details.copy_button)
    copied = QGuiApplication.clipboard().text()
    assert "in break_down" in copied
    assert "PySide6-Essentials: " in copied
    # The window goes on.
    desk.key(Qt.Key.Key_F1)
    assert desk.window.parts.program_pages.keys.isVisible()


def test_a_timer_that_fails_again_and_again_is_told_once(
    qtbot: Any, told: list[UncaughtError], caplog: pytest.LogCaptureFixture
) -> None:
    timer, times = QTimer(), []

    def fire() -> None:
        times.append(1)
        break_down()

    timer.timeout.connect(fire)
    timer.start(1)
    qtbot.waitUntil(lambda: len(times) >= 20)
    timer.stop()
    qtbot.waitUntil(lambda: bool(told))
    assert [failure.summary for failure in told] == ["ValueError: the spoon is too big"]
    logged = [r for r in caplog.records if "spoon" in r.getMessage()]
    assert 4 <= len(logged) <= 8


def test_an_error_in_a_thread_is_told_on_the_gui_thread(
    qtbot: Any, failures: UncaughtErrors, told: list[UncaughtError]
) -> None:
    heard_on: list[threading.Thread] = []
    failures.caught.connect(lambda _: heard_on.append(threading.current_thread()))
    worker = threading.Thread(target=break_down, name="spoons")
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(told))
    assert "break_down" in told[0].details
    assert heard_on == [threading.main_thread()]


def test_an_error_while_something_is_freed_is_told(qtbot: Any, told: list[UncaughtError]) -> None:
    class Brittle:
        def __del__(self) -> None:
            break_down()

    Brittle()
    gc.collect(0)
    qtbot.waitUntil(lambda: bool(told))


def test_long_messages_are_cut_and_interrupts_passed_on(
    qtbot: Any, failures: UncaughtErrors, told: list[UncaughtError], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures.hear(RuntimeError("x" * 5000 + "\nmore"))
    qtbot.waitUntil(lambda: bool(told))
    assert len(told[0].summary) == 160
    passed: list[type[BaseException]] = []
    failures.leave()
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: passed.append(kind))
    failures.watch()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed == [KeyboardInterrupt]


def test_leaving_gives_the_hooks_back(qapp: Any) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    failures = UncaughtErrors(qapp)
    failures.watch()
    assert sys.excepthook is not before[0]
    failures.leave()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


class TestLogFile:
    def test_it_holds_warnings_and_stays_bounded(self, tmp_path: Path) -> None:
        log = LogFile(tmp_path / "log")
        assert log.open()
        logger = logging.getLogger("cropsight.test")
        logger.debug("not this")
        for number in range(3000):
            logger.error("%d %s", number, "y" * 1000)
        log.close()
        files = sorted(p.name for p in log.path.parent.iterdir())
        assert files == ["cropsight.log", "cropsight.log.1", "cropsight.log.2"]
        assert sum(p.stat().st_size for p in log.path.parent.iterdir()) < 3 * 513 * 1024
        assert "2999 yyy" in log.path.read_text()
        assert "not this" not in log.path.read_text()

    def test_a_place_that_cannot_be_written_is_done_without(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert not LogFile(tmp_path / "file" / "log").open()
