"""``cropcore eval``: evaluates methods and baselines on annotated photos."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from cropcore.cli.console import Console, UsageError, counted, need_package
from cropcore.cli.load_engine import choose_methods, load_measured
from cropcore.evaluation.annotations import Annotations, read_annotations
from cropcore.evaluation.baselines import BASELINES, GAZE_BASELINES
from cropcore.evaluation.evaluate import GAZE_MAP, evaluate
from cropcore.evaluation.out_of_fold import Cropper, OutOfFold
from cropcore.evaluation.paper_tables import paper_tables, table_lines
from cropcore.evaluation.published_sets import SCALES, PublishedSet, Split, read_published
from cropcore.evaluation.results import Evaluation, MethodFigures
from cropcore.files.path_checks import is_there
from cropcore.models.weights import read_record

TABLE = {
    "First crop": ("iou", "disp", "offset"),
    "Ten crops as a set": (
        *("coverage_10", "coverage_5", "iou_best_of_10", "iou_best_of_5", "mean_iou_10"),
        *("distinct_10", "near_duplicates_10"),
    ),
    "Heads": ("heads_cut", "heads_cut_10", "heads_largest_lost"),
    "Scores and confidence": ("score_bias", "score_error", "confidence_auc"),
    "Pairs and rankings": (
        "pair_accuracy",
        "ranking_accuracy",
        "srcc",
        "pcc",
        "acc",
        "wacc",
        "best_recall",
        "ap",
    ),
    "Gaze": ("auc_judd", "nss", "cc"),
}
"""Headings of the table, and how the names below them begin."""


def run(args: argparse.Namespace) -> int:
    """Measure and report; returns the exit status.

    Raises:
        CropsightError: nothing could be measured at all (annotations, folder, device, weights).
    """
    need_package("scipy", "eval")
    with Console(args) as console:
        published = _published(args, console) if args.data is not None else None
        annotations, images = _annotated(args, published)
        words = args.method or ["default"]
        needs_engine = any(w not in (*BASELINES, *GAZE_BASELINES, "baselines") for w in words)
        cropper: Cropper | None = None
        available: tuple[str, ...] = ()
        digests = None
        if needs_engine:
            cropper, available, digests = load_measured(args.device, console, args.weights)
        methods = _chosen(
            words,
            annotations,
            available,
        )
        result = evaluate(
            annotations,
            images,
            methods,
            cropper,
            folds=_folds(args.fold, cropper),
            weights_sha256=digests,
            progress=console.progress,
            scale=None if published is None else SCALES.get(published.layout),
        )
        # A method that these labels say nothing about has nothing to report.
        result.methods = {n: figures for n, figures in result.methods.items() if figures.metrics}
        result.baselines = tuple(n for n in result.baselines if n in result.methods)
        for failure in result.failures:
            console.failed(failure)
        if not result.photos:
            place = "" if args.fold is None else f" of fold {args.fold}"
            console.warn(f"{annotations.path}: holds no photo{place}.")
        elif not result.methods and not result.failures:
            console.warn(f"{annotations.path}: holds no labels that {', '.join(words)} fits.")
        tables = {} if published is None else paper_tables(result, published.layout)
        if args.json != "-":
            console.say(*table(result), *table_lines(tables))
        document = result.to_json()
        if published is not None:
            data = {"layout": published.layout, "split": args.split or "test"}
            document |= {"data": data, "paper_tables": tables}
        return console.finish(document)


def _published(args: argparse.Namespace, console: Console) -> PublishedSet:
    """The data set of ``--data``; what is left out of it or held out is told.

    Raises:
        UsageError: an annotation file is given too.
        AnnotationError: the data set cannot be read, or has no such split.
    """
    if args.annotations is not None or args.images is not None:
        raise UsageError(
            "--data takes the place of ANNOTATIONS.json and --images: give one or the other."
        )
    split: Split = args.split or "test"
    held_out = held_out_by(args.weights) if split == "validation" else None
    found = read_published(args.data, split, args.layout, held_out)
    if found.note:
        console.warn(str(found.note))
    if found.absent:
        photos = counted(len(found.absent), "annotated photo")
        console.warn(f"{photos} not there and left out, such as {found.absent[0]}.")
    return found


def _annotated(
    args: argparse.Namespace, published: PublishedSet | None
) -> tuple[Annotations, Path]:
    """What is measured on: labels, and the folder of their photos.

    Raises:
        UsageError: something is not given that is needed, or given without ``--data``.
        AnnotationError: the annotation file cannot be read.
    """
    if published is not None:
        return published.annotations, published.images
    if args.layout is not None or args.split is not None:
        raise UsageError("--layout and --split are of a published data set: give --data too.")
    if args.annotations is None or args.images is None:
        raise UsageError("Give ANNOTATIONS.json and --images, or --data.")
    return read_annotations(args.annotations), args.images


def held_out_by(weights: Path | None) -> int | None:
    """How many photos the training of a folder of weights held out; None where no record says so.

    Raises:
        WeightsError: a record is damaged.
    """
    if weights is None or not is_there(weights / "encoder.json"):
        return None
    known = read_record("encoder", weights).metrics.get("held_out")
    return known if isinstance(known, int) else None


def _folds(wanted: int | None, cropper: Cropper | None) -> Sequence[int] | None:
    """The wanted fold, or those that cross-validated models can judge; None for all photos."""
    if wanted is not None:
        return [wanted]
    return cropper.folds if isinstance(cropper, OutOfFold) else None


def _chosen(
    words: Sequence[str],
    annotations: Annotations,
    methods: tuple[str, ...],
) -> list[str]:
    gaze = any(len(labels.fixations) for labels in annotations.values())
    baselines = [*BASELINES, *GAZE_BASELINES] if gaze else list(BASELINES)
    chosen: list[str] = []
    for word in words:
        if word == "all":
            chosen += [*methods, *((GAZE_MAP,) if gaze else ()), *baselines]
        elif word == "baselines":
            chosen += baselines
        elif word in baselines or (word == GAZE_MAP and gaze):
            chosen.append(word)
        elif word in (GAZE_MAP, *GAZE_BASELINES):
            raise UsageError("--method {word}: the annotations hold no fixations.", word=word)
        else:
            chosen += choose_methods(word, methods)
    return list(dict.fromkeys(chosen))


def table(result: Evaluation) -> list[str]:
    """The figures for a person: a row per metric, a column per method, half the 95 % interval.

    Rows stand under the headings of ``TABLE``, in its order.
    """
    folds = ""
    if result.folds is not None:
        numbers = " and ".join(str(fold) for fold in result.folds)
        folds = f", fold{'s' if len(result.folds) > 1 else ''} {numbers}"
    photos = counted(result.photos, "photo")
    lines = [f"{result.annotations}{folds}: {photos}, {len(result.failures)} failed"]
    names = dict.fromkeys(m for figures in result.methods.values() for m in figures.metrics)
    if not names:
        return lines
    first = max(len(name) for name in names)
    lines.append(" " * first + "".join(f"  {name:>15}" for name in result.methods) + "        n")
    places = {name: _place(name) for name in names}
    heading = ""
    for metric in sorted(names, key=lambda name: places[name][1]):
        if places[metric][0] != heading:
            heading = places[metric][0]
            lines += ["", heading]
        cells = [_cell(figures, metric) for figures in result.methods.values()]
        count = max(f.count(metric) for f in result.methods.values() if metric in f.metrics)
        lines.append(f"{metric:<{first}}" + "".join(f"  {c:>15}" for c in cells) + f"  {count:>7}")
    return lines


def _place(metric: str) -> tuple[str, int]:
    """The heading of a metric, and the place in the table of the longest beginning that fits."""
    beginnings = [(heading, start) for heading, starts in TABLE.items() for start in starts]
    fitting = [i for i, (_, start) in enumerate(beginnings) if metric.startswith(start)]
    index = max(fitting, key=lambda i: len(beginnings[i][1]))
    return beginnings[index][0], index


def _cell(figures: MethodFigures, metric: str) -> str:
    if metric not in figures.metrics:
        return "-"
    low, high = figures.interval(metric)
    return f"{figures.mean(metric):.4f} ±{(high - low) / 2:.4f}"
