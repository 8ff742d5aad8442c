"""Exports a crop of every sample in a folder, and compares pixels and tags with what other programs read.

    python -m tests.e2e.real_samples FOLDER --work FOLDER

Good samples are the test pictures of imaging libraries: their source archives hold hundreds, of every kind and
damage. Pixels are compared with Pillow's, those of 16-bit TIFFs with tifffile's, those of 16-bit PNGs with
OpenCV's; tags with ExifTool's where it is installed. Prints how many files came to what, and ends with 1
where one of them is wrong: an error that is no sentence, other pixels or lost tags of which nothing is told.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps

from cropcore.errors import CropsightError, FileError
from cropcore.export.export import Exported, ExportOptions, export_crop
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo, read_photo
from cropcore.images.photo_file import require_heif
from cropcore.images.render import plan

CROP, FREE = Crop((0.13, 0.11, 0.87, 0.93)), Aspect("free")
LOSSLESS = ("PNG", "TIFF")
_FAR = 12.0
"""Mean difference, of 255, that two lossy versions of a noisy picture may have."""
_TINY = 16
_GROUPS = ("IFD0", "ExifIFD", "GPS", "InteropIFD", "IPTC", "PNG", "XMP-", "ICC", "File:Comment")
# What says how pixels are stored, what a crop must change, and what ExifTool works out by itself.
_NOT_COMPARED = {
    *("ImageWidth", "ImageHeight", "ExifImageWidth", "ExifImageHeight", "BitsPerSample"),
    *("Compression", "PhotometricInterpretation", "StripOffsets", "StripByteCounts", "Predictor"),
    *("RowsPerStrip", "SamplesPerPixel", "PlanarConfiguration", "Orientation", "Software"),
    *("TileWidth", "TileLength", "TileOffsets", "TileByteCounts", "YCbCrSubSampling", "FillOrder"),
    *("YCbCrPositioning", "YCbCrCoefficients", "ReferenceBlackWhite", "SampleFormat", "ColorMap"),
    *("ExtraSamples", "JPEGTables", "SubfileType", "OldSubfileType", "PageNumber", "InkSet"),
    *("ModifyDate", "MetadataDate", "Thresholding", "CellWidth", "CellLength", "T4Options"),
    *("T6Options", "PageName", "XPosition", "YPosition", "DocumentName", "Warning", "BitDepth"),
    *("ColorType", "Filter", "Interlace", "Palette", "Transparency", "PixelsPerUnitX"),
    *("PixelsPerUnitY", "PixelUnits", "Gamma", "BackgroundColor", "SignificantBits", "NumColors"),
    *("WhitePointX", "WhitePointY", "RedX", "RedY", "GreenX", "GreenY", "BlueX", "BlueY"),
    *("SRGBRendering", "ProfileName", "HasExtendedXMP", "XMPToolkit", "Thumbnail", "SubjectArea"),
    *("ThumbnailOffset", "ThumbnailLength", "ThumbnailImage", "MakerNoteUnknown", "TransferFunction"),
    *("GrayResponseUnit", "GrayResponseCurve", "FreeOffsets", "FreeByteCounts", "PaletteHistogram"),
    *("AnimationFrames", "AnimationPlays", "ImageOffset", "VirtualImageWidth", "VirtualPageUnits"),
    *("VirtualImageHeight", "SMinSampleValue", "SMaxSampleValue", "MinSampleValue", "WhitePoint"),
    *("PreviewImageStart", "PreviewImageLength", "PreviewImage", "OtherImageStart"),
    *("OtherImageLength", "OtherImage", "SubSecTime", "OffsetTime", "Exif", "ICC_Profile"),
    *("CropTop", "CropLeft", "CropBottom", "CropRight", "CropAngle", "HasCrop", "Directory"),
    *("CropConstrainToWarp", "CropUnits", "CropUnit", "CropWidth", "CropHeight"),
    *("MaxSampleValue", "HalftoneHints", "PrimaryChromaticities", "ImageSourceData", "NumberofInks"),
}  # fmt: skip


@dataclass
class Found:
    """What a sample came to: kinds of outcomes, with the sample's name for each."""

    kinds: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, name: str, kind: str, wrong: bool = False) -> None:
        """Note an outcome of a sample."""
        (self.wrong if wrong else self.kinds)[kind].append(name)

    def lines(self) -> Iterator[str]:
        """The counts, by kind, and some of the samples of what is wrong."""
        for kind, names in sorted(self.kinds.items(), key=lambda pair: -len(pair[1])):
            yield f"{len(names):5}  {kind}"
        for kind, names in sorted(self.wrong.items(), key=lambda pair: -len(pair[1])):
            yield f"{len(names):5}  WRONG: {kind}: {', '.join(names[:8])}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try every file; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--work", type=Path, default=None, help="where the crops stay")
    parser.add_argument("--largest", type=int, default=60, help="megapixels of what is exported")
    args = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    logging.disable()
    samples = sorted(p for folder in args.folders for p in folder.rglob("*") if p.is_file())
    with tempfile.TemporaryDirectory() as temporary:
        found = compare(samples, args.work or Path(temporary), args.largest * 10**6)
    for line in (f"{len(samples)} files", *found.lines()):
        print(line)  # noqa: T201 - what the command is for
    return 1 if found.wrong else 0


def compare(samples: Sequence[Path], work: Path, largest: int) -> Found:
    """Export a crop of each sample of at most ``largest`` pixels into a folder of its own, and compare."""
    found = Found()
    pairs = []
    for number, sample in enumerate(samples):
        try:
            photo = read_photo(sample)
            if photo.width * photo.height > largest:
                found.note(sample.name, "passed over: it is large")
                continue
            done = _exported(photo, work / str(number))
        except CropsightError as error:
            reason = error.reason if isinstance(error, FileError) else error
            found.note(sample.name, f"refused: {getattr(reason, 'template', reason)}")
            continue
        except Exception as error:
            found.note(sample.name, f"{type(error).__name__}: {error}", wrong=True)
            continue
        found.note(sample.name, f"exported: {photo.format}, {photo.mode}, {photo.stored_bits} bits")
        kind, wrong = _pixels(photo, done)
        found.note(sample.name, kind, wrong)
        pairs.append((sample, done))
    if shutil.which("exiftool"):
        for (sample, done), told in zip(pairs, _tags(pairs), strict=True):
            notes = " ".join(map(str, (*read_photo(sample).notes, *done.warnings)))
            for kind, wrong in tag_kinds(*told, notes) or [("tags: the same", False)]:
                found.note(sample.name, kind, wrong)
    return found


def _exported(photo: Photo, folder: Path) -> Exported:
    return export_crop(photo, CROP, FREE, ExportOptions(folder=folder))


def _pixels(photo: Photo, done: Exported) -> tuple[str, bool]:
    """What comparing the pixels of a crop came to, and whether it is wrong."""
    if min(photo.width, photo.height) < _TINY and photo.format not in LOSSLESS:
        return "pixels: not compared, smaller than a block of the format", False
    box = plan(photo.width, photo.height, CROP, FREE).pixels
    told = " ".join(map(str, done.warnings))
    try:
        before, after = _reference(photo, photo.path), _reference(photo, done.path)
    except Exception as error:  # the other reader may know fewer kinds, or more
        return f"pixels: not compared, {type(error).__name__} of the other reader", False
    before = before[box[1] : box[3], box[0] : box[2]]
    if before.shape[:2] != after.shape[:2]:
        return f"pixels: {before.shape[:2]} and {after.shape[:2]}", True
    far = np.abs(before.astype(float) - after.astype(float))
    if photo.format in LOSSLESS and far.max() == 0:
        return "pixels: the very same", False
    if photo.format not in LOSSLESS and far.mean() <= _FAR:
        return "pixels: the same but for the lossy format", False
    if photo.format in LOSSLESS and far.max() <= 1:
        return "pixels: the same but for a rounding", False
    if "converted" in told.lower() or "became" in told:
        return "pixels: others, which is told", False
    return f"pixels: others, {photo.format}, {photo.mode}, {photo.stored_bits} bits", True


def _reference(photo: Photo, path: Path) -> np.ndarray[Any, Any]:
    """Upright pixels by another reader: (h, w, 4) of 8 bits, or as they are where there are 16."""
    if photo.bits == 16 and photo.format == "TIFF":
        return _sixteen(tifffile.imread(path, key=0, maxworkers=1), photo)
    if photo.bits == 16 and photo.format == "PNG":
        import cv2

        pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
        assert pixels is not None
        if pixels.ndim == 3:
            pixels = pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]
        return _sixteen(pixels, photo)
    if photo.format == "HEIF":
        require_heif(path)
    with Image.open(path) as image:
        image.load()
        upright = ImageOps.exif_transpose(image)
        if upright.mode == "LAB":
            lab = ImageCms.createProfile("LAB")
            upright = ImageCms.profileToProfile(
                upright, lab, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        if upright.mode.startswith("I;16"):
            return (np.asarray(upright) >> 8).astype(np.uint8)[..., None]
        shown = upright.convert("RGBA")
    pixels = np.asarray(shown).astype(float)
    pixels[..., :3] *= pixels[..., 3:] / 255  # what is transparent has any colour
    return pixels


def _sixteen(pixels: np.ndarray[Any, Any], photo: Photo) -> np.ndarray[Any, Any]:
    """16-bit values with as many channels as a photo has, whatever else a file holds."""
    if pixels.ndim == 2:
        return pixels[..., None]
    if pixels.shape[0] in (2, 3, 4) and pixels.shape[2] > 4:
        pixels = np.moveaxis(pixels, 0, -1)
    return pixels[..., : {"L": 1, "LA": 4, "RGB": 3, "RGBA": 4}[photo.mode]]


def _tags(pairs: Sequence[tuple[Path, Exported]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What ExifTool reads in each sample and in its crop."""
    names = [str(path) for sample, done in pairs for path in (sample, done.path)]
    if not names:
        return []
    options = ["-j", "-G1", "-n", "-struct", "-q", "-fast", "-@", "-"]
    run = subprocess.run(
        ["exiftool", *options], input="\n".join(names), capture_output=True, text=True, check=False
    )
    read = {entry["SourceFile"]: entry for entry in json.loads(run.stdout)}
    return [(read.get(str(a), {}), read.get(str(b.path), {})) for a, b in pairs]


def tag_kinds(before: dict[str, Any], after: dict[str, Any], told: str) -> list[tuple[str, bool]]:
    """How the tags of a crop differ from those of its photo, and whether that is wrong.

    What is ``told`` of photo and crop is not.
    """
    names = {name.split(":")[-1]: value for name, value in after.items()}
    kinds = set()
    for name, value in before.items():
        group, _, tag = name.partition(":")
        if not name.startswith(_GROUPS) or tag in _NOT_COMPARED:
            continue
        if after.get(name, names.get(tag)) == value:
            continue
        # ExifTool tells text as numbers where it looks like one, and guesses at letters beyond ASCII.
        if _plain(after.get(name, names.get(tag))) == _plain(value):
            continue
        state = "changed" if tag in names else "lost"
        plain = "XMP" if group.startswith("XMP") else "ICC" if group.startswith("ICC") else group
        words = next((w for head, w in _OF_OTHERS.items() if group.startswith(head)), None)
        is_told = any(word in told for word in words or _WORDS.get(plain, (plain,)))
        kinds.add((f"tags: {plain} {state}{', which is told' if is_told else ''}", not is_told))
    return sorted(kinds)


def _plain(value: Any) -> str:
    return re.sub(r"[^ -~]+|\?+|\\u[0-9a-f]{4}", "", str(value)).strip()


_WORDS = {
    "IFD0": ("EXIF", "map reference"),
    "ExifIFD": ("EXIF",),
    "GPS": ("EXIF",),
    "PNG": ("texts", "XMP"),
    "File": ("comment",),
    "ICC": ("Converted", "converted"),
}
"""What a warning says of a group of tags."""
_OF_OTHERS = {
    "XMP-hdrgm": ("gain map",),
    "XMP-HDRGainMap": ("gain map",),
    "XMP-apdi": ("gain map", "depth map"),
    "XMP-depth": ("depth map",),
    "XMP-portrait": ("depth map",),
    "XMP-GCamera": ("gain map", "motion photo", "extended XMP"),
    "ICC": ("Converted", "converted", "main one"),
}
"""The same of tags that belong to further pictures of a file."""


if __name__ == "__main__":
    sys.exit(main())
