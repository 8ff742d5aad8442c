"""``--sidecar`` of several commands: crops for Lightroom, darktable and RawTherapee."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from cropcore.cli.console import Console, UsageError, counted, make_folder
from cropcore.errors import FileError
from cropcore.files.photo_scan import is_raw_name
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.crop import Crop
from cropcore.images.photo import Photo
from cropcore.interop.sidecar_writer import LIGHTROOM_DANGER, SidecarWriter


def check_arguments(args: argparse.Namespace) -> None:
    """Raise UsageError where options ask for what they cannot have together."""
    if args.sidecar is None:
        for option in ("sidecar_dir", "replace_crops", "new_pp3"):
            if getattr(args, option):
                raise UsageError(
                    "{option} goes with --sidecar xmp or pp3.",
                    option="--" + option.replace("_", "-"),
                )
    if getattr(args, "box", None) is not None and args.method is not None:
        raise UsageError("--box and --centre ask no method: leave out --method.")


def sidecar_writer(args: argparse.Namespace) -> SidecarWriter | None:
    """What writes the sidecars that the arguments ask for; None without ``--sidecar``."""
    if args.sidecar is None:
        return None
    if args.sidecar_dir is not None:
        make_folder(args.sidecar_dir, "--sidecar-dir")
    return SidecarWriter(args.sidecar, args.sidecar_dir, args.replace_crops, args.new_pp3)


def sidecar_entry(
    writer: SidecarWriter, photo: Photo, crop: Crop, aspect: Aspect, console: Console
) -> dict[str, Any]:
    """Write a crop and say what is to be known of it; what the JSON of its photo tells of that.

    A sidecar that cannot be written is a failure of its own.
    """
    if writer.kind == "xmp" and is_raw_name(photo.path.name):
        console.warn_once(str(LIGHTROOM_DANGER))
    try:
        done = writer.write(photo, crop, aspect)
    except FileError as error:
        console.fail(str(error.path), error)
        return {}
    if crop.shape == "circle" and done.state in ("made", "changed"):
        console.warn_once("Other programs know no circles: the square around each is written.")
    for notice in done.notices:
        console.warn(str(notice))
    return {"sidecar": {"file": str(done.path), "state": done.state}}


def sidecar_lines(writer: SidecarWriter) -> Iterator[str]:
    """What was written, and what will be read there."""
    counts = writer.counts
    parts = [counted(counts["made"] + counts["changed"], "sidecar") + " written"]
    if counts["same"]:
        parts.append(f"{counts['same']} held the crop already")
    if counts["kept"]:
        parts.append(f"{counts['kept']} kept with another crop (--replace-crops replaces it)")
    yield ", ".join(parts)
    if counts["raw_made"]:
        yield f"  {counted(counts['raw_made'], 'raw file')} had no sidecar before"
    if counts["not_read"]:
        yield (
            f"  {counted(counts['not_read'], 'photo')} developed in darktable already: "
            "it will not read the crop"
        )
    if counts["for_copies"]:
        yield (
            f"  {counted(counts['for_copies'], 'photo')} of a kind whose sidecar Lightroom does not "
            "read; darktable does"
        )
