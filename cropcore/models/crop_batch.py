"""Batch of crops of one photo as tensors, with cached spans."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.models.crop_layout import CropLayout


class CropBatch:
    """Crops of one photo, on a device.

    Attributes:
        boxes: (N, 4) float32, xyxy in [0, 1]; never written again.
        photo_ratio: (1,), width over height of the photo.
    """

    def __init__(self, boxes: Tensor, photo_ratio: Tensor) -> None:
        self.boxes = boxes
        self.photo_ratio = photo_ratio

    @classmethod
    def of(cls, layout: CropLayout, device: torch.device) -> CropBatch:
        """The crops of a layout."""
        ratio = torch.tensor([layout.photo_ratio], dtype=torch.float32, device=device)
        made = cls(torch.from_numpy(layout.boxes).to(device), ratio)
        made.__dict__["_layout"] = layout  # known already: the device need not be asked
        return made

    def __len__(self) -> int:
        return len(self.boxes)

    def parts(self, size: int) -> list[CropBatch]:
        """The same crops, in order, at most ``size`` at a time."""
        if len(self) <= size:
            return [self]
        return [CropBatch(part, self.photo_ratio) for part in self.boxes.split(size)]

    @cached_property
    def _layout(self) -> CropLayout:
        return CropLayout(self.boxes.cpu().numpy(), float(self.photo_ratio))

    @cached_property
    def rows(self) -> tuple[Tensor, Tensor]:
        """Distinct spans (D, 2) of rows, and which of them is each crop's: (N,)."""
        spans, index = self._layout.rows
        return self._sent(spans), self._sent(index)

    @cached_property
    def columns(self) -> tuple[Tensor, Tensor]:
        """Distinct spans (D, 2) of columns, and which of them is each crop's: (N,)."""
        spans, index = self._layout.columns
        return self._sent(spans), self._sent(index)

    @cached_property
    def pieces(self) -> tuple[Tensor, Tensor, Tensor]:
        """Rows (P,), columns (P, Q) and places (N,), as ``Pieces`` has them."""
        pieces = self._layout.pieces
        return self._sent(pieces.row), self._sent(pieces.columns), self._sent(pieces.place)

    @cached_property
    def facts(self) -> Tensor:
        """The plain numbers of each crop, as ``geometry_facts`` gives them: (N, 12)."""
        return geometry_facts(self.boxes[None], self.photo_ratio)[0]

    def _sent(self, values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(values).to(self.boxes.device)


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


def readings(places: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """Where and how much to read of a table of ``cells + 1`` entries at places (...) in [0, 1].

    Returns indices and weights, (..., 2) each: linear interpolation between two entries. Places
    outside are brought to the border.
    """
    x = places.clamp(0, 1) * cells
    first = x.floor().clamp_max(cells - 1)
    share = x - first
    index = first.long()
    return torch.stack([index, index + 1], dim=-1), torch.stack([1 - share, share], dim=-1)


def hats(places: Tensor, cells: int) -> Tensor:
    """The same weights in full: (..., cells + 1)."""
    x = places.clamp(0, 1) * cells
    entries = torch.arange(cells + 1, device=places.device, dtype=places.dtype)
    return (1 - (x[..., None] - entries).abs()).clamp_min(0)
