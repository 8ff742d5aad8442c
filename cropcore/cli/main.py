"""``cropcore``: the engine on the command line.

Exit status: 0 all done, 1 some inputs failed (each named on standard error), 2 usage, 130
interrupted. Heavy modules are imported by the command that needs them, so that help is immediate.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cropcore import __version__
from cropcore.cli.arguments import (
    add_batch,
    add_bench,
    add_crop,
    add_evaluate,
    add_export,
    add_maps,
    add_train,
)
from cropcore.errors import AspectError, CropsightError, DeviceError
from cropcore.process import keep_freed_memory

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

_DESCRIPTION = """\
Ranked crops of photos, the maps that explain them, and their measure against people's crops."""

_EXAMPLES = """\
examples:
  cropcore crop photo.jpg --aspect 4:5 --out crops/
  cropcore crop *.jpg --aspect 1:1 --aspect 16:9 -k 3 --out crops/ --json crops.json
  cropcore crop portrait.jpg --aspect circle --format png --size 512 --out avatars/
  cropcore batch instagram-4x5 photos/ --out crops/ --report report/
  cropcore maps photo.jpg --out maps/
  cropcore eval people.json --images photos/ --method all --json -"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; the entry point of ``cropcore``."""
    args = build_parser().parse_args(argv)
    keep_freed_memory()
    try:
        with _libraries_silent():
            status = int(args.run(args))
        sys.stdout.flush()
        return status
    except CropsightError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reading end of the pipe was closed, as ``head`` does.
        _drop_output()
        return 128 + getattr(signal, "SIGPIPE", 13)
    except OSError as error:
        if error.filename is not None:
            raise
        # No file is named: it is standard output, redirected to a full disk.
        _drop_output()
        return _refuse(
            CropsightError(
                "standard output cannot be written ({reason}).", reason=error.strerror or str(error)
            )
        )


def _drop_output() -> None:
    """Discard buffered standard output, so that Python does not fail to flush it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _libraries_silent() -> Iterator[None]:
    """Keep libraries' notes on damaged files from standard error: the command tells what matters.

    Python's own switches (``-W``, PYTHONWARNINGS) bring the warnings back.
    """
    log, nowhere = logging.getLogger(), logging.NullHandler()
    log.addHandler(nowhere)
    try:
        with warnings.catch_warnings():
            if not sys.warnoptions:
                warnings.filterwarnings("ignore", module=r"PIL\.")
            yield
    finally:
        log.removeHandler(nowhere)


def _refuse(error: CropsightError) -> int:
    from cropcore.cli.console import UsageError, one_line, write
    from cropcore.errors import OptionError

    write(sys.stderr, f"cropcore: {one_line(str(error))}\n")
    usage = isinstance(error, UsageError | OptionError | AspectError | DeviceError)
    return EXIT_USAGE if usage else EXIT_FAILED


def build_parser() -> argparse.ArgumentParser:
    """The argument parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="cropcore",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cropcore {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    add_crop(commands, _crop)
    add_maps(commands, _maps)
    add_evaluate(commands, _eval)
    add_train(commands, _train)
    add_export(commands, _export)
    add_bench(commands, _bench)
    add_batch(commands, _batch)
    return parser


def _crop(args: argparse.Namespace) -> int:
    from cropcore.cli.crop import run

    return run(args)


def _maps(args: argparse.Namespace) -> int:
    from cropcore.cli.maps import run

    return run(args)


def _eval(args: argparse.Namespace) -> int:
    from cropcore.cli.evaluate import run

    return run(args)


def _train(args: argparse.Namespace) -> int:
    from cropcore.cli.train import run

    return run(args)


def _export(args: argparse.Namespace) -> int:
    from cropcore.cli.export import run

    return run(args)


def _bench(args: argparse.Namespace) -> int:
    from cropcore.cli.bench import run

    return run(args)


def _batch(args: argparse.Namespace) -> int:
    from cropcore.cli.batch import run

    return run(args)
