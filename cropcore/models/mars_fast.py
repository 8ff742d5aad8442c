"""Fast area maps of the mars head for many ratios of one photo; no gradients.

They are what ``MarsHead.area_map`` gives, to rounding. Between the two deconvolutions each feature is
``relu(base + shift)``, the base being the photo's and the shift the ratio's alone; that is
``max(base, -shift) + shift``, and the second addend only adds a constant to what is predicted. So a
ratio costs one maximum over the features and one thin product.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from cropcore.models.mars import MarsHead, MarsPrepared, soft_iou

RATIOS_AT_ONCE = 8
"""Of which what lies between the deconvolutions stays in the processor's cache."""

_CROPS_PER_RATIO = 4
"""Above this, one product for each ratio is faster than one for each crop."""
_RATIO_STEPS = 10_000


class AreaMaps:
    """One photo's area maps."""

    def __init__(self, head: MarsHead, prepared: MarsPrepared) -> None:
        """``prepared`` is of one photo."""
        self._head, self._prepared = head, prepared
        # Other heads than the shipped kind are asked plainly.
        self._quick = len(head.deconvolutions) == 2 and not head.config.activate_last
        if self._quick:
            cells = prepared.base[0].unflatten(2, (-1, 2)).unflatten(1, (-1, 2))
            self._height, self._width = cells.shape[1], cells.shape[3]
            # (4 places of each 2x2 cell, C, h * w)
            self._base = cells.permute(2, 4, 0, 1, 3).flatten(3).flatten(0, 1).contiguous()
            second = head.deconvolutions[1].get_parameter("weight").detach()
            self._second = second.permute(1, 2, 3, 0).flatten(1).contiguous()  # (O, 4 * C)

    def __call__(self, ratios: Tensor) -> Tensor:
        """Area maps (R, H, W) in [0, 1] of pixel ratios (R,)."""
        return torch.cat(list(self._in_turn(ratios)))

    def scores(self, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """What ``MarsHead.score`` gives, (N,), of boxes (N, 4)."""
        size = boxes[:, 2:] - boxes[:, :2]
        steps = ((size[:, 0] / size[:, 1] * photo_ratio).log() * _RATIO_STEPS).round()
        distinct, which = steps.unique(return_inverse=True)
        ratios = (distinct / _RATIO_STEPS).exp()
        order = which.argsort(stable=True)
        counts = which.bincount(minlength=len(ratios))
        found, start = [], 0
        for maps, each in zip(self._in_turn(ratios), counts.split(RATIOS_AT_ONCE), strict=True):
            numbers = each.tolist()
            stop = start + sum(numbers)
            part = boxes[order[start:stop]]
            if stop - start > _CROPS_PER_RATIO * len(maps):
                places = zip(maps, part.split(numbers), strict=True)
                found += [soft_iou(area[None], own[None])[0] for area, own in places]
            else:
                own_maps = maps[which[order[start:stop]] - which[order[start]]]
                found.append(soft_iou(own_maps, part[:, None])[:, 0])
            start = stop
        scores = boxes.new_empty(len(boxes))
        scores[order] = torch.cat(found)
        return scores

    def _in_turn(self, ratios: Tensor) -> Iterator[Tensor]:
        """The area maps of a few ratios after the other."""
        return (self.of_few(part) for part in ratios.split(RATIOS_AT_ONCE))

    def of_few(self, ratios: Tensor) -> Tensor:
        """Area maps (R, H, W) of at most ``RATIOS_AT_ONCE`` pixel ratios (R,), all at once."""
        head, prepared = self._head, self._prepared
        if not self._quick:
            return head.area_map(prepared, ratios[None])[0]
        count = ratios.shape[0]
        code = None if head.meta is None else head.meta(ratios[None])
        f_ars = head.widened(head.for_ratios(prepared, code, count)[0])
        predictor = head.predictor(code, ratios[None])
        first: Tensor = head.deconvolutions[0].get_parameter("weight")
        shift = (f_ars @ first.flatten(1)).view(count, -1, 4).transpose(1, 2)
        four = (predictor @ self._second).view(count, 4, -1)
        constant = shift @ four.transpose(1, 2)
        constant = (
            constant + (predictor @ head.deconvolutions[1].get_parameter("bias"))[:, None, None]
        )
        features = torch.maximum(self._base, -shift[..., None])
        values = (four[:, None] @ features + constant[..., None]).sigmoid()
        # Both deconvolutions' places within a cell, rows and columns apart.
        placed = values.view(-1, 2, 2, 2, 2, self._height, self._width)
        placed = placed.permute(0, 5, 1, 3, 6, 2, 4)
        return placed.reshape(count, self._height * 4, self._width * 4)
