"""Crops of one photo, with what follows from their places alone: worked out once, asked by many."""

from __future__ import annotations

from functools import cached_property

from torch import Tensor

from cropcore.models.prior import geometry_facts
from cropcore.models.spans import distinct


class Placed:
    """Crops of one photo.

    Attributes:
        boxes: (N, 4) float32, xyxy in [0, 1]; never written again.
        photo_ratio: (1,), width over height of the photo.
    """

    def __init__(self, boxes: Tensor, photo_ratio: Tensor) -> None:
        self.boxes = boxes
        self.photo_ratio = photo_ratio

    def __len__(self) -> int:
        return len(self.boxes)

    def parts(self, size: int) -> list[Placed]:
        """The same crops, in order, at most ``size`` at a time."""
        if len(self) <= size:
            return [self]
        return [Placed(part, self.photo_ratio) for part in self.boxes.split(size)]

    @cached_property
    def rows(self) -> tuple[Tensor, Tensor]:
        """Distinct spans (D, 2) of rows, and which of them is each crop's: (N,)."""
        return distinct(self.boxes[:, 1], self.boxes[:, 3])

    @cached_property
    def columns(self) -> tuple[Tensor, Tensor]:
        """Distinct spans (D, 2) of columns, and which of them is each crop's: (N,)."""
        return distinct(self.boxes[:, 0], self.boxes[:, 2])

    @cached_property
    def facts(self) -> Tensor:
        """The plain numbers of each crop, as ``geometry_facts`` gives them: (N, 12)."""
        return geometry_facts(self.boxes[None], self.photo_ratio)[0]
