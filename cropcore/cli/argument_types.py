"""Argument types and options that several commands share."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from cropcore.errors import AspectError
from cropcore.geometry.aspect import Aspect

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


def folds(text: str) -> tuple[int, ...]:
    """Folds such as ``1,2,3,4``."""
    parts = text.split(",")
    if not all(re.fullmatch(r"[0-4]", part) for part in parts) or len(set(parts)) < len(parts):
        raise argparse.ArgumentTypeError(f"{text!r} are no folds: write some of 0,1,2,3,4.")
    return tuple(int(part) for part in parts)
