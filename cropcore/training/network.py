"""The encoder and some heads as one network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from cropcore.geometry.input_sides import PRODUCT
from cropcore.models.asm import AsmHead
from cropcore.models.encoder import Encoder, Levels
from cropcore.models.gaic import GaicHead
from cropcore.models.mars import MarsHead
from cropcore.models.saliency import SaliencyHead, density
from cropcore.models.setpred import SetpredHead
from cropcore.models.sfrc import SfrcHead
from cropcore.models.trunks import TRUNKS
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
        rows: which photos of the step's batch these are; None for all. Where several processes train,
            each sees its own.
        counted: whether these photos count; a process that has none of a batch looks at one in vain.
    """

    tensor: Tensor
    cached: bool
    saliency: Tensor | None = None
    low_maps: Tensor | None = None
    rows: tuple[int, ...] | None = None
    counted: bool = True

    def to(self, device: torch.device, dtype: torch.dtype) -> Inputs:
        """The same photos on a device."""

        def sent(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.to(device, dtype, non_blocking=True)

        moved = self.tensor.to(device, dtype, non_blocking=True)
        return replace(
            self, tensor=moved, saliency=sent(self.saliency), low_maps=sent(self.low_maps)
        )


class Network(nn.Module):
    """What a recipe trains; heads that it does not train are absent, save the gaze head."""

    def __init__(self, recipe: Recipe, encoder: Encoder) -> None:
        super().__init__()
        self.recipe = recipe
        self.encoder = encoder
        self.saliency = SaliencyHead()
        gaic, asm, trunk = "gaic" in recipe.heads, "asm" in recipe.heads, recipe.trunk
        self.gaic = GaicHead(replace(recipe.gaic, trunk=trunk)) if gaic else None
        self.asm = AsmHead(replace(recipe.asm, trunk=trunk)) if asm else None
        self.mars: MarsHead | None = None
        self.sfrc: SfrcHead | None = None
        self.setpred: SetpredHead | None = None
        if isinstance(recipe, MarsRecipe):
            self.mars = MarsHead(replace(recipe.mars, trunk=trunk))
        if isinstance(recipe, SfrcRecipe):
            self.sfrc = SfrcHead(replace(recipe.sfrc, trunk=trunk))
        if isinstance(recipe, SetpredRecipe):
            self.setpred = SetpredHead(replace(recipe.setpred, trunk=trunk))
        # Choices among windows want sharper scores than votes do: people often disagree.
        self.vote_scale = nn.ParameterDict(
            {h: nn.Parameter(torch.tensor(-0.7)) for h in recipe.heads}
        )
        layers = encoder.facts.layers
        first = layers if recipe.first_layer is None else recipe.first_layer
        # What lies behind the last level serves layer maps only; without them nothing would teach it.
        last = layers if recipe.wants_layer_maps else encoder.facts.last + 1
        self._trained = range(first, last)
        for index, layer in enumerate(encoder.features):
            layer.requires_grad_(index in self._trained)
        self.saliency.requires_grad_("saliency" in recipe.heads)

    def train(self, mode: bool = True) -> Network:
        """Heads follow ``mode``; batch norms of the encoder do so where the recipe lets them live.

        Otherwise, and in layers that are not trained, they keep their ImageNet statistics.
        """
        super().train(mode)
        self.encoder.eval()
        if self.live:
            for index in self._trained:
                self.encoder.features[index].train(mode)
        return self

    @property
    def live(self) -> bool:
        """Whether batch norms of the encoder normalise by the photos of a step."""
        return self.recipe.batch_norm == "live"

    @property
    def device(self) -> torch.device:
        """Where it computes."""
        return next(self.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """In which numbers, save where lower precision is allowed."""
        return next(self.parameters()).dtype

    def exact(self, values: Tensor) -> Tensor:
        """Values in the network's own numbers and place: what lower precision made, or labels."""
        return values.to(self.device, self.dtype)

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
        kind = self.device.type
        wanted = self.recipe.low_precision and (kind != "cpu" or _processor_has_bfloat16())
        return torch.autocast(kind, torch.bfloat16, enabled=wanted)


def _processor_has_bfloat16() -> bool:
    """Whether bfloat16 is fast on this processor; emulated, it takes three times as long."""
    asked = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return asked is not None and bool(asked())


def uses_cache(recipe: Recipe) -> bool:
    """Whether the lowest layers stay as they are, so that their output can be cached."""
    kept = recipe.first_layer is None or recipe.first_layer >= TRUNKS[recipe.trunk].frozen
    # Cached features are those of one trunk, at one size.
    return kept and recipe.trunk == "mobilenet_v2" and recipe.sides == PRODUCT
