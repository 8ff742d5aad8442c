"""Which crop counts where several programs speak: the newest; a difference is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.interop.find_crop import find_crop
from cropcore.interop.rawtherapee import write_pp3
from cropcore.interop.xmp_sidecar import write_xmp
from tests.cropcore.helpers.foreign_maker import (
    CROPPED,
    adobe_style,
    darktable_crop,
    darktable_history,
    grid,
    grid_photo,
    told,
)

PLACES = {
    "xmp": "a.xmp",
    "embedded": "a.jpg",
    "darktable": "a.jpg.xmp",
    "rawtherapee": "a.jpg.pp3",
}
BOXES = {
    "xmp": (0.1, 0.1, 0.5, 0.5),
    "embedded": (0.05, 0.1, 0.95, 0.9),
    "darktable": (0.5, 0.5, 0.9, 0.9),
    "rawtherapee": (0.2, 0.2, 0.8, 0.8),
}


def make_all(folder: Path) -> None:
    photo = grid_photo(folder / "a.jpg")
    grid().save(photo.path, quality=98, xmp=adobe_style({**CROPPED, "CropAngle": "0"}))
    write_xmp(photo, Crop(BOXES["xmp"]))
    steps = [("crop", True, darktable_crop(*BOXES["darktable"]))]
    (folder / "a.jpg.xmp").write_bytes(darktable_history(steps))
    write_pp3(photo, Crop(BOXES["rawtherapee"]))


@pytest.mark.parametrize("newest", PLACES)
def test_the_newest_counts(tmp_path: Path, newest: str) -> None:
    make_all(tmp_path)
    for number, place in enumerate([*(p for p in PLACES if p != newest), newest]):
        os.utime(tmp_path / PLACES[place], (1000 + number, 1000 + number))
    photo = read_photo(tmp_path / "a.jpg")
    found = find_crop(photo)
    assert found.crop is not None
    assert found.crop.source == newest
    assert found.crop.crop.box == pytest.approx(BOXES[newest], abs=1e-6)
    assert len(found.notices) == 1
    assert "hold different crops; the newer one is used." in str(found.notices[0])


def test_one_crop_told_twice_is_no_conflict(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg", orientation=6)
    crop = Crop((0.303, 0.301, 0.702, 0.7), "rect", 4.0)
    write_xmp(photo, crop)
    write_pp3(photo, crop)
    found = find_crop(photo)
    assert found.crop is not None
    assert told(found) == ()


def test_without_any_there_is_none(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    assert find_crop(photo).crop is None
    assert [p.name for p in tmp_path.iterdir()] == ["a.jpg"]  # nothing is written by looking


def test_what_cannot_be_read_takes_nothing_along(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(b"<")
    write_pp3(photo, Crop((0.2, 0.2, 0.8, 0.8)))
    found = find_crop(photo)
    assert found.crop is not None
    assert found.crop.source == "rawtherapee"
    assert told(found) == ("a.xmp: is not well formed. It is left as it is.",)


def test_an_approximate_crop_says_so(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.xmp").write_bytes(adobe_style({**CROPPED, "PerspectiveVertical": "10"}))
    found = find_crop(photo)
    assert found.crop is not None
    assert "perspective is corrected" in str(found.notices[0])
