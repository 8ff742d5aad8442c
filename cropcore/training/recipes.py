"""The named recipes: as the shipped weights were trained, or to the letter of a paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from cropcore.errors import OptionError
from cropcore.models import mars, setpred
from cropcore.models.asm import AsmConfig
from cropcore.models.gaic import GaicConfig
from cropcore.models.sfrc import SfrcConfig
from cropcore.training.augmentation import ViewPlan
from cropcore.training.head_recipes import (
    MarsRecipe,
    SetpredRecipe,
    SfrcRecipe,
    TeacherConfig,
)
from cropcore.training.recipe import Recipe

R = TypeVar("R", bound=Recipe)

SHIPPED_GAIC = GaicConfig(
    channels=16, kernel=512, hidden=256, geometry=True, gaze=True, dropout=0.2
)
SHIPPED_ASM = AsmConfig(prior=True)
SHIPPED_SFRC = SfrcConfig(
    channels=16,
    hidden=512,
    pair_hidden=128,
    standardise=True,
    geometry=True,
    gaze=True,
    dropout=0.2,
)
SHIPPED_SETPRED = replace(setpred.SHIPPED, features="s32")

_JOINT = Recipe(heads=("gaic", "asm", "saliency"), gaic=SHIPPED_GAIC, asm=SHIPPED_ASM)

_PAPER: dict[str, Any] = {
    "first_layer": 0,
    "batch": 1,
    "rate": 1e-4,
    "encoder_rate": 1e-4,
    "weight_decay": 1e-4,
    "constant_rate": True,
    "average": 0.0,
    "views": ViewPlan(windows=0),
    "asm_saliency": "spectral_residual",
    "low_precision": False,
    "as_in_paper": True,
}
_FLIPS_AND_LIGHT = ViewPlan(windows=4, cut=0.0)


def _paper(recipe: R, **changes: Any) -> R:
    return replace(recipe, **{**_PAPER, **changes})


RECIPES: dict[tuple[str, str], Recipe] = {
    ("joint", "shipped"): _JOINT,
    ("gaic", "shipped"): replace(_JOINT, heads=("gaic",), first_layer=None),
    ("asm", "shipped"): replace(_JOINT, heads=("asm",), first_layer=None),
    ("saliency", "shipped"): replace(_JOINT, heads=("saliency",), first_layer=None),
    ("mars", "shipped"): MarsRecipe(
        epochs=8, rate=1e-3, unlabelled=0.25, teacher=TeacherConfig(windows=96)
    ),
    ("sfrc", "shipped"): SfrcRecipe(
        sfrc=SHIPPED_SFRC,
        epochs=4,
        weight_decay=0.02,
        free_windows=48,
        ratio_windows=24,
        unlabelled=0.2,
    ),
    ("setpred", "shipped"): SetpredRecipe(
        setpred=SHIPPED_SETPRED, epochs=9, rate=8e-4, teacher=TeacherConfig(windows=256)
    ),
    ("gaic", "paper"): _paper(Recipe(heads=("gaic",)), objective="huber", epochs=40),
    ("asm", "paper"): _paper(Recipe(heads=("asm",)), objective="hinge", epochs=40),
    ("mars", "paper"): _paper(
        MarsRecipe(mars=mars.MarsConfig(), ratios=0),
        epochs=50,
        batch=32,
        constant_rate=False,
        linear_warm_up=0.1,
        adam=True,
    ),
    ("sfrc", "paper"): _paper(
        SfrcRecipe(
            pair_margin=0.5,
            pairs=256,
            consistency_weight=1.0,
            consistency_from=0.0,
            consistency_windows=64,
            relative_delta=False,
            unlabelled=1.0,
        ),
        objective="huber",
        epochs=60,
        drops=(0.1,),
        adam=True,
        views=_FLIPS_AND_LIGHT,
    ),
    ("setpred", "paper"): _paper(
        SetpredRecipe(setpred=setpred.PAPER, distil_from=2 / 3),
        objective="huber",
        epochs=60,
        batch=16,
        encoder_rate=1e-5,
        drops=(5 / 6,),
        average=0.5,
        views=_FLIPS_AND_LIGHT,
    ),
}
"""A setpred recipe with ``distil_from=1`` and 50 epochs, the rate dropping at 0.8, is the paper's without
self distillation."""


def recipe_for(method: str, name: str) -> Recipe:
    """The recipe of a method.

    Raises:
        OptionError: there is none of that name.
    """
    try:
        return RECIPES[method, name]
    except KeyError:
        known = ", ".join(f"{m} ({n})" for m, n in RECIPES)
        raise OptionError(
            "There is no {name} recipe for {method!r}; there are {known}.",
            name=name,
            method=method,
            known=known,
        ) from None
