"""Task of sfrc: scores, a pair classifier, and their consistency on unlabelled photos."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.windows import free_windows, grid_anchors
from cropcore.models.sfrc import SfrcPrepared
from cropcore.training.augmentation import ViewPlan
from cropcore.training.crop_samples import CropSamples, crop_batch
from cropcore.training.head_recipes import SfrcRecipe
from cropcore.training.losses import (
    both_orders,
    classification_loss,
    consistency_loss,
    pair_targets,
    select_pairs,
    take_pairs,
)
from cropcore.training.network import Inputs
from cropcore.training.tasks.base import Step, is_unlabelled, ratio_of_view
from cropcore.training.tasks.choices import has_crop_labels, objective_losses


def prepare(step: Step) -> SfrcPrepared:
    """What all crops of the step's photos share."""
    network = step.network
    assert network.sfrc is not None
    levels = network.levels(step.inputs)
    gaze = None
    if network.sfrc.config.gaze:
        gaze = F.interpolate(network.gaze(levels), levels.s16.shape[-2:], mode="area")
    return network.sfrc.prepare(levels, gaze)


def labelled_pairs(batch: CropSamples, recipe: SfrcRecipe) -> tuple[Tensor, Tensor]:
    """Pairs (M, 3) of (photo, i, j) among the batch's crops, and the share (M,) that prefers i.

    People's votes first; then windows whose labels differ by the recipe's margin, as 0 or 1.
    """
    p = batch.share.shape[1]
    photo, which = batch.pair_weight.nonzero().unbind(-1)
    voted = torch.stack([photo, which, which + p], dim=-1)
    shares = batch.share[photo, which]
    if recipe.objective == "choices":
        labels, margin, start = batch.free_overlap, recipe.pair_margin, 2 * p
        labels = labels.masked_fill(batch.best_weight[:, None] == 0, torch.nan)
    else:
        labels, margin = batch.opinions, recipe.pair_margin / recipe.mos_std
        labels = labels.masked_fill(batch.opinion_weight == 0, torch.nan)
        start = batch.boxes.shape[1] - labels.shape[1]
    windows = select_pairs(labels, margin, recipe.pairs)
    known = pair_targets(labels, windows)
    windows = windows + torch.tensor([0, start, start])
    return torch.cat([voted, windows]), torch.cat([shares, known])


def own_pairs(pairs: Tensor, shares: Tensor, inputs: Inputs) -> tuple[Tensor, Tensor]:
    """The pairs of the photos that are looked at; none where these do not count."""
    if inputs.rows is None:
        return pairs, shares
    place = {photo: i for i, photo in enumerate(inputs.rows)} if inputs.counted else {}
    kept = torch.tensor([int(photo) in place for photo in pairs[:, 0]], dtype=torch.bool)
    mine = pairs[kept].clone()
    mine[:, 0] = torch.tensor([place[int(photo)] for photo in mine[:, 0]], dtype=torch.long)
    return mine, shares[kept]


class SfrcTask:
    """Trains the scores and the classifier, Eq. 1 to 4."""

    share = None
    labelled = True

    def __init__(self, recipe: SfrcRecipe) -> None:
        self.recipe = recipe
        self.views = recipe.views

    def wants(self, labels: Labels) -> bool:
        """Photos with votes or choices, or with opinion scores under the paper's objective."""
        return has_crop_labels(labels, self.recipe)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Losses of both branches on the same crops."""
        network, recipe = step.network, self.recipe
        head = network.sfrc
        assert head is not None
        everything = crop_batch(step.photos, recipe, step.rng)
        told = labelled_pairs(everything, recipe)
        if recipe.objective == "choices":
            told = both_orders(*told)
        pairs, shares = own_pairs(*told, step.inputs)
        batch, shares = everything.on(network, step.inputs), network.exact(shares)
        with network.precision():
            features = head.crop_features(prepare(step), batch.boxes, batch.photo_ratio)
            scores = network.exact(head.score(features))
            logits = network.exact(head.pair_logits(*take_pairs(features, pairs)))
        losses = objective_losses("sfrc", scores, batch, recipe, network.vote_scale["sfrc"])
        losses["sfrc.pairs"] = recipe.pair_weight * classification_loss(logits, shares)
        return losses


class ConsistencyTask:
    """Makes scores and classifier agree on photos without labels, Eq. 5 and 6."""

    labelled = False

    def __init__(self, recipe: SfrcRecipe) -> None:
        self.recipe = recipe
        self.views = ViewPlan(windows=0, seed=recipe.views.seed)
        self.share = recipe.unlabelled

    def wants(self, labels: Labels) -> bool:
        """Photos without labels."""
        return is_unlabelled(labels)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """The consistency loss; none before its time has come."""
        network, recipe = step.network, self.recipe
        head = network.sfrc
        assert head is not None
        if step.passed < recipe.consistency_from or recipe.consistency_from >= 1:
            return {}
        ratios = [ratio_of_view(seen) for seen in step.photos]
        windows = torch.from_numpy(np.stack([self._windows(r, step.rng) for r in ratios]))
        rows = range(len(ratios)) if step.inputs.rows is None else step.inputs.rows
        photo_ratio = network.exact(torch.tensor(ratios)[list(rows)])
        boxes = network.exact(windows[list(rows)].float())
        with network.precision():
            features = head.crop_features(prepare(step), boxes, photo_ratio)
            scores = network.exact(head.score(features))
            with torch.no_grad():
                logits = network.exact(head.pair_matrix(features))
        loss = consistency_loss(
            scores, logits, recipe.delta, recipe.relative_delta, step.inputs.counted
        )
        return {"sfrc.consistency": recipe.consistency_weight * loss}

    def _windows(self, photo_ratio: float, rng: np.random.Generator) -> np.ndarray:
        """Windows of an unlabelled photo: grid anchors as in the paper, or the product's."""
        paper = self.recipe.objective != "choices"
        grid = grid_anchors(photo_ratio) if paper else free_windows(round(photo_ratio, 2))
        grid = grid if len(grid) else free_windows(round(photo_ratio, 2))
        count = self.recipe.consistency_windows
        return grid[rng.choice(len(grid), count, replace=len(grid) < count)]
