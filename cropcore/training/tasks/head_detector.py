"""Task of the head detector: targets and losses from the finds of face detectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cropcore.geometry.boxes import Boxes
from cropcore.models.detected_heads import head_boxes
from cropcore.training.augmentation import View

LEAST_SIDE = 0.9
"""Faces narrower than this many cells (of 8 px) are left out of the loss, as too small to be seen."""
LEAST_SEEN = 0.5
"""Faces of which a view cuts away more than this share are left out of the loss."""
_SPREAD = 0.18
_CENTRE, _SIZE = 0.5, 0.5


@dataclass(frozen=True, eq=False, slots=True)
class FaceLabels:
    """What is known of a photo.

    Attributes:
        faces: (N, 4) xyxy in fractions, learnt.
        unsure: (M, 4), areas left out of the loss.
    """

    faces: Boxes
    unsure: Boxes

    def seen(self, view: View) -> FaceLabels:
        """In a view's own fractions; faces that it cuts too far are unsure there."""
        faces, unsure = view.boxes(self.faces), view.boxes(self.unsure)
        shares = _seen_shares(faces)
        cut = faces[(shares < LEAST_SEEN) & (shares > 0.05)]
        others = unsure[_seen_shares(unsure) > 0.05]
        return FaceLabels(faces[shares >= LEAST_SEEN], np.concatenate([others, cut]))


def _seen_shares(boxes: Boxes) -> NDArray[np.float64]:
    inside = np.clip(boxes, 0, 1)
    area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    shares: NDArray[np.float64] = np.prod(inside[:, 2:] - inside[:, :2], axis=1) / np.maximum(
        area, 1e-9
    )
    return shares


@dataclass(frozen=True, eq=False, slots=True)
class FaceTargets:
    """Targets of one view on its (h, w) cells.

    Attributes:
        heat: (h, w) in [0, 1], 1 in the cell of a face's centre.
        looks: (h, w), weight of the loss: 0 where it is left out.
        boxes: (4, h, w): centre from the cell's middle in cells, logarithms of width and height.
        near: (h, w), how much a cell's box counts; sums to at most 1 over each face.
    """

    heat: NDArray[np.float32]
    looks: NDArray[np.float32]
    boxes: NDArray[np.float32]
    near: NDArray[np.float32]


def face_targets(labels: FaceLabels, height: int, width: int) -> FaceTargets:
    """Targets of a view's labels on a map of ``height`` x ``width`` cells.

    Around a face's centre the heat falls as a Gaussian of 0.18 of its sides; cells in its core learn
    the box, the nearest face where there are several.
    """
    heat = np.zeros((height, width), np.float32)
    looks, near = np.ones_like(heat), np.zeros_like(heat)
    boxes = np.zeros((4, height, width), np.float32)
    scale = np.array([width, height, width, height])
    y, x = np.mgrid[:height, :width] + 0.5
    for box in head_boxes(labels.unsure.astype(np.float32)) * scale:
        looks[_cells(box, height, width)] = 0
    tiny = [box for box in labels.faces * scale if box[2] - box[0] < LEAST_SIDE]
    for box in head_boxes(np.reshape(tiny, (-1, 4)) / scale) * scale:
        looks[_cells(box, height, width)] = 0
    faces = [box for box in labels.faces * scale if box[2] - box[0] >= LEAST_SIDE]
    for x1, y1, x2, y2 in sorted(faces, key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        cx, cy, w, h = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
        row, column = int(np.clip(cy, 0, height - 1)), int(np.clip(cx, 0, width - 1))
        spread_x, spread_y = max(_SPREAD * w, 0.4), max(_SPREAD * h, 0.4)
        hill = np.exp(
            -((x - column - 0.5) ** 2) / (2 * spread_x**2)
            - (y - row - 0.5) ** 2 / (2 * spread_y**2)
        )
        hill[hill < 0.01] = 0
        np.maximum(heat, hill, out=heat)
        looks[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 1
        core = hill > 0.4
        near[core] = hill[core] / hill[core].sum()
        boxes[0][core], boxes[1][core] = (cx - x)[core], (cy - y)[core]
        boxes[2][core], boxes[3][core] = np.log(w), np.log(h)
    return FaceTargets(heat, looks, boxes, near)


def _cells(box: NDArray[np.float64], height: int, width: int) -> tuple[slice, slice]:
    x1, y1, x2, y2 = np.clip(box, 0, [width, height, width, height])
    return slice(int(y1), int(np.ceil(y2))), slice(int(x1), int(np.ceil(x2)))


def face_loss(maps: Tensor, targets: Sequence[FaceTargets]) -> dict[str, Tensor]:
    """Losses of maps (B, 5, h, w): the focal loss of centres (CornerNet), and of boxes."""
    heat, looks, boxes, near = (
        torch.from_numpy(np.stack([getattr(t, name) for t in targets]))
        for name in ("heat", "looks", "boxes", "near")
    )
    logit = maps[:, 0]
    chance = logit.sigmoid()
    centre = heat == 1
    found = -F.logsigmoid(logit) * (1 - chance) ** 2 * centre
    spurious = -F.logsigmoid(-logit) * chance**2 * (1 - heat) ** 4 * looks * ~centre
    count = centre.sum().clamp_min(len(targets))
    # Offsets count as shares of the face's sides, as overlaps do.
    sides = boxes[:, 2:].exp()
    off = ((maps[:, 1:3] - boxes[:, :2]) / sides).abs().sum(1)
    size = F.smooth_l1_loss(maps[:, 3:], boxes[:, 2:], reduction="none", beta=0.1).sum(1)
    return {
        "centre": (found + spurious).sum() / count,
        "offset": _CENTRE * 4 * (off * near).sum() / near.sum().clamp_min(1),
        "size": _SIZE * 2 * (size * near).sum() / near.sum().clamp_min(1),
    }
