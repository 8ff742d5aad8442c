"""Our sidecars in darktable, RawTherapee and ExifTool themselves, where they are installed.

With CROPSIGHT_REAL_PROGRAMS=required it is an error that one of them is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import with_angle
from cropcore.images.photo import Photo, decode, read_photo
from cropcore.images.render import plan, render
from cropcore.interop.darktable import read_darktable
from cropcore.interop.embedded_xmp import copy_with_crop
from cropcore.interop.rawtherapee import write_pp3
from cropcore.interop.xmp_sidecar import write_xmp
from tests.cropcore.helpers.foreign_maker import (
    STYLES,
    darktable_crop,
    darktable_history,
    grid_photo,
    other_settings,
)
from tests.cropcore.helpers.raw_maker import write_dng

Pixels = NDArray[np.float64]
Run = Callable[..., str]
ANGLES = (0.0, 7.0, -10.0)
ALL = [(exif, angle) for exif in range(1, 9) for angle in ANGLES]
QUICK = [(1, -10.0), (4, 0.0), (6, 7.0), (7, -10.0)]


def program(name: str) -> Run:
    path = shutil.which(name)
    if path is None:
        if os.environ.get("CROPSIGHT_REAL_PROGRAMS") == "required":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")

    def run(*arguments: str | Path) -> str:
        command = [path, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def darktable(tmp_path: Path) -> Callable[[Path], Pixels]:
    run = program("darktable-cli")

    def rendered(photo: Path) -> Pixels:
        out = photo.with_name(photo.stem + "-darktable.png")
        core = ("--core", "--library", ":memory:", "--configdir", tmp_path / "conf")
        run(photo, out, *core, "--disable-opencl")
        return pixels(out)

    return rendered


def pixels(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(float)


def ours(photo: Photo, crop: Crop) -> Pixels:
    made = render(decode(photo), plan(photo.width, photo.height, crop, Aspect("free")))
    assert isinstance(made, Image.Image)
    return np.asarray(made.convert("RGB")).astype(float)


def check_same(theirs: Pixels, own: Pixels, levels: float) -> None:
    """Sizes within a pixel, and no place more than a pixel and a few levels from where it belongs."""
    assert np.abs(np.subtract(theirs.shape, own.shape)).max() <= 1
    high, wide = min(theirs.shape[0], own.shape[0]), min(theirs.shape[1], own.shape[1])
    off = (theirs[:high, :wide] - own[:high, :wide])[..., :2]
    assert np.abs(off).max() <= levels + 1.5  # a pixel of the grid is 0.64 of a level at most
    assert np.abs(off.mean((0, 1))).max() <= 1.3


def photo_and_crop(folder: Path, exif: int, angle: float) -> tuple[Photo, Crop]:
    photo = grid_photo(folder / f"photo-{exif}.jpg", exif)
    return photo, with_angle(Crop((0.25, 0.3, 0.7, 0.6)), photo.width, photo.height, angle)


def in_darktable(
    darktable: Callable[[Path], Pixels], folder: Path, exif: int, angle: float
) -> None:
    photo, crop = photo_and_crop(folder, exif, angle)
    write_xmp(photo, crop)
    check_same(darktable(photo.path), ours(photo, crop), 4)


def in_rawtherapee(folder: Path, exif: int, angle: float) -> None:
    run = program("rawtherapee-cli")
    photo, crop = photo_and_crop(folder, exif, angle)
    settings = write_pp3(photo, crop).path
    out = folder / "rt.png"
    run("-o", out, "-n", "-p", settings, "-Y", "-c", photo.path)
    check_same(pixels(out), ours(photo, crop), 1)


@pytest.mark.parametrize(("exif", "angle"), QUICK)
def test_darktable_renders_what_we_export(
    darktable: Callable[[Path], Pixels], tmp_path: Path, exif: int, angle: float
) -> None:
    in_darktable(darktable, tmp_path, exif, angle)


@pytest.mark.slow
@pytest.mark.parametrize(("exif", "angle"), [case for case in ALL if case not in QUICK])
def test_darktable_at_every_orientation(
    darktable: Callable[[Path], Pixels], tmp_path: Path, exif: int, angle: float
) -> None:
    in_darktable(darktable, tmp_path, exif, angle)


@pytest.mark.parametrize("exif", [1, 3, 6, 8])
@pytest.mark.parametrize("angle", ANGLES)
def test_rawtherapee_renders_what_we_export(tmp_path: Path, exif: int, angle: float) -> None:
    in_rawtherapee(tmp_path, exif, angle)


@pytest.mark.parametrize("style", STYLES)
def test_a_merged_sidecar_is_read_by_darktable(
    darktable: Callable[[Path], Pixels], tmp_path: Path, style: str
) -> None:
    photo, crop = photo_and_crop(tmp_path, 6, 7.0)
    sidecar = tmp_path / "photo-6.xmp"
    # darktable takes a crop that is nested in crs:Look for the photo's; no program writes one there.
    others = (
        STYLES[style](other_settings(), {}).replace(b"CropLeft", b"A").replace(b"CropTop", b"B")
    )
    sidecar.write_bytes(others.replace(b"HasCrop", b"C"))
    write_xmp(photo, crop)
    check_same(darktable(photo.path), ours(photo, crop), 4)


RAWS = [
    # exif, angle, masked, default crop
    (6, 7.0, (0, 0), (4, 4, 592, 392)),
    (1, 5.0, (16, 8), (40, 20, 500, 300)),
    (6, 0.0, (16, 8), None),
]


def alike(image: Pixels) -> list[int]:
    """In three rows, the column where red and green are alike, however the photo was developed."""
    rows = [image.shape[0] * part // 4 for part in (1, 2, 3)]
    return [int(np.argmin(np.abs(image[row, :, 0] - image[row, :, 1]))) for row in rows]


@pytest.mark.parametrize(("exif", "angle", "masked", "default_crop"), RAWS)
def test_raw_files_are_cropped_alike_everywhere(
    darktable: Callable[[Path], Pixels],
    tmp_path: Path,
    exif: int,
    angle: float,
    masked: tuple[int, int],
    default_crop: tuple[int, int, int, int] | None,
) -> None:
    pytest.importorskip("rawpy")
    run = program("rawtherapee-cli")
    path = write_dng(tmp_path / "a.dng", orientation=exif, masked=masked, default_crop=default_crop)
    photo = read_photo(path)
    crop = with_angle(Crop((0.2, 0.2, 0.7, 0.8)), photo.width, photo.height, angle)
    write_xmp(photo, crop)
    settings = write_pp3(photo, crop, make_for_raw=True).path
    out = tmp_path / "rt.png"
    run("-o", out, "-n", "-p", settings, "-Y", "-c", path)
    own = ours(photo, crop)
    for theirs in (darktable(path), pixels(out)):
        assert np.abs(np.subtract(theirs.shape, own.shape)).max() <= 1
        assert np.abs(np.subtract(alike(theirs), alike(own))).max() <= 4


def test_darktables_own_crop_is_read_as_it_renders_it(
    darktable: Callable[[Path], Pixels], tmp_path: Path
) -> None:
    photo = grid_photo(tmp_path / "a.jpg", 6)
    steps = [("crop", True, darktable_crop(0.1, 0.3, 0.6, 0.8))]
    (tmp_path / "a.jpg.xmp").write_bytes(darktable_history(steps))
    found = read_darktable(photo).crop
    assert found is not None
    check_same(darktable(photo.path), ours(photo, found.crop), 4)


def test_exiftool_reads_sidecars_and_copies(tmp_path: Path) -> None:
    run = program("exiftool")
    photo, crop = photo_and_crop(tmp_path, 6, 0.0)
    sidecar = write_xmp(photo, crop).path
    told = ["-s3", "-CropLeft", "-CropTop", "-CropRight", "-CropBottom", "-HasCrop"]
    wanted = ["0.3", "0.3", "0.6", "0.75", "True"]
    assert run(*told, sidecar).split() == wanted
    for name in ("b.jpg", "b.png", "b.tif"):
        other = grid_photo(tmp_path / name)
        copy = copy_with_crop(other, Crop((0.3, 0.3, 0.6, 0.75)), tmp_path / "out")
        assert run(*told, copy).split() == wanted
        before, after = (run("-validate", "-s3", "-warning", path) for path in (other.path, copy))
        assert after == before
