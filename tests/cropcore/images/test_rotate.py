"""Straightened pixels: sharp, in their own depth, without an empty corner, where they were said to be."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cropcore.export.export import ExportOptions, Size, export_crop
from cropcore.geometry import boxes
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.straighten import StraightView, largest_inside
from cropcore.images import rotate
from cropcore.images.photo import decode, decode_16_bit, read_photo
from cropcore.images.render import plan, render
from cropcore.images.rotate import rotate_pixels, straightened
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect("free")


def waves(x: np.ndarray, y: np.ndarray, frequency: float) -> np.ndarray:
    """Stripes in many directions, so and so many to the pixel; mean 0, at most 1."""
    total = np.zeros_like(x)
    for i in range(12):
        a = i * math.pi / 12 + 0.1
        total += np.sin(2 * math.pi * frequency * (x * math.cos(a) + y * math.sin(a)) + i)
    return total / 12


def largest(width: int, height: int, angle: float) -> Crop:
    x1, y1, x2, y2 = largest_inside(width / height, width, height, angle).tolist()
    return Crop((x1, y1, x2, y2), angle=angle)


@pytest.mark.parametrize(("frequency", "most"), [(0.05, 0.01), (0.2, 0.02), (0.35, 0.04)])
@pytest.mark.parametrize("angle", [-14.0, 3.3])
@pytest.mark.parametrize("bits", [8, 16])
def test_fine_stripes_stay(frequency: float, most: float, angle: float, bits: int) -> None:
    width, height = 301, 200
    y, x = np.mgrid[0:height, 0:width] + 0.5
    top = 2**bits - 1
    values = np.rint((0.5 + 0.45 * waves(x, y, frequency)) * top)
    source = values.astype(np.uint8 if bits == 8 else np.uint16)[..., None]
    part = (-60.0, -40.0, 60.0, 40.0)
    out = rotate_pixels(source, angle, part, (120, 80), alpha=False)
    assert out.dtype == source.dtype
    a = math.radians(angle)
    y, x = np.mgrid[-40:40, -60:60] + 0.5
    u, v = x * math.cos(a) + y * math.sin(a), -x * math.sin(a) + y * math.cos(a)
    expected = 0.5 + 0.45 * waves(u + width / 2, v + height / 2, frequency)
    error = out[..., 0] / top - expected
    assert math.sqrt((error**2).mean()) < most * expected.std() + 0.5 / top


def test_tiles_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (150, 220, 3), np.uint8)
    whole = straightened(pixels, 6.0)
    monkeypatch.setattr(rotate, "_TILE", 32)
    difference = np.abs(straightened(pixels, 6.0).astype(int) - whole)
    # Places count in 32nds of a pixel, which may round the other way in noise.
    assert np.median(difference) <= 1
    assert difference.mean() < 2


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("bits", [8, 16])
def test_transparent_colours_leave_no_fringe(channels: int, bits: int) -> None:
    top = 2**bits - 1
    pixels = np.zeros((60, 90, channels), np.uint8 if bits == 8 else np.uint16)
    pixels[:, :45] = top
    mode = {2: "LA", 4: "RGBA"}[channels]
    photo = Image.fromarray(pixels, mode) if bits == 8 else pixels
    out = np.asarray(render(photo, plan(90, 60, largest(90, 60, 9.0), FREE)))
    seen = out[..., -1] > top // 20
    assert 0.3 < seen.mean() < 0.7
    assert out[seen][:, :-1].min() > top * 0.98


@pytest.mark.parametrize("angle", [-45.0, -10.0, 0.3, 3.0, 20.0, 45.0])
@pytest.mark.parametrize("ratio", ["original", "1:1", "9:16", "4:1"])
@pytest.mark.parametrize("size", [(400, 300), (301, 500)])
def test_no_corner_is_empty(angle: float, ratio: str, size: tuple[int, int]) -> None:
    aspect = Aspect.parse(ratio)
    wanted = aspect.ratio_for(*size)
    assert wanted is not None
    for at in ((0.5, 0.5), (0, 0), (1, 0.3)):
        box = largest_inside(wanted, *size, angle, at)
        planned = plan(*size, Crop(tuple(box.tolist()), angle=angle), aspect)
        assert not planned.shrunk
        wide, high = planned.size
        assert abs(wide - high * wanted) <= 1 or abs(high - wide / wanted) <= 1
        exact = (box[2:] - box[:2]) * boxes.rotated_size(*size, angle)
        assert np.abs(exact - planned.size).max() <= 1.5
        assert np.asarray(render(Image.new("L", size, 255), planned)).min() == 255


@pytest.mark.parametrize("box", [boxes.WHOLE, (0, 0, 0.3, 0.3), (0.7, 0.6, 1, 1), (0.9, 0, 1, 1)])
def test_a_crop_over_the_edge_is_shrunk_and_told(
    tmp_path: Path, box: tuple[float, float, float, float]
) -> None:
    Image.new("RGB", (400, 300), "white").save(tmp_path / "a.png")
    done = export_crop(read_photo(tmp_path / "a.png"), Crop(box, angle=8.0), FREE)
    assert np.asarray(decode(read_photo(done.path))).min() == 255
    assert "straightened" in str(done.warnings[0])


@pytest.mark.parametrize("size", [None, "60x40", "90"])
def test_16_bits_profile_and_metadata_stay(tmp_path: Path, size: str | None) -> None:
    pixels = maker.scene(300, 200, 3, 16)
    icc = maker.icc_profile()
    (tmp_path / "a.png").write_bytes(maker.png16(pixels))
    Image.fromarray((pixels >> 8).astype(np.uint8)).save(
        tmp_path / "a.jpg", icc_profile=icc, exif=b"Exif\0\0" + maker.exif_block(1)
    )
    options = ExportOptions(size=Size.parse(size) if size else None)
    crop = largest(300, 200, 5.0)
    deep = read_photo(export_crop(read_photo(tmp_path / "a.png"), crop, FREE, options).path)
    assert deep.bits == 16
    values = decode_16_bit(deep)
    assert len(np.unique(values)) > 2000
    plain = export_crop(read_photo(tmp_path / "a.jpg"), crop, FREE, options)
    assert plain.warnings == ()
    assert read_photo(plain.path).icc == icc
    with Image.open(plain.path) as image:
        assert image.getexif()[0x010F] == "Cam"
        eight = np.asarray(image).astype(int)
    assert np.abs(eight - (values >> 8)).mean() < 4
    if size == "60x40":
        assert values.shape[:2] == (40, 60)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "CMYK"])
def test_no_turn_changes_no_value(mode: str) -> None:
    image = maker.image(mode)
    crop = Crop((0.1, 0.2, 0.8, 0.9), angle=0.0)
    left, top, right, bottom = plan(96, 64, crop, FREE).pixels
    for angle in (0.0, 360.0, -0.0):
        out = render(image, plan(96, 64, Crop(crop.box, angle=angle), FREE))
        assert np.array_equal(np.asarray(out), np.asarray(image)[top:bottom, left:right])
    assert render(image, plan(96, 64, largest(96, 64, 4.0), FREE)).mode == mode  # type: ignore[union-attr]


@pytest.mark.parametrize("angle", [-8.0, 0.7, 15.0])
def test_the_engine_sees_what_the_boxes_say(angle: float) -> None:
    """A spot of the photo is where the view's box, brought to the canvas and back, has it."""
    width, height = 300, 200
    y, x = np.mgrid[0:height, 0:width] + 0.5
    spot = np.array([190.0, 80.0])
    light = 255 * np.exp(-((x - spot[0]) ** 2 + (y - spot[1]) ** 2) / 18)
    seen = straightened(np.dstack([light.astype(np.uint8)] * 3), angle)[..., 0].astype(float)
    y, x = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]] + 0.5
    found = np.array([(seen * x).sum(), (seen * y).sum()]) / seen.sum() / seen.shape[::-1]
    view = StraightView.of(width, height, angle)
    a = math.radians(angle)
    dx, dy = spot - [width / 2, height / 2]
    canvas = boxes.rotated_size(width, height, angle)
    there = np.array([dx * math.cos(a) - dy * math.sin(a), dx * math.sin(a) + dy * math.cos(a)])
    there = there / canvas + 0.5
    expected = view.from_canvas([*there, *there])[:2]
    assert np.abs((found - expected) * [width, height]).max() < 0.15


def test_a_photo_that_is_level_is_seen_as_it_is() -> None:
    pixels = maker.scene()
    assert straightened(pixels, 0.0) is pixels
