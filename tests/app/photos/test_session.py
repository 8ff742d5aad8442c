"""The photos that were open come back at the next start."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer

from app.photos import session
from app.photos.session import session_file
from app.settings import Settings
from cropcore.files.user_dirs import samples_dir
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    # Not in the order of their names: the order is remembered, not made anew.
    return [write_photo(tmp_path / f"{name}.jpg", 300, 200) for name in "cab"]


def remembered() -> tuple[list[str], int]:
    data = json.loads(session_file().read_bytes())
    return [Path(name).name for name in data["photos"]], data["shown"]


def opened(desk: Desk) -> list[str]:
    return [photo.path.name for photo in desk.window.parts.document.photos]


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
    fresh.window.parts.session.restore()
    fresh.until(lambda: opened(fresh) == ["c.jpg", "a.jpg", "b.jpg"])
    assert fresh.photo.path.name == "a.jpg"
    fresh.until(lambda: fresh.photo.preview is not None)
    assert fresh.window.parts.settings.recent == tuple(photos)
    assert fresh.notices() == []


def test_sample_photos_come_back_from_where_they_were_moved_to(
    make_desk: Callable[..., Desk], settings: Settings
) -> None:
    old = Path(os.environ["XDG_DATA_HOME"]) / "Cropsight" / "Cropsight"
    (old / "samples").mkdir(parents=True)
    sample = write_photo(old / "samples" / "boat.jpg", 300, 200)
    settings.remember_opened([sample])
    session_file().parent.mkdir(parents=True)
    session_file().write_text(json.dumps({"schema": 1, "shown": 0, "photos": [str(sample)]}))
    fresh = make_desk(held=False)
    fresh.window.parts.session.restore()
    fresh.until(lambda: opened(fresh) == ["boat.jpg"])
    assert fresh.photo.path == samples_dir() / "boat.jpg"
    assert fresh.window.parts.settings.recent == (samples_dir() / "boat.jpg",)
    assert fresh.notices() == []


def test_missing_files_are_named_once(make_desk: Callable[..., Desk], photos: list[Path]) -> None:
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.window.close()
    photos[0].unlink()
    photos[2].unlink()
    fresh = make_desk(held=False)
    fresh.window.parts.session.restore()
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
    fresh.window.parts.settings.restore_session = False
    fresh.window.parts.session.restore()
    fresh.open(photos[1])
    assert opened(fresh) == ["a.jpg"]


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', '{"schema": 1, "photos": 3}'])
def test_a_file_that_is_no_session_opens_nothing(
    make_desk: Callable[..., Desk], photos: list[Path], text: str
) -> None:
    session_file().parent.mkdir(parents=True)
    session_file().write_text(text)
    desk = make_desk(held=False)
    desk.window.parts.session.restore()
    desk.until(lambda: not desk.window.parts.session._restoring)
    assert opened(desk) == []
    desk.open(*photos)
    desk.until(lambda: session_file().read_text() != text)


@pytest.mark.timeout(120)
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("endless", [False, True], ids=["pipe", "device"])
def test_a_session_that_is_no_file_holds_nobody_up(
    make_desk: Callable[..., Desk], photos: list[Path], endless: bool
) -> None:
    session_file().parent.mkdir(parents=True)
    if endless:
        session_file().symlink_to("/dev/zero")
    else:
        os.mkfifo(session_file())
    desk = make_desk(held=False)
    desk.window.parts.session.restore()
    desk.until(lambda: not desk.window.parts.session._restoring)
    desk.open(*photos)
    desk.until(session_file().is_file)
    desk.until(lambda: remembered()[0] == ["c.jpg", "a.jpg", "b.jpg"])


def test_nothing_begins_once_it_was_stopped(desk: Desk, photos: list[Path]) -> None:
    kept = desk.window.parts.session
    kept.stop()
    desk.open(*photos)
    kept._queue([(photos[0], (0, 0))], None)
    kept.restore()
    assert not kept._save.isActive()
    assert not kept._next.isActive()
    assert not session_file().exists()


def test_a_restored_session_that_is_stopped_half_way_stays_as_it_was(
    make_desk: Callable[..., Desk], photos: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*photos)
    desk.window.close()
    before = session_file().read_bytes()
    fresh = make_desk(held=False)
    kept = fresh.window.parts.session
    stopped: list[object] = []
    kept._portion.connect(lambda *_: stopped.append(kept.stop()))
    kept.restore()
    fresh.until(lambda: stopped)
    assert not kept._next.isActive()
    assert session_file().read_bytes() == before


def test_what_is_done_while_photos_come_back_is_remembered(
    make_desk: Callable[..., Desk], photos: list[Path]
) -> None:
    desk = make_desk(held=False)
    desk.open(*photos[:2])
    desk.window.close()
    fresh = make_desk(held=False)
    kept = fresh.window.parts.session
    kept._portion.connect(lambda *_: fresh.window.parts.opener.open([photos[2]]))
    kept.restore()
    fresh.until(lambda: sorted(remembered()[0]) == ["a.jpg", "b.jpg", "c.jpg"])


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
    counts: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: counts.append(len(desk.window.parts.document.photos)))
    timer.start(0)
    desk.window.parts.session.restore()
    desk.until(lambda: len(desk.window.parts.document.photos) == 2000)
    desk.until(lambda: desk.photo.preview is not None)
    timer.stop()
    assert desk.photo.path.name == "1500.jpg"
    steps = [after - before for before, after in itertools.pairwise(counts)]
    assert max(steps) <= session._PORTION, "between two portions the window has its turn"
