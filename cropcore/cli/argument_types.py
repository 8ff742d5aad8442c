"""What the commands' arguments have in common."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

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
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="where to compute (default: auto)",
    )
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument(
        "--json",
        metavar="FILE|-",
        help="write the result as JSON; with - to standard output, which then holds nothing else",
    )
