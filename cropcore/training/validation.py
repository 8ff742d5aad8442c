"""The figure by which epochs are compared: how well validation photos are judged, each as it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from cropcore.evaluation import crop_metrics
from cropcore.evaluation.annotations import Labels
from cropcore.evaluation.results import Detections, MethodFigures
from cropcore.geometry.boxes import Boxes, as_boxes, iou, ratio_of
from cropcore.geometry.windows import free_windows
from cropcore.models.encoder import Levels
from cropcore.models.mars_decode import median_window
from cropcore.models.setpred import valid_crops
from cropcore.training.head_recipes import SetpredRecipe
from cropcore.training.network import Network
from cropcore.training.photo_batches import Photos
from cropcore.training.recipe import Recipe
from cropcore.training.tasks.base import Seen, chosen_crops, ratio_of_view

AP_K, AP_IOU = 40, 0.85


def judged(recipe: Recipe) -> str | None:
    """The name of a recipe's figure; None where it has none. More is better."""
    head = leading_head(recipe)
    if head is None:
        return None
    if head == "mars" or recipe.objective == "choices":
        return "iou"
    return {"asm": "ranking_accuracy", "setpred": "ap_40_iou85"}.get(head, "srcc")


def leading_head(recipe: Recipe) -> str | None:
    """The head whose crops are judged: the first cropping method; None for the gaze head alone."""
    return next((head for head in recipe.heads if head != "saliency"), None)


def can_judge(labels: Labels, recipe: Recipe) -> bool:
    """Whether a photo's labels say something about a recipe's figure."""
    name = judged(recipe)
    if name in ("srcc", "ranking_accuracy"):
        return len(labels.mos) > 1
    return name is not None and (labels.best_crop is not None or bool(labels.crops))


@torch.no_grad()
def validation_figure(network: Network, photos: Photos, batch: int) -> float:
    """The figure of a network, in evaluation mode, on all of some photos; NaN where none says anything."""
    recipe = network.recipe
    name, head = judged(recipe), leading_head(recipe)
    assert name is not None
    assert head is not None
    figures = MethodFigures()
    for inputs, seen in photos.whole(range(len(photos)), batch):
        levels = network.levels(inputs.to(network.device, network.dtype))
        for row, one in enumerate(seen):
            _JUDGES[head](network, _photo(levels, row), one, figures)
    return figures.mean(name) if name in figures.metrics else float("nan")


def _photo(levels: Levels, row: int) -> Levels:
    maps = levels.layer_maps
    return Levels(
        levels.s8[row : row + 1],
        levels.s16_mid[row : row + 1],
        levels.s16[row : row + 1],
        levels.s32[row : row + 1],
        None if maps is None else maps[row : row + 1],
    )


def _scored(
    network: Network, score: Callable[[Tensor, Tensor], Tensor], seen: Seen, figures: MethodFigures
) -> None:
    """Add what scores of crops tell: by opinions where there are any, else by the best window."""
    labels, recipe = seen[0], network.recipe
    ratio = network.exact(torch.tensor([ratio_of_view(seen)]))

    def of(boxes: Boxes) -> np.ndarray:
        asked = network.exact(torch.from_numpy(boxes))[None]
        with network.precision():
            return np.asarray(score(asked, ratio)[0].double().cpu().numpy())

    if recipe.objective == "choices":
        windows = free_windows(round(labels.photo_ratio, 2))
        best = windows[int(np.argmax(of(windows)))]
        figures.add(labels.file, "iou", float(iou(best, chosen_crops(seen)).max()))
        return
    scores, mos = of(as_boxes(labels.crops)), np.asarray(labels.mos)
    told = crop_metrics.pairs_ranked(scores, mos, recipe.score_gap)
    figures.add(labels.file, "ranking_accuracy", told.right, told.total)
    if np.ptp(mos) > 0:
        flat = np.ptp(scores) == 0
        figures.add(labels.file, "srcc", 0.0 if flat else crop_metrics.spearman(scores, mos))


def _gaze(network: Network, levels: Levels, wanted: bool, like: Tensor) -> Tensor | None:
    if not wanted:
        return None
    return F.interpolate(network.gaze(levels), like.shape[-2:], mode="area")


def _judge_gaic(network: Network, levels: Levels, seen: Seen, figures: MethodFigures) -> None:
    head = network.gaic
    assert head is not None
    joined = network.exact(levels.joined())
    prepared = head.prepare(joined, _gaze(network, levels, head.config.gaze, joined))
    _scored(network, lambda boxes, ratio: head(prepared, boxes, ratio), seen, figures)


def _judge_asm(network: Network, levels: Levels, seen: Seen, figures: MethodFigures) -> None:
    head = network.asm
    assert head is not None
    score_map = head(network.exact(levels.joined()))
    _scored(network, lambda boxes, ratio: head.score(score_map, boxes, ratio), seen, figures)


def _judge_sfrc(network: Network, levels: Levels, seen: Seen, figures: MethodFigures) -> None:
    head = network.sfrc
    assert head is not None
    gaze = _gaze(network, levels, head.config.gaze, levels.s16)
    with network.precision():
        prepared = head.prepare(levels, gaze)
    _scored(network, lambda boxes, ratio: head(prepared, boxes, ratio), seen, figures)


def _judge_mars(network: Network, levels: Levels, seen: Seen, figures: MethodFigures) -> None:
    head = network.mars
    assert head is not None
    photo_ratio, crops = ratio_of_view(seen), chosen_crops(seen)
    ratios = np.asarray(ratio_of(crops, photo_ratio))
    with network.precision():
        prepared = head.prepare(levels)
        maps = head.area_map(prepared, network.exact(torch.from_numpy(ratios))[None])[0]
    areas = maps.float().cpu().numpy()
    near = [
        float(iou(median_window(area, float(ratio), photo_ratio), crop))
        for area, ratio, crop in zip(areas, ratios, crops, strict=True)
    ]
    figures.add(seen[0].file, "iou", float(np.sum(near)), len(near))


def _judge_setpred(network: Network, levels: Levels, seen: Seen, figures: MethodFigures) -> None:
    head, recipe, labels = network.setpred, network.recipe, seen[0]
    assert head is not None
    assert isinstance(recipe, SetpredRecipe)
    ratio = network.exact(torch.tensor([ratio_of_view(seen)]))
    with network.precision():
        found = valid_crops(head(levels, ratio))
    if recipe.objective == "choices":
        figures.add(labels.file, "iou", float(iou(found.boxes[0], chosen_crops(seen)).max()))
        return
    good = chosen_crops(seen)
    if labels.mos:
        good = as_boxes(labels.crops)[np.asarray(labels.mos) > recipe.good_above]
    boxes, scores = found.boxes[:AP_K], found.validity[:AP_K]
    hits = crop_metrics.match_detections(boxes, good, AP_IOU)
    figures.add_detections(labels.file, "ap_40_iou85", Detections(scores, hits, len(good)))


_JUDGES: dict[str, Callable[[Network, Levels, Seen, MethodFigures], None]] = {
    "gaic": _judge_gaic,
    "asm": _judge_asm,
    "sfrc": _judge_sfrc,
    "mars": _judge_mars,
    "setpred": _judge_setpred,
}
