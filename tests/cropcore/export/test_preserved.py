"""The table of what goes along: each cell is written and read back."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from cropcore.export.export import Exported, ExportOptions, export_crop
from cropcore.export.preserved import FATES, TARGETS, Fate, Part, table
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo, decode, read_photo
from cropcore.metadata.metadata import read_metadata
from tests.cropcore.helpers import gain_map_maker as hdr
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect.parse("free")
OPTION = {
    "JPEG": "jpeg",
    "PNG": "png",
    "WEBP": "webp",
    "TIFF": "tiff",
    "AVIF": "avif",
    "HEIF": "heic",
}
GUIDE = Path(__file__).parents[3] / "docs" / "guide.md"

Source = Callable[[Path], Path]
Held = Callable[[Photo], bool]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_chunk(path: Path, *chunks: bytes) -> Path:
    data = maker.saved(maker.image(), "PNG")
    path.write_bytes(data[:33] + b"".join(chunks) + data[33:])
    return path


def saved(path: Path, image: Image.Image, **arguments: object) -> Path:
    image.save(path, **arguments)  # type: ignore[arg-type]
    return path


def with_segments(path: Path, *segments: tuple[int, bytes]) -> Path:
    data = maker.saved(maker.image(), "JPEG")
    more = b"".join(bytes([255, m]) + struct.pack(">H", len(d) + 2) + d for m, d in segments)
    path.write_bytes(data[:2] + more + data[2:])
    return path


def sixteen(path: Path) -> Path:
    path.write_bytes(maker.png16(maker.scene(bits=16)))
    return path


def keyed(path: Path) -> Path:
    data = maker.png16(maker.scene(bits=16))
    path.write_bytes(data[:33] + chunk(b"tRNS", struct.pack(">3H", 0, 0, 0)) + data[33:])
    return path


def rotated(path: Path) -> Path:
    exif = Image.Exif()
    exif[0x112] = 6
    return saved(path, maker.image(width=90, height=60), exif=exif)


def geo(path: Path) -> Path:
    tags = [(33550, "d", 3, (0.5, 0.5, 0.0), True)]
    tifffile.imwrite(path, maker.scene(60, 40), photometric="rgb", extratags=tags)
    return path


def masked(path: Path) -> Path:
    pixels = maker.scene(60, 40, channels=4)
    tifffile.imwrite(path, pixels, photometric="rgb", extrasamples=["unspecified"])
    return path


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a xmlns="http://e.com/">kept</a></x:xmpmeta>'
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + struct.pack(">II", 5000, 0)


def heic_with_gain_map(path: Path) -> Path:
    """A HEIC whose further picture, transparency in truth, calls itself a gain map."""
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.from_pillow(maker.image("RGBA")).save(path)
    alpha, gain = b"urn:mpeg:hevc:2015:auxid:1", b"urn:com:apple:x:hdrgainmap"
    data = path.read_bytes()
    assert data.count(alpha) == 1
    path.write_bytes(data.replace(alpha, gain))
    return path


def told_in_xmp(path: Path, attributes: str) -> Path:
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f"{attributes}/></rdf:RDF></x:xmpmeta>"
    )
    return with_segments(path, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()))


def depth(path: Path) -> Path:
    space = "http://ns.google.com/photos/1.0/depthmap/"
    return told_in_xmp(path, f'xmlns:GDepth="{space}" GDepth:Format="RangeInverse"')


def motion(path: Path) -> Path:
    space = "http://ns.google.com/photos/1.0/camera/"
    told_in_xmp(path, f'xmlns:GCamera="{space}" GCamera:MotionPhoto="1"')
    path.write_bytes(path.read_bytes() + b"\0\0\0\x18ftypmp42" + bytes(500))
    return path


def captions(path: Path) -> Path:
    block = b"\x1c\x02\x78\0\x07caption"
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(block)) + block
    return with_segments(path, (0xED, b"Photoshop 3.0\0" + resource))


def exif_only(path: Path) -> Path:
    exif = Image.Exif()
    exif[315] = "An Artist"
    return saved(path, maker.image(), exif=exif)


CASES: dict[Part, tuple[str, Source, Held]] = {
    Part.BITS: ("a.png", sixteen, lambda p: p.stored_bits > 8),
    Part.ALPHA: ("a.png", lambda p: saved(p, maker.image("RGBA")), lambda p: p.has_alpha),
    Part.KEY_COLOUR: ("a.png", keyed, lambda p: p.key_colour),
    Part.FURTHER_CHANNELS: ("a.tif", masked, lambda p: p.further_channels > 0),
    Part.CMYK: ("a.tif", lambda p: saved(p, maker.image("CMYK")), lambda p: p.mode == "CMYK"),
    Part.PROFILE: (
        "a.png",
        lambda p: saved(p, maker.image(), icc_profile=maker.icc_profile()),
        lambda p: p.icc == maker.icc_profile(),
    ),
    Part.CODE_POINTS: (
        "a.png",
        lambda p: with_chunk(p, chunk(b"cICP", bytes([12, 13, 0, 1]))),
        lambda p: p.icc is not None and b"cICP" not in p.path.read_bytes(),
    ),
    Part.HDR: (
        "a.png",
        lambda p: with_chunk(p, chunk(b"cICP", bytes([9, 16, 0, 1]))),
        lambda p: p.hdr is not None,
    ),
    Part.GAIN_MAP: (
        "a.jpg",
        lambda p: hdr.hdr_jpeg(p, maker.image(), hdr.scene(48, 32)),
        lambda p: p.gain_map,
    ),
    Part.GAIN_MAP_HEIF: ("a.heic", heic_with_gain_map, lambda p: p.gain_map),
    Part.DEPTH_MAP: ("a.jpg", depth, lambda p: p.depth_map),
    Part.VIDEO: ("a.jpg", motion, lambda p: p.video),
    Part.ORIENTATION: ("a.jpg", rotated, lambda p: p.width < p.height and p.exif.exif == 1),
    Part.EXIF: ("a.jpg", exif_only, lambda p: b"An Artist" in read_metadata(p.path).exif),
    Part.XMP: (
        "a.jpg",
        lambda p: with_segments(p, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
        lambda p: b"kept" in read_metadata(p.path).xmp,
    ),
    Part.EXTENDED_XMP: (
        "a.jpg",
        lambda p: with_segments(p, (0xE1, EXTENSION + b"x" * 5000)),
        lambda p: read_metadata(p.path).extended_xmp > 0,
    ),
    Part.IPTC: ("a.jpg", captions, lambda p: b"caption" in read_metadata(p.path).iptc),
    Part.DENSITY: (
        "a.png",
        lambda p: saved(p, maker.image(), dpi=(240, 240)),
        lambda p: round((read_metadata(p.path).dpi or (0, 0))[0]) == 240,
    ),
    Part.TEXTS: (
        "a.png",
        lambda p: with_chunk(p, chunk(b"tEXt", b"Title\0A title")),
        lambda p: read_metadata(p.path).texts.get("Title") == "A title",
    ),
    Part.COMMENT: (
        "a.jpg",
        lambda p: saved(p, maker.image(), comment=b"a comment"),
        lambda p: read_metadata(p.path).comment == b"a comment",
    ),
    Part.MAP_REFERENCE: ("a.tif", geo, lambda p: read_metadata(p.path).map_reference),
}
SAYS_ITSELF = {Part.CODE_POINTS, Part.ORIENTATION}
"""Conversions without a loss, of which nothing is told."""


def exported(source: Path, folder: Path, target: str) -> Exported:
    options = ExportOptions(format=OPTION[target], folder=folder)
    return export_crop(read_photo(source), Crop(), FREE, options)


def test_every_part_has_a_case() -> None:
    assert set(CASES) == set(Part) == set(FATES)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("part", list(Part), ids=lambda part: part.name)
def test_each_cell_is_true(tmp_path: Path, part: Part, target: str) -> None:
    name, make, held = CASES[part]
    source = make(tmp_path / name)
    done = exported(source, tmp_path / "out", target)
    after = read_photo(done.path)
    fate = FATES[part][target]
    if fate is Fate.KEPT:
        assert held(after)
    elif part not in SAYS_ITSELF:
        assert not held(after)
        assert done.warnings, "a loss is told"
    else:
        assert held(after)
    if fate is Fate.LOST:
        told = " ".join(map(str, done.warnings))
        assert "left out" in told


@pytest.mark.parametrize("target", TARGETS)
def test_a_plain_photo_loses_nothing_and_hears_nothing(tmp_path: Path, target: str) -> None:
    done = exported(saved(tmp_path / "a.jpg", maker.image()), tmp_path / "out", target)
    assert done.warnings == ()


def test_transparency_becomes_the_background_in_a_jpeg(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 30), (0, 0, 0, 0))
    source = saved(tmp_path / "a.png", clear)
    options = ExportOptions(format="jpeg", folder=tmp_path, background=(20, 200, 40))
    done = export_crop(read_photo(source), Crop(), FREE, options)
    pixels = np.asarray(decode(read_photo(done.path)), int)
    assert np.abs(pixels - (20, 200, 40)).max() <= 6


def test_the_guide_holds_the_table() -> None:
    """Written by ``python docs/preserved_table.py``."""
    assert table() in GUIDE.read_text(encoding="utf-8")
