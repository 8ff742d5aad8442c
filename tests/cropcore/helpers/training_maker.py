"""A small recipe, and labels and batches to learn from, for the tests of training."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cropcore.evaluation.annotations import Labels, Pair
from cropcore.models.asm import AsmConfig
from cropcore.models.gaic import GaicConfig
from cropcore.training.augmentation import View, ViewPlan
from cropcore.training.crop_samples import CropSamples, crop_batch
from cropcore.training.recipes import Recipe

TINY = Recipe(
    heads=("gaic", "asm", "saliency"),
    gaic=GaicConfig(channels=4, bins=3, kernel=8, hidden=6, geometry=True, gaze=True, dropout=0.2),
    asm=AsmConfig(pattern="grid3x3", prior=True),
    first_layer=16,
    epochs=2,
    batch=3,
    views=ViewPlan(windows=1),
    free_windows=40,
    ratio_windows=12,
    low_precision=False,
)
BEST = (0.2, 0.1, 0.8, 0.9)


def labelled(**changes: Any) -> Labels:
    pairs = (Pair(BEST, (0.0, 0.0, 0.6, 0.6), 4, 1), Pair((0.5, 0.5, 1, 1), BEST, 0, 5))
    whole: dict[str, Any] = {
        "file": "a.jpg",
        "width": 600,
        "height": 400,
        "best_crop": BEST,
        "pairs": pairs,
        "crops": (BEST, (0.0, 0.0, 0.5, 0.5)),
        "mos": (4.55, 2.15),
    }
    return Labels(**{**whole, **changes})


def drawn(
    photos: Sequence[tuple[Labels, View]], recipe: Recipe = TINY, seed: int = 0
) -> CropSamples:
    return crop_batch(photos, recipe, np.random.default_rng(seed))


def entry(width: int, height: int, seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "width": width,
        "height": height,
        "best_crop": BEST,
        "pairs": [
            {"a": BEST, "b": [0.0, 0.0, 0.6, 0.6], "votes_a": 4, "votes_b": 1},
            {"a": [0.4, 0.3, 1, 1], "b": BEST, "votes_a": 0, "votes_b": 5},
        ],
        "fixations": [rng.uniform(0.2, 0.8, (6, 2)).tolist()],
        "crops": [BEST, [0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]],
        "mos": [4.0, 2.0, 2.5],
    }
