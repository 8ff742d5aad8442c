"""No screen, no settings of the person who runs the tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.batch import batch_controller
from app.photos import file_watcher, folder_scan, folder_watcher, thumbnails
from app.widgets import grouped_notice
from app.widgets.notices import Notice
from tests.app.helpers.gui import big_photo, desk, make_desk, qtbot, quick, settings, small_photo

__all__ = ["big_photo", "desk", "make_desk", "qtbot", "quick", "settings", "small_photo"]


HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
def collect_on_this_thread() -> Iterator[None]:
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
    """Thumbnails of an earlier run must not be taken for those of this one."""
    monkeypatch.setattr(thumbnails, "cache_folder", lambda: tmp_path / "cache")


@pytest.fixture(autouse=True)
def _nothing_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notices stay, and files are looked at again, only as a test says: no machine is too slow."""
    monkeypatch.setattr(Notice.fade_later, "__defaults__", (HOUR_MS,))
    monkeypatch.setattr(grouped_notice, "_SHOWN_MS", HOUR_MS)
    monkeypatch.setattr(batch_controller, "_SAID_MS", HOUR_MS)
    monkeypatch.setattr(file_watcher, "LOOK_MS", HOUR_MS)
    monkeypatch.setattr(folder_watcher, "LOOK_MS", HOUR_MS)
    monkeypatch.setattr(folder_scan, "_PORTION_SECONDS", HOUR_MS / 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform complains about what it cannot do; that says nothing about the app."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))
