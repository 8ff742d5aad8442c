"""Thumbnails: the nearest first, bounded, kept on the disk; a damaged cache is no harm."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.photos import thumbnails as module
from app.photos.thumbnail_cache import ThumbnailCache
from app.photos.thumbnails import ThumbnailRequest, Thumbnails
from cropcore.files.path_checks import file_stamp
from tests.app.helpers.gui import WAIT_MS, write_photo

PIXELS = np.dstack([np.full((60, 90), value, np.uint8) for value in (200, 90, 30, 255)])
STAMP = (1, 2)


@pytest.fixture
def cache(tmp_path: Path) -> ThumbnailCache:
    return ThumbnailCache(tmp_path / "cache")


@pytest.fixture
def maker(qtbot: Any, cache: ThumbnailCache) -> Iterator[Thumbnails]:
    parent = QObject()
    made = Thumbnails(parent, cache, workers=1)
    yield made
    made.stop()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("opaque", [True, False])
def test_what_was_stored_is_found_until_the_file_changes(
    cache: ThumbnailCache, opaque: bool
) -> None:
    pixels = PIXELS.copy()
    if not opaque:
        pixels[:30, :, 3] = 0
    cache.store(Path("/a.jpg"), STAMP, 256, pixels, opaque)
    found = cache.load(Path("/a.jpg"), STAMP, 256)
    assert found is not None
    assert found[1] is opaque
    assert np.abs(found[0].astype(int) - pixels)[30:].max() <= 4
    assert (found[0][:30, :, 3] == pixels[:30, :, 3]).all()
    assert cache.load(Path("/a.jpg"), (1, 3), 256) is None
    assert cache.load(Path("/b.jpg"), STAMP, 256) is None


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-7], lambda b: b[:80] + b"x" + b[81:], lambda _: b""]
)
def test_a_damaged_file_of_the_cache_is_taken_away(
    cache: ThumbnailCache, tmp_path: Path, damage: Any
) -> None:
    cache.store(Path("/a.jpg"), STAMP, 256, PIXELS, True)
    (file,) = files(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert cache.load(Path("/a.jpg"), STAMP, 256) is None
    assert files(tmp_path) == []


def test_the_cache_drops_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache", largest_bytes=10_000)
    rng = np.random.default_rng(1)
    for number in range(12):
        noise = rng.integers(0, 255, (40, 40, 4), np.uint8)
        cache.store(Path(f"/{number}.jpg"), STAMP, 256, noise, True)
        os.utime(max(files(tmp_path), key=lambda p: p.stat().st_mtime), (number, number))
    cache.sweep()
    assert sum(file.stat().st_size for file in files(tmp_path)) <= 10_000
    assert cache.load(Path("/0.jpg"), STAMP, 256) is None
    assert cache.load(Path("/11.jpg"), STAMP, 256) is not None


def test_a_cache_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in its place")
    cache = ThumbnailCache(tmp_path / "cache")
    cache.store(Path("/a.jpg"), STAMP, 256, PIXELS, True)
    assert cache.load(Path("/a.jpg"), STAMP, 256) is None


def test_a_miniature_is_decoded_once(
    qtbot: Any, maker: Thumbnails, cache: ThumbnailCache, tmp_path: Path, monkeypatch: Any
) -> None:
    path = write_photo(tmp_path / "a.jpg", 900, 600)
    with qtbot.waitSignals([maker.read, maker.made]):
        maker.want([ThumbnailRequest(1, path, False)])
    picture = maker.picture(1)
    assert picture is not None
    assert (picture.width(), picture.height()) == (256, 171)
    assert cache.load(path, file_stamp(path), 256) is not None

    def refuse(*_: object) -> object:
        raise AssertionError("decoded again")

    monkeypatch.setattr(module, "srgb_preview", refuse)
    with qtbot.waitSignal(maker.made):
        maker.want([ThumbnailRequest(2, path, True)])
    assert maker.picture(2) is not None


def test_what_was_scrolled_past_is_not_made(
    qtbot: Any, maker: Thumbnails, tmp_path: Path, monkeypatch: Any
) -> None:
    paths = [write_photo(tmp_path / f"{n}.jpg", 90, 60) for n in range(6)]
    go, begun = threading.Event(), threading.Event()
    read, order = module.read_photo, []

    def slow(path: Path) -> object:
        order.append(path.stem)
        begun.set()
        go.wait(60)
        return read(path)

    monkeypatch.setattr(module, "read_photo", slow)
    maker.want(ThumbnailRequest(n, paths[n], True) for n in (0, 1, 2))
    assert begun.wait(60)
    maker.want(ThumbnailRequest(n, paths[n], True) for n in (4, 5, 2))
    go.set()
    qtbot.waitUntil(lambda: maker.picture(2) is not None)
    assert order == ["0", "4", "5", "2"]
    assert maker.picture(1) is None


def test_pictures_in_memory_are_bounded(qtbot: Any, cache: ThumbnailCache, tmp_path: Path) -> None:
    parent = QObject()
    maker = Thumbnails(parent, cache, memory_bytes=100_000, workers=1)
    path = write_photo(tmp_path / "a.jpg", 150, 100)  # 60,000 bytes each
    for key in range(5):
        with qtbot.waitSignal(maker.made):
            maker.want([ThumbnailRequest(key, path, True)])
        assert maker.bytes_kept <= 100_000
    assert maker.picture(4) is not None
    assert maker.picture(0) is None
    maker.stop()


def test_a_file_that_cannot_be_read_is_named(qtbot: Any, maker: Thumbnails, tmp_path: Path) -> None:
    path = tmp_path / "bad.jpg"
    path.write_text("no photo")
    with qtbot.waitSignal(maker.failed) as told:
        maker.want([ThumbnailRequest(7, path, False)])
    assert told.args[:2] == [7, path]
    assert "bad.jpg" in told.args[2]


def test_a_picture_that_is_there_becomes_the_miniature_before_all_others(
    maker: Thumbnails, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is not even looked at: it is not there."""
    read, may_read = module.read_photo, threading.Event()
    monkeypatch.setattr(module, "read_photo", lambda path: may_read.wait() and read(path))
    made: list[int] = []
    maker.made.connect(made.append)
    shown = QImage(900, 600, QImage.Format.Format_RGB32)
    shown.fill(0xFF3366)
    others = [
        ThumbnailRequest(n, write_photo(tmp_path / f"{n}.jpg", 300, 200), False) for n in range(4)
    ]
    maker.want(others)
    maker.offer(9, tmp_path / "gone.jpg", shown)
    maker.want(others)
    may_read.set()
    qtbot.waitUntil(lambda: len(made) == 5, timeout=WAIT_MS)
    assert made.index(9) <= 1, "one may have begun before"
    picture = maker.picture(9)
    assert picture is not None
    assert picture.size().toTuple() == (256, 170)
    assert picture.pixelColor(100, 80).rgb() == 0xFFFF3366
    maker.offer(9, tmp_path / "gone.jpg", QImage(10, 10, QImage.Format.Format_RGB32))
    assert maker.picture(9) is picture
