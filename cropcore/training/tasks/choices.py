"""Task of gaic and asm: scores of many crops, trained on votes, choices or opinion scores."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.models.asm import saliency_loss
from cropcore.models.saliency import unit_range
from cropcore.training.crop_samples import CropSamples, crop_batch
from cropcore.training.losses import (
    choice_loss,
    hinge_loss,
    huber_loss,
    mean_over_photos,
    vote_loss,
)
from cropcore.training.network import Inputs, Network
from cropcore.training.recipe import Recipe
from cropcore.training.tasks.base import Step


def has_crop_labels(labels: Labels, recipe: Recipe) -> bool:
    """Whether a photo has the labels of the recipe's objective."""
    if recipe.objective == "choices":
        return labels.best_crop is not None or bool(labels.pairs)
    return bool(labels.mos)


def objective_losses(
    head: str, scores: Tensor, batch: CropSamples, recipe: Recipe, vote_scale: Tensor
) -> dict[str, Tensor]:
    """Weighted losses of one head's scores (B, N) under the recipe's objective."""
    first, second, free, ratio, opinion = batch.split(scores)
    if recipe.objective == "huber":
        return {f"{head}.huber": huber_loss(opinion, batch.opinions, batch.opinion_weight)}
    if recipe.objective == "hinge":
        gap = recipe.score_gap / recipe.mos_std
        loss = hinge_loss(opinion, batch.opinions, gap, batch.opinion_weight)
        return {f"{head}.hinge": loss}
    spread, weight = recipe.target_spread, batch.best_weight
    scale = vote_scale.exp()
    return {
        f"{head}.votes": vote_loss(scale * first, scale * second, batch.share, batch.pair_weight),
        f"{head}.free": recipe.free_weight * choice_loss(free, batch.free_overlap, spread, weight),
        f"{head}.ratio": recipe.ratio_weight
        * choice_loss(ratio, batch.ratio_overlap, spread, weight),
    }


class ChoiceTask:
    """Trains the gaic and the asm head, on the same crops."""

    share = None
    labelled = True

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.views = recipe.views

    def wants(self, labels: Labels) -> bool:
        """Photos with votes or choices, or with opinion scores under the papers' objectives."""
        return has_crop_labels(labels, self.recipe)

    def losses(self, step: Step) -> dict[str, Tensor]:
        """Losses of both heads."""
        batch = crop_batch(step.photos, self.recipe, step.rng).on(step.network, step.inputs)
        return crop_losses(step.network, step.inputs, batch)


def crop_losses(network: Network, inputs: Inputs, batch: CropSamples) -> dict[str, Tensor]:
    """Weighted losses of the crop heads by name; their sum is what is minimised."""
    recipe = network.recipe
    levels = network.levels(inputs)
    joined = network.exact(levels.joined())
    losses: dict[str, Tensor] = {}
    gaze = network.gaze(levels) if recipe.looks_at_gaze else None
    if network.gaic is not None:
        at = None
        if recipe.gaic.gaze and gaze is not None:
            at = F.interpolate(gaze, joined.shape[-2:], mode="area")
        prepared = network.gaic.prepare(joined, at)
        with network.precision():
            scores = network.gaic(prepared, batch.boxes, batch.photo_ratio)
        scale = network.vote_scale["gaic"]
        losses |= objective_losses("gaic", network.exact(scores), batch, recipe, scale)
    if network.asm is not None:
        score_map = network.asm(joined)
        scores = network.asm.score(score_map, batch.boxes, batch.photo_ratio)
        losses |= objective_losses("asm", scores, batch, recipe, network.vote_scale["asm"])
        seen = inputs.saliency if gaze is None else unit_range(gaze)
        if recipe.asm_lambda and seen is not None:
            each = saliency_loss(score_map, network.exact(seen))
            losses["asm.saliency"] = recipe.asm_lambda * mean_over_photos(each, inputs.counted)
    return losses
