"""The arguments of ``cropcore maps``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli import grammar_arguments
from cropcore.cli.argument_types import ASPECTS, Commands, Run, add_common, add_photos, command
from cropcore.geometry.aspect import Aspect


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "maps",
        run,
        "write the maps that explain the crops",
        "Write each map of each photo as a picture, over the grey photo, and as an array: "
        "{name}_{map}.png, {name}_{map}_overlay.png and {name}_{map}.npy. Existing files are never "
        "changed.",
        "cropcore maps photo.jpg --out maps/\n"
        "  cropcore maps photo.jpg --map saliency --out maps/ --json maps.json",
    )
    add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=grammar_arguments.aspect,
        default=Aspect("original"),
        help=f"for the maps that depend on it: {ASPECTS} (default: original)",
    )
    parser.add_argument(
        "--map", metavar="NAME", action="append", help="only this map; may be given several times"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write to")
    add_common(parser)
