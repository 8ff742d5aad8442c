"""Exported files read back: the right pixels, the right size, the right shape."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cropcore.export.export import (
    Exported,
    ExportOptions,
    OptionError,
    Pick,
    Size,
    export_crop,
    export_crops,
)
from cropcore.geometry import boxes
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import decode, decode_16_bit, read_photo, srgb_pixels
from cropcore.images.render import plan, render
from tests.cropcore.helpers import photo_maker as maker
from tests.cropcore.helpers.rotated import inside_rotated

FREE = Aspect("free")
BOX = (0.25, 0.25, 0.75, 0.75)
INSIDE = np.s_[16:48, 24:72]
FORMATS = ["jpeg", "png", "webp", "tiff", "avif"]


def write(
    path: Path,
    crop: Crop | None = None,
    aspect: Aspect = FREE,
    **options: object,
) -> Exported:
    return export_crop(read_photo(path), crop or Crop(BOX), aspect, ExportOptions(**options))


def pixels_of(exported: Exported) -> np.ndarray:
    return np.asarray(decode(read_photo(exported.path)))


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("file_format", ["png", "tiff"])
def test_lossless_formats_hold_the_very_values(tmp_path: Path, mode: str, file_format: str) -> None:
    maker.image(mode).save(tmp_path / "a.png")
    done = write(tmp_path / "a.png", format=file_format)
    assert (done.width, done.height, done.warnings) == (48, 32, ())
    assert read_photo(done.path).mode == mode
    assert np.array_equal(pixels_of(done), np.asarray(maker.image(mode))[INSIDE])


def test_palette_and_bilevel_keep_their_colours(tmp_path: Path) -> None:
    for mode in ("P", "1"):
        maker.image(mode).save(tmp_path / f"{mode}.png")
        done = write(tmp_path / f"{mode}.png")
        expected = np.asarray(maker.image(mode).convert("RGB"))[INSIDE]
        assert np.array_equal(srgb_pixels(read_photo(done.path)), expected)


@pytest.mark.parametrize("source", ["png", "tiff"])
@pytest.mark.parametrize("target", ["png", "tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bits_stay_16_bits(tmp_path: Path, source: str, target: str, channels: int) -> None:
    pixels = maker.scene(channels=channels, bits=16)
    path = tmp_path / f"deep.{source}"
    if source == "png":
        path.write_bytes(maker.png16(pixels))
    else:
        extra = {"extrasamples": ["unassalpha"]} if channels == 4 else {}
        kind = "minisblack" if channels == 1 else "rgb"
        tifffile.imwrite(path, pixels.squeeze(), photometric=kind, **extra)
    done = write(path, format=target)
    photo = read_photo(done.path)
    assert photo.bits == 16
    assert np.array_equal(decode_16_bit(photo), pixels[INSIDE])
    assert np.array_equal(srgb_pixels(photo).shape, (32, 48, 3))


def test_16_bit_tiff_opens_elsewhere(tmp_path: Path) -> None:
    pixels = maker.scene(width=900, height=700, bits=16)
    (tmp_path / "deep.png").write_bytes(maker.png16(pixels))
    done = write(tmp_path / "deep.png", Crop(), format="tiff")
    assert np.array_equal(tifffile.imread(done.path), pixels)


def test_16_bits_become_8_where_the_format_has_no_more(tmp_path: Path) -> None:
    (tmp_path / "deep.png").write_bytes(maker.png16(maker.scene(bits=16)))
    done = write(tmp_path / "deep.png", format="webp", quality=100)
    assert np.array_equal(pixels_of(done), maker.scene(bits=16)[INSIDE] >> 8)


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_shows_the_crop(tmp_path: Path, file_format: str) -> None:
    maker.image().save(tmp_path / "a.png")
    done = write(tmp_path / "a.png", format=file_format)
    assert np.abs(pixels_of(done).astype(int) - maker.scene()[INSIDE]).mean() < 3


def test_heic_export(tmp_path: Path) -> None:
    pytest.importorskip("pillow_heif")
    maker.full_jpeg(tmp_path / "a.jpg")
    done = write(tmp_path / "a.jpg", format="heic")
    assert done.path.suffix == ".heic"
    photo = read_photo(done.path)
    assert (photo.format, photo.width, photo.height) == ("HEIF", 48, 32)
    assert photo.icc == maker.icc_profile()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["png", "tiff", "webp"])
def test_every_orientation_gives_the_same_file(
    tmp_path: Path, orientation: int, file_format: str
) -> None:
    path = tmp_path / "turned.png"
    exif = b"Exif\0\0" + maker.exif_block(orientation)
    Image.fromarray(maker.turned(maker.scene(), orientation)).save(path, exif=exif)
    done = write(path, format=file_format, quality=100)
    photo = read_photo(done.path)
    assert np.array_equal(np.asarray(decode(photo)), maker.scene()[INSIDE])
    with Image.open(done.path) as image:
        assert image.getexif().get(0x0112) in (None, 1)


def test_source_is_untouched(tmp_path: Path) -> None:
    path = maker.full_jpeg(tmp_path / "a.jpg")
    before = hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns
    for template in ("{name}", "{name}_{aspect}_{rank}"):
        write(path, folder=tmp_path, template=template)
    assert (hashlib.sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a (2).jpg", "a.jpg", "a_free_1.jpg"]


RATIOS = st.sampled_from(["4:5", "1:1", "16:9", "9:16", "1.91", "3:2", "circle", "original"])


@given(
    st.integers(40, 6000), st.integers(40, 6000), RATIOS,
    st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.1, 1.0),
)  # fmt: skip
def test_ratio_holds_within_a_pixel(
    width: int, height: int, name: str, x: float, y: float, scale: float
) -> None:
    aspect = Aspect.parse(name)
    ratio = aspect.ratio_for(width, height)
    assert ratio is not None
    box = boxes.from_centre((x, y), (scale, scale))
    box = boxes.fit_to_ratio(boxes.shift_inside(box), ratio, width / height)
    shape = "circle" if aspect.is_circle else "rect"
    done = plan(width, height, Crop(tuple(box.tolist()), shape), aspect)
    left, top, right, bottom = done.pixels
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    wide, high = done.size
    assert abs(wide - high * ratio) <= 1 or abs(high - wide / ratio) <= 1


def test_a_crop_drawn_freely_is_not_moved_into_the_ratio() -> None:
    assert plan(600, 400, Crop((0.1, 0.1, 0.9, 0.5)), Aspect.parse("4:5")).size == (480, 160)


@pytest.mark.parametrize(
    ("size", "expected", "warned"),
    [
        ("20x15", (20, 15), ["trimmed"]),
        ("24", (24, 16), []),
        ("96x64", (96, 64), ["Enlarged 2.00 times"]),
        ("480", (480, 320), ["Enlarged 10.00 times"]),
        ("48x32", (48, 32), []),
    ],
)
def test_exact_size_and_long_side(
    tmp_path: Path, size: str, expected: tuple[int, int], warned: list[str]
) -> None:
    maker.image().save(tmp_path / "a.png")
    done = write(tmp_path / "a.png", aspect=Aspect.parse("3:2"), size=Size.parse(size))
    assert (done.width, done.height) == expected
    assert read_photo(done.path).width == expected[0]
    assert len(done.warnings) == len(warned)
    for warning, part in zip(done.warnings, warned, strict=True):
        assert part in str(warning)


@pytest.mark.parametrize("bits", [8, 16])
def test_resizing_never_stretches(bits: int) -> None:
    """A disc stays round when the size's ratio is not the crop's."""
    y, x = np.mgrid[0:600, 0:800]
    disc = np.hypot(x - 399.5, y - 299.5) < 120
    grey = (disc * (2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)
    source = Image.fromarray(grey) if bits == 8 else grey[..., None]
    planned = plan(800, 600, Crop((0.1, 0.1, 0.9, 0.9)), FREE, Size(300, 300))
    out = np.asarray(render(source, planned)).squeeze() > 2 ** (bits - 1)
    rows, columns = out.any(1).sum(), out.any(0).sum()
    assert abs(int(rows) - int(columns)) <= 1
    assert abs(rows - 240 * 300 / 480) <= 1


def test_16_bit_resize_is_as_fine_as_its_values(tmp_path: Path) -> None:
    pixels = np.full((60, 90, 3), 30_001, np.uint16)
    (tmp_path / "deep.png").write_bytes(maker.png16(pixels))
    done = write(tmp_path / "deep.png", size=Size(31))
    assert (decode_16_bit(read_photo(done.path)) == 30_001).all()


def test_transparent_colours_leave_no_fringe(tmp_path: Path) -> None:
    pixels = np.zeros((64, 96, 4), np.uint16)
    pixels[:, :48] = 65535
    (tmp_path / "deep.png").write_bytes(maker.png16(pixels))
    done = write(tmp_path / "deep.png", Crop(), size=Size(31))
    out = decode_16_bit(read_photo(done.path))
    seen = out[..., 3] > 2000
    assert (out[seen][:, :3] > 65000).all()


@pytest.mark.parametrize("angle", [-30.0, -3.0, 0.4, 3.0, 17.0, 90.0, 180.0])
@pytest.mark.parametrize("bits", [8, 16])
def test_straightened_crop_shows_the_turned_photo(angle: float, bits: int) -> None:
    """Each pixel shows what stands there when the photo is turned clockwise about its centre."""
    width, height = 300, 200
    source = maker.scene(width, height, 3, bits)
    photo = Image.fromarray(source) if bits == 8 else source
    canvas = boxes.rotated_size(width, height, angle)
    size = np.array([80 / canvas[0], 60 / canvas[1]])
    box = boxes.from_centre((0.5, 0.5), size)
    assert inside_rotated(box, width, height, angle)
    planned = plan(width, height, Crop(tuple(box.tolist()), angle=angle), FREE)
    out = np.asarray(render(photo, planned)).astype(float) / (2**bits - 1)
    a = math.radians(angle)
    left, top, right, bottom = planned.pixels
    y, x = np.mgrid[top:bottom, left:right] + 0.5
    x, y = x - planned.canvas[0] / 2, y - planned.canvas[1] / 2
    u = x * math.cos(a) + y * math.sin(a) + width / 2 - 0.5
    v = -x * math.sin(a) + y * math.cos(a) + height / 2 - 0.5
    expected = np.stack([u / (width - 1), v / (height - 1)], axis=-1)
    assert np.abs(out[..., :2] - expected).max() < 0.008


def test_clockwise_is_clockwise() -> None:
    photo = Image.new("L", (101, 101))
    photo.putpixel((50, 10), 255)  # twelve o'clock
    out = np.asarray(render(photo, plan(101, 101, Crop(angle=90.0), FREE)))
    assert np.unravel_index(out.argmax(), out.shape) == (50, 90)  # three o'clock


@pytest.mark.parametrize("angle", [2.0, 12.0, 40.0])
def test_straightened_crop_to_the_very_edge_has_no_empty_corner(angle: float) -> None:
    width, height = 400, 300
    canvas = np.array(boxes.rotated_size(width, height, angle))
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        box = boxes.from_centre((0.5, 0.5), np.array([width, height]) * middle / canvas)
        inside = inside_rotated(box, width, height, angle)
        low, high = (middle, high) if inside else (low, middle)
    box = boxes.from_centre((0.5, 0.5), np.array([width, height]) * low / canvas)
    white = Image.new("L", (width, height), 255)
    out = render(white, plan(width, height, Crop(tuple(box.tolist()), angle=angle), FREE))
    assert np.asarray(out).min() == 255


@pytest.mark.parametrize("file_format", ["png", "webp", "tiff", "avif"])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_circle_is_transparent_outside(tmp_path: Path, file_format: str, mode: str) -> None:
    maker.image(mode, 120, 80).save(tmp_path / "a.tif")
    crop = Crop((1 / 6, 0.0, 5 / 6, 1.0), "circle")
    done = write(tmp_path / "a.tif", crop, Aspect("circle"), format=file_format, quality=100)
    assert (done.width, done.height) == (80, 80)
    alpha = np.asarray(decode(read_photo(done.path)).getchannel("A")).astype(int)
    assert alpha[[0, 0, -1, -1], [0, -1, 0, -1]].max() == 0
    assert alpha[40, [0, 40, 79]].min() > 200
    assert abs(alpha.sum() / 255 - math.pi * 40**2) < 12
    assert ((alpha > 20) & (alpha < 235)).sum() > 40  # the edge is smooth


def test_circle_keeps_16_bits_and_the_photo_s_own_alpha(tmp_path: Path) -> None:
    pixels = maker.scene(80, 80, 4, 16)
    (tmp_path / "deep.png").write_bytes(maker.png16(pixels))
    for file_format in ("png", "tiff"):
        done = write(
            tmp_path / "deep.png", Crop(shape="circle"), Aspect("circle"), format=file_format
        )
        out = decode_16_bit(read_photo(done.path))
        assert np.array_equal(out[..., :3], pixels[..., :3])
        assert out[0, 0, 3] == 0
        assert np.array_equal(out[30:50, 30:50], pixels[30:50, 30:50])


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_circle_in_a_jpeg_has_its_background(tmp_path: Path, mode: str) -> None:
    maker.image(mode, 80, 80).save(tmp_path / "a.jpg", quality=95)
    done = write(
        tmp_path / "a.jpg", Crop(shape="circle"), Aspect("circle"), background=(10, 200, 60)
    )
    pixels = srgb_pixels(read_photo(done.path)).astype(int)
    for y, x in ((1, 1), (1, -2), (-2, 1), (-2, -2)):
        assert np.abs(pixels[y, x] - (10, 200, 60)).max() < 12
    whole = srgb_pixels(read_photo(tmp_path / "a.jpg")).astype(int)
    assert np.abs(pixels[25:55, 25:55] - whole[25:55, 25:55]).mean() < 4


def test_background_is_right_in_the_photo_s_own_profile(tmp_path: Path) -> None:
    icc = maker.icc_profile(gamma=2.2)
    maker.full_jpeg(tmp_path / "a.jpg", icc_profile=icc)
    crop = Crop((1 / 6, 0.0, 5 / 6, 1.0), "circle")
    done = write(tmp_path / "a.jpg", crop, Aspect("circle"), background=(200, 30, 30))
    photo = read_photo(done.path)
    assert photo.icc == icc
    assert np.abs(srgb_pixels(photo)[1, 1].astype(int) - (200, 30, 30)).max() < 14


def test_cmyk_stays_cmyk_where_it_can(tmp_path: Path) -> None:
    maker.image("CMYK").save(tmp_path / "a.tif")
    for file_format, mode in (("keep", "CMYK"), ("jpeg", "CMYK"), ("png", "RGB")):
        done = write(tmp_path / "a.tif", format=file_format)
        photo = read_photo(done.path)
        assert photo.mode == mode
        assert bool(done.warnings) == (mode == "RGB")
        expected = srgb_pixels(read_photo(tmp_path / "a.tif"))[INSIDE].astype(int)
        assert np.abs(srgb_pixels(photo) - expected).mean() < 4


def test_grey_profile_does_not_end_up_on_colours(tmp_path: Path) -> None:
    icc = maker.icc_profile("GRAY", gamma=1.0)
    maker.image("L").save(tmp_path / "a.png", icc_profile=icc)
    kept = read_photo(write(tmp_path / "a.png").path)
    assert (kept.mode, kept.icc) == ("L", icc)
    webp = read_photo(write(tmp_path / "a.png", format="webp", quality=100).path)
    assert webp.icc is None
    expected = srgb_pixels(read_photo(tmp_path / "a.png"))[INSIDE].astype(int)
    assert np.abs(srgb_pixels(webp) - expected).max() <= 1


@pytest.mark.parametrize(("sampling", "kept"), [(0, 0), (1, 1), (2, 2)])
def test_jpeg_keeps_its_subsampling(tmp_path: Path, sampling: int, kept: int) -> None:
    from PIL import JpegImagePlugin

    maker.full_jpeg(tmp_path / "a.jpg", subsampling=sampling, progressive=sampling == 1)
    done = write(tmp_path / "a.jpg", quality=85)
    with Image.open(done.path) as image:
        assert JpegImagePlugin.get_sampling(image) == kept
        assert ("progressive" in image.info) == (sampling == 1)


def test_quality_changes_the_size(tmp_path: Path) -> None:
    maker.image(width=600, height=400).save(tmp_path / "a.png")
    for file_format in ("jpeg", "webp", "avif"):
        low, high = (
            write(tmp_path / "a.png", format=file_format, quality=q).path.stat().st_size
            for q in (40, 95)
        )
        assert low < high


def test_many_crops_from_one_decode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import cropcore.export.export as module

    calls = []
    monkeypatch.setattr(module, "decode", lambda p: calls.append(p) or decode(p))
    photo = read_photo(maker.full_jpeg(tmp_path / "a.jpg"))
    picks = [Pick(Crop((0, 0, 0.5 + i / 10, 1)), FREE, i + 1, i + 1) for i in range(3)]
    options = ExportOptions(template="{n:02}_{name}_{rank}")
    names = [done.path.name for done in export_crops(photo, picks, options)]
    assert names == ["01_a_1.jpg", "02_a_2.jpg", "03_a_3.jpg"]
    assert len(calls) == 1


@pytest.mark.parametrize("text", ["0x5", "5x0", "12 by 4", "", "x", "-3", "99999", "1e3"])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(OptionError):
        Size.parse(text)


@pytest.mark.parametrize("text", ["short:0", "short 70000", "0MP", "0,0 MP", "9999MP", "12 mpp"])
def test_sizes_of_a_side_or_an_area_that_are_none(text: str) -> None:
    with pytest.raises(OptionError):
        Size.parse(text)


@pytest.mark.parametrize(
    ("text", "wide", "tall", "written"),
    [
        ("1200", (1200, 800), (800, 1200), "1200"),
        ("long:1200 px", (1200, 800), (800, 1200), "1200"),
        ("short:800", (1200, 800), (800, 1200), "short:800"),
        ("Short 800", (1200, 800), (800, 1200), "short:800"),
        ("0.96MP", (1200, 800), (800, 1200), "0.96MP"),
        ("0,96 megapixels", (1200, 800), (800, 1200), "0.96MP"),
        ("1200x800", (1200, 800), (1200, 800), "1200x800"),
        ("6x4in@200", (1200, 800), (800, 1200), "6x4in@200"),
    ],
)
def test_every_form_of_a_size(
    text: str, wide: tuple[int, int], tall: tuple[int, int], written: str
) -> None:
    size = Size.parse(text)
    assert size.for_ratio(1.5) == wide
    assert size.for_ratio(1 / 1.5) == tall
    assert str(size) == written
    assert Size.parse(written) == size


@pytest.mark.parametrize(
    ("size", "ppi", "warned"), [("6x4in@300", 100, True), ("3x2in", 200, False)]
)
def test_a_print_warns_where_its_pixels_are_few_and_says_how_it_is_printed(
    tmp_path: Path, size: str, ppi: int, warned: bool
) -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296] = 72.0, 72.0, 2
    Image.new("RGB", (600, 400), "teal").save(tmp_path / "a.jpg", exif=exif, dpi=(72, 72))
    done = write(tmp_path / "a.jpg", Crop(), aspect=Aspect.parse("3:2"), size=Size.parse(size))
    said = f"has {ppi} pixels per inch; below 150 it looks soft."
    assert any(said in str(text) for text in done.warnings) == warned
    assert not any("Enlarged" in str(text) for text in done.warnings)
    with Image.open(done.path) as written:
        assert written.size == Size.parse(size).for_ratio(1.5)
        assert written.info["dpi"] == (300, 300)
        assert written.getexif().get(282) is None


@pytest.mark.parametrize("text", ["1080x1350", "2048"])
def test_sizes_read_back(text: str) -> None:
    assert str(Size.parse(text)) == text
    assert Size.parse(f" {text.replace('x', ' × ')} ") == Size.parse(text)


@pytest.mark.parametrize(
    "wrong",
    [{"format": "gif"}, {"quality": 0}, {"quality": 101}, {"metadata": "some"},
     {"background": (1, 2, 300)}],
)  # fmt: skip
def test_options_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        ExportOptions(**wrong)
