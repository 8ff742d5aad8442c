"""The arguments of ``cropcore batch``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli.argument_types import Commands, Run, add_common, command


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "batch",
        run,
        "crop many photos and whole folders by a preset",
        "Crop every photo by a preset: the name of a shipped or saved one, a preset's file, or simply "
        "an aspect such as 4:5. Folders are searched with all that is in them. Originals and existing "
        "files are never changed; a batch that was stopped goes on with --resume.",
        "cropcore batch instagram-4x5 photos/ --out crops/ --report report/\n"
        "  cropcore batch 16:9 photos/ more/*.jpg --out crops/ --resume\n"
        "  cropcore batch my-preset.json photos/ --out crops/ --json batch.json",
    )
    parser.add_argument("preset", metavar="PRESET", help="name, file or aspect")
    parser.add_argument(
        "photos", metavar="PATH", type=Path, nargs="+", help="a photo, or a folder of photos"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="folder to export to"
    )
    parser.add_argument(
        "--resume", action="store_true", help="leave out what an earlier batch into --out finished"
    )
    parser.add_argument(
        "--report",
        metavar="DIR",
        type=Path,
        help="write report.html and report.json to this folder",
    )
    add_common(parser)
