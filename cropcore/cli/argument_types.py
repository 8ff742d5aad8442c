"""Argument types and options that several commands share."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from cropcore.errors import AspectError, GeometryError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.fixed_crop import FixedCrop

ASPECTS = "free, original, circle, W:H, WxH or a decimal width over height"

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[[argparse.Namespace], int]
"""From the arguments to the exit status."""


def command(
    commands: Commands,
    name: str,
    run: Run,
    summary: str,
    description: str,
    examples: str,
) -> argparse.ArgumentParser:
    """A new command, to be given its arguments; ``examples`` are lines, the first not indented."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=textwrap.fill(description, 80),
        epilog=f"examples:\n  {examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def add_photos(parser: argparse.ArgumentParser) -> None:
    """The photos to work on, at least one."""
    parser.add_argument("photos", metavar="PHOTO", type=Path, nargs="+")


def add_common(parser: argparse.ArgumentParser) -> None:
    """``--device`` and ``--json``."""
    parser.add_argument(
        "--device",
        type=device,
        default="auto",
        metavar="{auto,cpu,cuda,cuda:N,mps}",
        help="where to compute; cuda:1 is the second card (default: auto)",
    )
    add_json(parser)


def add_fixed_crop(parser: argparse.ArgumentParser) -> None:
    """``--box`` and ``--centre``, both as ``box``."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--box",
        metavar="X1,Y1,X2,Y2",
        type=fixed_crop,
        help="crop this box without asking the engine: fractions of the upright photo, or its pixels "
        "with px behind each number; each aspect is fitted to it",
    )
    which.add_argument(
        "--centre",
        dest="box",
        action="store_const",
        const=FixedCrop(),
        help="crop the largest centred box of each aspect without asking the engine",
    )


def add_sidecar(parser: argparse.ArgumentParser) -> None:
    """``--sidecar`` and what belongs to it."""
    parser.add_argument(
        "--sidecar",
        choices=("xmp", "pp3"),
        help="write the first crop of the first aspect beside the photo, for Lightroom and darktable "
        "(xmp) or RawTherapee (pp3), merged into what is there",
    )
    parser.add_argument(
        "--sidecar-dir",
        metavar="DIR",
        type=Path,
        help="where sidecars lie, if not beside the photos",
    )
    parser.add_argument(
        "--replace-crops",
        action="store_true",
        help="replace crops that sidecars hold already; they are kept otherwise",
    )
    parser.add_argument(
        "--new-pp3",
        action="store_true",
        help="make RawTherapee's settings of raw files that have none; it then develops them neutrally",
    )


def fixed_crop(text: str) -> FixedCrop:
    """A crop such as ``0.1,0.2,0.9,0.8``."""
    try:
        return FixedCrop.parse(text)
    except GeometryError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def pattern_source(text: str) -> tuple[Path, FixedCrop]:
    """A photo and a box of it, such as ``photo.jpg@0.1,0.2,0.9,0.8``."""
    path, at, box = text.rpartition("@")
    if not at or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is no photo and box: PHOTO@X1,Y1,X2,Y2")
    return Path(path), fixed_crop(box)


def device(text: str) -> str:
    """The name of a device."""
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no device: choose auto, cpu, cuda, cuda:N or mps"
        )
    return text


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument(
        "--json",
        metavar="FILE|-",
        help="write the result as JSON; with - to standard output, which then holds nothing else",
    )


def later_aspect(text: str) -> Aspect:
    """An aspect that can be cut from a crop later: not ``free``."""
    wanted = aspect(text)
    if wanted.kind == "free":
        raise argparse.ArgumentTypeError("only a ratio or a circle can be cut from a crop later")
    return wanted


def aspect(text: str) -> Aspect:
    """An aspect such as ``4:5``."""
    try:
        return Aspect.parse(text)
    except AspectError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from ``low`` to ``high``."""

    def read(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {high}.")
        return int(text)

    return read


def quality(text: str) -> int | None:
    """A quality from 1 to 100, None for that of the source."""
    return None if text == "source" else whole(1, 100)(text)


def folds(text: str) -> tuple[int, ...]:
    """Folds such as ``1,2,3,4``."""
    parts = text.split(",")
    if not all(re.fullmatch(r"[0-4]", part) for part in parts) or len(set(parts)) < len(parts):
        raise argparse.ArgumentTypeError(f"{text!r} are no folds: write some of 0,1,2,3,4.")
    return tuple(int(part) for part in parts)
