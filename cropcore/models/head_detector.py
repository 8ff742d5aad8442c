"""Detector of persons' heads on encoder levels, taught by public face detectors.

A detector of centres and sizes after CenterNet (Zhou et al., 2019). It finds faces; a head is the face
and a part of its size around it, for hair, ears and chin.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from cropcore.models.detected_heads import THRESHOLD, DetectedHeads, decoded_faces, head_boxes
from cropcore.models.encoder import LEVEL_CHANNELS, Levels

_RARE = -4.0


class HeadDetector(nn.Module):
    """A light decoder from strides 32, 16 and 8 to centres and sizes of faces at stride 8."""

    def __init__(self, coarse: int = 64, fine: int = 48) -> None:
        super().__init__()
        self.from_s32 = nn.Conv2d(LEVEL_CHANNELS["s32"], coarse, 1)
        self.from_s16 = nn.Conv2d(LEVEL_CHANNELS["s16"], coarse, 1)
        self.from_s16_mid = nn.Conv2d(LEVEL_CHANNELS["s16_mid"], coarse, 1)
        self.from_s8 = nn.Conv2d(LEVEL_CHANNELS["s8"], fine, 1)
        self.mix16 = nn.Conv2d(coarse, coarse, 3, padding=1)
        self.narrow = nn.Conv2d(coarse, fine, 1)
        self.mix8 = nn.Conv2d(fine, fine, 3, padding=1)
        self.mix8_again = nn.Conv2d(fine, fine, 3, padding=1)
        self.out = nn.Conv2d(fine, 5, 1)
        assert self.out.bias is not None
        with torch.no_grad():
            self.out.bias.copy_(torch.tensor([_RARE, 0, 0, 0, 0]))

    def forward(self, levels: Levels) -> Tensor:
        """Maps (B, 5, H/8, W/8): what :func:`find` reads.

        These are the logit that a face's centre lies in the cell, the centre's x and y in cells from
        the cell's middle, and the logarithms of the face's width and height in cells.
        """
        x = _up(self.from_s32(levels.s32), levels.s16)
        x = x + self.from_s16(levels.s16) + self.from_s16_mid(levels.s16_mid)
        x = self.narrow(torch.relu(self.mix16(torch.relu(x))))
        x = torch.relu(_up(x, levels.s8) + self.from_s8(levels.s8))
        x = torch.relu(self.mix8_again(torch.relu(self.mix8(x))))
        maps: Tensor = self.out(x).float()
        return maps


def find(maps: Tensor, threshold: float = THRESHOLD) -> list[DetectedHeads]:
    """Heads of each photo, from maps (B, 5, h, w).

    Args:
        maps: what :class:`HeadDetector` gave.
        threshold: least score, in (0, 1).
    """
    return [
        DetectedHeads(head_boxes(faces.boxes), faces.scores)
        for faces in find_faces(maps, threshold)
    ]


def find_faces(maps: Tensor, threshold: float = THRESHOLD) -> list[DetectedHeads]:
    """As :func:`find`, but bare faces, which may reach beyond the photo."""
    both = torch.cat([peaks(maps), maps[:, 1:]], dim=1).cpu().numpy()
    return [decoded_faces(one, threshold) for one in both]


def peaks(maps: Tensor) -> Tensor:
    """Scores of faces (B, 1, h, w) where one is largest among its neighbours, of maps (B, 5, h, w)."""
    chances = maps[:, :1].sigmoid()
    return chances * (chances == F.max_pool2d(chances, 3, 1, 1))


def _up(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=False)
