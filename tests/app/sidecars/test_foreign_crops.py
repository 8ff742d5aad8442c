"""Crops of Lightroom, darktable and RawTherapee, taken for the person's own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.edit import Owner
from app.sidecars.foreign_crops import IMPORTED, imported
from app.sidecars.sidecar_worker import SidecarWorker
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT
from cropcore.images.photo import read_photo
from cropcore.interop.xmp_sidecar import write_xmp
from cropcore.sidecar.store import SidecarStore, default_library
from tests.app.helpers.gui import WAIT_MS, Desk, write_photo
from tests.cropcore.helpers.foreign_maker import grid_photo

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
    # It is not kept as ours until the person does something to it; then theirs counts no more.
    assert SidecarStore(default_library()).load(path).sidecar is None
    desk.key(K.Key_Right)
    desk.until(lambda: SidecarStore(default_library()).load(path).sidecar is not None)
    kept = SidecarStore(default_library()).load(path).sidecar
    assert kept is not None
    assert [change.what for change in kept.crops[0].changes] == [IMPORTED, "moved"]


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


def test_without_any_nothing_is_imported(tmp_path: Path) -> None:
    found = imported(grid_photo(tmp_path / "a.jpg").path)
    assert (found.sidecar, found.notices) == (None, ())
