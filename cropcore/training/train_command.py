"""Runs ``cropcore train``: one run, or cross-validation and a run on all folds."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from cropcore.engine.cascade import CASCADE
from cropcore.engine.device import pick_device
from cropcore.engine.weights_folder import METHODS
from cropcore.errors import CropsightError, OptionError
from cropcore.evaluation.annotations import FOLDS
from cropcore.evaluation.published_sets import Split, layout_of
from cropcore.files.path_checks import is_folder, is_there
from cropcore.files.user_dirs import cache_dir
from cropcore.geometry.input_sides import PRODUCT
from cropcore.messages import Message
from cropcore.models.input_size import MEAN, STD
from cropcore.models.weights import read_record, save_weights
from cropcore.training import processes
from cropcore.training.curves_picture import can_draw
from cropcore.training.fit_out_of_fold import fit_out_of_fold
from cropcore.training.initial_weights import starting_encoder, starting_gaze, starting_teacher
from cropcore.training.network import Network
from cropcore.training.photo_batches import Progress
from cropcore.training.recipe import MOS_MEAN, MOS_STD, Recipe
from cropcore.training.recipe_options import changed
from cropcore.training.recipes import for_layout, recipe_for
from cropcore.training.trainer import CURVES, Best, Trainer
from cropcore.training.training_data import TrainingData, parted, read_training_data, z_scale
from cropcore.training.validation import judged

ALL_FOLDS = tuple(range(FOLDS))

UNFITTED: dict[str, dict[str, Any]] = {
    "mars": {"free": 0.05, "ratio": 0.05, "cut": 0.0},
    "setpred": {"free": 0.05, "ratio": 0.05, "cut": 0.0},
}
"""Decoding of the methods whose scores lie in [0, 1], until it is fitted."""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One training run: what a worker process needs to know.

    ``folder`` keeps the checkpoint and the curves. Weights are written into it too, or, where the
    one head's file has a ``name``, under this into the folder above. ``split`` is of a published data set.
    """

    recipe: Recipe
    data: Path
    folds: tuple[int, ...]
    folder: Path
    encoder: Path | None
    cache: Path
    resume: bool
    name: str | None = None
    split: Split = "train"
    device: str = "cpu"


Tell = Callable[[Message], None]


def train_command(
    args: argparse.Namespace, progress: Progress, tell: Tell = lambda note: None
) -> dict[str, Any]:
    """Run ``cropcore train``; returns its JSON document: what was trained, where, and the curves.

    ``tell`` hears what was left out, held out or chosen. ``joint`` trains the encoder, gaic, asm and the
    gaze head and writes a folder; another method trains its head on the given encoder (the shipped one by
    default) and writes one file. The papers' recipes train a trunk too and write a folder. With ``--cv``
    the folder gets ``fold0`` ... and ``all``, with constants fitted on out-of-fold scores.
    ``cascade`` fits the rule that joins the methods of such a folder. Under ``torchrun`` one run is trained
    by all processes.

    Raises:
        CropsightError: the recipe, data, device or encoder cannot be used.
    """
    if args.cv and processes.count() > 1:
        raise OptionError(
            "--cv trains its parts side by side in processes of its own: leave torchrun."
        )
    if args.method == CASCADE:
        return _join_methods(args, progress)
    recipe, notes = _chosen_recipe(args)
    single = args.out.suffix == ".safetensors"
    if single and recipe.first_layer is not None:
        raise OptionError(
            "This recipe trains the encoder too and writes several files: give --out a folder."
        )
    alone = recipe.first_layer is None and not recipe.as_in_paper
    name = args.method if alone else None
    folder, name = (args.out.parent, args.out.stem) if single else (args.out, name)
    encoder = args.encoder
    if encoder is None and alone:
        from cropcore.files.package_data import weights_folder

        encoder = weights_folder() / "encoder.safetensors"
    cache = cache_dir() / "training"
    run = TrainingRun(
        recipe=recipe,
        data=args.data,
        folds=tuple(args.folds or ALL_FOLDS),
        folder=folder,
        encoder=encoder,
        cache=cache,
        resume=args.resume,
        name=name,
        split=args.split,
        device=processes.local_device(pick_device(args.device)[0]),
    )
    if not args.resume:
        _refuse_to_overwrite(run, args.cv)
    for note in notes:
        tell(note)
    if args.cv:
        runs = cross_validate(run, args.cv, progress, tell)
    else:
        runs = [replace(run, folder=_run_folder(run, folder))]
        train(runs[0], progress, tell)
    told = [
        {"folder": str(part.folder), "folds": list(part.folds), "curves": _curves(part)}
        for part in runs
    ]
    return {"schema": 1, "method": args.method, "recipe": args.recipe, "runs": told}


def _chosen_recipe(args: argparse.Namespace) -> tuple[Recipe, list[Message]]:
    """The recipe with the constants of the data's layout and what ``--set`` changes; and sentences.

    Raises:
        CropsightError: there is no such recipe or field, or a value does not suit.
    """
    recipe = recipe_for(args.method, args.recipe)
    layout = layout_of(args.data) if is_folder(args.data) else None
    recipe, notes = for_layout(recipe, layout)
    recipe = changed(recipe, args.set)
    if recipe.batch_norm == "live" and processes.count() > 1:
        notes.append(
            Message(
                "Each process normalises by its own photos, and the first one's statistics are kept: "
                "the weights differ from those of one process. --set batch_norm=frozen makes them equal."
            )
        )
    if not can_draw():
        notes.append(
            Message("No picture of the curves: pip install 'cropsight[train]' brings matplotlib.")
        )
    return recipe, notes


def _join_methods(args: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    if not args.cv:
        raise OptionError(
            "The cascade's rule is fitted on out-of-fold scores: give --cv, and --out a folder in "
            "which every method was cross-validated."
        )
    if not fit_out_of_fold(args.data, args.out, args.cv, METHODS, progress):
        raise CropsightError(
            "{out} has nothing to join: cross-validate joint, mars, sfrc and "
            "setpred there first, on photos with best crops.",
            out=args.out,
        )
    parts = [*(f"fold{fold}" for fold in range(args.cv)), "all"]
    runs = [{"folder": str(args.out / part), "folds": [], "curves": []} for part in parts]
    return {"schema": 1, "method": CASCADE, "recipe": args.recipe, "runs": runs}


def _curves(run: TrainingRun) -> list[dict[str, Any]]:
    """The losses of each epoch that a run has finished so far."""
    path = run.folder / CURVES
    lines = path.read_text(encoding="utf-8").splitlines() if is_there(path) else []
    return [json.loads(line) for line in lines]


def _refuse_to_overwrite(run: TrainingRun, folds: int | None) -> None:
    """Refuse an output that exists: training takes hours, and nothing is overwritten.

    Raises:
        CropsightError: the output is there already.
    """
    file = f"{run.name or 'encoder'}.safetensors"
    places = [run.folder / "all", run.folder / "fold0"] if folds else [run.folder]
    for place in places:
        if is_there(place / file):
            raise CropsightError(
                "{place} is there already. Choose another --out, or --resume to go on.",
                place=place / file,
            )


def train(
    run: TrainingRun,
    progress: Progress = lambda done, total, text: None,
    tell: Tell = lambda note: None,
) -> None:
    """One training run; writes weights and records into ``run.folder``."""
    run, data = prepared(run)
    for note in data.notes:
        tell(note)
    with processes.joined(torch.device(run.device)):
        trainer = make_trainer(run, data, progress)
        if not trainer.judged_photos and run.recipe.keep_best:
            tell(Message("No photo judges the epochs: the last one is kept."))
        network = trainer.run(run.resume)
        if processes.rank() == 0:
            write_weights(network, run, data, trainer.best)
        processes.wait_for_all()


def prepared(run: TrainingRun) -> tuple[TrainingRun, TrainingData]:
    """The run and its data, the recipe with the scale of the data's opinion scores.

    Raises:
        AnnotationError: the data cannot be used.
    """
    recipe = run.recipe
    data = parted(read_training_data(run.data, run.split, recipe), run.folds)
    # GAICD's published mean and deviation are the recipes' own.
    scaled = recipe.objective != "choices" and data.layout != "gaicd" and data.opinions
    if scaled and (recipe.mos_mean, recipe.mos_std) == (MOS_MEAN, MOS_STD):
        mean, std = z_scale(data.opinions)
        note = Message(
            "Scores have mean {mean} and deviation {std}, by which they are z-scored.",
            mean=round(mean, 3),
            std=round(std, 3),
        )
        recipe = replace(recipe, mos_mean=mean, mos_std=std)
        data = replace(data, notes=(*data.notes, note))
    return replace(run, recipe=recipe), data


def make_trainer(run: TrainingRun, data: TrainingData, progress: Progress) -> Trainer:
    """The trainer of a run, its feature caches filled."""
    return Trainer(
        run.recipe,
        starting_encoder(run.encoder, run.recipe.trunk),
        [*data.train, *data.unlabelled],
        run.folds,
        run.folder,
        run.cache,
        progress,
        starting_gaze(run.recipe, run.encoder),
        starting_teacher(run.recipe, run.encoder),
        data.validation,
        run.device,
    )


def cross_validate(
    run: TrainingRun, folds: int, progress: Progress, tell: Tell = lambda note: None
) -> list[TrainingRun]:
    """Train without each of the first ``folds`` folds and on all, then fit the decoding.

    Returns the runs, that on all folds last.

    The records of a fold get constants fitted on the scores of the other folds' photos, those of
    ``all`` constants fitted on every out-of-fold score.
    """
    runs = [
        replace(
            run,
            folds=tuple(f for f in ALL_FOLDS if f != left_out),
            **_of_part(run, f"fold{left_out}"),
        )
        for left_out in range(folds)
    ]
    runs.append(replace(run, folds=ALL_FOLDS, **_of_part(run, "all")))
    # Caches are made once, before the workers would each make their own.
    whole, data = prepared(runs[-1])
    for note in data.notes:
        tell(note)
    make_trainer(whole, data, progress)
    _in_processes(_train_alone, runs, run.recipe.epochs, progress)
    fit_out_of_fold(run.data, run.folder, folds, run.recipe.heads, progress)
    return runs


def _of_part(run: TrainingRun, part: str) -> dict[str, Any]:
    """Where one part of a cross-validation writes, and the encoder that it starts from.

    A folder of encoders is what a cross-validation of ``joint`` left; a head that is added to it is
    trained on the encoder of its own part.
    """
    encoder = run.encoder
    if encoder is not None and is_folder(encoder):
        encoder = encoder / part / "encoder.safetensors"
    return {"folder": _run_folder(run, run.folder / part), "encoder": encoder}


def _run_folder(run: TrainingRun, weights: Path) -> Path:
    """Where a run keeps its checkpoint: a head's beside its weights, apart from other heads'."""
    return weights if run.name is None else weights / f"{run.name}-run"


def _train_alone(run: TrainingRun) -> None:
    torch.set_num_threads(1)
    train(run)


def _in_processes(
    work: Callable[[TrainingRun], None],
    runs: Sequence[TrainingRun],
    epochs: int,
    progress: Progress,
) -> None:
    """One run per core; progress is read from the curves that the runs write."""
    workers = min(os.cpu_count() or 1, len(runs))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pending = {pool.submit(work, run) for run in runs}
        while pending:
            done, pending = wait(pending, timeout=2.0)
            for future in done:
                future.result()
            epochs_done = sum(len(_curves(run)) for run in runs)
            progress(epochs_done, epochs * len(runs), "epochs of all folds")


def _named(data: TrainingData, split: Split) -> tuple[str, ...]:
    """What was learnt from, for a record."""
    if data.layout is None:
        sources = (*data.train, *data.unlabelled)
        return tuple(f"{s.images.parent.name}: {len(s.labels)} photos" for s in sources)
    title = data.layout.upper()
    learnt = [f"{title} {split}: {len(source.labels)} photos" for source in data.train]
    silent = [f"{title} test, unlabelled: {len(s.labels)} photos" for s in data.unlabelled]
    return (*learnt, *silent)


def write_weights(
    network: Network, run: TrainingRun, data: TrainingData, best: Best | None = None
) -> None:
    """Write what the recipe trained, with records; the encoder's first, because heads name it."""
    recipe, folder = run.recipe, run.folder if run.name is None else run.folder.parent
    preprocessing: dict[str, Any] = {"short_side": PRODUCT.short_side, "mean": MEAN, "std": STD}
    if recipe.sides != PRODUCT:
        preprocessing |= asdict(recipe.sides)
    metrics: dict[str, Any] = {
        "folds": list(run.folds),
        "recipe": json.loads(json.dumps(asdict(recipe))),
    }
    if data.layout is not None:
        metrics |= {"layout": data.layout, "split": run.split}
    if data.held_out is not None:
        metrics["held_out"] = data.held_out
    if best is not None:
        kept = best.epoch if recipe.keep_best else recipe.epochs
        metrics["validation"] = {
            "figure": judged(recipe),
            "best": round(best.figure, 5),
            "best_epoch": best.epoch,
            "kept_epoch": kept,
        }
    if data.notes:
        metrics["notes"] = [str(note) for note in data.notes]
    common: dict[str, Any] = {
        "preprocessing": preprocessing,
        "training_data": _named(data, run.split),
        "metrics": metrics,
    }
    if recipe.first_layer is None and not recipe.as_in_paper:
        assert run.encoder is not None
        digest = read_record(run.encoder.stem, run.encoder.parent).sha256
    else:
        trunk = {} if recipe.trunk == "mobilenet_v2" else {"trunk": recipe.trunk}
        record = save_weights(
            network.encoder, "encoder", folder, config=trunk, encoder_sha256=None, **common
        )
        digest = record.sha256
    for head in recipe.heads:
        common["decoding"] = UNFITTED.get(head, {})
        if recipe.as_in_paper:
            common["decoding"] = {"way": "paper", "cut": 0.0}
        module = getattr(network, head)
        config = {} if head == "saliency" else asdict(module.config)
        name = run.name if run.name is not None and len(recipe.heads) == 1 else head
        save_weights(
            module,
            name,
            folder,
            half=recipe.half_file,
            config=config,
            encoder_sha256=digest,
            **common,
        )
