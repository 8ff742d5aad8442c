"""Kinds of files that are seldom met: what is exported, what is said, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, features

from cropcore.cli.main import main
from cropcore.errors import CropsightError, PhotoError
from cropcore.export.export import Exported, export_crop
from cropcore.export.options import ExportOptions
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import decode, decode_16_bit, read_photo
from cropcore.metadata.metadata import read_metadata
from tests.cropcore.helpers import photo_maker as maker

FREE = Aspect("free")
PART = Crop((0.25, 0.25, 0.75, 0.75))


def cut(path: Path, out: Path, **options: object) -> Exported:
    return export_crop(read_photo(path), PART, FREE, ExportOptions(folder=out, **options))  # type: ignore[arg-type]


# --- several pictures in one file -------------------------------------------------------------


def pictures() -> list[Image.Image]:
    return [
        Image.new("RGB", (64, 48), colour) for colour in ((200, 30, 30), (30, 200, 30), (0, 0, 9))
    ]


KINDS = {
    "WEBP": (".webp", {"lossless": True}, "Animated, 3 frames: the first is used."),
    "PNG": (".png", {}, "Animated, 3 frames: the first is used."),
    "TIFF": (".tif", {}, "3 pages: the first is used."),
    "MPO": (".jpg", {"quality": 95, "subsampling": 0}, "3 pictures: the first is used."),
    "HEIF": (".heic", {"quality": 95}, "3 pictures: the main one is used."),
    "AVIF": (".avif", {"quality": 95}, "Animated, 3 frames: the first is used."),
}


def several(folder: Path, kind: str) -> tuple[Path, str]:
    suffix, how, note = KINDS[kind]
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    first, *rest = pictures()
    path = folder / f"several{suffix}"
    first.save(path, kind, save_all=True, append_images=rest, **how)
    return path, note


@pytest.mark.parametrize("kind", KINDS)
def test_of_several_pictures_the_first_is_used_and_said(tmp_path: Path, kind: str) -> None:
    path, note = several(tmp_path, kind)
    photo = read_photo(path)
    assert (photo.frames, [str(n) for n in photo.notes]) == (3, [note])
    done = cut(path, tmp_path / "out")
    with Image.open(done.path) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert np.allclose(image.convert("RGB").getpixel((5, 5)), (200, 30, 30), atol=6)


def test_the_main_picture_of_a_heic_need_not_be_the_first(tmp_path: Path) -> None:
    pytest.importorskip("pillow_heif").register_heif_opener()
    first, *rest = pictures()
    path = tmp_path / "burst.heic"
    first.save(path, "HEIF", save_all=True, append_images=rest, primary_index=1, quality=95)
    assert np.allclose(decode(read_photo(path)).getpixel((5, 5)), (30, 200, 30), atol=6)


def test_a_gain_map_behind_a_jpeg_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "phone.jpg"
    first = Image.new("RGB", (64, 48), (200, 30, 30))
    first.save(path, "MPO", save_all=True, append_images=[Image.new("RGB", (16, 12))])
    assert read_photo(path).notes == ()


def test_a_damaged_further_picture_costs_nothing(tmp_path: Path) -> None:
    path, _ = several(tmp_path, "MPO")
    path.write_bytes(path.read_bytes()[:-900])
    photo = read_photo(path)
    assert decode(photo).size == (64, 48)


@pytest.mark.parametrize("kind", ["WEBP", "TIFF"])
def test_the_commands_say_it_on_standard_error(
    tmp_path: Path, kind: str, installed_engine: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path, note = several(tmp_path, kind)
    assert main(["crop", str(path), "--json", "-"]) == 0
    told = capsys.readouterr()
    assert note in told.err
    assert note not in told.out
    report = tmp_path / "report"
    order = ["batch", "1:1", str(path), "--out", str(tmp_path / "out"), "--report", str(report)]
    assert main(order) == 0
    assert note in capsys.readouterr().err
    assert note in (report / "report.html").read_text(encoding="utf-8")


def test_a_gif_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    pictures()[0].save(path)
    with pytest.raises(PhotoError) as error:
        read_photo(path)
    assert "not a photo that Cropsight can read" in str(error.value)


# --- HEIC in and out --------------------------------------------------------------------------


@pytest.fixture
def heic(tmp_path: Path) -> Path:
    pytest.importorskip("pillow_heif").register_heif_opener()
    path = tmp_path / "phone.heic"
    exif = maker.exif_block()
    icc = maker.icc_profile(name="Wide")
    maker.image("RGB", 320, 200).save(
        path, "HEIF", quality=95, exif=b"Exif\0\0" + exif, xmp=maker.PLAIN_XMP, icc_profile=icc
    )
    return path


def test_heic_stays_heic_with_profile_and_metadata(heic: Path, tmp_path: Path) -> None:
    source = read_photo(heic)
    done = cut(heic, tmp_path / "out")
    assert done.path.suffix == ".heic"
    assert not done.warnings
    photo, metadata = read_photo(done.path), read_metadata(done.path)
    assert (photo.format, photo.width, photo.height) == ("HEIF", 160, 100)
    assert photo.icc == source.icc
    assert photo.icc is not None
    assert maker.DESCRIPTION in metadata.exif
    assert metadata.taken == "2024-05-17"
    assert b"Jos" in metadata.xmp
    inside = np.asarray(decode(source).crop((80, 50, 240, 150)), float)
    assert np.abs(np.asarray(decode(photo), float) - inside).mean() < 4


def test_quality_of_heic(heic: Path, tmp_path: Path) -> None:
    sizes = [cut(heic, tmp_path / str(q), quality=q).path.stat().st_size for q in (20, 60, 95)]
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("file_format", ["jpeg", "png", "webp", "tiff"])
def test_heic_to_other_formats_and_back(heic: Path, tmp_path: Path, file_format: str) -> None:
    done = cut(heic, tmp_path / "out", format=file_format)
    photo = read_photo(done.path)
    assert (photo.width, photo.height) == (160, 100)
    assert photo.icc == read_photo(heic).icc
    again = cut(done.path, tmp_path / "again", format="heic")
    assert read_photo(again.path).icc == photo.icc
    assert maker.DESCRIPTION in read_metadata(again.path).exif


def test_without_the_extra_one_sentence_says_what_to_install(
    heic: Path,
    tmp_path: Path,
    installed_engine: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    jpeg = maker.full_jpeg(tmp_path / "a.jpg")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    sentence = "HEIC needs the package pillow-heif. Install it with: pip install 'cropsight[heic]'"
    assert main(["crop", str(heic)]) == 1
    assert sentence in capsys.readouterr().err
    out = tmp_path / "out"
    assert main(["crop", str(jpeg), "--out", str(out), "--format", "heic"]) == 1
    assert sentence in capsys.readouterr().err
    assert list(out.iterdir()) == []


# --- depth and profiles -----------------------------------------------------------------------


@pytest.mark.parametrize("source", ["png", "tiff"])
@pytest.mark.parametrize("target", ["keep", "png", "tiff"])
def test_sixteen_bits_and_a_wide_profile_stay(tmp_path: Path, source: str, target: str) -> None:
    pixels = maker.scene(96, 64, 3, 16)
    icc = maker.icc_profile(gamma=1.8, name="ProPhoto like")
    path = tmp_path / f"deep.{source}"
    if source == "png":
        import zlib

        packed = b"Wide\0\0" + zlib.compress(icc)
        path.write_bytes(maker.png16(pixels, maker.chunk(b"iCCP", packed)))
    else:
        tifffile.imwrite(path, pixels, photometric="rgb", iccprofile=icc)
    done = cut(path, tmp_path / "out", format=target)
    photo = read_photo(done.path)
    assert (photo.bits, photo.icc) == (16, icc)
    assert (decode_16_bit(photo) == pixels[16:48, 24:72]).all()


# --- odd modes --------------------------------------------------------------------------------


def odd(folder: Path, kind: str) -> Path:
    rgb = maker.image("RGB")
    path = folder / f"odd.{'tif' if kind in ('cmyk tiff', 'lab', 'i;16') else 'png'}"
    if kind == "cmyk tiff":
        rgb.convert("CMYK").save(path)
    elif kind == "cmyk jpeg":
        path = folder / "odd.jpg"
        rgb.convert("CMYK").save(path, quality=95)
    elif kind == "la":
        maker.image("LA").save(path)
    elif kind == "palette with transparency":
        palette = rgb.quantize(32)
        palette.save(path, transparency=palette.getpixel((40, 30)))
    elif kind == "i;16":
        Image.fromarray(maker.scene(96, 64, 1, 16)[..., 0]).save(path)
    elif kind == "1-bit":
        rgb.convert("1").save(path)
    elif kind == "lab":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        srgb = ImageCms.createProfile("sRGB")
        lab = ImageCms.profileToProfile(rgb, srgb, profile, outputMode="LAB")
        assert lab is not None
        lab.save(path, icc_profile=profile.tobytes())
    return path


ODD = ("cmyk tiff", "cmyk jpeg", "la", "palette with transparency", "i;16", "1-bit", "lab")


@pytest.mark.parametrize("target", ["keep", "jpeg", "png", "webp", "tiff"])
@pytest.mark.parametrize("kind", ODD)
def test_odd_modes_are_exported_rightly(tmp_path: Path, kind: str, target: str) -> None:
    path = odd(tmp_path, kind)
    photo = read_photo(path)
    done = cut(path, tmp_path / "out", format=target)
    shown = read_photo(done.path)
    assert (shown.width, shown.height) == (48, 32)
    assert shown.bits == (16 if kind == "i;16" and target in ("keep", "png", "tiff") else 8)
    keeps_alpha = photo.has_alpha and target != "jpeg"
    assert shown.has_alpha == keeps_alpha

    def seen(image: Image.Image) -> np.ndarray:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"), float)

    before = seen(decode(photo).crop((24, 16, 72, 48)))
    limit = 8 if target in ("jpeg", "webp") or path.suffix == ".jpg" else 1.5
    if kind.startswith("cmyk") and target in ("png", "webp"):
        limit = 12  # Pillow's plain conversion beside the managed one
    assert np.abs(seen(decode(shown)) - before).mean() < limit


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.int32, np.uint32])
def test_values_without_a_white_are_refused_in_one_sentence(
    tmp_path: Path, kind: type, installed_engine: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.tif"
    tifffile.imwrite(path, np.ones((64, 96), kind))
    with pytest.raises(CropsightError):
        read_photo(path)
    assert main(["crop", str(path)]) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if "odd.tif" in line]
    assert len(told) == 1


def test_float_rgb_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "hdr.tif"
    tifffile.imwrite(path, np.ones((64, 96, 3), np.float32), photometric="rgb")
    with pytest.raises(PhotoError) as error:
        read_photo(path)
    assert "\n" not in str(error.value)
