"""Everything that reads a file which somebody else may have written, with a corpus made by code.

A reader is right where it reads, or refuses by a typed error that has a sentence; anything else that it
raises is a crash.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import tifffile
from PIL import Image

from cropcore.batch.journal import NAME as JOURNAL
from cropcore.batch.journal import Journal
from cropcore.batch.preset import Preset, read_preset
from cropcore.batch.review_record import left_behind
from cropcore.errors import CropsightError
from cropcore.evaluation.annotations import read_annotations
from cropcore.geometry.aspect import Aspect
from cropcore.images.gain_map import read_gain_map
from cropcore.images.photo import decode, net_pixels, read_photo
from cropcore.interop.find_crop import find_crop
from cropcore.metadata.metadata import read_metadata, revised_metadata, time_taken
from cropcore.models.weights import read_record
from cropcore.sidecar.sidecar import content_digest
from cropcore.sidecar.store import SidecarStore
from tests.cropcore.helpers import foreign_maker, gain_map_maker
from tests.cropcore.helpers import photo_maker as maker

Read = Callable[[bytes, Path], object]
"""Reads a file's content, given an empty folder to put it into."""


@dataclass(frozen=True)
class Reader:
    """One reader: the files that it is tried on, and what it does with one."""

    name: str
    corpus: Callable[[Path], list[bytes]]
    read: Read


class Refused(Exception):  # noqa: N818 - it is no error, but the right answer
    """The reader refused by a typed error."""


def _photos(folder: Path) -> list[bytes]:
    image = maker.image(width=72, height=48)
    files = [
        maker.full_jpeg(folder / "a.jpg", 6).read_bytes(),
        maker.saved(image, "JPEG", progressive=True),
        maker.full_png(folder / "a.png", 5).read_bytes(),
        maker.png16(maker.scene(40, 30, bits=16)),
        maker.saved(maker.image("P", 40, 30), "PNG"),
        maker.saved(image, "WEBP", exif=b"Exif\0\0" + maker.exif_block(3), xmp=maker.XMP),
        maker.saved(image, "TIFF", compression="tiff_lzw"),
        maker.saved(maker.image("CMYK", 40, 30), "TIFF"),
        maker.saved(image, "AVIF", exif=b"Exif\0\0" + maker.exif_block(8)),
        _mpo(image),
    ]
    for kind in get_args(gain_map_maker.Kind):
        file = gain_map_maker.hdr_jpeg(folder / "hdr.jpg", image, maker.image("L", 18, 12), kind)
        files.append(file.read_bytes())
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, maker.scene(40, 30, bits=16), photometric="rgb", compression="zlib")
    files.append(buffer.getvalue())
    points = b"".join(
        maker.chunk(name, data)
        for name, data in ((b"cICP", b"\x09\x10\0\1"), (b"gAMA", struct.pack(">I", 45455)))
    )
    files.append(files[2][:33] + points + files[2][33:])
    try:
        import pillow_heif
    except ImportError:
        return files
    pillow_heif.register_heif_opener()
    files.append(maker.saved(image, "HEIF", exif=b"Exif\0\0" + maker.exif_block(1), xmp=maker.XMP))
    return files


def _mpo(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "MPO", save_all=True, append_images=[image])
    return file.getvalue()


def _read_photo(data: bytes, folder: Path) -> None:
    path = folder / "photo.x"
    path.write_bytes(data)
    photo = read_photo(path)
    metadata = read_metadata(path)
    time_taken(path)
    for keep in ("all", "no-location"):
        revised_metadata(metadata, 10, 10, keep)  # type: ignore[arg-type]
    decode(photo, 64)
    net_pixels(photo)
    gain_map = read_gain_map(photo) if photo.gain_map and photo.format == "JPEG" else None
    if gain_map is not None:
        whole = photo.width, photo.height
        gain_map.cut_stored(whole, (0, 0, *whole)).encoded()


def _sidecars(folder: Path) -> list[bytes]:
    photo = folder / "p.jpg"
    photo.write_bytes(maker.saved(maker.image(), "JPEG"))
    digest, length = content_digest(photo)
    crop = {"id": "i", "box": [0.1, 0.1, 0.9, 0.9], "shape": "rect", "angle": 1.5, "aspect": "4:5"}
    crop["changes"] = [{"what": "drawn", "at": "2024-01-01T00:00:00Z"}]
    facts = {"file": "p.jpg", "width": 96, "height": 64, "bytes": length, "digest": digest}
    whole = {
        "schema": 1,
        "photo": facts,
        "crops": [crop],
        "removed": {"j": "2024-01-01T00:00:00Z"},
        "flag": {"value": "pick", "at": "2024-01-01T00:00:00Z"},
        "protect": {"value": [[0.1, 0.1, 0.2, 0.2]], "at": "2024-01-01T00:00:00Z"},
        "other": {"kept": [1, None, "x"]},
    }
    return [json.dumps(whole).encode(), json.dumps(whole, indent=1).encode()]


def _read_sidecar(data: bytes, folder: Path) -> None:
    photo = folder / "p.jpg"
    photo.write_bytes(maker.saved(maker.image(), "JPEG"))
    Path(f"{photo}.cropsight.json").write_bytes(data)
    store = SidecarStore(folder / "library", beside=True)
    found = store.load(photo)
    if found.sidecar is not None:
        store.save(photo, found.sidecar)


def _presets(folder: Path) -> list[bytes]:
    preset = Preset("A preset", (Aspect.parse("4:5"), Aspect.parse("circle")), k=3, min_pixels=100)
    return [preset.to_json().encode(), Preset.of_aspect(Aspect.parse("1:1")).to_json().encode()]


def _read_preset(data: bytes, folder: Path) -> None:
    path = folder / "preset.json"
    path.write_bytes(data)
    Preset.from_json(read_preset(path).to_json())


def _journals(folder: Path) -> list[bytes]:
    line = {
        "photo": "/a.jpg",
        "size": 3,
        "mtime_ns": 5,
        "preset": "d",
        "aspect": "4x5",
        "width": 40,
        "height": 30,
        "result": {"aspect": "4x5", "method": "cascade", "confidence": 0.5, "candidates": []},
        "files": [["a_4x5_1.jpg", 10]],
    }
    text = json.dumps(line).encode() + b"\n"
    return [text, text * 3, b"\n" + text + text[:40]]


def _read_journal(data: bytes, folder: Path) -> None:
    (folder / JOURNAL).write_bytes(data)
    Journal(folder).knows("d")


def _reviews(folder: Path) -> list[bytes]:
    preset = json.loads(Preset.of_aspect(Aspect.parse("1:1")).to_json())
    head = {"schema": 1, "preset": preset, "folder": "/out"}
    verdict = {"n": 1, "accepted": True, "box": [0.1, 0.1, 0.5, 0.6]}
    return [b"\n".join(json.dumps(one).encode() for one in (head, verdict)) + b"\n"]


def _read_review(data: bytes, folder: Path) -> None:
    for ending in (".review", ".jsonl", ".json"):
        (folder / f"0{ending}").write_bytes(data)
    for left in left_behind(folder):
        left.found()


def _records(folder: Path) -> list[bytes]:
    shipped = Path(__file__).parents[2] / "weights"
    return [path.read_bytes() for path in sorted(shipped.glob("*.json"))]


def _read_weights_record(data: bytes, folder: Path) -> None:
    (folder / "gaic.json").write_bytes(data)
    (folder / "gaic.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}      ")
    read_record("gaic", folder)


def _annotations(folder: Path) -> list[bytes]:
    one = {"width": 40, "height": 30, "best_crop": [0, 0, 1, 1], "crops": [[0, 0, 0.5, 0.5]]}
    pair = {"a": [0, 0, 1, 1], "b": [0, 0, 0.5, 1], "votes_a": 4, "votes_b": 1}
    more = {**one, "mos": [3.5], "pairs": [pair], "fixations": [[[0.5, 0.5]]]}
    return [json.dumps({"a.jpg": one, "b.jpg": more}).encode()]


def _read_annotations(data: bytes, folder: Path) -> None:
    path = folder / "train.json"
    path.write_bytes(data)
    read_annotations(path)


def _packets(folder: Path) -> list[bytes]:
    crop = {"HasCrop": "True", "CropLeft": "0.1", "CropTop": "0.2", "CropRight": "0.8"}
    crop |= {"CropBottom": "0.9", "CropAngle": "-3.5"}
    tiff = {"ImageWidth": "600", "ImageLength": "400", "Orientation": "6"}
    styles = (foreign_maker.adobe_style, foreign_maker.element_style, foreign_maker.exiftool_style)
    return [style({**foreign_maker.other_settings(5), **crop}, tiff) for style in styles]


def _pp3(folder: Path) -> list[bytes]:
    text = (
        "[Version]\nAppVersion=5.9\nVersion=349\n\n[Crop]\nEnabled=true\nX=10\nY=20\nW=300\nH=200\n"
    )
    return [text.encode(), (text + "\n[Rotation]\nDegree=-2.5\n").replace("\n", "\r\n").encode()]


def _reader_beside(name: str) -> Read:
    photo = maker.saved(maker.image(), "JPEG")

    def read(data: bytes, folder: Path) -> None:
        path = folder / "p.jpg"
        path.write_bytes(photo)
        (folder / name).write_bytes(data)
        find_crop(read_photo(path))

    return read


READERS = [
    Reader("photo", _photos, _read_photo),
    Reader("sidecar", _sidecars, _read_sidecar),
    Reader("preset", _presets, _read_preset),
    Reader("journal", _journals, _read_journal),
    Reader("review", _reviews, _read_review),
    Reader("weights record", _records, _read_weights_record),
    Reader("annotations", _annotations, _read_annotations),
    Reader("XMP sidecar", _packets, _reader_beside("p.xmp")),
    Reader("darktable sidecar", _packets, _reader_beside("p.jpg.xmp")),
    Reader("RawTherapee sidecar", _pp3, _reader_beside("p.jpg.pp3")),
]


def attempt(reader: Reader, data: bytes, folder: Path) -> None:
    """Let a reader read; its own refusals become :class:`Refused`.

    Raises:
        Refused: a typed error with a sentence.
        Exception: anything else, which is a crash.
    """
    try:
        with np.errstate(all="ignore"):
            reader.read(data, folder)
    except CropsightError as error:
        if not str(error).strip():
            raise
        raise Refused(str(error)) from None
