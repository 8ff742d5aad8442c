"""What the answers to one photo add to a method's figures, by the labels that the photo has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.evaluation import crop_metrics, head_metrics, saliency_metrics
from cropcore.evaluation.annotations import Labels
from cropcore.evaluation.results import Detections, MethodFigures, ScoreOutcome, Suffix
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, area, as_boxes
from cropcore.geometry.crop import Box, Suggestions

TEN = 10
"""How many candidates are judged as a set."""

ACC_K, ACC_N = (1, 2, 3, 4), (5, 10)
AP_K, IOU_THRESHOLDS = (5, 10, 40), (0.85, 0.90)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a method answers for one aspect: crops (K, 4), best first, at least one.

    ``promised`` is the calibrated score of the first in [0, 1] and ``confidence`` what is said of it
    in [0, 1]; both are None where there is no such thing.
    """

    boxes: Boxes
    promised: float | None = None
    confidence: float | None = None

    @classmethod
    def of(cls, suggestions: Suggestions) -> Answer:
        """From suggestions that hold a candidate."""
        score = suggestions.candidates[0].score
        return cls(
            as_boxes([c.crop.box for c in suggestions.candidates]),
            None if score is None else score / 100,
            suggestions.confidence,
        )

    @property
    def ten(self) -> Boxes:
        """The crops that are judged as a set."""
        return self.boxes[:TEN]


Answers = Mapping[Box, Answer]
"""The answer to compare each person's crop with: one for all, or that for the crop's own ratio."""


def people_asked(labels: Labels) -> tuple[Box, ...]:
    """The crops of people that answers are compared with: ``best_crop`` and ``crops`` without MOS."""
    best = () if labels.best_crop is None else (labels.best_crop,)
    return (*best, *_several(labels))


def first_crop(
    labels: Labels, answers: Answers, figures: MethodFigures, suffix: Suffix = ""
) -> None:
    """Add how near the first crop comes to those of people.

    ``iou_best`` takes the nearest of several people's crops; where their ratios were given, it is the
    mean over these, and ``iou_each``, ``disp_each`` and ``offset_each`` (of the centres, in pixels of the
    photo) compare each answer with the very crop that gave its ratio.
    """
    file, best, people = labels.file, labels.best_crop, _several(labels)
    if best is not None:
        box = answers[best].boxes[0]
        figures.add(file, f"iou{suffix}", float(crop_metrics.iou(box, best)))
        figures.add(file, f"disp{suffix}", float(crop_metrics.displacement(box, best)))
    if people and suffix:
        # Each crop beside the one whose ratio was given, as mars is measured on FAT.
        pairs = [(answers[crop].boxes[0], crop) for crop in people]
        gap = [crop_metrics.centre_offset(a, b, labels.width, labels.height) for a, b in pairs]
        each = {
            "iou_each": [crop_metrics.iou(a, b) for a, b in pairs],
            "disp_each": [crop_metrics.displacement(a, b) for a, b in pairs],
            "offset_each": gap,
        }
        for name, values in each.items():
            figures.add(file, name + suffix, float(np.sum(values)), len(values))
    if people:
        near = [crop_metrics.nearest(answers[crop].boxes[0], people) for crop in people]
        overlap, displacement = np.mean(near, axis=0)
        figures.add(file, f"iou_best{suffix}", float(overlap))
        figures.add(file, f"disp_best{suffix}", float(displacement))


def set_of_ten(
    labels: Labels, answers: Answers, figures: MethodFigures, suffix: Suffix = ""
) -> None:
    """Add how well ten crops serve people.

    The best of several crops is compared with ``best_crop``, and otherwise with the nearest of
    several people's crops.
    """
    file, best, people = labels.file, labels.best_crop, _several(labels)
    if people:
        for count in (TEN, 5):
            covered = [
                crop_metrics.coverage(answers[crop].boxes[:count], [crop]) for crop in people
            ]
            figures.add(file, f"coverage_{count}{suffix}", float(np.mean(covered)))
    judges = people or people_asked(labels)
    if judges:
        overlaps = [crop_metrics.iou(answers[crop].ten, crop).mean() for crop in judges]
        figures.add(file, f"mean_iou_10{suffix}", float(np.mean(overlaps)))
    asked = people if best is None else (best,)
    if asked:
        for count in (5, TEN):
            reached = [
                crop_metrics.coverage(answers[crop].boxes[:count], asked).max() for crop in asked
            ]
            figures.add(file, f"iou_best_of_{count}{suffix}", float(np.mean(reached)))


def trust(labels: Labels, answers: Answers, figures: MethodFigures, suffix: Suffix = "") -> None:
    """Add what was said of the first crop, and the IoU that it reached with each person's."""
    people = _several(labels) if labels.best_crop is None else (labels.best_crop,)
    outcomes = []
    for crop in people:
        answer = answers[crop]
        if answer.confidence is not None:
            reached = float(crop_metrics.iou(answer.boxes[0], crop))
            outcomes.append(ScoreOutcome(answer.promised, answer.confidence, reached))
    if outcomes:
        figures.add_trust(labels.file, suffix, outcomes)


def variety(
    labels: Labels, answers: Iterable[Answer], figures: MethodFigures, suffix: str = ""
) -> None:
    """Add how much ten crops differ from each other, the mean over the answers."""
    sets = [answer.ten for answer in answers]
    for name, measure in (
        ("distinct_10", crop_metrics.distinct),
        ("near_duplicates_10", crop_metrics.near_duplicates),
    ):
        figures.add(labels.file, name + suffix, float(np.mean([measure(ten) for ten in sets])))


def heads(
    labels: Labels, aspect: Aspect, answer: Answer, figures: MethodFigures, as_set: bool
) -> None:
    """Add whether crops of an aspect cut heads, under names that end in the aspect's slug.

    ``heads_cut`` counts the first crop, and ``heads_cut_10`` (with ``as_set``) each of ten, of all
    photos with heads; it is no cut where no crop of the ratio could hold them all. Of those photos
    ``heads_largest_lost`` counts the first crop if it cuts the largest head, which a crop could hold.
    """
    if not labels.heads:
        return
    file, boxes = labels.file, as_boxes(labels.heads)
    ratio = aspect.ratio_for(labels.width, labels.height)
    cut = head_metrics.cuts(answer.ten, boxes)
    all_fit = head_metrics.can_hold(boxes, ratio, labels.photo_ratio)
    avoidable = np.asarray(cut.any(1) & all_fit)
    figures.add(file, f"heads_cut_{aspect.slug}", float(avoidable[0]))
    if as_set:
        figures.add(file, f"heads_cut_10_{aspect.slug}", float(avoidable.sum()), len(avoidable))
    largest = int(area(boxes).argmax())
    if not all_fit and head_metrics.can_hold(boxes[[largest]], ratio, labels.photo_ratio):
        figures.add(file, f"heads_largest_lost_{aspect.slug}", float(cut[0, largest]))


def pairs(labels: Labels, scores: NDArray[np.float64], figures: MethodFigures) -> None:
    """Add how often ``scores`` (P, 2) of the photo's pairs agree with the majority of people."""
    votes = np.array([(p.votes_a, p.votes_b) for p in labels.pairs])
    alike = crop_metrics.same_size([p.a for p in labels.pairs], [p.b for p in labels.pairs])
    everything = np.ones(len(votes), bool)
    for name, kept in (("pair_accuracy", everything), ("pair_accuracy_same_size", alike)):
        agreed = crop_metrics.pair_agreement(*scores[kept].T, *votes[kept].T)
        figures.add(labels.file, name, agreed.right, agreed.total)


def ranking(
    labels: Labels,
    scores: NDArray[np.float64],
    figures: MethodFigures,
    score_gap: float | None = None,
) -> None:
    """Add how ``scores`` (N,) rank the photo's crops, beside their MOS.

    Pairs whose MOS differ by ``score_gap`` (asm's delta) are counted where it is given.
    """
    file, mos = labels.file, np.asarray(labels.mos)
    if score_gap is not None:
        told = crop_metrics.pairs_ranked(scores, mos, score_gap)
        figures.add(file, "ranking_accuracy", told.right, told.total)
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


def found_good(
    labels: Labels,
    boxes: Boxes,
    scores: NDArray[np.float64],
    figures: MethodFigures,
    good_above: float,
) -> None:
    """Add how well ranked crops (K, 4) with scores (K,) find those whose MOS is above ``good_above``.

    Scores are compared across photos.
    """
    people, mos = np.asarray(labels.crops), np.asarray(labels.mos)
    good = people[mos > good_above]
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


def gaze(labels: Labels, values: NDArray[Any], figures: MethodFigures) -> None:
    """Add how well a map (h, w) tells where people looked."""
    gaze = labels.gaze
    saliency = saliency_metrics.on_grid(
        values, saliency_metrics.grid_shape(labels.width, labels.height)
    )
    figures.add(labels.file, "auc_judd", saliency_metrics.auc_judd(saliency, gaze))
    figures.add(labels.file, "nss", saliency_metrics.nss(saliency, gaze))
    figures.add(labels.file, "cc", saliency_metrics.correlation(saliency, gaze))


def _several(labels: Labels) -> tuple[Box, ...]:
    return () if labels.mos else labels.crops
