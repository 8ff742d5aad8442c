"""What ``cropcore train`` does: one run, or cross-validation and the run on all folds."""

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

import platformdirs
import torch

from cropcore.annotations import FOLDS
from cropcore.encoder import MEAN, SHORT_SIDE, STD
from cropcore.engine import CropEngine
from cropcore.errors import CropsightError, PhotoError
from cropcore.methods import Decoding
from cropcore.photo import read_photo
from cropcore.training.fitting import Observation, as_record, fit_decoding, observe
from cropcore.training.network import Network
from cropcore.training.recipe import Recipe
from cropcore.training.recipes import recipe_for
from cropcore.training.sources import Progress, Source, find_sources, find_unlabelled
from cropcore.training.starting import starting_encoder, starting_gaze, starting_teacher
from cropcore.training.trainer import CURVES, Trainer
from cropcore.weights import WeightsRecord, read_record, save_weights

ALL_FOLDS = tuple(range(FOLDS))
CROP_METHODS = ("gaic", "asm")
PAPER_WAYS = {"gaic": "grid_anchors", "asm": "two_stage", "sfrc": "grid_anchors"}
"""How the papers find crops by the scores."""


@dataclass(frozen=True, slots=True)
class Job:
    """One training run: what a worker process needs to know.

    ``folder`` keeps the checkpoint and the curves. Weights are written into it too, or, where the
    one head's file has a ``name``, under this into the folder above.
    """

    recipe: Recipe
    data: Path
    folds: tuple[int, ...]
    folder: Path
    encoder: Path | None
    cache: Path
    resume: bool
    name: str | None = None


def train_command(args: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Run ``cropcore train``; returns its JSON document: what was trained, where, and the curves.

    ``joint`` trains the encoder and all its heads and writes a folder; another method trains its
    head on the given encoder (the shipped one by default) and writes one file. With ``--cv`` the
    folder gets ``fold0`` ... and ``all``, with constants fitted on out-of-fold scores.

    Raises:
        CropsightError: the recipe, data or encoder cannot be used.
    """
    recipe = recipe_for(args.method, args.recipe)
    single = args.out.suffix == ".safetensors"
    if single and recipe.first_layer is not None:
        raise CropsightError(
            "This recipe trains the encoder too and writes several files: give --out a folder."
        )
    name = args.method if recipe.first_layer is None else None
    folder, name = (args.out.parent, args.out.stem) if single else (args.out, name)
    encoder = args.encoder
    if encoder is None and recipe.first_layer is None:
        from cropcore.weights import shipped_folder

        encoder = shipped_folder() / "encoder.safetensors"
    cache = Path(platformdirs.user_cache_dir("cropsight")) / "training"
    job = Job(
        recipe=recipe,
        data=args.data,
        folds=tuple(args.folds or ALL_FOLDS),
        folder=folder,
        encoder=encoder,
        cache=cache,
        resume=args.resume,
        name=name,
    )
    if not args.resume:
        _refuse_to_overwrite(job, args.cv)
    if args.cv:
        jobs = cross_validate(job, args.cv, progress)
    else:
        jobs = [replace(job, folder=_run_folder(job, folder))]
        train(jobs[0], progress)
    runs = [
        {"folder": str(run.folder), "folds": list(run.folds), "curves": _curves(run)}
        for run in jobs
    ]
    return {"schema": 1, "method": args.method, "recipe": args.recipe, "runs": runs}


def _curves(job: Job) -> list[dict[str, Any]]:
    """The losses of each epoch that a run has finished so far."""
    path = job.folder / CURVES
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def _refuse_to_overwrite(job: Job, folds: int | None) -> None:
    """Weights are the work of hours: nothing that is there is trained over.

    Raises:
        CropsightError: the output is there already.
    """
    file = f"{job.name or 'encoder'}.safetensors"
    places = [job.folder / "all", job.folder / "fold0"] if folds else [job.folder]
    for place in places:
        if (place / file).exists():
            raise CropsightError(
                f"{place / file} is there already. Choose another --out, or --resume to go on."
            )


def train(job: Job, progress: Progress = lambda done, total, text: None) -> None:
    """One training run; writes weights and records into ``job.folder``."""
    sources = all_sources(job)
    network = make_trainer(job, sources, progress).run(job.resume)
    write_weights(network, job, sources)


def make_trainer(job: Job, sources: list[Source], progress: Progress) -> Trainer:
    """The trainer of a run, its feature caches filled."""
    return Trainer(
        job.recipe,
        starting_encoder(job.encoder),
        sources,
        job.folds,
        job.folder,
        job.cache,
        progress,
        starting_gaze(job.recipe, job.encoder),
        starting_teacher(job.recipe, job.encoder),
    )


def all_sources(job: Job) -> list[Source]:
    """The annotated photos, and those without labels where the recipe uses them."""
    unlabelled = find_unlabelled(job.data) if job.recipe.wants_unlabelled else []
    return find_sources(job.data) + unlabelled


def cross_validate(job: Job, folds: int, progress: Progress) -> list[Job]:
    """Train without each of the first ``folds`` folds and on all, then fit the decoding.

    Returns the runs, that on all folds last.

    The records of a fold get constants fitted on the scores of the other folds' photos, those of
    ``all`` constants fitted on every out-of-fold score.
    """
    jobs = [
        replace(
            job,
            folds=tuple(f for f in ALL_FOLDS if f != left_out),
            **_of_part(job, f"fold{left_out}"),
        )
        for left_out in range(folds)
    ]
    jobs.append(replace(job, folds=ALL_FOLDS, **_of_part(job, "all")))
    # Caches are made once, before the workers would each make their own.
    make_trainer(replace(jobs[-1], folds=ALL_FOLDS), all_sources(job), progress)
    _in_processes(_train_alone, jobs, job.recipe.epochs, progress)
    if set(job.recipe.heads) & set(CROP_METHODS) and "saliency" in job.recipe.heads:
        fit_out_of_fold(job.data, job.folder, folds, progress)
    return jobs


def _of_part(job: Job, part: str) -> dict[str, Any]:
    """Where one part of a cross-validation writes, and the encoder that it starts from.

    A folder of encoders is what a cross-validation of ``joint`` left; a head that is added to it is
    trained on the encoder of its own part.
    """
    encoder = job.encoder
    if encoder is not None and encoder.is_dir():
        encoder = encoder / part / "encoder.safetensors"
    return {"folder": _run_folder(job, job.folder / part), "encoder": encoder}


def _run_folder(job: Job, weights: Path) -> Path:
    """Where a run keeps its checkpoint: a head's beside its weights, apart from other heads'."""
    return weights if job.name is None else weights / f"{job.name}-run"


def _train_alone(job: Job) -> None:
    torch.set_num_threads(1)
    train(job)


def _in_processes(
    work: Callable[[Job], None], jobs: Sequence[Job], epochs: int, progress: Progress
) -> None:
    """One job per core; progress is read from the curves that the jobs write."""
    workers = min(os.cpu_count() or 1, len(jobs))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pending = {pool.submit(work, job) for job in jobs}
        while pending:
            done, pending = wait(pending, timeout=2.0)
            for future in done:
                future.result()
            epochs_done = sum(len(_curves(job)) for job in jobs)
            progress(epochs_done, epochs * len(jobs), "epochs of all folds")


def fit_out_of_fold(data: Path, folder: Path, folds: int, progress: Progress) -> None:
    """Fit the decoding of each crop method on out-of-fold scores and write it into the records."""
    seen: dict[str, dict[int, list[Observation]]] = {m: {} for m in CROP_METHODS}
    labels = [
        (source, entry)
        for source in find_sources(data)
        for entry in source.labels
        if entry.best_crop is not None
    ]
    if not labels:
        return
    done = 0
    for fold in range(folds):
        engine = CropEngine.load("auto", folder / f"fold{fold}")
        for source, entry in labels:
            if entry.fold != fold:
                continue
            try:
                scene = engine.encode(read_photo(source.images / entry.file))
            except PhotoError:
                continue
            for method in CROP_METHODS:
                seen[method].setdefault(fold, []).extend(observe(engine, scene, entry, method))
            done += 1
            progress(done, len(labels), "out-of-fold scores")
    for method, by_fold in seen.items():
        for fold in range(folds):
            others = [o for f, part in by_fold.items() if f != fold for o in part]
            set_decoding(method, folder / f"fold{fold}", fit_decoding(others))
        everything = [o for part in by_fold.values() for o in part]
        set_decoding(method, folder / "all", fit_decoding(everything))


def set_decoding(name: str, folder: Path, decoding: Decoding) -> None:
    """Replace the decoding constants in a record."""
    record = replace(read_record(name, folder), decoding=as_record(decoding))
    (folder / f"{name}.json").write_text(record.to_json(), encoding="utf-8")


def write_weights(network: Network, job: Job, sources: Sequence[Source]) -> None:
    """Write what the recipe trained, with records; the encoder's first, because heads name it."""
    recipe, folder = job.recipe, job.folder if job.name is None else job.folder.parent
    common: dict[str, Any] = {
        "preprocessing": {"short_side": SHORT_SIDE, "mean": MEAN, "std": STD},
        "training_data": tuple(
            f"{source.images.parent.name}: {len(source.labels)} photos" for source in sources
        ),
        "metrics": {"folds": list(job.folds), "recipe": json.loads(json.dumps(asdict(recipe)))},
    }
    if recipe.first_layer is None:
        assert job.encoder is not None
        digest = read_record(job.encoder.stem, job.encoder.parent).sha256
    else:
        record = save_weights(
            network.encoder, "encoder", folder, config={}, encoder_sha256=None, **common
        )
        digest = record.sha256
    for head in recipe.heads:
        if recipe.objective != "choices" and head in PAPER_WAYS:
            common["decoding"] = {"way": PAPER_WAYS[head], "cut": 0.0}
        module = getattr(network, head)
        config = {} if head == "saliency" else asdict(module.config)
        name = job.name if job.name is not None and len(recipe.heads) == 1 else head
        _save_head(module, name, folder, digest, config, common)


def _save_head(
    module: torch.nn.Module,
    name: str,
    folder: Path,
    digest: str,
    config: dict[str, Any],
    common: dict[str, Any],
) -> WeightsRecord:
    return save_weights(module, name, folder, config=config, encoder_sha256=digest, **common)
