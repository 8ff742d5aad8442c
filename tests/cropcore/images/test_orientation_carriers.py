"""How a photo lies counts wherever a file tells it: EXIF, a PNG's text, XMP; a crop is upright and says so."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from cropcore.export.export import ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import TURN_LEFT
from cropcore.images.photo import Photo, decode, decode_16_bit, net_pixels, read_photo
from tests.cropcore.helpers import photo_maker as maker


def packet(number: int) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="{number}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def stored(number: int, bits: int = 8) -> Any:
    return maker.turned(maker.scene(bits=bits), number)


def png_with_xmp(path: Path, number: int) -> Path:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet(number).decode())
    Image.fromarray(stored(number)).save(path, "PNG", pnginfo=info)
    return path


def png_with_profile(path: Path, number: int) -> Path:
    """As ImageMagick writes EXIF: in hexadecimal digits, in a text."""
    block = b"Exif\0\0" + maker.exif_block(number)
    digits = block.hex()
    lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{lines}\n", zip=True)
    Image.fromarray(stored(number)).save(path, "PNG", pnginfo=info)
    return path


def other_with_xmp(kind: str, path: Path, number: int) -> Path:
    buffer = io.BytesIO()
    how: dict[str, Any] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}
    Image.fromarray(stored(number)).save(buffer, kind, xmp=packet(number), **how.get(kind, {}))
    path.write_bytes(buffer.getvalue())
    return path


def tiff_with_xmp(path: Path, number: int, bits: int = 8, planar: str = "contig") -> Path:
    pixels = stored(number, bits)
    pixels = np.moveaxis(pixels, -1, 0).copy() if planar == "separate" else pixels
    told = packet(number)
    tags = [(700, 1, len(told), told, True)]
    tifffile.imwrite(
        path, pixels, photometric="rgb", planarconfig=planar, metadata=None, extratags=tags
    )
    return path


CARRIERS = {
    "XMP of a PNG": png_with_xmp,
    "EXIF in a PNG's text": png_with_profile,
    "XMP of a JPEG": lambda path, n: other_with_xmp("JPEG", path, n),
    "XMP of a WebP": lambda path, n: other_with_xmp("WEBP", path, n),
    "XMP of a TIFF": tiff_with_xmp,
    "XMP of a deep TIFF": lambda path, n: tiff_with_xmp(path, n, 16),
    "XMP of a TIFF, channels apart": lambda path, n: tiff_with_xmp(path, n, 16, "separate"),
}


def assert_upright(photo: Photo, wanted: Any) -> None:
    assert (photo.width, photo.height) == (wanted.shape[1], wanted.shape[0])
    assert np.abs(np.asarray(decode(photo), int) - wanted).mean() < 2
    small = np.asarray(decode(photo, 48), int)
    assert np.abs(small - np.asarray(Image.fromarray(wanted).resize(small.shape[1::-1]))).mean() < 4
    assert net_pixels(photo).shape[1] / net_pixels(photo).shape[0] == pytest.approx(
        photo.ratio, 0.01
    )


@pytest.mark.parametrize("number", [3, 5, 6])
@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_photo_and_its_crop_are_upright(tmp_path: Path, carrier: str, number: int) -> None:
    source = CARRIERS[carrier](tmp_path / "photo", number)
    photo = read_photo(source)
    assert_upright(photo, maker.scene())
    assert_upright(photo.turned(TURN_LEFT), np.rot90(maker.scene()).copy())
    if photo.bits == 16:
        assert np.array_equal(decode_16_bit(photo), maker.scene(bits=16))
    done = export_crop(photo, Crop(), Aspect("free"), ExportOptions(folder=tmp_path / "out"))
    after = read_photo(done.path)
    assert after.exif.exif == 1
    assert_upright(after, maker.scene())
