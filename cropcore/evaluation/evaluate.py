"""Evaluates methods on annotated photos, with every metric that applies.

Each photo is encoded once for all methods. A photo that fails for one method is left out for all,
so that every figure rests on the same photos.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cropcore.errors import AnnotationError, CropsightError, PhotoError
from cropcore.evaluation import photo_figures, saliency_metrics
from cropcore.evaluation.annotations import Annotations, Labels
from cropcore.evaluation.baselines import (
    BASELINES,
    CENTRE_90,
    CENTRED,
    GAZE_BASELINES,
    Constant,
    TenConstant,
    centre_gaze,
    fit_constant,
    fit_ten_constant,
    fit_without_fold,
)
from cropcore.evaluation.out_of_fold import Cropper
from cropcore.evaluation.photo_figures import TEN, Answer
from cropcore.evaluation.published_sets import SCALES, OpinionScale
from cropcore.evaluation.results import Evaluation, Failure, MethodFigures, Suffix
from cropcore.files.path_checks import is_folder
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE, Boxes, as_boxes, ratio_of
from cropcore.geometry.crop import Box, Crop, Suggestions
from cropcore.images.photo import Photo, net_pixels, read_photo

FREE = Aspect("free")
ORIGINAL = Aspect("original")

ASPECTS = (FREE, *(Aspect.parse(text) for text in ("1:1", "4:5", "16:9", "9:16")))
"""Asked of every photo: what is measured for each carries the aspect's slug in its name."""

GAZE_MAP = "saliency"
"""The engine's map that says where people look; measured under its own name."""

GOOD = SCALES["gaicd"].good_above
"""The opinion score above which a crop is good, of annotation files: scores go from 1 to 5."""

_SHAPE_TOLERANCE = 0.05

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Baselines that are fitted to people's crops, by the fold that they know nothing of."""

    one: Mapping[int, Constant]
    ten: Mapping[int, TenConstant]


def evaluate(
    annotations: Annotations,
    images: str | Path,
    methods: Sequence[str],
    cropper: Cropper | None = None,
    folds: Collection[int] | None = None,
    weights_sha256: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    scale: OpinionScale | None = None,
) -> Evaluation:
    """Measure ``methods`` on the photos of ``annotations``, or on those of some folds.

    Args:
        annotations: what people said.
        images: folder of the photos.
        methods: names of baselines, ``saliency``, or methods of the ``cropper``.
        cropper: needed unless all methods are baselines.
        folds: of 0-4. What is fitted to people's crops (``constant``, ``ten_constant``) is fitted on
            the folds that a photo does not belong to.
        weights_sha256: per method, carried into the result.
        progress: called with (photos done, photos, file) before each photo.
        scale: what is good and different on the scale of the opinion scores; by default a crop above 4
            is good, as on GAICD, and no pairs are counted.

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
    everyone, own = annotations.values(), {p.fold for p in selected.values()}
    ones = fit_without_fold(everyone, fit_constant, own) if "constant" in chosen else {}
    tens = fit_without_fold(everyone, fit_ten_constant, own) if "ten_constant" in chosen else {}
    fitted = _Fitted(ones, tens)
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
            measured = {}
            if cropper and models:
                measured = _models(labels, photo, models, cropper, scale)
            for name in result.baselines:
                measured[name] = MethodFigures()
                if name in GAZE_BASELINES:
                    _gaze_baseline(name, labels, photo, measured[name])
                else:
                    _baseline(name, labels, fitted, measured[name])
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
            "is {width} x {height}, but was annotated as {labelled_width} x {labelled_height}.",
            "Use the photos that belong to the annotations.",
            width=photo.width,
            height=photo.height,
            labelled_width=labels.width,
            labelled_height=labels.height,
        )
    return photo


def _models(
    labels: Labels,
    photo: Photo,
    names: Sequence[str],
    cropper: Cropper,
    scale: OpinionScale | None,
) -> dict[str, MethodFigures]:
    scene = cropper.encode(photo)
    measured = {}
    for name in names:
        figures = measured[name] = MethodFigures()
        if name == GAZE_MAP:
            if len(labels.gaze):
                values = cropper.maps(scene, ORIGINAL, (name,))[name].values
                photo_figures.gaze(labels, values, figures)
        else:
            _crops(labels, photo, scene, name, cropper, figures, scale)
    return measured


def _crops(
    labels: Labels,
    photo: Photo,
    scene: Any,
    name: str,
    cropper: Cropper,
    figures: MethodFigures,
    scale: OpinionScale | None,
) -> None:
    def ask(aspect: Aspect) -> Suggestions:
        found = cropper.suggest(scene, aspect, k=TEN, method=name)
        if not found.candidates:
            raise PhotoError(
                photo.path,
                "{name} found no crop of aspect {aspect}.",
                name=name,
                aspect=str(aspect),
            )
        return found

    people = photo_figures.people_asked(labels)
    free = Answer.of(ask(FREE))
    _judge(labels, dict.fromkeys(people, free), figures, "")
    for aspect in ASPECTS:
        answer = free if aspect == FREE else Answer.of(ask(aspect))
        photo_figures.variety(labels, [answer], figures, _suffix(aspect))
        photo_figures.heads(labels, aspect, answer, figures, as_set=True)
    # The ratio on the photo at hand, so that the person's own crop stays within reach.
    ratios = {box: Aspect("ratio", float(ratio_of(box, photo.ratio)), 1.0) for box in people}
    _judge(labels, {box: Answer.of(ask(r)) for box, r in ratios.items()}, figures, "_ratio")
    if labels.mos:
        found = cropper.ranked(scene, FREE, max(photo_figures.AP_K), method=name)
        photo_figures.found_good(
            labels, *found, figures, GOOD if scale is None else scale.good_above
        )
        scores = cropper.score(scene, [Crop(box) for box in labels.crops], method=name)
        gap = None if scale is None else scale.score_gap
        photo_figures.ranking(labels, np.asarray(scores, np.float64), figures, gap)
    if labels.pairs:
        both = [Crop(box) for pair in labels.pairs for box in (pair.a, pair.b)]
        scores = np.asarray(cropper.score(scene, both, method=name), np.float64)
        photo_figures.pairs(labels, scores.reshape(-1, 2), figures)


def _judge(
    labels: Labels, answers: photo_figures.Answers, figures: MethodFigures, suffix: Suffix
) -> None:
    photo_figures.first_crop(labels, answers, figures, suffix)
    photo_figures.set_of_ten(labels, answers, figures, suffix)
    photo_figures.trust(labels, answers, figures, suffix)
    if suffix and answers:
        photo_figures.variety(labels, answers.values(), figures, suffix)


def _suffix(aspect: Aspect) -> str:
    return "" if aspect == FREE else f"_{aspect.slug}"


def _baseline(name: str, labels: Labels, fitted: _Fitted, figures: MethodFigures) -> None:
    as_set = name == "ten_constant"
    judge = _judge if as_set else photo_figures.first_crop
    people = photo_figures.people_asked(labels)
    free = _constant_boxes(name, labels, fitted, None)
    if free is not None:
        judge(labels, dict.fromkeys(people, Answer(free)), figures, "")
    for aspect in ASPECTS:
        boxes = _constant_boxes(name, labels, fitted, aspect.ratio_for(labels.width, labels.height))
        if boxes is None:
            continue
        if as_set:
            photo_figures.variety(labels, [Answer(boxes)], figures, _suffix(aspect))
        photo_figures.heads(labels, aspect, Answer(boxes), figures, as_set)
    answers = {}
    for box in people:
        ratio = float(ratio_of(box, labels.photo_ratio))
        given = _constant_boxes(name, labels, fitted, ratio)
        if given is not None:
            answers[box] = Answer(given)
    if answers:
        judge(labels, answers, figures, "_ratio")


def _constant_boxes(
    name: str, labels: Labels, fitted: _Fitted, ratio: float | None
) -> Boxes | None:
    """The crops (K, 4) of a baseline for a pixel ratio, or free; None where it has none."""
    fold = labels.fold
    if name == "ten_constant":
        ten = fitted.ten[fold]
        if not ten.boxes:  # nobody cropped a photo of the other folds
            return None
        return ten.free(labels) if ratio is None else ten.with_ratio(labels, ratio)
    box: Box | None = None
    if name == "constant":
        one = fitted.one[fold]
        box = one.free(labels) if ratio is None else one.with_ratio(labels, ratio)
    elif ratio is None:
        box = {"none": WHOLE, "centre90": CENTRE_90}.get(name)
    elif name == "centre_ratio":
        box = CENTRED.box(ratio, labels.photo_ratio)
    return None if box is None else as_boxes([box])


def _gaze_baseline(name: str, labels: Labels, photo: Photo, figures: MethodFigures) -> None:
    if not len(labels.gaze):
        return
    if name == "centre_gaze":
        values = centre_gaze(saliency_metrics.grid_shape(labels.width, labels.height))
    else:
        # Lives beside the trained head, whose module imports torch.
        from cropcore.models.spectral_residual import spectral_residual

        values = spectral_residual(net_pixels(photo)).astype(np.float64)
    photo_figures.gaze(labels, values, figures)
