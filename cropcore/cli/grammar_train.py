"""The arguments of ``cropcore train``."""

from __future__ import annotations

from pathlib import Path

from cropcore.cli import grammar_arguments
from cropcore.cli.argument_types import Commands, Run, add_json, command


def add(commands: Commands, run: Run) -> None:
    """Make the command known; ``run`` does it."""
    parser = command(
        commands,
        "train",
        run,
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
        type=grammar_arguments.folds,
        help="train on these folds (default: all)",
    )
    which.add_argument(
        "--cv",
        metavar="5",
        type=grammar_arguments.whole(2, 5),
        help="cross-validate: train once per fold left out",
    )
    parser.add_argument(
        "--encoder",
        metavar="FILE",
        type=Path,
        help="encoder weights to start from (with --cv for a head: the folder of a joint run)",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    add_json(parser)
