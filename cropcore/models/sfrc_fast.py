"""Fast spatial-aware features of sfrc for many crops of one photo; no gradients.

It gives what ``SpatialFeature`` gives, to rounding. Everything is laid out columns first, channels
last: the mask's part of the first convolution is then one thin product for each crop, added to the
maps' part as it is made, and few crops at a time stay in the processor's cache.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.models.sfrc import KERNEL, SpatialFeature, neighbourhoods

_CROPS_AT_ONCE = 8


class SpatialTable:
    """One photo's part of the first convolution, and the layers above it."""

    def __init__(self, feature: SpatialFeature, shared: Tensor) -> None:
        """``shared`` is (1, 2, 2, first_width, 32, 32), from ``SpatialFeature.share``."""
        self._feature, self._plain = feature, shared
        self._shared = shared[0].permute(0, 1, 4, 3, 2).flatten(3).contiguous()
        self._width = shared.shape[3]
        self._mask = feature.first.weight[:, -1].permute(1, 2, 0).flatten(1)  # (rows, columns * C)
        weight = feature.second.weight.transpose(2, 3)
        self._second = weight.contiguous(memory_format=torch.channels_last)

    def features(self, boxes: Tensor) -> Tensor:
        """Features (N, spatial) of boxes (N, 4)."""
        if not self._feature.config.mask:
            return self._feature(self._plain, boxes[None])[0]
        columns = neighbourhoods(boxes[:, 0], boxes[:, 2])
        left = neighbourhoods(boxes[:, 1], boxes[:, 3]) @ self._mask
        left = left.unflatten(2, (KERNEL, self._width)).transpose(1, 2)
        by_row = [left[:, :, i::2].flatten(2) for i in (0, 1)]
        by_column = [columns[:, j::2].contiguous() for j in (0, 1)]
        pooled = [
            self._pooled(
                [part[a : a + _CROPS_AT_ONCE] for part in by_row],
                [part[a : a + _CROPS_AT_ONCE] for part in by_column],
            )
            for a in range(0, len(boxes), _CROPS_AT_ONCE)
        ]
        seen = torch.relu_(torch.cat(pooled)).transpose(2, 3)
        return torch.relu(self._feature.out(seen.flatten(1)))

    def _pooled(self, by_row: list[Tensor], by_column: list[Tensor]) -> Tensor:
        """Both convolutions, pooled: (K, second_width, 16, 16), columns first."""
        most: Tensor | None = None
        for i in (0, 1):
            for j in (0, 1):
                made = torch.baddbmm(self._shared[i, j][None], by_column[j], by_row[i])
                most = made if most is None else torch.maximum(most, made, out=most)
        assert most is not None
        side = self._shared.shape[2]
        x = torch.relu_(most).view(-1, side, side, self._width).permute(0, 3, 1, 2)
        second = F.conv2d(x, self._second, self._feature.second.bias, padding=KERNEL // 2)
        return F.max_pool2d(second, 2)
