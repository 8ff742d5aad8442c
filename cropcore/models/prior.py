"""What can be said of a crop without looking at the photo: its size, place and shape."""

from __future__ import annotations

import torch
from torch import Tensor, nn

GEOMETRY_FACTS = 12


def geometry_facts(boxes: Tensor, photo_ratio: Tensor) -> Tensor:
    """Plain numbers of each box (B, N, 4), centred near 0 and about one wide: (B, N, 12)."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    w, h = x2 - x1, y2 - y1
    log_photo = photo_ratio.log()[:, None].expand_as(w)
    log_ratio = (w / h).log() + log_photo
    sides = [x1 * 4 - 0.5, y1 * 4 - 0.5, (1 - x2) * 4 - 0.5, (1 - y2) * 4 - 0.5]
    size = [w * 2 - 1.5, h * 2 - 1.5, (w * h) * 2 - 1, (w * h).log() + 0.7]
    place = [(x1 + x2 - 1) * 3, (y1 + y2 - 1) * 3]
    return torch.stack([*sides, *size, *place, log_ratio * 2, log_photo * 2], dim=-1)


class GeometryPrior(nn.Module):
    """A learnt preference for sizes, places and shapes: scores (B, N) of boxes (B, N, 4)."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.hidden = nn.Linear(GEOMETRY_FACTS, width)
        self.out = nn.Linear(width, 1)

    def forward(self, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """Scores; ``photo_ratio`` (B,) is width over height."""
        return self.of_facts(geometry_facts(boxes, photo_ratio))

    def of_facts(self, facts: Tensor) -> Tensor:
        """Scores (...) of boxes whose ``geometry_facts`` (..., 12) are known."""
        return self.out(torch.tanh(self.hidden(facts))).squeeze(-1)
