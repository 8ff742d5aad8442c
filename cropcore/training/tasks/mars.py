"""Task of mars: area masks of the annotated crop, and soft masks at other ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import WHOLE, iou, ratio_of
from cropcore.geometry.windows import ratio_windows
from cropcore.training.augmentation import ViewPlan
from cropcore.training.head_recipes import MarsRecipe
from cropcore.training.losses import area_loss, box_masks, soft_masks
from cropcore.training.network import Inputs, Network
from cropcore.training.tasks.base import Seen, Step, chosen_crops, is_unlabelled, ratio_of_view
from cropcore.training.tasks.teacher import Teacher, window_chances


@dataclass(frozen=True, eq=False, slots=True)
class RatioBatch:
    """What a step asks about B photos: M crops that people chose, and R other ratios.

    Attributes:
        photo_ratio: (B,).
        known: (B,), 1 where somebody chose a crop, else 0.
        crops: (B, M, 4) those crops.
        crop_ratio: (B, M) their pixel ratios.
        ratio: (B, R) the other pixel ratios.
        windows: (B, R, W, 4) windows of those.
        overlap: (B, R, W) the greatest IoU of each window with a crop that somebody chose.
    """

    photo_ratio: Tensor
    known: Tensor
    crops: Tensor
    crop_ratio: Tensor
    ratio: Tensor
    windows: Tensor
    overlap: Tensor

    def on(self, network: Network, inputs: Inputs) -> RatioBatch:
        """Those of the photos that are looked at, in the network's numbers and place."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        if inputs.rows is not None:
            own = {name: values[list(inputs.rows)] for name, values in own.items()}
        if not inputs.counted:
            own["known"] = own["known"] * 0
        return RatioBatch(**{name: network.exact(values) for name, values in own.items()})


def ratio_batch(photos: Sequence[Seen], recipe: MarsRecipe, rng: np.random.Generator) -> RatioBatch:
    """Draw the crops, ratios and windows of one step."""
    rows = [_ratio_sample(seen, recipe, rng) for seen in photos]
    return RatioBatch(
        **{
            f.name: torch.from_numpy(np.stack([row[f.name] for row in rows])).float()
            for f in fields(RatioBatch)
        }
    )


def _ratio_sample(
    seen: Seen, recipe: MarsRecipe, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    photo_ratio = ratio_of_view(seen)
    chosen = chosen_crops(seen)
    known = float(len(chosen) > 0)
    if not known:
        chosen = np.array([WHOLE])
    crops = chosen[rng.choice(len(chosen), recipe.choices, replace=len(chosen) < recipe.choices)]
    reach, count = math.log(recipe.widest), recipe.teacher.windows
    ratio = np.exp(rng.uniform(-reach, reach, recipe.ratios))
    windows = np.zeros((recipe.ratios, count, 4))
    for i, wanted in enumerate(ratio):
        grid = ratio_windows(float(wanted), photo_ratio)
        windows[i] = grid[rng.choice(len(grid), count, replace=len(grid) < count)]
    return {
        "photo_ratio": np.array(photo_ratio),
        "known": np.array(known),
        "crops": crops,
        "crop_ratio": np.asarray(ratio_of(crops, photo_ratio)),
        "ratio": ratio,
        "windows": windows,
        "overlap": iou(windows[:, :, None], chosen).max(axis=-1),
    }


class MarsTask:
    """Trains the mars head; without a teacher on people's crops alone.

    On photos without labels the teacher alone says what is good.
    """

    def __init__(self, recipe: MarsRecipe, teacher: Teacher | None, labelled: bool = True) -> None:
        self.recipe, self.teacher, self.labelled = recipe, teacher, labelled
        self.views = recipe.views if labelled else ViewPlan(windows=0, seed=recipe.views.seed)
        self.share = None if labelled else recipe.unlabelled

    def wants(self, labels: Labels) -> bool:
        """Photos with crops that people chose, or those without any labels."""
        if not self.labelled:
            return is_unlabelled(labels)
        return labels.best_crop is not None or bool(labels.crops)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Eq. 8 on masks of all ratios of the step."""
        network, recipe = step.network, self.recipe
        assert network.mars is not None
        batch = ratio_batch(step.photos, recipe, step.rng).on(network, step.inputs)
        levels = network.levels(step.inputs)
        with network.precision():
            prepared = network.mars.prepare(levels)
            ratios = torch.cat([batch.crop_ratio, batch.ratio], dim=1)
            logits = network.exact(network.mars.area_logits(prepared, ratios))
        height, width = logits.shape[-2:]
        targets = box_masks(batch.crops, height, width)
        weights = batch.known[:, None].expand(-1, recipe.choices)
        if recipe.ratios and self.teacher is not None:
            flat = batch.windows.flatten(1, 2)
            scores = self.teacher.scores(network, levels, flat, batch.photo_ratio)
            chances = window_chances(
                scores.view_as(batch.overlap),
                batch.overlap,
                batch.known[:, None, None],
                recipe.teacher,
            )
            soft = soft_masks(batch.windows, chances, height, width)
            targets = torch.cat([targets, soft], dim=1)
            weight = recipe.soft_weight * float(step.inputs.counted)
            weights = torch.cat([weights, torch.full_like(batch.ratio, weight)], dim=1)
        name = "mars.area" if self.labelled else "mars.unlabelled"
        loss = area_loss(logits, targets, weights)
        return {name: loss if self.labelled else recipe.soft_weight * loss}
