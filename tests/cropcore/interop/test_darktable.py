"""darktable's own crop, from histories as darktable 4.2.1 renders them."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest

from cropcore.geometry.orientation import UPRIGHT, Orientation
from cropcore.interop.darktable import LENS, UNKNOWN, WARPED, is_developed, read_darktable
from tests.cropcore.helpers.foreign_maker import darktable_crop, darktable_history, grid_photo, told

CROP = ("crop", True, darktable_crop(0.1, 0.3, 0.6, 0.8))
BOX = (0.1, 0.3, 0.6, 0.8)


def flip(bits: int) -> tuple[str, bool, bytes]:
    return "flip", True, struct.pack("<i", bits)


# darktable's bits -> how it lays out the stored pixels; -1 goes by the file. Seen at each number.
FLIPS = [(1, -1, 1), (1, 0, 1), (1, 1, 4), (1, 2, 2), (1, 3, 3), (1, 4, 5), (1, 5, 6), (1, 6, 8),
         (1, 7, 7), (6, -1, 6), (6, 0, 1), (6, 5, 6)]  # fmt: skip


@pytest.mark.parametrize(("exif", "bits", "shown"), FLIPS)
def test_the_crop_is_of_the_photo_as_darktable_lays_it(
    tmp_path: Path, exif: int, bits: int, shown: int
) -> None:
    photo = grid_photo(tmp_path / "a.jpg", exif)
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history([flip(bits), CROP]))
    found = read_darktable(photo)
    assert told(found) == ()
    assert found.crop is not None
    assert found.crop.crop.box == pytest.approx(BOX)
    assert Orientation.of_exif(exif).then(found.crop.turn) == Orientation.of_exif(shown)
    assert found.rating == 1


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        ([], None),
        ([("exposure", True, b"\0" * 24)], None),
        ([("crop", False, CROP[2])], None),
        ([CROP, ("crop", False, CROP[2])], None),
        ([("exposure", True, b""), CROP], 1),  # undone: beyond the end of the history
        ([("crop", True, darktable_crop(0, 0, 1, 1))], None),
    ],
)
def test_what_is_off_or_undone_is_no_crop(
    tmp_path: Path, steps: list[tuple[str, bool, bytes]], end: int | None
) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history(steps, end))
    assert read_darktable(photo).crop is None
    assert told(read_darktable(photo)) == ()


def test_the_last_step_counts(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    steps = [("crop", True, darktable_crop(0, 0, 0.5, 0.5)), CROP]
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history(steps))
    found = read_darktable(photo).crop
    assert found is not None
    assert found.crop.box == pytest.approx(BOX)
    assert found.turn == UPRIGHT


@pytest.mark.parametrize("operation", ["ashift", "clipping"])
def test_a_changed_perspective_is_not_read(tmp_path: Path, operation: str) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history([(operation, True, b"\1"), CROP]))
    assert read_darktable(photo).crop is None
    assert told(read_darktable(photo)) == (f"a.jpg.xmp: {WARPED}",)


def test_a_corrected_lens_makes_it_approximate(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history([("lens", True, b"\1"), CROP]))
    found = read_darktable(photo).crop
    assert found is not None
    assert found.approximate == LENS


@pytest.mark.parametrize(
    "params",
    [
        darktable_crop(math.nan, 0, 1, 1),
        darktable_crop(0.6, 0.1, 0.2, 0.5),
        darktable_crop(0.1, 0.1, 7, 0.5),
        b"\1\2\3",
    ],
)
def test_numbers_without_sense_are_told(tmp_path: Path, params: bytes) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history([("crop", True, params)]))
    assert read_darktable(photo).crop is None
    assert told(read_darktable(photo)) == (f"a.jpg.xmp: {UNKNOWN}",)


def test_what_is_not_understood_is_told(tmp_path: Path) -> None:
    photo = grid_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history([CROP])[:-40])
    assert read_darktable(photo).crop is None
    assert told(read_darktable(photo)) == ("a.jpg.xmp: is not well formed. It is left as it is.",)


def test_already_developed(tmp_path: Path) -> None:
    sidecar = tmp_path / "a.jpg.xmp"
    assert not is_developed(tmp_path / "a.jpg")
    sidecar.write_bytes(darktable_history([]))
    assert not is_developed(tmp_path / "a.jpg")
    sidecar.write_bytes(darktable_history([CROP]))
    assert is_developed(tmp_path / "a.jpg")
