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
from pickle import UnpicklingError
from typing import Any

import platformdirs
import torch

from cropcore.annotations import FOLDS
from cropcore.encoder import MEAN, SHORT_SIDE, STD, Encoder
from cropcore.engine import CropEngine
from cropcore.errors import CropsightError, PhotoError
from cropcore.heads.saliency import SaliencyHead
from cropcore.methods import Decoding
from cropcore.photo import read_photo
from cropcore.training.fitting import Observation, as_record, fit_decoding, observe
from cropcore.training.network import Network
from cropcore.training.recipes import Recipe, recipe_for
from cropcore.training.sources import Progress, Source, find_sources
from cropcore.training.trainer import Trainer
from cropcore.weights import WeightsRecord, load_weights, read_record, save_weights

ALL_FOLDS = tuple(range(FOLDS))
CROP_METHODS = ("gaic", "asm")


@dataclass(frozen=True, slots=True)
class Job:
    """One training run: what a worker process needs to know."""

    recipe: Recipe
    data: Path
    folds: tuple[int, ...]
    folder: Path
    encoder: Path | None
    cache: Path
    resume: bool
    name: str | None = None


def train_command(args: argparse.Namespace, progress: Progress) -> int:
    """Run ``cropcore train``; returns the exit code.

    ``joint`` trains the encoder and all its heads and writes a folder; another method trains its
    head on the given encoder (the shipped one by default) and writes one file. With ``--cv`` the
    folder gets ``fold0`` ... and ``all``, with constants fitted on out-of-fold scores.

    Raises:
        CropsightError: the recipe, data or encoder cannot be used.
    """
    recipe = recipe_for(args.method, args.recipe)
    single = args.out.suffix == ".safetensors"
    if args.method == "joint" and single:
        raise CropsightError("joint training writes several files: give --out a folder.")
    folder = args.out.parent if single else args.out
    encoder = args.encoder
    if encoder is None and recipe.first_layer is None:
        from cropcore.weights import shipped_folder

        encoder = shipped_folder() / "encoder.safetensors"
    cache = Path(platformdirs.user_cache_dir("cropsight")) / "training"
    job = Job(
        recipe=recipe,
        data=args.data,
        folds=tuple(args.folds or ALL_FOLDS),
        folder=folder / "run" if single else folder,
        encoder=encoder,
        cache=cache,
        resume=args.resume,
        name=args.out.stem if single else None,
    )
    if args.cv:
        cross_validate(job, args.cv, progress)
    else:
        train(job, progress)
    return 0


def train(job: Job, progress: Progress = lambda done, total, text: None) -> None:
    """One training run; writes weights and records into ``job.folder``."""
    encoder = starting_encoder(job.encoder)
    sources = find_sources(job.data)
    gaze = starting_gaze(job.recipe, job.encoder)
    trainer = Trainer(
        job.recipe, encoder, sources, job.folds, job.folder, job.cache, progress, gaze
    )
    network = trainer.run(job.resume)
    write_weights(network, job, sources)


def cross_validate(job: Job, folds: int, progress: Progress) -> None:
    """Train without each of the first ``folds`` folds and on all, then fit the decoding.

    The records of a fold get constants fitted on the scores of the other folds' photos, those of
    ``all`` constants fitted on every out-of-fold score.
    """
    jobs = [
        replace(
            job,
            folds=tuple(f for f in ALL_FOLDS if f != left_out),
            folder=job.folder / f"fold{left_out}",
        )
        for left_out in range(folds)
    ]
    jobs.append(replace(job, folds=ALL_FOLDS, folder=job.folder / "all"))
    # Caches are made once, before the workers would each make their own.
    _fill_cache(job, progress)
    _in_processes(_train_alone, jobs, job.recipe.epochs, progress)
    if set(job.recipe.heads) & set(CROP_METHODS) and "saliency" in job.recipe.heads:
        fit_out_of_fold(job.data, job.folder, folds, progress)


def _fill_cache(job: Job, progress: Progress) -> None:
    Trainer(
        job.recipe,
        starting_encoder(job.encoder),
        find_sources(job.data),
        ALL_FOLDS,
        job.folder,
        job.cache,
        progress,
    )


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
            curves = [job.folder / "curves.jsonl" for job in jobs]
            epochs_done = sum(len(c.read_text().splitlines()) for c in curves if c.exists())
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


def starting_encoder(path: Path | None) -> Encoder:
    """The encoder of a weights file, or torchvision's ImageNet weights where ``path`` is None.

    A ``.pth`` file holds torchvision's own state dict of ``mobilenet_v2``.

    Raises:
        CropsightError: the file does not fit, or the download failed.
    """
    encoder = Encoder()
    if path is not None and path.suffix == ".safetensors":
        load_weights(encoder, read_record(path.stem, path.parent), path.parent)
        return encoder
    try:
        if path is None:
            from torchvision.models import MobileNet_V2_Weights

            state = MobileNet_V2_Weights.IMAGENET1K_V1.get_state_dict(progress=False)
        else:
            state = torch.load(path, weights_only=True, map_location="cpu")
        kept = {k: v for k, v in state.items() if k.startswith("features.")}
        encoder.load_state_dict(kept)
    except (OSError, RuntimeError, AttributeError, UnpicklingError) as error:
        name = "The ImageNet weights" if path is None else path.name
        reason = str(error) if isinstance(error, OSError) else "its layers are others"
        raise CropsightError(
            f"{name} cannot be used as an encoder ({reason}). Give --encoder a file of torchvision's "
            "mobilenet_v2 (IMAGENET1K_V1)."
        ) from error
    return encoder


def starting_gaze(recipe: Recipe, encoder: Path | None) -> SaliencyHead | None:
    """The gaze head beside the encoder's file, for a recipe that looks at gaze and does not teach it.

    Raises:
        CropsightError: there is none, or it was trained on another encoder.
    """
    if not recipe.looks_at_gaze or "saliency" in recipe.heads:
        return None
    if encoder is None or encoder.suffix != ".safetensors":
        raise CropsightError(
            "This recipe looks at gaze: give --encoder an encoder.safetensors that has "
            "saliency.safetensors beside it, or train joint."
        )
    record = read_record("saliency", encoder.parent)
    if record.encoder_sha256 != read_record(encoder.stem, encoder.parent).sha256:
        raise CropsightError(f"The saliency weights beside {encoder.name} are of another encoder.")
    head = SaliencyHead()
    load_weights(head, record, encoder.parent)
    return head


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
    if recipe.objective != "choices":
        common["decoding"] = {"way": "grid_anchors" if "gaic" in recipe.heads else "two_stage"}
    for head in recipe.heads:
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
