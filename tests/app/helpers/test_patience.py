"""Waits of tests are as patient as the busiest machine needs."""

from __future__ import annotations

from tests.app.helpers.gui import WAIT_MS, Desk


def test_a_wait_lasts_far_longer_than_pytest_qt_would(desk: Desk) -> None:
    blocker = desk.qtbot.waitSignal(desk.window.parts.engine.answered, raising=False)
    assert blocker.timeout == WAIT_MS >= 60_000
