"""No screen, no settings of the person who runs the tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app import miniatures
from tests.app.gui import big_photo, desk, make_desk, quick, settings, small_photo

__all__ = ["big_photo", "desk", "make_desk", "quick", "settings", "small_photo"]


@pytest.fixture(autouse=True)
def _collect_on_this_thread() -> Iterator[None]:
    """As the app does: no worker thread may free what is left of an earlier test's widgets."""
    gc.disable()
    yield
    if gc.get_count()[0] > 20_000:
        gc.collect()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Presets, records and caches of the person who runs the tests are left alone."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Miniatures of an earlier run must not be taken for those of this one."""
    monkeypatch.setattr(miniatures, "cache_folder", lambda: tmp_path / "cache")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform complains about what it cannot do; that says nothing about the app."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
