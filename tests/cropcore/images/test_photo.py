"""Reading photos: what a person opens comes out upright, in true colours, from any thread."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, PngImagePlugin

from cropcore.errors import PhotoError
from cropcore.images import sixteen_bit
from cropcore.images.photo import (
    decode,
    decode_16_bit,
    net_pixels,
    read_photo,
    srgb_pixels,
    srgb_preview,
)
from tests.cropcore.helpers import photo_maker as maker

MODES = [
    ("JPEG", "L", "L"),
    ("JPEG", "RGB", "RGB"),
    ("JPEG", "CMYK", "CMYK"),
    *(("PNG", mode, plain) for mode, plain in [("1", "L"), ("L", "L"), ("LA", "LA")]),
    *(("PNG", mode, plain) for mode, plain in [("P", "RGB"), ("RGB", "RGB"), ("RGBA", "RGBA")]),
    *(("TIFF", mode, mode) for mode in ("L", "LA", "RGB", "RGBA", "CMYK")),
    *(("WEBP", mode, mode) for mode in ("RGB", "RGBA")),
    *(("AVIF", mode, mode) for mode in ("RGB", "RGBA")),
]


def test_cielab_becomes_srgb_and_loses_the_profile_that_no_longer_fits(tmp_path: Path) -> None:
    path = tmp_path / "lab.tif"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    maker.image("RGB").convert("LAB").save(path, icc_profile=profile)
    photo = read_photo(path)
    assert (photo.mode, photo.icc) == ("RGB", None)
    difference = np.asarray(decode(photo), int) - np.asarray(maker.image("RGB"), int)
    assert np.abs(difference).mean() < 4


@pytest.mark.parametrize(("file_format", "mode", "plain"), MODES)
def test_every_format_and_mode(tmp_path: Path, file_format: str, mode: str, plain: str) -> None:
    path = tmp_path / "Été à la mer.x"
    path.write_bytes(maker.saved(maker.image(mode), file_format))
    photo = read_photo(path)
    assert (photo.width, photo.height, photo.format) == (96, 64, file_format)
    assert (photo.mode, photo.bits, photo.has_alpha) == (plain, 8, plain in ("LA", "RGBA"))
    assert decode(photo).mode == plain
    expected = maker.image(mode)
    if photo.has_alpha:
        white = Image.new("RGBA", expected.size, "white")
        expected = Image.alpha_composite(white, expected.convert("RGBA"))
    difference = np.abs(srgb_pixels(photo).astype(int) - np.asarray(expected.convert("RGB")))
    assert difference.mean() < 3
    assert srgb_preview(photo, 48).shape == (32, 48, 4)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_every_orientation_gives_the_same_photo(
    tmp_path: Path, file_format: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(maker.turned(maker.scene(), orientation))
    path = tmp_path / "photo"
    lossless = {"lossless": True} if file_format == "WEBP" else {}
    path.write_bytes(maker.saved(stored, file_format, exif=exif, quality=95, **lossless))
    photo = read_photo(path)
    assert (photo.width, photo.height) == (96, 64)
    difference = np.abs(np.asarray(decode(photo)).astype(int) - maker.scene())
    assert difference.max() <= (0 if file_format in ("PNG", "TIFF", "WEBP") else 16)
    assert difference.mean() < 2
    assert decode(photo, long_side=48).size == (48, 32)


def test_a_png_with_a_long_packed_text_is_a_photo(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("History", "cut " * 600_000, zip=True)
    path = tmp_path / "long.png"
    maker.image().save(path, pnginfo=texts)
    assert np.array_equal(np.asarray(decode(read_photo(path))), np.asarray(maker.image()))


def test_png_with_exif_behind_the_pixels(tmp_path: Path) -> None:
    stored = Image.fromarray(maker.turned(maker.scene(), 6))
    data = maker.saved(stored, "PNG")
    end = data.index(b"IEND") - 4
    path = tmp_path / "late.png"
    path.write_bytes(data[:end] + maker.chunk(b"eXIf", maker.exif_block(6)) + data[end:])
    photo = read_photo(path)
    assert (photo.width, photo.height) == (96, 64)
    assert np.array_equal(srgb_pixels(photo), maker.scene())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_16_bit_values_are_exact_and_upright(
    tmp_path: Path, file_format: str, orientation: int
) -> None:
    stored = maker.turned(maker.scene(bits=16), orientation)
    path = tmp_path / "deep"
    if file_format == "PNG":
        chunk = maker.chunk(b"eXIf", maker.exif_block(orientation))
        path.write_bytes(maker.png16(stored, chunk))
    else:
        tag = [(274, "H", 1, orientation, True)]
        tifffile.imwrite(path, stored, photometric="rgb", extratags=tag)
    photo = read_photo(path)
    assert (photo.width, photo.height, photo.bits, photo.mode) == (96, 64, 16, "RGB")
    assert np.array_equal(decode_16_bit(photo), maker.scene(bits=16))
    eight = np.abs(srgb_pixels(photo).astype(int) - maker.scene())
    assert eight.max() <= 1


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bit_png_of_every_kind(tmp_path: Path, channels: int) -> None:
    pixels = maker.scene(channels=channels, bits=16)
    path = tmp_path / "deep.png"
    path.write_bytes(maker.png16(pixels))
    photo = read_photo(path)
    assert photo.bits == 16
    assert np.array_equal(decode_16_bit(photo), pixels)
    assert photo.has_alpha == (channels in (2, 4))
    eight = np.asarray(decode(photo).convert("RGBA"))
    assert np.array_equal(eight[..., 0], pixels[..., 0] >> 8)
    assert np.array_equal(eight[..., 2], pixels[..., 2 if channels > 2 else 0] >> 8)


@pytest.mark.parametrize("channels", [3, 4])
def test_the_still_picture_of_an_animated_16_bit_png_is_taken(
    tmp_path: Path, channels: int
) -> None:
    """The animation is of other frames than the picture itself."""
    pixels = maker.scene(channels=channels, bits=16)
    height, width = pixels.shape[:2]
    frame = b"".join(b"\0" + row.tobytes() for row in np.full_like(pixels, 500).byteswap())
    whole = maker.png16(pixels, maker.chunk(b"acTL", struct.pack(">II", 2, 0)))
    more = b""
    for number in (0, 2):
        control = struct.pack(">5I2H2B", number, width, height, 0, 0, 1, 10, 0, 0)
        more += maker.chunk(b"fcTL", control)
        more += maker.chunk(b"fdAT", struct.pack(">I", number + 1) + zlib.compress(frame))
    path = tmp_path / "a.png"
    path.write_bytes(whole[:-12] + more + whole[-12:])
    assert np.array_equal(decode_16_bit(read_photo(path)), pixels)


@pytest.mark.parametrize(
    "how",
    [
        {"byteorder": ">"},
        {"compression": "zlib", "predictor": True},
        {"tile": (16, 16)},
        {"planarconfig": "separate"},
        {"planarconfig": "separate", "extratags": [(274, "H", 1, 3, True)]},
        {"bigtiff": True},
    ],
    ids=str,
)
def test_16_bit_tiff_however_it_is_packed(tmp_path: Path, how: dict[str, object]) -> None:
    pixels = maker.scene(bits=16)
    stored = maker.turned(pixels, 3) if "extratags" in how else pixels
    stored = np.moveaxis(stored, -1, 0) if "planarconfig" in how else stored
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, stored, photometric="rgb", **how)
    photo = read_photo(path)
    assert np.array_equal(decode_16_bit(photo), pixels)
    assert np.abs(srgb_pixels(photo).astype(int) - maker.scene()).max() <= 1


def test_16_bit_grey_lzw(tmp_path: Path) -> None:
    pixels = maker.scene(channels=1, bits=16)
    path = tmp_path / "grey.tif"
    Image.fromarray(pixels[..., 0]).save(path, compression="tiff_lzw")
    photo = read_photo(path)
    assert (photo.mode, photo.bits) == ("L", 16)
    assert np.array_equal(decode_16_bit(photo), pixels)


def test_premultiplied_alpha_becomes_straight(tmp_path: Path) -> None:
    straight = maker.scene(channels=4, bits=16)
    share = straight[..., 3:] / 65535
    stored = np.concatenate([np.rint(straight[..., :3] * share), straight[..., 3:]], axis=2)
    path = tmp_path / "pre.tif"
    tifffile.imwrite(path, stored.astype(np.uint16), photometric="rgb", extrasamples=["assocalpha"])
    sixteen_bit = decode_16_bit(read_photo(path)).astype(int)
    assert np.abs(sixteen_bit - straight).max() <= 4


def test_profile_is_honoured_for_net_and_screen(tmp_path: Path) -> None:
    red_in_green = Image.new("RGB", (40, 30), (0, 255, 0))
    path = tmp_path / "swapped.png"
    red_in_green.save(path, icc_profile=maker.icc_profile())
    photo = read_photo(path)
    assert photo.icc == maker.icc_profile()
    for pixels in (srgb_pixels(photo), net_pixels(photo), srgb_preview(photo, 20)):
        assert (pixels[..., 0] > 240).all()
        assert (pixels[..., 1] < 15).all()
    assert decode(photo).getpixel((0, 0)) == (0, 255, 0)


def test_profile_keeps_alpha(tmp_path: Path) -> None:
    path = tmp_path / "alpha.png"
    Image.new("RGBA", (8, 8), (0, 255, 0, 77)).save(path, icc_profile=maker.icc_profile())
    preview = srgb_preview(read_photo(path), 8)
    assert (preview[..., 3] == 77).all()
    assert (preview[..., 0] > 240).all()


@pytest.mark.parametrize("icc", [b"rubbish", maker.icc_profile("GRAY"), maker.icc_profile()[:200]])
def test_profile_that_does_not_fit_is_passed_over(tmp_path: Path, icc: bytes) -> None:
    path = tmp_path / "odd.png"
    maker.image().save(path, icc_profile=icc)
    assert np.array_equal(srgb_pixels(read_photo(path)), maker.scene())


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3000, 2000), (384, 256)), ((300, 4000), (77, 1024)), ((64, 64), (256, 256)),
     ((2, 3000), (1, 1024))],
)  # fmt: skip
def test_net_size(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGB", size, "grey").save(path)
    assert net_pixels(read_photo(path)).shape == (expected[1], expected[0], 3)


@pytest.mark.parametrize("orientation", [1, 6])
def test_draft_decode_is_close_to_the_full_one(tmp_path: Path, orientation: int) -> None:
    from skimage import data

    picture = Image.fromarray(data.astronaut()).resize((2400, 1700), Image.Resampling.LANCZOS)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "big.jpg"
    picture.save(path, quality=92, exif=exif)
    photo = read_photo(path)
    quick = net_pixels(photo)
    full = decode(photo).resize(quick.shape[1::-1], Image.Resampling.LANCZOS)
    difference = np.abs(quick.astype(int) - np.asarray(full))
    assert difference.mean() < 0.6
    assert difference.max() <= 10


@pytest.mark.parametrize("file_format", ["WEBP", "PNG", "TIFF"])
def test_first_of_several_frames_with_a_note(tmp_path: Path, file_format: str) -> None:
    frames = [maker.image(), Image.new("RGB", (96, 64), "red")]
    path = tmp_path / "frames"
    lossless = {"lossless": True} if file_format == "WEBP" else {}
    path.write_bytes(
        maker.saved(frames[0], file_format, save_all=True, append_images=frames[1:], **lossless)
    )
    photo = read_photo(path)
    assert photo.frames == 2
    assert "first" in str(photo.notes[0])
    assert np.array_equal(srgb_pixels(photo), maker.scene())


def test_multi_picture_jpeg_is_a_plain_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    frames = [maker.image(width=480, height=320), maker.image(width=120, height=80)]
    path.write_bytes(maker.saved(frames[0], "MPO", save_all=True, append_images=frames[1:]))
    photo = read_photo(path)
    assert (photo.format, photo.notes, photo.width) == ("JPEG", (), 480)
    assert srgb_preview(photo, 100).shape == (67, 100, 4)


def test_threads_do_not_disturb_one_another(tmp_path: Path) -> None:
    photos = []
    for name in ("a.jpg", "b.png", "c.webp", "d.tif", "e.avif"):
        maker.image(width=300, height=200).save(tmp_path / name)
        photos.append(read_photo(tmp_path / name))
    alone = [net_pixels(photo) for photo in photos]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(net_pixels, photos * 6))
    for i, pixels in enumerate(together):
        assert np.array_equal(pixels, alone[i % len(photos)])


def test_photo_replaced_by_another_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    maker.image().save(path)
    photo = read_photo(path)
    maker.image(width=50, height=50).save(path)
    with pytest.raises(PhotoError, match="changed since"):
        decode(photo)


def test_heic_reads_upright(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    stored = Image.fromarray(maker.turned(maker.scene(), 6))
    path = tmp_path / "phone.heic"
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    stored.save(buffer, "HEIF", quality=95, exif=exif.tobytes())
    path.write_bytes(buffer.getvalue())
    photo = read_photo(path)
    assert (photo.format, photo.width, photo.height) == ("HEIF", 96, 64)
    assert np.abs(srgb_pixels(photo).astype(int) - maker.scene()).mean() < 4


@pytest.mark.parametrize("large", [True, False])
def test_large_photos_of_16_bits_are_decoded_one_at_a_time(tmp_path, monkeypatch, large) -> None:
    monkeypatch.setattr(sixteen_bit, "LARGE_PIXELS", 1 if large else 1_000_000)
    path = tmp_path / "deep.tif"
    tifffile.imwrite(path, maker.scene(bits=16), photometric="rgb")
    photo, read, alone = read_photo(path), sixteen_bit.read_16_bit, []

    def watched(path: Path) -> sixteen_bit.Pixels16:
        alone.append(sixteen_bit._large.locked())
        return read(path)

    monkeypatch.setattr(sixteen_bit, "read_16_bit", watched)
    decode_16_bit(photo)
    net_pixels(photo)
    assert alone == [large, large]
    assert not sixteen_bit._large.locked()
