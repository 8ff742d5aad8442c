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
    counted: list[int] = []
    young, old = [10**6, 10**6, 0], [1000]

    def objects(generation: int) -> range:
        counted.append(old[0])
        return range(old[0])

    with monkeypatch.context() as patched:
        patched.setattr(gc, "collect", collected.append)
        patched.setattr(gc, "get_count", lambda: tuple(young))
        patched.setattr(gc, "get_objects", objects)
        # How many times the second generation was collected since all were, and how many objects are old.
        for times, now in ((11, 1000), (11, 1000), (12, 1240), (23, 1260), (11, 1260), (5, 1600)):
            young[2], old[0] = times, now
            collector.collect()
    assert collected == [2, 1, 1, 2, 1, 1]
    assert counted == [1000, 1000, 1000, 1260, 1260, 1260], "not at each call"
