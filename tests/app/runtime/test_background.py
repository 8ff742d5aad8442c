"""Answers of worker threads arrive in order, on the right thread, and garbage is freed there too."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from pytestqt.qtbot import QtBot

from app.runtime.background import BackgroundWorker, ThreadSignals
from app.runtime.gc_on_gui_thread import GuiCollector
from app.runtime.workers import StopOrder, stop_workers


class Sender(QObject):
    arrived = Signal(object)


def test_letters_of_many_threads_arrive_on_the_gui_thread_in_each_ones_order(qtbot: QtBot) -> None:
    sender = Sender()
    signals = ThreadSignals(sender)
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def take(letter: tuple[int, int]) -> None:
        seen.append(letter)
        threads.add(threading.get_ident())

    sender.arrived.connect(take)

    def work(number: int) -> None:
        for count in range(300):
            signals.send(sender.arrived, (number, count))

    workers = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for worker in workers:
        worker.start()
    qtbot.waitUntil(lambda: len(seen) == 1200)
    for worker in workers:
        worker.join()
    assert threads == {threading.get_ident()}
    for number in range(4):
        assert [count for n, count in seen if n == number] == list(range(300))


def test_a_letter_to_an_outbox_that_is_gone_is_lost_quietly(qtbot: QtBot) -> None:
    sender = Sender()
    signals = ThreadSignals(sender)
    signals.send(sender.arrived, 1)
    signals._woken.close()
    signals._wake.close()
    signals.send(sender.arrived, 2)


def test_many_letters_leave_room_for_what_the_person_does(qtbot: QtBot) -> None:
    sender = Sender()
    signals = ThreadSignals(sender)
    seen: list[object] = []

    def take(letter: object) -> None:
        if letter == 0:
            QTimer.singleShot(0, lambda: seen.append("a key press"))
        time.sleep(0.002)
        seen.append(letter)

    sender.arrived.connect(take)
    for letter in range(40):
        signals.send(sender.arrived, letter)
    qtbot.waitUntil(lambda: len(seen) == 41)
    assert seen.index("a key press") < 20
    assert [letter for letter in seen if letter != "a key press"] == list(range(40))
    for letter in range(40, 50):
        signals.send(sender.arrived, letter)
    signals.deliver()
    assert seen[-1] == 49


def test_a_worker_does_one_thing_after_the_other_and_tells_on_the_gui_thread(qtbot: QtBot) -> None:
    owner = Sender()
    worker = BackgroundWorker(owner, "test", StopOrder.READERS)
    did: list[tuple[str, int]] = []
    owner.arrived.connect(lambda part: did.append((part, threading.get_ident())))

    def work() -> int:
        worker.send(owner.arrived, "a part")
        return threading.get_ident()

    for _ in range(2):
        worker.submit(work, lambda thread: did.append(("the result", thread)))
    qtbot.waitUntil(lambda: len(did) == 4)
    here = threading.get_ident()
    assert [what for what, _ in did] == ["a part", "the result"] * 2
    assert did[0][1] == did[2][1] == here
    assert did[1][1] == did[3][1] != here
    stop_workers(owner)


def test_work_that_raises_is_logged_and_the_next_has_its_turn(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()
    worker = BackgroundWorker(owner, "a failing one", StopOrder.READERS)
    results: list[int] = []

    def fail() -> int:
        raise OverflowError("date value out of range")

    worker.submit(fail, results.append)
    worker.submit(lambda: 2, results.append)
    qtbot.waitUntil(lambda: results == [2])
    assert "a failing one" in caplog.text
    assert "date value out of range" in caplog.text
    stop_workers(owner)


@pytest.mark.parametrize(
    ("order", "done"), [(StopOrder.READERS, ["first"]), (StopOrder.RECORDS, ["first", "second"])]
)
def test_a_stopped_worker_drops_what_nobody_will_see_and_writes_what_was_decided(
    qtbot: QtBot, order: StopOrder, done: list[str]
) -> None:
    owner = QObject()
    worker = BackgroundWorker(owner, "test", order)
    did: list[str] = []
    told: list[None] = []
    begun = threading.Event()

    def first() -> None:
        begun.set()
        while not worker.is_stopped:
            time.sleep(0.001)
        did.append("first")

    worker.submit(first, told.append)
    worker.submit(lambda: did.append("second"), told.append)
    assert begun.wait(10)
    stop_workers(owner)
    worker.submit(lambda: did.append("too late"), told.append)
    assert did == done
    worker._signals.deliver()
    assert told == []


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GuiCollector]:
    parent = QObject()
    yield GuiCollector(parent)
    gc.disable()


def test_garbage_waits_for_the_gui_thread(qtbot: QtBot, collector: GuiCollector) -> None:
    freed_on: list[int] = []

    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            freed_on.append(threading.get_ident())

    def litter() -> None:
        for _ in range(5000):
            Cycle()

    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert not freed_on
    collector.collect()
    assert len(freed_on) == 5000
    assert set(freed_on) == {threading.get_ident()}
