"""What the methods see in a photo, as maps, and why they find a crop as good as they do."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from cropcore.engine.maps import (
    area_map,
    attention_map,
    content_map,
    crop_map,
    saliency_map,
    sensitivity_map,
    strongest_partition,
)
from cropcore.engine.scene import Scene
from cropcore.engine.scorer import Scorer
from cropcore.errors import CropsightError
from cropcore.geometry.aspect import Aspect
from cropcore.geometry.boxes import ratio_of
from cropcore.geometry.crop import Crop, Explanation, Map, Opinion

_OWNERS = {
    "saliency": None,
    "content": "asm",
    "sensitivity": "asm",
    "area": "mars",
    "attention": "sfrc",
}
"""The maps, and the method that each is of."""


def map_names(methods: Collection[str]) -> tuple[str, ...]:
    """The maps that can be made where some methods are loaded."""
    return tuple(name for name, owner in _OWNERS.items() if owner is None or owner in methods)


def map_of(scorer: Scorer, scene: Scene, name: str, aspect: Aspect) -> Map:
    """One map; ``name`` is of :func:`map_names` of the scorer's methods.

    Raises:
        CropsightError: the weights' sfrc looks at no layers of the encoder.
    """
    if name == "saliency":
        return saliency_map(scene.gaze)
    if name == "content":
        return content_map(scorer.prepared(scene, "asm").score_map)
    if name == "sensitivity":
        return sensitivity_map(scorer.prepared(scene, "asm").score_map)
    if name == "attention":
        attention = scorer.prepared(scene, "sfrc").prepared.attention
        layers = scene.levels.layer_maps
        if layers is None or attention is None:
            raise CropsightError("These sfrc weights pay no attention to the encoder's layers.")
        return attention_map(layers, attention, scene.gaze.shape[-2:])
    wish = scene.wish(aspect)
    ratio = wish.ratio
    if ratio is None:
        boxes, scores = scorer.survey(scene, wish, "mars", refine=False)
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
    score_map = scorer.prepared(scene, "asm").score_map
    pattern = scorer.asm.head.config.pattern
    inside, cut = scorer.gaze(scene, crop.box)
    opinions = [
        Opinion(name, 1 + int((given[1:] > given[0]).sum()), len(given), float(given[0]))
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
