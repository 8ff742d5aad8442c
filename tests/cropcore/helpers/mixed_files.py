"""Folders of photos as people have them: many kinds, sizes, turns, profiles and names; some damaged."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, features

from tests.cropcore.helpers.photo_maker import DESCRIPTION, exif_block, icc_profile, png16, turned

SIZES = ((640, 0.55), (1600, 0.3), (2600, 0.12), (6000, 0.03))
"""Long sides in pixels, and the share of the files that have them."""

_NAMES = (
    "photo_{0}",
    "DSC0{0}",
    "holiday in {0} words",
    "Zürich Straße {0}",
    "写真 {0}",
    'it\'s "{0}" & #1 100%20',
    "-{0}",
    "dots.in.the.name.{0}",
    "very long " + "name " * 36 + "{0}",
)


@dataclass(frozen=True, slots=True)
class MixedFile:
    """One file, and what is true of it; ``width`` and ``height`` are those of the upright photo.

    ``damage`` says what is wrong with it, nothing where nothing is.
    """

    path: Path
    width: int
    height: int
    bits: int
    profile: bytes | None
    damage: str


def make_mixed(
    folder: Path, count: int, pictures: Sequence[Path], seed: int = 0, largest: int = 6000
) -> list[MixedFile]:
    """Write ``count`` files into ``folder`` and folders below it, one in twenty of them damaged.

    ``pictures`` lend their pixels; long sides are at most ``largest``. The same ``seed`` makes the
    same files.
    """
    dice = random.Random(seed)
    kinds = [*_KINDS]
    if "heic" not in _registered():
        kinds.remove("heic")
    if not features.check("avif"):
        kinds.remove("avif")
    files = []
    for i in range(count):
        place = folder / f"{i % 7} days" if i % 3 else folder
        place.mkdir(parents=True, exist_ok=True)
        kind = kinds[i % len(kinds)]
        made = _make(place, i, kind, pictures[dice.randrange(len(pictures))], largest, dice)
        files.append(_damaged(made, dice) if i % 20 == 11 else made)
    return files


def _registered() -> set[str]:
    try:
        import pillow_heif  # noqa: F401
    except ImportError:
        return set()
    return {"heic"}


def _make(
    folder: Path, number: int, kind: str, picture: Path, largest: int, dice: random.Random
) -> MixedFile:
    suffix, bits, sixteen_side, encode = _KINDS[kind]
    side = min(dice.choices([s for s, _ in SIZES], [w for _, w in SIZES])[0], largest)
    side = min(side, sixteen_side)
    with Image.open(picture) as opened:
        image = opened.convert("L" if kind == "grey" else "RGB")
    scale = side / max(image.size)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    pixels = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    orientation = dice.choice((1, 1, 1, 3, 6, 8, dice.randint(1, 8)))
    if kind in ("heic", "avif"):  # these keep the turn elsewhere
        orientation = 1
    stored = turned(pixels, orientation)
    high, wide = pixels.shape[:2]
    has_exif = orientation != 1 or dice.random() < 0.7
    exif = exif_block(orientation, stored.shape[1], stored.shape[0]) if has_exif else b""
    profile = None
    if kind not in ("cmyk", "png16", "webp alpha", "palette") and dice.random() < 0.5:
        profile = icc_profile("GRAY" if kind == "grey" else "RGB", 2.2, f"Mixed {number % 3}")
    if kind in ("png16", "palette"):
        # Written without EXIF: a turn would be lost.
        stored, exif = pixels, b""
    name = _NAMES[number % len(_NAMES)].format(number)
    path = folder / (name + (suffix.upper() if number % 11 == 0 else suffix))
    path.write_bytes(encode(stored, exif, profile))
    return MixedFile(path, wide, high, bits, profile, "")


def _saved(
    image: Image.Image, form: str, exif: bytes, profile: bytes | None, **more: object
) -> bytes:
    buffer = io.BytesIO()
    if exif:
        more["exif"] = b"Exif\0\0" + exif
    if profile:
        more["icc_profile"] = profile
    image.save(buffer, form, **more)
    return buffer.getvalue()


def _jpeg(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels), "JPEG", exif, profile, quality=88)


def _progressive(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    image = Image.fromarray(pixels)
    return _saved(image, "JPEG", exif, profile, quality=95, progressive=True, subsampling=0)


def _cmyk(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels).convert("CMYK"), "JPEG", exif, profile, quality=92)


def _png(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels), "PNG", exif, profile, compress_level=1)


def _palette(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels).quantize(128), "PNG", exif, profile, compress_level=1)


def _png16(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return png16(pixels.astype(np.uint16) * 257)


def _tiff(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    import tifffile

    buffer = io.BytesIO()
    tags: list[tuple[int, int, int, int | bytes, bool]] = []
    if exif:
        text = DESCRIPTION + b"\0"
        tags = [(274, 3, 1, _orientation_of(exif), True), (270, 2, len(text), text, True)]
    tifffile.imwrite(
        buffer, pixels, photometric="rgb", iccprofile=profile, extratags=tags, metadata=None
    )
    return buffer.getvalue()


def _tiff16(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _tiff(pixels.astype(np.uint16) * 257, exif, profile)


def _orientation_of(exif: bytes) -> int:
    read = Image.Exif()
    read.load(b"Exif\0\0" + exif)
    return int(read[274])


def _webp(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels), "WEBP", exif, profile, quality=85, method=0)


def _webp_alpha(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    image = Image.fromarray(pixels)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return _saved(image, "WEBP", exif, profile, lossless=True, method=0)


def _avif(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    return _saved(Image.fromarray(pixels), "AVIF", exif, profile, quality=75, speed=10)


def _heic(pixels: np.ndarray, exif: bytes, profile: bytes | None) -> bytes:
    import pillow_heif

    file = pillow_heif.from_pillow(Image.fromarray(pixels))
    buffer = io.BytesIO()
    more = {"exif": b"Exif\0\0" + exif} if exif else {}
    if profile:
        file.info["icc_profile"] = profile
    file.save(buffer, quality=80, **more)
    return buffer.getvalue()


_Encode = Callable[[np.ndarray, bytes, bytes | None], bytes]
_KINDS: dict[str, tuple[str, int, int, _Encode]] = {
    "jpeg": (".jpg", 8, 10_000, _jpeg),
    "progressive": (".jpeg", 8, 10_000, _progressive),
    "grey": (".jpg", 8, 10_000, _jpeg),
    "png": (".png", 8, 2600, _png),
    "cmyk": (".jpg", 8, 10_000, _cmyk),
    "png16": (".png", 16, 1200, _png16),
    "plain": (".jpg", 8, 10_000, _jpeg),
    "tiff": (".tif", 8, 2600, _tiff),
    "tiff16": (".tiff", 16, 2600, _tiff16),
    "webp": (".webp", 8, 2600, _webp),
    "webp alpha": (".webp", 8, 1200, _webp_alpha),
    "avif": (".avif", 8, 1600, _avif),
    "heic": (".heic", 8, 1600, _heic),
    "palette": (".png", 8, 1600, _palette),
}
"""By name: the ending, bits a channel, the largest long side, and how it is written."""


def _damaged(file: MixedFile, dice: random.Random) -> MixedFile:
    whole = file.path.read_bytes()
    damages = {
        "empty": b"",
        "cut off": whole[: len(whole) // 2],
        "cut off in its head": whole[:40],
        "text": b"This is a shopping list: bread, butter, film.\n",
        "zeros": bytes(len(whole)),
        "noise": whole[:4] + dice.randbytes(4000),
    }
    damage = dice.choice([*damages])
    file.path.write_bytes(damages[damage])
    return MixedFile(file.path, 0, 0, file.bits, None, damage)
