"""``cropcore export``: writes the graphs that run without torch beside a folder's weights."""

from __future__ import annotations

import argparse

from cropcore.cli.console import Console, UsageError
from cropcore.errors import CropsightError
from cropcore.files.path_checks import is_folder


def run(args: argparse.Namespace) -> int:
    """Export and report; returns the exit status.

    Raises:
        CropsightError: the weights cannot be used, packages are missing, or the disk is full.
    """
    with Console(args) as console:
        if args.weights is not None and not is_folder(args.weights):
            raise UsageError("--weights {weights}: there is no such folder.", weights=args.weights)
        try:
            # Imported here because it stands on torch, which other commands do without.
            from cropcore.engine.export_graphs import export_folder

            paths = export_folder(args.weights, console.progress)
        except ModuleNotFoundError as error:
            raise CropsightError(
                "Exporting needs the package {package}: pip install 'cropsight[export]'.",
                package=str(error.name),
            ) from error
        except OSError as error:
            raise CropsightError(
                "{file}: cannot be written ({reason}).",
                file=str(error.filename or args.weights),
                reason=str(error.strerror or error),
            ) from error
        console.say(*(f"{path}  {path.stat().st_size:,} bytes" for path in paths))
        return console.finish({"schema": 1, "graphs": [str(path) for path in paths]})
