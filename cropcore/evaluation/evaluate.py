"""Evaluates methods on annotated photos, with every metric that applies.

Each photo is encoded once for all methods. A photo that fails for one method is left out for all,
so that every figure rests on the same photos.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import AnnotationError, CropsightError, PhotoError
from cropcore.evaluation import crop_metrics, saliency_metrics
from cropcore.evaluation.annotations import Annotations, Labels
from cropcore.evaluation.baselines import (
    BASELINES,
    CENTRE_90,
    CENTRED,
    GAZE_BASELINES,
    Constant,
    centre_gaze,
    fit_constants,
)
from cropcore.evaluation.out_of_fold import Cropper
from cropcore.evaluation.results import Detections, Evaluation, Failure, MethodFigures, ScoreOutcome
from cropcore.files.path_checks import is_folder
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE, ratio_of
from cropcore.geometry.crop import Box, Candidate, Crop
from cropcore.images.photo import Photo, net_pixels, read_photo

FREE = Aspect("free")
ORIGINAL = Aspect("original")

GAZE_MAP = "saliency"
"""The engine's map that says where people look; measured under its own name."""

GOOD_MOS = 4.0
"""A crop whose MOS is above this is good (setpred on GAICD; the scale goes from 1 to 5)."""

ACC_K, ACC_N = (1, 2, 3, 4), (5, 10)
AP_K, IOU_THRESHOLDS = (5, 10, 40), (0.85, 0.90)

_SHAPE_TOLERANCE = 0.05

Progress = Callable[[int, int, str], None]


def evaluate(
    annotations: Annotations,
    images: str | Path,
    methods: Sequence[str],
    cropper: Cropper | None = None,
    folds: Collection[int] | None = None,
    weights_sha256: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure ``methods`` on the photos of ``annotations``, or on those of some folds.

    Args:
        annotations: what people said.
        images: folder of the photos.
        methods: names of baselines, ``saliency``, or methods of the ``cropper``.
        cropper: needed unless all methods are baselines.
        folds: of 0-4. ``constant`` is fitted on the folds that a photo does not belong to.
        weights_sha256: per method, carried into the result.
        progress: called with (photos done, photos, file) before each photo.

    Raises:
        AnnotationError: ``images`` is no folder.
        ValueError: a method needs a cropper and there is none.
    """
    folder = Path(images)
    if not is_folder(folder):
        raise AnnotationError(folder, "is no folder.", "Give the folder that holds the photos.")
    chosen = dict.fromkeys(methods)
    without = (*BASELINES, *GAZE_BASELINES)
    models = [name for name in chosen if name not in without]
    if models and cropper is None:
        raise ValueError(f"No engine to measure {', '.join(models)} with.")
    selected = annotations if folds is None else annotations.in_folds(folds)
    constants = fit_constants(annotations.values()) if "constant" in chosen else {}
    result = Evaluation(
        annotations=annotations.path.name,
        photos=len(selected),
        folds=None if folds is None else tuple(sorted(folds)),
        methods={name: MethodFigures() for name in chosen},
        baselines=tuple(name for name in chosen if name in without),
        weights_sha256={n: s for n, s in (weights_sha256 or {}).items() if n in chosen},
    )
    for index, labels in enumerate(selected.values()):
        if progress:
            progress(index, len(selected), labels.file)
        try:
            photo = _checked_photo(folder / labels.file, labels)
            measured = _models(labels, photo, models, cropper) if cropper and models else {}
            for name in result.baselines:
                measured[name] = MethodFigures()
                if name in GAZE_BASELINES:
                    _gaze_baseline(name, labels, photo, measured[name])
                else:
                    _baseline(name, labels, constants, measured[name])
        except CropsightError as error:
            result.failures.append(Failure.of(labels.file, error))
            continue
        for name, figures in measured.items():
            result.methods[name].merge(figures)
    if progress:
        progress(len(selected), len(selected), "")
    return result


def _checked_photo(path: Path, labels: Labels) -> Photo:
    photo = read_photo(path)
    if abs(photo.ratio / labels.photo_ratio - 1) > _SHAPE_TOLERANCE:
        raise PhotoError(
            path,
            f"is {photo.width} x {photo.height}, but was annotated as "
            f"{labels.width} x {labels.height}.",
            "Use the photos that belong to the annotations.",
        )
    return photo


def _models(
    labels: Labels, photo: Photo, names: Sequence[str], cropper: Cropper
) -> dict[str, MethodFigures]:
    scene = cropper.encode(photo)
    measured = {}
    for name in names:
        figures = measured[name] = MethodFigures()
        if name == GAZE_MAP:
            if len(labels.gaze):
                values = cropper.maps(scene, ORIGINAL, (name,))[name].values
                _gaze(labels, values, figures)
        else:
            _crops(labels, photo, scene, name, cropper, figures)
    return measured


def _crops(
    labels: Labels, photo: Photo, scene: Any, name: str, cropper: Cropper, figures: MethodFigures
) -> None:
    if labels.best_crop is not None or labels.crops:
        k = max(AP_K) if labels.mos else 10
        suggestions = cropper.suggest(scene, FREE, k=k, method=name)
        candidates = suggestions.candidates
        if not candidates:
            raise PhotoError(photo.path, f"{name} found no crop for it.")
        boxes = np.array([c.crop.box for c in candidates], np.float64)
        _free_crop(labels, candidates[0].crop.box, figures)
        if labels.best_crop is not None:
            ious = crop_metrics.iou(boxes[:10], labels.best_crop)
            figures.add(labels.file, "iou_best_of_10", float(ious.max()))
            promised = candidates[0].score
            figures.trust[labels.file] = ScoreOutcome(
                None if promised is None else promised / 100, suggestions.confidence, float(ious[0])
            )
            # The ratio on the photo at hand, so that the person's own crop stays within reach.
            wanted = Aspect("ratio", float(ratio_of(labels.best_crop, photo.ratio)), 1.0)
            fitted = cropper.suggest(scene, wanted, k=1, method=name).candidates
            if not fitted:
                raise PhotoError(photo.path, f"{name} found no crop of ratio {wanted}.")
            _ratio_crop(labels, fitted[0].crop.box, figures)
        if labels.mos:
            _found_good(labels, candidates, boxes, figures)
    if labels.mos:
        scores = cropper.score(scene, [Crop(box) for box in labels.crops], method=name)
        _ranking(labels, np.asarray(scores, np.float64), figures)
    if labels.pairs:
        both = [Crop(box) for pair in labels.pairs for box in (pair.a, pair.b)]
        scores = np.asarray(cropper.score(scene, both, method=name), np.float64)
        _pairs(labels, scores.reshape(-1, 2), figures)


def _free_crop(labels: Labels, box: Box, figures: MethodFigures) -> None:
    if labels.best_crop is not None:
        figures.add(labels.file, "iou", float(crop_metrics.iou(box, labels.best_crop)))
        figures.add(labels.file, "disp", float(crop_metrics.displacement(box, labels.best_crop)))
    if labels.crops and not labels.mos:
        overlap, displacement = crop_metrics.nearest(box, labels.crops)
        figures.add(labels.file, "iou_best", overlap)
        figures.add(labels.file, "disp_best", displacement)


def _ratio_crop(labels: Labels, box: Box, figures: MethodFigures) -> None:
    if labels.best_crop is not None:
        figures.add(labels.file, "iou_ratio", float(crop_metrics.iou(box, labels.best_crop)))
        figures.add(
            labels.file, "disp_ratio", float(crop_metrics.displacement(box, labels.best_crop))
        )


def _pairs(labels: Labels, scores: NDArray[np.float64], figures: MethodFigures) -> None:
    votes = np.array([(p.votes_a, p.votes_b) for p in labels.pairs])
    alike = crop_metrics.same_size([p.a for p in labels.pairs], [p.b for p in labels.pairs])
    everything = np.ones(len(votes), bool)
    for name, kept in (("pair_accuracy", everything), ("pair_accuracy_same_size", alike)):
        agreed = crop_metrics.pair_agreement(*scores[kept].T, *votes[kept].T)
        figures.add(labels.file, name, agreed.right, agreed.total)


def _ranking(labels: Labels, scores: NDArray[np.float64], figures: MethodFigures) -> None:
    file, mos = labels.file, np.asarray(labels.mos)
    if len(mos) > 1 and np.ptp(mos) > 0:
        # Equal scores for all crops tell nothing about them, which is what 0 means.
        flat = np.ptp(scores) == 0
        figures.add(file, "srcc", 0.0 if flat else crop_metrics.spearman(scores, mos))
        figures.add(file, "pcc", 0.0 if flat else crop_metrics.pearson(scores, mos))
    kinds = (
        ("acc", crop_metrics.accuracy_k_of_n),
        ("wacc", crop_metrics.weighted_accuracy_k_of_n),
    )
    for prefix, measure in kinds:
        for n in ACC_N:
            if len(mos) < n:
                continue
            values = [measure(scores, mos, k, n) for k in ACC_K]
            for k, value in zip(ACC_K, values, strict=True):
                figures.add(file, f"{prefix}_{k}_{n}", value)
            figures.add(file, f"{prefix}_{n}", float(np.mean(values)))


def _found_good(
    labels: Labels,
    candidates: Sequence[Candidate],
    boxes: NDArray[np.float64],
    figures: MethodFigures,
) -> None:
    people, mos = np.asarray(labels.crops), np.asarray(labels.mos)
    good = people[mos > GOOD_MOS]
    # Scores are compared across photos here: calibrated ones where there are any.
    scores = np.array([c.raw_score if c.score is None else c.score for c in candidates])
    for threshold in IOU_THRESHOLDS:
        suffix = f"iou{round(threshold * 100)}"
        for n in ACC_N:
            recalled = crop_metrics.best_recalled(boxes[:n], people, mos, threshold)
            figures.add(labels.file, f"best_recall_{n}_{suffix}", float(recalled))
        for k in AP_K:
            order = np.argsort(-scores[:k], kind="stable")
            hits = crop_metrics.match_detections(boxes[:k][order], good, threshold)
            found = Detections(scores[:k][order], hits, len(good))
            figures.add_detections(labels.file, f"ap_{k}_{suffix}", found)


def _gaze(labels: Labels, values: NDArray[Any], figures: MethodFigures) -> None:
    gaze = labels.gaze
    saliency = saliency_metrics.on_grid(
        values, saliency_metrics.grid_shape(labels.width, labels.height)
    )
    figures.add(labels.file, "auc_judd", saliency_metrics.auc_judd(saliency, gaze))
    figures.add(labels.file, "nss", saliency_metrics.nss(saliency, gaze))
    figures.add(labels.file, "cc", saliency_metrics.correlation(saliency, gaze))


def _baseline(
    name: str, labels: Labels, constants: Mapping[int, Constant], figures: MethodFigures
) -> None:
    free: Box | None = None
    if name == "none":
        free = WHOLE
    elif name == "centre90":
        free = CENTRE_90
    elif name == "constant":
        free = constants[labels.fold].free(labels)
    if free is not None:
        _free_crop(labels, free, figures)
    if labels.best_crop is None:
        return
    ratio = float(ratio_of(labels.best_crop, labels.photo_ratio))
    if name == "constant":
        _ratio_crop(labels, constants[labels.fold].with_ratio(labels, ratio), figures)
    elif name == "centre_ratio":
        _ratio_crop(labels, CENTRED.box(ratio, labels.photo_ratio), figures)


def _gaze_baseline(name: str, labels: Labels, photo: Photo, figures: MethodFigures) -> None:
    if not len(labels.gaze):
        return
    if name == "centre_gaze":
        values = centre_gaze(saliency_metrics.grid_shape(labels.width, labels.height))
    else:
        # Lives beside the trained head, whose module imports torch.
        from cropcore.models.saliency import spectral_residual

        values = spectral_residual(net_pixels(photo)).astype(np.float64)
    _gaze(labels, values, figures)
