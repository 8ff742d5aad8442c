"""Lossless crops of JPEGs: every coefficient stays, and what makes the photo upright is told."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import jpeglib
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cropcore.export.export import export_crop
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT, UPRIGHT, Orientation
from cropcore.images.lossless_jpeg import BlockGrid, _library, cuts_lossless
from cropcore.images.photo import decode, read_photo
from cropcore.metadata.metadata import read_metadata
from tests.cropcore.helpers.commands import run_json
from tests.cropcore.helpers.foreign_maker import grid

pytestmark = pytest.mark.skipif(not cuts_lossless(), reason="needs libturbojpeg")

FREE = Aspect("free")
WIDTH, HEIGHT = 203, 149
BOX = (30, 27, 131, 98)
LOSSLESS = ExportOptions(lossless=True)
BLOCKS = {"4:4:4": (8, 8), "4:2:2": (16, 8), "4:2:0": (16, 16), "4:1:1": (32, 8), "grey": (8, 8)}
_TURBO = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2, "grey": 3, "4:1:1": 5}


def picture() -> Image.Image:
    noise = np.random.default_rng(4).integers(0, 60, (HEIGHT, WIDTH, 3))
    return Image.fromarray((np.asarray(grid(WIDTH, HEIGHT)) // 2 + noise).astype(np.uint8))


def write_jpeg(
    path: Path, sampling: str = "4:2:0", progressive: bool = False, orientation: int = 1
) -> Path:
    """A JPEG of any of the usual samplings: Pillow does not write 4:1:1."""
    pixels = np.ascontiguousarray(np.asarray(picture()))
    library = _library()
    assert library is not None
    library.tjInitCompress.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(library.tjInitCompress())
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    flags = 16384 if progressive else 0
    assert not library.tjCompress2(
        handle, pixels.ctypes.data_as(ctypes.c_void_p), WIDTH, 0, HEIGHT, 0, ctypes.byref(out),
        ctypes.byref(size), _TURBO[sampling], 90, flags,
    )  # fmt: skip
    assert out.value is not None
    data = ctypes.string_at(out.value, size.value)
    library.tjFree(out)
    library.tjDestroy(handle)
    exif = Image.Exif()
    exif[274] = orientation
    exif[271] = "Cropsight"
    block = b"Exif\0\0" + exif.tobytes()[6:]
    segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    path.write_bytes(data[:2] + segment + data[2:])
    return path


def box_of(pixels: tuple[int, int, int, int], width: int, height: int) -> Crop:
    left, top, right, bottom = pixels
    return Crop((left / width, top / height, right / width, bottom / height))


def planes(path: Path) -> list[NDArray[np.int16]]:
    found = jpeglib.read_dct(str(path))
    return [plane for plane in (found.Y, found.Cb, found.Cr) if plane is not None]


def assert_same_coefficients(
    source: Path, crop: Path, x: int, y: int, block: tuple[int, int]
) -> None:
    """All blocks of a crop are those of the source from (x, y) on, in pixels."""
    for whole, part in zip(planes(source), planes(crop), strict=True):
        rows, columns = whole.shape[0], whole.shape[1]
        down = y // block[1] * per_mcu(rows, HEIGHT, block[1])
        right = x // block[0] * per_mcu(columns, WIDTH, block[0])
        there = whole[down : down + part.shape[0], right : right + part.shape[1]]
        assert there.shape == part.shape
        assert np.array_equal(there, part)


def per_mcu(count: int, side: int, block: int) -> int:
    """How many blocks of a plane an MCU has along a side, from how many there are."""
    return max(1, round(count / (side / block)))


@pytest.mark.parametrize("sampling", list(BLOCKS))
@pytest.mark.parametrize("progressive", [False, True])
def test_every_coefficient_stays(tmp_path: Path, sampling: str, progressive: bool) -> None:
    path = write_jpeg(tmp_path / "a.jpg", sampling, progressive)
    photo = read_photo(path)
    across, down = BLOCKS[sampling]
    grid_of = BlockGrid.of(photo)
    assert (grid_of.block, grid_of.progressive) == ((across, down), progressive)
    done = export_crop(photo, box_of(BOX, WIDTH, HEIGHT), FREE, LOSSLESS)
    assert done.warnings == ()
    left, top, right, bottom = grid_of.stored(BOX)
    assert (left % across, top % down) == (0, 0)
    assert (right - left, bottom - top) == (101, 71)
    assert abs(left - BOX[0]) < across
    assert abs(top - BOX[1]) < down
    with Image.open(done.path) as image:
        assert image.size == (101, 71)
        assert ("progressive" in image.info) == progressive
    assert_same_coefficients(path, done.path, left, top, (across, down))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("turn", [UPRIGHT, TURN_RIGHT])
def test_turned_ones_too(tmp_path: Path, orientation: int, turn: Orientation) -> None:
    path = write_jpeg(tmp_path / "a.jpg", "4:2:0", orientation=orientation)
    photo = read_photo(path)
    photo = photo if turn == UPRIGHT else photo.turned(turn)
    grid_of = BlockGrid.of(photo)
    done = export_crop(photo, box_of(BOX, photo.width, photo.height), FREE, LOSSLESS)
    left, top, *_ = grid_of.stored(BOX)
    assert_same_coefficients(path, done.path, left, top, (16, 16))
    # Upright it shows what was asked for, moved onto the grid.
    shown = read_photo(done.path)
    assert (shown.width, shown.height) == (101, 71)
    wanted = np.asarray(decode(photo))
    x1, y1, x2, y2 = grid_of.snapped(BOX)
    assert max(abs(a - b) for a, b in zip((x1, y1, x2, y2), BOX, strict=True)) < 16
    difference = np.abs(np.asarray(decode(shown)).astype(int) - wanted[y1:y2, x1:x2])
    # Chroma at the edge is interpolated with other neighbours.
    assert difference[2:-2, 2:-2].max() <= 2
    across, down = grid_of.lines
    assert x1 in across or x2 in across
    assert y1 in down or y2 in down


@pytest.mark.parametrize(
    ("crop", "options", "reason"),
    [
        (Crop((0.2, 0.2, 0.8, 0.8), "rect", 3.0), LOSSLESS, "straightened"),
        (Crop((0.2, 0.2, 0.8, 0.8), "circle"), LOSSLESS, "circle"),
        (Crop((0.2, 0.2, 0.8, 0.8)), ExportOptions(lossless=True, format="png"), "only a JPEG"),
    ],
)
def test_what_cannot_be_is_told(
    tmp_path: Path, crop: Crop, options: ExportOptions, reason: str
) -> None:
    photo = read_photo(write_jpeg(tmp_path / "a.jpg"))
    done = export_crop(photo, crop, FREE, options)
    assert any(reason in str(text) for text in done.warnings)


def test_metadata_and_profile_go_along(tmp_path: Path) -> None:
    plain = write_jpeg(tmp_path / "plain.jpg", orientation=6)
    photo = read_photo(plain)
    done = export_crop(photo, box_of(BOX, photo.width, photo.height), FREE, LOSSLESS)
    with Image.open(done.path) as image:
        assert image.getexif()[271] == "Cropsight"
        assert image.getexif()[274] == 6
    bare = ExportOptions(lossless=True, metadata="none")
    done = export_crop(photo, box_of(BOX, photo.width, photo.height), FREE, bare)
    with Image.open(done.path) as image:
        assert dict(image.getexif()) == {274: 6}


def test_the_quality_of_the_source(tmp_path: Path) -> None:
    path = write_jpeg(tmp_path / "a.jpg", "4:2:2")
    done = export_crop(
        read_photo(path), box_of(BOX, WIDTH, HEIGHT), FREE, ExportOptions(source_quality=True)
    )
    with Image.open(path) as source, Image.open(done.path) as image:
        assert image.quantization == source.quantization  # type: ignore[attr-defined]
        assert image.layer[0][1:3] == source.layer[0][1:3] == (2, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("keep", ["all", "none"])
def test_dates_are_kept_when_wanted(tmp_path: Path, keep: str) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2024:05:17 08:09:10"
    picture().save(path, exif=exif)
    os.utime(path, (1_500_000_000, 1_500_000_000))
    options = ExportOptions(keep_date=True, metadata=keep)  # type: ignore[arg-type]
    done = export_crop(read_photo(path), box_of(BOX, WIDTH, HEIGHT), FREE, options)
    assert done.path.stat().st_mtime == 1_500_000_000
    assert read_metadata(done.path).taken == "2024-05-17"
    plain = ExportOptions(metadata=keep)  # type: ignore[arg-type]
    done = export_crop(read_photo(path), box_of(BOX, WIDTH, HEIGHT), FREE, plain)
    assert done.path.stat().st_mtime > 1_500_000_000
    assert read_metadata(done.path).taken == ("2024-05-17" if keep == "all" else "")


def test_by_command_and_by_preset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_jpeg(tmp_path / "a.jpg")
    os.utime(path, (1_500_000_000, 1_500_000_000))
    given = ["--box", "30px,27px,131px,98px", "--lossless", "--keep-date", "--quality", "source"]
    status, told = run_json(capsys, "crop", path, *given, "--out", tmp_path / "out")
    assert status == 0
    assert told["photos"][0]["results"][0]["candidates"][0]["pixels"] == [32, 32, 133, 103]
    (made,) = (tmp_path / "out").iterdir()
    assert_same_coefficients(path, made, 32, 32, (16, 16))
    assert made.stat().st_mtime == 1_500_000_000
    preset = tmp_path / "p.json"
    preset.write_text(
        '{"schema": 1, "name": "p", "aspects": ["free"], "method": "box:30px,27px,131px,98px", '
        '"lossless": true, "keep_date": true, "source_quality": true}'
    )
    status, told = run_json(capsys, "batch", preset, path, "--out", tmp_path / "batch")
    assert status == 0
    assert told["photos"][0]["results"][0]["candidates"][0]["pixels"] == [32, 32, 133, 103]
    (made,) = (tmp_path / "batch").glob("*.jpg")
    assert_same_coefficients(path, made, 32, 32, (16, 16))
    assert made.stat().st_mtime == 1_500_000_000
