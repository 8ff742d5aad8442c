"""Maps for display: saliency, the methods' score maps, and the score map of one crop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from cropcore.engine.scene import Scene
from cropcore.engine.scorer import Scorer
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import WHOLE, ratio_of
from cropcore.geometry.crop import MAP_TITLES, Box, Crop, Explanation, Map, MethodOpinion
from cropcore.messages import Message
from cropcore.models.composition import pattern_cells

Floats = NDArray[np.float32]

_LAYERS_NAMED = 3
_FRAMES = (Message("centre"), Message("middle"), Message("border"))
_SIDES = (Message("right"), Message("below"), Message("left"), Message("above"))


def saliency_map(gaze: Floats) -> Map:
    """Where people look, from a density (h, w) of mean 1."""
    values = _enlarged(gaze, (gaze.shape[0] * 2, gaze.shape[1] * 2))
    # A single eye can hold thirty times the even gaze: its peak would leave all else dark.
    high = max(float(np.quantile(values, 0.99)), 1.0)
    meaning = Message("Where people look; 1 is an even gaze over the photo")
    return Map("saliency", values, 0.0, high, MAP_TITLES["saliency"], meaning)


def theta(score_map: Floats) -> tuple[Floats, Floats]:
    """theta_avg (Eq. 5) and theta_std (Eq. 6) of asm's score map (L, H, W), each (H, W).

    The ranking loss leaves one free offset per photo, so theta_avg is given relative to its mean
    over the photo.
    """
    average = score_map.mean(axis=0)
    return average - average.mean(), score_map.std(axis=0)


def content_map(score_map: Floats) -> Map:
    """theta_avg of asm (Eq. 5), from its score map (L, H, W)."""
    values = theta(score_map)[0]
    meaning = Message("What a crop gains by keeping this place; 0 is the mean of the photo")
    low, high = float(values.min()), float(values.max())
    return Map("content", values, low, high, MAP_TITLES["content"], meaning)


def sensitivity_map(score_map: Floats) -> Map:
    """theta_std of asm (Eq. 6), from its score map (L, H, W)."""
    values = theta(score_map)[1]
    meaning = Message("How much it matters where in the crop this place comes to lie")
    return Map("sensitivity", values, 0.0, float(values.max()), MAP_TITLES["sensitivity"], meaning)


def area_map(values: Floats) -> Map:
    """mars' area map (h, w) in [0, 1] of one ratio."""
    meaning = Message("How surely a crop of this ratio keeps this place")
    return Map("area", values, 0.0, 1.0, MAP_TITLES["area"], meaning)


def attention_map(layer_maps: Floats, attention: Floats, shape: tuple[int, int]) -> Map:
    """What sfrc looks at: the encoder's layer maps (L, 64, 64), weighted by attention (M >= L,).

    The map has the photo's ``shape``, (h, w). Each layer counts in its standard deviations, so that
    loud layers do not drown quiet ones.
    """
    weights = attention[: len(layer_maps)]
    mean = layer_maps.mean(axis=(1, 2), keepdims=True)
    spread = layer_maps.std(axis=(1, 2), keepdims=True, ddof=1)
    values = ((layer_maps - mean) / (spread + 1e-5) * weights[:, None, None]).sum(axis=0)
    values = _enlarged(values / max(float(weights.sum()), 1e-6), shape)
    most = np.sort(np.argsort(-weights, kind="stable")[:_LAYERS_NAMED]) + 1
    named = ", ".join(str(int(layer)) for layer in most)
    meaning = Message(
        "What lights up the encoder's layers, by sfrc's attention; most on layers {layers}",
        layers=named,
    )
    low, high = float(values.min()), float(values.max())
    return Map("attention", values, low, high, MAP_TITLES["attention"], meaning)


def crop_map(score_map: Floats, box: Box, pattern: str) -> Map:
    """phi_k of asm (Eq. 2): the part of the score map (L, H, W) that one crop is judged by.

    Values are relative to the photo's mean, and 0 outside the crop.
    """
    h, w = score_map.shape[-2:]
    cells = pattern_cells(pattern)
    x1, y1, x2, y2 = box
    rows = _cell_of(y1, y2, h, cells.shape[0])
    columns = _cell_of(x1, x2, w, cells.shape[1])
    partition = cells[rows[:, None], columns[None]]
    values = np.take_along_axis(score_map, partition[None], axis=0)[0] - score_map.mean()
    inside = _coverage(y1, y2, h)[:, None] * _coverage(x1, x2, w)
    values = (values * inside).astype(np.float32)
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-6)
    meaning = Message("What each place adds to this crop's score where it lies in it")
    return Map("crop", values, low, high, Message("This crop"), meaning)


def strongest_partition(score_map: Floats, box: Box, pattern: str) -> Message:
    """The composition partition that speaks most for a crop, compared with the whole photo, in words."""
    gain = partition_scores(score_map, box, pattern) - partition_scores(score_map, WHOLE, pattern)
    best = int(np.argmax(gain))
    if pattern == "cross_rectangle":
        return Message("{frame}, {side}", frame=_FRAMES[best // 4], side=_SIDES[best % 4])
    return Message("partition {number}", number=best + 1)


def partition_scores(score_map: Floats, box: Box, pattern: str) -> NDArray[np.float64]:
    """Mean score of each composition partition of a crop: (L,), of the score map (L, H, W)."""
    cells = pattern_cells(pattern)
    x1, y1, x2, y2 = box
    by_row = _cell_shares(y1, y2, cells.shape[0], score_map.shape[1])
    by_column = _cell_shares(x1, x2, cells.shape[1], score_map.shape[2])
    means = by_row @ score_map.astype(np.float64) @ by_column.T
    own = np.take_along_axis(means, cells[None], axis=0)[0]
    counts = np.bincount(cells.ravel())
    return np.bincount(cells.ravel(), weights=own.ravel()) / counts


def _cell_shares(low: float, high: float, cells: int, length: int) -> NDArray[np.float64]:
    """The share of each of a crop's ``cells`` that lies on each of ``length`` pixels."""
    edges = np.linspace(low, high, cells + 1)
    covered = np.stack([_coverage(a, b, length) for a, b in pairwise(edges)])
    return np.asarray(covered / np.maximum(covered.sum(axis=1, keepdims=True), 1e-9))


def _coverage(low: float, high: float, length: int) -> NDArray[np.float64]:
    """The share of each of ``length`` pixels of a side that lies between ``low`` and ``high``."""
    edges = np.arange(length + 1) / length
    return np.clip(np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1]), 0, None) * length


def _enlarged(values: NDArray[np.floating], shape: tuple[int, int]) -> Floats:
    made = cv2.resize(np.asarray(values, np.float32), shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(made, np.float32)


def _cell_of(low: float, high: float, length: int, cells: int) -> NDArray[np.int64]:
    """In which of the crop's cells each of ``length`` pixel centres lies, the nearest if outside."""
    place = ((np.arange(length) + 0.5) / length - low) / max(high - low, 1e-9) * cells
    return np.clip(np.floor(place), 0, cells - 1).astype(np.int64)


_OWNERS = {
    "saliency": None,
    "content": "asm",
    "sensitivity": "asm",
    "area": "mars",
    "attention": "sfrc",
}
"""The maps, and the method that each is of."""


def map_names(methods: Collection[str], gaze: bool = True) -> tuple[str, ...]:
    """The maps that can be made where some methods, and perhaps the gaze head, are loaded."""
    return tuple(n for n, owner in _OWNERS.items() if (gaze if owner is None else owner in methods))


def map_of(scorer: Scorer, scene: Scene, name: str, aspect: Aspect) -> Map:
    """One map; ``name`` is of :func:`map_names` of the scorer's methods.

    Raises:
        CropsightError: the weights' sfrc looks at no layers of the encoder.
    """
    gaze = scene.encoded.gaze
    if name == "saliency" and gaze is not None:
        return saliency_map(gaze)
    if name == "content":
        return content_map(scorer.score_map(scene)[0])
    if name == "sensitivity":
        return sensitivity_map(scorer.score_map(scene)[0])
    if name == "attention":
        attention, layers = scorer.attention(scene), scene.encoded.layer_maps
        if layers is None or attention is None:
            raise CropsightError("These sfrc weights pay no attention to the encoder's layers.")
        height, width = layers.shape[1:] if gaze is None else gaze.shape
        return attention_map(layers, attention, (height, width))
    request = scene.request(aspect)
    ratio = request.ratio
    if ratio is None:
        boxes, scores = scorer.scored_windows(scene, request, "mars", refine=False)
        ratio = float(ratio_of(boxes[np.argmax(scores)], scene.photo_ratio))
    return area_map(scorer.area_map(scene, ratio))


def explanation(
    scorer: Scorer, scene: Scene, crop: Crop, scores: Mapping[str, NDArray[np.float64]]
) -> Explanation:
    """Why a crop is as good as it is.

    ``scores`` are each method's own, (N,): of the crop first, then of those that it is beside.

    Raises:
        CropsightError: the weights have no asm, whose map explains crops.
    """
    if "asm" not in scores:
        raise CropsightError("These weights have no asm, whose map explains crops.")
    score_map, pattern = scorer.score_map(scene)
    inside, cut = scorer.gaze(scene, crop.box)
    opinions = [
        MethodOpinion(name, 1 + int((given[1:] > given[0]).sum()), len(given), float(given[0]))
        for name, given in scores.items()
    ]
    return Explanation(
        crop,
        crop_map(score_map, crop.box, pattern),
        strongest_partition(score_map, crop.box, pattern),
        inside,
        cut,
        tuple(opinions),
    )


Pixels = NDArray[np.uint8]

_CLEAR_BELOW = 0.3
_MOST = 0.7


def unit(map: Map) -> NDArray[np.float32]:
    """The map's values brought to 0-1, (h, w) float32; what is not finite becomes 0."""
    span = max(map.high - map.low, 1e-12)
    values = np.nan_to_num((map.values - map.low) / span, nan=0.0, posinf=1.0, neginf=0.0)
    return np.clip(values, 0.0, 1.0).astype(np.float32)


def coloured(map: Map, width: int, height: int) -> Pixels:
    """The map alone, uint8 sRGB (height, width, 3), enlarged smoothly."""
    return _colours(_resized(map, width, height))


def overlay(map: Map, photo: Pixels) -> Pixels:
    """The map over the greyed photo, uint8 sRGB of the photo's size (h, w, 3).

    Values below 0.3 are clear; from there on the map's share grows evenly to 0.7 at 1.
    """
    height, width = photo.shape[:2]
    values = _resized(map, width, height)
    share = np.clip((values - _CLEAR_BELOW) / (1 - _CLEAR_BELOW), 0.0, 1.0) * _MOST
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., None].astype(np.float32)
    mixed = grey * (1 - share[..., None]) + _colours(values) * share[..., None]
    return np.rint(mixed).astype(np.uint8)


def _resized(map: Map, width: int, height: int) -> NDArray[np.float32]:
    values = cv2.resize(unit(map), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(values, np.float32)


def _colours(values: NDArray[np.float32]) -> Pixels:
    levels = np.rint(values * 255).astype(np.uint8)
    return np.asarray(
        cv2.cvtColor(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    )
