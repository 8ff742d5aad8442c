"""The arguments of ``cropcore bench``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli.argument_types import Commands, Run, add_common, command


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "bench",
        run,
        "measure how fast it is here",
        "Time the engine on this machine, each row side by side with what one would use instead: "
        "medians after warm-up. smartcrop.py and libvips stand beside it where they are installed "
        "(pip install 'cropsight[bench]').",
        "cropcore bench --quick\n  cropcore bench --device cpu --json bench.json",
    )
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats, under two minutes on two cores"
    )
    parser.add_argument("--plot", type=Path, metavar="DIR", help="draw there as SVG how times grow")
    add_common(parser)
