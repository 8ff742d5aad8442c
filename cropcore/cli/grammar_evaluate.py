"""The arguments of ``cropcore eval``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli.argument_types import Commands, Run, add_common, command


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "eval",
        run,
        "measure methods against what people said",
        "Measure methods on annotated photos, by every metric that the labels allow, with 95 % "
        "bootstrap intervals.",
        "cropcore eval train.json --images images/ --method all --fold 0\n"
        "  cropcore eval train.json --images images/ --method gaic --method baselines --json -",
    )
    parser.add_argument("annotations", metavar="ANNOTATIONS.json", type=Path)
    parser.add_argument(
        "--images", metavar="DIR", type=Path, required=True, help="folder of the photos"
    )
    parser.add_argument(
        "--method",
        metavar="NAME|all|baselines",
        action="append",
        help="what to measure; may be given several times (default: the engine's best method)",
    )
    parser.add_argument(
        "--fold",
        type=int,
        choices=range(5),
        help="only the photos of this fold, by the MD5 of their names",
    )
    parser.add_argument(
        "--weights",
        metavar="DIR",
        type=Path,
        help="other weights than the shipped ones; a folder that `train --cv` made judges each "
        "photo by the weights that never saw it",
    )
    add_common(parser)
