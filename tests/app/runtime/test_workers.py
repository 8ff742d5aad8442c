"""Workers stop in one order, each for itself; closing the window ends the process and loses nothing."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.runtime import workers
from app.runtime.workers import (
    RegisteredWorker,
    StopOrder,
    end_pool,
    register_worker,
    registered_workers,
    stop_workers,
)
from app.shell.main_window import MainWindow
from cropcore.sidecar.store import SidecarStore
from tests.app.helpers.gui import Desk, write_photo

ROOT = Path(__file__).parents[3]
PATIENCE = 120
"""Seconds that the process may take on the busiest machine; what hangs would hang for ever."""


@pytest.mark.parametrize("what", ["header", "decode", "export", "stop"])
def test_what_never_comes_back_does_not_keep_the_process(what: str, tmp_path: Path) -> None:
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
    assert window.left_running == ["edits"]
    assert window.parts.engine.isFinished()


def test_every_worker_of_a_window_stops_with_it_in_the_stated_order(quick: Desk) -> None:
    below = registered_workers(quick.window)
    names = [worker.name for worker in below]
    for first, then in pairwise(("exports", "edits", "sidecars", "opening", "engine")):
        assert names.index(first) < names.index(then)
    gc.collect()
    first_number = min(worker.number for worker in below)  # others are of earlier tests
    alive = [found for found in gc.get_objects() if type(found) is RegisteredWorker]
    made = [w for w in alive if isValid(w) and w.number >= first_number]
    lost = {worker.name for worker in made} - set(names)
    assert lost == set(), "made below no window, so nobody stops them"


class Worker(QObject):
    """Notes that it was stopped; does more at that moment where it is told to."""

    def __init__(
        self,
        root: QObject,
        name: str,
        order: StopOrder,
        stopped: list[str],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(root)
        register_worker(self, name, order)
        self._name, self._stopped, self._then = name, stopped, then

    def stop(self) -> None:
        self._stopped.append(self._name)
        self._then()


def test_workers_stop_in_their_order(qapp: Any) -> None:
    root, stopped = QObject(), list[str]()
    for name, order in (
        ("engine", StopOrder.ENGINE),
        ("reader", StopOrder.READERS),
        ("edits", StopOrder.RECORDS),
        ("sidecars", StopOrder.RECORDS),
        ("export", StopOrder.JOBS),
    ):
        Worker(root, name, order, stopped)
    assert stop_workers(root) == []
    assert stopped == ["export", "edits", "sidecars", "reader", "engine"]


def test_one_that_raises_keeps_no_other_from_its_end(qapp: Any) -> None:
    root, stopped = QObject(), list[str]()

    def fail() -> None:
        raise OverflowError("date value out of range")

    Worker(root, "first", StopOrder.JOBS, stopped, fail)
    Worker(root, "second", StopOrder.READERS, stopped)
    assert stop_workers(root) == ["first"]
    assert stopped == ["first", "second"]


def test_one_whose_thread_hangs_keeps_no_other_from_its_end(qapp: Any) -> None:
    root, stopped = QObject(), list[str]()
    pool, release = ThreadPoolExecutor(1), threading.Event()
    pool.submit(release.wait)
    Worker(root, "hanging", StopOrder.READERS, stopped, lambda: end_pool(pool))
    Worker(root, "other", StopOrder.READERS, stopped)
    try:
        assert stop_workers(root, patience=0.1) == ["hanging"]
        assert stopped == ["hanging", "other"]
    finally:
        release.set()
        pool.shutdown()


def test_one_that_is_added_late_is_stopped_too(qapp: Any) -> None:
    root, stopped = QObject(), list[str]()
    late = partial(Worker, root, "late", StopOrder.JOBS, stopped)
    Worker(root, "first", StopOrder.READERS, stopped, late)
    Worker(root, "last", StopOrder.ENGINE, stopped)
    assert stop_workers(root) == []
    assert stopped == ["first", "late", "last"]


def test_what_is_written_has_a_time_of_its_own(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much of it others have used up."""
    monkeypatch.setattr(workers, "WRITING_SECONDS", 60.0)
    root, stopped = QObject(), list[str]()
    pool, written = ThreadPoolExecutor(1), threading.Event()
    pool.submit(written.wait)
    threading.Timer(0.4, written.set).start()
    Worker(root, "records", StopOrder.RECORDS, stopped, lambda: end_pool(pool, cancel=False))
    assert stop_workers(root, patience=0.0) == []
    assert written.is_set()
