"""Results of an evaluation: per-photo values, means and confidence intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cropcore.errors import CropsightError, FileError
from cropcore.evaluation.crop_metrics import average_precision
from cropcore.evaluation.statistics import (
    RESAMPLES,
    Difference,
    Interval,
    bootstrap_mean,
    bootstrap_statistic,
    group_error,
    paired_difference,
    reliability,
    roc_area,
    selective_risk,
)

Floats = NDArray[np.float64]
Weights = NDArray[np.int64]

Suffix = Literal["", "_ratio"]
"""Of metrics: nothing for free crops, ``_ratio`` where the person's ratio was given."""

GOOD_IOU = 0.7
"""What the first crop must reach with the person's for the confidence to have been right."""


@dataclass(frozen=True, slots=True)
class ScoreOutcome:
    """What a method said of its first crop, and the IoU that it had with a person's.

    ``promised`` is its calibrated score in [0, 1], None before calibration; ``confidence`` is in
    [0, 1].
    """

    promised: float | None
    confidence: float
    iou: float


Outcomes = tuple[ScoreOutcome, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """One photo's returned crops for AP: scores (K,), hits (K,), and its number of good crops."""

    scores: Floats
    hits: NDArray[np.bool_]
    positives: int


@dataclass(slots=True)
class MethodFigures:
    """All that was measured of one method.

    ``values`` holds per metric and photo (total, count): the photo's value is total / count, the
    figure of the method is the sum of totals over the sum of counts. ``trust`` holds per kind of
    question and photo one outcome for each person who cropped it.
    """

    values: dict[str, dict[str, tuple[float, int]]] = field(default_factory=dict)
    detections: dict[str, dict[str, Detections]] = field(default_factory=dict)
    trust: dict[Suffix, dict[str, Outcomes]] = field(default_factory=dict)

    def add(self, photo: str, metric: str, total: float, count: int = 1) -> None:
        """Note a photo's value; what has no value (NaN, or nothing to count) is left out."""
        if count > 0 and math.isfinite(total):
            self.values.setdefault(metric, {})[photo] = (total, count)

    def add_detections(self, photo: str, metric: str, found: Detections) -> None:
        """Note a photo's returned crops for an AP."""
        self.detections.setdefault(metric, {})[photo] = found

    def add_trust(self, photo: str, suffix: Suffix, outcomes: Iterable[ScoreOutcome]) -> None:
        """Note what was said of a photo's first crop, and what came of it."""
        self.trust.setdefault(suffix, {})[photo] = tuple(outcomes)

    def merge(self, other: MethodFigures) -> None:
        """Take over another's photos."""
        for metric, values in other.values.items():
            self.values.setdefault(metric, {}).update(values)
        for metric, found in other.detections.items():
            self.detections.setdefault(metric, {}).update(found)
        for suffix, outcomes in other.trust.items():
            self.trust.setdefault(suffix, {}).update(outcomes)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of what can be told, in the order in which it was first measured."""
        told = [name for name, found in self.detections.items() if _positives(found.values())]
        return (*self.values, *told, *self._trust_metrics())

    def mean(self, metric: str) -> float:
        """The figure of a metric."""
        if metric in self.detections:
            return _ap(list(self.detections[metric].values()))
        if metric not in self.values:
            outcomes, statistic = self._trust(metric)
            return statistic(_trust_rows(outcomes))
        totals, counts = self._columns(metric, self.values[metric])
        return float(totals.sum() / counts.sum())

    def interval(self, metric: str) -> Interval:
        """Its 95 % bootstrap interval."""
        if metric in self.detections:
            photos = list(self.detections[metric].values())
            return bootstrap_statistic(lambda weights: _ap(photos, weights), len(photos))
        if metric not in self.values:
            outcomes, statistic = self._trust(metric)
            rows = _trust_rows(outcomes)
            photo = np.repeat(np.arange(len(outcomes)), [len(o) for o in outcomes])
            return bootstrap_statistic(
                lambda weights: statistic(np.repeat(rows, weights[photo], axis=0)),
                len(outcomes),
                resamples=RESAMPLES,
            )
        return bootstrap_mean(*self._columns(metric, self.values[metric]))

    def count(self, metric: str) -> int:
        """On how many it rests: photos, or what a photo has several of (pairs, candidates, people)."""
        if metric in self.detections:
            return len(self.detections[metric])
        if metric not in self.values:
            return len(_trust_rows(self._trust(metric)[0]))
        return sum(count for _, count in self.values[metric].values())

    def versus(self, other: MethodFigures) -> dict[str, Difference]:
        """Paired differences (this minus ``other``) for what both measured on the same photos."""
        result = {}
        for metric, mine in self.values.items():
            both = [p for p in mine if p in other.values.get(metric, {})]
            if both:
                a, counts = self._columns(metric, both)
                b, _ = other._columns(metric, both)
                result[metric] = paired_difference(a, b, counts)
        return result

    def _columns(self, metric: str, photos: Iterable[str]) -> tuple[Floats, Floats]:
        rows = np.array([self.values[metric][photo] for photo in photos], np.float64)
        return rows[:, 0], rows[:, 1]

    def _trust_metrics(self) -> Iterator[str]:
        """What can be told of scores and confidence; nothing of scores that are not calibrated."""
        for suffix, photos in self.trust.items():
            rows = _trust_rows(photos.values())
            for name, statistic in _TRUST_STATISTICS.items():
                if math.isfinite(statistic(rows)):
                    yield name + suffix

    def _trust(self, metric: str) -> tuple[list[Outcomes], Callable[[Floats], float]]:
        suffix: Suffix = "_ratio" if metric.endswith("_ratio") else ""
        statistic = _TRUST_STATISTICS[metric.removesuffix(suffix)]
        return list(self.trust[suffix].values()), statistic

    def curves(self) -> dict[str, Any]:
        """Reliability of the scores and selective risk (1 - IoU) of the confidence, for JSON.

        Both are those of free crops.
        """
        trust = list(itertools.chain.from_iterable(self.trust.get("", {}).values()))
        if not trust:
            return {}
        loss = [1 - t.iou for t in trust]
        risk = selective_risk([t.confidence for t in trust], loss)
        result: dict[str, Any] = {
            "selective_risk": {
                "coverage": _plain(risk.coverage),
                "risk": _plain(risk.risk),
                "area": _round(risk.area),
            }
        }
        promised = [t.promised for t in trust if t.promised is not None]
        if len(promised) == len(trust):
            curve = reliability(promised, [t.iou for t in trust])
            result["reliability"] = {
                "promised": _plain(curve.promised),
                "observed": _plain(curve.observed),
                "counts": curve.counts.tolist(),
                "error": _round(curve.error),
            }
        return result

    def to_json(self) -> dict[str, Any]:
        """``metrics``, ``ci95``, ``n`` and, where a method tells how sure it is, ``curves``."""
        names = self.metrics
        result: dict[str, Any] = {
            "metrics": {name: _round(self.mean(name)) for name in names},
            "ci95": {name: [_round(v) for v in self.interval(name)] for name in names},
            "n": {name: self.count(name) for name in names},
        }
        if curves := self.curves():
            result["curves"] = curves
        return result


@dataclass(frozen=True, slots=True)
class Failure:
    """A file for which something could not be done, and why."""

    file: str
    error: str

    @classmethod
    def of(cls, file: str, error: CropsightError) -> Failure:
        """From an error; the text does not repeat the file's name."""
        if isinstance(error, FileError):
            return cls(file, str(error.reason_and_remedy))
        return cls(file, str(error))


@dataclass(slots=True)
class Evaluation:
    """The outcome of an evaluation; :meth:`to_json` gives its published form, schema 1."""

    annotations: str
    photos: int
    folds: tuple[int, ...] | None
    methods: dict[str, MethodFigures]
    baselines: tuple[str, ...]
    weights_sha256: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The published form; beside each method its differences from the baselines measured."""
        methods = {}
        for name, figures in self.methods.items():
            entry = figures.to_json()
            if name in self.weights_sha256:
                entry["weights_sha256"] = self.weights_sha256[name]
            if versus := self._versus(name):
                entry["versus"] = versus
            methods[name] = entry
        return {
            "schema": 1,
            "annotations": self.annotations,
            "photos": self.photos,
            "fold": self.folds[0] if self.folds and len(self.folds) == 1 else None,
            **({"folds": list(self.folds)} if self.folds else {}),
            "methods": methods,
            "failures": [{"file": f.file, "error": f.error} for f in self.failures],
        }

    def _versus(self, name: str) -> dict[str, Any]:
        if name in self.baselines:
            return {}
        result = {}
        for baseline in self.baselines:
            gaps = self.methods[name].versus(self.methods[baseline])
            if gaps:
                result[baseline] = {
                    metric: {
                        "difference": _round(gap.value),
                        "ci95": [_round(gap.low), _round(gap.high)],
                    }
                    for metric, gap in gaps.items()
                }
        return result


def _trust_rows(photos: Iterable[Outcomes]) -> Floats:
    """Promised (NaN before calibration), confidence and IoU of all outcomes, (N, 3)."""
    rows = [(o.promised, o.confidence, o.iou) for outcomes in photos for o in outcomes]
    return np.array(rows, np.float64).reshape(-1, 3)


_TRUST_STATISTICS: dict[str, Callable[[Floats], float]] = {
    "score_bias": lambda rows: float((rows[:, 0] - rows[:, 2]).mean()),
    "score_error": lambda rows: group_error(rows[:, 0], rows[:, 2]),
    "confidence_auc": lambda rows: roc_area(rows[:, 1], rows[:, 2] >= GOOD_IOU),
}


def _positives(photos: Iterable[Detections]) -> int:
    return sum(photo.positives for photo in photos)


def _ap(photos: Sequence[Detections], weights: Sequence[int] | Weights | None = None) -> float:
    times = np.ones(len(photos), np.int64) if weights is None else np.asarray(weights)
    return average_precision(
        np.concatenate([p.scores for p in photos]),
        np.concatenate([p.hits for p in photos]),
        float(sum(t * p.positives for t, p in zip(times, photos, strict=True))),
        np.repeat(times, [len(p.scores) for p in photos]).astype(np.float64),
    )


def _round(value: float) -> float:
    return round(float(value), 6)


def _plain(values: Floats) -> list[float]:
    return [_round(v) for v in values]
