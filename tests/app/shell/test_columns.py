"""Filmstrip and side panel are as wide as the person drags them, in the next run as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from app.shell.columns import FILM, PANEL
from tests.app.helpers.gui import LEFT, NO_KEY, Desk, write_photo


def drag_edge(desk: Desk, place: int, by: int) -> None:
    handle = desk.window.parts.columns.handle(place)
    at = handle.rect().center()
    QTest.mousePress(handle, LEFT, NO_KEY, at)
    QTest.mouseMove(handle, at + QPoint(by, 0))
    QTest.mouseRelease(handle, LEFT, NO_KEY, handle.rect().center())


def test_edges_are_dragged_kept_and_brought_back(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    photos = [write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "ab"]
    desk = make_desk(held=False)
    desk.open(*photos)
    strip, panel = desk.window.parts.filmstrip, desk.window.parts.side_panel
    assert (strip.width(), panel.width()) == (FILM, PANEL)
    cell = strip.view.sizeHintForRow(0)
    drag_edge(desk, 1, 60)
    drag_edge(desk, 2, -50)
    dragged = strip.width(), panel.width()
    # Where within the edge it is taken hold of is Qt's matter.
    assert dragged == pytest.approx((FILM + 60, PANEL + 50), abs=3)
    assert strip.view.sizeHintForRow(0) > cell, "wider cells are higher"
    desk.window.resize(1280, 720)
    assert (strip.width(), panel.width()) == dragged
    again = make_desk(held=False)
    again.open(*photos)
    strip, panel = again.window.parts.filmstrip, again.window.parts.side_panel
    assert (strip.width(), panel.width()) == dragged
    for place in (1, 2):
        handle = again.window.parts.columns.handle(place)
        QTest.mouseDClick(handle, LEFT, NO_KEY, handle.rect().center())
    assert (strip.width(), panel.width()) == (FILM, PANEL)
