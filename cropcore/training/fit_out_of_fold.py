"""Fits calibration and cascade on out-of-fold scores of cross-validated models."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import torch

from cropcore.engine.calibration import Calibration
from cropcore.engine.engine import CropEngine
from cropcore.engine.weights_folder import METHODS
from cropcore.errors import CropsightError, PhotoError
from cropcore.evaluation.annotations import Labels
from cropcore.files.atomic_write import write_at
from cropcore.files.path_checks import is_there
from cropcore.images.photo import read_photo
from cropcore.models.weights import read_record
from cropcore.training.fit_calibration import ScoredWindows, as_record, fit_decoding, observe
from cropcore.training.fit_cascade import (
    JointObservation,
    fit_rule,
    observe_jointly,
    observed_alone,
    observed_windows,
    save_rule,
)
from cropcore.training.photo_batches import Progress, find_sources

ALL_WINDOWS = ("gaic", "asm", "mars")
"""Methods that score every window, so that their scores of the cascade's proposals suffice."""


def fit_out_of_fold(
    data: Path, folder: Path, folds: int, heads: Collection[str], progress: Progress
) -> bool:
    """Fit the decoding of some methods on out-of-fold scores and write it into the records.

    Where all methods are asked for, the rule that joins them is fitted too, and kept as
    ``cascade.json``. What a fold's own records hold is fitted on the other folds. Returns whether there
    was anything to fit: best crops, and a gaze head in every fold.

    Raises:
        CropsightError: a method that is asked for has no weights in the folder.
    """
    labels = [
        (source.images, entry)
        for source in find_sources(data)
        for entry in source.labels
        if entry.best_crop is not None
    ]
    methods = tuple(name for name in METHODS if name in heads)
    records = [folder / f"fold{fold}" / "saliency.json" for fold in range(folds)]
    if not labels or not methods or not all(is_there(path) for path in records):
        return False
    asked = [
        _Asked(folder / f"fold{f}", methods, tuple(one for one in labels if one[1].fold == f))
        for f in range(folds)
    ]
    seen: dict[int, _Seen] = {}
    workers = min(os.cpu_count() or 1, folds)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pending = {pool.submit(_observe, part): fold for fold, part in enumerate(asked)}
        for future in as_completed(pending):
            seen[pending[future]] = future.result()
            progress(len(seen), folds, "folds asked for their out-of-fold scores")
    for part in (*range(folds), "all"):
        others = [seen[fold] for fold in range(folds) if fold != part]
        place = folder / (part if part == "all" else f"fold{part}")
        _fit_part(place, methods, others or list(seen.values()))
    return True


@dataclass(frozen=True, slots=True)
class _Asked:
    """The photos of one fold, and the models that never saw them."""

    weights: Path
    methods: tuple[str, ...]
    labels: tuple[tuple[Path, Labels], ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the models of one fold said: by method, and where all were asked, jointly."""

    alone: dict[str, list[ScoredWindows]]
    jointly: list[JointObservation]


def _observe(asked: _Asked) -> _Seen:
    torch.set_num_threads(1)
    engine = CropEngine.load("auto", asked.weights)
    if missing := [name for name in asked.methods if name not in engine.methods]:
        raise CropsightError(
            "{weights} holds no weights of {methods}.",
            weights=asked.weights,
            methods=", ".join(missing),
        )
    seen = _Seen({name: [] for name in asked.methods}, [])
    for images, entry in asked.labels:
        try:
            scene = engine.encode(read_photo(images / entry.file))
        except PhotoError:
            continue
        jointly = observe_jointly(engine, scene, entry) if asked.methods == METHODS else None
        for method in asked.methods:
            if jointly is not None and method in ALL_WINDOWS:
                cut = Calibration.from_record(read_record(method, asked.weights).decoding).cut
                seen.alone[method].extend(observed_alone(jointly, method, cut))
            else:
                seen.alone[method].extend(observe(engine, scene, entry, method))
        if jointly is not None:
            seen.jointly.append(jointly)
    return seen


def _fit_part(place: Path, methods: Sequence[str], seen: Sequence[_Seen]) -> None:
    """Fit on what some folds said and write it into the records of one part."""
    for method in methods:
        known = [one for part in seen for one in part.alone[method]]
        if not known:
            continue
        record = read_record(method, place)
        found = fit_decoding(known, Calibration.from_record(record.decoding).cut)
        fitted = replace(record, decoding=as_record(found))
        write_at(place / f"{method}.json", fitted.to_json().encode(), replace=True)
    jointly = [one for part in seen for one in part.jointly]
    if jointly:
        rule = fit_rule(jointly)
        windows = [window for one in jointly for window in observed_windows(one, rule)]
        save_rule(rule, fit_decoding(windows, cut=0.0), place, photos=len(jointly))
