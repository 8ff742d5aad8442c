"""Trains the papers' methods for a few steps, alone or as one of the processes of ``torchrun``.

    torchrun --standalone --nproc_per_node 2 -m tests.cropcore.helpers.train_together DATA OUT

Weights go to ``OUT/METHOD.pt``; ``OUT/METHOD`` keeps a checkpoint from half-way.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import torch

from cropcore.training import processes
from cropcore.training.recipe import Recipe
from cropcore.training.recipe_options import changed
from cropcore.training.recipes import for_layout, recipe_for
from cropcore.training.trainer import Trainer
from cropcore.training.training_data import read_training_data
from tests.cropcore.helpers.untrained import lively_encoder

EPOCHS, HALF = 7, 3
"""Of three steps each."""

COMMON = ("trunk=mobilenet_v2", "first_layer=0", "batch_norm=frozen", "double=true", "batch=3")
SMALL = {
    "gaic": ("gaic.channels=4", "gaic.kernel=16", "gaic.hidden=8"),
    "asm": (),
    "sfrc": ("sfrc.channels=4", "sfrc.hidden=16", "pairs=16", "consistency_windows=6"),
    "mars": ("mars.dimension=8", "mars.embeddings=11", "mars.channels=8"),
    "setpred": (
        *("setpred.width=16", "setpred.heads=2", "setpred.encoder_layers=1", "scales="),
        *("setpred.decoder_layers=1", "setpred.feedforward=16", "setpred.anchors=6"),
        *("setpred.dropout=0", "distil_from=0.5"),
    ),
}


def recipe(method: str) -> Recipe:
    found, _ = for_layout(recipe_for(method, "paper"), "gaicd")
    made = changed(found, [*COMMON, *SMALL[method], f"epochs={EPOCHS}"])
    return replace(made, sides=replace(made.sides, short_side=64, long_side=96))


def trainer(method: str, data: Path, folder: Path) -> Trainer:
    chosen = recipe(method)
    found = read_training_data(data, "train", chosen)
    sources = [*found.train, *found.unlabelled]
    return Trainer(chosen, lively_encoder(), sources, range(5), folder, folder / "cache")


def keep_half_way(run: Trainer) -> None:
    """Train on every process until half-way, and keep the checkpoint."""
    run.folder.mkdir(parents=True, exist_ok=True)
    for _ in range(HALF):
        run._one_epoch()
        run._epoch += 1
    run._checkpoint()
    processes.wait_for_all()


def main(data: Path, out: Path) -> None:
    torch.set_num_threads(1)
    with processes.joined(torch.device("cpu")):
        for method in SMALL:
            network = trainer(method, data, out / "whole" / method).run()
            if processes.rank() == 0:
                torch.save(network.state_dict(), out / f"{method}.pt")
            keep_half_way(trainer(method, data, out / method))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
