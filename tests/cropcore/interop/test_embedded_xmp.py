"""XMP inside photos, and byte copies with a crop in it: the pixels keep every byte."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from cropcore.errors import SidecarError
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo, read_photo
from cropcore.interop.embedded_xmp import copy_with_crop, embedded_packet, read_embedded
from tests.cropcore.helpers.foreign_maker import (
    CROPPED,
    adobe_style,
    element_style,
    grid,
    grid_photo,
    other_settings,
    told,
)

CROP = Crop((0.25, 0.125, 0.75, 0.5), "rect", 3.0)


def with_xmp(path: Path, packet: bytes) -> Photo:
    if path.suffix in (".tif", ".dng"):
        tags = [(700, 1, len(packet), packet, True)]
        tifffile.imwrite(path, np.asarray(grid()), photometric="rgb", extratags=tags)
    elif path.suffix == ".png":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=True)
        grid().save(path, pnginfo=info)
    else:
        grid().save(path, quality=95, xmp=packet)
    return read_photo(path)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp"])
def test_a_crop_inside_is_read(tmp_path: Path, name: str) -> None:
    photo = with_xmp(tmp_path / name, adobe_style({**CROPPED, "CropAngle": "0"}))
    found = read_embedded(photo)
    assert told(found) == ()
    assert found.crop is not None
    assert found.crop.crop.box == pytest.approx((0.05, 0.1, 0.95, 0.9))
    assert found.rating == 3


def test_an_exported_file_has_no_crop_to_apply(tmp_path: Path) -> None:
    photo = with_xmp(tmp_path / "a.jpg", adobe_style({**CROPPED, "AlreadyApplied": "True"}))
    assert read_embedded(photo).crop is None


class TestCopies:
    @pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
    @pytest.mark.parametrize("packet", [None, adobe_style(other_settings())])
    def test_a_copy_holds_the_crop_and_the_same_pixels(
        self, tmp_path: Path, name: str, packet: bytes | None
    ) -> None:
        photo = with_xmp(tmp_path / name, packet) if packet else grid_photo(tmp_path / name)
        before = photo.path.read_bytes()
        copy = copy_with_crop(photo, CROP, tmp_path / "out")
        assert photo.path.read_bytes() == before
        assert copy == tmp_path / "out" / name
        found = read_embedded(read_photo(copy)).crop
        assert found is not None
        assert found.crop.box == pytest.approx(CROP.box, abs=1e-5)
        assert found.crop.angle == pytest.approx(3)
        with Image.open(photo.path) as old, Image.open(copy) as new:
            assert old.tobytes() == new.tobytes()
        if packet is not None:
            text = embedded_packet(copy).decode()
            assert all(f'crs:{key}="{value}"' in text for key, value in other_settings().items())

    @pytest.mark.parametrize("orientation", [1, 6, 5])
    def test_a_jpegs_scan_is_byte_for_byte_the_same(self, tmp_path: Path, orientation: int) -> None:
        photo = grid_photo(tmp_path / "a.jpg", orientation)
        copy = copy_with_crop(photo, CROP, tmp_path / "out").read_bytes()
        old = photo.path.read_bytes()
        tables = old.index(b"\xff\xdb")
        assert copy.endswith(old[tables:])
        exif = old.index(b"Exif\0\0")
        assert copy.startswith(old[: exif + 6])

    @pytest.mark.parametrize(("order", "big"), [(">", False), ("<", False), ("<", True)])
    def test_a_tiffs_strips_and_further_pages_keep_their_place(
        self, tmp_path: Path, order: Literal[">", "<"], big: bool
    ) -> None:
        path = tmp_path / "a.tif"
        with tifffile.TiffWriter(path, byteorder=order, bigtiff=big) as writer:
            writer.write(np.asarray(grid()), photometric="rgb")
            writer.write(np.zeros((8, 8), np.uint8))
        photo = read_photo(path)
        copy = copy_with_crop(photo, CROP, tmp_path / "out")
        old, new = path.read_bytes(), copy.read_bytes()
        assert new[16 : len(old)] == old[16:]
        with tifffile.TiffFile(copy) as tiff:
            assert len(tiff.pages) == 2
            assert np.array_equal(tiff.asarray(key=0), np.asarray(grid()))
            assert tiff.pages[1].shape == (8, 8)

    def test_a_second_copy_takes_another_name(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        first = copy_with_crop(photo, CROP, tmp_path / "out")
        second = copy_with_crop(photo, CROP, tmp_path / "out")
        assert (first.name, second.name) == ("a.jpg", "a (2).jpg")

    def test_settings_that_are_applied_already_are_taken_out(self, tmp_path: Path) -> None:
        applied = {**other_settings(5), **CROPPED, "AlreadyApplied": "True"}
        photo = with_xmp(tmp_path / "a.jpg", element_style(applied))
        copy = copy_with_crop(photo, CROP, tmp_path / "out")
        text = embedded_packet(copy).decode("utf-8-sig")
        assert "Setting0" not in text
        assert "ToneCurve" not in text
        assert "AlreadyApplied>False" in text or 'AlreadyApplied="False"' in text
        found = read_embedded(read_photo(copy)).crop
        assert found is not None
        assert found.crop.angle == pytest.approx(3)

    def test_a_packet_that_is_not_understood_makes_no_copy(self, tmp_path: Path) -> None:
        photo = with_xmp(tmp_path / "a.jpg", b"<x:xmpmeta>")
        with pytest.raises(SidecarError, match="No copy is made"):
            copy_with_crop(photo, CROP, tmp_path / "out")
        assert not list(tmp_path.glob("out/*"))

    def test_a_packet_too_large_for_a_jpeg_makes_no_copy(self, tmp_path: Path) -> None:
        photo = grid_photo(tmp_path / "a.jpg")
        data = photo.path.read_bytes()
        filled = adobe_style({"Setting": "x" * (65_300 - len(adobe_style({})))})
        body = b"http://ns.adobe.com/xap/1.0/\0" + filled
        segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        photo.path.write_bytes(data[:2] + segment + data[2:])
        with pytest.raises(SidecarError, match="too large for a JPEG"):
            copy_with_crop(photo, CROP, tmp_path / "out")

    def test_other_kinds_are_refused(self, tmp_path: Path) -> None:
        photo = with_xmp(tmp_path / "a.webp", adobe_style({}))
        with pytest.raises(SidecarError, match="JPEG, PNG, TIFF and DNG"):
            copy_with_crop(photo, CROP, tmp_path / "out")
