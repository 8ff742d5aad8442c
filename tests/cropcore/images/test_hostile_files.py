"""Hostile files: each costs a second of one photo at most, and takes neither program nor batch along."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.cli.main import main
from cropcore.errors import PhotoError
from cropcore.files import limits
from cropcore.images.photo import decode, decode_16_bit, read_photo
from cropcore.metadata.metadata import read_metadata
from tests.cropcore.helpers import hostile_maker as hostile
from tests.cropcore.helpers import photo_maker as maker

ROOT = Path(__file__).parents[3]
SECONDS = 3.0
"""More than the second that is aimed at: a machine with other work counts what it is kept waiting."""
MEGABYTES = 500


def tried(path: Path, folder: Path) -> dict[str, Any]:
    """What the driver tells of a file, whose content stays as it is."""
    pytest.importorskip("resource")
    before = hashlib.sha256(path.read_bytes()).digest()
    order = [sys.executable, "-m", "tests.cropcore.helpers.hostile_driver", str(path), str(folder)]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["seconds"] < SECONDS
    assert told["megabytes"] < MEGABYTES
    return told


@pytest.mark.parametrize("name", hostile.EXPORTED)
def test_a_photo_that_asks_for_much_is_exported_and_what_it_loses_is_told(
    name: str, tmp_path: Path
) -> None:
    path, out = hostile.make(name, tmp_path), tmp_path / "out"
    told = tried(path, out)
    assert told["error"] == ""
    loss = hostile.EXPORTED[name][1]
    assert told["told"] == ([loss] if loss else [])
    (made,) = out.iterdir()
    assert read_photo(made).width > 20


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_cannot_be_a_photo_is_refused_at_once(name: str, tmp_path: Path) -> None:
    told = tried(hostile.make(name, tmp_path), tmp_path / "out")
    assert name in told["error"]
    assert hostile.REFUSED[name][1] in told["error"]


def test_the_command_says_what_is_left_out(
    installed_engine: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = hostile.make("xmp_2000_deep.png", tmp_path)
    false = hostile.make("declares_490mp.jpg", tmp_path)
    good = tmp_path / "good.jpg"
    maker.image().save(good)
    out = tmp_path / "out"
    assert main(["batch", "1:1", str(false), str(deep), str(good), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert hostile.XMP in told
    assert "hardly any data" in told
    assert len([p for p in out.iterdir() if not p.name.startswith(".")]) == 2


# --- what is real is read -----------------------------------------------------------------------


@pytest.mark.parametrize("cut", [1, 2], ids=["whole", "half"])
@pytest.mark.parametrize(
    ("mode", "how"),
    [
        ("L", {"progressive": True, "quality": 1, "optimize": True}),
        ("L", {"quality": 1, "optimize": True}),
        ("RGB", {"progressive": True, "quality": 5, "subsampling": 2, "optimize": True}),
        ("RGB", {"quality": 95, "subsampling": 0}),
        ("CMYK", {"progressive": True, "quality": 5}),
        ("RGB", None),
        ("L", None),
        ("1", None),
    ],
)
def test_a_picture_of_one_colour_has_enough_data(
    mode: str, how: dict[str, Any] | None, cut: int, tmp_path: Path
) -> None:
    """The least that a real picture of so many pixels has, as a JPEG, or as a PNG where cut is none."""
    path = tmp_path / "flat"
    size = 7000, 5000
    assert size[0] * size[1] > limits.BLOWN_UP_PIXELS
    with path.open("wb") as file:
        Image.new(mode, size, 0).save(file, "PNG" if how is None else "JPEG", **(how or {}))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // cut])
    assert read_photo(path).width == size[0]


def test_metadata_behind_the_pixels_are_read_and_change_no_depth(tmp_path: Path) -> None:
    path = tmp_path / "behind.png"
    block = struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x112, 3, 1, 6, 0, 0)
    behind = maker.chunk(b"eXIf", block)
    behind += maker.chunk(b"tEXt", b"Title\0a") + maker.chunk(b"prVt", b"private")
    behind += maker.chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + maker.PLAIN_XMP)
    path.write_bytes(hostile.png(b"", behind, deep=True))
    photo, metadata = read_photo(path), read_metadata(path)
    assert (photo.width, photo.height, photo.bits) == (64, 96, 16)
    assert (metadata.exif, metadata.xmp) == (block, maker.PLAIN_XMP)
    assert (metadata.texts, metadata.lost) == ({"Title": "a"}, ())
    turned = np.rot90(maker.scene(bits=16), -1)
    assert np.array_equal(decode_16_bit(photo), turned)


def test_a_text_too_large_takes_no_other_along(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    giant = hostile.packed_xmp(b"<a/>" * 6_000_000)
    texts = [maker.chunk(b"tEXt", text) for text in (b"Title\0before", b"Author\0behind")]
    path.write_bytes(hostile.png(texts[0] + giant + texts[1]))
    metadata = read_metadata(path)
    assert metadata.texts == {"Title": "before", "Author": "behind"}
    assert (metadata.xmp, [str(lost) for lost in metadata.lost]) == (b"", [hostile.XMP])
    assert np.array_equal(np.asarray(decode(read_photo(path))), np.asarray(maker.image()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where libtiff lies")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "group4"])
def test_a_damaged_tiff_leaves_the_terminal_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], compression: str, seed: int
) -> None:
    chance = random.Random(seed)
    image = maker.image("1" if compression == "group4" else "RGB", 120, 90)
    data = bytearray(maker.saved(image, "TIFF", compression=compression))
    start = len(data) // 4
    for _ in range(6):
        at = chance.randrange(start, len(data) - 40)
        data[at : at + 40] = chance.randbytes(40)
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    with contextlib.suppress(PhotoError):
        decode(read_photo(path))
    assert capfd.readouterr().err == ""
