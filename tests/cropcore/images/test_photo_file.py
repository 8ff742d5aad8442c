"""Bad files: each ends in a PhotoError that names the file and a remedy, never in a hang."""

from __future__ import annotations

import os
import random
import struct
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.images.photo import Photo, decode, net_pixels, read_photo, srgb_pixels
from tests.cropcore.helpers import photo_maker as maker

FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"]


def refused(path: Path) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        srgb_pixels(read_photo(path))
    error = caught.value
    assert path.name in str(error)
    assert error.reason
    assert error.remedy
    return error


def big_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = maker.chunk(b"IHDR", header) + maker.chunk(b"IDAT", b"x")
    return b"\x89PNG\r\n\x1a\n" + body + maker.chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.jpg", b"", "is empty"),
        ("a text.jpg", b"Dear diary, today I took no photo.", "is not a photo"),
        ("program.png", b"\x7fELF" + bytes(200), "is not a photo"),
        ("huge.png", big_png(30_000, 20_000), "500 megapixels"),
        ("line.png", maker.saved(maker.image(width=1, height=400), "PNG"), "too thin"),
        ("half a header.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "is damaged"),
        ("only magic.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "is damaged"),
        ("raw.NEF", maker.saved(maker.image(), "TIFF"), "LibRaw does not read"),
    ],
)
def test_bad_content(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reason in str(refused(path).reason)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.97])
@pytest.mark.parametrize("file_format", FORMATS)
def test_truncated(tmp_path: Path, file_format: str, share: float) -> None:
    data = maker.saved(maker.image(width=300, height=200), file_format)
    path = tmp_path / "cut.x"
    path.write_bytes(data[: int(len(data) * share)])
    if file_format == "JPEG" and share > 0.1:  # opened with what there is, see test_jpeg_end
        assert read_photo(path).missing_rows
    else:
        refused(path)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.97])
def test_truncated_16_bit(tmp_path: Path, file_format: str, share: float) -> None:
    pixels = maker.scene(bits=16)
    path = tmp_path / "cut.x"
    if file_format == "PNG":
        path.write_bytes(maker.png16(pixels))
    else:
        tifffile.imwrite(path, pixels, photometric="rgb", compression="zlib")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(path)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("file_format", [*FORMATS, "TIFF16"])
def test_random_damage_never_ends_otherwise(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "noise.x"
    if file_format == "TIFF16":
        tifffile.imwrite(path, maker.scene(40, 30, bits=16), photometric="rgb")
    else:
        path.write_bytes(maker.saved(maker.image(width=40, height=30), file_format))
    good = path.read_bytes()
    chance = random.Random(7)
    for _ in range(150):
        bad = bytearray(good)
        for _ in range(chance.choice([1, 3, 10])):
            bad[chance.randrange(min(len(bad), 400))] = chance.randrange(256)
        path.write_bytes(bad)
        with suppress(PhotoError):
            photo = read_photo(path)
            if photo.width * photo.height < 10**7:
                net_pixels(photo)


def test_missing(tmp_path: Path) -> None:
    assert "not there" in str(refused(tmp_path / "nowhere.jpg").reason)


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "album.jpg").mkdir()
    assert "folder" in str(refused(tmp_path / "album.jpg").reason)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.timeout(20)
def test_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "pipe" in str(refused(tmp_path / "pipe.jpg").reason)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
@pytest.mark.timeout(20)
def test_device_does_not_hang() -> None:
    assert "device" in str(refused(Path("/dev/zero")).reason)


def test_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link.jpg").symlink_to(tmp_path / "gone.jpg")
    refused(tmp_path / "link.jpg")


def test_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.jpg"
    maker.image().save(path)
    path.chmod(0)
    if os.access(path, os.R_OK):  # a superuser reads everything; the system's answer is played

        def deny(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", deny)
    assert "may not be read" in str(refused(path).reason)


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_values_without_a_fixed_white(tmp_path: Path, kind: type) -> None:
    path = tmp_path / "linear.tif"
    Image.fromarray(maker.scene(channels=1)[..., 0].astype(kind)).save(path)
    error = refused(path)
    assert "floating" in str(error.reason)
    assert "8 or 16 bits" in str(error.remedy)


def test_heic_without_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "phone.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(300))
    assert "pip install 'cropsight[heic]'" in str(refused(path).remedy)


def test_photo_that_vanishes_after_reading(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    maker.image().save(path)
    photo = read_photo(path)
    path.unlink()
    with pytest.raises(PhotoError, match="not there"):
        decode(photo)


@pytest.mark.parametrize(
    "name", ["with spaces.jpg", "日本の写真.jpg", "смартфон (1).jpg", "👪.jpg"]
)
def test_any_name_is_fine(tmp_path: Path, name: str) -> None:
    maker.image().save(tmp_path / name)
    assert isinstance(read_photo(tmp_path / name), Photo)
