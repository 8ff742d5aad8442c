"""Colours that a photo tells otherwise than by an ICC profile."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from cropcore.export.export import ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.colour_tags import Cicp
from cropcore.images.matrix_profile import (
    ADOBE_RGB,
    SRGB,
    SRGB_CURVE,
    Primaries,
    gamma,
    rgb_profile,
)
from cropcore.images.photo import decode, read_photo, srgb_pixels
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect.parse("free")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(path: Path, *chunks: bytes, image: Image.Image | None = None) -> Path:
    data = maker.saved(image or maker.image(), "PNG")
    path.write_bytes(data[:33] + b"".join(chunks) + data[33:])
    return path


def cicp(primaries: int, transfer: int) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, 0, 1]))


def exported(path: Path, folder: Path, file_format: str, metadata: str = "all") -> Path:
    options = ExportOptions(format=file_format, folder=folder, metadata=metadata)  # type: ignore[arg-type]
    return export_crop(read_photo(path), Crop((0, 0, 0.5, 0.5)), FREE, options).path


def read_first(path: Path) -> np.ndarray:
    """The numbers of a file's first pixel, as another program reads them."""
    with Image.open(path) as image:
        return np.asarray(image, int)[0, 0]


def profile(primaries: Primaries, exponent: float) -> bytes:
    made = rgb_profile("a profile", primaries, gamma(exponent))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("primaries", "red", "green", "blue"),
    [  # published colorants, adapted to D50: sRGB (IEC 61966-2-1), Adobe RGB (1998), Display P3
        (SRGB, (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)),
        (ADOBE_RGB, (0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
        (
            Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
            (0.5151, 0.2412, -0.0011),
            (0.2920, 0.6922, 0.0419),
            (0.1571, 0.0666, 0.7841),
        ),
    ],
)
def test_profiles_have_the_published_colorants(
    primaries: Primaries, red: object, green: object, blue: object
) -> None:
    found = ImageCms.ImageCmsProfile(io.BytesIO(profile(primaries, 2.2))).profile
    assert found.red_colorant[0] == pytest.approx(red, abs=3e-4)
    assert found.green_colorant[0] == pytest.approx(green, abs=3e-4)
    assert found.blue_colorant[0] == pytest.approx(blue, abs=3e-4)


def test_a_made_profile_of_srgb_changes_no_value() -> None:
    made = rgb_profile("like sRGB", SRGB, SRGB_CURVE)
    assert made is not None
    image = maker.image(width=256, height=64)
    source = ImageCms.ImageCmsProfile(io.BytesIO(made))
    back = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    assert back is not None
    assert np.abs(np.asarray(back, int) - np.asarray(image, int)).max() <= 1


def test_primaries_that_span_nothing_make_no_profile() -> None:
    one = (0.3, 0.3)
    assert rgb_profile("none", Primaries(one, one, one), gamma(2.2)) is None


@pytest.mark.parametrize(
    ("chunks", "gamma_of"),
    [
        ((chunk(b"gAMA", struct.pack(">I", 100000)),), 1.0),
        ((chunk(b"gAMA", struct.pack(">I", 55556)),), 1.8),
    ],
)
def test_a_gamma_is_heeded(tmp_path: Path, chunks: tuple[bytes, ...], gamma_of: float) -> None:
    photo = read_photo(png(tmp_path / "a.png", *chunks))
    numbers = np.asarray(decode(photo), float) / 255
    light = numbers**gamma_of
    shown = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    assert np.abs(srgb_pixels(photo) - shown).max() < 2


@pytest.mark.parametrize("transfer", [1, 6, 13, 14, 15])
def test_code_points_of_srgb_are_no_profile(tmp_path: Path, transfer: int) -> None:
    photo = read_photo(png(tmp_path / "a.png", cicp(1, transfer)))
    assert (photo.icc, photo.hdr) == (None, None)


@pytest.mark.parametrize("target", ["png", "jpeg", "webp", "tiff", "avif", "heic"])
@pytest.mark.parametrize(
    "chunks",
    [
        (cicp(12, 13),),
        (
            chunk(b"gAMA", struct.pack(">I", 45455)),
            chunk(
                b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
            ),
        ),
    ],
)
def test_a_wide_colour_looks_the_same_after_export(
    tmp_path: Path, chunks: tuple[bytes, ...], target: str
) -> None:
    source = png(tmp_path / "a.png", *chunks, image=Image.new("RGB", (64, 48), (230, 60, 40)))
    done = read_photo(exported(source, tmp_path / "out", target))
    before, after = srgb_pixels(read_photo(source)), srgb_pixels(done)
    assert tuple(before[0, 0]) != (230, 60, 40)
    assert np.abs(before[0, 0].astype(int) - after[0, 0]).max() <= 4


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("target", ["png", "heic"])
def test_hdr_keeps_its_numbers_and_code_points(tmp_path: Path, transfer: int, target: str) -> None:
    source = png(tmp_path / "a.png", cicp(9, transfer), image=Image.new("RGB", (64, 48), 140))
    done = read_photo(exported(source, tmp_path / "out", target))
    assert done.hdr is not None
    assert (done.hdr.primaries, done.hdr.transfer) == (9, transfer)
    assert np.abs(np.asarray(decode(done), int) - read_first(source)).max() <= 2


@pytest.mark.parametrize("target", ["jpeg", "webp", "avif"])
def test_hdr_becomes_standard_range_elsewhere_and_says_so(tmp_path: Path, target: str) -> None:
    source = png(tmp_path / "a.png", cicp(9, 16), image=Image.new("RGB", (64, 48), (140, 120, 90)))
    photo = read_photo(source)
    options = ExportOptions(format=target, folder=tmp_path / "out")
    done = export_crop(photo, Crop((0, 0, 0.5, 0.5)), FREE, options)
    assert any("HDR (PQ)" in str(told) for told in done.warnings)
    back = read_photo(done.path)
    assert back.hdr is None
    assert np.abs(srgb_pixels(back)[5, 5].astype(int) - srgb_pixels(photo)[5, 5]).max() <= 4


def test_diffuse_white_of_pq_is_bright_and_highlights_differ_from_it(tmp_path: Path) -> None:
    def shown(value: int) -> int:
        image = Image.new("RGB", (8, 8), (value, value, value))
        return int(
            srgb_pixels(read_photo(png(tmp_path / "a.png", cicp(9, 16), image=image)))[4, 4, 0]
        )

    # 203 cd/m2 is 58 % of the signal, 1000 cd/m2 is 75 %.
    white, bright = shown(148), shown(192)
    assert 235 <= white <= 250
    assert white < bright <= 255
    assert shown(0) == 0


def test_adobe_rgb_of_a_camera_is_heeded_and_outlives_the_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = 0xFFFF
    exif.get_ifd(0x8769)[0xA005] = {1: "R03", 2: b"0100"}
    source = tmp_path / "_dsc.jpg"
    Image.new("RGB", (64, 48), (40, 200, 60)).save(source, exif=exif, quality=100, subsampling=0)
    with Image.open(source) as image:  # as another program reads it
        assert image.getexif().get_ifd(0xA005)[1] == "R03"
    seen = srgb_pixels(read_photo(source))[5, 5]
    assert int(seen[0]) < 10  # greener than sRGB can show
    for keep in ("all", "none"):
        done = read_photo(exported(source, tmp_path / keep, "jpeg", keep))
        assert done.icc
        assert np.abs(srgb_pixels(done)[5, 5].astype(int) - seen).max() <= 4


def test_an_icc_profile_wins_over_what_else_is_told(tmp_path: Path) -> None:
    own = profile(ADOBE_RGB, 1.8)
    source = tmp_path / "a.png"
    maker.image().save(source, icc_profile=own)
    data = source.read_bytes()
    source.write_bytes(data[:33] + chunk(b"gAMA", struct.pack(">I", 100000)) + data[33:])
    assert read_photo(source).icc == own


def test_a_heic_of_ten_bits_stays_one(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    ramp = np.linspace(0, 65535, 96).astype(np.uint16)
    values = np.broadcast_to(ramp[None, :, None], (64, 96, 3))
    file = pillow_heif.from_bytes("RGB;16", (96, 64), np.ascontiguousarray(values).tobytes())
    source = tmp_path / "a.heic"
    points = {"color_primaries": 9, "transfer_characteristics": 16, "matrix_coefficients": 9}
    file.save(source, quality=95, chroma=444, full_range_flag=1, **points)
    photo = read_photo(source)
    assert (photo.bits, photo.stored_bits) == (16, 10)
    assert photo.hdr == Cicp(9, 16, 9, True)
    done = read_photo(exported(source, tmp_path / "out", "keep"))
    assert done.stored_bits == 10
    assert done.hdr == photo.hdr
    deep = read_photo(exported(source, tmp_path / "out", "png"))
    assert (deep.bits, deep.stored_bits) == (16, 16)
    assert deep.hdr is not None
