"""Kinds of TIFF that few programs write: read with all their bits, or refused by what they are."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from cropcore.errors import PhotoError
from cropcore.export.export import ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import decode_16_bit, read_photo
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect("free")
COMPRESSION = 259


def written(path: Path, pixels: Any, **how: Any) -> Path:
    tifffile.imwrite(path, pixels, metadata=None, **how)
    return path


def apart(pixels: Any) -> Any:
    return np.moveaxis(pixels, -1, 0).copy()


def called(path: Path, compression: int) -> Path:
    """The same file, saying that its pixels are packed otherwise."""
    data = bytearray(path.read_bytes())
    (at,) = struct.unpack_from("<I", data, 4)
    for place in range(at + 2, at + 2 + 12 * struct.unpack_from("<H", data, at)[0], 12):
        if struct.unpack_from("<H", data, place)[0] == COMPRESSION:
            struct.pack_into("<H", data, place + 8, compression)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("seed", range(2))
def test_inverted_grey_of_sixteen_bits_keeps_every_value(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pixels = maker.scene(chance.randint(40, 99), chance.randint(30, 70), channels=1, bits=16)
    how = {"compression": "zlib"} if seed else {}
    path = written(tmp_path / "a.tif", pixels[..., 0], photometric="miniswhite", **how)
    photo = read_photo(path)
    done = export_crop(photo, Crop(), FREE, ExportOptions(folder=tmp_path / "out"))
    after = decode_16_bit(read_photo(done.path))
    assert np.array_equal(after, 65535 - pixels)
    assert done.warnings == ()


@pytest.mark.parametrize("target", ["keep", "jpeg", "png"])
def test_cmyk_of_sixteen_bits_says_what_it_loses(tmp_path: Path, target: str) -> None:
    pixels = maker.scene(channels=4, bits=16)
    path = written(tmp_path / "a.tif", pixels, photometric="separated")
    options = ExportOptions(format=target, folder=tmp_path / "out")  # type: ignore[arg-type]
    done = export_crop(read_photo(path), Crop(), FREE, options)
    assert "16 bits per channel became 8." in map(str, done.warnings)


@pytest.mark.parametrize(
    ("pixels", "how", "compression", "reason"),
    [
        (maker.scene().astype(np.float32), {"photometric": "rgb"}, 1, "floating-point values"),
        (maker.scene(bits=16), {"photometric": "cielab"}, 1, "holds CIELAB colours of 16 bits"),
        (
            apart(maker.scene(bits=16)),
            {"photometric": "rgb", "planarconfig": "separate"},
            5,
            "holds its channels apart, 16 bits each and packed",
        ),
        (maker.scene(), {"photometric": "rgb"}, 34712, "packed by JPEG 2000 inside a TIFF"),
        (maker.scene(), {"photometric": "rgb"}, 34887, "packed by LERC inside a TIFF"),
        (maker.scene(), {"photometric": "rgb"}, 52546, "packed by JPEG XL inside a TIFF"),
        (maker.scene(bits=16), {"photometric": "rgb"}, 6, "packed by old JPEG inside a TIFF"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_kind(
    tmp_path: Path, pixels: Any, how: dict[str, Any], compression: int, reason: str
) -> None:
    path = written(tmp_path / "a.tif", pixels, **how)
    if compression != 1:
        called(path, compression)
    with pytest.raises(PhotoError, match=reason):
        read_photo(path)
