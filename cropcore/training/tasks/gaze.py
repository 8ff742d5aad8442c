"""Task of the saliency head: trained on eye fixations."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.training.augmentation import ViewPlan
from cropcore.training.crop_samples import fixation_density
from cropcore.training.losses import gaze_loss
from cropcore.training.recipe import Recipe
from cropcore.training.tasks.base import Step

GAZE_SHARE = 0.4
"""Share of the photos with fixations that an epoch of crop training shows."""


class GazeTask:
    """Trains the gaze head."""

    share = GAZE_SHARE
    labelled = True

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.views = ViewPlan(windows=0, seed=recipe.views.seed)

    def wants(self, labels: Labels) -> bool:
        """Photos with fixations."""
        return bool(labels.fixations)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Cross-entropy of the density of fixations."""
        scale = 1 if step.inputs.cached else 8
        height, width = (side // scale for side in step.inputs.tensor.shape[-2:])
        densities = [fixation_density(*seen, height, width) for seen in step.own_photos]
        levels = step.network.levels(step.inputs)
        with step.network.precision():
            logits = step.network.saliency(levels)
        wanted = step.network.exact(torch.from_numpy(np.stack(densities)))
        loss = gaze_loss(step.network.exact(logits), wanted, step.inputs.counted)
        return {"gaze": self.recipe.gaze_weight * loss}
