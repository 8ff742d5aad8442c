"""The arguments of ``cropcore crop``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli import grammar_arguments
from cropcore.cli.argument_types import ASPECTS, Commands, Run, add_common, add_photos, command

FORMATS = ("keep", "jpeg", "png", "webp", "tiff", "avif", "heic")


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "crop",
        run,
        "rank crops of photos, and export them",
        "Rank crops of each photo for each aspect. With --out the best are written there; "
        "originals and existing files are never changed.",
        "cropcore crop photo.jpg --aspect 4:5 --out crops/\n"
        "  cropcore crop *.jpg --aspect 1.91 --aspect circle -k 3 --out crops/ --format webp\n"
        "  cropcore crop photo.jpg --aspect 4:5 --also 1:1 --also 16:9 --out crops/\n"
        "  cropcore crop photo.jpg --json - | jq '.photos[0].results[0].candidates[0].box'",
    )
    add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=grammar_arguments.aspect,
        action="append",
        help=f"{ASPECTS}; may be given several times (default: free)",
    )
    parser.add_argument(
        "--also",
        metavar="A",
        type=grammar_arguments.later_aspect,
        action="append",
        default=[],
        help="a ratio or circle that is to be cut from the crop later; candidates are ranked with the "
        "best such crops inside them, which are listed and exported too; may be given several times",
    )
    parser.add_argument(
        "--method", metavar="M", help="the method to ask, or all (default: the engine's best)"
    )
    parser.add_argument(
        "-k",
        metavar="N",
        type=grammar_arguments.whole(1, 100),
        help="candidates per aspect, all exported (default: ten are listed, the best exported)",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder to export to")
    parser.add_argument(
        "--format", choices=FORMATS, default="keep", help="of the exported files (default: keep)"
    )
    parser.add_argument(
        "--quality",
        metavar="Q",
        type=grammar_arguments.whole(1, 100),
        default=92,
        help="1-100 (default: 92)",
    )
    parser.add_argument(
        "--size", metavar="WxH|LONG", help="exact size in pixels, or that of the long side"
    )
    parser.add_argument(
        "--metadata",
        choices=("all", "no-location", "none"),
        default="all",
        help="what of the photo's metadata the files keep (default: all)",
    )
    add_common(parser)
