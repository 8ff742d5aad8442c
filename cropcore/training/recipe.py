"""Recipe: all hyperparameters of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cropcore.geometry.input_sides import PRODUCT, InputSides
from cropcore.models.asm import AsmConfig
from cropcore.models.encoder import FROZEN_LAYERS
from cropcore.models.gaic import GaicConfig
from cropcore.models.trunks import TrunkName
from cropcore.training.augmentation import ViewPlan

Objective = Literal["choices", "huber", "hinge"]

WARM_UP = 0.15

MOS_MEAN, MOS_STD = 2.95, 0.8
"""Of GAICD's opinion scores, as published."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train one or several heads, and perhaps the encoder with them.

    Attributes:
        heads: names of the heads to train; ``gaic``, ``asm`` and ``saliency`` can be trained
            together.
        gaic: settings of that head.
        asm: settings of that head.
        objective: ``choices`` learns from votes on pairs and from the person's best crop; ``huber``
            regresses z-scored mean opinion scores (gaic paper); ``hinge`` ranks pairs (asm paper).
        first_layer: the first encoder layer that is trained; None leaves the encoder as it is. From
            ``FROZEN_LAYERS`` up, features are cached.
        epochs: passes over the photos, one view of each.
        batch: photos of a step, all of one shape.
        rate: peak learning rate of the heads.
        encoder_rate: peak learning rate of the encoder.
        weight_decay: decoupled (AdamW), or a part of the gradient where ``adam`` is set.
        adam: Adam in place of AdamW.
        betas: of the optimiser.
        clip: largest norm of the gradient; 0 does not clip.
        drops: shares of the training after which the rates are a tenth; needs ``constant_rate``.
        constant_rate: no warm-up and no decay of the rates, as in the papers.
        average: decay of the weight average that is kept; 0 keeps the last weights.
        views: augmentation.
        free_windows: windows of any ratio that are compared with the best crop in a step.
        ratio_windows: windows of the best crop's own ratio.
        target_spread: targets over windows are softmax(IoU with the best crop / spread).
        free_weight: weight of the comparison among windows of any ratio; votes weigh 1.
        ratio_weight: weight of the comparison among windows of the best crop's ratio.
        asm_lambda: weight of the saliency-aware loss, Eq. 8.
        asm_saliency: which saliency that loss looks at.
        score_gap: delta of Eq. 3, on the scale of the scores.
        mos_mean: mean of the opinion scores, for z-scores.
        mos_std: their standard deviation.
        gaze_weight: weight of the fixation loss beside the crop losses.
        low_precision: bfloat16 for the encoder and the large layers, where the processor has it.
        seed: settles every draw.
        as_in_paper: the trained method finds crops as its paper does, not by expected IoU.
        trunk: the trunk that is trained, one of ``trunks.TRUNKS``.
        batch_norm: ``frozen`` keeps the trunk's ImageNet statistics; ``live`` normalises the trained
            layers by the photos of a step, and keeps running statistics for use.
        sides: to which size photos are brought.
        scales: short sides of which each step draws one, in place of that of ``sides``; none draws none.
        double: float64 throughout, to compare runs by their last digits.
        keep_best: keep the epoch with the best figure on the validation photos, not the last one.
        held_out: photos of a published training split that are held out for validation where none was
            published; None takes as many as the data set's usual.
    """

    heads: tuple[str, ...]
    gaic: GaicConfig = field(default_factory=GaicConfig)
    asm: AsmConfig = field(default_factory=AsmConfig)
    objective: Objective = "choices"
    first_layer: int | None = FROZEN_LAYERS
    epochs: int = 3
    batch: int = 8
    rate: float = 1.5e-3
    encoder_rate: float = 2e-4
    weight_decay: float = 0.02
    adam: bool = False
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float = 5.0
    drops: tuple[float, ...] = ()
    constant_rate: bool = False
    average: float = 0.995
    views: ViewPlan = field(default_factory=ViewPlan)
    free_windows: int = 96
    ratio_windows: int = 48
    target_spread: float = 0.06
    free_weight: float = 0.3
    ratio_weight: float = 0.3
    asm_lambda: float = 0.1
    asm_saliency: Literal["gaze", "spectral_residual"] = "gaze"
    score_gap: float = 0.9
    mos_mean: float = MOS_MEAN
    mos_std: float = MOS_STD
    gaze_weight: float = 0.3
    low_precision: bool = True
    seed: int = 0
    as_in_paper: bool = False
    trunk: TrunkName = "mobilenet_v2"
    batch_norm: Literal["frozen", "live"] = "frozen"
    sides: InputSides = PRODUCT
    scales: tuple[int, ...] = ()
    double: bool = False
    keep_best: bool = False
    held_out: int | None = None

    @property
    def looks_at_gaze(self) -> bool:
        """Whether a head or a loss looks at the gaze head's map."""
        by_gaic = "gaic" in self.heads and self.gaic.gaze
        by_asm = "asm" in self.heads and self.asm_saliency == "gaze" and self.asm_lambda > 0
        return by_gaic or by_asm

    @property
    def wants_layer_maps(self) -> bool:
        """Whether a head looks at the channel maxima of all encoder layers."""
        return False

    @property
    def wants_teacher(self) -> bool:
        """Whether a trained gaic head says which windows are good."""
        return False

    @property
    def wants_unlabelled(self) -> bool:
        """Whether photos without labels take part."""
        return False

    @property
    def half_file(self) -> bool:
        """Whether the weights are kept as float16, which halves the file."""
        return False

    def decay_of(self, parameter: str) -> float:
        """Weight decay of a parameter of the network, by its name."""
        return self.weight_decay

    def rate_at(self, passed: float) -> float:
        """Factor on the peak rates when a share ``passed`` in [0, 1] of all steps is done."""
        if self.constant_rate:
            # Whole epochs are no exact binary fractions of the training.
            return float(0.1 ** sum(passed >= drop - 1e-9 for drop in self.drops))
        if passed < WARM_UP:
            return float(0.04 + 0.96 * (1 - np.cos(np.pi * passed / WARM_UP)) / 2)
        return float((1 + np.cos(np.pi * (passed - WARM_UP) / (1 - WARM_UP))) / 2)
