"""Task of setpred: sets of good crops, from annotated crops and a teacher or from opinion scores."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import Boxes, clip, iou
from cropcore.geometry.windows import free_windows
from cropcore.models.encoder import Levels
from cropcore.training.augmentation import View
from cropcore.training.head_recipes import SetpredRecipe
from cropcore.training.network import Network
from cropcore.training.setpred_losses import SetTargets, set_loss
from cropcore.training.tasks.base import Seen, Step, chosen_crops, ratio_of_view
from cropcore.training.tasks.teacher import Teacher, window_chances


class SetpredTask:
    """Trains the setpred head; targets from a teacher are made once per view."""

    share = None
    labelled = True

    def __init__(self, recipe: SetpredRecipe, teacher: Teacher | None) -> None:
        self.recipe, self.teacher = recipe, teacher
        self.views = recipe.views
        self._known: dict[tuple[str, View], SetTargets] = {}

    def wants(self, labels: Labels) -> bool:
        """Photos with a best crop, or with crops that people scored or chose."""
        if self.recipe.objective == "choices":
            return labels.best_crop is not None
        return bool(labels.crops)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Eq. 3 with smooth labels, and Eq. 6 from its time on."""
        network, recipe = step.network, self.recipe
        assert network.setpred is not None
        assert step.average.setpred is not None
        levels = network.levels(step.inputs)
        photos = step.own_photos
        photo_ratio = network.exact(torch.tensor([ratio_of_view(seen) for seen in photos]))
        known = self._targets(network, levels, photos, photo_ratio)
        targets = [one.to(network.device, network.dtype) for one in known]
        with network.precision():
            layers = network.setpred.layers(levels, photo_ratio)
        smooth = None
        if recipe.distil_from < 1 and step.passed >= recipe.distil_from - 1e-9:
            with torch.no_grad(), network.precision():
                seen = levels if recipe.first_layer is None else step.average.levels(step.inputs)
                smooth = step.average.setpred.layers(seen, photo_ratio)
        losses = set_loss(layers, targets, recipe.loss, smooth, step.inputs.counted)
        c = recipe.loss
        named = {
            "setpred.l1": losses.l1,
            "setpred.giou": c.giou * losses.giou,
            "setpred.focal": c.focal * losses.focal,
        }
        if smooth is not None:
            named["setpred.distil"] = c.focal * c.distil * losses.distil
        return named

    def _targets(
        self, network: Network, levels: Levels, photos: Sequence[Seen], photo_ratio: Tensor
    ) -> list[SetTargets]:
        if self.teacher is None or self.recipe.objective != "choices":
            return [self._of_opinions(*seen) for seen in photos]
        keys = [(labels.file, view) for labels, view in photos]
        new = [i for i, key in enumerate(keys) if key not in self._known]
        if new:
            some = _photos_of(levels, new)
            made = taught_targets(
                self.teacher, self.recipe, network, some, [photos[i] for i in new], photo_ratio[new]
            )
            self._known.update(zip([keys[i] for i in new], made, strict=True))
        return [self._known[key] for key in keys]

    def _of_opinions(self, labels: Labels, view: View) -> SetTargets:
        if not labels.mos:
            return SetTargets.of_crops(chosen_crops((labels, view)))
        crops = clip(view.boxes(labels.crops))
        return SetTargets.of_mos(crops, labels.mos, self.recipe.good_above)


def taught_targets(
    teacher: Teacher,
    recipe: SetpredRecipe,
    network: Network,
    levels: Levels,
    photos: Sequence[Seen],
    photo_ratio: Tensor,
) -> list[SetTargets]:
    """Targets of a batch of views from the teacher's distribution over windows of any ratio."""
    windows = np.stack([_windows_of(seen, recipe.teacher.windows) for seen in photos])
    best = np.stack([chosen_crops(seen)[0] for seen in photos])
    overlap = torch.from_numpy(iou(windows, best[:, None])).float()
    boxes = network.exact(torch.from_numpy(windows))
    scores = teacher.scores(network, levels, boxes, photo_ratio).cpu().float()
    chances = window_chances(scores, overlap, torch.ones(len(photos), 1), recipe.teacher).numpy()
    return [SetTargets.of_windows(b, w, q) for b, w, q in zip(best, windows, chances, strict=True)]


def _photos_of(levels: Levels, rows: list[int]) -> Levels:
    """The levels of some photos of a batch, without layer maps."""
    return Levels(
        levels.s8[rows], levels.s16_mid[rows], levels.s16[rows], levels.s32[rows], layer_maps=None
    )


def _windows_of(seen: Seen, count: int) -> Boxes:
    """The same draw of windows (count, 4) for a view in every run."""
    labels, view = seen
    digest = hashlib.md5(repr((labels.file, view)).encode(), usedforsecurity=False).digest()
    rng = np.random.default_rng([*digest[:8]])
    grid = free_windows(round(ratio_of_view(seen), 2))
    return grid[rng.choice(len(grid), count, replace=len(grid) < count)]
