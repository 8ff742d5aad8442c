"""gaic: Grid Anchor based Image Cropping (Zeng, Li, Cao, Zhang; CVPR 2019, TPAMI 2020).

Each crop is seen twice: as the region of interest (RoI) and as the region to be discarded (RoD). One
fully connected layer with a kernel as large as the pooled region models the spatial arrangement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cropcore.models.crop_batch import GEOMETRY_FACTS, geometry_facts
from cropcore.models.gaze_shares import gaze_inside, gaze_on_borders
from cropcore.models.region_ops import rod_align, roi_align
from cropcore.models.trunks import TRUNKS


@dataclass(frozen=True, slots=True)
class GaicConfig:
    """Sizes of the head; the defaults are the paper's larger variant (5.9 M with the trunk).

    Attributes:
        channels: channels after the 1x1 reduction (8 or 32 in the paper).
        bins: side of the pooled regions.
        kernel: width of the large-kernel layer.
        hidden: width of the layer after it.
        geometry: also show the crop's plain numbers to the head (not in the paper).
        gaze: also show it where people look (not in the paper).
        dropout: on the shared features and before the last two layers.
        trunk: the trunk whose features it stands on, one of ``trunks.TRUNKS``.
    """

    channels: int = 32
    bins: int = 9
    kernel: int = 768
    hidden: int = 128
    geometry: bool = False
    gaze: bool = False
    dropout: float = 0.0
    trunk: str = "mobilenet_v2"


class GaicHead(nn.Module):
    """Scores crops on joined encoder features."""

    def __init__(self, config: GaicConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or GaicConfig()
        self.reduce = nn.Conv2d(TRUNKS[c.trunk].joined, c.channels, 1)
        seen = c.channels + int(c.gaze)
        self.large_kernel = nn.Linear(2 * seen * c.bins * c.bins, c.kernel)
        extra = (GEOMETRY_FACTS if c.geometry else 0) + (GAZE_FACTS if c.gaze else 0)
        self.hidden = nn.Linear(c.kernel + extra, c.hidden)
        self.out = nn.Linear(c.hidden, 1)
        self.dropout = nn.Dropout(c.dropout)

    def prepare(self, joined: Tensor, gaze: Tensor | None = None) -> Tensor:
        """What all crops of a photo share: (B, 448, h, w) -> (B, channels [+ 1], h, w).

        ``gaze`` is a density (B, 1, h, w) whose mean is 1, wanted where the config says so.
        """
        reduced = self.dropout(self.reduce(joined))
        if not self.config.gaze:
            return reduced
        if gaze is None:
            raise ValueError("This gaic head also looks at a gaze map.")
        return torch.cat([reduced, gaze.to(reduced.dtype)], dim=1)

    def forward(self, prepared: Tensor, boxes: Tensor, photo_ratio: Tensor) -> Tensor:
        """Scores (B, N) of boxes (B, N, 4); ``photo_ratio`` (B,) is width over height."""
        bins = self.config.bins
        regions = torch.cat(
            [roi_align(prepared, boxes, bins), rod_align(prepared, boxes, bins)], dim=2
        )
        facts = []
        if self.config.geometry:
            facts.append(geometry_facts(boxes, photo_ratio))
        if self.config.gaze:
            facts.append(gaze_facts(prepared[:, -1:], boxes))
        return self.judge(self.large_kernel(regions.flatten(2)), facts)

    def judge(self, regions: Tensor, facts: Sequence[Tensor]) -> Tensor:
        """Scores (...) from what the large kernel gave (..., kernel) and facts (..., any)."""
        x = self.dropout(torch.relu(regions))
        x = torch.relu(self.hidden(torch.cat([x, *(fact.to(x.dtype) for fact in facts)], dim=-1)))
        return self.out(self.dropout(x)).squeeze(-1)


GAZE_FACTS = 6


def gaze_facts(gaze: Tensor, boxes: Tensor) -> Tensor:
    """Where the gaze lies with respect to each box: (B, N, 6).

    The share of gaze inside, the share along each of the four borders, and the density inside over
    the density of the photo, as a logarithm.
    """
    return facts_of_shares(gaze_inside(gaze, boxes), gaze_on_borders(gaze, boxes), boxes)


def facts_of_shares(inside: Tensor, borders: Tensor, boxes: Tensor) -> Tensor:
    """The facts (..., 6) from shares of gaze inside (...) and cut by the borders (..., 4)."""
    x1, y1, x2, y2 = boxes.unbind(-1)
    density = ((inside + 1e-3) / ((x2 - x1) * (y2 - y1) + 1e-3)).log()
    return torch.cat([(inside * 4 - 3)[..., None], borders * 10, density[..., None] * 2], dim=-1)
