"""The eight orientations: a closed table, and boxes and crops that follow the pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cropcore.export.export import export_crop
from cropcore.geometry import boxes as geometry
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.geometry.orientation import (
    FLIP_HORIZONTAL,
    FLIP_VERTICAL,
    TURN_LEFT,
    TURN_RIGHT,
    UPRIGHT,
    Orientation,
)
from cropcore.geometry.straighten import StraightView
from cropcore.images.photo import TRANSPOSE, Photo, decode, decode_16_bit, net_pixels, read_photo
from cropcore.images.render import plan, render
from tests.cropcore.helpers import photo_maker as maker

ALL = [Orientation.of_exif(number) for number in range(1, 9)]
orientations = st.sampled_from(ALL)
boxes = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(
    lambda v: (min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)


def has_area(box: tuple[float, float, float, float]) -> bool:
    return box[2] - box[0] > 1e-6 and box[3] - box[1] > 1e-6


def done(image: Image.Image, orientation: Orientation) -> Image.Image:
    """What Pillow makes of the EXIF value."""
    number = orientation.exif
    return image if number == 1 else image.transpose(TRANSPOSE[number])


@pytest.mark.parametrize("first", ALL)
@pytest.mark.parametrize("second", ALL)
def test_one_after_the_other_is_one(first: Orientation, second: Orientation) -> None:
    image = maker.image(width=5, height=3)
    one_by_one = done(done(image, first), second)
    at_once = done(image, first.then(second))
    assert np.array_equal(np.asarray(one_by_one), np.asarray(at_once))


@pytest.mark.parametrize("orientation", ALL)
def test_there_and_back(orientation: Orientation) -> None:
    assert orientation.then(orientation.inverse) == UPRIGHT
    assert orientation.inverse.then(orientation) == UPRIGHT
    assert Orientation.of_exif(orientation.exif) == orientation
    assert done(maker.image(), orientation).size == (
        (64, 96) if orientation.swaps_sides else (96, 64)
    )


def test_four_turns_and_two_flips_are_nothing() -> None:
    assert TURN_RIGHT.then(TURN_RIGHT).then(TURN_RIGHT).then(TURN_RIGHT) == UPRIGHT
    assert TURN_RIGHT.then(TURN_LEFT) == UPRIGHT
    for flip in (FLIP_HORIZONTAL, FLIP_VERTICAL):
        assert flip.then(flip) == UPRIGHT
    assert FLIP_HORIZONTAL.then(FLIP_VERTICAL) == TURN_LEFT.then(TURN_LEFT)


@pytest.mark.parametrize("number", [0, 9, -1, 300])
def test_other_exif_values_ask_for_nothing(number: int) -> None:
    assert Orientation.of_exif(number) == UPRIGHT


def test_other_turns_are_refused() -> None:
    with pytest.raises(ValueError, match="90"):
        Orientation(45)  # type: ignore[arg-type]


@pytest.mark.parametrize("orientation", ALL)
def test_boxes_follow_the_pixels(orientation: Orientation) -> None:
    image = maker.image(width=50, height=30)
    box = geometry.from_pixels((5, 3, 25, 12), 50, 30)
    turned = done(image, orientation)
    there = geometry.to_pixels(orientation.boxes(box), *turned.size)
    expected = done(image.crop((5, 3, 25, 12)), orientation)
    assert np.array_equal(np.asarray(turned.crop(there)), np.asarray(expected))


@given(boxes.filter(has_area), st.floats(-45, 45), orientations)
def test_a_crop_comes_back(
    box: tuple[float, float, float, float], angle: float, orientation: Orientation
) -> None:
    crop = Crop(box, angle=angle)
    back = orientation.inverse.crop(orientation.crop(crop))
    assert back.box == pytest.approx(box, abs=1e-15)
    assert back.angle == angle
    for _ in range(4):
        crop = TURN_RIGHT.crop(crop)
    assert crop.box == pytest.approx(box, abs=1e-15)


@given(st.lists(boxes, max_size=3), orientations)
def test_many_boxes_are_new_boxes(
    many: list[tuple[float, float, float, float]], orientation: Orientation
) -> None:
    array = np.array(many).reshape(-1, 4)
    before = array.copy()
    moved = orientation.boxes(array)
    moved += 1
    assert np.array_equal(array, before)


@pytest.mark.parametrize("orientation", ALL)
@pytest.mark.parametrize("angle", [-7.0, 0.0, 12.5])
def test_a_straightened_crop_shows_the_same(orientation: Orientation, angle: float) -> None:
    """Turning the straightened crop is straightening the turned photo."""
    image = maker.image(width=301, height=201)
    crop = Crop((0.3, 0.35, 0.6, 0.65), angle=angle)
    free = Aspect("free")
    expected = done(render(image, plan(301, 201, crop, free)), orientation)  # type: ignore[arg-type]
    turned = done(image, orientation)
    found = render(turned, plan(*turned.size, orientation.crop(crop), free))
    a, b = np.asarray(expected, int), np.asarray(found, int)
    rows, columns = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
    # The canvas is rounded to whole pixels, which can shift the middle by half a one.
    assert np.abs(np.subtract(a.shape, b.shape)).max() <= 1
    assert np.abs(a[:rows, :columns] - b[:rows, :columns]).max() <= 4


def files(folder: Path, exif: int) -> dict[str, Photo]:
    """The scene as files of many kinds, all but one of them stored on its side."""
    stored = maker.turned(maker.scene(), exif)
    block = b"Exif\0\0" + maker.exif_block(exif)
    Image.fromarray(stored).save(folder / "a.png", exif=block)
    Image.fromarray(stored).save(folder / "a.jpg", exif=block, quality=95, subsampling=0)
    deep = maker.scene(bits=16)
    (folder / "deep.png").write_bytes(maker.png16(deep))
    turn = [(274, "H", 1, exif, True)]
    tifffile.imwrite(folder / "a.tif", stored, photometric="rgb", extratags=turn)
    tifffile.imwrite(
        folder / "deep.tif", maker.turned(deep, exif), photometric="rgb", extratags=turn
    )
    return {path.name: read_photo(path) for path in folder.iterdir()}


@pytest.mark.parametrize("exif", [1, 5, 6, 8])
def test_a_photo_is_turned_without_changing_a_value(tmp_path: Path, exif: int) -> None:
    for name, photo in files(tmp_path, exif).items():
        for turn in ALL:
            turned = photo.turned(turn)
            expected = np.asarray(done(decode(photo), turn))
            found = decode(turned)
            assert np.array_equal(np.asarray(found), expected), (name, turn)
            assert found.size == (turned.width, turned.height)
            small = decode(turned, long_side=48)
            assert abs(small.width - found.width / 2) <= 1
            assert abs(small.height - found.height / 2) <= 1
            if photo.bits == 16:
                assert np.array_equal(decode_16_bit(turned) >> 8, expected)
            assert turned.turned(turn.inverse) == photo


@pytest.mark.parametrize("turn", ALL)
@pytest.mark.parametrize("bits", [8, 16])
def test_a_turned_photo_exports_its_turned_crop(
    tmp_path: Path, turn: Orientation, bits: int
) -> None:
    if bits == 16:
        (tmp_path / "a.png").write_bytes(maker.png16(maker.scene(bits=16)))
    else:
        maker.full_png(tmp_path / "a.png", 1)
    photo = read_photo(tmp_path / "a.png")
    crop = Crop((0.25, 0.25, 0.75, 0.5))
    plain = export_crop(photo, crop, Aspect("free"))
    turned = export_crop(photo.turned(turn), turn.crop(crop), Aspect("free"))
    expected = done(decode(read_photo(plain.path)), turn)
    after = read_photo(turned.path)
    assert np.array_equal(np.asarray(decode(after)), np.asarray(expected))
    assert (after.bits, after.icc) == (bits, photo.icc)
    assert (turned.width, turned.height) == expected.size


@pytest.mark.parametrize("turn", [UPRIGHT, TURN_RIGHT])
def test_the_encoder_gets_a_straightened_photo_at_the_same_size(
    tmp_path: Path, turn: Orientation
) -> None:
    maker.image(width=1500, height=1000).save(tmp_path / "a.png")
    photo = read_photo(tmp_path / "a.png").turned(turn)
    level = net_pixels(photo)
    assert min(level.shape[:2]) == 256
    view = StraightView.of(photo.width, photo.height, 6.0)
    seen = net_pixels(photo, 6.0)
    assert seen.shape == level.shape
    box = tuple(view.to_canvas(geometry.WHOLE).tolist())
    whole = render(
        decode(photo), plan(photo.width, photo.height, Crop(box, angle=6.0), Aspect("free"))
    )
    expected = np.asarray(whole.resize(level.shape[1::-1], Image.Resampling.LANCZOS), int)  # type: ignore[union-attr]
    assert np.abs(seen.astype(int) - expected).max() <= 3
