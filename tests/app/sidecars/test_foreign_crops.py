"""Crops of Lightroom, darktable and RawTherapee, taken for the person's own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edit import Owner
from app.document.foreign_mark import ForeignMark
from app.photos.folder_scan import list_photos
from app.sidecars.foreign_crops import imported, is_untouched
from app.sidecars.sidecar_worker import SidecarWorker
from cropcore.files.photo_scan import Listed, reads_raw
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT, UPRIGHT
from cropcore.images.photo import read_photo
from cropcore.interop.xmp_sidecar import write_xmp
from cropcore.sidecar.sidecar import PhotoFacts, SavedCrop, Sidecar, content_digest
from cropcore.sidecar.store import SidecarStore, default_library
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo
from tests.app.helpers.notice_buttons import button_in_notice
from tests.cropcore.helpers.foreign_maker import (
    darktable_crop,
    darktable_history,
    grid,
    grid_photo,
)
from tests.cropcore.helpers.raw_maker import write_dng

K = Qt.Key


def test_a_photo_opens_with_the_crop_of_another_program(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    path = write_photo(tmp_path / "a.jpg", 300, 200)
    write_xmp(read_photo(path), Crop((0.25, 0.125, 0.75, 0.5)))
    desk = make_desk(held=False)
    desk.open(path)
    desk.until(lambda: desk.photo.edit.owner is Owner.MINE)
    assert desk.crop.box == pytest.approx((0.25, 0.125, 0.75, 0.5), abs=1e-5)
    desk.until(lambda: any("comes from an XMP sidecar" in text for text in desk.notices()))
    desk.until(lambda: said(desk) == "From an XMP sidecar")
    # It is not kept as ours until the person does something to it; then theirs counts no more.
    assert SidecarStore(default_library()).load(path).sidecar is None
    desk.key(K.Key_Right)
    assert said(desk) == "Your crop"
    desk.until(lambda: SidecarStore(default_library()).load(path).sidecar is not None)
    kept = SidecarStore(default_library()).load(path).sidecar
    assert kept is not None
    assert [change.what for change in kept.crops[0].changes] == ["imported xmp", "moved"]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_preference_leaves_them_out(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, wanted: bool
) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    write_xmp(photo, Crop((0.25, 0.125, 0.75, 0.5)))
    worker = SidecarWorker(SidecarStore(tmp_path / "library"))
    worker.reads_foreign = wanted
    try:
        with qtbot.waitSignal(worker.loaded, timeout=WAIT_MS) as signal:
            worker.load(1, photo.path)
    finally:
        worker.stop()
    assert (signal.args[1].sidecar is not None) == wanted


def test_the_same_file_gives_the_same_crop_and_a_changed_one_a_later(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg", 6).turned(TURN_RIGHT)
    sidecar = write_xmp(photo, Crop((0.25, 0.125, 0.75, 0.5))).path
    first, again = imported(photo.path).sidecar, imported(photo.path).sidecar
    assert first is not None
    assert first == again
    assert first.orientation.value == TURN_RIGHT
    write_xmp(photo, Crop((0.1, 0.1, 0.9, 0.9)), replace=True)
    os.utime(sidecar, (sidecar.stat().st_mtime + 5,) * 2)
    later = imported(photo.path).sidecar
    assert later is not None
    assert later.crops[0].id == first.crops[0].id
    assert later.crops[0].changed > first.crops[0].changed
    assert later.crops[0].crop.box == pytest.approx((0.1, 0.1, 0.9, 0.9), abs=1e-5)


def said(desk: Desk) -> str:
    return desk.window.parts.status_bar.crop.text()


def rewritten(path: Path, data: bytes, seconds: float) -> None:
    """Change a file of another program, and have it be later than whatever was done here."""
    path.write_bytes(data)
    later = time.time() + seconds
    os.utime(path, (later, later))


def test_a_crop_changed_there_later_is_read_again_when_asked(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    path = write_photo(tmp_path / "a.jpg", 300, 200)
    desk = make_desk(held=False)
    desk.open(path)
    desk.until(lambda: desk.photo.edit.owner is Owner.PROPOSED)
    QGuiApplication.clipboard().setText("60 40 120 80")
    desk.window.parts.actions["paste_numbers"].trigger()
    desk.until(lambda: SidecarStore(default_library()).load(path).sidecar is not None)
    mine, steps = desk.photo.edit, desk.undo_count
    sync = desk.window.parts.sidecar_sync
    # What is the very crop, as after writing it there, is nothing new.
    history = tmp_path / "a.jpg.xmp"
    steps_there = [("crop", True, darktable_crop(0.2, 0.2, 0.6, 0.6))]
    rewritten(history, darktable_history(steps_there), 60)
    with desk.qtbot.waitSignal(sync._worker.loaded):
        sync.look_again()
    lens = [("lens", True, b"\0" * 8), ("crop", True, darktable_crop(0.1, 0.1, 0.5, 0.7))]
    rewritten(history, darktable_history(lens), 120)
    sync.look_again()
    desk.until(lambda: button_in_notice(desk.window, "Read again"))
    assert [t for t in desk.notices() if "a later crop of it is in darktable" in t]
    assert desk.photo.edit == mine
    button = button_in_notice(desk.window, "Read again")
    assert button is not None
    button.click()
    assert desk.crop.box == pytest.approx((0.1, 0.1, 0.5, 0.7))
    assert desk.undo_count == steps + 1
    assert said(desk) == "From darktable, approximate"
    # The mark is kept with the crop, until the person changes that.
    desk.until(lambda: "imported darktable approximate" in changes(path))
    desk.window.parts.actions["undo"].trigger()
    assert desk.photo.edit.crop == mine.crop
    assert said(desk) == "Your crop"


def changes(path: Path) -> list[str]:
    sidecar = SidecarStore(default_library()).load(path).sidecar
    return [change.what for crop in sidecar.crops for change in crop.changes] if sidecar else []


@pytest.mark.parametrize(
    ("rating", "stars", "flag"),
    [(4, True, "star"), (-1, True, "reject"), (0, True, "none"), (4, False, "none")],
)
def test_stars_come_along_when_wanted(tmp_path: Path, rating: int, stars: bool, flag: str) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    write_xmp(photo, Crop((0.25, 0.125, 0.75, 0.5)), rating=rating or None)
    found = imported(photo.path, stars).sidecar
    assert found is not None
    assert found.flag.value == flag
    assert is_untouched(found) == (flag == "none")


@pytest.mark.parametrize("wanted", [True, False])
def test_stars_given_there_later_hold_where_something_was_decided_here(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, wanted: bool
) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    store = SidecarStore(tmp_path / "library")
    mine = SavedCrop("1", Crop((0, 0, 0.5, 0.5)), Aspect("free"), ())
    kept = Sidecar(PhotoFacts("a.jpg", 600, 400, *content_digest(photo.path)[::-1]))
    store.save(photo.path, kept.with_crop(mine.with_change(mine.crop, "drawn")))
    write_xmp(photo, None, rating=-1)
    later = time.time() + 60
    os.utime(tmp_path / "a.xmp", (later, later))
    worker = SidecarWorker(store)
    worker.reads_stars = wanted
    flags: list[str] = []
    worker.loaded.connect(lambda _, found: flags.append(found.sidecar.flag.value))
    try:
        worker.load(1, photo.path)
        expected = ["none", "reject"] if wanted else ["none"]
        qtbot.waitUntil(lambda: flags == expected, timeout=WAIT_MS)
    finally:
        worker.stop()
    assert flags == expected


def test_a_turned_photo_keeps_the_mark_of_its_crop() -> None:
    crop = Crop((0.25, 0.125, 0.75, 0.5))
    mark = ForeignMark.of_change("imported rawtherapee", crop, UPRIGHT)
    assert mark is not None
    assert (mark.source, mark.approximate) == ("rawtherapee", False)
    assert mark.holds(TURN_RIGHT.crop(crop), TURN_RIGHT)
    assert not mark.holds(crop, TURN_RIGHT)
    assert ForeignMark.of_change("moved", crop, UPRIGHT) is None
    assert ForeignMark.of_change("imported elsewhere", crop, UPRIGHT) is None


@pytest.mark.skipif(not reads_raw(), reason="needs rawpy")
@pytest.mark.parametrize("by_camera", [True, False])
def test_it_is_said_which_picture_of_a_raw_photo_is_shown(
    make_desk: Callable[..., Desk], tmp_path: Path, by_camera: bool
) -> None:
    preview = grid(1480, 980) if by_camera else None
    path = write_dng(tmp_path / "a.dng", preview=preview)
    desk = make_desk(held=False)
    desk.open(path)
    words = "camera's preview" if by_camera else "plain rendering"
    desk.until(lambda: words in desk.window.parts.status_bar.photo.text())


def test_pairs_are_two_photos_where_the_person_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "a.nef").write_bytes(b"x")
    for pairs, count in ((True, 1), (False, 2)):
        found: list[Listed] = []
        list_photos([tmp_path], found.extend, pytest.fail, pairs=pairs)
        assert len(found) == (count if reads_raw() else 1)


def test_without_any_nothing_is_imported(tmp_path: Path) -> None:
    found = imported(grid_photo(tmp_path / "a.jpg").path)
    assert (found.sidecar, found.notices) == (None, ())
