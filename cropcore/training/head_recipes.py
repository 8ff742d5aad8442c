"""Recipes of the heads that are trained alone: mars, sfrc and setpred."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cropcore.models import mars, setpred
from cropcore.models.mars import MarsConfig
from cropcore.models.setpred import SetpredConfig
from cropcore.models.sfrc import SfrcConfig
from cropcore.training.recipe import Recipe
from cropcore.training.setpred_losses import SetLossConfig


@dataclass(frozen=True, slots=True)
class TeacherConfig:
    """How a trained gaic head s says which windows are good: q(w) ~ exp(s(w) / T + kappa IoU(w, best)).

    Attributes:
        temperature: T.
        kappa: pull towards the person's best crop; nothing pulls where there is none.
        windows: how many windows carry the distribution, drawn evenly from the product's.
    """

    temperature: float = 0.5
    kappa: float = 8.0
    windows: int = 160


@dataclass(frozen=True, slots=True)
class HeadRecipe(Recipe):
    """What the heads that are trained alone have in common.

    Attributes:
        unlabelled: share of the photos without labels that an epoch shows; 0 leaves them out.
    """

    first_layer: int | None = None
    weight_decay: float = 1e-4
    unlabelled: float = 0.0

    @property
    def wants_unlabelled(self) -> bool:
        """Whether photos without labels take part."""
        return self.unlabelled > 0


@dataclass(frozen=True, slots=True)
class MarsRecipe(HeadRecipe):
    """How to train the mars head.

    Attributes:
        mars: settings of the head.
        meta_decay: weight decay of the meta-learners.
        choices: people's crops of a photo that a step shows, each at its own ratio.
        ratios: other ratios of a photo that a step shows, drawn evenly in log space; their targets
            are the teacher's. 0 does without a teacher.
        soft_weight: weight of those; people's crops weigh 1.
        widest: the ratios are drawn from [1 / widest, widest].
        teacher: how the targets of other ratios are made.
        linear_warm_up: share of the training with a rising rate; None is the usual schedule.
    """

    heads: tuple[str, ...] = ("mars",)
    mars: MarsConfig = mars.SHIPPED
    meta_decay: float = 1e-3
    choices: int = 1
    ratios: int = 2
    soft_weight: float = 0.3
    widest: float = 4.0
    teacher: TeacherConfig = field(default_factory=TeacherConfig)
    linear_warm_up: float | None = None

    @property
    def wants_teacher(self) -> bool:
        """Whether a trained gaic head says which windows are good."""
        return self.ratios > 0

    @property
    def looks_at_gaze(self) -> bool:
        """The teacher does."""
        return self.wants_teacher

    @property
    def half_file(self) -> bool:
        """Its generators are most of what all weights together weigh."""
        return True

    def decay_of(self, parameter: str) -> float:
        """Weight decay of a parameter of the network, by its name."""
        return self.meta_decay if ".meta." in parameter else self.weight_decay

    def rate_at(self, passed: float) -> float:
        """Factor on the peak rates when a share ``passed`` in [0, 1] of all steps is done."""
        start = self.linear_warm_up
        if start is None:
            return Recipe.rate_at(self, passed)
        if passed < start:
            return passed / start
        return float((1 + np.cos(np.pi * (passed - start) / (1 - start))) / 2)


@dataclass(frozen=True, slots=True)
class SfrcRecipe(HeadRecipe):
    """How to train the sfrc head.

    Attributes:
        sfrc: settings of the head.
        pair_weight: lambda_cls of Eq. 4.
        pair_margin: eta; under ``choices`` a difference of IoU with the best crop, otherwise of mean
            opinion scores.
        pairs: P, pairs of a photo's windows that the classifier is shown.
        consistency_weight: weight of Eq. 5; the paper has 1.
        consistency_from: share of the training after which it begins; 1 never.
        consistency_windows: crops of an unlabelled photo.
        delta: margin of Eq. 6.
        relative_delta: delta is in standard deviations of a photo's scores.
    """

    heads: tuple[str, ...] = ("sfrc",)
    sfrc: SfrcConfig = field(default_factory=SfrcConfig)
    pair_weight: float = 1.0
    pair_margin: float = 0.3
    pairs: int = 24
    consistency_weight: float = 0.3
    consistency_from: float = 0.4
    consistency_windows: int = 24
    delta: float = 0.1
    relative_delta: bool = True

    @property
    def wants_unlabelled(self) -> bool:
        """Whether photos without labels take part."""
        return self.unlabelled > 0 and self.consistency_weight > 0

    @property
    def looks_at_gaze(self) -> bool:
        """Whether a head or a loss looks at the gaze head's map."""
        return self.sfrc.gaze

    @property
    def wants_layer_maps(self) -> bool:
        """Whether a head looks at the channel maxima of all encoder layers."""
        return self.sfrc.spatial_aware


@dataclass(frozen=True, slots=True)
class SetpredRecipe(HeadRecipe):
    """How to train the setpred head.

    Attributes:
        setpred: settings of the head.
        loss: weights of its losses.
        good_above: mean opinion score above which a crop is good: 4 for GAICD, 2 for CPC.
        teacher: how good windows are found where only the best crop is known.
        distil_from: share of the training after which labels are smoothed by the averaged model
            (Eq. 5 and 6); 1 never.
    """

    heads: tuple[str, ...] = ("setpred",)
    setpred: SetpredConfig = setpred.SHIPPED
    loss: SetLossConfig = field(default_factory=SetLossConfig)
    good_above: float = 4.0
    teacher: TeacherConfig = field(default_factory=lambda: TeacherConfig(windows=512))
    distil_from: float = 2 / 3

    @property
    def wants_teacher(self) -> bool:
        """Whether a trained gaic head says which windows are good."""
        return self.objective == "choices"

    @property
    def looks_at_gaze(self) -> bool:
        """The teacher does."""
        return self.wants_teacher
