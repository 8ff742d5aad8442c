"""The gain map of a JPEG is cut like its photo and goes along, or its loss is told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.export.export import Exported, ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_RIGHT
from cropcore.images.lossless_jpeg import cuts_lossless
from cropcore.images.output_size import Size
from cropcore.images.photo import Photo, read_photo
from cropcore.images.render import plan, render
from cropcore.interop.embedded_xmp import copy_with_crop
from tests.cropcore.helpers import gain_map_maker as hdr
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect.parse("free")
BOX = (0.13, 0.21, 0.77, 0.93)
LEFT_OUT = "The HDR gain map was left out: the crop is in standard range."


def made(path: Path, **how: Any) -> Path:
    return hdr.hdr_jpeg(path, maker.image(width=483, height=317), hdr.scene(121, 79), **how)


def exported(photo: Photo, folder: Path, crop: Crop, **options: Any) -> Exported:
    return export_crop(photo, crop, FREE, ExportOptions(folder=folder / "out", **options))


def far(photo: Photo, crop: Crop, gain: Image.Image, size: Size | None = None) -> float:
    """How far a cut map is from the map blown up to the photo's size and cut like that, on average."""
    source = hdr.scene(121, 79).transpose(Image.Transpose.ROTATE_270)
    upright = source if photo.width < photo.height else hdr.scene(121, 79)
    if photo.exif.exif == 3:
        upright = hdr.scene(121, 79).transpose(Image.Transpose.ROTATE_180)
    large = upright.resize((photo.width, photo.height), Image.Resampling.BICUBIC)
    expected = render(large, plan(photo.width, photo.height, crop, FREE, size))
    assert isinstance(expected, Image.Image)
    blown = gain.convert("L").resize(expected.size, Image.Resampling.BICUBIC)
    return float(np.abs(np.asarray(blown, float) - np.asarray(expected, float)).mean())


CASES: dict[str, dict[str, Any]] = {
    "cut at odd places": {"crop": Crop(BOX)},
    "straightened": {"crop": Crop((0.25, 0.2, 0.8, 0.8), angle=7.5)},
    "resized": {"crop": Crop(BOX), "size": Size.parse("150")},
    "straightened and resized": {"crop": Crop((0.25, 0.2, 0.8, 0.8), angle=-4), "size": "120x90"},
    "lying on its side": {"crop": Crop(BOX), "exif": maker.exif_block(6, order=">")},
    "upside down": {"crop": Crop(BOX), "exif": maker.exif_block(3)},
    "small": {"crop": Crop((0.4, 0.4, 0.47, 0.45))},
}


@pytest.mark.parametrize("case", CASES)
def test_the_map_is_cut_like_the_photo(tmp_path: Path, case: str) -> None:
    how = CASES[case]
    crop, size = how["crop"], how.get("size")
    if isinstance(size, str):
        size = Size.parse(size)
    photo = read_photo(made(tmp_path / "a.jpg", exif=how.get("exif", b"")))
    assert photo.gain_map
    done = exported(photo, tmp_path, crop, size=size)
    found = hdr.read(done.path)
    assert LEFT_OUT not in map(str, done.warnings)
    assert found.photo.size == (done.width, done.height)
    assert far(photo, crop, found.gain, size) < 2.5
    ratio = found.gain.width / found.gain.height
    assert ratio == pytest.approx(done.width / done.height, rel=0.01)
    assert found.told_length == found.length
    assert b'GainMapMax="2"' in found.gain_xmp
    assert b"GPSLatitude" not in found.gain_xmp
    assert b'Rating="3"' in found.photo_xmp
    assert read_photo(done.path).gain_map


@pytest.mark.parametrize("seed", range(3))
def test_any_crop_of_any_kind_of_map(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    kind = ("iso", "apple", "android")[seed]
    x, y = chance.uniform(0, 0.4), chance.uniform(0, 0.4)
    crop = Crop((x, y, x + chance.uniform(0.2, 0.5), y + chance.uniform(0.2, 0.5)))
    source = made(tmp_path / "a.jpg", kind=kind, order=chance.choice("<>"))
    photo = read_photo(source).turned(TURN_RIGHT)
    assert photo.gain_map
    found = hdr.read(exported(photo, tmp_path, crop).path)
    assert far(photo, crop, found.gain) < 2.5
    assert (hdr.ISO_OF_MAP in found.gain_head) == (kind == "iso")
    assert (b"HDRGainMapVersion" in found.gain_xmp) == (kind == "apple")
    assert (found.told_length is not None) == (kind == "android")


@pytest.mark.skipif(not cuts_lossless(), reason="needs libturbojpeg")
def test_without_loss_the_map_follows_the_grid(tmp_path: Path) -> None:
    photo = read_photo(made(tmp_path / "a.jpg", exif=maker.exif_block(3)))
    done = exported(photo, tmp_path, Crop(BOX), lossless=True)
    assert done.pixels is not None
    found = hdr.read(done.path)
    left, top, right, bottom = done.pixels
    upright = hdr.scene(121, 79).transpose(Image.Transpose.ROTATE_180)
    large = upright.resize((photo.width, photo.height), Image.Resampling.BICUBIC)
    expected = large.crop((left, top, right, bottom))
    shown = found.gain.transpose(Image.Transpose.ROTATE_180).resize(expected.size)
    assert np.abs(np.asarray(shown, float) - np.asarray(expected, float)).mean() < 2.5


def test_colours_and_numbers_for_each_of_them(tmp_path: Path) -> None:
    gain = hdr.scene(120, 80, colours=True)
    source = hdr.hdr_jpeg(tmp_path / "a.jpg", maker.image(width=480, height=320), gain)
    done = exported(read_photo(source), tmp_path, Crop((0.25, 0.25, 0.75, 0.75)))
    found = hdr.read(done.path)
    assert found.gain.mode == "RGB"
    assert hdr.PER_CHANNEL.encode() in found.gain_xmp
    expected = np.asarray(gain.crop((30, 20, 90, 60)), float)
    assert np.abs(np.asarray(found.gain, float) - expected).mean() < 3


def test_what_cannot_go_along_is_told(tmp_path: Path) -> None:
    photo = read_photo(made(tmp_path / "a.jpg"))
    cut_short = tmp_path / "cut short.jpg"
    cut_short.write_bytes((tmp_path / "a.jpg").read_bytes()[:-400])
    for source, crop, options in (
        (photo, Crop(BOX, shape="circle"), {}),
        (photo, Crop(BOX), {"format": "png"}),
        (read_photo(cut_short), Crop(BOX), {}),
    ):
        done = exported(source, tmp_path, crop, **options)
        assert LEFT_OUT in map(str, done.warnings)
        assert not read_photo(done.path).gain_map


def test_a_map_larger_than_its_photo_is_left_out(tmp_path: Path) -> None:
    source = hdr.hdr_jpeg(tmp_path / "a.jpg", maker.image(), hdr.scene(400, 300))
    done = exported(read_photo(source), tmp_path, Crop(BOX))
    assert LEFT_OUT in map(str, done.warnings)


def test_a_copy_for_lightroom_still_finds_its_map(tmp_path: Path) -> None:
    source = made(tmp_path / "a.jpg")
    copy = copy_with_crop(read_photo(source), Crop(BOX), tmp_path / "copies")
    found = hdr.read(copy)
    assert np.array_equal(np.asarray(found.gain), np.asarray(hdr.read(source).gain))


@pytest.mark.parametrize("kind", ["android", "iso", "apple"])
def test_a_map_as_large_as_its_photo_is_no_second_picture(tmp_path: Path, kind: hdr.Kind) -> None:
    photo = maker.image(width=200, height=140)
    source = hdr.hdr_jpeg(tmp_path / "a.jpg", photo, hdr.scene(200, 140), kind)
    done = exported(read_photo(source), tmp_path, Crop(BOX))
    assert hdr.read(done.path).gain.size == (done.width, done.height)
    for path in (source, done.path):
        assert read_photo(path).gain_map
        assert read_photo(path).notes == ()
