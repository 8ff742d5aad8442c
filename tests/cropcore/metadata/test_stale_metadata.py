"""What of a photo's metadata must not reach a crop, and what must in spite of damage."""

from __future__ import annotations

import io
import random
import struct
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from cropcore.errors import MetadataLimitError
from cropcore.export.export import ExportOptions, export_crop
from cropcore.files import limits
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import read_photo
from cropcore.metadata import exif, iptc
from cropcore.metadata.exif import orientation_of, revised_exif, small_block, taken
from cropcore.metadata.metadata import (
    Metadata,
    read_metadata,
    revised_metadata,
    save_arguments,
)
from cropcore.metadata.xmp import revised_xmp
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect.parse("free")
MAKERS = [
    b"",
    b"MAKERNOTE\0\0\0",
    b"Nikon\0\x02\x10\0\0MM\0*\0\0\0\x08",
    b"SONY DSC \0\0\0",
    b"Apple iOS\0\0\x01MM",
    b"HDRP\x02",
]


def jpeg_with(path: Path, block: bytes) -> Path:
    maker.image(width=120, height=80).save(path, exif=b"Exif\0\0" + block)
    return path


def text(tag: int, value: bytes) -> tuple[int, int, bytes]:
    return tag, 2, value + b"\0"


def directory(entries: list[tuple[int, int, bytes]], at: int, following: int = 0) -> bytes:
    """A little-endian directory for the place ``at`` of a block, its values behind it."""
    base, fields, data = at + 6 + 12 * len(entries), b"", b""
    for tag, kind, value in entries:
        count = len(value) // {2: 1, 3: 2, 4: 4, 7: 1}[kind]
        if len(value) <= 4:
            fields += struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")
        else:
            fields += struct.pack("<HHII", tag, kind, count, base + len(data))
            data += value + bytes(len(value) % 2)
    return struct.pack("<H", len(entries)) + fields + struct.pack("<I", following) + data


def block_with(detail: list[tuple[int, int, bytes]], following: int = 0) -> bytes:
    main = [text(0x10F, b"A maker"), text(0x110, b"A model")]
    first = 8 + len(directory([*main, (0x8769, 4, bytes(4))], 8))
    main.append((0x8769, 4, struct.pack("<I", first)))
    head = b"II*\0" + struct.pack("<I", 8)
    return head + directory(main, 8, following) + directory(detail, first)


def crop_of(source: Path, folder: Path, target: str = "keep", keep: str = "all") -> bytes:
    options = ExportOptions(format=target, folder=folder, metadata=keep)  # type: ignore[arg-type]
    done = export_crop(read_photo(source), Crop((0.2, 0.2, 0.8, 0.8)), FREE, options)
    return done.path.read_bytes()


@pytest.mark.parametrize("following", [8, 0xFFF0, 7, 3])
def test_a_bad_link_goes_and_the_rest_stays(tmp_path: Path, following: int) -> None:
    taken = b"2020:01:02 03:04:05"
    block = block_with([text(0x9003, taken)], following)
    crop_of(jpeg_with(tmp_path / "a.jpg", block), tmp_path)
    with Image.open(tmp_path / "a_free_1.jpg") as image:
        exif = image.getexif()
        assert exif[0x10F] == "A maker"
        assert exif.get_ifd(0x8769)[0x9003] == taken.decode()


@pytest.mark.parametrize("tag", [0x8769, 0x8825])
def test_a_directory_that_is_not_there_costs_only_itself(tmp_path: Path, tag: int) -> None:
    main = [text(0x10F, b"A maker"), (tag, 4, struct.pack("<I", 0xFFFF))]
    block = b"II*\0" + struct.pack("<I", 8) + directory(main, 8)
    crop_of(jpeg_with(tmp_path / "a.jpg", block), tmp_path)
    with Image.open(tmp_path / "a_free_1.jpg") as image:
        exif = image.getexif()
        assert exif[0x10F] == "A maker"
        assert tag not in exif


def test_a_block_that_ends_with_its_entries_is_kept(tmp_path: Path) -> None:
    block = b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x112, 3, 1, 6)
    assert len(crop_of(jpeg_with(tmp_path / "a.jpg", block), tmp_path)) > 0
    with Image.open(tmp_path / "a_free_1.jpg") as image:
        assert image.getexif()[0x112] == 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ending", [b"\xff\xd9", b""])
@pytest.mark.parametrize("prefix", MAKERS)
def test_no_preview_in_a_makers_note_reaches_a_crop(
    tmp_path: Path, prefix: bytes, ending: bytes, seed: int
) -> None:
    chance = random.Random(seed)
    file = io.BytesIO()
    Image.effect_noise((chance.randrange(90, 200), 120), 80).save(file, "JPEG", quality=60)
    preview = file.getvalue()[:-2]
    note = prefix + chance.randbytes(chance.randrange(40)) + preview + ending
    source = jpeg_with(tmp_path / "a.jpg", block_with([(0x927C, 7, note)]))
    for target in ("jpeg", "png", "tiff"):
        found = crop_of(source, tmp_path / target, target)
        assert preview[200:400] not in found
        assert preview[-200:] not in found


@pytest.mark.parametrize("size", [44 * 30, 64 * 48 * 3])
def test_bare_pixels_in_a_makers_note_go_and_small_values_stay(tmp_path: Path, size: int) -> None:
    pixels = bytes(i * 7 % 251 for i in range(size))
    detail: list[tuple[int, int, bytes]] = [(0x927C, 7, b"")]

    def note(at: int) -> bytes:
        return b"SONY DSC \0\0\0" + directory(
            [text(1, b"a lens of glass"), (2, 7, pixels)], at + 12
        )

    at = len(block_with([(0x927C, 7, b"12345")])) - 6
    detail = [(0x927C, 7, note(at))]
    block = block_with(detail)
    assert block[at : at + 4] == b"SONY"
    found = crop_of(jpeg_with(tmp_path / "a.jpg", block), tmp_path)
    assert b"a lens of glass" in found
    assert pixels[100:160] not in found


def packet(attributes: str, body: str = "") -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {attributes}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


CRS = 'xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'


@pytest.mark.parametrize("form", ["attributes", "elements"])
def test_a_crop_that_another_editor_would_apply_again_goes(form: str) -> None:
    crop = {"HasCrop": "True", "CropTop": "0.1", "CropLeft": "0.2", "CropBottom": "0.9"}
    crop |= {"CropRight": "0.8", "CropAngle": "-3", "CropConstrainToWarp": "0"}
    kept = {"Exposure2012": "+0.50", "LocalContrast": "3", "CropmarkColour": "red"}
    every = crop | kept
    if form == "attributes":
        told = packet(f"{CRS} " + " ".join(f'crs:{k}="{v}"' for k, v in every.items()))
    else:
        told = packet(CRS, "".join(f"<crs:{k}>{v}</crs:{k}>" for k, v in every.items()))
    found = revised_xmp(told, 100, 80, True).decode()
    assert not any(f"crs:{name}=" in found or f"crs:{name}>" in found for name in crop)
    assert all(f"crs:{name}" in found for name in kept)


def test_darktables_history_goes() -> None:
    told = packet(
        'xmlns:darktable="http://darktable.sf.net/" darktable:history_end="2"',
        '<darktable:history><rdf:Seq><rdf:li darktable:operation="crop"/></rdf:Seq></darktable:history>',
    )
    assert b"operation" not in revised_xmp(told, 100, 80, True)


@pytest.mark.parametrize(
    ("space", "name"),
    [
        ("http://ns.camerabits.com/photomechanic/1.0/", "CountryCode"),
        ("http://ns.camerabits.com/photomechanic/1.0/", "City"),
        ("http://rs.tdwg.org/dwc/terms/", "decimalLatitude"),
        ("http://rs.tdwg.org/dwc/terms/", "locality"),
        ("http://rs.tdwg.org/dwc/terms/", "stateProvince"),
        ("http://rs.tdwg.org/dwc/terms/", "verbatimLocality"),
        ("http://rs.tdwg.org/dwc/terms/", "island"),
        ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "LocationShown"),
        ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "CountryCode"),
        ("http://ns.adobe.com/photoshop/1.0/", "State"),
        ("http://ns.adobe.com/exif/1.0/", "GPSLatitude"),
        ("http://example.com/unknown/", "GeoHash"),
    ],
)
def test_nothing_that_tells_a_place_is_left_without_location(space: str, name: str) -> None:
    told = packet(f'xmlns:a="{space}"', f"<a:{name}>Somewhere far</a:{name}><a:Lens>50mm</a:Lens>")
    assert b"Somewhere far" not in revised_xmp(told, 100, 80, False)
    assert b"50mm" in revised_xmp(told, 100, 80, False)
    assert b"Somewhere far" in revised_xmp(told, 100, 80, True)


@pytest.mark.parametrize("name", ["Velocity", "Capacity", "StatementOfRights", "Regional"])
def test_words_that_only_look_like_a_place_stay(name: str) -> None:
    told = packet('xmlns:a="http://example.com/"', f"<a:{name}>stays</a:{name}>")
    assert b"stays" in revised_xmp(told, 100, 80, False)


@pytest.mark.parametrize("form", ["bare", "resources"])
def test_captions_that_other_programs_put_into_a_png_are_kept(tmp_path: Path, form: str) -> None:
    other = b"8BIM" + struct.pack(">H", 0x03ED) + b"\3odd" + struct.pack(">I", 3) + b"abc\0"
    held = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(maker.IPTC)) + maker.IPTC
    data = maker.IPTC if form == "bare" else other + held
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type iptc", f"\niptc\n{len(data):8}\n{data.hex()}\n")
    source = tmp_path / "a.png"
    maker.image().save(source, pnginfo=texts)
    for keep, place in (("all", True), ("no-location", False)):
        out = tmp_path / "out.png"
        out.write_bytes(crop_of(source, tmp_path / "out", keep=keep))
        found = read_metadata(out).iptc
        assert b"A byline" in found
        assert (b"Paris" in found) == place


@pytest.mark.parametrize("when", ["", maker.TAKEN])
def test_the_smallest_block_tells_the_turn_and_the_time(when: str) -> None:
    block = small_block(6, when)
    assert (orientation_of(block), taken(block)) == (6, when)
    assert revised_exif(block, 9, 9, True, 8) == small_block(8, when)


def test_a_block_beyond_the_limit_is_left_out_and_told() -> None:
    block = b"II*\0\x08\0\0\0" + bytes(limits.EXIF_BYTES)
    with pytest.raises(MetadataLimitError):
        revised_exif(block, 9, 9, True)
    kept, warnings = revised_metadata(Metadata(exif=block), 9, 9, "all")
    assert kept.exif == b""
    assert "EXIF" in str(warnings)


@pytest.mark.parametrize("cut", range(0, 60, 7))
def test_captions_cut_short_cost_nothing_else(tmp_path: Path, cut: int) -> None:
    data = (b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(maker.IPTC)) + maker.IPTC)[:cut]
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type iptc", f"\niptc\n{len(data):8}\n{data.hex()}\n")
    texts.add_text("Title", "kept")
    maker.image().save(tmp_path / "a.png", pnginfo=texts)
    assert read_metadata(tmp_path / "a.png").texts == {"Title": "kept"}


def test_what_lies_beyond_the_xmp_packet_is_told(tmp_path: Path) -> None:
    guid = b"A" * 32
    parts = [b"http://ns.adobe.com/xap/1.0/\0" + packet('xmlns:a="http://e.com/" a:b="main"')]
    for start in range(0, 150_000, 50_000):
        head = b"http://ns.adobe.com/xmp/extension/\0" + guid + struct.pack(">II", 150_000, start)
        parts.append(head + b"x" * 50_000)
    data = maker.saved(maker.image(), "JPEG")
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(p) + 2) + p for p in parts)
    (tmp_path / "a.jpg").write_bytes(data[:2] + segments + data[2:])
    options = ExportOptions(folder=tmp_path)
    photo = read_photo(tmp_path / "a.jpg")
    done = export_crop(photo, Crop((0, 0, 0.5, 0.5)), FREE, options)
    assert any("extended XMP" in str(told) and "150 kB" in str(told) for told in done.warnings)
    assert b"main" in read_metadata(done.path).xmp
    assert not export_crop(
        photo, Crop(), FREE, ExportOptions(folder=tmp_path, metadata="none")
    ).warnings


@pytest.mark.parametrize("keep", ["all", "no-location"])
def test_a_map_reference_goes_and_is_told(tmp_path: Path, keep: str) -> None:
    import tifffile

    tags = [
        (33550, "d", 3, (0.5, 0.5, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, 440_720.123, 3_751_320.987, 0.0), True),
        (34737, "s", 0, "WGS 84 / UTM zone 11N|", True),
    ]
    source = tmp_path / "a.tif"
    tifffile.imwrite(source, maker.scene(60, 40, bits=8), photometric="rgb", extratags=tags)
    for target in ("tiff", "jpeg", "png"):
        options = ExportOptions(format=target, folder=tmp_path / target, metadata=keep)  # type: ignore[arg-type]
        done = export_crop(read_photo(source), Crop((0, 0, 0.5, 0.5)), FREE, options)
        assert any("map reference" in str(told) for told in done.warnings)
        data = done.path.read_bytes()
        assert b"UTM zone" not in data
        assert struct.pack("<d", 440_720.123) not in data


@pytest.mark.parametrize(
    ("told", "day"),
    [
        (b"2020:01:02 03:04:05", "2020-01-02"),
        (b"20200102 03:04:05", ""),
        (b"2020:1:2 03:04:05", ""),
        (b"    :  :     :  :  ", ""),
        (b"abcd:ef:gh 03:04:05", ""),
        (b"2020:01", ""),
    ],
)
def test_a_day_is_told_only_where_it_is_one(tmp_path: Path, told: bytes, day: str) -> None:
    source = jpeg_with(tmp_path / "a.jpg", block_with([text(0x9003, told)]))
    assert read_metadata(source).taken == day


STORED = (
    *range(254, 260), 262, *range(263, 267), 273, *range(277, 282), 284, *range(290, 294), 297, 301,
    317, 320, *range(321, 326), 330, 332, 333, 334, *range(336, 342), 347, *range(512, 522),
    *range(529, 533), 700, 33723, 34377, 34675, 37724, 50255,
)  # fmt: skip
"""Tags of TIFF 6.0 and its supplements on how pixels are stored, and of what travels on its own."""


def test_how_a_tiff_stores_its_pixels_is_no_metadata() -> None:
    """One tag at a time: the tags on either side of it must not stand in for it."""
    for number in STORED:
        main = sorted([(number, 3, b"\1\0"), text(315, b"An Artist")])
        block = b"II*\0" + struct.pack("<I", 8) + directory(main, 8)
        assert [entry[0] for entry in exif.metadata_entries(exif.extracted(block))] == [315]
    kept = [text(270, b"A description"), text(271, b"A maker"), text(306, b"2020:01:02 03:04:05")]
    block = b"II*\0" + struct.pack("<I", 8) + directory(kept, 8)
    assert [entry[0] for entry in exif.metadata_entries(exif.extracted(block))] == [270, 271, 306]


@pytest.mark.parametrize(("size", "fits"), [(65_000, True), (65_600, False)])
def test_captions_beyond_a_segment_of_a_jpeg_are_told(size: int, fits: bool) -> None:
    captions = (b"\x1c\x02\x78\x40\x00" + bytes(0x4000)) * 4
    arguments, told = save_arguments(Metadata(iptc=captions[:size].ljust(size, b"\0")), "JPEG")
    assert bool(arguments["extra"]) == fits
    left_out = "The IPTC data are too large for a JPEG and are left out."
    assert (left_out in map(str, told)) != fits


def test_an_empty_caption_at_the_end_is_kept() -> None:
    empty = b"\x1c\x02\x78\x00\x00"
    city = b"\x1c\x02\x5a\x00\x05Paris"
    assert iptc.without_places(empty + city + empty) == empty + empty
