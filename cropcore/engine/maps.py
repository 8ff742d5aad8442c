"""What a person can look at: the maps of the methods, and one crop's own score map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from cropcore.geometry.boxes import WHOLE
from cropcore.geometry.crop import Box, Map
from cropcore.models.asm import partition_scores, pattern_cells, theta
from cropcore.models.region_ops import axis_coverage

_LAYERS_NAMED = 3


def saliency_map(gaze: Tensor) -> Map:
    """Where people look, from a density (1, 1, h, w) of mean 1."""
    values = F.interpolate(gaze, scale_factor=2, mode="bilinear")[0, 0]
    # A single eye can hold thirty times the even gaze: its peak would leave all else dark.
    high = max(float(values.flatten().quantile(0.99)), 1.0)
    meaning = "Where people look; 1 is an even gaze over the photo"
    return Map("saliency", _array(values), 0.0, high, "Saliency", meaning)


def content_map(score_map: Tensor) -> Map:
    """theta_avg of asm (Eq. 5), from its score map (1, L, H, W)."""
    values = theta(score_map)[0][0]
    meaning = "What a crop gains by keeping this place; 0 is the mean of the photo"
    low, high = float(values.min()), float(values.max())
    return Map("content", _array(values), low, high, "Content", meaning)


def sensitivity_map(score_map: Tensor) -> Map:
    """theta_std of asm (Eq. 6), from its score map (1, L, H, W)."""
    values = theta(score_map)[1][0]
    meaning = "How much it matters where in the crop this place comes to lie"
    return Map("sensitivity", _array(values), 0.0, float(values.max()), "Sensitivity", meaning)


def area_map(values: NDArray[np.float32]) -> Map:
    """mars' area map (h, w) in [0, 1] of one ratio."""
    meaning = "How surely a crop of this ratio keeps this place"
    return Map("area", values, 0.0, 1.0, "Area", meaning)


def attention_map(layer_maps: Tensor, attention: Tensor, shape: Sequence[int]) -> Map:
    """What sfrc looks at: the encoder's layer maps (1, L, 64, 64), weighted by attention (1, M >= L).

    The map has the photo's ``shape``, (h, w). Each layer counts in its standard deviations, so that
    loud layers do not drown quiet ones.
    """
    weights = attention[0, : layer_maps.shape[1]].float()
    maps = layer_maps[0].float()
    spread, mean = torch.std_mean(maps, dim=(1, 2), keepdim=True)
    values = ((maps - mean) / (spread + 1e-5) * weights[:, None, None]).sum(0)
    values = values / weights.sum().clamp_min(1e-6)
    values = F.interpolate(values[None, None], tuple(shape), mode="bilinear")[0, 0]
    most = weights.topk(_LAYERS_NAMED).indices.sort().values + 1
    named = ", ".join(str(int(layer)) for layer in most)
    meaning = f"What lights up the encoder's layers, by sfrc's attention; most on layers {named}"
    low, high = float(values.min()), float(values.max())
    return Map("attention", _array(values), low, high, "Attention", meaning)


def crop_map(score_map: Tensor, box: Box, pattern: str) -> Map:
    """phi_k of asm (Eq. 2): the part of the score map (1, L, H, W) that one crop is judged by.

    Values are relative to the photo's mean, and 0 outside the crop.
    """
    h, w = score_map.shape[-2:]
    cells = pattern_cells(pattern)
    x1, y1, x2, y2 = box
    rows = _cell_of(y1, y2, h, cells.shape[0])
    columns = _cell_of(x1, x2, w, cells.shape[1])
    partition = torch.from_numpy(cells[rows[:, None], columns[None]]).to(score_map.device)
    values = score_map[0].gather(0, partition[None])[0] - score_map.mean()
    edges = torch.tensor([x1, y1, x2, y2], device=score_map.device, dtype=score_map.dtype)
    inside = axis_coverage(edges[1], edges[3], h)[:, None] * axis_coverage(edges[0], edges[2], w)
    values = values * inside
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    meaning = "What each place adds to this crop's score where it lies in it"
    return Map("crop", _array(values), low, high, "This crop", meaning)


def strongest_partition(score_map: Tensor, box: Box, pattern: str) -> str:
    """The composition partition that speaks most for a crop, compared with the whole photo, in words."""
    boxes = torch.tensor([[box, WHOLE]], device=score_map.device, dtype=score_map.dtype)
    of_crop, of_photo = partition_scores(score_map, boxes, pattern)[0]
    best = int((of_crop - of_photo).argmax())
    if pattern == "cross_rectangle":
        frame = ("centre", "middle", "border")[best // 4]
        return f"{frame}, {('right', 'below', 'left', 'above')[best % 4]}"
    return f"partition {best + 1}"


def _cell_of(low: float, high: float, length: int, cells: int) -> NDArray[np.int64]:
    """In which of the crop's cells each of ``length`` pixel centres lies, the nearest if outside."""
    place = ((np.arange(length) + 0.5) / length - low) / max(high - low, 1e-9) * cells
    return np.clip(np.floor(place), 0, cells - 1).astype(np.int64)


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.float().cpu().numpy())
