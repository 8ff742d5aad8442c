"""Entry point of the desktop program; imports Qt only when a window is wanted."""

from __future__ import annotations

import argparse
import builtins
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import cropcore


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Cropsight until its window is closed; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    if chosen.install_desktop or chosen.remove_desktop:
        return _change_desktop(chosen.install_desktop)
    prepare_imports()
    if chosen.benchmark:
        from app.shell import window_benchmark

        window_benchmark.run(chosen.benchmark)
    from app.shell.startup import run

    return run(chosen.photos, chosen.device, chosen.stalls)


def prepare_imports() -> None:
    """Make the many imports of a start quick.

    PySide6 reads the source of every module that is imported after it, for ``from __feature__
    import``, which nothing here uses; with the engine's modules that takes half a second. And what
    is made at the start is no garbage, so that nobody need look for any.
    """
    gc.disable()
    import PySide6.QtCore  # noqa: F401 - it is what takes the place of Python's own import

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cropsight", description="Crop photos.")
    parser.add_argument("photos", nargs="*", type=Path, help="photos or folders to open")
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default=None,
        help="where the engine computes (default: as in the preferences)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--install-desktop",
        action="store_true",
        help="add Cropsight to the menu of this user's Linux desktop, and end",
    )
    where.add_argument(
        "--remove-desktop", action="store_true", help="take it out of the menu again, and end"
    )
    parser.add_argument(
        "--stalls",
        action="store_true",
        default=bool(os.environ.get("CROPSIGHT_STALLS")),
        help="on leaving, list when the window did not answer at once, and why",
    )
    # For ``cropcore bench``, which times this program in processes of their own.
    parser.add_argument("--benchmark", nargs="+", default=(), help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"Cropsight {cropcore.__version__}")
    return parser


def _change_desktop(install: bool) -> int:
    from app.shell import desktop_entry
    from cropcore.errors import CropsightError

    try:
        paths = desktop_entry.install() if install else desktop_entry.remove()
    except CropsightError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    word = "Written" if install else "Removed"
    sys.stdout.writelines(f"{word}: {path}\n" for path in paths)
    return 0


if __name__ == "__main__":
    sys.exit(main())
