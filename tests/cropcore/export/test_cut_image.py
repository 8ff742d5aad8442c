"""A crop is cut out of any kind of image as exports cut it, and the image stays as it is."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cropcore.errors import CropsightError, GeometryError, ImageError
from cropcore.export.cut_image import cut
from cropcore.export.export import Pick, export_crops
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import rotated_size
from cropcore.geometry.crop import Candidate, Crop
from cropcore.images.photo import read_photo
from tests.cropcore.helpers.untrained import photo

COLOURS = photo(301, 207)
CROPS = [
    Crop((0.1, 0.2, 0.73, 0.9)),
    Crop((0.2, 0.2, 0.7, 0.8), angle=7.0),
    Crop((0.2, 0.1, 0.2 + 0.6 * 207 / 301, 0.7), "circle"),
    Crop((0.3, 0.3, 0.6, 0.6), "circle", angle=-4.0),
]


def arrays() -> list[Any]:
    deep = COLOURS.astype(np.uint16) * 257
    alpha = np.dstack([COLOURS, COLOURS[..., 0]])
    made = [COLOURS, COLOURS[..., 1], COLOURS[..., :1], alpha, deep, deep[..., 0]]
    return [*made, (COLOURS / 255).astype(np.float32), alpha / 255]


@pytest.mark.parametrize("array", arrays(), ids=lambda a: f"{a.dtype}{a.shape[2:]}")
@pytest.mark.parametrize("crop", CROPS, ids=str)
def test_an_array_gives_an_array_of_its_kind(array: Any, crop: Crop) -> None:
    before = array.copy()
    made = cut(array, crop)
    assert made.dtype == array.dtype
    assert made.shape[2:] == ((4,) if crop.shape == "circle" else array.shape[2:])
    top = 1.0 if array.dtype.kind == "f" else np.iinfo(array.dtype).max
    small = cut(COLOURS, crop)
    assert made.shape[:2] == small.shape[:2]
    if array.shape[2:] == (3,):
        assert np.abs(made / top - small / 255.0).max() < 0.01
    if crop.shape == "circle":
        assert made[0, 0, 3] == 0
        if array.shape[2:] != (4,):
            assert made[made.shape[0] // 2, made.shape[1] // 2, 3] == top
    made[:] = 0
    assert np.array_equal(array, before)


@pytest.mark.parametrize("crop", CROPS, ids=str)
def test_it_is_what_an_export_writes(tmp_path: Path, crop: Crop) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(COLOURS).save(path)
    width, height = rotated_size(301, 207, crop.angle)
    x1, y1, x2, y2 = crop.box
    aspect = Aspect("ratio", (x2 - x1) * width, (y2 - y1) * height)
    options = ExportOptions("png", folder=tmp_path / "out")
    (written,) = export_crops(read_photo(path), [Pick(crop, aspect)], options)
    with Image.open(written.path) as image:
        wanted = np.asarray(image)
    for kind in (path, str(path), read_photo(path), Image.open(path), COLOURS):
        made: Any = cut(kind, crop)
        assert isinstance(made, np.ndarray if kind is COLOURS else Image.Image)
        assert np.array_equal(np.asarray(made), wanted)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "HSV", "I;16", "I", "F"]
)
def test_a_pillow_image_keeps_its_mode(mode: str) -> None:
    grey = Image.fromarray(COLOURS[..., 0])
    image = {
        "I;16": lambda: Image.fromarray(COLOURS[..., 0].astype(np.uint16) * 257),
        "F": lambda: Image.fromarray(COLOURS[..., 0].astype(np.float32) / 255),
    }.get(mode, lambda: grey.convert("RGB").convert(mode))()
    made = cut(image, CROPS[0])
    assert (made.mode, made.size) == (mode, (190, 145))
    straight, round_one = cut(image, CROPS[1]), cut(image, CROPS[2])
    if mode in ("L", "LA", "RGB", "RGBA", "CMYK", "I;16", "F"):
        assert straight.mode == mode
    assert round_one.mode in ("LA", "RGBA")


def test_the_sides_have_the_ratio_of_the_crop() -> None:
    for left in np.linspace(0, 0.3, 40):
        crop = Crop((left, 0.013, left + 0.5, 0.013 + 0.5 * 301 / 207))
        made = cut(COLOURS, crop)
        assert made.shape[0] == made.shape[1]


def test_a_turned_photo_is_cut_upright(tmp_path: Path) -> None:
    path, exif = tmp_path / "turned.png", Image.Exif()
    exif[274] = 6
    Image.fromarray(COLOURS).save(path, exif=exif)
    wanted = cut(np.ascontiguousarray(np.rot90(COLOURS, -1)), CROPS[0])
    for kind in (path, Image.open(path), Image.open(path).copy()):
        made = cut(kind, CROPS[0])
        assert np.array_equal(np.asarray(made), wanted)
        assert made.getexif().get(274, 1) == 1  # or it would be turned once more


def test_colours_keep_their_profile(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(COLOURS).save(path, icc_profile=b"any profile")
    for crop in CROPS:
        assert cut(path, crop).info["icc_profile"] == b"any profile"
        assert cut(Image.open(path), crop).info["icc_profile"] == b"any profile"


def test_candidates_and_boxes_are_crops() -> None:
    wanted = cut(COLOURS, CROPS[0])
    for crop in (Candidate(1, CROPS[0], 1.0, 1.0, "asm"), CROPS[0].box, np.array(CROPS[0].box)):
        assert np.array_equal(cut(COLOURS, crop), wanted)


@pytest.mark.parametrize(
    ("crop", "words"),
    [
        ((0, 0, 150, 100), "pixels"),
        (Crop((0, 0, 150, 100)), "pixels"),
        ((0.5, 0, 0.5, 1), "area"),
        ((0, 0, 1), "four"),
        ((0, 0, 1, float("nan")), "finite"),
        ([[0, 0, 1, 1]], "One box"),
        ("4:5", "not '4:5'"),
        (None, "four"),
    ],
)
def test_what_is_no_crop_is_refused_in_words(crop: Any, words: str) -> None:
    with pytest.raises(GeometryError, match=words):
        cut(COLOURS, crop)
    with pytest.raises(ImageError):
        cut(COLOURS.astype(np.int32), CROPS[0])
    with pytest.raises(CropsightError):
        cut("gone.jpg", CROPS[0])
