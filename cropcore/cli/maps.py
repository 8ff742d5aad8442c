"""``cropcore maps``: the methods' maps of photos, as images and arrays."""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cropcore.cli.console import Console, UsageError, make_folder
from cropcore.cli.load_engine import load_engine
from cropcore.engine.maps import coloured, overlay
from cropcore.errors import CropsightError, ExportError, told_by_photo
from cropcore.export.file_names import NameFields, file_stem
from cropcore.files.atomic_write import write_new
from cropcore.geometry.crop import Map
from cropcore.images.photo import Photo, read_photo, srgb_pixels

if TYPE_CHECKING:
    from cropcore.engine.engine import CropEngine

LONG_SIDE = 1024
"""Of the pictures, in pixels, where the photo has as many."""


def run(args: argparse.Namespace) -> int:
    """Write the maps of every photo; returns the exit status.

    Raises:
        CropsightError: nothing could be done at all (options, device, weights).
    """
    with Console(args) as console:
        make_folder(args.out)
        engine = load_engine(args.device, console)
        names = tuple(dict.fromkeys(args.map or engine.map_names))
        if unknown := [name for name in names if name not in engine.map_names]:
            raise UsageError(
                "--map {word}: choose {choices}.",
                word=unknown[0],
                choices=", ".join(engine.map_names),
            )
        photos = []
        for index, path in enumerate(args.photos):
            console.progress(index, len(args.photos), str(path))
            try:
                with told_by_photo():
                    photos.append(_photo(path, names, engine, args, console))
            except CropsightError as error:
                console.fail(str(path), error)
        return console.finish({"schema": 1, "photos": photos, "failures": console.failures_json()})


def _photo(
    path: Path,
    names: Sequence[str],
    engine: CropEngine,
    args: argparse.Namespace,
    console: Console,
) -> dict[str, Any]:
    photo = read_photo(path)
    pixels = srgb_pixels(photo, long_side=LONG_SIDE)
    maps = engine.maps(engine.encode(photo), args.aspect, names)
    console.say(f"{path}  {photo.width} x {photo.height}")
    entries = []
    for name in names:
        entries.append(_map(photo, maps[name], pixels, args.out))
        console.say(f"  {name:<12} {maps[name].title}  -> {entries[-1]['png']}")
    return {
        "file": str(path),
        "width": photo.width,
        "height": photo.height,
        "aspect": args.aspect.slug,
        "maps": entries,
    }


def _map(photo: Photo, map: Map, pixels: NDArray[np.uint8], folder: Path) -> dict[str, Any]:
    fields = NameFields(photo.path.stem, "", 1, photo.width, photo.height, "")
    array = io.BytesIO()
    np.save(array, map.values, allow_pickle=False)
    height, width = pixels.shape[:2]
    outputs = {
        "png": ("", ".png", _png(coloured(map, width, height))),
        "overlay": ("_overlay", ".png", _png(overlay(map, pixels))),
        "npy": ("", ".npy", array.getvalue()),
    }
    entry = {
        "name": map.name,
        "title": str(map.title),
        "meaning": str(map.meaning),
        "low": float(map.low),
        "high": float(map.high),
    }
    for key, (ending, suffix, content) in outputs.items():
        stem = file_stem(f"{{name}}_{map.name}{ending}", fields)
        try:
            entry[key] = str(write_new(folder, stem, suffix, content))
        except OSError as error:
            raise ExportError(
                stem + suffix,
                "cannot be written to {folder} ({reason}).",
                "Choose another folder.",
                folder=folder,
                reason=error.strerror or str(error),
            ) from error
    return entry


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
