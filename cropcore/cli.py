"""``cropcore``: the engine on the command line.

Exit status: 0 all done, 1 some inputs failed (each named on standard error), 2 usage, 130
interrupted. Heavy modules are imported by the command that needs them, so that help is immediate.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from cropcore import __version__
from cropcore.aspect import Aspect
from cropcore.commands import arguments
from cropcore.errors import AspectError, CropsightError, DeviceError
from cropcore.threads import rest_idle_threads

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

FORMATS = ("keep", "jpeg", "png", "webp", "tiff", "avif", "heic")

_ASPECTS = "free, original, circle, W:H, WxH or a decimal width over height"

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
    rest_idle_threads()
    try:
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except CropsightError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader, such as head, has seen enough; what is buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + getattr(signal, "SIGPIPE", 13)


def _refuse(error: CropsightError) -> int:
    from cropcore.commands.console import UsageError, one_line, write
    from cropcore.options import OptionError

    write(sys.stderr, f"cropcore: {one_line(str(error))}\n")
    usage = isinstance(error, UsageError | OptionError | AspectError | DeviceError)
    return EXIT_USAGE if usage else EXIT_FAILED


def build_parser() -> argparse.ArgumentParser:
    """The grammar of every command."""
    parser = argparse.ArgumentParser(
        prog="cropcore",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cropcore {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_crop(commands)
    _add_maps(commands)
    _add_eval(commands)
    _add_train(commands)
    _add_bench(commands)
    _add_batch(commands)
    return parser


_Commands = argparse._SubParsersAction


def _add_crop(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "crop",
        _crop,
        "rank crops of photos, and export them",
        "Rank crops of each photo for each aspect. With --out the best are written there; "
        "originals and existing files are never changed.",
        "cropcore crop photo.jpg --aspect 4:5 --out crops/\n"
        "  cropcore crop *.jpg --aspect 1.91 --aspect circle -k 3 --out crops/ --format webp\n"
        "  cropcore crop photo.jpg --aspect 4:5 --also 1:1 --also 16:9 --out crops/\n"
        "  cropcore crop photo.jpg --json - | jq '.photos[0].results[0].candidates[0].box'",
    )
    _add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=arguments.aspect,
        action="append",
        help=f"{_ASPECTS}; may be given several times (default: free)",
    )
    parser.add_argument(
        "--also",
        metavar="A",
        type=arguments.later_aspect,
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
        type=arguments.whole(1, 100),
        help="candidates per aspect, all exported (default: ten are listed, the best exported)",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="folder to export to")
    parser.add_argument(
        "--format", choices=FORMATS, default="keep", help="of the exported files (default: keep)"
    )
    parser.add_argument(
        "--quality",
        metavar="Q",
        type=arguments.whole(1, 100),
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
    _add_common(parser)


def _add_maps(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "maps",
        _maps,
        "write the maps that explain the crops",
        "Write each map of each photo as a picture, over the grey photo, and as an array: "
        "{name}_{map}.png, {name}_{map}_overlay.png and {name}_{map}.npy. Existing files are never "
        "changed.",
        "cropcore maps photo.jpg --out maps/\n"
        "  cropcore maps photo.jpg --map saliency --out maps/ --json maps.json",
    )
    _add_photos(parser)
    parser.add_argument(
        "--aspect",
        metavar="A",
        type=arguments.aspect,
        default=Aspect("original"),
        help=f"for the maps that depend on it: {_ASPECTS} (default: original)",
    )
    parser.add_argument(
        "--map", metavar="NAME", action="append", help="only this map; may be given several times"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder to write to")
    _add_common(parser)


def _add_eval(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "eval",
        _eval,
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
    _add_common(parser)


def _add_train(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "train",
        _train,
        "train a method's weights",
        "Train one method on annotated photos and write its weights and their record.",
        "cropcore train joint --data data/ --out runs/joint --cv 5 --resume\n"
        "  cropcore train sfrc --data data/ --encoder runs/joint --out runs/joint --cv 5\n"
        "  cropcore train cascade --data data/ --out runs/joint --cv 5\n"
        "  cropcore train gaic --recipe paper --data data/ --out gaic.safetensors --folds 1,2,3,4",
    )
    parser.add_argument(
        "method",
        metavar="METHOD",
        help="joint (the encoder with gaic, asm and saliency), or one head: gaic, asm, saliency, "
        "mars, sfrc, setpred; or cascade, the rule that joins the cross-validated methods of --out",
    )
    parser.add_argument(
        "--recipe",
        choices=("shipped", "paper"),
        default="shipped",
        help="how to train: as the shipped weights, or to the letter of the paper",
    )
    parser.add_argument(
        "--data", metavar="DIR", type=Path, required=True, help="folder of the data"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help="weights to write (.safetensors), or their folder",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--folds",
        metavar="1,2,3,4",
        type=arguments.folds,
        help="train on these folds (default: all)",
    )
    which.add_argument(
        "--cv",
        metavar="5",
        type=arguments.whole(2, 5),
        help="cross-validate: train once per fold left out",
    )
    parser.add_argument(
        "--encoder",
        metavar="FILE",
        type=Path,
        help="encoder weights to start from (with --cv for a head: the folder of a joint run)",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    _add_json(parser)


def _add_bench(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "bench",
        _bench,
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
    _add_common(parser)


def _add_batch(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "batch",
        _batch,
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
    _add_common(parser)


def _command(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    summary: str,
    description: str,
    examples: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=textwrap.fill(description, 80),
        epilog=f"examples:\n  {examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_photos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", metavar="PHOTO", type=Path, nargs="+")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda", "mps"),
        default="auto",
        help="where to compute (default: auto)",
    )
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        metavar="FILE|-",
        help="write the result as JSON; with - to standard output, which then holds nothing else",
    )


def _crop(args: argparse.Namespace) -> int:
    from cropcore.commands import crop

    return crop.run(args)


def _maps(args: argparse.Namespace) -> int:
    from cropcore.commands import maps

    return maps.run(args)


def _eval(args: argparse.Namespace) -> int:
    from cropcore.commands import evaluate

    return evaluate.run(args)


def _train(args: argparse.Namespace) -> int:
    from cropcore.commands.console import Console
    from cropcore.training.run import train_command

    with Console(args) as console:
        return console.finish(train_command(args, console.progress))


def _bench(args: argparse.Namespace) -> int:
    from cropcore.commands import bench

    return bench.run(args)


def _batch(args: argparse.Namespace) -> int:
    from cropcore.commands import batch

    return batch.run(args)


if __name__ == "__main__":
    sys.exit(main())
