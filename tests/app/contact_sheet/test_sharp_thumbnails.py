"""Thumbnails are as sharp as they are shown large, and no more of them are made than are seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage

from app.contact_sheet.sheet_view import SheetView
from app.document.document import Document, Edit
from app.photos.sharp_thumbnails import SharpThumbnails
from app.photos.thumbnails import SIDE, Thumbnails
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import Desk, write_photo

NAMES = [f"{number:02}" for number in range(40)]


def write_edge(path: Path) -> Path:
    """Black at the left, white at the right: how wide the edge is on the screen tells how sharp it is."""
    pixels = np.zeros((1000, 1500), np.uint8)
    pixels[:, 750:] = 255
    Image.fromarray(pixels).convert("RGB").save(path, quality=95)
    return path


def edge_width(cell: QImage) -> int:
    """How many pixels about the middle of a cell are neither dark nor light."""
    middle, row = cell.width() // 2, cell.height() // 2
    values = [cell.pixelColor(x, row).value() for x in range(middle - 30, middle + 30)]
    assert min(values) < 20
    assert max(values) > 235
    return sum(20 <= value <= 235 for value in values)


@pytest.fixture
def sheet(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """Forty photos on the contact sheet, more than are seen."""
    desk = make_desk(held=False)
    first = write_edge(tmp_path / "00.jpg")
    for name in NAMES[1:]:
        (tmp_path / f"{name}.jpg").write_bytes(first.read_bytes())
    desk.open(*(tmp_path / f"{name}.jpg" for name in NAMES))
    desk.key(Qt.Key.Key_G)
    return desk


@pytest.mark.parametrize("ratio", [1, 2])
def test_large_cells_and_dense_screens_show_sharp_pictures_of_what_is_seen(
    sheet: Desk, ratio: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = sheet.window.parts
    sharp, view = parts.opener.sharp_thumbnails, parts.contact_sheet.view
    photo = sheet.photo
    if ratio == 2:
        monkeypatch.setattr(SheetView, "devicePixelRatioF", lambda _: 2.0)
        view.set_cell_width(200)
    else:
        parts.contact_sheet.header.slider.setValue(384)
    assert view.picture_side > SIDE

    def width(key: int = photo.key) -> int:
        found = sharp.picture(key, view.picture_side)
        return found.width() if found is not None else 0

    sheet.until(lambda: width() >= view.picture_side)
    keys = [one.key for one in parts.document.photos]
    seen = view.seen()
    assert len(seen) < len(keys)
    sheet.until(lambda: all(width(keys[r]) > SIDE for r in seen))
    behind = sharp.picture(keys[seen.stop + 1], view.picture_side)
    assert behind is None or behind.width() <= SIDE, "what is not seen is not made large"
    if ratio == 1:
        parts.document.amend(photo, photo.edit.mine(Crop()))
        cell = view.visualRect(view.model().index(0, 0))
        sheet.until(lambda: edge_width(view.viewport().grab(cell).toImage()) <= 2)
    parts.contact_sheet.header.slider.setValue(96)
    monkeypatch.undo()
    sheet.until(lambda: sharp.bytes_kept == 0)


def test_a_changed_file_is_shown_sharp_again(sheet: Desk) -> None:
    parts = sheet.window.parts
    sharp, view, photo = parts.opener.sharp_thumbnails, parts.contact_sheet.view, sheet.photo
    parts.contact_sheet.header.slider.setValue(384)

    def found() -> QImage | None:
        image = sharp.picture(photo.key, view.picture_side)
        return image if image is not None and image.width() > SIDE else None

    sheet.until(found)
    write_photo(photo.path, 1500, 900)
    parts.opener.reread(photo)
    sheet.until(lambda: (image := found()) is not None and image.height() < 0.61 * image.width())


def test_larger_ones_take_no_more_memory_than_they_may(
    qtbot: object, tmp_path: Path, sheet: Desk
) -> None:
    parent, document = QObject(), Document()
    usual = Thumbnails(parent)
    most = 2 * 512 * 512 * 4
    sharp = SharpThumbnails(usual, memory_bytes=most)
    photos = document.add([tmp_path / f"{name}.jpg" for name in NAMES[:8]], Edit())
    made: list[int] = []
    sharp.made.connect(made.append)
    sharp.want_of(photos, 400)
    sheet.until(lambda: len(made) == 8)
    assert 0 < sharp.bytes_kept <= most
    for worker in (usual, *sharp._makers.values()):
        worker.stop()
