"""A BigTIFF loses nothing of what a TIFF keeps."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from PIL import Image

from cropcore.errors import PhotoError
from cropcore.export.export import ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.metadata.metadata import read_metadata

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 13: 4, 16: 8, 18: 8}
TAKEN = "2020:01:02 03:04:05"
Entry = tuple[int, int, bytes]


def directory(entries: list[Entry], at: int, order: str) -> bytes:
    """A directory of a BigTIFF for a place of the file, its values behind it."""
    base, fields, data = at + 16 + 20 * len(entries), b"", b""
    for tag, kind, value in sorted(entries):
        fields += struct.pack(order + "HHQ", tag, kind, len(value) // SIZES[kind])
        if len(value) <= 8:
            fields += value.ljust(8, b"\0")
        else:
            fields += struct.pack(order + "Q", base + len(data))
            data += value + bytes(-len(value) % 8)
    return struct.pack(order + "Q", len(entries)) + fields + bytes(8) + data


def big_tiff(path: Path, order: str, link: int = 18, exif_at: int | None = None) -> Path:
    """A grey BigTIFF with EXIF, GPS, a caption of IPTC and places on a map."""

    def short(value: int) -> bytes:
        return struct.pack(order + "H", value)

    def linked(value: int) -> bytes:
        return struct.pack(order + ("Q" if SIZES[link] == 8 else "I"), value)

    pixels = bytes(range(256)) * 12
    caption = b"\x1c\x02\x78\0\x07caption"
    detail = [
        (0x9003, 2, TAKEN.encode() + b"\0"),
        (0x829A, 5, struct.pack(order + "II", 1, 125)),
        (0xA002, 16, struct.pack(order + "Q", 64)),
    ]
    gps = [(1, 2, b"N\0"), (2, 5, struct.pack(order + "6I", 48, 1, 8, 1, 1234, 100))]
    exif = 16 + len(pixels)
    place = exif + len(directory(detail, exif, order))
    main = place + len(directory(gps, place, order))
    first = [
        (256, 3, short(64)),
        (257, 3, short(48)),
        (258, 3, short(8)),
        (259, 3, short(1)),
        (262, 3, short(1)),
        (271, 2, b"A maker\0"),
        (273, 16, struct.pack(order + "Q", 16)),
        (277, 3, short(1)),
        (278, 3, short(48)),
        (279, 16, struct.pack(order + "Q", len(pixels))),
        (315, 2, b"An Artist of long name\0"),
        (33723, 7, caption),
        (0x8769, link, linked(exif if exif_at is None else exif_at)),
        (0x8825, link, linked(place)),
    ]
    head = (b"II+\0" if order == "<" else b"MM\0+") + struct.pack(order + "HHQ", 8, 0, main)
    body = pixels + directory(detail, exif, order) + directory(gps, place, order)
    path.write_bytes(head + body + directory(first, main, order))
    return path


def exported(source: Path, folder: Path, target: str, keep: str = "all") -> Path:
    options = ExportOptions(format=target, folder=folder, metadata=keep)  # type: ignore[arg-type]
    return export_crop(read_photo(source), Crop((0.1, 0.1, 0.9, 0.9)), Aspect("free"), options).path


@pytest.mark.parametrize("target", ["tiff", "jpeg", "png"])
@pytest.mark.parametrize("link", [18, 4, 13])
def test_what_it_says_reaches_the_crop(tmp_path: Path, link: int, target: str) -> None:
    done = exported(big_tiff(tmp_path / "a.tif", "<", link), tmp_path, target)
    with Image.open(done) as image:
        found = image.getexif()
        assert found[271] == "A maker"
        assert found[315] == "An Artist of long name"
        detail = found.get_ifd(0x8769)
        assert detail[0x9003] == TAKEN
        assert detail[0x829A] == pytest.approx(1 / 125)
        assert detail[0xA002] == image.width
        assert found.get_ifd(0x8825)[2][0] == 48
    assert b"caption" in read_metadata(done).iptc


def test_the_other_byte_order_is_refused_by_its_kind(tmp_path: Path) -> None:
    source = big_tiff(tmp_path / "a.tif", ">", 4)
    with pytest.raises(PhotoError, match="is a BigTIFF in big-endian byte order"):
        read_photo(source)


def test_without_location_the_place_is_gone(tmp_path: Path) -> None:
    done = exported(big_tiff(tmp_path / "a.tif", "<"), tmp_path, "jpeg", "no-location")
    with Image.open(done) as image:
        assert image.getexif()[271] == "A maker"
        assert not image.getexif().get_ifd(0x8825)


def test_links_that_lead_back_cost_the_metadata_and_are_told(tmp_path: Path) -> None:
    main = 16 + 256 * 12
    while True:  # the place of the first directory depends on nothing else
        source = big_tiff(tmp_path / "a.tif", "<", exif_at=main)
        (first,) = struct.unpack_from("<Q", source.read_bytes(), 8)
        if first == main:
            break
        main = first
    options = ExportOptions(format="jpeg", folder=tmp_path)
    done = export_crop(read_photo(source), Crop(), Aspect("free"), options)
    assert "EXIF" in " ".join(map(str, done.warnings))


@pytest.mark.parametrize("seed", range(5))
def test_damage_costs_the_metadata_alone(tmp_path: Path, seed: int) -> None:
    source = big_tiff(tmp_path / "a.tif", "<")
    data = bytearray(source.read_bytes())
    chance = random.Random(seed)
    (first,) = struct.unpack_from("<Q", data, 8)
    place = (
        first + 8 + 20 * 12 + chance.choice([4, 12])
    )  # of the link to EXIF: its count, its value
    data[place : place + 8] = chance.randbytes(8)
    source.write_bytes(data)
    assert exported(source, tmp_path, "png").exists()
