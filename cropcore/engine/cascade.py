"""The cascade: combines all methods by a rule that was fitted on out-of-fold scores.

Propose: all windows of the aspect; once the slider rests also setpred's crops fitted to it and the
window that suits mars' area map best. Rank: each is scored by those of gaic, asm, mars and setpred that
have a say; the best go on to sfrc, which takes longer over each. Join: the logit of a crop is a weighted
sum of its scores, less the cost of the gaze that its borders cut; the distribution over crops that
follows from these logits is decoded like any method's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cropcore.geometry.boxes import Boxes

CASCADE = "cascade"
QUICK = ("gaic", "asm", "mars", "setpred")
"""Methods that score thousands of windows at each move of the slider."""

REFINING = "sfrc"
CUT = "cut"
"""The share of gaze that a crop's borders cut, as one more term."""

REFINED = 128
"""Crops that go on to the refining method."""

Terms = dict[str, NDArray[np.float64]]
ScoreBy = Callable[[str, Boxes], NDArray[np.float64]]
"""Scores (N,) of boxes (N, 4) by the term of a name."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights of the terms, by name; for each kind of question its own.

    Attributes:
        quick_free: any ratio is allowed, without the refining method.
        quick_ratio: the ratio is given, without the refining method.
        free: any ratio is allowed.
        ratio: the ratio is given.
        votes: which of two crops people prefer; the score of a crop that stands alone.
    """

    quick_free: Mapping[str, float]
    quick_ratio: Mapping[str, float]
    free: Mapping[str, float]
    ratio: Mapping[str, float]
    votes: Mapping[str, float]

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Rule:
        """Read the ``config`` of a weights record."""
        return cls(**{f.name: dict(config[f.name]) for f in fields(cls)})

    def for_windows(self, ratio: float | None, refined: bool) -> Mapping[str, float]:
        """The weights for choosing among windows."""
        if refined:
            return self.free if ratio is None else self.ratio
        return self.quick_free if ratio is None else self.quick_ratio


def join(terms: Mapping[str, NDArray[np.float64]], weights: Mapping[str, float]) -> Any:
    """The weighted sum (N,) of terms (N,); those of weight 0 may be missing."""
    return sum(weight * terms[name] for name, weight in weights.items() if weight)


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """Crops (N, 4), the terms known of each, and the logits (N,) that follow."""

    boxes: Boxes
    terms: Terms
    logits: NDArray[np.float64]

    def with_more(self, other: Pool) -> Pool:
        """This pool's crops, then another's, of which the same terms are known."""
        return Pool(
            np.concatenate([self.boxes, other.boxes]),
            {
                name: np.concatenate([values, other.terms[name]])
                for name, values in self.terms.items()
            },
            np.concatenate([self.logits, other.logits]),
        )

    def refined(self, score_by: ScoreBy, weights: Mapping[str, float]) -> Pool:
        """The best of them, with the refining method's score and whatever else the weights want."""
        best = np.sort(np.argsort(-self.logits, kind="stable")[:REFINED])
        terms = {name: values[best] for name, values in self.terms.items()}
        for name, weight in weights.items():
            if weight and name not in terms:
                terms[name] = score_by(name, self.boxes[best])
        return Pool(self.boxes[best], terms, join(terms, weights))

    def proposer(self, terms: Mapping[str, float], weights: Mapping[str, float]) -> str:
        """The method by which a crop of these terms stands highest among the pool's crops.

        Only methods with a say are asked; of equal ones the first in the rule.
        """
        heard = [n for n, weight in weights.items() if n != CUT and weight > 0 and n in self.terms]
        ahead = {n: float((self.terms[n] > terms[n]).mean()) for n in heard}
        return min(ahead, key=lambda n: ahead[n]) if ahead else QUICK[0]


def quick_terms(weights: Mapping[str, float]) -> list[str]:
    """The terms that every crop gets: of the quick methods that have a say, and of cut gaze."""
    return [name for name in (*QUICK, CUT) if weights.get(name) or name == CUT]
