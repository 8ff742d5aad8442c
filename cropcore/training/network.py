"""The encoder and some heads as one network, and its loss on a batch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.encoder import FROZEN_LAYERS, LAYERS, Encoder, Levels
from cropcore.heads.asm import AsmHead, saliency_loss
from cropcore.heads.gaic import GaicHead
from cropcore.heads.saliency import SaliencyHead, density, unit_range
from cropcore.training.losses import (
    choice_loss,
    gaze_loss,
    hinge_loss,
    huber_loss,
    vote_loss,
)
from cropcore.training.recipes import Recipe
from cropcore.training.samples import CropBatch


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """Photos of one shape: cached stride-8 features, or net inputs where all layers are trained.

    ``saliency`` (B, 1, h, w) in [0, 1] is the untrained reference, where the recipe asks for it.
    """

    tensor: Tensor
    cached: bool
    saliency: Tensor | None = None


class Network(nn.Module):
    """What a recipe trains; heads that it does not train are absent, save the gaze head."""

    def __init__(self, recipe: Recipe, encoder: Encoder) -> None:
        super().__init__()
        self.recipe = recipe
        self.encoder = encoder
        self.saliency = SaliencyHead()
        self.gaic = GaicHead(recipe.gaic) if "gaic" in recipe.heads else None
        self.asm = AsmHead(recipe.asm) if "asm" in recipe.heads else None
        # Choices among windows want sharper scores than votes do: people often disagree.
        self.vote_scale = nn.ParameterDict(
            {h: nn.Parameter(torch.tensor(-0.7)) for h in recipe.heads}
        )
        first = LAYERS if recipe.first_layer is None else recipe.first_layer
        for index, layer in enumerate(encoder.features):
            # The last layer serves sfrc's layer maps only; no head here would teach it anything.
            layer.requires_grad_(first <= index < LAYERS - 1)
        self.saliency.requires_grad_("saliency" in recipe.heads)

    def train(self, mode: bool = True) -> Network:
        """Heads follow ``mode``; batch norms of the encoder keep their ImageNet statistics."""
        super().train(mode)
        self.encoder.eval()
        return self

    def levels(self, inputs: Inputs) -> Levels:
        """Feature levels of a batch."""
        x = inputs.tensor.contiguous(memory_format=torch.channels_last)
        with self._precision():
            if not inputs.cached:
                return self.encoder(x, layer_maps=False)
            return self.encoder.forward_top((x, None))

    def crop_losses(self, inputs: Inputs, batch: CropBatch) -> dict[str, Tensor]:
        """Weighted losses of the crop heads by name; their sum is what is minimised."""
        levels = self.levels(inputs)
        joined = levels.joined().float()
        losses: dict[str, Tensor] = {}
        gaze = None
        if self.recipe.looks_at_gaze:
            with torch.no_grad(), self._precision():
                gaze = density(self.saliency(levels).detach())
        if self.gaic is not None:
            at = None
            if self.recipe.gaic.gaze and gaze is not None:
                at = F.interpolate(gaze, joined.shape[-2:], mode="area")
            prepared = self.gaic.prepare(joined, at)
            with self._precision():
                scores = self.gaic(prepared, batch.boxes, batch.photo_ratio)
            losses |= self._objective("gaic", scores.float(), batch)
        if self.asm is not None:
            score_map = self.asm(joined)
            scores = self.asm.score(score_map, batch.boxes, batch.photo_ratio)
            losses |= self._objective("asm", scores, batch)
            seen = inputs.saliency if gaze is None else unit_range(gaze)
            if self.recipe.asm_lambda and seen is not None:
                losses["asm.saliency"] = self.recipe.asm_lambda * saliency_loss(score_map, seen)
        return losses

    def gaze_losses(self, inputs: Inputs, fixations: Tensor) -> dict[str, Tensor]:
        """Weighted loss of the gaze head."""
        levels = self.levels(inputs)
        with self._precision():
            logits = self.saliency(levels)
        return {"gaze": self.recipe.gaze_weight * gaze_loss(logits, fixations)}

    def _objective(self, head: str, scores: Tensor, batch: CropBatch) -> dict[str, Tensor]:
        recipe = self.recipe
        first, second, free, ratio, opinion = batch.split(scores)
        if recipe.objective == "huber":
            loss = huber_loss(opinion, batch.opinions, batch.opinion_weight)
            return {f"{head}.huber": loss}
        if recipe.objective == "hinge":
            gap = recipe.score_gap / recipe.mos_std
            loss = hinge_loss(opinion, batch.opinions, gap, batch.opinion_weight)
            return {f"{head}.hinge": loss}
        spread, weight = recipe.target_spread, batch.best_weight
        scale = self.vote_scale[head].exp()
        return {
            f"{head}.votes": vote_loss(
                scale * first, scale * second, batch.share, batch.pair_weight
            ),
            f"{head}.free": recipe.free_weight
            * choice_loss(free, batch.free_overlap, spread, weight),
            f"{head}.ratio": recipe.ratio_weight
            * choice_loss(ratio, batch.ratio_overlap, spread, weight),
        }

    def _precision(self) -> torch.autocast:
        kind = next(self.parameters()).device.type
        return torch.autocast(kind, torch.bfloat16, enabled=self.recipe.low_precision)


def uses_cache(recipe: Recipe) -> bool:
    """Whether the lowest layers stay as they are, so that their output can be cached."""
    return recipe.first_layer is None or recipe.first_layer >= FROZEN_LAYERS
