"""Training targets from annotations: a distribution over windows, with a trained teacher."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.models.encoder import Levels
from cropcore.models.gaic import GaicHead
from cropcore.training.head_recipes import TeacherConfig
from cropcore.training.network import Network


class Teacher:
    """A trained gaic head that scores windows and is never trained itself.

    It must have been trained on the same folds as the network that learns from it.
    """

    def __init__(self, head: GaicHead) -> None:
        self.head = head.eval().requires_grad_(False)

    def to(self, device: torch.device, dtype: torch.dtype) -> Teacher:
        """The same on a device, in some numbers."""
        self.head.to(device, dtype)
        return self

    @torch.no_grad()
    def scores(
        self, network: Network, levels: Levels, boxes: Tensor, photo_ratio: Tensor
    ) -> Tensor:
        """Scores (B, N) of boxes (B, N, 4), from the levels and the gaze of ``network``."""
        joined = network.exact(levels.joined())
        gaze = None
        if self.head.config.gaze:
            gaze = F.interpolate(network.gaze(levels), joined.shape[-2:], mode="area")
        prepared = self.head.prepare(joined, gaze)
        with network.precision():
            return network.exact(self.head(prepared, boxes, photo_ratio))


def window_chances(scores: Tensor, overlap: Tensor, known: Tensor, config: TeacherConfig) -> Tensor:
    """q(w) ~ exp(s(w) / T + kappa IoU(w, best)), (..., N), sum 1 over the N windows.

    ``scores`` and ``overlap`` (IoU with the person's best crop) are (..., N); ``known`` (..., 1) is 0
    where there is no such crop, and nothing pulls towards it.
    """
    return (scores / config.temperature + config.kappa * overlap * known).softmax(dim=-1)
