"""Files that change, vanish and come back while their photos are open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.document.edit import Owner
from app.document.edit_crops import all_crops
from app.document.photo_order import PhotoStatus, status_of
from app.photos import file_watcher
from cropcore.geometry.refit import pixel_ratio
from tests.app.helpers.gui import Desk, write_photo

K = Qt.Key


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_watcher, "LOOK_MS", 50)
    monkeypatch.setattr(file_watcher, "_DOUBT_MS", 50)


@pytest.fixture
def four(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Four photos, a to d; the first one is shown and has a crop of the person's own."""
    desk = make_desk(held=False)
    desk.open(*(write_photo(tmp_path / f"{name}.jpg", 600, 400) for name in "abcd"))
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    desk.until(lambda: all(p.header for p in desk.window.parts.document.photos))
    desk.key(K.Key_3)
    return desk


def test_a_shown_photo_that_is_changed_is_shown_anew(four: Desk, tmp_path: Path) -> None:
    crop = four.crop
    write_photo(tmp_path / "a.jpg", 300, 200)
    four.until(lambda: four.photo.width == 300 and four.photo.preview is not None)
    assert four.crop == crop
    assert four.photo.edit.owner is Owner.MINE
    four.until(lambda: four.photo.current_suggestions is not None)
    told = "a.jpg was changed by another program. It is shown as it is now."
    assert four.notices().count(told) == 1


def test_a_change_is_told_once_however_long_the_file_is_read(
    four: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, looks = [], []
    monkeypatch.setattr(four.window.parts.opener, "reread", reads.append)
    four.window.parts.file_watcher._seen.connect(looks.append)
    write_photo(tmp_path / "a.jpg", 300, 200)
    four.until(lambda: reads)
    looks.clear()
    four.until(lambda: len(looks) > 6)
    assert reads == [four.photo]
    assert len(four.notices()) == 1


def test_another_photo_that_is_changed_is_read_quietly(four: Desk, tmp_path: Path) -> None:
    third = four.window.parts.document.photos[2]
    write_photo(tmp_path / "c.jpg", 300, 200)
    four.until(lambda: third.width == 300)
    assert four.photo.path.stem == "a"
    assert four.notices() == []


def test_a_file_that_vanishes_and_comes_back_loses_nothing(four: Desk, tmp_path: Path) -> None:
    photo, crop = four.photo, four.crop
    (tmp_path / "a.jpg").rename(tmp_path / "elsewhere")
    four.until(lambda: status_of(photo) is PhotoStatus.FAILED)
    gone = ["a.jpg is gone. It stays here with all that you decided."]
    four.until(lambda: four.notices() == gone)
    assert four.photo is photo
    assert four.crop == crop
    (tmp_path / "elsewhere").rename(tmp_path / "a.jpg")
    four.until(lambda: status_of(photo) is PhotoStatus.ACCEPTED)
    assert four.crop == crop
    four.until(lambda: four.notices() == [])


def test_a_folder_that_goes_away_has_one_notice(four: Desk, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    for name in "abcd":
        shutil.move(tmp_path / f"{name}.jpg", away)
    photos = four.window.parts.document.photos
    four.until(lambda: all(p.failure for p in photos))
    told = "4 photos are gone: "
    four.until(lambda: [text[: len(told)] for text in four.notices()] == [told])
    for name in "abcd":
        shutil.move(away / f"{name}.jpg", tmp_path)
    four.until(lambda: not any(p.failure for p in photos))
    four.until(lambda: four.notices() == [])


def test_a_damaged_file_that_is_mended_is_read_again(four: Desk, tmp_path: Path) -> None:
    second = four.window.parts.document.photos[1]
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    four.until(lambda: second.failure)
    four.until(lambda: any(text.startswith("b.jpg") for text in four.notices()))
    write_photo(tmp_path / "b.jpg", 300, 200)
    four.until(lambda: not second.failure and second.width == 300)
    four.until(lambda: not any(text.startswith("b.jpg") for text in four.notices()))


def test_every_crop_of_a_photo_keeps_its_ratio_in_another_file(four: Desk, tmp_path: Path) -> None:
    four.click(four.window.parts.aspect_panel.chips["1:1"])
    four.window.parts.photo_crops.begin()
    four.click(four.window.parts.aspect_panel.chips["4:5"])
    write_photo(tmp_path / "a.jpg", 400, 600)
    four.until(lambda: four.photo.height == 600)
    crops = all_crops(four.photo.edit)
    assert [str(kept.aspect) for kept in crops] == ["1:1", "4:5"]
    for kept in crops:
        ratio = kept.aspect.ratio_for(400, 600)
        assert pixel_ratio(kept.crop, 400, 600) == pytest.approx(ratio, rel=0.01)
