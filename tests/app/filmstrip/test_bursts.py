"""Bursts: frames of one moment are one stack, decided at once, and a crop follows their subject."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from skimage import data

from app.document.edit import Owner
from app.filmstrip.delegate import cell_in
from app.filmstrip.photo_cell import stack_badge
from cropcore.geometry.crop import Crop
from tests.app.helpers.gui import LEFT, NO_KEY, Desk

K, M = Qt.Key, Qt.KeyboardModifier
MOVED = {"b1": (0, 0), "b2": (24, 6), "b3": (48, -12)}
"""By how many pixels the camera moved in each frame of the burst."""
WIDE, HIGH = 400, 280


def write_frame(path: Path, scene: str, at: tuple[int, int], taken: str) -> Path:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    whole = Image.fromarray(getattr(data, scene)()).resize((512, 400))
    left, top = 50 + at[0], 50 + at[1]
    whole.crop((left, top, left + WIDE, top + HIGH)).save(path, "JPEG", quality=90, exif=exif)
    return path


@pytest.fixture
def burst(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A photo, three frames of a burst, and a photo taken at once after them, bursts stacked."""
    times = {"a": "00:00", "b1": "10:00", "b2": "10:01", "b3": "10:02", "c": "10:03"}
    for name, time in times.items():
        scene = "astronaut" if name in MOVED else "coffee"
        at = MOVED.get(name, (0, 0))
        write_frame(tmp_path / f"{name}.jpg", scene, at, f"2024:05:06 07:{time}")
    desk = make_desk(held=False)
    desk.open(*(tmp_path / f"{name}.jpg" for name in times))
    desk.window.parts.actions["stack_bursts"].trigger()
    desk.until(lambda: shown(desk) == "a b1 c")
    return desk


def shown(desk: Desk) -> str:
    return " ".join(photo.path.stem for photo in desk.window.parts.filmstrip.model.rows)


def click_badge(desk: Desk, row: int, said: int) -> None:
    view = desk.window.parts.filmstrip.view
    cell: QRectF = cell_in(view.visualRect(view.model().index(row, 0)))
    at: QPoint = stack_badge(cell, said).center().toPoint()
    QTest.mouseClick(view.viewport(), LEFT, NO_KEY, at)


def test_a_burst_is_folded_and_unfolded_by_click_and_key(burst: Desk) -> None:
    assert burst.window.parts.settings.stack_bursts
    click_badge(burst, 1, 3)
    assert shown(burst) == "a b1 b2 b3 c"
    assert burst.photo.path.stem == "a", "a click on the badge chooses nothing"
    burst.key(K.Key_PageDown)
    burst.key(K.Key_PageDown)
    assert burst.photo.path.stem == "b2"
    burst.key(K.Key_S, M.ShiftModifier)
    assert shown(burst) == "a b1 c"
    assert burst.photo.path.stem == "b1", "the first stands for the stack"
    burst.key(K.Key_PageDown)
    assert burst.photo.path.stem == "c"
    burst.window.parts.actions["stack_bursts"].trigger()
    assert shown(burst) == "a b1 b2 b3 c"


def test_a_folded_stack_is_decided_as_one_and_an_open_one_frame_by_frame(burst: Desk) -> None:
    photos = burst.window.parts.document.photos
    burst.key(K.Key_PageDown)
    burst.key(K.Key_P)
    assert [photo.edit.starred for photo in photos] == [False, True, True, True, False]
    burst.key(K.Key_Z, M.ControlModifier)
    burst.key(K.Key_S, M.ShiftModifier)
    burst.key(K.Key_P)
    assert [photo.edit.starred for photo in photos] == [False, True, False, False, False]


def test_a_crop_follows_the_subject_through_the_stack_in_one_step(burst: Desk) -> None:
    parts = burst.window.parts
    burst.key(K.Key_PageDown)
    burst.until(
        lambda: burst.photo.preview is not None and burst.photo.edit.owner is Owner.PROPOSED
    )
    first = burst.photo
    box = (0.3, 0.2, 0.8, 0.9)
    parts.document.push(first, first.edit, first.edit.mine(Crop(box)), "Crop")
    before = {photo.path.stem: photo.edit for photo in parts.document.photos}
    burst.key(K.Key_S, M.ControlModifier | M.ShiftModifier)
    found = {photo.path.stem: photo for photo in parts.document.photos}
    burst.until(lambda: found["b3"].edit.owner is Owner.MINE)
    for name, (dx, dy) in MOVED.items():
        moved = (-dx / WIDE, -dy / HIGH)
        wanted = tuple(v + moved[i % 2] for i, v in enumerate(box))
        assert found[name].edit.crop.box == pytest.approx(wanted, abs=0.012), name
    assert any("2 more photos of the stack" in text for text in burst.notices())
    assert found["c"].edit == before["c"]
    burst.key(K.Key_Z, M.ControlModifier)
    assert {name: photo.edit for name, photo in found.items()} == before
