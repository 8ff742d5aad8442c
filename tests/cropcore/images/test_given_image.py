"""One photo gets one answer, in whichever kind of image a program holds it; others are refused in words."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from cropcore.errors import CropsightError, ImageError, PhotoError
from cropcore.images.given_image import net_image
from cropcore.images.photo import net_pixels, read_photo
from tests.cropcore.helpers.untrained import photo

COLOURS = photo(300, 200)


@pytest.fixture
def png(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.fromarray(COLOURS).save(path)
    return path


def test_every_kind_of_image_gives_the_same_pixels(png: Path) -> None:
    wanted = net_pixels(read_photo(png))
    opaque = np.dstack([COLOURS, np.full((200, 300), 255, np.uint8)])
    kinds: list[Any] = [
        png,
        str(png),
        read_photo(png),
        Image.open(png),
        Image.fromarray(COLOURS),
        COLOURS,
        opaque,
        COLOURS.astype(np.uint16) * 257,
        COLOURS.astype(">u2") * 257,
        COLOURS / 255,
        (COLOURS / 255).astype(np.float32),
    ]
    for kind in kinds:
        made = net_image(kind)
        assert (made.width, made.height) == (300, 200)
        assert np.array_equal(made.pixels, wanted), type(kind)


@pytest.mark.parametrize(
    "mode",
    [
        *("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB"),
        *("HSV", "I;16", "I;16B", "I", "F"),
    ],
)
def test_pillow_images_of_every_mode_are_taken(mode: str) -> None:
    grey = Image.fromarray(np.tile(np.linspace(0, 255, 300).astype(np.uint8), (200, 1)))
    values = np.asarray(grey).astype(np.uint16) * 257
    match mode:
        case "I;16" | "I;16B":
            image = Image.frombytes(
                mode, grey.size, values.astype(">u2" if mode == "I;16B" else "<u2").tobytes()
            )
        case "I":
            image = Image.fromarray(values.astype(np.int32))
        case "F":
            image = Image.fromarray(np.asarray(grey).astype(np.float32) / 255)
        case "LAB":
            profile = ImageCms.createProfile
            image = ImageCms.profileToProfile(
                grey.convert("RGB"), profile("sRGB"), profile("LAB"), outputMode="LAB"
            )
        case "La":
            image = grey.convert("LA").convert("La")
        case "RGBa":
            image = grey.convert("RGBA").convert("RGBa")
        case "HSV" | "PA":
            image = grey.convert("RGB").convert("P" if mode == "PA" else "HSV").convert(mode)
        case _:
            image = grey.convert("RGB").convert(mode)
    assert image.mode == mode
    made = net_image(image).pixels.astype(int)
    bright = made.mean((0, 2))
    assert bright[:20].mean() < 30
    assert bright[-20:].mean() > 220
    assert bright.mean() == pytest.approx(127, abs=12)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
@pytest.mark.parametrize("number", [2, 6, 7])
def test_a_pillow_image_lies_as_its_file(tmp_path: Path, suffix: str, number: int) -> None:
    path, exif = tmp_path / f"turned.{suffix}", Image.Exif()
    exif[274] = number
    Image.fromarray(COLOURS).save(path, exif=exif)
    from_file, from_image = net_image(path), net_image(Image.open(path))
    assert (from_file.width, from_file.height) == (from_image.width, from_image.height)
    assert np.abs(from_file.pixels.astype(int) - from_image.pixels).max() <= 4
    copied = net_image(Image.open(path).copy())
    assert np.array_equal(copied.pixels, from_image.pixels)


def test_a_pillow_image_s_profile_counts() -> None:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = Image.fromarray(COLOURS)
    plain.info["icc_profile"] = made
    assert np.array_equal(net_image(plain).pixels, net_image(COLOURS).pixels)  # not for RGB
    file = io.BytesIO()
    Image.fromarray(COLOURS).save(file, "PNG", icc_profile=wide_profile())
    wide = net_image(Image.open(file)).pixels
    assert np.abs(wide.astype(int) - net_image(COLOURS).pixels).max() > 10


def wide_profile() -> bytes:
    """sRGB's profile with its red and green exchanged: any other primaries will do."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    description = data.index(b"s\0R\0G\0B") if b"s\0R\0G\0B" in data else data.index(b"sRGB")
    data[description : description + 1] = b"x"
    return bytes(data)


def test_what_is_transparent_lies_over_white() -> None:
    clear = np.zeros((200, 300, 4), np.float32)
    assert (net_image(clear).pixels == 255).all()
    assert (net_image(Image.new("LA", (300, 200))).pixels == 255).all()


def broken_floats(value: float) -> NDArray[np.float64]:
    image = np.full((20, 30, 3), 0.5)
    image[3, 4, 1] = value
    return image


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((0, 30, 3), np.uint8), "has pixels"),
        (np.zeros((20, 0), np.uint8), "has pixels"),
        (np.zeros((3, 20, 30), np.uint8), "channels"),
        (np.zeros((20, 30, 2), np.uint8), "channels"),
        (np.zeros((20,), np.uint8), "shape"),
        (np.zeros((2, 20, 30, 3), np.uint8), "shape"),
        (np.zeros((20, 30, 3), np.int64), "int64"),
        (np.zeros((20, 30, 3), bool), "bool"),
        (np.zeros((20, 30, 3), np.uint32), "uint32"),
        (np.zeros((20, 30), object), "object"),
        (broken_floats(np.nan), "NaN"),
        (broken_floats(np.inf), "inf"),
        (broken_floats(255.0), "255"),
        (broken_floats(-0.01), "-0.01"),
        (Image.new("RGB", (0, 10)), "has pixels"),
        (Image.new("F", (20, 10), 200.0), "200"),
        (Image.new("I", (20, 10), -1), "65535"),
        (None, "NoneType"),
        ([[1, 2], [3, 4]], "list"),
        (b"photo.jpg", "bytes"),
    ],
)
def test_what_is_no_image_is_refused_in_words(image: Any, words: str) -> None:
    with pytest.raises(ImageError, match=words):
        net_image(image)


def test_a_file_that_is_cut_off_is_refused_in_words(png: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.png"
    half.write_bytes(png.read_bytes()[:2000])
    with pytest.raises(PhotoError, match=r"half\.png"):
        net_image(half)
    with pytest.raises(ImageError, match="decoded"):
        net_image(Image.open(half))
    with pytest.raises(CropsightError, match=r"gone\.jpg"):
        net_image("gone.jpg")
