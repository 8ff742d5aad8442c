"""From a question to candidates: the first crop, the set around it, their scores, ideas and cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.calibration import lead
from cropcore.engine.crop_distribution import SAME, SUPPORT, diverse_order
from cropcore.engine.crop_ideas import ideas
from cropcore.engine.crop_question import CropQuestion
from cropcore.engine.cut_areas import CutAreas
from cropcore.engine.diverse_candidates import MOVED, SURVIVES, crop_set, slots
from cropcore.engine.nested_crops import PLACED
from cropcore.engine.scene import Scene
from cropcore.engine.scorer import Scorer
from cropcore.engine.window_search import CropRequest
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE, Boxes, area, as_boxes, fit_to_ratio, iou
from cropcore.geometry.crop import Box, Candidate, Crop, Shape, Suggestions

HOLD = 0.03
"""By how much expected IoU another crop must be better to push aside the one shown before."""

ROOMY = 64
"""With shapes to be cut later: how many of the best outer crops the candidates are chosen from."""

WINDOWS, QUICK_WINDOWS = 192, 32
"""Grid windows that are offered besides smoothed crops: with refinement, and while a slider moves."""

PAPER_TEMPERATURE = 0.15
"""Softmax temperature over merits in [0, 1] for methods that suggest as their paper does."""


def suggested(
    scorer: Scorer, scene: Scene, asked: CropQuestion, texts: tuple[Box, ...] = ()
) -> Suggestions:
    """The candidates that answer a question, best first; its method is one of the scorer's.

    ``texts`` are pieces of text that no crop may cut.

    Raises:
        QuestionError: ``tightness`` is no number from 0 to 1.
        GeometryError: an area to protect is no box.
        AspectError: a shape to be cut later is ``free``.
    """
    heads = asked.kept_heads(scene.heads)
    # First: the scene caches the last result of each kind, which is to be that of the aspect itself.
    nested_search = scorer.nested_search(
        scene, asked.aspect, asked.also, asked.method, asked.protect, heads, texts
    )
    calibration, request = (
        scorer.calibration(asked.method),
        scene.request(asked.aspect, asked.tightness, asked.protect, heads, texts),
    )
    cuts = CutAreas(heads, texts, asked.protect, request)
    if calibration.way != "expected_iou":
        found = _as_in_paper(scorer, scene, asked, request, cuts)
        return found if nested_search is None else nested_search.filled(found)
    chances = scorer.distribution(scene, request, asked.method, asked.refine)
    choices = chances.choices
    if nested_search is not None:
        largest = 1.0 if asked.tightness <= 0.5 else float(area(choices).max())
        choices = nested_search.more(choices, chances, largest)
    choices = held_choices(request, choices)
    leaves_whole = asked.tightness <= 0.5 and _admits_whole(scene, asked.aspect)
    if leaves_whole:
        choices = np.concatenate([choices[iou(choices, WHOLE) < SAME], [WHOLE]])
    expected = chances.expected_iou(choices)
    held = (
        np.zeros(len(choices))
        if asked.near is None
        else HOLD * _overlap(choices, asked.near, request)
    )
    merits = held + (expected if nested_search is None else nested_search.joint(expected, choices))
    windows, weights = scorer.set_windows(scene, request, asked.method, asked.refine)
    if nested_search is None:
        first, whole = int(np.argmax(merits)), len(choices) - 1
        likely = np.argsort(-weights, kind="stable")[: WINDOWS if asked.refine else QUICK_WINDOWS]
        own = windows[likely]
        # None that is expected to overlap more than the first, which is to be the best.
        fitting = request.holding(own) & (chances.expected_iou(own) <= expected[first])
        offered = np.concatenate([choices, own[fitting]])
    else:
        # Inner crops are placed exactly for a fixed number of crops, so that the first does not depend
        # on k.
        leading = diverse_order(choices, merits, PLACED)
        exact = held[leading] + nested_search.joint(expected[leading], choices[leading], None)
        best = int(leading[np.argmax(exact)])
        # The others leave room for what is cut later too.
        roomy = np.argsort(-merits, kind="stable")[:ROOMY]
        roomy = np.union1d(roomy, [best, *([len(choices) - 1] if leaves_whole else [])])
        offered, first = choices[roomy], int(np.searchsorted(roomy, best))
        whole = len(offered) - 1
    order = crop_set(
        offered, first, windows, weights, asked.k, kept=[whole] if leaves_whole else []
    )
    boxes = offered[order]
    boxes = boxes[
        slots(boxes, _refitted(asked.before, request), SURVIVES if asked.refine else MOVED)
    ]
    expected = chances.expected_iou(boxes)
    shown = calibration.calibrated(expected, request.ratio)
    shown = cuts.lowered(shown, boxes, float(shown[cuts.none(boxes)].max(initial=0.0)))
    all_scores = scorer.scored_windows(scene, request, asked.method, refine=False)[1]
    ahead = lead(all_scores) / calibration.temperature(request.ratio)
    trust = calibration.trust(float(expected[0]), ahead, request.ratio)
    raw, proposers = scorer.opinions(scene, boxes, asked.method, request, asked.refine)
    candidates = _candidates(boxes, asked.aspect, proposers, raw, shown)
    found = Suggestions(asked.aspect, asked.method, trust, _told(scene, boxes, candidates, cuts))
    return found if nested_search is None else nested_search.filled(found)


def _as_in_paper(
    scorer: Scorer, scene: Scene, asked: CropQuestion, request: CropRequest, cuts: CutAreas
) -> Suggestions:
    """Suggestions by the best scores, found as the method's paper does."""
    boxes, scores = scorer.best(scene, request, asked.method)
    kept = request.holding(boxes)
    if kept.any():
        boxes, scores = boxes[kept], scores[kept]
    boxes, scores = boxes[:SUPPORT], scores[:SUPPORT]
    merits = (scores - scores[-1]) / max(scores[0] - scores[-1], 1e-12)
    weights = np.exp((merits - 1) / PAPER_TEMPERATURE)
    order = crop_set(boxes, 0, boxes, weights / weights.sum(), asked.k)
    found = _candidates(
        boxes[order], asked.aspect, [asked.method] * len(order), scores[order], None
    )
    return Suggestions(asked.aspect, asked.method, 0.0, _told(scene, boxes[order], found, cuts))


def held_choices(request: CropRequest, boxes: Boxes) -> Boxes:
    """Boxes (N, 4) moved until they hold what is to be held; as they are where none can."""
    moved = request.moved(boxes)
    whole = request.holding(moved)
    return moved[whole] if whole.any() else boxes


def _subject(scene: Scene, heads: Sequence[Box]) -> tuple[float, float]:
    """Where what matters in a photo lies: its largest head, or else the middle of the gaze or photo."""
    if heads:
        x1, y1, x2, y2 = max(heads, key=lambda h: (h[2] - h[0]) * (h[3] - h[1]))
        return (x1 + x2) / 2, (y1 + y2) / 2

    def middle() -> tuple[float, float]:
        # Only the tenth of the photo with the highest saliency counts.
        if scene.encoded.gaze is None:
            return 0.5, 0.5
        gaze = scene.encoded.gaze.astype(np.float64)
        strong = np.where(gaze >= np.quantile(gaze, 0.9), gaze, 0.0)
        rows = (np.arange(len(gaze)) + 0.5) / len(gaze)
        columns = (np.arange(gaze.shape[1]) + 0.5) / gaze.shape[1]
        total = strong.sum()
        return float(strong.sum(0) @ columns / total), float(strong.sum(1) @ rows / total)

    known: tuple[float, float] | None = scene.recall("subject", None)
    return scene.remember("subject", None, middle()) if known is None else known


def _told(
    scene: Scene, boxes: Boxes, candidates: tuple[Candidate, ...], cuts: CutAreas
) -> tuple[Candidate, ...]:
    """The candidates, each with its idea and with what it cuts."""
    labels = ideas(boxes, _subject(scene, cuts.heads))
    return tuple(
        replace(candidate, idea=label, cuts=cut)
        for candidate, label, cut in zip(candidates, labels, cuts.kinds(boxes), strict=True)
    )


def _admits_whole(scene: Scene, aspect: Aspect) -> bool:
    """Whether the whole photo has the wanted shape, but for the rounding of its sides."""
    ratio = aspect.ratio_for(scene.photo_width, scene.photo_height)
    if aspect.is_circle or ratio is None:
        return not aspect.is_circle
    rounding = min(1 / min(scene.photo_width, scene.photo_height), 0.01)
    return abs(ratio / scene.photo_ratio - 1) < rounding


def _overlap(boxes: Boxes, near: Box, request: CropRequest) -> NDArray[np.float64]:
    """IoU (N,) of boxes (N, 4) with a crop shown before, brought to the wanted ratio."""
    return np.asarray(iou(boxes, _refitted([near], request)))


def _refitted(boxes: Sequence[Box], request: CropRequest) -> Boxes:
    """Crops shown before, (N, 4), brought to the wanted ratio."""
    shown = as_boxes(np.reshape(boxes, (-1, 4)))
    if request.ratio is not None and len(shown):
        shown = fit_to_ratio(shown, request.ratio, request.photo_ratio)
    return shown


def _candidates(
    boxes: Boxes,
    aspect: Aspect,
    proposers: Sequence[str],
    raw: NDArray[np.float64],
    shown: NDArray[np.float64] | None,
) -> tuple[Candidate, ...]:
    shape: Shape = "circle" if aspect.is_circle else "rect"
    return tuple(
        Candidate(
            rank=i + 1,
            crop=Crop(_box(box), shape),
            score=None if shown is None else float(shown[i]),
            raw_score=float(raw[i]),
            proposed_by=proposers[i],
        )
        for i, box in enumerate(boxes)
    )


def _box(box: NDArray[np.float64]) -> Box:
    x1, y1, x2, y2 = (float(v) for v in box)
    return x1, y1, x2, y2
