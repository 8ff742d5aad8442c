"""The named recipes: as the shipped weights were trained, or to the letter of a paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from cropcore.errors import OptionError
from cropcore.evaluation.published_sets import SCALES, LayoutName
from cropcore.geometry.input_sides import InputSides
from cropcore.messages import Message
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
from cropcore.training.setpred_losses import SetLossConfig

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
    "weight_decay": 0.0,
    "adam": True,
    "betas": (0.9, 0.999),
    "clip": 0.0,
    "constant_rate": True,
    "average": 0.0,
    "views": ViewPlan(windows=0),
    "asm_saliency": "spectral_residual",
    "low_precision": False,
    "batch_norm": "live",
    "sides": InputSides(256, 1024, stretch=False),
    "keep_best": True,
    "as_in_paper": True,
}
_FLIPS_AND_LIGHT = ViewPlan(windows=4, cut=0.0)


def _paper(recipe: R, **changes: Any) -> R:
    return replace(recipe, **{**_PAPER, **changes})


QUALITY_GUIDANCE: dict[str, Any] = {"epochs": 50, "drops": (0.8,), "distil_from": 1.0}
"""setpred where nearly all crops have scores: labels are smoothed by Eq. 4 alone."""

SELF_DISTILLATION: dict[str, Any] = {
    "epochs": 60,
    "drops": (5 / 6,),
    "distil_from": 2 / 3,
    "loss": SetLossConfig(bound=0.0),
}
"""setpred where few have: labels are smoothed by Eq. 5 and 6 alone."""

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
    ("gaic", "paper"): _paper(
        Recipe(heads=("gaic",)), objective="huber", epochs=40, views=_FLIPS_AND_LIGHT
    ),
    ("asm", "paper"): _paper(
        Recipe(heads=("asm",)), objective="hinge", epochs=40, trunk="vgg16", held_out=2000
    ),
    ("mars", "paper"): _paper(
        MarsRecipe(mars=mars.MarsConfig(), ratios=0),
        epochs=50,
        batch=32,
        constant_rate=False,
        linear_warm_up=0.1,
        weight_decay=1e-4,
        sides=InputSides(None, 256),
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
        weight_decay=1e-4,
        views=_FLIPS_AND_LIGHT,
    ),
    ("setpred", "paper"): _paper(
        SetpredRecipe(setpred=setpred.PAPER),
        **QUALITY_GUIDANCE,
        objective="huber",
        batch=16,
        encoder_rate=1e-5,
        weight_decay=1e-4,
        adam=False,
        clip=0.1,
        average=0.5,
        trunk="resnet50",
        batch_norm="frozen",
        first_layer=4,
        sides=InputSides(800, 1333, stretch=False),
        scales=tuple(range(480, 801, 32)),
        views=_FLIPS_AND_LIGHT,
    ),
}
"""The papers' constants, and where they are silent those of the code that they build on: setpred's
optimiser, clipping, frozen batch norm, frozen first block, sizes and scales are conditional DETR's."""


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


def for_layout(recipe: R, layout: LayoutName | None) -> tuple[R, list[Message]]:
    """A paper's recipe with the constants of a published data set, and what was chosen, in sentences.

    Other recipes stay as they are.
    """
    if not recipe.as_in_paper:
        return recipe, []
    scale = SCALES.get(layout) if layout is not None else None
    title = Message("Data of no published layout") if layout is None else layout.upper()
    changes: dict[str, Any] = {}
    notes: list[Message] = []
    if recipe.objective == "hinge":
        known = scale or SCALES["gaicd"]
        changes["score_gap"] = known.score_gap
        notes.append(
            Message(
                "{layout}: pairs differ by {gap} in their scores (delta of asm's Eq. 3).",
                layout=title,
                gap=known.score_gap,
            )
        )
    if isinstance(recipe, SetpredRecipe):
        guided = layout in (None, "gaicd")
        changes |= QUALITY_GUIDANCE if guided else SELF_DISTILLATION
        known = scale or SCALES["gaicd"]
        changes["good_above"] = known.good_above
        way = Message("quality guidance") if guided else Message("self distillation")
        notes.append(
            Message(
                "{layout}: crops with a score above {bound} are good, and labels are smoothed by {way}.",
                layout=title,
                bound=known.good_above,
                way=way,
            )
        )
    if changes and layout is None:
        notes.append(Message("The constants are those of GAICD; --set changes them."))
    return replace(recipe, **changes), notes
