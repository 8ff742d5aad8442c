"""Detector of persons' heads on encoder levels, taught by public face detectors.

A detector of centres and sizes after CenterNet (Zhou et al., 2019). It finds faces; a head is the face
and a part of its size around it, for hair, ears and chin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cropcore.models.encoder import LEVEL_CHANNELS, Levels

ABOVE, BESIDE, BELOW = 0.35, 0.15, 0.1
"""What a head has around its face: shares of the face's height, width and height."""
THRESHOLD = 0.3
MOST = 64
_SAME = 0.3
_LEAST_SIDE, _MOST_SIDE = 0.25, 160.0
_RARE = -4.0


@dataclass(frozen=True, eq=False, slots=True)
class DetectedHeads:
    """Heads of one photo, the surest first.

    Attributes:
        boxes: (N, 4) xyxy in fractions of the photo, in [0, 1].
        scores: (N,) in (0, 1].
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]


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
    chances = maps[:, :1].sigmoid()
    peaks = chances * (chances == F.max_pool2d(chances, 3, 1, 1))
    return [_faces(p, m, threshold) for p, m in zip(peaks[:, 0], maps, strict=True)]


def head_boxes(faces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Heads (N, 4) of faces (N, 4), both xyxy in fractions; heads end where the photo does."""
    x1, y1, x2, y2 = np.reshape(faces, (-1, 4)).T
    w, h = x2 - x1, y2 - y1
    heads = np.stack([x1 - BESIDE * w, y1 - ABOVE * h, x2 + BESIDE * w, y2 + BELOW * h], axis=1)
    return np.clip(heads, 0, 1)


def _faces(peaks: Tensor, maps: Tensor, threshold: float) -> DetectedHeads:
    height, width = peaks.shape
    row, column = (peaks >= threshold).nonzero(as_tuple=True)
    values = torch.cat([peaks[row, column][None], maps[1:, row, column]]).cpu().numpy()
    order = np.argsort(-values[0], kind="stable")[:MOST]
    score, dx, dy, log_w, log_h = values[:, order]
    x = (column.cpu().numpy()[order] + 0.5 + dx) / width
    y = (row.cpu().numpy()[order] + 0.5 + dy) / height
    w = np.clip(np.exp(log_w), _LEAST_SIDE, _MOST_SIDE) / width
    h = np.clip(np.exp(log_h), _LEAST_SIDE, _MOST_SIDE) / height
    boxes = np.stack([x - w / 2, y - h / 2, x + w / 2, y + h / 2], axis=1).astype(np.float32)
    kept = _distinct(boxes)
    return DetectedHeads(boxes[kept], score[kept])


def _distinct(boxes: NDArray[np.float32]) -> list[int]:
    """Indices of boxes, in their order, that overlap none before them by much."""
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    kept: list[int] = []
    for i, box in enumerate(boxes):
        low = np.maximum(boxes[kept, :2], box[:2])
        both = np.prod(np.clip(np.minimum(boxes[kept, 2:], box[2:]) - low, 0, None), axis=1)
        if (both < _SAME * (area[kept] + area[i] - both)).all():
            kept.append(i)
    return kept


def _up(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=False)
