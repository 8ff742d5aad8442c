"""The encoder and some heads as one network."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cropcore.models.asm import AsmHead
from cropcore.models.encoder import FROZEN_LAYERS, LAYERS, Encoder, Levels
from cropcore.models.gaic import GaicHead
from cropcore.models.mars import MarsHead
from cropcore.models.saliency import SaliencyHead, density
from cropcore.models.setpred import SetpredHead
from cropcore.models.sfrc import SfrcHead
from cropcore.training.head_recipes import MarsRecipe, SetpredRecipe, SfrcRecipe
from cropcore.training.recipe import Recipe


@dataclass(frozen=True, eq=False, slots=True)
class Inputs:
    """Photos of one shape: cached stride-8 features, or net inputs where all layers are trained.

    Attributes:
        tensor: (B, 32, H/8, W/8) features, or (B, 3, H, W) net inputs.
        cached: which of the two.
        saliency: (B, 1, h, w) in [0, 1], the untrained reference, where the recipe asks for it.
        low_maps: (B, 7, 64, 64) layer maps of the cached layers, where the recipe asks for them.
    """

    tensor: Tensor
    cached: bool
    saliency: Tensor | None = None
    low_maps: Tensor | None = None


class Network(nn.Module):
    """What a recipe trains; heads that it does not train are absent, save the gaze head."""

    def __init__(self, recipe: Recipe, encoder: Encoder) -> None:
        super().__init__()
        self.recipe = recipe
        self.encoder = encoder
        self.saliency = SaliencyHead()
        self.gaic = GaicHead(recipe.gaic) if "gaic" in recipe.heads else None
        self.asm = AsmHead(recipe.asm) if "asm" in recipe.heads else None
        self.mars = MarsHead(recipe.mars) if isinstance(recipe, MarsRecipe) else None
        self.sfrc = SfrcHead(recipe.sfrc) if isinstance(recipe, SfrcRecipe) else None
        self.setpred = SetpredHead(recipe.setpred) if isinstance(recipe, SetpredRecipe) else None
        # Choices among windows want sharper scores than votes do: people often disagree.
        self.vote_scale = nn.ParameterDict(
            {h: nn.Parameter(torch.tensor(-0.7)) for h in recipe.heads}
        )
        first = LAYERS if recipe.first_layer is None else recipe.first_layer
        # The last layer serves layer maps only; without them nothing would teach it.
        last = LAYERS if recipe.wants_layer_maps else LAYERS - 1
        for index, layer in enumerate(encoder.features):
            layer.requires_grad_(first <= index < last)
        self.saliency.requires_grad_("saliency" in recipe.heads)

    def train(self, mode: bool = True) -> Network:
        """Heads follow ``mode``; batch norms of the encoder keep their ImageNet statistics."""
        super().train(mode)
        self.encoder.eval()
        return self

    def levels(self, inputs: Inputs) -> Levels:
        """Feature levels of a batch, with layer maps where the recipe asks for them."""
        x = inputs.tensor.contiguous(memory_format=torch.channels_last)
        with self.precision():
            if not inputs.cached:
                return self.encoder(x, layer_maps=self.recipe.wants_layer_maps)
            return self.encoder.forward_top((x, inputs.low_maps))

    @torch.no_grad()
    def gaze(self, levels: Levels) -> Tensor:
        """The gaze head's density (B, 1, H/8, W/8), mean 1, as an input of other heads."""
        with self.precision():
            return density(self.saliency(levels))

    def precision(self) -> torch.autocast:
        """The arithmetic of large layers, as the recipe wants it."""
        kind = next(self.parameters()).device.type
        wanted = self.recipe.low_precision and (kind != "cpu" or _processor_has_bfloat16())
        return torch.autocast(kind, torch.bfloat16, enabled=wanted)


def _processor_has_bfloat16() -> bool:
    """Whether bfloat16 is fast on this processor; emulated, it takes three times as long."""
    asked = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return asked is not None and bool(asked())


def uses_cache(recipe: Recipe) -> bool:
    """Whether the lowest layers stay as they are, so that their output can be cached."""
    return recipe.first_layer is None or recipe.first_layer >= FROZEN_LAYERS
