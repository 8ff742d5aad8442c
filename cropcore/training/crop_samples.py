"""Crop samples of a training step: crops of a view and their target scores, as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cropcore.evaluation.annotations import Labels
from cropcore.geometry.boxes import WHOLE, area, as_boxes, clip, iou, ratio_of
from cropcore.geometry.windows import free_windows, ratio_windows
from cropcore.training.augmentation import View
from cropcore.training.network import Inputs, Network
from cropcore.training.recipe import Recipe

PAIRS = 10
OPINIONS = 64
NEAR = 15
_SLACK = 0.02


@dataclass(frozen=True, eq=False, slots=True)
class CropSamples:
    """Crops of B photos to score, and what people said of them.

    ``boxes`` (B, N, 4) holds, in this order, P first crops of pairs, P second ones, F windows of any
    ratio, R windows of the best crop's ratio and M crops with opinions.
    """

    photo_ratio: Tensor
    boxes: Tensor
    share: Tensor
    pair_weight: Tensor
    free_overlap: Tensor
    ratio_overlap: Tensor
    best_weight: Tensor
    opinions: Tensor
    opinion_weight: Tensor

    def on(self, network: Network, inputs: Inputs) -> CropSamples:
        """Those of the photos that are looked at, in the network's numbers and place.

        Where these do not count, nothing that was said of them does.
        """
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        if inputs.rows is not None:
            own = {name: values[list(inputs.rows)] for name, values in own.items()}
        if not inputs.counted:
            for name in ("pair_weight", "best_weight", "opinion_weight"):
                own[name] = own[name] * 0
        return CropSamples(**{name: network.exact(values) for name, values in own.items()})

    def split(self, scores: Tensor) -> tuple[Tensor, ...]:
        """Scores (B, N) cut into those of first, second, free, ratio and opinion crops."""
        p, m = self.share.shape[1], self.opinions.shape[1]
        f, r = self.free_overlap.shape[1], self.ratio_overlap.shape[1]
        return scores.split([p, p, f, r, m], dim=1)


def crop_batch(
    photos: Sequence[tuple[Labels, View]], recipe: Recipe, rng: np.random.Generator
) -> CropSamples:
    """Draw the crops of one training step and their targets."""
    rows = [_crop_sample(labels, view, recipe, rng) for labels, view in photos]
    return CropSamples(
        **{
            f.name: torch.from_numpy(np.stack([row[f.name] for row in rows])).float()
            for f in fields(CropSamples)
        }
    )


def _crop_sample(
    labels: Labels, view: View, recipe: Recipe, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    x1, y1, x2, y2 = view.window
    photo_ratio = labels.photo_ratio * (x2 - x1) / (y2 - y1)
    first, second, share, pair_weight = _pairs(labels, view, rng)
    opinion_boxes, opinions, opinion_weight = _opinions(labels, view, recipe, rng)
    empty = np.zeros((0, 4))
    free, ratio, best_weight = empty, empty, 0.0
    free_overlap = ratio_overlap = np.zeros(0)
    if recipe.objective == "choices":
        best = clip(view.boxes(labels.best_crop or WHOLE))
        best_weight = float(labels.best_crop is not None)
        free = _free(best, photo_ratio, recipe.free_windows, rng)
        ratio = _of_ratio(best, photo_ratio, recipe.ratio_windows, rng)
        free_overlap, ratio_overlap = iou(free, best), iou(ratio, best)
    return {
        "photo_ratio": np.array(photo_ratio),
        "boxes": np.concatenate([first, second, free, ratio, opinion_boxes]),
        "share": share,
        "pair_weight": pair_weight,
        "free_overlap": free_overlap,
        "ratio_overlap": ratio_overlap,
        "best_weight": np.array(best_weight),
        "opinions": opinions,
        "opinion_weight": opinion_weight,
    }


def _pairs(labels: Labels, view: View, rng: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    """Up to PAIRS pairs that lie inside the view, filled up with pairs of weight 0."""
    whole = np.tile(np.array(WHOLE), (PAIRS, 1))
    first, second = whole.copy(), whole.copy()
    share, weight = np.full(PAIRS, 0.5), np.zeros(PAIRS)
    chosen = [labels.pairs[i] for i in rng.permutation(len(labels.pairs))[:PAIRS]]
    for i, pair in enumerate(chosen):
        a, b = view.boxes(pair.a), view.boxes(pair.b)
        first[i], second[i] = clip(a), clip(b)
        share[i] = pair.votes_a / max(pair.votes_a + pair.votes_b, 1)
        weight[i] = float(_inside(a) and _inside(b))
    first[weight == 0], second[weight == 0] = WHOLE, WHOLE
    return first, second, share, weight


def _opinions(
    labels: Labels, view: View, recipe: Recipe, rng: np.random.Generator
) -> tuple[NDArray[np.float64], ...]:
    """OPINIONS crops with z-scored opinions, filled up with weight 0; none under ``choices``."""
    if recipe.objective == "choices":
        return np.zeros((0, 4)), np.zeros(0), np.zeros(0)
    boxes = np.tile(np.array(WHOLE), (OPINIONS, 1))
    opinions, weight = np.zeros(OPINIONS), np.zeros(OPINIONS)
    chosen = rng.permutation(len(labels.mos))[:OPINIONS]
    if len(chosen):
        n = len(chosen)
        boxes[:n] = clip(view.boxes([labels.crops[i] for i in chosen]))
        raw = np.array([labels.mos[i] for i in chosen])
        opinions[:n] = (raw - recipe.mos_mean) / recipe.mos_std
        weight[:n] = 1.0
    return boxes, opinions, weight


def _free(
    best: NDArray[np.float64], photo_ratio: float, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Windows from the grid, some near the best crop, and the whole photo."""
    grid = free_windows(round(photo_ratio, 2))
    # A very long photo has few windows of a sensible ratio.
    many = count - NEAR - 1
    drawn = grid[rng.choice(len(grid), many, replace=len(grid) < many)]
    near = clip(best + rng.normal(0, 1, (NEAR, 4)) * rng.uniform(0.01, 0.12, (NEAR, 1)))
    near[((near[:, 2:] - near[:, :2]) < 0.1).any(axis=1)] = best
    return np.concatenate([drawn, near, [WHOLE]])


def _of_ratio(
    best: NDArray[np.float64], photo_ratio: float, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Windows of the best crop's ratio, and the best crop itself."""
    ratio = float(ratio_of(best, photo_ratio))
    grid = ratio_windows(round(ratio, 2), round(photo_ratio, 2))
    drawn = grid[rng.choice(len(grid), count - 1, replace=len(grid) < count - 1)]
    return np.concatenate([drawn, best[None]])


def _inside(box: NDArray[np.float64]) -> bool:
    return bool(as_boxes(box).min() >= -_SLACK and as_boxes(box).max() <= 1 + _SLACK) and bool(
        area(clip(box)) > 0
    )


def fixation_density(labels: Labels, view: View, height: int, width: int) -> NDArray[np.float32]:
    """Blurred density of all fixations that a view shows, (height, width), sum 1.

    The blur is 1/43 of the long side, a little less than that of the CC metric.
    """
    points = view.points(labels.gaze)
    grid = np.zeros((height, width), np.float32)
    rows = np.minimum((points[:, 1] * height).astype(int), height - 1)
    columns = np.minimum((points[:, 0] * width).astype(int), width - 1)
    np.add.at(grid, (rows, columns), 1.0)
    sigma = max(height, width) / 32 * 0.75
    blurred = np.asarray(
        cv2.GaussianBlur(grid, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32
    )
    total = float(blurred.sum())
    return blurred / total if total else np.full_like(blurred, 1 / blurred.size)
