"""``cropcore train``: trains weights on annotated photos."""

from __future__ import annotations

import argparse
import os

from cropcore.cli.console import Console, make_folder
from cropcore.errors import CropsightError


def run(args: argparse.Namespace) -> int:
    """Train and report; returns the exit status.

    Raises:
        CropsightError: the method, its options or the data cannot be used, or the disk is full.
    """
    try:
        # Imported here because training stands on an extra that may not be installed.
        from cropcore.training.train_command import train_command
    except ModuleNotFoundError as error:
        raise CropsightError(
            "Training needs the package {name}: pip install 'cropsight[train]'.",
            name=str(error.name),
        ) from error
    with Console(args) as console:
        make_folder(args.out.parent if args.out.suffix == ".safetensors" else args.out)
        first = os.environ.get("RANK", "0") == "0"  # of the processes that torchrun started
        try:
            tell = (lambda note: console.warn_once(str(note))) if first else (lambda note: None)
            document = train_command(args, console.progress, tell)
            return console.finish(document) if first else 0
        except OSError as error:
            raise CropsightError(
                "{place}: training stopped there ({reason}). Free some space or "
                "choose another --out; with --resume it goes on from the last "
                "whole epoch.",
                place=error.filename or args.out,
                reason=error.strerror or str(error),
            ) from error
