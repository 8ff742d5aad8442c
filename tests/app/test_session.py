"""The photos that were open come back at the next start."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer

from app.session import session_file
from tests.app.gui import Desk, write_photo

K = Qt.Key


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    # Not in the order of their names: the order is remembered, not made anew.
    return [write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "cab"]


def remembered() -> tuple[list[str], int]:
    data = json.loads(session_file().read_bytes())
    return [Path(name).name for name in data["photos"]], data["shown"]


def opened(desk: Desk) -> list[str]:
    return [photo.path.name for photo in desk.window.document.photos]


def test_open_photos_are_remembered_shortly_after(desk: Desk, photos: list[Path]) -> None:
    desk.open(*photos)
    desk.until(lambda: session_file().exists())
    desk.key(K.Key_PageDown)
    desk.until(lambda: remembered() == (["c.jpg", "a.jpg", "b.jpg"], 1))
    desk.key(K.Key_W, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: remembered()[0] == ["c.jpg", "b.jpg"])


def test_they_come_back_with_the_one_that_was_shown(
    make_desk: Callable[..., Desk], photos: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.key(K.Key_PageDown)
    desk.window.close()
    fresh = make_desk(held=False)
    fresh.window.session.restore()
    fresh.until(lambda: opened(fresh) == ["c.jpg", "a.jpg", "b.jpg"])
    assert fresh.photo.path.name == "a.jpg"
    fresh.until(lambda: fresh.photo.preview is not None)
    assert fresh.window.settings.recent == tuple(photos)
    assert fresh.notices() == []


def test_missing_files_are_named_once(make_desk: Callable[..., Desk], photos: list[Path]) -> None:
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.window.close()
    photos[0].unlink()
    photos[2].unlink()
    fresh = make_desk(held=False)
    fresh.window.session.restore()
    fresh.until(lambda: fresh.notices())
    assert fresh.notices() == ["Not there any more, so not opened again: c.jpg, b.jpg."]
    assert opened(fresh) == ["a.jpg"]
    assert fresh.photo.path == photos[1]
    fresh.until(lambda: remembered() == (["a.jpg"], 0))


def test_it_can_be_switched_off(make_desk: Callable[..., Desk], photos: list[Path]) -> None:
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.window.close()
    fresh = make_desk(held=False)
    fresh.window.settings.restore_session = False
    fresh.window.session.restore()
    fresh.open(photos[1])
    assert opened(fresh) == ["a.jpg"]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', '{"schema": 1, "photos": 3}'])
def test_a_file_that_is_no_session_opens_nothing(
    make_desk: Callable[..., Desk], photos: list[Path], text: str
) -> None:
    session_file().parent.mkdir(parents=True)
    session_file().write_text(text)
    desk = make_desk(held=False)
    desk.window.session.restore()
    desk.until(lambda: not desk.window.session._restoring)
    assert opened(desk) == []
    desk.open(*photos)
    desk.until(lambda: session_file().read_text() != text)


def test_thousands_come_back_without_holding_the_window(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    first = write_photo(tmp_path / "0.jpg", 300, 200)
    names = [str(first)]
    for number in range(1, 2000):
        path = tmp_path / f"{number}.jpg"
        path.hardlink_to(first)
        names.append(str(path))
    session_file().parent.mkdir(parents=True)
    session_file().write_text(json.dumps({"schema": 1, "shown": 1500, "photos": names}))
    desk = make_desk(held=False)
    ticks: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(0)
    desk.window.session.restore()
    desk.until(lambda: len(desk.window.document.photos) == 2000)
    desk.until(lambda: desk.photo.preview is not None)
    timer.stop()
    assert desk.photo.path.name == "1500.jpg"
    assert max(b - a for a, b in itertools.pairwise(ticks)) < 0.5
