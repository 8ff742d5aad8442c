"""Garbage is collected on the GUI thread, all of it only once there is much more of it."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QObject

from app.runtime.gc_on_gui_thread import GuiCollector


def test_all_objects_are_visited_only_once_a_quarter_more_are_old(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    collector = GuiCollector(parent)
    collector.rest()
    collected: list[int] = []
    old = [1000]
    with monkeypatch.context() as patched:
        patched.setattr(gc, "collect", collected.append)
        patched.setattr(gc, "get_count", lambda: (10**6, 10**6, 10**6))
        patched.setattr(gc, "get_objects", lambda _: range(old[0]))
        for now in (1000, 1000, 1240, 1260, 1260):
            old[0] = now
            collector.collect()
    assert collected == [2, 1, 1, 2, 1]
