"""Reads back what was exported of a mixed folder and says everything that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from cropcore.geometry.aspect import Aspect
from cropcore.images.photo import read_photo
from cropcore.images.photo_file import require_heif
from tests.cropcore.helpers.mixed_files import MixedFile
from tests.cropcore.helpers.photo_maker import THUMBNAIL

_SAMPLE = 48
_SAME = 12
"""Mean difference, of 255, that two lossy versions of one picture may have."""


def faults(files: Sequence[MixedFile], told: Mapping[str, Any], out: Path) -> Iterator[str]:
    """What is wrong with a batch of one crop for each photo, by its JSON and the files in ``out``."""
    if any(file.path.suffix.lower() == ".heic" for file in files):
        require_heif(out)
    photos = {entry["file"]: entry for entry in told["photos"]}
    failed = {failure["file"]: failure["error"] for failure in told["failures"]}
    outputs: set[str] = set()
    for file in files:
        name = str(file.path)
        if file.damage:
            if name not in failed:
                yield f"{name}: {file.damage}, but no failure is named"
            if name in photos:
                yield f"{name}: {file.damage}, and yet there is a result"
            continue
        if name in failed:
            yield f"{name}: failed: {failed[name]}"
            continue
        if name not in photos:
            yield f"{name}: nothing is said of it"
            continue
        entry = photos[name]
        if (entry["width"], entry["height"]) != (file.width, file.height):
            yield f"{name}: {entry['width']} x {entry['height']}, not {file.width} x {file.height}"
        for result in entry["results"]:
            for candidate in result["candidates"]:
                output = Path(candidate["output"])
                if output.name in outputs:
                    yield f"{name}: {output.name} is the output of another photo too"
                outputs.add(output.name)
                for fault in _faults_of(file, result["aspect"], candidate, output):
                    yield f"{name}: {output.name}: {fault}"
    for path in out.iterdir():
        if path.name not in outputs and not path.name.startswith("."):
            yield f"{path.name}: nobody knows where it comes from"
        if path.name.endswith(".cropsight-part"):
            yield f"{path.name}: a part was left behind"


def _faults_of(
    file: MixedFile, aspect: str, candidate: Mapping[str, Any], output: Path
) -> Iterator[str]:
    left, top, right, bottom = candidate["pixels"]
    with Image.open(output) as image:
        image.load()
        if image.size != (right - left, bottom - top):
            yield f"size {image.size}, not {right - left} x {bottom - top}"
        ratio = Aspect.parse(aspect.replace("x", ":")).ratio_for(file.width, file.height)
        if ratio is not None and abs(image.width - image.height * ratio) > max(1.0, ratio):
            yield f"ratio {image.width / image.height}, not {ratio}"
        if file.profile is not None and image.info.get("icc_profile") != file.profile:
            yield "another colour profile"
        exif = image.getexif()
        if exif.get(0x0112, 1) != 1:
            yield f"orientation {exif[0x0112]}"
        description = exif.get(0x010E)
        cut = np.asarray(_small(image), np.float64)
    if THUMBNAIL in output.read_bytes():
        yield "the thumbnail of the whole photo is still in it"
    if read_photo(output).bits != file.bits:
        yield f"{read_photo(output).bits} bits, not {file.bits}"
    with Image.open(file.path) as source:
        if description != (told := source.getexif().get(0x010E)):
            yield f"description {description!r}, not {told!r}"
        whole = ImageOps.exif_transpose(source)
        box = tuple(candidate["pixels"])
        expected = np.asarray(_small(whole.crop(box)), np.float64)
    far = float(np.abs(cut - expected).mean())
    if far > _SAME:
        yield f"its pixels are not those of the crop (they differ by {far:.0f} of 255)"


def _small(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) // 257).astype(np.uint8))
    return image.convert("RGB").resize((_SAMPLE, _SAMPLE), Image.Resampling.BOX)
