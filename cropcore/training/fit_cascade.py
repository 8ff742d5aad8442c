"""Fits the cascade's rule on out-of-fold scores.

Weights of the terms: those under which people's choices are most likely. Among windows, cross-entropy
to softmax(IoU with the person's crop / 0.03), sharper than the labels that the rankers learn from, as the
first crop counts most; for pairs, the logistic loss on the share of votes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cropcore.engine.calibration import Calibration, lead
from cropcore.engine.cascade import CASCADE, CUT, QUICK, REFINED, REFINING, Rule, Terms, join
from cropcore.engine.engine import CropEngine
from cropcore.engine.scene import Scene
from cropcore.engine.weights_folder import METHODS, digest_of_members
from cropcore.evaluation.annotations import Labels
from cropcore.files.atomic_write import write_at
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import Boxes, as_boxes, iou, ratio_of
from cropcore.geometry.crop import Box
from cropcore.geometry.windows import windows
from cropcore.models.weights import WeightsRecord, read_record
from cropcore.training.fit_calibration import ScoredWindows, as_record

SPREAD = 0.03
RANKERS = ("gaic", "asm", "sfrc")
"""Methods whose score is less what cut gaze costs, as when they are asked alone."""

_ALL = (*QUICK, REFINING)
_HELD = 1e-3
"""Strength of the L2 penalty on weights, in units of each term's standard deviation."""


@dataclass(frozen=True, eq=False, slots=True)
class JointObservation:
    """What all methods said of one photo.

    Attributes:
        person: the crop (4,) that a person chose.
        ratio: its pixel ratio, the given one of the second kind of question.
        photo_ratio: width over height of the photo.
        boxes: per kind of question, free and with the ratio given: the crops (N, 4).
        terms: per kind: the quick terms and ``cut``, (N,) each.
        best: per kind: indices of crops that were shown to the refining method.
        refining: per kind: its scores of these.
        overlap: per kind: IoU (N,) with the person's crop.
        pairs: terms of the first and the second crop of each pair, (P, 2) each.
        shares: (P,) of voters who prefer the first.
    """

    person: Boxes
    ratio: float
    photo_ratio: float
    boxes: tuple[Boxes, Boxes]
    terms: tuple[Terms, Terms]
    best: tuple[NDArray[np.int64], NDArray[np.int64]]
    refining: tuple[NDArray[np.float64], NDArray[np.float64]]
    overlap: tuple[NDArray[np.float64], NDArray[np.float64]]
    pairs: Terms
    shares: NDArray[np.float64]


def observe_jointly(engine: CropEngine, scene: Scene, labels: Labels) -> JointObservation:
    """Ask all methods of an engine, which never saw the photo, about one photo."""
    assert labels.best_crop is not None
    person = as_boxes(labels.best_crop)
    ratio = float(ratio_of(person, scene.photo_ratio))
    boxes, terms, best, refining, overlap = [], [], [], [], []
    for aspect in (Aspect("free"), Aspect("ratio", ratio, 1.0)):
        crops = engine.proposals(scene, aspect)
        said = engine.terms(scene, crops, (*QUICK, CUT))
        standing = sum(said[name] / max(float(said[name].std()), 1e-9) for name in QUICK)
        shown = np.sort(np.argsort(-np.asarray(standing), kind="stable")[: 2 * REFINED])
        boxes.append(crops)
        terms.append(said)
        best.append(shown)
        refining.append(engine.terms(scene, crops[shown], (REFINING,))[REFINING])
        overlap.append(iou(crops, person))
    both: list[Box] = [box for pair in labels.pairs for box in (pair.a, pair.b)]
    asked = engine.terms(scene, as_boxes(both), (*_ALL, CUT)) if both else {}
    votes = np.array([(p.votes_a, p.votes_b) for p in labels.pairs], np.float64).reshape(-1, 2)
    return JointObservation(
        person,
        ratio,
        scene.photo_ratio,
        (boxes[0], boxes[1]),
        (terms[0], terms[1]),
        (best[0], best[1]),
        (refining[0], refining[1]),
        (overlap[0], overlap[1]),
        {name: values.reshape(-1, 2) for name, values in asked.items()},
        votes[:, 0] / votes.sum(axis=1),
    )


def fit_rule(seen: Sequence[JointObservation]) -> Rule:
    """The weights under which what people chose is most likely."""
    weights = {}
    for kind, name in enumerate(("free", "ratio")):
        everything = [_choice(o.terms[kind], o.overlap[kind]) for o in seen]
        weights[f"quick_{name}"] = _fit_choices(everything, QUICK)
        shown = []
        for o in seen:
            index = o.best[kind]
            terms = {n: values[index] for n, values in o.terms[kind].items()}
            terms[REFINING] = o.refining[kind]
            shown.append(_choice(terms, o.overlap[kind][index]))
        weights[name] = _fit_choices(shown, _ALL)
    return Rule(votes=_fit_votes(seen), **weights)


def observed_windows(
    seen: JointObservation, rule: Rule
) -> tuple[ScoredWindows, ScoredWindows, ScoredWindows, ScoredWindows]:
    """What the rule makes of a photo: free and with the ratio given, quick and then refined."""
    made = []
    for refined in (False, True):
        for kind, ratio in enumerate((None, seen.ratio)):
            boxes, terms = seen.boxes[kind], seen.terms[kind]
            logits = join(terms, rule.for_windows(ratio, refined=False))
            ahead = lead(logits)
            if refined:
                order = np.argsort(-logits[seen.best[kind]], kind="stable")[:REFINED]
                chosen = np.sort(order)
                index = seen.best[kind][chosen]
                terms = {n: values[index] for n, values in terms.items()}
                terms[REFINING] = seen.refining[kind][chosen]
                boxes, logits = boxes[index], join(terms, rule.for_windows(ratio, refined=True))
            made.append(
                ScoredWindows(
                    seen.person, boxes, logits.astype(np.float32), ratio, seen.photo_ratio, ahead
                )
            )
    return made[0], made[1], made[2], made[3]


def observed_alone(seen: JointObservation, method: str, cut: float) -> list[ScoredWindows]:
    """What a method that scores all windows said by itself, free and with the ratio given.

    Among the proposals come the windows first, then mars' own one, where the ratio is given.
    """
    made = []
    for kind, ratio in enumerate((None, seen.ratio)):
        count = len(windows(ratio, seen.photo_ratio)) + (method == "mars" and ratio is not None)
        scores = (seen.terms[kind][method] - cut * seen.terms[kind][CUT])[:count]
        boxes = seen.boxes[kind][:count]
        known = scores.astype(np.float32)
        made.append(ScoredWindows(seen.person, boxes, known, ratio, seen.photo_ratio, lead(known)))
    return made


def save_rule(rule: Rule, decoding: Calibration, folder: Path, **metrics: object) -> None:
    """Write ``cascade.json`` beside the weights of the methods that it joins.

    ``metrics`` say what it was fitted on.
    """
    records = {name: read_record(name, folder) for name in METHODS}
    first = records[METHODS[0]]
    made = WeightsRecord(
        name=CASCADE,
        config=asdict(rule),
        sha256=digest_of_members({name: r.sha256 for name, r in records.items()}),
        encoder_sha256=first.encoder_sha256,
        preprocessing=first.preprocessing,
        decoding=as_record(replace(decoding, cut=0.0)),
        training_data=first.training_data,
        metrics=metrics,
    )
    write_at(folder / f"{CASCADE}.json", made.to_json().encode(), replace=True)


@dataclass(frozen=True, eq=False, slots=True)
class _Choice:
    """Terms (N,) of the crops of one question and the target distribution over them (N,)."""

    terms: Terms
    target: NDArray[np.float64]


def _choice(terms: Terms, overlap: NDArray[np.float64]) -> _Choice:
    target = np.exp((overlap - overlap.max()) / SPREAD)
    return _Choice(terms, target / target.sum())


def _fit_choices(choices: Sequence[_Choice], names: Sequence[str]) -> dict[str, float]:
    """Weights >= 0 of the named terms, by cross-entropy; cut gaze costs each ranker what it does alone."""
    cost_of_cut = Calibration().cut

    def said(terms: Terms, name: str) -> NDArray[np.float64]:
        return terms[name] - cost_of_cut * terms[CUT] if name in RANKERS else terms[name]

    scale = {n: float(np.mean([said(c.terms, n).std() for c in choices])) or 1.0 for n in names}
    tables = [np.stack([said(c.terms, n) / scale[n] for n in names]) for c in choices]

    def cost(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros(len(names))
        for choice, table in zip(choices, tables, strict=True):
            logits = w @ table
            top = logits.max()
            mass = np.exp(logits - top)
            total += float(top + np.log(mass.sum()) - choice.target @ logits)
            slope += table @ (mass / mass.sum() - choice.target)
        n = len(choices)
        return total / n + _HELD * float(w @ w), slope / n + 2 * _HELD * w

    found = _minimum(cost, len(names))
    weights = {n: round(float(w) / scale[n], 5) for n, w in zip(names, found, strict=True)}
    paid = sum(weights.get(name, 0.0) for name in RANKERS)
    return {**weights, CUT: round(-cost_of_cut * paid, 5)}


def _fit_votes(seen: Sequence[JointObservation]) -> dict[str, float]:
    """Weights of all terms, by the logistic loss on the share of votes; cut gaze cannot help."""
    names = (*_ALL, CUT)
    kept = [o for o in seen if len(o.shares)]
    if not kept:
        return dict.fromkeys(names, 0.0)
    shares = np.concatenate([o.shares for o in kept])
    columns = {
        n: np.concatenate([o.pairs[n][:, 0] - o.pairs[n][:, 1] for o in kept]) for n in names
    }
    scale = {n: float(values.std()) or 1.0 for n, values in columns.items()}
    sign = np.array([-1.0 if n == CUT else 1.0 for n in names])
    table = np.stack([columns[n] / scale[n] for n in names]) * sign[:, None]

    def cost(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = w @ table
        value = float((np.logaddexp(0, logits) - shares * logits).mean())
        slope = table @ (1 / (1 + np.exp(-logits)) - shares) / len(shares)
        return value + _HELD * float(w @ w), slope + 2 * _HELD * w

    found = _minimum(cost, len(names)) * sign
    return {n: round(float(w) / scale[n], 5) for n, w in zip(names, found, strict=True)}


def _minimum(cost: object, count: int) -> NDArray[np.float64]:
    bounds = [(0.0, None)] * count
    found = minimize(cost, np.full(count, 0.3), jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)
