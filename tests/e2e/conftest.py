"""The same desk as the tests of the app have."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.app.conftest import collect_on_this_thread
from tests.app.helpers.gui import big_photo, desk, make_desk, qtbot, settings, small_photo

__all__ = [
    "big_photo", "collect_on_this_thread", "desk", "make_desk", "qtbot", "settings", "small_photo",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for the person who runs the tests is left alone."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform complains about what it cannot do; that says nothing about the app."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
